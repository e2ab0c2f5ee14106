"""Single periods in a text: ``2025年4月份``, ``3Q25``, ``W36 2025``, ``Apr 6, 2025``. The table of spellings is in ``spellings.py``.

Weeks by number are the platform's, Sunday to Saturday: the week that holds 1 January is number 1, as in Excel's
``WEEKNUM``. ISO numbers the weeks from the first with a Thursday in the year: in some years (2027 is the next) the two
differ, and then a number alone is not certain. ``2027-W05`` is ISO's own spelling and takes ISO's number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from opsbook import periods
from opsbook.periods import Period
from opsbook.periods.spellings import Table, after_day, after_month, alone, starts

_YEARS = range(1990, 2200)  # other numbers of four digits are not years
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_TIME = re.compile(r"[\st]*(?P<time>\d{1,2}:\d\d(?::\d\d)?)(?:\.\d+)?(?!\d)")
_THIRDS = re.compile(r"[\s_-]*的?\s*(?:(?P<half>[上前下后])半\s*个?\s*月?|(?P<third>[上中下])旬)(?![年期])")
_ISO = re.compile(r"\d{4}-?w\d\d")
_WEAK = re.compile(r"[a-z]{3,}\.?-\d\d|\d[-/.]\d{4}")


@dataclass(frozen=True)
class Point:
    """A period as far as it is written; 0 is what is not.

    Attributes:
        grain: ``day``, ``month``, ``quarter``, ``half``, ``week``, ``year``; ``slashed`` is day and month in unknown
            order, ``part`` a half or a third of a month.
        end: Where it ends in the text.
        part: ``1/2``, ``2/2``, ``1/3`` ... of a month, or the half of a year.
        time: Time of the day, or empty.
        given_year: Whether its year is written.
        bare_month: It is only a month's English name, which may also be another word.
        whole_year: It says that the year is meant as a whole.
        iso: It is written as ISO 8601 does.
        weak: Among other words it may also be something else: ``sep-25``, ``4-2025``.
    """

    grain: str
    end: int
    year: int = 0
    month: int = 0
    day: int = 0
    quarter: int = 0
    week: int = 0
    part: str = ""
    time: str = ""
    given_year: bool = False
    bare_month: bool = False
    whole_year: bool = False
    iso: bool = False
    weak: bool = False

    @property
    def order(self) -> tuple[int, int, int, int, str]:
        """What sorts two points of one grain."""
        return self.year, self.quarter, self.month, self.day, self.part

    def filled(self, other: Point, year: int | None) -> Point:
        """Return the point with what only the other end of its span says."""
        filled = replace(self, year=self.year or other.year or year or 0)
        if self.grain == "day" and not self.month:
            filled = replace(filled, month=other.month)
        return filled

    def moved(self, years: int) -> Point:
        """Return the point in another year."""
        return replace(self, year=self.year + years)

    def period(self, year: int | None) -> tuple[Period | None, bool]:
        """Return the period, and whether only its year is missing."""
        of = self.year or year or 0
        if self.grain == "slashed":
            return None, False
        if not of:
            return None, True
        try:
            return self._period(of), False
        except ValueError:  # a day that does not exist
            return None, False

    def _period(self, of: int) -> Period | None:
        match self.grain:
            case "day":
                return periods.day(date(of, self.month, self.day))
            case "month":
                return periods.month(of, self.month)
            case "part":
                return _part(periods.month(of, self.month), self.part)
            case "quarter":
                return periods.quarter(of, self.quarter)
            case "half":
                first = 1 if self.part == "1/2" else 7
                return Period(date(of, first, 1), periods.month(of, first + 5).end, periods.Grain.RANGE)
            case "week":
                return numbered_week(of, self.week, iso=self.iso)
            case _:
                return periods.year(of)


def point_at(text: str, place: int, *, after: Point | None = None) -> Point | None:
    """Return the longest period that begins at ``place``.

    Args:
        text: Folded text.
        place: Where it has to begin.
        after: The first end of a span: then the point may leave out what that one says.
    """
    if place >= len(text) or not _may_begin(text, place):
        return None
    table = {"day": after_day, "month": after_month}.get(after.grain if after else "", alone)
    return _longest(table(), text, place, wanted=after.grain if after else "")


def start_of_span(text: str, place: int) -> Point | None:
    """Return what may only be the first end of a span, such as the ``4.6`` of ``4.6-4.12``."""
    return _longest(starts(), text, place, wanted="") if _may_begin(text, place) else None


def _may_begin(text: str, place: int) -> bool:
    before = text[place - 1] if place else ""
    sign = text[place]
    if not (sign.isdecimal() or "a" <= sign <= "z" or sign in "第上下"):
        return False
    return not ((sign.isdigit() and before.isdigit()) or ("a" <= sign <= "z" and "a" <= before <= "z"))


def _longest(table: Table, text: str, place: int, *, wanted: str) -> Point | None:
    best: Point | None = None
    for grain, spelling in table:
        if (match := spelling.match(text, place)) and (best is None or match.end() > best.end):
            following = text[match.end() : match.end() + 1]
            if (
                "a" <= following <= "z"
                and re.match("[a-z0-9]", text[match.end() - 1])
                and not _time_follows(text, match.end())
            ):
                continue  # 3qa, h1n1
            if wanted and wanted != grain:
                continue
            best = _built(grain, match)
    if best is None:
        return None
    if best.grain == "month" and (match := _THIRDS.match(text, best.end)):
        part = {"上": "1/3", "中": "2/3", "下": "3/3"}.get(match["third"] or "")
        return replace(
            best, grain="part", end=match.end(), part=part or ("1/2" if match["half"] in "上前" else "2/2")
        )
    if best.grain == "day" and (match := _TIME.match(text, best.end)):
        return replace(best, end=match.end(), time=match["time"])
    return best


def _time_follows(text: str, place: int) -> bool:
    return bool(_TIME.match(text, place))


def _built(grain: str, match: re.Match[str]) -> Point:
    said: dict[str, Any] = {name: value for name, value in match.groupdict().items() if value}
    year = int(said["y"]) if "y" in said else 2000 + int(said["yy"]) if "yy" in said else 0
    month = _MONTHS.index(said["mon"][:3]) + 1 if "mon" in said else int(said.get("m", 0))
    if grain == "slashed":  # the numbers stay where they were: day and month are one or the other
        return Point(grain, match.end(), year, int(said["a"]), int(said["b"]), given_year=True)
    half = said.get("h", "")
    return Point(
        grain,
        match.end(),
        year if year in _YEARS else 0,
        month,
        int(said.get("d") or said.get("d2") or 0),
        int(said.get("q") or said.get("q2") or 0),
        int(said.get("w") or said.get("w2") or 0),
        part={"": "", "上": "1/2", "1": "1/2"}.get(half, "2/2"),
        given_year=bool(year),
        bare_month="mon" in said and not year and "d" not in said,
        whole_year="whole" in said,
        iso=bool(_ISO.fullmatch(match[0])),
        weak=bool(_WEAK.fullmatch(match[0])),
    )


def numbered_week(year: int, number: int, *, iso: bool = False) -> Period | None:
    """Return week ``number`` of a year, Sunday to Saturday; None where the ways to count do not agree."""
    try:
        by_iso = date.fromisocalendar(year, number, 1) - timedelta(days=1)
    except ValueError:
        return None
    by_excel = periods.week(date(year, 1, 1)).start + timedelta(weeks=number - 1)
    return periods.week(by_iso) if iso or by_iso == by_excel else None


def _part(month: Period, part: str) -> Period:
    ends = {"1/2": (1, 15), "2/2": (16, 0), "1/3": (1, 10), "2/3": (11, 20), "3/3": (21, 0)}
    first, last = ends[part]
    return periods.from_span(
        month.start.replace(day=first), month.start.replace(day=last) if last else month.end
    )


def slashed_span(first: Point, last: Point) -> Period | None:
    """Return the span of two dates such as ``06/04/2025``, where only one order of day and month is possible."""
    found = set()
    for day_first in (True, False):
        try:
            ends = [
                date(end.year, *((end.day, end.month) if day_first else (end.month, end.day)))
                for end in (first, last)
            ]
            found.add(periods.from_span(*ends))
        except ValueError:
            continue
    return found.pop() if len(found) == 1 else None
