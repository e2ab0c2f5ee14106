"""What a text says of periods: points, spans of two points, and the one period that several statements agree on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from opsbook import periods
from opsbook.periods import Period
from opsbook.periods.points import Point, point_at, slashed_span, start_of_span

_CONNECTOR = re.compile(
    r"\s*(?:~|起?至|起?到|-|(?<![a-z])(?:to|until|through|thru)(?![a-z])|\.{2,}|→|[/_])\s*"
)
_MIDNIGHT = re.compile(r"0{1,2}:00(?::00)?")
_LAST_MINUTE = re.compile(r"23:59(?::59)?|24:00(?::00)?")
_WEEKS = {
    "month": 6,
    "part": 6,
    "quarter": 14,
    "half": 27,
}  # such numbers may count the weeks of the longer period
_RUN = re.compile(r"\d+|[a-z]+|.", re.DOTALL)


@dataclass(frozen=True)
class PeriodReading:
    """What a text says of a period.

    Attributes:
        period: The period, where its days are certain.
        unclear: The text speaks of a period whose days are not certain.
        no_year: It would be certain with its year.
        numbered: The period is a week that was named by its number.
    """

    period: Period | None = None
    unclear: bool = False
    no_year: bool = False
    numbered: bool = False


NOTHING = PeriodReading()
UNCLEAR = PeriodReading(unclear=True)


@dataclass(frozen=True)
class Said:
    """One statement in a text: a point or a span of two."""

    start: int
    end: int
    first: Point
    last: Point | None = None
    sure: bool = True  # whether such a span also means a span in a file's name


def statements(text: str) -> list[Said]:
    """Return what a folded text says of periods, in its order."""
    found: list[Said] = []
    place = 0
    while place < len(text):
        one = _statement(text, place)
        if one is None:
            # A number is one thing: its last digits say nothing, and neither do the last letters of a word.
            run = _RUN.match(text, place)
            place = run.end() if run else place + 1
        else:
            found.append(one)
            place = one.end
    return found


def _statement(text: str, place: int) -> Said | None:
    first = point_at(text, place)
    alone = first
    for start in (first, start_of_span(text, place)):
        if start is None or not (connector := _CONNECTOR.match(text, start.end)):
            continue
        last = point_at(text, connector.end(), after=start)
        if last is None or not _fit(start, last, connector[0].strip()):
            continue
        dashed = (
            connector[0].strip() in ("-", "_", "/")
            and not last.year
            and "-" in text[connector.end() : last.end]
        )
        return Said(place, last.end, start, last, sure=not dashed)
    return Said(place, alone.end, alone) if alone else None


def _fit(first: Point, last: Point, connector: str) -> bool:
    """Whether two points may be the ends of one span."""
    if first.grain == "slashed" or last.grain == "slashed":
        return first.grain == last.grain
    if first.grain == "week" or last.grain == "week":
        return first.grain == last.grain
    if connector in ("/", "_") and not (first.given_year and last.given_year):
        return False
    return first.grain == last.grain


def joined(said: Sequence[Said], year: int | None) -> PeriodReading:
    """Return the one period that all statements agree on: the same, or each one part of the next larger."""
    known = {one.first.year or (one.last.year if one.last else 0) for one in said} - {0}
    stated = known.pop() if len(known) == 1 else None
    grains = {one.first.grain for one in said if not one.last}
    numbered = False
    found: list[Period] = []
    spans = [_span(one.first, one.last, stated or year)[0] for one in said if one.last and one.first.day]
    for one in said:
        if (
            one.first.grain == "week"
            and not one.last
            and any(span and _names(one.first, span) for span in spans)
        ):
            continue  # 9月1日~9月7日（第36周）: the days are written out
        if one.last:
            period, lacks = _span(one.first, one.last, stated or year)
        else:
            if one.first.grain == "week" and any(one.first.week <= _WEEKS.get(grain, 0) for grain in grains):
                return UNCLEAR  # 9月第2周
            period, lacks = one.first.period(stated or year)
            numbered = numbered or one.first.grain == "week"
        if lacks:
            return PeriodReading(unclear=True, no_year=True)
        if period is None:
            return UNCLEAR
        found.append(period)
    smallest = min(found, key=lambda period: period.days)
    for period in found:
        overlaps = period.start <= smallest.end and smallest.start <= period.end
        holds = period.start <= smallest.start and smallest.end <= period.end
        # The first and the last week of a month or year lie partly outside of it.
        if not (holds or (overlaps and numbered and period.days > smallest.days)):
            return UNCLEAR
    return PeriodReading(smallest, numbered=numbered)


def _names(week: Point, span: Period) -> bool:
    """Whether a number may name a week whose days are written: people count from different days."""
    number = (span.start + timedelta(days=1)).isocalendar().week
    return span.days <= 7 and (abs(number - week.week) <= 1 or {number, week.week} <= {1, 52, 53})


def _span(first: Point, last: Point, year: int | None) -> tuple[Period | None, bool]:
    """Return the span of two points, and whether only its year is missing."""
    if first.grain == "slashed":
        return slashed_span(first, last), False
    if first.grain in ("week", "year"):
        return None, False  # 2024-2025 may also be a season
    first, last = first.filled(last, year), last.filled(first, year)
    if not first.year or not last.year:
        return None, True
    if not first.given_year and not last.given_year and last.order < first.order:
        last = last.moved(1)  # 12.28-1.3
    elif first.given_year and not last.given_year and last.order < first.order:
        last = last.moved(1)
    elif last.given_year and not first.given_year and last.order < first.order:
        first = first.moved(-1)
    (start, _), (end, _) = first.period(None), last.period(None)
    if start is None or end is None or end.end < start.start:
        return None, False
    inclusive = periods.from_span(start.start, end.end)
    if not (first.time or last.time):
        return inclusive, False
    if first.time and not _MIDNIGHT.fullmatch(first.time):
        return None, False
    if not last.time or _LAST_MINUTE.match(last.time):
        return inclusive, False
    if not _MIDNIGHT.fullmatch(last.time) or start.start == end.end:
        return None, False
    # Midnight at the end begins the day after the last one, or stands for the last one: whole periods decide.
    exclusive = periods.from_span(start.start, periods.day(end.end).previous.end)
    whole = [span for span in (inclusive, exclusive) if span.grain is not periods.Grain.RANGE]
    return (whole[0] if len(whole) == 1 else None), False
