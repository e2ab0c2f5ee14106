"""Dates and times as people and platforms write them, all spellings of a column at once.

Columns come as their distinct values. A time with a stated zone (PDT, UTC, +0800, ...) is moved to the clock of the
schema; one without is taken as on that clock. The order of ``4/7/1996`` is decided by the column's other cells.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from opsbook.intake.spelled import MISSING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a cell has no zone
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
_YMD = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)\s*日?")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d))?")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?!\d)")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.?\s*(\d{1,2})(?:st|nd|rd|th)?\s*,?\s+(\d{4})(?!\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})[-\s]\s*([A-Za-z]{3,9})\.?[-,\s]\s*(\d{4})(?!\d)")
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.IGNORECASE)
_TRIMMINGS = re.compile(r"\s*(?:\([^()]*\)|(?:星期|周)[一二三四五六日天])")
_TIME = re.compile(
    r"[T,\s]*(?P<half>上午|下午|am|pm)?\s*(?P<hour>\d{1,2})[:时点](?P<minute>\d{1,2})"
    r"(?:[:分](?P<second>\d{1,2})(?:[.,]\d+)?)?[秒分]?\s*(?P<half2>am|pm)?"
    r"\s*(?P<zone>z|(?:utc|gmt)?[-+]\d{1,2}(?::?\d{2})?|utc|gmt|pdt|pst|cst)?\.?",
    re.IGNORECASE,
)
# CST on this platform is China's, not Chicago's.
_ZONES = {"z": 0.0, "utc": 0.0, "gmt": 0.0, "pdt": -7.0, "pst": -8.0, "cst": 8.0}


@dataclass(frozen=True)
class Moments:
    """Parsed distinct values.

    Attributes:
        values: ``datetime64[s]``; NaT where missing, bad or undecided.
        bad: Cells that are no date.
        undecided: Cells that may be day/month or month/day.
    """

    values: NDArray[np.datetime64]
    bad: NDArray[np.bool_]
    undecided: NDArray[np.bool_]


@dataclass(frozen=True)
class _Slashed:
    first: int
    second: int
    year: int
    rest: str


def parse_moments(values: Sequence[object], *, clock: str) -> Moments:
    """Return the moments of a column.

    Args:
        values: Distinct cells: dates, texts, Excel day numbers.
        clock: IANA name of the clock that the results are on.
    """
    found: list[datetime | None] = [None] * len(values)
    bad = np.zeros(len(values), dtype=np.bool_)
    undecided = np.zeros(len(values), dtype=np.bool_)
    slashed: dict[int, _Slashed] = {}
    for place, value in enumerate(values):
        if value is None or value != value:  # noqa: PLR0124 - NaN and NaT
            continue
        try:
            moment = _moment(value, clock)
        except (ValueError, OverflowError):
            bad[place] = True
            continue
        if isinstance(moment, _Slashed):
            slashed[place] = moment
        else:
            found[place] = moment
    if slashed:
        day_first = any(cell.first > 12 for cell in slashed.values())
        month_first = any(cell.second > 12 for cell in slashed.values())
        for place, cell in slashed.items():
            if (
                cell.first <= 12
                and cell.second <= 12
                and cell.first != cell.second
                and day_first == month_first
            ):
                undecided[place] = True  # no evidence, or evidence of both
                continue
            swap = cell.second > 12 or (month_first and cell.first <= 12)
            month, day = (cell.first, cell.second) if swap else (cell.second, cell.first)
            try:
                found[place] = _with_time(_date(cell.year, month, day), cell.rest, clock)
            except ValueError:
                bad[place] = True
    return Moments(np.array(found, dtype="datetime64[s]"), bad, undecided)


def parse_day(value: object) -> date | None:
    """Return the day that one cell says beyond doubt, or None."""
    try:
        moment = None if value is None else _moment(value, "UTC")
    except (ValueError, OverflowError):
        return None
    return moment.date() if isinstance(moment, datetime) else None


def _moment(value: object, clock: str) -> datetime | _Slashed | None:
    """Return the moment, None when missing.

    Raises:
        ValueError: The cell is no date.
    """
    if isinstance(value, str):
        return _from_text(value, clock)
    if isinstance(value, datetime):
        return _moved(value, clock) if value.tzinfo else value.replace(microsecond=0)
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(float(value))
    raise ValueError(value)


def _from_number(number: float) -> datetime:
    if SERIALS[0] <= number < SERIALS[1]:
        return EXCEL_EPOCH + timedelta(seconds=round(number * 86_400))
    if number == int(number) and (match := _COMPACT.fullmatch(str(int(number)))):
        return _from_compact(match)
    raise ValueError(number)


def _from_compact(match: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second = (int(part) for part in match.groups(default="0"))
    return datetime.combine(_date(year, month, day), time(hour, minute, second))


def _from_text(text: str, clock: str) -> datetime | _Slashed | None:
    text = text.strip()
    # The platform's own spelling is by far the most frequent one.
    if len(text) in (10, 19) and text[4] == "-" and text[7] == "-" and text.isascii():
        moment = datetime.fromisoformat(text)
        _date(moment.year, 1, 1)
        return moment
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = text.lstrip("'").strip().removeprefix('="').removesuffix('"')
    if text.casefold() in MISSING:
        return None
    if match := _COMPACT.fullmatch(text):
        return _from_compact(match)
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text):
        return _from_number(float(text))
    text = _TRIMMINGS.sub(" ", _WEEKDAY.sub("", text, count=1)).strip()
    if match := _YMD.match(text):
        day = _date(int(match[1]), int(match[2]), int(match[3]))
    elif match := _DOTTED.match(text):
        day = _date(int(match[3]), int(match[2]), int(match[1]))
    elif match := _SLASHED.match(text):
        return _Slashed(int(match[1]), int(match[2]), int(match[3]), text[match.end() :])
    elif match := _MONTH_FIRST.match(text):
        day = _date(int(match[3]), _month(match[1]), int(match[2]))
    elif match := _DAY_FIRST.match(text):
        day = _date(int(match[3]), _month(match[2]), int(match[1]))
    else:
        raise ValueError(text)
    return _with_time(day, text[match.end() :], clock)


def _month(word: str) -> int:
    number = _MONTHS.get(word.casefold())
    if number is None:
        raise ValueError(word)
    return number


def _date(year: int, month: int, day: int) -> date:
    if not _YEARS[0] <= year <= _YEARS[1]:
        raise ValueError(year)
    return date(year, month, day)


def _with_time(day: date, rest: str, clock: str) -> datetime:
    rest = rest.strip()
    if not rest.strip(".,"):
        return datetime.combine(day, time())
    if not (match := _TIME.fullmatch(rest)):
        raise ValueError(rest)
    hour = int(match["hour"])
    half = (match["half"] or match["half2"] or "").casefold()
    if half in ("下午", "pm") and hour < 12:
        hour += 12
    elif half in ("上午", "am") and hour == 12:
        hour = 0
    moment = datetime.combine(day, time(hour, int(match["minute"]), int(match["second"] or 0)))
    if not match["zone"]:
        return moment
    return _moved(moment.replace(tzinfo=timezone(timedelta(hours=_offset(match["zone"].casefold())))), clock)


def _offset(zone: str) -> float:
    """Return hours east of Greenwich."""
    if zone in _ZONES:
        return _ZONES[zone]
    zone = zone.removeprefix("utc").removeprefix("gmt")
    sign = -1.0 if zone[0] == "-" else 1.0
    digits = zone[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    return sign * (int(hours) + int(minutes) / 60)


def _moved(moment: datetime, clock: str) -> datetime:
    return moment.astimezone(_clock(clock)).replace(tzinfo=None, microsecond=0)


@cache
def _clock(name: str) -> ZoneInfo:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - few files state a zone

    return ZoneInfo(name)
