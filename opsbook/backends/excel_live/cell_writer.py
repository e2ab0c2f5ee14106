"""Cells written into a sheet that is open in Excel: in rectangles, never one by one, each read back."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from opsbook.backends.excel_live import excel_errors
from opsbook.backends.ooxml import dynamic_arrays
from opsbook.book import address
from opsbook.book.address import Place
from opsbook.book.model import Cell, Error, Scalar
from opsbook.domain.errors import BookError
from opsbook.functions import ExcelError

At = tuple[int, int]
_ERROR_CELL = -2146828288  # what COM hands over for an error cell is this plus Excel's number of the error
_ERRORS = {str(error): _ERROR_CELL + error.code for error in ExcelError}
# A text of letters alone is a text to every Excel. Any other may be a number, a date, a formula to the one at hand.
_SURELY_TEXT = re.compile(r"[^\W\d_][^\d=]*")
_WORDS = frozenset({"true", "false"})
_FILE_PREFIXES = re.compile(r'("(?:[^"]|"")*")|_xl(?:fn|ws|pm)\.')


class NotTakenError(Exception):
    """Excel does not hold what was written; the message names the cell."""


def formula(text: str) -> str:
    """Return a formula as Excel takes it: ``=`` in front, without the prefixes that only files know."""
    return "=" + _FILE_PREFIXES.sub(lambda match: match[1] or "", text)


def guarded(text: str) -> str:
    """Return a text so that Excel keeps it a text: behind an apostrophe, which is not part of it."""
    if _SURELY_TEXT.fullmatch(text) and text.casefold() not in _WORDS:
        return text
    return "'" + text


def given(cell: Cell) -> Any:
    """Return what is handed to Excel for a cell whose value is plain."""
    value = cell.value
    if cell.formula:
        return formula(cell.formula)
    if value is None or value == "":
        return ""  # Excel makes the cell empty
    if isinstance(value, Error):
        return value.code
    if isinstance(value, str):
        return guarded(value)
    return value if isinstance(value, bool) else float(value)  # type: ignore[arg-type]


def rectangles(cells: Collection[At]) -> Iterator[Place]:
    """Yield rectangles that together are all of the cells, each once."""
    rows: dict[int, list[int]] = {}
    for row, column in cells:
        rows.setdefault(row, []).append(column)
    growing: dict[tuple[int, int], Place] = {}  # by first and last column, those that end with the row before
    last = -1
    for row in sorted(rows):
        runs = {}
        for first, end in runs_of(sorted(rows[row])):
            above = growing.pop((first, end), None) if row == last + 1 else None
            new = Place("", row, first, 1, end - first + 1)
            runs[first, end] = replace(above, rows=above.rows + 1) if above else new
        yield from growing.values()
        growing, last = runs, row
    yield from growing.values()


def runs_of(columns: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of each run of numbers that follow each other; they come in order."""
    first = previous = None
    for column in columns:
        if previous is not None and first is not None and column != previous + 1:
            yield first, previous
            first = None
        first = column if first is None else first
        previous = column
    if first is not None and previous is not None:
        yield first, previous


def put(sheet: Any, cells: Mapping[At, Cell]) -> None:
    """Write cells and read them back.

    Args:
        sheet: Excel's Worksheet.
        cells: By row and column from 0; values as `opsbook.backends.ooxml.cell_element.plain` returns them.

    Raises:
        NotTakenError: A cell holds something else than it was given.
    """
    spilling = [at for at, cell in cells.items() if dynamic_arrays.calls(cell.formula)]
    if not (spilling and knows_arrays(sheet)):
        spilling = []
    for place in rectangles(cells):
        spills = any(place.holds(*at) for at in spilling)
        _fill(sheet, place, cells, "Formula2" if spills else "Formula")


def knows_arrays(sheet: Any) -> bool:
    """Whether this Excel has dynamic arrays: given by ``Formula``, it would put ``@`` before a call of ours."""
    try:
        excel_errors.insist(lambda: sheet.Range("A1").Formula2)
    except Exception as error:
        if isinstance(error, BookError) or excel_errors.is_gone(error):
            raise
        return False
    return True


