"""Dates and times as people and platforms write them, all spellings of a column at once.

Columns come as their distinct values. A time with a stated zone (PDT, UTC, +0800, ...) is moved to the clock of the
schema; one without is taken as on that clock. The order of ``4/7/1996`` is decided by the column's other cells, and
so is whether Excel exchanged day and month where it could (``half_converted.py``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from opsbook.domain.excel_dates import moment_of
from opsbook.intake import half_converted
from opsbook.intake.short_years import Short, order_of, short
from opsbook.intake.spelled import MISSING

if TYPE_CHECKING:
    from numpy.typing import NDArray

SERIALS = (20_000, 80_000)  # Excel day numbers of 1954-10-03 to 2119-01-11
_YEARS = (1900, 2199)

# The calendar module names months in the language of the computer.
_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTHS = {word: number for number, name in enumerate(_MONTH_NAMES, start=1) for word in (name, name[:3])} | {
    "sept": 9
}
_YMD = re.compile(
    r"(?P<year>\d{4})\s*(?:(?P<sign>[-/.])\s*(?P<month>\d{1,2})\s*(?P=sign)|年\s*(?P<month2>\d{1,2})\s*月)"
    r"\s*(?P<day>\d{1,2})(?!\d)(?:\s*[日号])?"
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[T ]?(\d\d)(\d\d)(\d\d))?")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?!\d)")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.?\s*(\d{1,2})(?:st|nd|rd|th)?\s*,?\s+(\d{4})(?!\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})[-\s]\s*([A-Za-z]{3,9})\.?[-,\s]\s*(\d{4}|(?<=-)\d\d)(?!\d)")  # 28-Mar-25
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.IGNORECASE)
_WEEKDAY_LAST = re.compile(r"(?<=\d)[\s,]+(?:mon|tue|wed|thu|fri|sat|sun)(?:[a-z]*day)?\.?$", re.IGNORECASE)
_CHINESE_WEEKDAY = re.compile(r"\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?")
_BRACKETS = re.compile(r"\s*[(\[【]([^()\[\]【】]*)[)\]】]")
_OPEN = re.compile(r"[(\[【]")
_CLOCK_FIRST = re.compile(
    r"((?:utc|gmt)\s*[-+]\s*\d{1,2}(?::?\d\d)?|[^\W\d]+时间?)[\s:,]+(?=\d)", re.IGNORECASE
)
_TIME = re.compile(
    r"[T,\s]*(?P<half>上午|下午|am(?![a-z])|pm(?![a-z]))?\s*(?P<hour>\d{1,2})[:时点](?P<minute>\d{1,2})"
    r"(?:[:分](?P<second>\d{1,2})(?:[.,]\d+)?)?[秒分]?\s*(?P<half2>(?:am|pm)(?![a-z]))?"
    r"(?![\d:])\s*(?P<zone>.*)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Moments:
    """Parsed distinct values.

    Attributes:
        values: ``datetime64[s]``; NaT where missing, bad or undecided.
        bad: Cells that are no date.
        undecided: Cells that may be day/month or month/day.
        swapped: Dates whose day and month were put back in their places.
        mixed: Dates whose day and month may have been exchanged; those that are NaT wait for an answer.
    """

    values: NDArray[np.datetime64]
    bad: NDArray[np.bool_]
    undecided: NDArray[np.bool_]
    swapped: NDArray[np.bool_]
    mixed: NDArray[np.bool_]


@dataclass(frozen=True)
class _Slashed:
    first: int
    second: int
    year: int
    rest: str
    zones: tuple[tzinfo, ...]
    short: Short | None = None


def parse_moments(
    values: Sequence[object], *, clock: str, zone: tzinfo | None = None, days: bool = False
) -> Moments:
    """Return the moments of a column.

    Args:
        values: Distinct cells: dates, texts, Excel day numbers.
        clock: IANA name of the clock that the results are on.
        zone: The clock of the cells that name none, where the header says one.
        days: Whether midnight is the name of a day, which no zone moves.
    """
    found: list[datetime | None] = [None] * len(values)
    bad = np.zeros(len(values), dtype=np.bool_)
    undecided = np.zeros(len(values), dtype=np.bool_)
    slashed: dict[int, _Slashed] = {}
    to = _Clock(clock, zone, days=days)
    for place, value in enumerate(values):
        if value is None or value != value:  # noqa: PLR0124 - NaN and NaT
            continue
        try:
            moment = _moment(value, to)
        except (ValueError, OverflowError):
            bad[place] = True
            continue
        if isinstance(moment, _Slashed):
            slashed[place] = moment
        else:
            found[place] = moment
    short_years = {place: cell for place, cell in slashed.items() if cell.short}
    order = order_of(cell.short for cell in short_years.values() if cell.short) if short_years else ""
    for place, cell in short_years.items():
        del slashed[place]
        try:
            whole = cell.short.day(order) if cell.short and order else None
            found[place] = _with_time(whole, cell.rest, cell.zones, to) if whole else None
        except ValueError:
            bad[place] = True
        undecided[place] = not bad[place] and found[place] is None
    day_first = any(cell.first > 12 for cell in slashed.values())
    month_first = any(cell.second > 12 for cell in slashed.values())
    for place, cell in slashed.items():
        either = cell.first <= 12 and cell.second <= 12 and cell.first != cell.second
        if either and day_first == month_first:
            undecided[place] = True  # no evidence, or evidence of both
            continue
        swap = cell.second > 12 or (month_first and cell.first <= 12)
        month, day = (cell.first, cell.second) if swap else (cell.second, cell.first)
        try:
            found[place] = _with_time(_date(cell.year, month, day), cell.rest, cell.zones, to)
        except ValueError:
            bad[place] = True
    written = {place: (cell.first, cell.second) for place, cell in slashed.items()}
    if order in ("dmy", "mdy"):
        written |= {place: (cell.first, cell.second) for place, cell in short_years.items()}
    swapped, mixed = half_converted.settle(values, found, written, bad | undecided)
    return Moments(np.array(found, dtype="datetime64[s]"), bad, undecided, swapped, mixed)


def parse_day(value: object) -> date | None:
    """Return the day that one cell says beyond doubt, or None."""
    try:
        moment = None if value is None else _moment(value, _Clock("UTC", days=True))
    except (ValueError, OverflowError):
        return None
    return moment.date() if isinstance(moment, datetime) else None


@dataclass(frozen=True)
class _Clock:
    """Where moments are moved to: a clock by its name, and the one that cells are on which name none."""

    name: str
    cells: tzinfo | None = None
    days: bool = field(default=False, kw_only=True)

    def moved(self, moment: datetime) -> datetime:
        """Return a moment on this clock."""
        zone = moment.tzinfo or self.cells
        naive = moment.replace(tzinfo=None, microsecond=0)
        if zone is None or (self.days and naive.time() == time()):
            return naive
        there = _zones().place(self.name)
        return moment.replace(tzinfo=zone, microsecond=0).astimezone(there).replace(tzinfo=None)


def _moment(value: object, clock: _Clock) -> datetime | _Slashed | None:
    """Return the moment, None when missing.

    Raises:
        ValueError: The cell is no date.
    """
    if isinstance(value, str):
        return _from_text(value, clock)
    if isinstance(value, datetime):
        return clock.moved(value)
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, int | float) and not isinstance(value, bool):
        return clock.moved(_from_number(float(value)))
    raise ValueError(value)


def _from_number(number: float) -> datetime:
    if SERIALS[0] <= number < SERIALS[1]:
        return moment_of(number)
    if number == int(number) and (match := _COMPACT.fullmatch(str(int(number)))):
        return _from_compact(match)
    raise ValueError(number)


def _from_compact(match: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second = (int(part) for part in match.groups(default="0"))
    return datetime.combine(_date(year, month, day), time(hour, minute, second))


def _from_text(text: str, clock: _Clock) -> datetime | _Slashed | None:
    text = text.strip()
    # The platform's own spelling is by far the most frequent one.
    if len(text) in (10, 19) and text[4] == "-" and text[7] == "-" and text.isascii():
        moment = datetime.fromisoformat(text)
        _date(moment.year, 1, 1)
        return clock.moved(moment) if len(text) == 19 else moment
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = text.lstrip("'").strip().removeprefix('="').removesuffix('"')
    if text.casefold() in MISSING:
        return None
    if match := _COMPACT.fullmatch(text):
        moment = _from_compact(match)
        return clock.moved(moment) if match[4] else moment
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text):
        return clock.moved(_from_number(float(text)))
    if not text.isascii():
        text = _CHINESE_WEEKDAY.sub(" ", text)
    zones: tuple[tzinfo, ...] = ()
    if _OPEN.search(text):
        zones = tuple(
            _zone(words) for words in _BRACKETS.findall(text) if not _WEEKDAY.fullmatch(f"{words} ")
        )
        text = _BRACKETS.sub(" ", text).strip()
    text = _WEEKDAY_LAST.sub("", _WEEKDAY.sub("", text, count=1)).strip()
    if match := _CLOCK_FIRST.match(text):
        zones, text = (*zones, _zone(match[1])), text[match.end() :]
    if zones and (match := _COMPACT.fullmatch(text)):
        moment = _from_compact(match)
        return _with_time(moment.date(), f"{moment:%H:%M:%S}" if match[4] else "", zones, clock)
    if match := _YMD.match(text):
        day = _date(int(match["year"]), int(match["month"] or match["month2"]), int(match["day"]))
    elif match := _DOTTED.match(text):
        day = _date(int(match[3]), int(match[2]), int(match[1]))
    elif match := _SLASHED.match(text):
        return _Slashed(int(match[1]), int(match[2]), int(match[3]), text[match.end() :], zones)
    elif match := _MONTH_FIRST.match(text):
        day = _date(int(match[3]), _month(match[1]), int(match[2]))
    elif match := _DAY_FIRST.match(text):
        day = _date(int(match[3]) + 2000 * (len(match[3]) == 2), _month(match[2]), int(match[1]))
    elif cell := short(text):
        return _Slashed(cell.numbers[0], cell.numbers[1], 0, cell.rest, zones, cell)
    else:
        raise ValueError(text)
    return _with_time(day, text[match.end() :], zones, clock)


def _month(word: str) -> int:
    number = _MONTHS.get(word.casefold())
    if number is None:
        raise ValueError(word)
    return number


def _date(year: int, month: int, day: int) -> date:
    if not _YEARS[0] <= year <= _YEARS[1]:
        raise ValueError(year)
    return date(year, month, day)


def _with_time(day: date, rest: str, zones: tuple[tzinfo, ...], clock: _Clock) -> datetime:
    rest = rest.strip()
    if not rest.strip(".,"):
        return datetime.combine(day, time())  # a day is a day on any clock
    if not (match := _TIME.fullmatch(rest)):
        raise ValueError(rest)
    hour = int(match["hour"])
    half = (match["half"] or match["half2"] or "").casefold()
    if half in ("下午", "pm") and hour < 12:
        hour += 12
    elif half in ("上午", "am") and hour == 12:
        hour = 0
    moment = datetime.combine(day, time(hour, int(match["minute"]), int(match["second"] or 0)))
    if words := match["zone"].strip(" .,"):
        known = _zones().zone(words)
        zones = (*zones, known) if known else (*zones, *map(_zone, words.split()))  # +0800 CST
    if len({zone.utcoffset(moment) for zone in zones}) > 1:
        raise ValueError(rest)
    return clock.moved(moment.replace(tzinfo=zones[0]) if zones else moment)


def _zone(words: str) -> tzinfo:
    """Return a clock.

    Raises:
        ValueError: The words name none.
    """
    found: tzinfo | None = _zones().zone(words)
    if found is None:
        raise ValueError(words)
    return found


@cache
def _zones() -> ModuleType:
    from opsbook.intake import zones  # few files state a zone

    return zones
