"""Formulas whose result no program has stored: their cells are unknown, and never 0.

Libraries write formulas without a result, or with a 0 in its place. A 0 is believed where a program calculated the
workbook. It is made up where every formula of the workbook gives 0 and something proves that nobody calculated
them: plain arithmetic comes to another number, the file asks to be calculated when it is opened, or it says that
Excel wrote it and lacks the chain of calculation that Excel writes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from posixpath import join, normpath
from typing import Any, BinaryIO

from opsbook.intake.arithmetic import Cell, SheetArithmetic, Unknown, name_of, place_of
from opsbook.intake.grid import Grid

_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_CHUNK = 1 << 20
_SMALL_PART = 16 << 20  # bytes of a part that lists sheets
_WRITERS = ("Microsoft Excel", "Apache POI")  # Excel itself also writes the chain of calculation
_SAFE: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False}


@dataclass(frozen=True)
class Formula:
    """A formula.

    Attributes:
        text: As it is written, or empty where it shares the text of another cell.
        empty: No result is stored.
        zero: The stored result is the number 0.
    """

    text: str
    empty: bool
    zero: bool


def settle(file: BinaryIO, grids: Sequence[Grid], *, ours: bool = False) -> None:
    """Calculate the formulas without a true result where that is certain; empty and list the other cells.

    Args:
        file: The workbook; only a package of XML (.xlsx, .xlsm) is looked at.
        grids: Its sheets, or some of them; `Grid.uncalculated` gets the cells that stay unknown.
        ours: It is a workbook of OpsBook, which asks to be calculated for the sake of its own pages.
    """
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as package:
            names = frozenset(package.namelist())
            parts = _parts(package) if "xl/workbook.xml" in names else {}
            found = [
                _formulas(package, part) if (part := parts.get(grid.name, "")) in names else {}
                for grid in grids
            ]
            if not any(found):
                return
            calculated = "xl/calcChain.xml" in names
            asks = not calculated and not ours and _asks(package, names)
    except Exception:  # noqa: BLE001 - damage of any kind is reported where the cells are read
        return
    finally:
        file.seek(0)
    decide(list(zip(grids, found, strict=True)), calculated=calculated, asks=asks)


def settle_old(file: BinaryIO, grids: Sequence[Grid]) -> None:
    """Empty and list the cells of an .xls workbook whose formula has no true result."""
    from opsbook.intake.biff import uncalculated

    try:
        found = uncalculated(file)
    except Exception:  # noqa: BLE001 - damage of any kind is reported where the cells are read
        return
    finally:
        file.seek(0)
    if len(found) == len(grids):
        for grid, cells in zip(grids, found, strict=True):
            for cell in cells:
                _put(grid, cell, None)


def decide(sheets: Sequence[tuple[Grid, Mapping[Cell, Formula]]], *, calculated: bool, asks: bool) -> None:
    """Settle the formulas of a workbook's sheets.

    Args:
        sheets: Each with its formulas.
        calculated: A program calculated the workbook: every stored result is true.
        asks: The file says of itself that its results are not calculated.
    """
    doubtful: list[tuple[Grid, Mapping[Cell, Formula], dict[Cell, float | None]]] = []
    disproved = False
    for grid, formulas in sheets:
        open_ones = {
            cell: each.text for cell, each in formulas.items() if each.empty or (each.zero and not calculated)
        }
        sheet = SheetArithmetic(grid.rows, open_ones)
        values = {cell: sheet.value(cell) for cell in open_ones}
        disproved = disproved or any(values[cell] for cell in values if formulas[cell].zero)
        doubtful.append((grid, formulas, values))
    all_zero = all(each.zero for _, formulas in sheets for each in formulas.values() if not each.empty)
    doubted = all_zero and (asks or disproved)
    for grid, formulas, values in doubtful:
        for cell, value in values.items():
            if formulas[cell].empty or doubted or value:
                _put(grid, cell, value)


def _put(grid: Grid, cell: Cell, value: float | None) -> None:
    row, column = cell
    if row < grid.height and column < grid.width and isinstance(cells := grid.rows[row], list):
        cells[column] = value
        if value is None:
            grid.uncalculated[cell] = name_of(cell)


def _parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of each sheet by the sheet's name."""
    targets = {
        element.get("Id", ""): element.get("Target", "")
        for element in _elements(package, "xl/_rels/workbook.xml.rels", "Relationship")
    }
    found = {}
    for element in _elements(package, "xl/workbook.xml", "sheet"):
        ids = [value for key, value in element.attrib.items() if key.endswith("}id")]
        target = targets.get(ids[0], "") if ids else ""
        found[element.get("name", "")] = normpath(join("/xl", target)).lstrip("/")
    return found


def _asks(package: zipfile.ZipFile, names: frozenset[str]) -> bool:
    for element in _elements(package, "xl/workbook.xml", "calcPr"):
        if element.get("fullCalcOnLoad") in ("1", "true"):
            return True
    about = "docProps/app.xml"
    return about in names and any(
        element.text in _WRITERS for element in _elements(package, about, "Application")
    )


def _elements(package: zipfile.ZipFile, name: str, tag: str) -> Iterator[Any]:
    from lxml import etree

    with package.open(name) as part:
        root = etree.fromstring(part.read(_SMALL_PART), etree.XMLParser(**_SAFE))
    return iter(root.iter(f"{{*}}{tag}"))


def _formulas(package: zipfile.ZipFile, name: str) -> dict[Cell, Formula]:
    """Return the formulas of a sheet; most sheets have none, and their part is only searched for one."""
    if not _has_formula(package, name):
        return {}
    from lxml import etree

    found: dict[Cell, Formula] = {}
    row = -1
    with package.open(name) as part:
        for _, line in etree.iterparse(part, tag="{*}row", **_SAFE):
            row = int(line.get("r") or row + 2) - 1
            column = -1
            for cell in line.iterchildren("{*}c"):
                column = _column(cell.get("r"), column)
                if (formula := _formula(cell)) is not None:
                    found[row, column] = formula
            line.clear()
            while line.getprevious() is not None:
                del line.getparent()[0]
    return found


def _has_formula(package: zipfile.ZipFile, name: str) -> bool:
    before = b""
    with package.open(name) as part:
        while chunk := part.read(_CHUNK):
            if _FORMULA.search(before + chunk):
                return True
            before = chunk[-40:]
    return False


def _column(address: str | None, before: int) -> int:
    if not address:
        return before + 1
    try:
        return place_of(address)[1]
    except Unknown:
        return before + 1


def _formula(cell: Any) -> Formula | None:
    element = cell.find("{*}f")
    if element is None:
        return None
    result = cell.findtext("{*}v") or ""
    numeric = cell.get("t", "n") == "n"
    # Excel writes an empty text as a result of its own type.
    empty = not result.strip() and cell.get("t") != "str"
    text = "" if element.get("t") == "dataTable" else element.text or ""
    return Formula(text, empty, numeric and not empty and _is_zero(result))


def _is_zero(result: str) -> bool:
    try:
        return float(result) == 0
    except ValueError:
        return False
