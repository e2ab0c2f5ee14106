"""Calendar periods: days, Sunday-to-Saturday weeks, months, quarters, years. No clock is read here."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache


class Grain(StrEnum):
    """How long a period is. ``RANGE`` is any other span, such as the last 90 days."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    RANGE = "range"


@dataclass(frozen=True, order=True)
class Period:
    """A span of whole days, both ends inside it."""

    start: date
    end: date
    grain: Grain

    @property
    def days(self) -> int:
        """Number of days in the period."""
        return (self.end - self.start).days + 1

    @property
    def label(self) -> str:
        """``2025``, ``2025-Q3``, ``2025-03``, ``2025-09-07`` or ``2025-09-07/2025-09-13``."""
        match self.grain:
            case Grain.YEAR:
                return f"{self.start.year:04d}"
            case Grain.QUARTER:
                return f"{self.start.year:04d}-Q{(self.start.month + 2) // 3}"
            case Grain.MONTH:
                return f"{self.start.year:04d}-{self.start.month:02d}"
            case Grain.DAY:
                return self.start.isoformat()
            case _:
                return f"{self.start.isoformat()}/{self.end.isoformat()}"

    @property
    def year_before(self) -> Period:
        """The same period of last year; a week's is the week 52 weeks before (same weekdays)."""
        match self.grain:
            case Grain.YEAR:
                return year(self.start.year - 1)
            case Grain.QUARTER:
                return quarter(self.start.year - 1, (self.start.month + 2) // 3)
            case Grain.MONTH:
                return month(self.start.year - 1, self.start.month)
            case Grain.WEEK:
                return week(self.start - timedelta(days=364))
            case _:
                return Period(_same_day(self.start), _same_day(self.end), self.grain)

    @property
    def previous(self) -> Period:
        """The period of the same grain that ends the day before this one starts."""
        before = self.start - timedelta(days=1)
        if self.grain is Grain.RANGE:
            return Period(before - timedelta(days=self.days - 1), before, Grain.RANGE)
        return containing(before, self.grain)


def _same_day(day: date) -> date:
    last = monthrange(day.year - 1, day.month)[1]
    return date(day.year - 1, day.month, min(day.day, last))


def day(when: date) -> Period:
    """Return the day itself."""
    return Period(when, when, Grain.DAY)


def week(when: date) -> Period:
    """Return the Sunday-to-Saturday week that holds ``when``, the platform's own week."""
    start = when - timedelta(days=(when.weekday() + 1) % 7)
    return Period(start, start + timedelta(days=6), Grain.WEEK)


@lru_cache(maxsize=4096)
def month(of_year: int, number: int) -> Period:
    """Return month ``number`` (1-12)."""
    return Period(
        date(of_year, number, 1), date(of_year, number, monthrange(of_year, number)[1]), Grain.MONTH
    )


@lru_cache(maxsize=4096)
def quarter(of_year: int, number: int) -> Period:
    """Return quarter ``number`` (1-4)."""
    return Period(date(of_year, 3 * number - 2, 1), month(of_year, 3 * number).end, Grain.QUARTER)


@lru_cache(maxsize=4096)
def year(number: int) -> Period:
    """Return the calendar year."""
    return Period(date(number, 1, 1), date(number, 12, 31), Grain.YEAR)


@lru_cache(maxsize=4096)
def containing(when: date, grain: Grain) -> Period:
    """Return the period of ``grain`` that holds ``when``."""
    match grain:
        case Grain.DAY:
            return day(when)
        case Grain.WEEK:
            return week(when)
        case Grain.MONTH:
            return month(when.year, when.month)
        case Grain.QUARTER:
            return quarter(when.year, (when.month + 2) // 3)
        case Grain.YEAR:
            return year(when.year)
        case _:
            raise ValueError(f"a day does not name a {grain} period")


def from_span(start: date, end: date) -> Period:
    """Return the span with the grain that its length and ends show."""
    if end < start:
        raise ValueError(f"period ends before it starts: {start}~{end}")
    if start == end:
        return day(start)
    for grain in (Grain.MONTH, Grain.QUARTER, Grain.YEAR):
        if (period := containing(start, grain)) == Period(start, end, grain):
            return period
    # Some tools use Monday-to-Sunday weeks: seven days are a week whatever day they start on.
    return Period(start, end, Grain.WEEK if (end - start).days == 6 else Grain.RANGE)


@lru_cache(maxsize=4096)
def months_of(period: Period) -> tuple[Period, ...]:
    """Return the calendar months that lie wholly inside ``period``, in order."""
    found = []
    current = containing(period.start, Grain.MONTH)
    while current.end <= period.end:
        if current.start >= period.start:
            found.append(current)
        current = containing(current.end + timedelta(days=1), Grain.MONTH)
    return tuple(found)
