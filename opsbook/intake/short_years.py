"""Dates with a year of two digits: ``3/25/25``, ``25.3.25``, ``25/3/1``. One order of the numbers fits a column, or none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

_CELL = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{1,2})(?![\d.,/-])(?P<rest>.*)", re.DOTALL)
_YEARS = range(10, 40)  # trade on the platform that is kept with such days
_ORDERS = {"ymd": (0, 1, 2), "mdy": (2, 0, 1), "dmy": (2, 1, 0)}  # places of year, month, day


@dataclass(frozen=True)
class Short:
    """A date of three numbers of at most two digits, and what is written after it."""

    numbers: tuple[int, int, int]
    sign: str
    rest: str

    def day(self, order: str) -> date | None:
        """Return the day in an order of the numbers, None where there is none."""
        year, month, day = (self.numbers[place] for place in _ORDERS[order])
        if year not in _YEARS or (order == "mdy" and self.sign == "."):
            return None
        try:
            return date(2000 + year, month, day)
        except ValueError:
            return None


def short(text: str) -> Short | None:
    """Return the numbers of a text that is such a date."""
    match = _CELL.fullmatch(text)
    if not match:
        return None
    found = Short((int(match[1]), int(match[3]), int(match[4])), match[2], match["rest"])
    return found if any(map(found.day, _ORDERS)) else None


def order_of(cells: Iterable[Short]) -> str:
    """Return the order in which every cell is a day; empty where there is none, or two that give other days."""
    cells = list(cells)
    days = {order: [cell.day(order) for cell in cells] for order in _ORDERS}
    fitting = {order: found for order, found in days.items() if all(found)}
    return next(iter(fitting)) if len(set(map(tuple, fitting.values()))) == 1 else ""
