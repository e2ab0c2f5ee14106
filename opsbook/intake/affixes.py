"""What may surround the digits of a number: signs, brackets, a currency, a scale such as 万, a unit.

The text before and after the digits is understood whole or not at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from opsbook.params.currency import currency_codes, folded, meanings
from opsbook.schemas.units import all_words, unit

# Powers of ten.
SCALES = {
    "百": 2,
    "千": 3,
    "k": 3,
    "万": 4,
    "萬": 4,
    "w": 4,
    "十万": 5,
    "百万": 6,
    "m": 6,
    "千万": 7,
    "亿": 8,
    "億": 8,
    "thousand": 3,
    "million": 6,
    "mn": 6,
    "billion": 9,
    "bn": 9,
}
_ROUGH = r"大约|约为|约|大概|≈|~|about|approx|ca(?!\$)"
_ROUGH_END = r"左右|上下|\+"
_ABBREVIATIONS = frozenset({"rs", "ca", "approx"})  # a dot after them is not a decimal mark
_CIRCA = re.compile(r"\s*(?:[Cc]a\.\s*|ca\s+)(?=\$)")  # "ca. $99" is about 99 dollars, "CA$99" is Canadian
_ENCLOSED = re.compile(r"\s*[(\[]([^()\[\]]+)[)\]]\s*")  # 5.00 (USD)
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Affixes:
    """What surrounds the digits of a cell.

    Attributes:
        power: The power of ten that a scale means: 4 for 万.
        factor: The sign, and the size of the unit where it is not the field's own.
        codes: Currencies that a sign or word may mean, the usual one first; empty without one.
        parts: 100 with ``%``, 1000 with ``‰``, else 0.
        rough: The cell says that the number is not exact: ``约100``, ``10万+``.
    """

    power: int = 0
    factor: float = 1.0
    codes: tuple[str, ...] = ()
    parts: int = 0
    rough: bool = False


NO_AFFIXES = Affixes()


@lru_cache(maxsize=8192)
def affixes(before: str, after: str, unit_name: str) -> Affixes | None:
    """Return what the texts before and after the digits mean, or None when they are not understood.

    Args:
        before: Text before the digits, full-width forms folded.
        after: Text after the digits.
        unit_name: Unit of the field, which says what its cells may have: ``30分钟`` in a field of hours.
    """
    if _stray_dot(before, after):
        return None
    before = _CIRCA.sub("~", before)
    if (enclosed := _ENCLOSED.fullmatch(after)) and currency_codes(enclosed[1]):
        after = enclosed[1]
    head, tail = _before().fullmatch(folded(before)), _after().fullmatch(folded(after))
    if not head or not tail:
        return None
    negative = _negative(head, tail)
    codes = _common(head["currency"], head["currency2"], tail["currency"])
    size = unit(unit_name).words.get(tail["unit"], 0.0) if tail["unit"] else 1.0
    if negative is None or codes is None or not size or (codes and tail["unit"]):
        return None
    scale = tail["scale"] or ""
    if scale == "m" and "M" not in after:  # "m" may be minutes, metres or thousandths as well
        return None
    if tail["minus"] and after[0] != "-" and not codes:  # "100 -" may be half of a range
        return None
    parts = {"%": 100, "‰": 1000}.get(tail["parts"] or "", 0)
    if parts == 100 and "%" in unit(unit_name).words:
        parts = 0
    rough = bool(head["rough"] or tail["rough"] or tail["rough2"])
    return Affixes(SCALES.get(scale, 0), -size if negative else size, codes, parts, rough)


@lru_cache(maxsize=1024)
def currency_beside_dash(text: str) -> tuple[str, ...]:
    """Return the currencies of a dash with a sign, as the accounting formats show a zero: ``$ -``; else nothing."""
    match = _dash().fullmatch(folded(text))
    return meanings()[match[1] or match[2]] if match else ()


def _stray_dot(before: str, after: str) -> bool:
    """Whether dots beside the digits belong to no word: they would be lost in folding."""
    if "." in before and not _LETTERS.search(before):
        return True
    if before.endswith(".") and folded(before) not in _ABBREVIATIONS:
        return True
    return "." in after and (after.startswith(".") or not _LETTERS.search(after))


def _negative(head: re.Match[str], tail: re.Match[str]) -> bool | None:
    """Return whether the number is negative; None when its signs contradict each other."""
    closed = [mark for mark in (tail["close"], tail["close2"]) if mark]
    if len(closed) != bool(head["open"]):
        return None
    signs = [mark for mark in (head["sign"], head["sign2"], head["sign3"], tail["minus"]) if mark]
    if not head["open"]:
        return None if len(signs) > 1 else "-" in signs
    # Brackets mean minus; a minus right inside them, (-5), is the same one again.
    return True if signs in ([], [head["sign3"]]) and "+" not in signs else None


def _common(*words: str | None) -> tuple[str, ...] | None:
    """Return the currencies that all words may mean: empty without a word, None where they contradict each other."""
    said = [meanings()[word] for word in words if word]
    if not said:
        return ()
    return tuple(code for code in said[0] if all(code in other for other in said[1:])) or None


def _alternatives(words: object) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))  # type: ignore[call-overload]


@cache
def _before() -> re.Pattern[str]:
    currency = _alternatives(meanings())
    return re.compile(
        rf"(?P<rough>{_ROUGH})?(?P<sign>[-+])?(?P<currency>{currency})?(?P<sign2>[-+])?"
        rf"(?P<open>\()?(?P<currency2>{currency})?(?P<sign3>[-+])?"
    )


@cache
def _after() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<close>\))?(?P<scale>{_alternatives(SCALES)})?(?P<rough>{_ROUGH_END})?(?P<parts>[%‰])?"
        rf"(?P<unit>{_alternatives(all_words())})?(?P<currency>{_alternatives(meanings())})?"
        rf"(?P<rough2>{_ROUGH_END})?(?P<minus>-)?(?P<close2>\))?"
    )


@cache
def _dash() -> re.Pattern[str]:
    currency = _alternatives(meanings())
    return re.compile(rf"({currency})[-–—]+|[-–—]+({currency})")
