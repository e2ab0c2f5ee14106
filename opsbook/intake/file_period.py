"""The period of a whole table: the text above its header, the paste sheet's cell, the file's name. Never a guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from opsbook import periods
from opsbook.intake import export_time
from opsbook.intake.dates import parse_day
from opsbook.periods import Grain, Period
from opsbook.periods.statements import NOTHING, PeriodReading
from opsbook.periods.text import dates_elsewhere, days, read, search, span_in, years
from opsbook.schemas import Schema

_LABEL = re.compile(
    r"(?:(?:时间|统计|数据|报告|报表|查询|选择|所属)\s*(?:周期|时间|日期|区间|范围|期间|月份|年月)"
    r"|^\W*(?:周期|日期|时间|期间|月份)(?=\s*:|\s*$)"
    r"|(?:^|[,;|])\W*(?:(?:statistical|statistics|stat|report|reporting|data|time|date)\s+)?(?:period|range|dates?|month|week)"
    r"(?=\s*:|\s*$))\s*[::]?\s*(?P<said>.*)",
    re.DOTALL,
)
_OTHER = re.compile(r"(?<=[\d日月周])\W{0,3}(?:数据)?(?:导出|下载|生成|更新|export|download|created)")
_NUMBER = re.compile(r"^(\d+)\.0+$")
_MIDNIGHT = re.compile(
    r"\d{4}-\d\d-01 00:00:00"
)  # what Excel makes of a typed 2025-09, and of a typed 2025-09-01
_LOST_ZERO = re.compile(r"\d{4}\.1")  # what Excel makes of a typed 2025.10, and of a typed 2025.1
_TITLE = 60  # a longer text is a remark
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
        pasted: Whether the name is the workbook's, whose sheet the table was pasted on: then it says no period.
        exact: Whether a program wrote the rows: each is one, and a first day of a month is a day, never the month.
    """

    name: str
    sheet: str = ""
    above: tuple[str, ...] = ()
    given: str = ""
    stamp: datetime | None = None
    pasted: bool = False
    exact: bool = False


def stated(around: Surroundings) -> Period | None:
    """Return the period that the whole table covers, as far as anything says it beyond doubt."""
    return reading(around).period


def reading(around: Surroundings) -> PeriodReading:
    """Return what is said of the table's period: inside, in the paste sheet's cell, in the names of sheet and file.

    A statement that is not clear is not passed over for the next one; only two days written out answer it.
    """
    label = _labelled(around.above)
    if label.period:
        return label
    given, named = _given(around.given), _named(around)
    title = NOTHING if label.unclear else _title(around.above)
    if label.unclear or title.unclear:
        for answer in (given, NOTHING if around.pasted else span_in(_undated(around.name))):
            if answer.period and answer.period.grain in (Grain.DAY, Grain.WEEK, Grain.RANGE):
                return answer
        if title.unclear and named.period and named.period in _perhaps(around.above):
            return named  # a title with unknown words says the same month as the name
        return label if label.unclear else title
    if title.period:
        return title
    return named if given is NOTHING else given


def spoken(around: Surroundings) -> str:
    """Return the words that speak of a period without saying it, for a question."""
    for text in (*around.above, around.given):
        if _labelled((text,)).unclear or (text and text == around.given and _given(text).unclear):
            return text
    unclear = [text for text in around.above if _title((text,)).unclear]
    return (unclear or [" / ".join(filter(None, (around.sheet, "" if around.pasted else around.name)))])[0]


def given_period(text: str) -> Period | None:
    """Return what the paste sheet's period cell says; Excel may have made a date of it."""
    return _given(text).period


def inside(above: tuple[str, ...]) -> Period | None:
    """Return the period in the text above the header, such as ``时间周期 2026-09-13~2026-09-19``."""
    return _labelled(above).period or _title(above).period


def in_name(name: str) -> Period | None:
    """Return the period that a file's name spells out: both ends, a month, a quarter, a numbered week.

    A single day is no answer: in the platform's names it is the last day of a day, a week or a month.
    """
    return _in_name(name).period


def _in_name(name: str) -> PeriodReading:
    return search(_undated(name))


def _undated(name: str) -> str:
    """Return a file's name without its ending and its download time."""
    text = _folded(export_time.stem(name))
    return text if span_in(text).period else export_time.DOWNLOADED.sub(" ; ", text)


def _given(text: str) -> PeriodReading:
    folded = _NUMBER.sub(r"\1", _folded(text))
    if not folded or _EXAMPLE.search(folded):
        return NOTHING
    if _LOST_ZERO.fullmatch(folded) or _MIDNIGHT.fullmatch(folded):
        return PeriodReading(unclear=True)
    found = read(folded, titled=True)
    if found is NOTHING:
        found = read(folded)
    if found.period:
        return found
    day = parse_day(folded)
    if day is None or (day.day == 1 and re.fullmatch(r"[\d.]+", folded) and len(folded) < len("20250901")):
        return PeriodReading(unclear=True)
    return PeriodReading(periods.day(day))


def texts_of(row: Sequence[object], *, given: str = "") -> list[str]:
    """Return the texts in a row above the header; a label takes the cell beside it along.

    Args:
        row: Its cells.
        given: The paste sheet's period cell, which is not part of what was pasted.
    """
    found: list[str] = []
    for cell in row:
        if cell in ("", None) or (given and given in (str(cell), f"{cell} 00:00:00")):
            continue
        label = _LABEL.search(_folded(found[-1]).casefold()) if found else None
        if label and not label["said"]:
            found[-1] += f": {cell:%Y-%m-%d} 00:00:00" if isinstance(cell, date) else f": {cell}"
        elif isinstance(cell, str):
            found.append(cell)
    return found


