"""Periods as people and platforms write them, each text understood as a whole or not at all.

``read`` and ``parse`` take a text that says a period and nothing else, but for the words of ``words.toml``.
``search`` takes a name in which any other words may be: what looks like a part of a period makes it unclear.
The spellings of single periods are in ``spellings.py``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from opsbook import periods
from opsbook.periods import Period
from opsbook.periods.folding import fold, words
from opsbook.periods.statements import NOTHING, UNCLEAR, PeriodReading, Said, joined, statements

_WEEKDAY = re.compile(
    r"\(?(?:(?:星期|礼拜)[一二三四五六日天]|(?:(?<=[-/.月]\d)|(?<=[-/.月]\d\d)|(?<=日)|(?<![第\d一二三四五六七八九十]))周[一二三四五六日天](?![\d报])"
    r"|(?<![a-z])(?:mon|tue|wed|thu|fri|sat|sun)(?:day|s|nesday|rs|rsday|urday)?(?![a-z])\.?,?)\)?"
)
_COUNTER = re.compile(
    r"第\s*\d+\s*(?:次|版|份|页|个?文件|部分|稿|卷|套)|\d+\s*(?:次|版|稿)|(?<![a-z])(?:v|ver|version|page|part|no)\.?\s*\d+(?!\d)"
)
_PART_OF = re.compile(
    r"\s*[-_ (的]*(?:第\s*\d+\s*(?:个\s*)?(?:周|星期|礼拜|天|日|旬|期|批)|(?:\d\s*周)|w(?:ee)?k?\s*\d|h\s*[12](?![\da-z])|\d\s*/\s*\d"
    r"|[上中下](?=$|[\s)_.-]|产品|数据|报))"
)
_SOME_DAYS = re.compile(
    r"(?:近|前|后|头|首|末|最后|最初|过去|最近|上)\s*(?:\d+|[两几半数])?\s*(?:个\s*)?(?:天|日(?!报)|周(?![年报])|星期|礼拜)|"
    r"(?<![a-z])(?:last|past|first|final|previous|recent|opening|closing)\s*(?:(?:\d+|two|three|few)\s*)?(?:days?|weeks?)(?![a-z])|"
    r"(?:近|过去|最近|last|past|first|previous|recent)\s*\d+\s*(?:个\s*月|month)|"
    r"(?<![a-z])(?:1st|2nd|3rd|4th|5th|second|third|fourth|fifth)\s*week|"
    r"第\s*\d+\s*(?:天|日|期|旬)"
)
_FROM = re.compile(r"从|自|止|(?<![a-z])(?:from|between)(?![a-z])")
_STRAY_AFTER = re.compile(r"\s*[-_./+&,、]?\s*\d{1,2}(?!\d)")
_STRAY_BEFORE = re.compile(r"(?<!\d)\d{1,3}[-./+&,、]$")
_LONGEST = 120  # characters of a text that says no more than a period
_REMARK = 400  # characters of a text that are looked through


def parse(text: str, *, year: int | None = None) -> Period | None:
    """Return the one period that ``text`` spells as a whole, or None: never a guess.

    Args:
        text: A cell, a title, a setting.
        year: The year of texts such as ``4.6-4.12`` that name none.
    """
    return read(text, year=year).period


@lru_cache(maxsize=8192)
def read(text: str, *, year: int | None = None, titled: bool = False) -> PeriodReading:
    """Return what a text says that may hold no more than a period.

    Args:
        text: A cell or a title.
        year: The year of texts that name none.
        titled: Whether words of a title may be there too, such as ``2025年9月产品分析``.
    """
    if len(text) > _LONGEST:
        return NOTHING
    folded = fold(text)
    bare = _WEEKDAY.sub(" ", folded)
    said = statements(bare)
    if not said or (titled and not any(_says_enough(one) for one in said)):
        return NOTHING
    around = "".join(_rest(bare, said))
    if any(one.last for one in said):
        around = _FROM.sub(" ", around)
    if titled:
        around = _COUNTER.sub(" ", around)
    if not _around(titled=titled).fullmatch(around):
        return UNCLEAR
    return joined(said, year)


@lru_cache(maxsize=2048)
def search(text: str, *, year: int | None = None) -> PeriodReading:
    """Return the period in a name, among any other words.

    A bare year and a single day are not enough: the first may belong to anything, the second is the last day of a
    day, a week or a month in the platform's own names.

    Args:
        text: A file's name without its ending, or a sheet's.
        year: The year of names that have none.
    """
    folded = _COUNTER.sub(" ; ", _WEEKDAY.sub(" ", fold(text)))
    said = statements(folded)
    grains = {one.first.grain for one in said if one.first.bare_month or one.first.grain == "week"}
    if grains == {"month", "week"}:
        return UNCLEAR  # sep w1
    said = [one for one in said if one.last or not one.first.bare_month]
    whole = [one for one in said if _says_enough(one)]
    if not whole:
        return NOTHING
    if any(not one.sure or one.first.weak for one in whole):
        return UNCLEAR
    exact = any(one.last and one.first.day for one in whole)
    if not exact:
        rest = _rest(folded, said)
        between = " ; ".join(rest)
        if _parts().search(between) or _SOME_DAYS.search(between):
            return UNCLEAR
        for one, before, after in zip(said, rest, rest[1:], strict=False):
            attached = _STRAY_AFTER.match(after) or _PART_OF.match(after) or _STRAY_BEFORE.search(before)
            if one in whole and attached:
                return UNCLEAR
    found = joined([one for one in said if one in whole or one.first.grain == "year"], year)
    single = [joined([one], year).period for one in said if not one.last and one.first.grain == "day"]
    inside = found.period and any(
        day and found.period.start <= day.start < found.period.end for day in single
    )  # a month with one of its days: perhaps the month up to that day
    return UNCLEAR if inside and not exact else found


def years(text: str) -> set[int]:
    """Return the years that a text speaks of; a single day is no evidence."""
    said = [one for one in statements(fold(text[:_REMARK])) if one.last or one.first.grain != "day"]
    found = {one.first.year for one in said}
    found |= {one.last.year for one in said if one.last and (one.first.grain == "year" or not one.first.year)}
    return found - {0}


def days(text: str) -> list[date]:
    """Return the single days in a text, such as a download's."""
    found = (joined([one], None).period for one in statements(fold(text[:_REMARK])) if not one.last)
    return [period.start for period in found if period and period.grain is periods.Grain.DAY]


