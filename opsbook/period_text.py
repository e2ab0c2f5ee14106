"""Periods as people and platforms write them, each text understood as a whole or not at all.

``read`` and ``parse`` take a text that says a period and nothing else, but for the words of ``period_words.toml``.
``search`` takes a name in which any other words may be: what looks like a part of a period makes it unclear.
The spellings of single periods are in ``period_points.py``; this module joins two of them to a span, and several
statements to one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from opsbook import periods
from opsbook.period_points import Point, fold, point_at, slashed_span, start_of_span, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opsbook.periods import Period

_CONNECTOR = re.compile(r"\s*(?:~|至|到|-|(?<![a-z])(?:to|until|through|thru)(?![a-z])|\.{2,}|→|[/_])\s*")
_MIDNIGHT = re.compile(r"0{1,2}:00(?::00)?")
_LAST_MINUTE = re.compile(r"23:59(?::59)?")
_WEEKDAY = re.compile(
    r"\(?(?:(?:星期|礼拜)[一二三四五六日天]|(?:(?<=[-/.月]\d)|(?<=[-/.月]\d\d)|(?<=日)|(?<![第\d一二三四五六七八九十]))周[一二三四五六日天](?![\d报])"
    r"|(?<![a-z])(?:mon|tue|wed|thu|fri|sat|sun)(?:day|s|nesday|rs|rsday|urday)?(?![a-z])\.?,?)\)?"
)
_COUNTER = re.compile(
    r"第\s*\d+\s*(?:次|版|份|页|个?文件|部分|稿|卷|套)|\d+\s*(?:次|版|稿)|(?<![a-z])(?:v|ver|version|page|part|no)\.?\s*\d+(?!\d)"
)
_PART_OF = re.compile(
    r"\s*[-_ (的]*(?:第\s*\d+\s*(?:个\s*)?(?:周|星期|礼拜|天|日|旬|期|批)|(?:\d\s*周)|w(?:ee)?k?\s*\d|\d\s*/\s*\d)"
)
_SOME_DAYS = re.compile(
    r"(?:近|前|后|过去|最近|last|past|first|previous|recent)\s*\d+\s*(?:个\s*)?(?:天|日|周|星期|day|week|month)|"
    r"第\s*\d+\s*(?:天|日|期|旬)"
)
_STRAY_AFTER = re.compile(r"\s*[-_./+&,、]?\s*\d{1,2}(?!\d)")
_STRAY_BEFORE = re.compile(r"(?<!\d)\d{1,3}[-./+&,、]$")
_YEAR_DAYS = 366
_FIRST_WEEKS = 6  # a smaller number beside a month may count the weeks of that month


@dataclass(frozen=True)
class Reading:
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


NOTHING = Reading()
_UNCLEAR = Reading(unclear=True)


@dataclass(frozen=True)
class _Said:
    """One statement in a text: a point or a span of two."""

    start: int
    end: int
    first: Point
    last: Point | None = None
    sure: bool = True  # whether such a span also means a span in a file's name


def parse(text: str, *, year: int | None = None) -> Period | None:
    """Return the one period that ``text`` spells as a whole, or None: never a guess.

    Args:
        text: A cell, a title, a setting.
        year: The year of texts such as ``4.6-4.12`` that name none.
    """
    return read(text, year=year).period


@lru_cache(maxsize=8192)
def read(text: str, *, year: int | None = None, titled: bool = False) -> Reading:
    """Return what a text says that may hold no more than a period.

    Args:
        text: A cell or a title.
        year: The year of texts that name none.
        titled: Whether words of a title may be there too, such as ``2025年9月产品分析``.
    """
    folded = fold(text)
    bare = _WEEKDAY.sub(" ", folded)
    said = _statements(bare)
    if not said or (titled and not any(_says_enough(one) for one in said)):
        return NOTHING
    around = "".join(_rest(bare, said))
    if titled:
        around = _COUNTER.sub(" ", around)
    if not _around(titled=titled).fullmatch(around):
        return _UNCLEAR
    return _joined(said, year)


@lru_cache(maxsize=2048)
def search(text: str, *, year: int | None = None) -> Reading:
    """Return the period in a name, among any other words.

    A bare year and a single day are not enough: the first may belong to anything, the second is the last day of a
    day, a week or a month in the platform's own names.

    Args:
        text: A file's name without its ending, or a sheet's.
        year: The year of names that have none.
    """
    folded = _COUNTER.sub(" ; ", _WEEKDAY.sub(" ", fold(text)))
    said = [one for one in _statements(folded) if one.last or not one.first.bare_month]
    whole = [one for one in said if _says_enough(one)]
    if not whole:
        return NOTHING
    if any(not one.sure or one.first.weak for one in whole):
        return _UNCLEAR
    exact = any(one.last and one.first.day for one in whole)
    if not exact:
        rest = _rest(folded, said)
        between = " ; ".join(rest)
        if _parts().search(between) or _SOME_DAYS.search(between):
            return _UNCLEAR
        for one, before, after in zip(said, rest, rest[1:], strict=False):
            attached = _STRAY_AFTER.match(after) or _PART_OF.match(after) or _STRAY_BEFORE.search(before)
            if one in whole and attached:
                return _UNCLEAR
    found = _joined([one for one in said if one in whole or one.first.grain == "year"], year)
    single = [_joined([one], year).period for one in said if not one.last and one.first.grain == "day"]
    inside = found.period and any(
        day and found.period.start <= day.start < found.period.end for day in single
    )  # a month with one of its days: perhaps the month up to that day
    return _UNCLEAR if inside and not exact else found


def years(text: str) -> set[int]:
    """Return the years that a text speaks of; a single day is no evidence, and neither is 2024-2025."""
    found = {one.first.year for one in _statements(fold(text)) if one.last or one.first.grain != "day"}
    spans = [_joined([one], None).period for one in _statements(fold(text)) if one.last]
    if any(span and span.days > _YEAR_DAYS for span in spans):
        return set()
    return found - {0}


def days(text: str) -> list[date]:
    """Return the single days in a text, such as a download's."""
    found = (_joined([one], None).period for one in _statements(fold(text)) if not one.last)
    return [period.start for period in found if period and period.grain is periods.Grain.DAY]


