"""Dates typed as month.day, as sellers keep them: the number 5.1 is 1 May or 10 May, told by the order of rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

import numpy as np

from opsbook import periods
from opsbook.intake.first_days import DateRole, role_of_days
from opsbook.intake.period_column import ParsedPeriods, parse_periods
from opsbook.intake.rows import blank
from opsbook.intake.spelled import MISSING
from opsbook.periods import Period

_ONE = r"(\d{1,2})\s*[.月/-]\s*(\d{1,2})\s*[日号]?"
_SINGLE = re.compile(_ONE)
_SPAN = re.compile(rf"{_ONE}\s*(?:-|~|—|–|至|到)\s*{_ONE}")
_SAME_MONTH_SPAN = re.compile(
    r"(\d{1,2})\s*[.月]\s*(\d{1,2})\s*[日号]?\s*(?:~|—|–|至|到)\s*(\d{1,2})\s*[日号]?"
)
_SHEET_MONTH = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])\s*月")
_TURN = 9  # from December to January, or over some empty weeks: so many months backwards turn the year


@dataclass
class _Cell:
    """A month and a day, or two of each; ``lost_zero`` when the day may be ten times as large."""

    month: int
    day: int
    end_month: int = 0
    end_day: int = 0
    lost_zero: bool = False


def sheet_month(sheet: str) -> int | None:
    """Return the month in a sheet's name such as ``5月店铺数据``."""
    match = _SHEET_MONTH.search(unicodedata.normalize("NFKC", sheet))
    return int(match[1]) if match else None


def parse_month_days(
    cells: Sequence[object], *, year: int | None, month: int | None, header: str = ""
) -> tuple[ParsedPeriods, bool]:
    """Return the period of every row.

    Args:
        cells: The date column in the order of rows.
        year: Year of the first row that has none, or None when nothing says it.
        month: Month that the sheet's name says; then a cell may be a day alone.
        header: The column's header.

    Returns:
        The periods, and whether a year was wanted and not known. Where months run from December into January (or,
        newest first, from January into December) the year moves with them.
    """
    short: dict[int, _Cell] = {}
    whole: list[object] = [None] * len(cells)
    for place, cell in enumerate(cells):
        if _missing(cell):
            continue
        if (parsed := _month_day(cell, month)) is not None:
            short[place] = parsed
        else:
            whole[place] = cell
    result = parse_periods(whole, header=header, year=year)
    if not short:
        return result, False
    if year is None:
        if not any(result.found):
            return result, True
        result.doubt("period.year", np.isin(np.arange(len(cells)), list(short)))  # the other rows say theirs
        return result, False
    lost = any(cell.lost_zero for cell in short.values())
    order = sorted(short, reverse=_descending(list(short.values())))
    _restore_zeros([short[place] for place in order])
    if order[0] > order[-1]:  # newest first: the year stated is that of the newest row
        year -= sum(
            short[later].month >= short[earlier].month + _TURN for earlier, later in pairwise(order[::-1])
        )
    bad = np.zeros(len(cells), dtype=np.bool_)
    before = 0
    for place in order:
        cell = short[place]
        if before >= cell.month + _TURN:
            year += 1
        before = cell.month
        result.found[place] = _period(cell, year)
        bad[place] = result.found[place] is None
    result.doubt("cell.date", bad)
    days = [period for place in short if (period := result.found[place])]
    if lost and len(days) > 1 and role_of_days(days, header="") is not DateRole.DAYS:  # 1.1, 2.1, 3.1
        result.doubt("period.days_or_months", np.isin(np.arange(len(cells)), list(short)))
    return result, False


def _missing(cell: object) -> bool:
    return blank(cell) or (isinstance(cell, str) and cell.strip().casefold() in MISSING)


def _month_day(cell: object, month: int | None) -> _Cell | None:
    if isinstance(cell, datetime | date | bool):
        return None
    if isinstance(cell, int | float):
        if not 1 <= cell < 100:
            return None
        text = f"{cell:.2f}"
        whole, digits = int(text[:-3]), text[-2:]
        if digits == "00":
            return _Cell(month, whole) if month and whole <= 31 else None
        if digits[1] == "0":  # 5.1 or 5.10, 5.2 or 5.20, 5.3 or 5.30
            return _Cell(whole, int(digits[0]), lost_zero=digits[0] in "123")
        return _Cell(whole, int(digits))
    text = unicodedata.normalize("NFKC", str(cell)).strip()
    if match := _SPAN.fullmatch(text):
        return _Cell(int(match[1]), int(match[2]), int(match[3]), int(match[4]))
    if match := _SAME_MONTH_SPAN.fullmatch(text):
        return _Cell(int(match[1]), int(match[2]), int(match[1]), int(match[3]))
    if match := _SINGLE.fullmatch(text):
        # A text of one digit may come from a file that was saved from numbers; 5.01 and 5.10 are explicit.
        lost = "." in text and len(match[2]) == 1 and match[2] in "123"
        return _Cell(int(match[1]), int(match[2]), lost_zero=lost)
    if month and re.fullmatch(r"\d{1,2}\s*[日号]?", text):
        return _Cell(month, int(re.sub(r"\D", "", text)))
    return None


def _descending(cells: list[_Cell]) -> bool:
    """Whether the rows run from the newest to the oldest, by the cells that leave no doubt."""
    sure = [cell for cell in cells if not cell.lost_zero]
    down = up = 0
    for one, other in pairwise(sure):
        step = (other.month - one.month) * 31 + other.day - one.day
        if abs(step) >= _TURN * 31:  # across the turn of the year
            step = -step
        up += step > 0
        down += step < 0
    return down > up


def _restore_zeros(cells: list[_Cell]) -> None:
    """Decide each 5.1 by its neighbours, oldest row first: after 5.9 it is 5.10, before 5.11 alone too."""
    for place, cell in enumerate(cells):
        if not cell.lost_zero:
            continue
        before = cells[place - 1] if place else None
        after = cells[place + 1] if place + 1 < len(cells) else None
        tenfold = cell.day * 10
        if before and before.month == cell.month:
            if cell.day < (before.end_day or before.day):
                cell.day = tenfold
        elif after and after.month == cell.month and not after.lost_zero and after.day == tenfold + 1:
            cell.day = tenfold
        cell.lost_zero = False


def _period(cell: _Cell, year: int) -> Period | None:
    try:
        start = date(year, cell.month, cell.day)
        if not cell.end_month:
            return periods.day(start)
        over = (cell.end_month, cell.end_day) < (cell.month, cell.day)
        return periods.from_span(start, date(year + over, cell.end_month, cell.end_day))
    except ValueError:
        return None