def dates_elsewhere(text: str) -> bool:
    """Whether a text says when something else happened: its export, a change of rules, the period compared with."""
    return bool(_elsewhere().search(fold(text)))


def span_in(text: str) -> PeriodReading:
    """Return the first span of two whole dates in a text, whatever the other words are."""
    folded = fold(text[:_REMARK])
    for one in statements(folded):
        if one.last and one.first.day and one.first.given_year and one.sure:
            return joined([one], None)
    return NOTHING


def _says_enough(one: Said) -> bool:
    """Whether a statement among other words can be the period: a bare year and a single day cannot."""
    return bool(one.last) or one.first.grain not in ("year", "day") or one.first.whole_year


def _rest(text: str, said: Sequence[Said]) -> list[str]:
    """Return the text before, between and after the statements."""
    ends = [0, *(one.end for one in said)]
    starts = [*(one.start for one in said), len(text)]
    return [text[end:start] for end, start in zip(ends, starts, strict=True)]


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
    return re.compile(
        rf"(?:{known}|(?:utc|gmt)\s*[-+]\d{{1,2}}(?::?\d\d)?|[\s:()\[\]{{}}<>【】《》「」\"'“”.,;|、。_/#*=-])*"
    )


def _bounded(word: str) -> str:
    return rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word)