def dates_elsewhere(text: str) -> bool:
    """Whether a text says when something else happened: its export, a change of rules, the period compared with."""
    return bool(_elsewhere().search(fold(text)))


def span_in(text: str) -> Reading:
    """Return the first span of two whole dates in a text, whatever the other words are."""
    folded = fold(text)
    for one in _statements(folded):
        if one.last and one.first.day and one.first.given_year and one.sure:
            return _joined([one], None)
    return NOTHING


def _says_enough(one: _Said) -> bool:
    """Whether a statement among other words can be the period: a bare year and a single day cannot."""
    return bool(one.last) or one.first.grain not in ("year", "day") or one.first.whole_year


def _rest(text: str, said: Sequence[_Said]) -> list[str]:
    """Return the text before, between and after the statements."""
    ends = [0, *(one.end for one in said)]
    starts = [*(one.start for one in said), len(text)]
    return [text[end:start] for end, start in zip(ends, starts, strict=True)]


def _statements(text: str) -> list[_Said]:
    found: list[_Said] = []
    place = 0
    while place < len(text):
        one = _statement(text, place)
        if one is None:
            # A number is one thing: its last digits say nothing, and neither do the last letters of a word.
            run = re.compile(r"\d+|[a-z]+|.", re.DOTALL).match(text, place)
            place = run.end() if run else place + 1
        else:
            found.append(one)
            place = one.end
    return found


