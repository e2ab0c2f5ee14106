"""What a header says of the numbers below it: a currency, a scale such as 万, percent, another unit of the same kind."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from opsbook.intake.affixes import NO_AFFIXES, Affixes, affixes
from opsbook.params.currency import currency_codes, meanings

_BRACKETS = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_PER = re.compile(r"/\w*$")  # 元/次
_BREAKS = re.compile(r"[\s_/:,|()\[\]【】-]+")


@lru_cache(maxsize=1024)
def header_unit(header: str, unit: str, stated: str = "") -> Affixes:
    """Return the currency, scale and size that a header states, such as ``花费(万元)`` or ``推广时长(分钟)``.

    Args:
        header: The header as the file writes it.
        unit: Unit of the field.
        stated: The unit alone, where it was recognised as such.

    Returns:
        Affixes without a sign; those of no affix where the header says nothing.
    """
    text = unicodedata.normalize("NFKC", header)
    for inside in (stated, *reversed(_BRACKETS.findall(text))):
        found = affixes("", inside.strip(), unit) if inside.strip() else None
        if found and found.factor > 0 and not found.rough and (not found.parts or unit == "ratio"):
            return found
        if codes := currency_codes(inside) or currency_codes(_PER.sub("", inside)):
            return Affixes(codes=codes)
    said = [codes for part in _BREAKS.split(text) if (codes := _of_word(part))]
    return Affixes(codes=said[0]) if said and all(codes == said[0] for codes in said) else NO_AFFIXES


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


@cache
def _at_an_end() -> re.Pattern[str]:
    words = [word for word in meanings() if len(word) > 1 and (not word.isascii() or _clear(word))]
    either = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"^({either})(?![a-z])|(?<![a-z])({either})$", re.IGNORECASE)
