"""The period of a whole table: the text above its header, the paste sheet's cell, the file's name. Never a guess."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from opsbook import periods
from opsbook.intake import stamps
from opsbook.intake.dates import parse_day

if TYPE_CHECKING:
    from opsbook.periods import Period
    from opsbook.schemas import Schema

_FULL = r"(20\d\d)[-/._年](\d{1,2})[-/._月](\d{1,2})日?"
_FULL_SPAN = re.compile(rf"(?<!\d){_FULL}\s*(?:~|_|至|到|-|—|–|to)\s*{_FULL}(?!\d)", re.IGNORECASE)
_COMPACT_SPAN = re.compile(r"(?<!\d)(20\d\d)(\d\d)(\d\d)\s*[-~_至到]\s*(20\d\d)(\d\d)(\d\d)(?!\d)")
_SHORT_SPAN = re.compile(r"(?<!\d)(\d\d)(\d\d)(\d\d)\s*[-~_至到]\s*(\d\d)(\d\d)(\d\d)(?!\d)")
_MONTH = re.compile(r"(?<!\d)(20\d\d)\s*(?:年\s*(\d{1,2})\s*月(?!\s*\d)|[-._](\d{1,2})(?![-._/]?\d))")
_QUARTER = re.compile(r"(?<!\d)(20\d\d)\s*[-年]?\s*(?:[Qq]|第)\s*([1-4])(?!\d)")
_DAY = re.compile(r"(?<!\d)(20\d\d)[-._年]?(\d\d?)[-._月]?(\d\d?)(?!\d)")
_YEARS = range(1990, 2200)  # other numbers of four digits are no years
_LABEL = re.compile(r"(?:时间|统计|数据|报告)(?:周期|时间|日期|区间|范围)\s*[::]?\s*(.+)")
_EXAMPLE = re.compile(r"如|例|e\.\s?g\.|such as|example", re.IGNORECASE)
_GENERIC = re.compile(
    r"(?:plan|product|report|export|daily|全站推广|全站推|直通车|外贸|推广|计划|广告|产品|报表|报告|数据|日报|周报|月报|分日|"
    r"汇总|下载|导出|[-_\s\d.~年月日:()])*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Surroundings:
    """What stands around a table.

    Attributes:
        name: The source's name.
        sheet: Its sheet, or empty.
        above: Texts in the rows above the header.
        given: The paste sheet's own period cell, or empty.
        stamp: When the export was made, or None.
    """

    name: str
    sheet: str = ""
    above: tuple[str, ...] = ()
    given: str = ""
    stamp: datetime | None = None


def stated(around: Surroundings) -> Period | None:
    """Return the period that the whole table covers, as far as anything says so."""
    return inside(around.above) or given_period(around.given) or in_name(around.name)


def given_period(text: str) -> Period | None:
    """Return what the paste sheet's period cell says; Excel may have made a date of it."""
    folded = _folded(text)
    if found := periods.parse(folded) or periods.find_span(folded) or in_name(folded):
        return found
    day = parse_day(folded)
    return periods.day(day) if day else None


def inside(above: tuple[str, ...]) -> Period | None:
    """Return the period in the text above the header, such as ``时间周期 2026-09-13~2026-09-19``."""
    for text in above:
        folded = _folded(text)
        if _EXAMPLE.search(folded):  # a hint to the reader is no statement
            continue
        if found := periods.find_span(folded):
            return found
        if (label := _LABEL.search(folded)) and (found := periods.parse(label[1].strip())):
            return found
    return None


def in_name(name: str) -> Period | None:
    """Return the period that a file's name spells out: both ends, a month or a quarter.

    A single day is no answer: in the platform's names it is the last day of a day, a week or a month.
    """
    text = _folded(stamps.stem(name))
    if found := span_in(text):
        return found
    text = stamps.DOWNLOADED.sub(" ", text)
    if match := _SHORT_SPAN.search(text):
        first, last = match.groups()[:3], match.groups()[3:]
        short = [int(part) for part in match.groups()]
        if found := _span(2000 + short[0], *short[1:3], 2000 + short[3], *short[4:]):
            return found
        months = ["".join(part) for part in (first, last)]  # 202603-202605 has six digits too
        start, end = (_month(int(part[:4]), int(part[4:])) for part in months)
        return periods.from_span(start.start, end.end) if start and end and start <= end else None
    if match := _QUARTER.search(text):
        return periods.quarter(int(match[1]), int(match[2]))
    if match := _MONTH.search(text):
        return _month(int(match[1]), int(match[2] or match[3]))
    return None


def span_in(text: str) -> Period | None:
    """Return the first span of two whole dates in a text, ``20260913-20260919`` among them."""
    match = _FULL_SPAN.search(text) or _COMPACT_SPAN.search(text)
    return _span(*(int(part) for part in match.groups())) if match else None


def last_day_in_name(name: str, schema: Schema) -> date | None:
    """Return the day in the platform's own name of this kind, ``Products-2026-09-19.xls``: the period's last."""
    stem = stamps.stem(name)
    for word in schema.file_names:
        if stem.casefold().startswith(word.casefold()):
            return parse_day(stem[len(word) :])
    return None


def day_in_name(name: str) -> date | None:
    """Return the first whole date in a file's name."""
    for match in _DAY.finditer(_folded(stamps.stem(name))):
        try:
            return date(*(int(part) for part in match.groups()))
        except ValueError:
            continue
    return None


def conflict(around: Surroundings, schema: Schema) -> str:
    """Return both periods when the text inside and the file's name or the period cell do not agree, else nothing."""
    found = inside(around.above)
    if not found:
        return ""
    other = given_period(around.given) if around.given else in_name(around.name)
    last = last_day_in_name(around.name, schema)
    if other and (other.start, other.end) != (found.start, found.end):
        return f"{found.label} ≠ {other.label}"
    if not other and last and last != found.end:
        return f"{found.label} ≠ …{last}"
    return ""


def year_of(around: Surroundings) -> int | None:
    """Return the year that a table with dates of month and day only belongs to.

    A download time in the name is no evidence: last year's table may be saved today.
    """
    texts = [around.sheet, *around.above, around.given, stamps.stem(around.name)]
    for pattern in (r"(?<!\d)(20\d\d)\s*年", r"(?<!\d)(20\d\d)(?!\d)"):
        for text in texts:
            bare = stamps.DOWNLOADED.sub(" ", _folded(text))
            if found := periods.find_span(bare) or in_name(bare):
                return found.start.year
            if match := re.search(pattern, _DAY.sub(" ", bare) if pattern.endswith(")") else bare):
                return int(match[1])
    return None


def plan_name(name: str) -> str:
    """Return the campaign that a file is named after; empty when the name is only words of reports and times."""
    text = _folded(stamps.stem(name))
    text = stamps.DOWNLOADED.sub(" ", text).strip(" -_")
    return "" if _GENERIC.fullmatch(text) else text


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _month(year: int, number: int) -> Period | None:
    return periods.month(year, number) if year in _YEARS and 1 <= number <= 12 else None


def _span(*numbers: int) -> Period | None:
    try:
        return periods.from_span(date(*numbers[:3]), date(*numbers[3:]))
    except ValueError:
        return None