def _fill(sheet: Any, place: Place, cells: Mapping[At, Cell], by: str) -> None:
    area = sheet.Range(address.spell(place))
    lines = [
        [cells[row, column] for column in range(place.column, place.last_column + 1)]
        for row in range(place.row, place.last_row + 1)
    ]
    try:
        _assign(area, tuple(tuple(given(cell) for cell in line) for line in lines), by)
    except Exception as error:
        # What Excel takes in one block has limits that differ between its versions, such as the length of a text.
        if (
            place.rows * place.columns == 1
            or not excel_errors.is_refusal(error)
            or excel_errors.is_gone(error)
        ):
            raise
        for half in _halves(place):
            _fill(sheet, half, cells, by)
        return
    for down, (line, found) in enumerate(zip(lines, _values(area), strict=True)):
        for right, (cell, value) in enumerate(zip(line, found, strict=True)):
            if not _holds(value, cell):
                _write_alone(sheet, place.row + down, place.column + right, cell, by)


def _halves(place: Place) -> tuple[Place, Place]:
    if place.rows > 1:
        upper = place.rows // 2
        return replace(place, rows=upper), replace(place, row=place.row + upper, rows=place.rows - upper)
    left = place.columns // 2
    return replace(place, columns=left), replace(
        place, column=place.column + left, columns=place.columns - left
    )


def _assign(area: Any, rows: tuple[tuple[Any, ...], ...], by: str) -> None:
    """Hand rows to Excel by ``Formula`` or ``Formula2``: there it takes values as well, and errors by name, in every language."""
    if len(rows) == len(rows[0]) == 1:
        value = rows[0][0]
        plain_text = isinstance(value, str) and value[:1] not in ("=", "#")
        excel_errors.insist(partial(setattr, area, "Value2" if plain_text else by, value))
    else:
        excel_errors.insist(partial(setattr, area, by, rows))


def _values(area: Any) -> tuple[tuple[Any, ...], ...]:
    found = excel_errors.insist(lambda: area.Value2)
    return found if isinstance(found, tuple) else ((found,),)


def _holds(found: Any, cell: Cell) -> bool:
    """Whether a cell that gives ``found`` holds what it was to hold; of formulas, whether it calculates at all."""
    value: Scalar = cell.value
    if cell.formula:
        return not (isinstance(found, str) and found.startswith("="))
    if value is None or value == "":
        return found is None or found == ""
    if isinstance(value, Error):
        return type(found) is int and found == _ERRORS.get(value.code)
    if isinstance(value, bool):
        return found is value
    if isinstance(value, str):
        return isinstance(found, str) and found.replace("\r\n", "\n") == value.replace("\r\n", "\n")
    if isinstance(found, bool) or not isinstance(found, int | float):
        return False
    return math.isclose(found, float(value), rel_tol=1e-14, abs_tol=1e-300)  # type: ignore[arg-type]


def _write_alone(sheet: Any, row: int, column: int, cell: Cell, by: str) -> None:
    """Write one cell that did not take its value as part of a block.

    It may be hidden by a filter, be formatted as text, which makes texts of numbers and formulas, or be read by this
    Excel as something else than the text it is.
    """
    area = sheet.Cells(row + 1, column + 1)
    if area.MergeCells and (area.MergeArea.Row, area.MergeArea.Column) != (row + 1, column + 1):
        return  # covered by a merged cell: it holds and shows nothing
    value = given(cell)
    if isinstance(cell.value, str) and not cell.formula:
        value = "'" + cell.value if cell.value else ""
    elif area.NumberFormat == "@":
        area.NumberFormat = "General"
    _assign(area, ((value,),), by)
    if not _holds(_values(area)[0][0], cell):
        raise NotTakenError(f"{sheet.Name}!{address.a1(row, column)}")
