"""Currencies that a workbook shows by the format of a cell: 20 formatted as ``€#,##0.00`` is twenty euros.

A person who types $20 into Excel leaves the number 20 and such a format. Packages of XML (.xlsx, .xlsm), .xls and .ods
are looked at. Formats that follow the language of the computer (the built-in ones without a sign of their own) say nothing.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from functools import lru_cache
from posixpath import join, normpath
from typing import TYPE_CHECKING, Any, BinaryIO

from opsbook.intake import biff_formats
from opsbook.params.currency import currency_codes

if TYPE_CHECKING:
    from opsbook.intake.grid import Grid

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CONTENT = "content.xml"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_WIDEST = 1024  # columns side by side with one amount
_LARGEST = 256 << 20  # bytes of a sheet's part that are searched
_SMALL_PART = 16 << 20
_SAFE: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False}
_SIGN = re.compile(r'\[\$([^\]-]*)(?:-([0-9A-Fa-f]+))?[^\]]*\]|"([^"]*)"|\\(.)|([$€£¥￥])')
# Microsoft's numbers of languages that use a sign which several currencies share.
_OF_LANGUAGE = {
    ("$", 0x1009): "CAD",
    ("$", 0x0C0C): "CAD",
    ("$", 0x0C09): "AUD",
    ("$", 0x1409): "NZD",
    ("$", 0x4809): "SGD",
    ("$", 0x0C04): "HKD",
    ("$", 0x0404): "TWD",
    ("$", 0x080A): "MXN",
    ("¥", 0x0411): "JPY",
    ("￥", 0x0411): "JPY",
}


def note(file: BinaryIO, grids: Sequence[Grid]) -> None:
    """Fill ``currencies`` of the sheets of a workbook.

    Args:
        file: The workbook.
        grids: Its sheets, or some of them.
    """
    try:
        file.seek(0)
        old = file.read(len(_OLE)) == _OLE
        file.seek(0)
        if old:
            biff_formats.note(file, grids, currencies_of)
            return
        with zipfile.ZipFile(file) as package:
            if _CONTENT in package.namelist():
                _note_open_document(package, grids)
                return
            styles = _styles(package)
            if not styles:
                return
            parts = _parts(package)
            for grid in grids:
                if part := parts.get(grid.name):
                    _note_sheet(package, part, styles, grid)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - another format, or damage of any kind: reported where the cells are read
        return
    finally:
        file.seek(0)


@lru_cache(maxsize=1024)
def currencies_of(code: str) -> tuple[str, ...]:
    """Return the currencies that a format code shows for positive numbers, the usual one first; mostly none."""
    for bracketed, language, quoted, escaped, bare in _SIGN.findall(code.partition(";")[0]):
        sign = (bracketed or quoted or escaped or bare).strip()
        if known := _OF_LANGUAGE.get((sign, int(language or "0", 16) & 0xFFFF)):
            return (known,)
        if codes := currency_codes(sign):
            return codes
    return ()


def _note_open_document(package: zipfile.ZipFile, grids: Sequence[Grid]) -> None:
    """Fill ``currencies`` from an .ods file, whose cells name their currency themselves."""
    if package.getinfo(_CONTENT).file_size > _LARGEST or b"office:currency=" not in (
        content := package.read(_CONTENT)
    ):
        return
    from lxml import etree

    by_name = {grid.name: grid for grid in grids}
    for table in etree.fromstring(content, etree.XMLParser(huge_tree=True, **_SAFE)).iter(f"{_TABLE}table"):
        grid, row = by_name.get(table.get(f"{_TABLE}name", "")), 0
        if grid is None:
            continue
        for line in table.iter(f"{_TABLE}table-row"):
            times = int(line.get(f"{_TABLE}number-rows-repeated", "1"))
            column = 0
            for cell in line:
                width = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
                if codes := currency_codes(cell.get(f"{_OFFICE}currency", "")):
                    for place in range(column, column + min(width, _WIDEST)):
                        shown = grid.currencies.setdefault(place, {})
                        shown.update(dict.fromkeys(range(row, min(row + times, grid.height)), codes))
                column += width
            row += times


def _styles(package: zipfile.ZipFile) -> dict[str, tuple[str, ...]]:
    """Return the currencies of the cell styles that show one, by the style's number."""
    root = _root(package, "xl/styles.xml")
    codes = {each.get("numFmtId"): each.get("formatCode", "") for each in root.iter("{*}numFmt")}
    shown = {number: found for number, code in codes.items() if (found := currencies_of(code))}
    cells = next(iter(root.iter("{*}cellXfs")), ())
    return {
        str(number): shown[each.get("numFmtId")]
        for number, each in enumerate(cells)
        if each.get("numFmtId") in shown
    }


def _note_sheet(package: zipfile.ZipFile, part: str, styles: dict[str, tuple[str, ...]], grid: Grid) -> None:
    if package.getinfo(part).file_size > _LARGEST:
        return
    numbers = "|".join(styles)
    # Excel, WPS, LibreOffice and the libraries write the address, then the style; texts show no format.
    cell = re.compile(
        rf'<(?:\w+:)?c r="([A-Z]{{1,3}})(\d+)" s="({numbers})"(?![^<>]*\bt="(?:s|str|inlineStr|b|e)")(?![^<>]*/>)'.encode()
    )
    for column, row, style in cell.findall(package.read(part)):
        place = grid.currencies.setdefault(_column(column), {})
        place[int(row) - 1] = styles[style.decode()]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of each sheet by the sheet's name."""
    targets = {
        each.get("Id"): each.get("Target", "")
        for each in _elements(package, "xl/_rels/workbook.xml.rels", "Relationship")
    }
    found = {}
    for each in _elements(package, "xl/workbook.xml", "sheet"):
        number = next((value for key, value in each.attrib.items() if key.endswith("}id")), "")
        if target := targets.get(number):
            found[each.get("name", "")] = normpath(join("/xl", target)).lstrip("/")
    return found


def _elements(package: zipfile.ZipFile, name: str, tag: str) -> Iterator[Any]:
    return iter(_root(package, name).iter(f"{{*}}{tag}"))


def _root(package: zipfile.ZipFile, name: str) -> Any:
    from lxml import etree

    with package.open(name) as part:
        return etree.fromstring(part.read(_SMALL_PART), etree.XMLParser(**_SAFE))
