"""Signs and words of currencies, and the ISO 4217 code that each means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

from opsbook.domain.declarations import load

_IGNORED = re.compile(r"[\s.]")
_BETWEEN = r"[()\[\]{}/|,;:&_*+-]*"
_LONGEST = 60  # a currency is one or a few words


def folded(text: str) -> str:
    """Return a text as currencies are compared: full-width forms folded, no white space and dots, lower case."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text)).casefold()


@cache
def meanings() -> Mapping[str, tuple[str, ...]]:
    """Return the codes that each folded sign or word may mean, the usual one first.

    The bare codes of rarer currencies are not among them: in a cell with an amount they would be taken for words.
    """
    raw = _declared()
    found = {folded(word): tuple(codes) for word, codes in raw["shared"].items()}
    found |= {
        folded(word): (code,)
        for code, entry in raw.items()
        if code not in ("shared", "codes")
        for word in entry["words"]
    }
    return MappingProxyType(found)


@lru_cache(maxsize=4096)
def currency_codes(text: object) -> tuple[str, ...]:
    """Return the ISO 4217 codes that a text may mean, the usual one first: ``$`` means ``USD``, or ``CAD``, ...

    As `currency_code`; empty for a text that is not understood.
    """
    word = folded(text) if isinstance(text, str) and len(text) <= _LONGEST else ""
    if not word or not _whole().fullmatch(word):
        return ()
    possible = [meanings().get(each) or (each.upper(),) for each in _one().findall(word)]
    return tuple(code for code in possible[0] if all(code in codes for codes in possible[1:]))


def currency_code(text: object) -> str | None:
    """Return the ISO 4217 code that a text means: ``美金USD``, ``US Dollar``, ``USD(美元)`` and ``$`` are ``USD``.

    The whole text must consist of signs and words of one currency. ``USD/CNY`` names two and means none; a sign that
    several currencies share follows the word beside it: ``$ CAD`` is ``CAD``, and ``$ EUR`` means nothing.

    Args:
        text: A cell of a currency column, or the unit of a header.

    Returns:
        The code, or None for an empty text and for one that is not understood.
    """
    return next(iter(currency_codes(text)), None)


@cache
def _one() -> re.Pattern[str]:
    every = {*meanings(), *(code.casefold() for code in _declared()["codes"]["words"])}
    return re.compile("|".join(re.escape(word) for word in sorted(every, key=len, reverse=True)))


@cache
def _whole() -> re.Pattern[str]:
    return re.compile(f"{_BETWEEN}(?:(?:{_one().pattern}){_BETWEEN})+")


def _declared() -> dict[str, Any]:
    return load("opsbook.params", "currencies.toml")