def _labelled(above: tuple[str, ...]) -> PeriodReading:
    """Return what follows a label such as 统计周期."""
    for text in above:
        folded = _folded(text).casefold()
        if _EXAMPLE.search(folded) or not (label := _LABEL.search(folded)):
            continue
        if dates_elsewhere(folded[: label.start("said")]):
            continue
        # Statements of other things follow in the same cell.
        said = _OTHER.split(_NUMBER.sub(r"\1", label["said"]).strip(), maxsplit=1)[0]
        if _MIDNIGHT.fullmatch(said) or _LOST_ZERO.fullmatch(said):
            return PeriodReading(unclear=True)
        said = said.removesuffix(" 00:00:00")
        found = read(said) if said else NOTHING
        timed = found.period and found.period.grain is Grain.DAY and ":" in said
        if timed or not re.search(r"[\d一二三四五六七八九十上下]", said):
            continue
        if found.period or found.unclear:
            return found
        if (span := span_in(said)) is not NOTHING:
            return span
    return NOTHING


def _title(above: tuple[str, ...]) -> PeriodReading:
    """Return the one period that titles above the table say without a label."""
    found: set[PeriodReading] = set()
    for text in above:
        folded = _folded(text)
        if _EXAMPLE.search(folded) or dates_elsewhere(folded):
            continue
        if (span := span_in(folded)).period:
            found.add(span)
        elif len(folded) <= _TITLE and (said := read(folded, titled=True)) is not NOTHING:
            found.add(said)
    spans = {one.period for one in found}
    if len(spans) == 1:
        return found.pop()
    return PeriodReading(unclear=True) if found else NOTHING


def _perhaps(above: tuple[str, ...]) -> set[Period | None]:
    return {
        search(_folded(text)).period for text in above if len(text) <= _TITLE and not dates_elsewhere(text)
    }


def _named(around: Surroundings) -> PeriodReading:
    """Return what the names of the file and of the sheet say together."""
    name = NOTHING if around.pasted else _in_name(around.name)
    of_name = set() if around.pasted else years(_undated(around.name))
    sheet = search(_folded(around.sheet), year=of_name.pop() if len(of_name) == 1 else None)
    if sheet is NOTHING or name is NOTHING:
        return name if sheet is NOTHING else sheet
    if sheet.period and name.period:
        smaller, larger = sorted((sheet, name), key=lambda said: said.period.days if said.period else 0)
        if smaller.period and larger.period and _within(smaller.period, larger.period):
            return smaller
    return PeriodReading(unclear=True)


def _within(smaller: Period, larger: Period) -> bool:
    return larger.start <= smaller.start and smaller.end <= larger.end


def last_day_in_name(name: str, schema: Schema) -> date | None:
    """Return the day in the platform's own name of this kind, ``Products-2026-09-19.xls``: the period's last."""
    stem = export_time.stem(name)
    for word in schema.file_names:
        if stem.casefold().startswith(word.casefold()):
            return parse_day(stem[len(word) :])
    return None


def day_in_name(name: str) -> date | None:
    """Return the first single day in a file's name."""
    found = days(_folded(export_time.stem(name)))
    return found[0] if found else None


def snapshot_day(around: Surroundings) -> PeriodReading:
    """Return the day whose state a file shows: by its name, the paste sheet's cell, or when it was made."""
    if not around.given and not around.pasted and (day := day_in_name(around.name)):
        return PeriodReading(periods.day(day))
    said = _given(around.given) if around.given else _named(around)
    if said.unclear:
        return said
    made = around.stamp.date() if around.stamp else None
    if said.period:
        running = made is not None and not around.given and said.period.start <= made < said.period.end
        return PeriodReading(periods.day(made if made and running else said.period.end))
    return PeriodReading(periods.day(made)) if made else NOTHING


def conflict(around: Surroundings, schema: Schema) -> str:
    """Return both periods when the text inside contradicts the file's name or the paste sheet's cell, else nothing."""
    found = inside(around.above)
    if not found:
        return ""
    other = given_period(around.given) if around.pasted else in_name(around.name)
    last = None if around.pasted else last_day_in_name(around.name, schema)
    if other and (other.start, other.end) != (found.start, found.end):
        return f"{found.label} ≠ {other.label}"
    if not other and last and last != found.end:
        return f"{found.label} ≠ …{last}"
    return ""


def year_of(around: Surroundings) -> int | None:
    """Return the year that a table with dates of month and day only belongs to.

    A download time in the name is no evidence: last year's table may be saved today.
    """
    above = [
        text for text in around.above if not dates_elsewhere(text) and not _EXAMPLE.search(_folded(text))
    ]
    for text in (around.sheet, *above, around.given, export_time.stem(around.name)):
        if found := years(export_time.DOWNLOADED.sub(" ; ", _folded(text))):
            return found.pop() if len(found) == 1 else None
    return None


def plan_name(name: str) -> str:
    """Return the campaign that a file is named after; empty when the name is only words of reports and times."""
    text = _folded(export_time.stem(name))
    text = export_time.DOWNLOADED.sub(" ", text).strip(" -_")
    return "" if _GENERIC.fullmatch(text) else text


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
