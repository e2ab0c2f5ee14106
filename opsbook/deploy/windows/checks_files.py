"""Checks of a workbook, its folder and its archive."""

from __future__ import annotations

import io
import re
import shutil
import tempfile
import zipfile
from pathlib import Path

from opsbook.archive.archive_file import Archive
from opsbook.deploy.windows.checks import CheckSubject, Facts, look
from opsbook.domain.errors import ArchiveError
from opsbook.domain.language import Text
from opsbook.integrations import shared_names

_ROOM = 500  # MB that a refresh of a large store, its backup and the archive's copy may take
_INTERNET = 3  # zone from which Windows marks files; 4 is "restricted sites"
_LARGEST_PROJECT = 20_000_000  # bytes
_VERSION = re.compile(rb'XLWINGS_VERSION As String = "([^"]*)"')
_SYNCED = ("ONEDRIVE", "ONEDRIVECOMMERCIAL", "ONEDRIVECONSUMER")


@look
def book_blocked(case: CheckSubject) -> Facts | None:
    """Whether Windows marked the workbook as coming from the internet."""
    try:
        mark = Path(f"{case.book}:Zone.Identifier").read_text(encoding="utf-8", errors="replace")
    except OSError:  # no mark, or a disk that keeps none
        return None
    zone = re.search(r"^ZoneId=(\d+)", mark, re.MULTILINE)
    return {"book": str(case.book)} if zone and int(zone[1]) >= _INTERNET else None


@look
def book_onedrive(case: CheckSubject) -> Facts | None:
    """Whether OneDrive synchronises the workbook's folder."""
    around = [str(each).casefold() for each in _book(case).resolve().parents]
    synced = (case.machine.env.get(name, "").rstrip("\\/") for name in _SYNCED)
    return {"book": str(case.book)} if any(each and each.casefold() in around for each in synced) else None


@look
def book_conf(case: CheckSubject) -> Facts | None:
    """Whether a configuration beside the workbook takes precedence."""
    path = _book(case).with_name(f"{shared_names.PROJECT}.conf")
    return {"path": str(path)} if path.exists() else None


@look
def book_other_macros(case: CheckSubject) -> Facts | None:
    """Whether the workbook's macros stem from another xlwings."""
    found, wanted = xlwings_in(_book(case)), case.machine.version("xlwings")
    if found is None or found == wanted:
        return None
    return {"book": str(case.book), "found": found, "wanted": wanted or "-"}


def xlwings_in(book: Path) -> str | None:
    """Return the version of xlwings whose VBA stands in a workbook; None where there is none."""
    import olefile  # type: ignore[import-untyped]

    try:
        with zipfile.ZipFile(book) as package:
            if package.getinfo("xl/vbaProject.bin").file_size > _LARGEST_PROJECT:
                return None
            project = package.read("xl/vbaProject.bin")
        with olefile.OleFileIO(io.BytesIO(project)) as streams:
            packed = streams.openstream("VBA/xlwings").read()
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return None
    # Before the text, Excel keeps what it compiled; where the text begins, its first word follows one flag byte.
    start = packed.find(b"\x00Attribut") - 3
    match = _VERSION.search(_unpacked(packed[start:])) if start >= 0 else None
    return match[1].decode("ascii", "replace") if match else None


def _unpacked(data: bytes) -> bytes:
    """Return the text of a compressed VBA stream ([MS-OVBA] 2.4.1); of a damaged one, what comes before the damage."""
    out = bytearray()
    at = 1
    while at + 2 <= len(data):
        header = int.from_bytes(data[at : at + 2], "little")
        end = min(at + (header & 0xFFF) + 3, len(data))
        at += 2
        first = len(out)
        if not header & 0x8000:  # as it is
            out += data[at:end]
            at = end
        while at < end:
            flags = data[at]
            at += 1
            for bit in range(8):
                if at >= end:
                    break
                if not flags >> bit & 1:
                    out.append(data[at])
                    at += 1
                    continue
                token = int.from_bytes(data[at : at + 2], "little")
                at += 2
                lengths = 16 - max((len(out) - first - 1).bit_length(), 4)
                back = (token >> lengths) + 1
                if back > len(out) - first:
                    return bytes(out)
                for _ in range((token & (1 << lengths) - 1) + 3):
                    out.append(out[-back])
    return bytes(out)


@look
def archive_unreadable(case: CheckSubject) -> Facts | None:
    """Whether the archive beside the workbook cannot be opened."""
    path = _book(case).with_suffix(".duckdb")
    if not path.exists():
        return None  # nothing was taken in yet
    try:
        with Archive.open(path, for_writing=False):
            return None
    except ArchiveError as error:
        return {"error": Text(error.message("zh"), error.message("en"))}


@look
def folder_readonly(case: CheckSubject) -> Facts | None:
    """Whether nothing can be written beside the workbook."""
    folder = _book(case).resolve().parent
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".opsbook-"):
            return None
    except OSError as error:
        return {"folder": str(folder), "error": error.strerror or str(error)}


@look
def disk_low(case: CheckSubject) -> Facts | None:
    """Whether the disk is nearly full."""
    folder = case.book.resolve().parent if case.book else Path.cwd()
    free = shutil.disk_usage(folder).free // 1_000_000
    return {"folder": str(folder), "free": free, "wanted": _ROOM} if free < _ROOM else None


@look
def no_libreoffice(case: CheckSubject) -> Facts | None:
    """Whether LibreOffice is missing."""
    found = (shutil.which(each, path=case.machine.env.get("PATH")) for each in ("soffice", "libreoffice"))
    applications = Path("/Applications/LibreOffice.app")
    return None if any(found) or applications.exists() else {}


def _book(case: CheckSubject) -> Path:
    if case.book is None:  # the declarations say which checks need one
        raise ValueError("no workbook was named")
    return case.book
