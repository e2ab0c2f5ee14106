"""What a file is by its content, and its sheets. The extension is never believed."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from opsbook.intake import charset
from opsbook.intake.issue_collector import listed
from opsbook.intake.limits import Unreadable

if TYPE_CHECKING:
    from opsbook.intake.grid import Grid, Remark
    from opsbook.intake.json_text import Documents

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
PARQUET = b"PAR1"
JSON = (".json", ".jsonl", ".ndjson")
TEXTS = (".txt", ".md", ".markdown", "")  # an assistant's answer may hold JSON among its words
_BIFF = (
    b"\x09\x08",
    b"\x09\x04",
    b"\x09\x02",
    b"\x09\x00",
)  # a bare stream of old Excel, outside any container
_NOTHING = b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"  # spaces, zero bytes of a crashed write, byte order marks
_MHTML = re.compile(r"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,9}?MIME-Version:", re.IGNORECASE)
_FOREIGN = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip",
    b"MZ": "EXE",
    b"SQLite": "SQLite",
    b"{\\rtf": "RTF",
}


def read_documents(path: Path, data: bytes | None, name: str) -> Documents | None:
    """Return the JSON documents of a file, or None where it is no reply saved as JSON: then it is read as sheets.

    Args:
        path: The file on disk.
        data: Its bytes where they are not what ``path`` holds (a member of a zip), else None.
        name: What people call the file: its ending tells only where words may stand around the JSON.

    Raises:
        Unreadable: It is JSON, and nothing can be read from it.
    """
    suffix = PurePosixPath(name.replace("!", "/")).suffix.lower()
    with path.open("rb") if data is None else io.BytesIO(data) as file:
        head = file.read(4096)
        begins = head.replace(b"\0", b"").lstrip(_NOTHING)[:1] in (b"{", b"[")
        if head.startswith((OLE, ZIP, PARQUET)) or not (begins or suffix in (*JSON, *TEXTS)):
            return None
        whole = head + file.read()
    if not whole.strip(_NOTHING):
        return None
    from opsbook.intake import json_kinds, json_text

    read = charset.decoded(whole)
    if suffix not in JSON and not json_text.names_in(read.text) & json_kinds.names():
        return None
    found = json_text.documents(read.text)
    if not found.found and not (found.broken and (suffix in JSON or found.alone)):
        return None
    found.remarks = list(_remarks(read))
    return found


def read_grids(path: Path, data: bytes | None, known: AbstractSet[str]) -> list[Grid]:
    """Return every sheet of a file.

    Args:
        path: The file on disk.
        data: Its bytes where they are not what ``path`` holds (a member of a zip), else None.
        known: Normalised headers of all schemas and of the header map.

    Raises:
        Unreadable: Nothing can be read from it.
    """
    from opsbook.intake.workbooks import read_workbook

    with path.open("rb") if data is None else io.BytesIO(data) as file:
        head = file.read(4096)
        file.seek(0)
        if head.startswith((OLE, ZIP)):
            return read_workbook(file)
        if head.startswith(PARQUET):
            return [_read_parquet(path, data)]
        whole = file.read()
    if not whole.strip(_NOTHING):
        raise Unreadable("file.unreadable", "空文件 / empty file")
    for magic, name in _FOREIGN.items():
        if whole.startswith(magic):
            raise Unreadable("file.unreadable", f"内容是 {name} / the content is {name}")
    return _read_text(whole, known)


def _read_text(data: bytes, known: AbstractSet[str]) -> list[Grid]:
    from opsbook.intake.delimited import read_delimited
    from opsbook.intake.html_tables import looks_like_html, read_html
    from opsbook.intake.spreadsheet_xml import looks_like_spreadsheet, read_spreadsheet

    if data.startswith(_BIFF):
        raise Unreadable("file.old_form", "Excel 2.0–5.0")
    if looks_like_html(data):
        return read_html(data)
    if looks_like_spreadsheet(data):
        return read_spreadsheet(data)
    found = charset.decoded(data)
    text = found.text
    head = text[:2000].lstrip("\ufeff \r\n\t")
    if head.startswith("<?xml"):
        raise Unreadable("file.unreadable", "XML")
    if _MHTML.match(head):
        raise Unreadable("file.old_form", "MHTML")
    grid = read_delimited(text, known)
    grid.remarks = [*grid.remarks, *_remarks(found)]
    return [grid]


def _remarks(found: charset.Decoded) -> Iterator[Remark]:
    """Yield what is to be said of the encoding; lines are counted as a text editor does."""
    for code, lines in (("file.encodings", found.mixed), ("file.letters", found.damaged)):
        if lines:
            yield code, lines[0], listed(map(str, lines)), len(lines)


def _read_parquet(path: Path, data: bytes | None) -> Grid:
    import tempfile  # only for Parquet inside a zip

    from opsbook.intake.parquet import read_parquet

    if data is None:
        return read_parquet(path)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "member.parquet")
        copy.write_bytes(data)
        return read_parquet(copy)
