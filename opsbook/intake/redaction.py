"""What of a bad cell may be told where a table has buyers: a row that slipped by a column puts a name under a date."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d{9,}")  # longer than a day, as long as a telephone number
_MAIL = re.compile(r"[\w.%+-]+@[\w.-]+")
# A telephone number in groups; no day, no period of days, no number with blanks between its thousands.
_PHONE = re.compile(r"(?<![\d.,-])(?:\+|00)?\(?\d{1,4}\)?(?:[ -]\(?\d{2,8}\)?){1,5}(?![\d.,:])")
_NO_PHONE = re.compile(
    r"(?:19|20)\d\d[ -]\d{1,2}\b.*|\d{1,2}[ -]\d{1,2}[ -](?:19|20)?\d\d|\d{1,3}(?: \d{3})+"
)
_LEAST_DIGITS = 7
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
    return _WORD.sub(_begun, without_contacts(text))


def without_contacts(text: str) -> str:
    """Return a text without mail addresses and telephone numbers, which no kind of export shows in a message.

    >>> without_contacts("ann@shop.com"), without_contacts("+44 7911 123456"), without_contacts("2025-03-01")
    ('a…@…', '+4…', '2025-03-01')
    """
    text = _MAIL.sub(lambda mail: f"{mail[0][0]}…@…", text)
    return _DIGITS.sub(lambda digits: f"{digits[0][:2]}…", _PHONE.sub(_called, text))


def _called(number: re.Match[str]) -> str:
    text = number[0]
    digits = sum(map(str.isdigit, text))
    if digits < _LEAST_DIGITS or (_NO_PHONE.fullmatch(text) and text[0] not in "+("):
        return text
    return f"{text[:2]}…"


def _begun(word: re.Match[str]) -> str:
    text = word[0]
    if _HARMLESS.fullmatch(text) or _DATE_SIGNS.issuperset(text):
        return text
    return f"{text[0]}…"
