"""Formulas in cells: shared ones taken apart, arrays told from ours, one cell written with its value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from opsbook.backends.ooxml import cell_element as cells
from opsbook.backends.ooxml import dynamic_arrays, xml_spans
from opsbook.backends.ooxml.cell_element import CellMark
from opsbook.book import address
from opsbook.book.address import Place
from opsbook.book.model import Cell, Scalar

if TYPE_CHECKING:
    from opsbook.backends.ooxml.sheet_part import WorksheetPart
    from opsbook.backends.ooxml.shifting import Shift

_ANY_FORMULA = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?f[\s/>]")


def arrays(sheet: WorksheetPart) -> list[Place]:
    """Return the ranges of array formulas, spills and data tables of more than one cell."""
    found = []
    for kind in (b"array", b"dataTable"):
        for _, row in sheet.rows_with(kind):
            for mark in row.cells.values():
                values = mark.formula_attributes()
                place = address.parse(values.get("ref", "")) if values.get("t") == kind.decode() else None
                if place and (place.rows > 1 or place.columns > 1):
                    found.append(place)
    return found


def text_at(sheet: WorksheetPart, row: int, column: int, mark: CellMark) -> str:
    """Return the formula of a cell, that of a member of a shared formula translated to its place."""
    if not mark.formula:
        return ""
    values = mark.formula_attributes()
    own = cells.formula_text(mark, sheet.speech)
    if own or values.get("t") != "shared":
        return own
    master = _master(sheet, values.get("si", ""))
    return _translated(*master, row, column) if master else ""


def read(sheet: WorksheetPart, row: int, column: int) -> Cell:
    """Return what a cell holds: its value, and its formula as the file stores it, without ``=``."""
    mark = sheet.mark(row, column)
    if mark is None:
        return Cell()
    value = cells.value_of(mark, sheet.context, sheet.speech)
    return Cell(value, formula=text_at(sheet, row, column, mark))


def _translated(text: str, row: int, column: int, to_row: int, to_column: int) -> str:
    # Imported here: openpyxl takes a quarter of a second and few workbooks have shared formulas.
    from openpyxl.formula.translate import Translator

    moved = Translator("=" + text, origin=address.a1(row, column)).translate_formula(
        address.a1(to_row, to_column)
    )
    return str(moved)[1:]


def _master(sheet: WorksheetPart, group: str) -> tuple[str, int, int] | None:
    """Return text, row and column of the cell that holds a shared formula, as the file had it."""
    if sheet.shared is None:
        sheet.shared = {}
        for number, row in sheet.rows_with(b"shared"):
            for column, mark in row.cells.items():
                values = mark.formula_attributes()
                text = cells.formula_text(mark, sheet.speech) if values.get("t") == "shared" else ""
                if text:
                    sheet.shared[values.get("si", "")] = text, number, column
    return sheet.shared.get(group)


def _release(sheet: WorksheetPart, mark: CellMark) -> None:
    """Give every member of a shared formula its own text before the cell that holds the text is overwritten."""
    values = mark.formula_attributes()
    if values.get("t") != "shared" or not cells.formula_text(mark, sheet.speech):
        return
    group = values.get("si", "")
    master = _master(sheet, group)
    if not master:
        return
    for number, row in list(sheet.rows_with(b"shared")):
        for column in list(row.cells):
            member = row.cells[column]
            own = member.formula_attributes()
            if own.get("t") == "shared" and own.get("si") == group:
                member = sheet.own_mark(number, column)
                member.formula = _element(sheet, _translated(*master, number, column))
                member.raw = b""


def _element(sheet: WorksheetPart, text: str, *, spills_from: str = "") -> bytes:
    said = f' t="array" ref="{spills_from}"'.encode() if spills_from else b""
    return b"<%bf%b>%b</%bf>" % (sheet.speech.prefix, said, xml_spans.escape(text), sheet.speech.prefix)


def plain_call(sheet: WorksheetPart, row: int, column: int) -> bool:
    """Whether a cell calls a function of ours in a formula that Excel 365 shows with ``@``."""
    mark = sheet.mark(row, column)
    return mark is not None and bool(mark.formula) and _as_plain(sheet, row, column, mark)


def _as_plain(sheet: WorksheetPart, row: int, column: int, mark: CellMark) -> bool:
    if "cm" in mark.attributes and mark.formula_attributes().get("t") == "array":
        return False
    return _may_spill(sheet, row, column, text_at(sheet, row, column, mark))


def _may_spill(sheet: WorksheetPart, row: int, column: int, formula: str) -> bool:
    """Whether a formula is to be stored as a dynamic array: Excel takes none in merged cells."""
    return bool(formula) and dynamic_arrays.calls(formula) and not sheet.merged(row, column)


def write(sheet: WorksheetPart, row: int, column: int, value: Scalar, formula: str) -> None:
    """Write a plain value, or a formula with its value; a cell that says the same already is left as it is.

    Args:
        sheet: Where.
        row: From 0.
        column: From 0.
        value: As `opsbook.backends.ooxml.cell_element.plain` returns it.
        formula: As the file stores it, without ``=``; empty for a value alone.
    """
    if value == "" and not formula:
        value = None  # an empty text in a cell would only hide that it is empty
    mark = sheet.mark(row, column)
    if mark is None and value is None and not formula:
        return
    kept = False
    if mark is not None:
        had = text_at(sheet, row, column, mark)
        kept = bool(formula) and address.same_formula(had, formula)
        if kept and _as_plain(sheet, row, column, mark):
            kept, formula = False, had
        same = cells.same_value(cells.value_of(mark, sheet.context, sheet.speech), value)
        if same and (kept or (not formula and not mark.formula)):
            return
        if not kept:
            _release(sheet, mark)
    mark = sheet.own_mark(row, column)
    if not kept:
        spills = _may_spill(sheet, row, column, formula)
        # The calculation chain says which cells have formulas, and which of these are arrays.
        sheet.formulas_changed |= spills or bool(mark.formula) != bool(formula)
        for name in ("cm", "vm"):
            mark.attributes.pop(name, None)
        mark.formula = _element(sheet, formula) if formula else b""
        if spills:
            mark.formula = _element(sheet, formula, spills_from=address.a1(row, column))
            mark.attributes["cm"] = sheet.context.dynamic
    cells.set_content(mark, value, sheet.context, sheet.speech, computed=bool(formula))
    sheet.changed.add((row, column))


def follow(sheet: WorksheetPart, row: int, column: int, shift: Shift, title: str, *, own: bool) -> None:
    """Rewrite the formula of a cell after lines came to a sheet or went from it; its value stays.

    Args:
        sheet: Where the cell is.
        row: From 0, before the change.
        column: From 0, before the change.
        shift: The change.
        title: Of the cell's sheet.
        own: Whether the lines are of this sheet.
    """
    mark = sheet.mark(row, column)
    if mark is None:
        return
    values = mark.formula_attributes()
    shared = values.get("t") == "shared"
    if shared:
        _master(sheet, "")  # looked for before the first of them is rewritten
    text = text_at(sheet, row, column, mark)
    if shared and not text:
        return
    new = shift.formula(text, title) if text else text
    span = values.get("ref", "") if own and not shared else ""
    reference = shift.references(span) if span else ""
    if new == text and reference == span and not (shared and own):
        return
    if shared and not own:
        _release(sheet, mark)
    mark = sheet.own_mark(row, column)
    if not shared:
        cut = mark.formula.index(b">") + 1
        tag = mark.formula[:cut]
        tag = xml_spans.with_attribute(tag, "ref", reference) if reference else tag
        if not text:
            mark.formula = tag + mark.formula[cut:]
        else:
            closing = b"</%bf>" % sheet.speech.prefix
            mark.formula = tag + xml_spans.escape(new) + closing
    else:
        mark.formula = _element(sheet, new)
    mark.raw = b""


def any_outside(sheet: WorksheetPart, ours: Sequence[Place]) -> bool:
    """Whether the sheet has a formula outside these rectangles."""
    return any(
        mark.formula and not any(place.holds(number, column) for place in ours)
        for number, row in sheet.rows_with(b"<" + sheet.speech.prefix + b"f")
        for column, mark in row.cells.items()
    )


def any_in(data: bytes) -> bool:
    """Whether the bytes of a worksheet hold a formula."""
    end = data.rfind(b"sheetData>")
    end = end if end >= 0 else len(data)
    # A plain search first: it goes through a hundred megabytes in no time, the expression does not.
    if all(data.find(spelling, 0, end) < 0 for spelling in (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/")):
        return False
    return bool(_ANY_FORMULA.search(data, 0, end))
