"""The file ``opsbook.conf``: lines ``"KEY","VALUE"`` that VBA reads in pairs, in the ANSI code page.

The file may hold lines of the user's. They are kept as bytes; only lines of keys that are ours are replaced. Ours stand
first: VBA reads fields two by two, so that one odd line would shift everything after it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping

_PAIR = re.compile(rb'\s*("[^"]*"|[^",]+)\s*,\s*("[^"]*"|[^",]*)\s*')


def merged(old: bytes, ours: Mapping[str, str], code_page: str) -> bytes:
    """Return the file with our lines first and, after them, every line of another key as it is.

    Raises:
        UnicodeEncodeError: A value cannot be written in the code page.
    """
    lines = [f'"{key}","{value}"\r\n'.encode(code_page) for key, value in ours.items()]
    return b"".join([*lines, *_lines(old, without=ours)])


def restored(now: bytes, ours: Mapping[str, str], before: bytes, code_page: str) -> bytes:
    """Return the file without our lines, and with the lines that stood there for the same keys before.

    A file that nobody touched since comes back byte for byte; of one that was changed, the other lines are kept.
    """
    if merged(before, ours, code_page) == now:
        return before
    mine = {(key.casefold(), value) for key, value in ours.items()}
    kept = [line for line in _lines(now) if _told(line, code_page) not in mine]
    still = {_key(line) for line in kept}
    back = [line for line in _lines(before) if (key := _key(line)) in _folded(ours) and key not in still]
    return b"".join([*back, *kept])


def values(content: bytes, code_page: str) -> dict[str, str]:
    """Return the values by key in capitals, the first of each, as VBA finds them."""
    found: dict[str, str] = {}
    for line in _lines(content):
        if pair := _told(line, code_page):
            found.setdefault(pair[0].upper(), pair[1])
    return found


def odd_line(content: bytes) -> int | None:
    """Return the number of the first line that is no pair and so shifts all that follow, or None."""
    lines = content.removeprefix(codecs.BOM_UTF8).splitlines()
    return next((number for number, line in enumerate(lines, 1) if not _PAIR.fullmatch(line)), None)


def has_mark(content: bytes) -> bool:
    """Tell whether the file begins with the mark of UTF-8, which VBA takes for part of the first key."""
    return content.startswith(codecs.BOM_UTF8)


def _lines(content: bytes, without: Mapping[str, str] | None = None) -> list[bytes]:
    """Return the lines with their ends; the last one gets one, for something may follow it."""
    lines = content.removeprefix(codecs.BOM_UTF8).splitlines(keepends=True)
    if lines and not lines[-1].endswith((b"\n", b"\r")):
        lines[-1] += b"\r\n"
    return [line for line in lines if _key(line) not in _folded(without or {})]


def _folded(keys: Mapping[str, str]) -> set[str]:
    return {key.casefold() for key in keys}


def _key(line: bytes) -> str:
    match = _PAIR.fullmatch(line)
    return match[1].strip(b' "').decode("ascii", "replace").casefold() if match else ""


def _told(line: bytes, code_page: str) -> tuple[str, str] | None:
    match = _PAIR.fullmatch(line)
    return (_key(line), match[2].strip(b' "').decode(code_page, "replace")) if match else None
