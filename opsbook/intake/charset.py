"""Which encoding a text file has. Our own order first, because short columns mislead statistics."""

from __future__ import annotations

import codecs
import re

from opsbook.intake.limits import Unreadable

_SAMPLE = 200_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HIGH_PAIR = re.compile(rb"[\x81-\xfe][\x30-\x39][\x81-\xfe][\x30-\x39]|[\x81-\xfe][\x40-\xfe]|[\x80-\xff]")
# What charset-normalizer may choose from when none of the sure signs is there.
_CANDIDATES = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "big5", "shift_jis", "euc_kr"]


def decode(data: bytes) -> str:
    """Return the text of a file.

    The order: byte order mark; UTF-16 by its zero bytes; UTF-8 (a few broken bytes are replaced); GB18030 when
    its pairs lie where Chinese text has them (Western text read as GB18030 pairs an accent with a plain letter);
    else the best guess of charset-normalizer among the encodings of the platform's countries.

    Raises:
        Unreadable: The bytes are no text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if encoding := _utf16(data[:4096]):
        return data.decode(encoding, errors="replace")
    if data[:_SAMPLE].count(0) > len(data[:_SAMPLE]) // 100:
        raise Unreadable("file.unreadable", "二进制内容 / binary content")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    high = sum(map((127).__lt__, data[:_SAMPLE]))
    text = data.decode("utf-8", errors="replace")
    if text[:_SAMPLE].count("\ufffd") * 50 < high:  # UTF-8 with a bad cell, or cut in the middle of a letter
        return text
    if _chinese(data[:_SAMPLE]):
        return data.decode("gb18030", errors="replace")
    from charset_normalizer import from_bytes  # noqa: PLC0415 - few files need it

    best = from_bytes(data[:_SAMPLE], cp_isolation=_CANDIDATES).best()
    return data.decode(best.encoding if best else "cp1252", errors="replace")


def _utf16(head: bytes) -> str:
    """Name the byte order of UTF-16 without a mark: digits and separators have a zero byte on one side."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    few = len(head) // 20
    if odd > few and even * 10 <= odd:
        return "utf-16-le"
    return "utf-16-be" if even > few and odd * 10 <= even else ""


def _chinese(sample: bytes) -> bool:
    """Whether the bytes above 127 come in pairs of the GB2312 plane, as nearly all Chinese text has them."""
    pairs = plane = 0
    for match in _HIGH_PAIR.finditer(sample):
        pair = match[0]
        if len(pair) == 4:  # four-byte forms are what other scripts become inside GB18030
            continue
        pairs += 1
        plane += len(pair) == 2 and pair[0] >= 0xA1 and pair[1] >= 0xA1
    return plane > 0.8 * pairs
