"""The spellings of single periods, as regular expressions over folded text.

Named groups: ``y`` year, ``yy`` year of two digits, ``m`` and ``mon`` month, ``d`` day, ``q`` quarter, ``h`` half year,
``w`` week, ``a`` and ``b`` day and month in unknown order. A 2 marks the same group in another branch.
"""

from __future__ import annotations

import re
from functools import cache

Table = list[tuple[str, re.Pattern[str]]]

_Y = r"(?P<y>(?:199|2[01]\d)\d)(?!\d)"
_Y_ = r"(?P<y>(?:199|2[01]\d)\d)"
_YY = r"(?P<yy>[1-4]\d)(?!\d)"
_NOT_COUNTED = r"(?!\d)(?!\s*(?:周|星期|礼拜|个|次|版|批|期|天|份|页|组|轮|季|旬))"
_M = rf"(?P<m>1[0-2]|0?[1-9]){_NOT_COUNTED}"
_D = rf"(?P<d>3[01]|[12]\d|0?[1-9]){_NOT_COUNTED}"
_MON = (
    r"(?P<mon>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may(?!\s*day)|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_Q = r"(?P<q>[1-4])(?!\d)"
_W = r"#?\s*(?P<w>[0-5]?\d)(?!\d)"
_TH = r"(?:st|nd|rd|th)"
_EN_Q = rf"(?:q|quarter)\s*{_Q}(?:\s*季度?)?"
_WEEK = r"个?\s*(?:自然)?(?:周|星期|礼拜)次?"
_EN_W = rf"(?:[ck]?w|wk|week)[\s._-]*(?:no\.?\s*)?{_W}"
_GAP = r"[\s_,./-]*(?:of\s+)?"
_AFTER_YEAR = r"(?:\s*年度?\s*[-_,]?\s*|\s*[-_./,]\s*|\s+)"

_SPELLINGS: dict[str, tuple[str, ...]] = {
    "day": (
        rf"{_Y}\s*(?P<sign>[-/._])\s*{_M}\s*(?P=sign)\s*{_D}(?:\s*[日号])?",
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
        rf"{_YY}\s*年\s*(?:{_EN_Q}|(?:第\s*)?{_Q.replace('<q>', '<q2>')}\s*季度?)",
        rf"{_Y}\s+{_Q}q",
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
        rf"{_Y_}{_AFTER_YEAR}?(?:{_EN_W}|第\s*{_W.replace('<w>', '<w2>')}\s*{_WEEK})",
        rf"{_Y}\s*[年.-]\s*{_W}\s*(?:自然)?周",
        rf"第\s*{_W}\s*{_WEEK}{_GAP}{_Y}(?:\s*年)?",
        rf"{_EN_W}{_GAP}{_Y}",
        rf"第\s*{_W}\s*{_WEEK}",
        _EN_W,
    ),
    "year": (rf"{_Y}(?P<whole>\s*(?:年度|年\s*全年|全年))", rf"{_Y}(?:\s*年)?"),
}
_SHORT = r"(?P<yy>[1-4]\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"
_AFTER_DAY = [  # the second end of a span of days
    ("day", rf"{_M}\s*[-/.月]\s*{_D}(?:\s*[日号])?"),
    ("day", rf"{_D}{_TH}?\s*[,]?\s*{_Y}"),
    ("day", rf"{_D}(?:\s*[日号])?(?![./])"),
    ("day", _SHORT),
]
_AFTER_MONTH = [("month", rf"{_M}\s*月份?")]
_STARTS = [  # only with a second end
    ("day", rf"{_M}\s*[./]\s*{_D}"),
    ("day", rf"{_D}(?=\s*[-~]\s*\d{{1,2}}\s*{_MON.replace('<mon>', '<_mon>')})"),
    ("month", rf"(?:{_Y}\s*年\s*)?{_M}(?=\s*[-~至到]\s*\d{{1,2}}\s*月(?!\s*\d))"),
    ("day", _SHORT),
]


@cache
def alone() -> Table:
    """Return the spellings of single periods; they are compiled when the first text asks for them."""
    return _compiled([(grain, spelling) for grain, spellings in _SPELLINGS.items() for spelling in spellings])


@cache
def after_day() -> Table:
    """Return the spellings of the second end of a span of days."""
    return _compiled(_AFTER_DAY) + alone()


@cache
def after_month() -> Table:
    """Return the spellings of the second end of a span of months."""
    return _compiled(_AFTER_MONTH) + alone()


@cache
def starts() -> Table:
    """Return the spellings that are a period only with a second end."""
    return _compiled(_STARTS)


def _compiled(spellings: list[tuple[str, str]]) -> Table:
    return [(grain, re.compile(spelling)) for grain, spelling in spellings]
