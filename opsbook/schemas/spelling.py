"""How a header is compared: what nobody sees, and what only programs and regions write in another way, is no part."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

_SPACE = re.compile(r"\s+")
_BRACKETS = str.maketrans("[]{}【】〔〕〖〗「」『』〈〉《》", "()" * 9)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"))
# Invisible characters that Unicode does not count among the format characters (category Cf).
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
_LETTERS_OF_A_HEADER = 80  # a longer text is no header; its Traditional characters are not looked up


def visible(text: str) -> str:
    """Return a text without what nobody sees: byte order marks, zero-width characters, soft hyphens, selectors."""
    if text.isascii():
        return text
    return "".join(char for char in text if not _invisible(char))


def _invisible(char: str) -> bool:
    return (
        char in _UNSEEN
        or "\ufe00" <= char <= "\ufe0f"
        or "\U000e0100" <= char <= "\U000e01ef"
        or unicodedata.category(char) == "Cf"
    )


def simplified(text: str) -> str:
    """Return a text with the Traditional characters of headers replaced by the Simplified ones."""
    if text.isascii():
        return text
    characters, phrases = _traditional()
    for phrase, meaning in phrases:
        text = text.replace(phrase, meaning)
    return text.translate(characters)


def folded(text: str) -> str:
    """Return a header with its words kept apart: one form of letters, brackets and dashes, nothing invisible."""
    bare = unicodedata.normalize("NFKC", visible(text)).translate(_BRACKETS).translate(_DASHES)
    return simplified(bare) if len(bare) <= _LETTERS_OF_A_HEADER else bare


def normalise_header(text: object) -> str:
    """Return a header as it is compared: `folded`, no white space, lower case."""
    text = str(text)
    if text.isascii():
        return _SPACE.sub("", text.translate(_BRACKETS)).casefold()
    return _SPACE.sub("", folded(text)).casefold()


@cache
def _traditional() -> tuple[dict[int, str], tuple[tuple[str, str], ...]]:
    """Return the characters for `str.translate`, and the phrases."""
    characters: dict[int, str] = {}
    phrases = []
    text = files("opsbook.schemas").joinpath("traditional.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        if "=" in line:
            phrase, _, meaning = line.partition("=")
            phrases.append((phrase, meaning))
            continue
        for group in line.split():
            characters |= dict.fromkeys(map(ord, group[:-1]), group[-1])
    return characters, tuple(phrases)
