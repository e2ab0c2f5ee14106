"""What stands over numbers and says their unit: a currency, a scale such as 万, percent, minutes instead of hours.

It is in the header, 花费(万元), or in a row of its own, above the table or among its rows, 单位：万元.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from opsbook.intake.affixes import NO_AFFIXES, SCALES, Affixes, affixes
from opsbook.params.currency import currency_codes, folded, meanings

_BRACKETS = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_PER = re.compile(r"/\w*$")  # 元/次
_BREAKS = re.compile(r"[\s_/:,|()\[\]【】-]+")
_ABOVE = re.compile(r"(?:单位|\bunit|\bcurrency|币种)\s*:\s*([^,;。、)\]】]+)", re.IGNORECASE)
_PERCENT = frozenset({"百分比", "百分数", "percent", "percentage", "pct"})
_SCALES = SCALES | {"10k": 4, "'000": 3, "000": 3, "000s": 3, "thousands": 3, "millions": 6}


@lru_cache(maxsize=1024)
def header_unit(header: str, unit: str, stated: str = "") -> Affixes | None:
    """Return the currency, scale and size that a header states, such as ``花费(万元)`` or ``推广时长(分钟)``.

    Args:
        header: The header as the file writes it.
        unit: Unit of the field.
        stated: The unit alone, where it was recognised as such.

    Returns:
        Affixes without a sign; those of no affix where the header says nothing; None for a ``stated`` unit that is not
        understood.
    """
    text = unicodedata.normalize("NFKC", header)
    if stated:
        return _unit(unicodedata.normalize("NFKC", stated), unit)
    for inside in reversed(_BRACKETS.findall(text)):
        if found := _unit(inside, unit):
            return found
    parts = [part for part in _BREAKS.split(text)[1:] if part]
    for part in reversed(parts):
        if (found := _unit(part, unit)) and (not part.isascii() or _clear(part.casefold())):
            return found
    said = [codes for part in _BREAKS.split(text) if (codes := _of_word(part))]
    return Affixes(codes=said[0]) if said and all(codes == said[0] for codes in said) else NO_AFFIXES


def unit_above(texts: Iterable[str], unit: str) -> Affixes:
    """Return the currency and scale that the texts about a table state for its amounts of money: ``单位：万元``."""
    for text in texts:
        if match := _ABOVE.search(unicodedata.normalize("NFKC", text)):
            return _unit(match[1], unit) or NO_AFFIXES
    return NO_AFFIXES


def _unit(text: str, unit: str) -> Affixes | None:
    """Return what a text states that is nothing but a unit."""
    for each in dict.fromkeys((text.strip(), _PER.sub("", text).strip())):
        if not each:
            continue
        if unit == "ratio" and each.casefold() in _PERCENT:
            return Affixes(parts=100)
        if unit == "ratio" and each.casefold() == "ratio":
            return NO_AFFIXES
        found = affixes("", each, unit)
        if found and found.factor > 0 and not found.rough and (not found.parts or unit == "ratio"):
            return found
        if codes := currency_codes(each):
            return Affixes(codes=codes)
        if match := _scaled_money().fullmatch(folded(each)):  # 人民币万元, USD '000
            codes = currency_codes("".join(filter(None, (match["before"], match["after"]))))
            if codes or not (match["before"] or match["after"]):
                return Affixes(power=_SCALES[match["scale"]], codes=codes)
    return None


def _of_word(part: str) -> tuple[str, ...]:
    """Return the currencies of a word of a header: one that is a currency, or begins or ends with one."""
    if part.isascii() and not _clear(part.casefold()):  # "Real amount" is not in Brazilian money
        return ()
    if codes := currency_codes(part):
        return codes
    match = _at_an_end().search(part)
    return meanings()[(match[1] or match[2]).casefold()] if match else ()


def _clear(word: str) -> bool:
    """Whether a word of Latin letters is a code or a sign rather than an English word."""
    codes = meanings().get(word, ())
    return (len(codes) == 1 and codes[0].casefold() == word) or not word.isalpha()


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def _at_an_end() -> re.Pattern[str]:
    either = _any_of(word for word in meanings() if len(word) > 1 and (not word.isascii() or _clear(word)))
    return re.compile(rf"^({either})(?![a-z])|(?<![a-z])({either})$", re.IGNORECASE)


@cache
def _scaled_money() -> re.Pattern[str]:
    currency = _any_of(meanings())
    return re.compile(
        rf"(?:in)?(?P<before>{currency})?(?:in)?(?P<scale>{_any_of(_SCALES)})(?P<after>{currency})?"
    )
