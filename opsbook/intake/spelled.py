"""One number as people and platforms spell it: which texts are numbers, whichever mark parts the decimals."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

from opsbook.intake.affixes import NO_AFFIXES, Affixes, affixes, currency_beside_dash
from opsbook.schemas.units import unit

MISSING = frozenset(
    {
        "",
        *("-", "--", "---", "—", "——", "–", "/", "\\"),
        *("na", "n/a", "nan", "null", "none", "nil", "无", "暂无"),
        *("#n/a", "#div/0!", "#ref!", "#value!", "#name?", "#null!", "#num!"),
    }
)
_DASHES = frozenset("-–—")
AMBIGUOUS = r"[1-9]\d{0,2}[.,]\d{3}"  # 1.234 and 1,234: thousands or three decimals


@dataclass(frozen=True)
class Mark:
    """Which mark parts the decimals of a column.

    Attributes:
        decimal: ``.`` or ``,``.
        doubtful: Nothing decides it: ``1.234`` and ``1,234`` may be thousands or have three decimals.
    """

    decimal: str = "."
    doubtful: bool = False


DOT, COMMA = Mark("."), Mark(",")


@dataclass(frozen=True)
class Spelled:
    """What a text means.

    Attributes:
        number: Its number, in the field's unit; NaN where the cell says that there is none.
        around: What surrounds the digits.
        censored: Only a limit is known: ``<10`` is half of it, the usual practice.
        doubtful: The number depends on a mark that nothing decides.
    """

    number: float
    around: Affixes = NO_AFFIXES
    censored: bool = False
    doubtful: bool = False


_NOTHING = Spelled(float("nan"))
_LONGEST = 60  # what surrounds a number is a sign and a few words
# The first digit, with a decimal mark before it (.5), to the last one, with a decimal point after it (5.).
_PARTS = re.compile(
    r"(?P<before>\D*?)(?P<digits>(?:(?<![^\W\d_])[.,])?\d(?:.*\d)?\.?)(?P<after>\D*)", re.DOTALL
)
_ODD_DIGITS = re.compile(r"[²³¹⁰-₉①-⓿❶-➓㉑-㊿½¼¾⅐-⅞]")  # NFKC makes 5² to 52
_EXPONENT = r"(?:[eE][-+]?\d+)?"
_GROUPED = {  # what is clear on its own: two different marks, or a mark that is repeated
    ".": re.compile(
        r"[1-9]\d{0,2}(?:,\d{3})+\.\d*|[1-9]\d{0,2}(?:,\d{3}){2,}|[1-9]\d?(?:,\d\d)+,\d{3}(?:\.\d*)?"
        r"|[1-9]\d{0,2}(?:(?:'\d{3})+|(?: \d{3})+)(?:\.\d*)?"
    ),
    ",": re.compile(
        r"[1-9]\d{0,2}(?:\.\d{3})+,\d*|[1-9]\d{0,2}(?:\.\d{3}){2,}"
        r"|[1-9]\d{0,2}(?:(?:'\d{3})+|(?: \d{3})+),\d*"
    ),
}
_PLAIN = {
    ".": re.compile(rf"[1-9]\d{{0,2}},\d{{3}}|(?:\d+\.?\d*|\.\d+){_EXPONENT}"),
    ",": re.compile(rf"[1-9]\d{{0,2}}\.\d{{3}}|(?:\d+,?\d*|,\d+){_EXPONENT}"),
}
_AMBIGUOUS = re.compile(AMBIGUOUS)
_DURATION = re.compile(r"(\d+(?:\.\d+)?)([^\W\d_]+)")


def fold(text: str) -> str:
    """Return a cell's text with full-width forms, minus signs and apostrophes folded."""
    if text.isascii():
        return text.strip()
    folded = unicodedata.normalize("NFKC", text).strip()
    return folded.replace("−", "-").replace("’", "'").replace("‘", "'").replace("`", "'")


def spelled(text: str, mark: Mark = DOT, unit_name: str = "") -> Spelled | None:
    """Return what a text means, or None when it is neither a number nor a sign of a missing one.

    Args:
        text: A cell.
        mark: Which mark parts the decimals.
        unit_name: Unit of the field.
    """
    if not text.isascii() and _ODD_DIGITS.search(text):
        return None
    text = fold(text).lstrip("'").strip()
    if text[:1] == "=" and text[-1:] == '"':  # ="12": how some exports keep Excel from changing a cell
        text = text[1:].strip('"').strip()
    if text.casefold() in MISSING:
        return _NOTHING
    if text[:1] in "<≤":
        limit = spelled(text[1:].lstrip("="), mark, unit_name)
        if limit is None or math.isnan(limit.number):
            return None
        return Spelled(limit.number / 2, limit.around, censored=True, doubtful=limit.doubtful)
    match = _PARTS.fullmatch(text)
    if not match and (codes := currency_beside_dash(text)):
        return Spelled(0.0, Affixes(codes=codes))
    if not match or len(match["before"]) + len(match["after"]) > _LONGEST:
        return None
    around = affixes(match["before"], match["after"], unit_name)
    digits = _digits(match["digits"], mark)
    if match["digits"][-1] in ".," and match["after"][:1] in _DASHES:
        return None  # 5.- may be five francs or minus five
    if around is None or digits is None:
        return _duration(text, unit_name)
    if around.power and "e" in digits.casefold():
        return None
    number = float(f"{digits}e{around.power}" if around.power else digits) * around.factor
    return Spelled(number, around, doubtful=mark.doubtful and bool(_AMBIGUOUS.fullmatch(match["digits"])))


def _digits(text: str, mark: Mark) -> str | None:
    """Return the digits as Python writes them, or None when their marks are not those of one number."""
    for decimal in (mark.decimal, ".", ","):
        if _GROUPED[decimal].fullmatch(text):
            break
    else:
        decimal = mark.decimal
        if not _PLAIN[decimal].fullmatch(text):
            return None
    group = "," if decimal == "." else "."
    return text.replace(group, "").replace("'", "").replace(" ", "").replace(decimal, ".")


def _duration(text: str, unit_name: str) -> Spelled | None:
    """Return a duration of several parts, ``1小时30分``, in the unit of the field."""
    words = unit(unit_name).words
    parts = _DURATION.findall(bare := "".join(text.split()).casefold())
    if len(parts) < 2 or "".join(map("".join, parts)) != bare or "min" not in words:
        return None
    sizes = [words.get(word, 0.0) for _, word in parts]
    if not all(sizes) or sizes != sorted(set(sizes), reverse=True):
        return None
    return Spelled(sum(float(number) * size for (number, _), size in zip(parts, sizes, strict=True)))
