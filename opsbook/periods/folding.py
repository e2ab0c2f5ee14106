"""Texts as the spellings of periods are compared: half-width, lower case, simplified, digits for Chinese numerals."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from opsbook.domain.declarations import load

_ORDINALS = {"first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th"}
_CHINESE = re.compile(
    r"[零〇一二三四五六七八九十]+(?=\s*个?\s*(?:年|月|季|周|星期|礼拜|日|号|次|版|份|页|期|批|天|旬))"
)
_AFTER_WEEK = re.compile(r"(?:星期|礼拜|周)$")


def words() -> dict[str, Any]:
    """Return the declared words."""
    return load("opsbook.periods", "words.toml")


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
    return re.sub(
        r"(?<![a-z])(first|second|third|fourth)(?=\s+(?:quarter|half))", lambda m: _ORDINALS[m[1]], text
    )


@lru_cache(maxsize=1)
def _simplified() -> dict[int, str]:
    return str.maketrans(words()["simplified"])


def _digits(match: re.Match[str]) -> str:
    """Return 十一 as 11 and 二〇二五 as 2025; weekdays stay."""
    number = _number(match)
    before = match.string[: match.start()]
    return f" {number}" if before[-1:].isdigit() else number  # 2025三季度


def _number(match: re.Match[str]) -> str:
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
