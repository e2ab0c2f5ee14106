"""Which encoding a text file has. Our own order first, because short columns mislead statistics."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass

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
_CHINESE = re.compile("[\u2e80-\u9fff\uff00-\uffef]")
# What two digits of plain text become when they are taken for one letter of UTF-16.
_DIGIT_PAIR = re.compile(
    "[" + "".join(f"\\u{high:02x}30-\\u{high:02x}39" for high in range(0x30, 0x3A)) + "]"
)
_FEW = 4  # such letters, or lost ones, that a text may hold all the same
_JOINED = (
    "文件由几个编码不同的文件拼接而成，请分别放入 / files in several encodings (UTF-16 among them) were joined: "
    "put each in the folder by itself"
)
_LOST = "\ufffd"


@dataclass(frozen=True)
class Decoded:
    """The text of a file, and what was odd about its bytes.

    Attributes:
        text: The text, without byte order marks.
        mixed: Lines (1 is the first) in another encoding than the rest of the file; they are read rightly.
        damaged: Lines with letters that no encoding explains; each such letter became U+FFFD.
    """

    text: str
    mixed: tuple[int, ...] = ()
    damaged: tuple[int, ...] = ()


def decode(data: bytes) -> str:
    """Return the text of a file; see `decoded`."""
    return decoded(data).text


def decoded(data: bytes) -> Decoded:
    """Return the text of a file.

    The order: byte order mark; UTF-16 by its zero bytes; UTF-8; line by line UTF-8 or GB18030 where some lines are
    the one for certain and some the other; UTF-8 with a few broken bytes; GB18030 when its pairs lie where Chinese
    text has them (Western text read as GB18030 pairs an accent with a plain letter); else the best guess of
    charset-normalizer among the encodings of the platform's countries.

    Raises:
        Unreadable: The bytes are no text, or a text of UTF-16 joined with another.
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "") or _utf16(data[:4096])
    if encoding[:6] in ("utf-16", "utf-32"):
        return _plain(_wide(data, encoding))
    if data[:_SAMPLE].count(0) > len(data[:_SAMPLE]) // 100:
        raise Unreadable("file.unreadable", "二进制内容 / binary content")
    if data.count(0) > len(data) // 1000:  # text at the beginning only
        raise Unreadable("file.unreadable", _JOINED)
    try:
        return Decoded(_unmarked(data.decode("utf-8")))
    except UnicodeDecodeError:
        pass
    if joined := _by_lines(data):
        return joined
    high = sum(map((127).__lt__, data[:_SAMPLE]))
    text = data.decode("utf-8", errors="replace")
    if text[:_SAMPLE].count(_LOST) * 50 < high:  # UTF-8 with a bad cell, or cut in the middle of a letter
        return _plain(text)
    if _chinese(data[:_SAMPLE]):
        return _plain(data.decode("gb18030", errors="replace"))
    from charset_normalizer import from_bytes  # few files need it

    best = from_bytes(data[:_SAMPLE], cp_isolation=_CANDIDATES).best()
    return _plain(data.decode(best.encoding if best else "cp1252", errors="replace"))


def _plain(text: str) -> Decoded:
    """Return a text of one encoding with the lines that it does not explain."""
    text = _unmarked(text)
    if _LOST not in text:
        return Decoded(text)
    lines = enumerate(text.split("\n"))
    return Decoded(text, damaged=_numbers(place for place, line in lines if _LOST in line))


def _unmarked(text: str) -> str:
    """Return the text without byte order marks: joined files have one each, and some writers set two."""
    return text.replace("\ufeff", "")


def _wide(data: bytes, encoding: str) -> str:
    text = data.decode(encoding, errors="replace")
    if len(_DIGIT_PAIR.findall(text)) > _FEW or text.count(_LOST) > _FEW:
        raise Unreadable("file.unreadable", _JOINED)
    return text


def _by_lines(data: bytes) -> Decoded | None:
    """Return the text of a file with lines of UTF-8 and other lines, those of GBK among them; None without the former."""
    lines = data.split(b"\n")
    texts: list[str] = []
    unicode: list[int] = []  # places of lines that are Chinese in UTF-8
    doubtful: list[int] = []  # of lines that are valid UTF-8, but not Chinese
    odd: list[int] = []  # of lines that are not UTF-8
    for place, line in enumerate(lines):
        try:
            texts.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            texts.append("")
            odd.append(place)
            continue
        if not line.isascii():
            (unicode if _CHINESE.search(texts[place]) else doubtful).append(place)
    if not unicode:
        return None
    chinese: list[int] = []
    damaged: list[int] = []
    for place in odd:
        texts[place], gbk = _odd_line(lines[place])
        (chinese if gbk else damaged).append(place)
    if not chinese and len(damaged) > len(unicode):
        return None
    if len(chinese) > len(unicode):  # short words of GBK may be valid UTF-8 of another script
        for place in filter(lambda place: _chinese(lines[place]), doubtful):
            texts[place] = lines[place].decode("gb18030", errors="replace")
    fewer = min(chinese, unicode, key=len) if chinese else []
    return Decoded(_unmarked("\n".join(texts)), _numbers(fewer), _numbers(damaged))


def _numbers(places: Iterable[int]) -> tuple[int, ...]:
    return tuple(place + 1 for place in places)


def _odd_line(line: bytes) -> tuple[str, bool]:
    """Return a line that is not UTF-8, and whether it is GBK rather than UTF-8 with a broken letter."""
    text = line.decode("utf-8", errors="replace")
    high = sum(map((127).__lt__, line))
    whole = sum(len(letter.encode()) for letter in text if letter > "\x7f" and letter != _LOST)
    if whole * 2 > high or not _chinese(line):
        return text, False
    try:
        return line.decode("gb18030"), True
    except UnicodeDecodeError:
        return text, False


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
