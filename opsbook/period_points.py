"""Single periods in a text: ``2025年4月份``, ``3Q25``, ``W36 2025``, ``Apr 6, 2025``. One table of spellings.

Weeks by number are the platform's, Sunday to Saturday: the week that holds 1 January is number 1, as in Excel's
``WEEKNUM``. ISO numbers the weeks from the first with a Thursday in the year: in some years (2027 is the next) the two
differ, and then a number alone is not certain. ``2027-W05`` is ISO's own spelling and takes ISO's number.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any

from opsbook import periods
from opsbook.periods import Period

_YEARS = range(1990, 2200)  # other numbers of four digits are not years
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ORDINALS = {"first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th"}

_Y = r"(?P<y>(?:199|2[01]\d)\d)(?!\d)"
_Y_ = r"(?P<y>(?:199|2[01]\d)\d)"
_YY = r"(?P<yy>[1-4]\d)(?!\d)"
_NOT_COUNTED = r"(?!\d)(?!\s*(?:周|星期|礼拜|个|次|版|批|期|天|份|页|组|轮|季|旬|w(?:ee)?k))"
_M = rf"(?P<m>1[0-2]|0?[1-9]){_NOT_COUNTED}"
_D = rf"(?P<d>3[01]|[12]\d|0?[1-9]){_NOT_COUNTED}"
_MON = (
    r"(?P<mon>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may(?!\s*day)|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_Q = r"(?P<q>[1-4])(?!\d)"
_W = r"#?\s*(?P<w>[0-5]?\d)(?!\d)"
_TH = r"(?:st|nd|rd|th)"
_EN_Q = rf"(?:q|quarter)\s*{_Q}"
_EN_W = rf"(?:[ck]?w|wk|week)[\s._-]*(?:no\.?\s*)?{_W}"
_GAP = r"[\s_,./-]*(?:of\s+)?"
_AFTER_YEAR = r"(?:\s*年度?\s*[-_,]?\s*|\s*[-_./,]\s*|\s+)"

_SPELLINGS: dict[str, tuple[str, ...]] = {
    "day": (
        rf"{_Y}\s*[-/._]\s*{_M}\s*[-/._]\s*{_D}(?:\s*[日号])?",
        rf"{_Y}\s*[-/._年]\s*{_M}\s*月(?:\s*{_D}\s*[日号]|{_D.replace('<d>', '<d2>')}(?=$|[\s~至到():,_-]))",
        r"(?P<y>(?:199|2[01]\d)\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)",
        rf"{_MON}[\s-]*{_D}{_TH}?[\s,-]+{_Y}",
        rf"{_D}{_TH}?[\s-]*(?:of\s+)?{_MON}[\s,-]*{_Y}",
        rf"{_D}\.{_M}\.{_Y}",
        rf"{_YY}\s*年\s*{_M}\s*月\s*{_D}(?:\s*[日号])?",
        rf"{_M}\s*月\s*{_D}\s*[日号]?,?\s*{_Y}",
        rf"{_M}\s*月\s*{_D}(?:\s*[日号])?",
        rf"{_MON}\s*{_D}{_TH}?",
        rf"{_D}{_TH}?\s*{_MON}",
    ),
    "slashed": (rf"(?P<a>\d{{1,2}})[-/](?P<b>\d{{1,2}})[-/]{_Y}",),
    "month": (
        rf"{_Y}\s*年度?\s*{_M}\s*月份?",
        rf"{_Y}\s*[-/._]\s*{_M}(?:\s*月份?)?",
        rf"{_Y}\s+{_M}\s*月份?",
        r"(?P<y>(?:199|2[01]\d)\d)(?P<m>0[1-9]|1[0-2])(?!\d)",
        rf"{_YY}\s*年\s*{_M}\s*月份?",
        rf"{_MON}[\s,./_-]*{_Y}",
        rf"{_Y}[\s,./_-]*{_MON}",
        rf"{_Y}\s*年\s*{_MON}",
        rf"{_MON}(?:\s*'|-)\s*(?P<yy>[2-3]\d)(?!\d)",
        rf"{_M}\s*[-/.]\s*{_Y}",
        rf"{_M}\s*月份?[\s,]*{_Y}(?:\s*年)?",
        rf"{_M}\s*月份?",
        _MON,
    ),
    "part": (rf"(?P<h>[12]){_TH}\s*half\s*(?:of\s+)?{_MON}[\s,]*{_Y}",),
    "quarter": (
        rf"{_Y_}{_AFTER_YEAR}?(?:{_EN_Q}|第\s*{_Q.replace('<q>', '<q2>')}\s*季度?)",
        rf"{_Y}{_AFTER_YEAR}{_Q}\s*季度?",
        rf"{_EN_Q}{_GAP}{_Y}(?:\s*年)?",
        rf"{_EN_Q}(?:\s*'|[-/])\s*{_YY}",
        rf"{_Q}q[\s'-]*(?:{_Y}|{_YY})",
        rf"{_YY}[-'\s]?q\s*{_Q}",
        rf"{_YY}\s*年\s*(?:第\s*)?(?:q\s*)?{_Q}(?:\s*季度?)?(?<=[\d季度])(?<!年\d)(?<!年 \d)",
        rf"{_Q}{_TH}\s*quarter{_GAP}{_Y}",
        rf"(?:第\s*)?{_Q}\s*季度?[\s,]*{_Y}(?:\s*年)?",
        rf"(?:第\s*)?{_Q}\s*季度?",
        rf"q\s*{_Q}",
    ),
    "half": (
        rf"{_Y_}(?:\s*年度?)?[\s_-]*(?P<h>[上下])半年度?",
        rf"{_Y_}(?:\s*年度?)?[\s_-]*h\s*(?P<h>[12])(?!\d)",
        rf"h\s*(?P<h>[12])(?!\d)[\s_'-]*{_Y}",
        rf"(?P<h>[12])h[\s'-]*(?:{_Y}|{_YY})",
        rf"(?P<h>[12]){_TH}\s*half{_GAP}{_Y}",
        rf"(?P<h>[上下])半年度?[\s,]*(?:{_Y})?",
    ),
    "week": (
        rf"{_Y_}{_AFTER_YEAR}?(?:{_EN_W}|第\s*{_W.replace('<w>', '<w2>')}\s*个?\s*(?:周|星期|礼拜)次?)",
        rf"{_Y}\s*年\s*{_W}\s*周",
        rf"第\s*{_W}\s*个?\s*(?:周|星期|礼拜)次?{_GAP}{_Y}(?:\s*年)?",
        rf"{_EN_W}{_GAP}{_Y}",
        rf"第\s*{_W}\s*个?\s*(?:周|星期|礼拜)次?",
        _EN_W,
    ),
    "year": (rf"{_Y}(?P<whole>\s*(?:年度|年\s*全年|全年))", rf"{_Y}(?:\s*年)?"),
}
_TABLE = [
    (grain, re.compile(spelling)) for grain, spellings in _SPELLINGS.items() for spelling in spellings
]
_SHORT = r"(?P<yy>[1-4]\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"
_IN_DAYS = [  # the second end of a span of days
    ("day", re.compile(rf"{_M}\s*[-/.月]\s*{_D}(?:\s*[日号])?")),
    ("day", re.compile(rf"{_D}{_TH}?\s*[,]?\s*{_Y}")),
    ("day", re.compile(rf"{_D}(?:\s*[日号])?(?![./])")),
    ("day", re.compile(_SHORT)),
]
_IN_MONTHS = [("month", re.compile(rf"{_M}\s*月份?"))]
_STARTS = [  # only with a second end
    ("day", re.compile(rf"{_M}\s*[./]\s*{_D}")),
    ("day", re.compile(rf"{_D}(?=\s*[-~]\s*\d{{1,2}}\s*{_MON.replace('<mon>', '<_mon>')})")),
    ("month", re.compile(rf"(?:{_Y}\s*年\s*)?{_M}(?=\s*[-~至到]\s*\d{{1,2}}\s*月(?!\s*\d))")),
    ("day", re.compile(_SHORT)),
]
_TIME = re.compile(r"[\st]*(?P<time>\d{1,2}:\d\d(?::\d\d)?)(?:\.\d+)?(?!\d)")
_THIRDS = re.compile(
    r"[\s_-]*的?\s*(?:(?P<half>[上前下后])半\s*个?\s*月?|(?P<third>[上中下])旬)(?![年期])"
)
_ISO = re.compile(r"\d{4}-?w\d\d")
_WEAK = re.compile(r"[a-z]{3,}\.?-\d\d|\d[-/.]\d{4}")
_CHINESE = re.compile(
    r"[零〇一二三四五六七八九十]+(?=\s*个?\s*(?:年|月|季|周|星期|礼拜|日|号|次|版|份|页|期|批|天|旬))"
)
_AFTER_WEEK = re.compile(r"(?:星期|礼拜|周)$")


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
    table = _TABLE
    if after and after.grain == "day":
        table = [*_IN_DAYS, *_TABLE]
    elif after and after.grain == "month":
        table = [*_IN_MONTHS, *_TABLE]
    return _longest(table, text, place, wanted=after.grain if after else "")


def start_of_span(text: str, place: int) -> Point | None:
    """Return what may only be the first end of a span, such as the ``4.6`` of ``4.6-4.12``."""
    return _longest(_STARTS, text, place, wanted="") if _may_begin(text, place) else None


def _may_begin(text: str, place: int) -> bool:
    before = text[place - 1] if place else ""
    sign = text[place]
    return not ((sign.isdigit() and before.isdigit()) or ("a" <= sign <= "z" and "a" <= before <= "z"))


def _longest(
    table: list[tuple[str, re.Pattern[str]]], text: str, place: int, *, wanted: str
) -> Point | None:
    best: Point | None = None
    for grain, spelling in table:
        if (match := spelling.match(text, place)) and (best is None or match.end() > best.end):
            following = text[match.end() : match.end() + 1]
            if "a" <= following <= "z" and text[match.end() - 1].isalnum() and not _time_follows(text, match.end()):
                continue  # 3qa, h1n1
            if wanted and wanted != grain:
                continue
            best = _built(grain, match)
    if best is None:
        return None
    if best.grain == "month" and (match := _THIRDS.match(text, best.end)):
        part = {"上": "1/3", "中": "2/3", "下": "3/3"}.get(match["third"] or "")
        return replace(best, grain="part", end=match.end(), part=part or ("1/2" if match["half"] in "上前" else "2/2"))
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
    return periods.from_span(month.start.replace(day=first), month.start.replace(day=last) if last else month.end)


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


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """Return the declared words."""
    return tomllib.loads((files("opsbook") / "period_words.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Return a text as the spellings are written: half-width, lower case, digits for Chinese numerals."""
    text = unicodedata.normalize("NFKC", text).casefold().strip()
    text = re.sub(r"[‐‑‒–—―−﹘]", "-", text)
    text = re.sub(r"[〜∼˜⁓]", "~", text).replace("’", "'").replace("‘", "'").replace("`", "'")
    if not text.isascii():
        text = text.translate(_simplified())
        text = re.sub(r"[\u200b-\u200f\u2060\ufeff]", "", text)
        text = _CHINESE.sub(_digits, text)
    return re.sub(r"(?<![a-z])(first|second|third|fourth)(?=\s+(?:quarter|half))", lambda m: _ORDINALS[m[1]], text)


@lru_cache(maxsize=1)
def _simplified() -> dict[int, str]:
    return str.maketrans(words()["simplified"])


def _digits(match: re.Match[str]) -> str:
    """Return 十一 as 11 and 二〇二五 as 2025; weekdays stay."""
    signs = match[0]
    if _AFTER_WEEK.search(match.string[: match.start()]):
        return signs
    values = ["〇一二三四五六七八九".find(sign.replace("零", "〇")) for sign in signs]
    if "十" not in signs:
        return "".join(map(str, values)) if len(signs) in (1, 4) or signs[0] in "〇零" else signs
    tens, _, ones = signs.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return signs
    return str(10 * (values[0] if tens else 1) + (values[-1] if ones else 0))
