"""What of a bad cell may be told where a table has buyers: a row that slipped by a column puts a name under a date."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d{9,}")  # longer than a day, as long as a telephone number
_HARMLESS = re.compile(
    "jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?"
    "|[ap]m|p[sd]t|utc|gmt|cst|usd|cny|rmb|eur|true|false|nan|null|none",
    re.IGNORECASE,
)
_DATE_SIGNS = frozenset("年月日时分秒点上午下午周星期一二三四五六")


def discreet(text: str) -> str:
    """Return a text of which words and long numbers show only how they begin; those of dates and money stay.

    >>> discreet("Demo Buyer 731"), discreet("Jun. 31, 2025"), discreet("13800138000")
    ('D… B… 731', 'Jun. 31, 2025', '13…')
    """
    return _DIGITS.sub(lambda digits: f"{digits[0][:2]}…", _WORD.sub(_begun, text))


def _begun(word: re.Match[str]) -> str:
    text = word[0]
    if _HARMLESS.fullmatch(text) or _DATE_SIGNS.issuperset(text):
        return text
    return f"{text[0]}…"
