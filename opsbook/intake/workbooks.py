"""Sheets of .xls, .xlsx, .xlsm, .xlsb and .ods files, by python-calamine."""

from __future__ import annotations

import re
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from opsbook.intake import number_formats, uncalculated_formulas
from opsbook.intake.grid import Grid
from opsbook.intake.limits import Unreadable

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What `opsbook.backends` calls a workbook of ours and a copy of it; programs write the attributes in any order.
_OUR_NAME = re.compile(
    rb"<(?:\w+:)?definedName\s[^<>]*\bname=[\"']ops\.(?:format|frozen)[\"']", re.IGNORECASE
)
_NAMES_WITHIN = 16 << 20  # bytes of the part that lists sheets and names; in a workbook of ours about 0.1 MiB
_DAMAGED = "不是工作簿，或已损坏、没有下载完整 / not a workbook, or damaged or cut off"
_DAMAGED_SHEET = "有一张工作表已损坏 / a sheet is damaged"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


def read_workbook(file: BinaryIO) -> list[Grid]:
    """Return every sheet, hidden ones too; error cells are empty.

    Raises:
        Unreadable: Damaged, protected by a password, no workbook, or one of ours: its pages have the headers of
            exports, and figures that were computed from them must not come back as exports.
    """
    if _is_ours(file):
        raise Unreadable("file.own_book")
    book = open_workbook(file)
    grids = [read_sheet(book, name) for name, kind in _sheets(book) if kind == "WorkSheet"]
    number_formats.note(file, grids)
    file.seek(0)
    old = file.read(len(_OLE)) == _OLE
    file.seek(0)
    (uncalculated_formulas.settle_old if old else uncalculated_formulas.settle)(file, grids)
    return grids


def open_workbook(file: BinaryIO) -> CalamineWorkbook:
    """Return the opened workbook, whatever the name of its file says.

    Raises:
        Unreadable: Damaged, protected by a password, or no workbook.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        return CalamineWorkbook.from_filelike(file)
    except PasswordError as error:
        raise Unreadable("file.encrypted") from error
    except BaseException as error:
        if not (isinstance(error, CalamineError | OSError | ValueError) or _is_panic(error)):
            raise
        file.seek(0)
        if _needs_password(file.read()):
            raise Unreadable("file.encrypted") from error
        raise Unreadable("file.unreadable", _DAMAGED) from error  # its words may quote a cell


def read_sheet(book: CalamineWorkbook, name: str) -> Grid:
    """Return one sheet; row 0 is the sheet's first row even when it is empty.

    Raises:
        Unreadable: The sheet is damaged or not there.
    """
    from python_calamine import CalamineError, WorksheetNotFound

    try:
        sheet = book.get_sheet_by_name(name)
        ranges = sheet.merged_cell_ranges or ()  # calamine does not know those of .xlsb and .ods
        merged = [(*first, *last) for first, last in ranges]
        return Grid(name, sheet.to_python(skip_empty_area=False), merged=merged)
    except WorksheetNotFound as error:
        raise Unreadable("file.unreadable", "没有这张工作表 / there is no such sheet") from error
    except BaseException as error:
        if not (isinstance(error, CalamineError | OSError | ValueError) or _is_panic(error)):
            raise
        raise Unreadable("file.unreadable", _DAMAGED_SHEET) from error


def _is_panic(error: BaseException) -> bool:
    """Whether the Rust library met damage that it did not expect: what it raises then is not an `Exception`."""
    return type(error).__name__ == "PanicException"


def _is_ours(file: BinaryIO) -> bool:
    try:
        with zipfile.ZipFile(file) as package, package.open("xl/workbook.xml") as part:
            return bool(_OUR_NAME.search(part.read(_NAMES_WITHIN)))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - another format, or damage of any kind: said when it is opened
        return False
    finally:
        file.seek(0)


def _sheets(book: CalamineWorkbook) -> list[tuple[str, str]]:
    return [(sheet.name, str(sheet.typ).rpartition(".")[2]) for sheet in book.sheets_metadata]


def _needs_password(data: bytes) -> bool:
    """Ask calamine again under each format's own name: told the format, it says why it fails."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    if data.startswith(_OLE) and _ENCRYPTED_PACKAGE in data:
        return True
    suffixes = (".xlsx", ".xlsb", ".ods") if data[:2] == b"PK" else (".xls",)
    with tempfile.TemporaryDirectory() as folder:
        for suffix in suffixes:
            path = Path(folder, f"file{suffix}")
            path.write_bytes(data)
            try:
                CalamineWorkbook.from_path(path).close()
            except PasswordError:
                return True
            except BaseException as error:
                if not (isinstance(error, CalamineError | OSError | ValueError) or _is_panic(error)):
                    raise
                continue
    return False
