"""Days that move business from month to month, declared in calendar.toml: Spring Festivals, events of the platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any

from opsbook.domain.declarations import load
from opsbook.domain.language import Text
from opsbook.periods import month


@dataclass(frozen=True)
class Event:
    """An event of every year.

    Attributes:
        id: By which it is known.
        title: For people.
        first: First day, ``03-01``.
        last: Last day.
    """

    id: str
    title: Text
    first: str
    last: str

    def days(self, year: int) -> tuple[date, date]:
        """Return its first and last day in a year."""
        return date.fromisoformat(f"{year}-{self.first}"), date.fromisoformat(f"{year}-{self.last}")


def _declared() -> dict[str, Any]:
    return load("opsbook.params", "calendar.toml")


@cache
def events() -> Mapping[str, Event]:
    """Return the events of the platform's year by id."""
    return MappingProxyType(
        {
            key: Event(key, **{**entry, "title": Text(**entry["title"])})
            for key, entry in _declared()["events"].items()
        }
    )


@cache
def quiet_days(year: int) -> tuple[int, int] | None:
    """Return how many days of January and of February are quiet for the Spring Festival; None for a year not known."""
    entry = _declared()["spring_festival"]
    day = next((each for each in entry["days"] if each.year == year), None)
    if day is None:
        return None
    first = day - timedelta(days=entry["quiet_before"])
    last = day + timedelta(days=entry["quiet_after"])
    return overlap(first, last, year, 1), overlap(first, last, year, 2)


def overlap(first: date, last: date, year: int, number: int) -> int:
    """Return how many days of a month lie between two days, both inside."""
    period = month(year, number)
    return max((min(last, period.end) - max(first, period.start)).days + 1, 0)