def _statement(text: str, place: int) -> _Said | None:
    first = point_at(text, place)
    alone = first
    for start in (first, start_of_span(text, place)):
        if start is None or not (connector := _CONNECTOR.match(text, start.end)):
            continue
        last = point_at(text, connector.end(), after=start)
        if last is None or not _fit(start, last, connector[0].strip()):
            continue
        dashed = connector[0].strip() in ("-", "_", "/") and not last.year and "-" in text[connector.end() : last.end]
        return _Said(place, last.end, start, last, sure=not dashed)
    return _Said(place, alone.end, alone) if alone else None


def _fit(first: Point, last: Point, connector: str) -> bool:
    """Whether two points may be the ends of one span."""
    if first.grain == "slashed" or last.grain == "slashed":
        return first.grain == last.grain
    if first.grain == "week" or last.grain == "week":
        return first.grain == last.grain
    if connector in ("/", "_") and not (first.given_year and last.given_year):
        return False
    return first.grain == last.grain


def _joined(said: Sequence[_Said], year: int | None) -> Reading:
    """Return the one period that all statements agree on: the same, or each one part of the next larger."""
    known = {one.first.year or (one.last.year if one.last else 0) for one in said} - {0}
    stated = known.pop() if len(known) == 1 else None
    months = [one for one in said if one.first.month]
    numbered = False
    found: list[Period] = []
    spans = [_span(one.first, one.last, stated or year)[0] for one in said if one.last and one.first.day]
    for one in said:
        if one.first.grain == "week" and not one.last and any(span and _names(one.first, span) for span in spans):
            continue  # 9月1日~9月7日（第36周）: the days are written out
        if one.last:
            period, lacks = _span(one.first, one.last, stated or year)
        else:
            if one.first.grain == "week" and not one.first.year and months and one.first.week <= _FIRST_WEEKS:
                return _UNCLEAR  # 9月第2周
            period, lacks = one.first.period(stated or year)
            numbered = numbered or one.first.grain == "week"
        if lacks:
            return Reading(unclear=True, no_year=True)
        if period is None:
            return _UNCLEAR
        found.append(period)
    smallest = min(found, key=lambda period: period.days)
    for period in found:
        overlaps = period.start <= smallest.end and smallest.start <= period.end
        holds = period.start <= smallest.start and smallest.end <= period.end
        # The first and the last week of a month or year lie partly outside of it.
        if not (holds or (overlaps and numbered and period.days > smallest.days)):
            return _UNCLEAR
    return Reading(smallest, numbered=numbered)


def _names(week: Point, span: Period) -> bool:
    """Whether a number may name a week whose days are written: people count from different days."""
    number = (span.start + timedelta(days=1)).isocalendar().week
    return span.days <= 7 and (abs(number - week.week) <= 1 or {number, week.week} <= {1, 52, 53})


def _span(first: Point, last: Point, year: int | None) -> tuple[Period | None, bool]:
    """Return the span of two points, and whether only its year is missing."""
    if first.grain == "slashed":
        return slashed_span(first, last), False
    if first.grain == "week":
        return None, False
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


@lru_cache(maxsize=1)
def _elsewhere() -> re.Pattern[str]:
    return re.compile("|".join(map(_bounded, words()["elsewhere"])))


@lru_cache(maxsize=1)
def _parts() -> re.Pattern[str]:
    return re.compile("|".join(map(_bounded, words()["parts"])))


@lru_cache(maxsize=2)
def _around(*, titled: bool) -> re.Pattern[str]:
    allowed = [*words()["around"], *(words()["titles"] if titled else [])]
    known = "|".join(map(_bounded, sorted(allowed, key=len, reverse=True)))
    return re.compile(rf"(?:{known}|(?:utc|gmt)\s*[-+]\d{{1,2}}(?::?\d\d)?|[\s:()\[\]{{}}<>【】《》「」\"'“”.,;|、。_/#*=-])*")


def _bounded(word: str) -> str:
    return rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word)
