"""XML Spreadsheet 2003: Excel's text form of a workbook, named .xls or .xml."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

from opsbook.intake.arithmetic import name_of
from opsbook.intake.grid import Grid, Merged
from opsbook.intake.limits import Unreadable

NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_SS = f"{{{NAMESPACE}}}"
_HEAD = 4096  # bytes in which the root element begins
_ROWS, _COLUMNS = 1 << 20, 1 << 14  # what a sheet can hold
_CELLS = 50_000_000  # of a sheet with its gaps
_DECLARES = (
    "XML 中有自定义实体，不是表格程序写出的 / the XML declares entities, which no spreadsheet program does"
)
_DAMAGED = "XML 已损坏或没有下载完整 / the XML is damaged or cut off"


def looks_like_spreadsheet(data: bytes) -> bool:
    """Whether the file is XML with the namespace of such workbooks, in any encoding."""
    head = data[:_HEAD].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return head.startswith(b"<") and NAMESPACE.encode() in head


def read_spreadsheet(data: bytes) -> list[Grid]:
    """Return every sheet; a file with entities of its own is refused, and nothing is fetched.

    Raises:
        Unreadable: The XML is damaged, or a sheet is larger than Excel's.
    """
    from lxml import etree  # only these files need it

    grids = []
    events = etree.iterparse(
        BytesIO(data), tag=f"{_SS}Worksheet", resolve_entities=False, no_network=True, load_dtd=False
    )
    try:
        for _, sheet in events:
            if sheet.getroottree().docinfo.doctype:
                raise Unreadable("file.unreadable", _DECLARES)
            grids.append(_sheet(sheet))
            sheet.clear()
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("file.unreadable", _DAMAGED) from error  # its words may quote a cell
    if not grids:
        raise Unreadable("file.unreadable", "没有工作表 / no sheet")
    return grids


def _sheet(sheet: Any) -> Grid:
    rows: list[list[object]] = []
    uncalculated: dict[tuple[int, int], str] = {}
    found: list[Merged] = []
    reaching: list[Merged] = []  # those that cover cells of rows below
    width = 0
    for line in sheet.iterfind(f"{_SS}Table/{_SS}Row"):
        number = _index(line, len(rows), _ROWS)
        rows.extend([] for _ in range(number - len(rows)))
        reaching = [each for each in reaching if number <= each[2]]
        merged: list[Merged] = []
        row = _row(line, number, merged, reaching)
        found += merged
        reaching += [each for each in merged if each[2] > number]
        for column, cell in row.items():
            if cell is _NO_RESULT:
                uncalculated[number, column] = name_of((number, column))
        cells: list[object] = [""] * (max(row, default=-1) + 1)
        for column, cell in row.items():
            cells[column] = None if cell is _NO_RESULT else cell
        rows.append(cells)
        width = max(width, len(cells))
        _bounded(len(rows) * width)
    return Grid(
        sheet.get(f"{_SS}Name", ""),
        [cells + [""] * (width - len(cells)) for cells in rows],
        uncalculated=uncalculated,
        merged=found,
    )


_NO_RESULT = object()


def _row(line: Any, number: int, merged: list[Merged], reaching: list[Merged]) -> dict[int, object]:
    """Return the cells of a row by column; what a merged cell covers is empty, and its range is noted."""
    covered = {each for _, left, _, right in reaching for each in range(left, right + 1)}
    found: dict[int, object] = {}
    column = 0
    for cell in line.iterchildren(f"{_SS}Cell"):
        while not cell.get(f"{_SS}Index") and column in covered:
            column += 1
        column = _index(cell, column, _COLUMNS)
        found[column] = _value(cell)
        across, down = (_number(cell.get(f"{_SS}{name}"), 0) for name in ("MergeAcross", "MergeDown"))
        across, down = min(across, _COLUMNS), min(down, _ROWS)
        if across or down:
            merged.append((number, column, number + down, column + across))
        column += 1 + across
    return found


def _index(element: Any, following: int, limit: int) -> int:
    """Return where a row or cell stands, counted from 0: where it says so, else after the one before."""
    place = _number(element.get(f"{_SS}Index"), following + 1) - 1
    if not following <= place < limit:
        raise Unreadable("file.unreadable", _DAMAGED)
    return place


def _number(text: str | None, otherwise: int) -> int:
    number = int(text) if text and text.strip().isdigit() and len(text) < 9 else otherwise
    return max(number, 0)


def _bounded(cells: int) -> None:
    if cells > _CELLS:
        raise Unreadable("file.too_large", f"{cells:,} cells")


def _value(cell: Any) -> object:
    data = cell.find(f"{_SS}Data")
    text = "" if data is None else "".join(data.itertext())
    if not text.strip():
        return _NO_RESULT if cell.get(f"{_SS}Formula") and data is None else text
    match data.get(f"{_SS}Type"):
        case "Number":
            return _float(text)
        case "DateTime":
            return _moment(text)
        case "Boolean":
            return text.strip() in ("1", "true")
        case "Error":
            return None
        case _:
            return text


def _float(text: str) -> object:
    """Return the number; an id of more digits than a double keeps stays a text, whatever the file calls it."""
    bare = text.strip()
    if bare.lstrip("-").isdigit():
        return int(bare) if len(bare) <= 15 else bare
    try:
        return float(bare)
    except ValueError:
        return text


def _moment(text: str) -> object:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return text
    return moment.replace(tzinfo=None)
