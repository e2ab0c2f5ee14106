"""Makes a new workbook from a plan with XlsxWriter. Equal plans give equal bytes."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from opsbook.backends.ooxml import dynamic_arrays
from opsbook.backends.xlsxwriter import (
    chart_objects,
    conditional_formats,
    input_cells,
    package_additions,
    refresh_button,
)
from opsbook.backends.xlsxwriter.format_factory import Looks
from opsbook.book import furniture, layout, spots, versions
from opsbook.book.address import LAST_COLUMN, LAST_ROW, Place, fill, spell
from opsbook.book.formats import FONT, Ink
from opsbook.book.model import LAYOUT_NAME, BookPlan, Cell, Error, Scalar
from opsbook.domain.language import Language
from opsbook.functions import FUNCTIONS
from opsbook.support import atomic_files

# Fixed, so that the same plan gives the same bytes on every day.
CREATED = datetime(2026, 1, 1, tzinfo=UTC)
_TABS: Mapping[str, str] = MappingProxyType({"report": Ink.ACCENT, "input": Ink.INPUT_RULE, "log": Ink.PRIOR})


def write(path: Path, plan: BookPlan, *, created: datetime = CREATED, formulas: bool = True) -> None:
    """Write a new workbook.

    Args:
        path: The file; one that is there is replaced.
        plan: What it holds.
        created: The date of creation that the file tells.
        formulas: False for a copy with values alone, for programs that know no LAMBDA.
    """
    atomic_files.write(path, build(plan, created=created, formulas=formulas), overwrite=True)


def build(
    plan: BookPlan, *, created: datetime = CREATED, formulas: bool = True, buttons: bool = False
) -> bytes:
    """Return the bytes of a new workbook.

    Args:
        plan: What it holds.
        created: The date of creation that the file tells.
        formulas: As of `write`.
        buttons: Whether its sheets have buttons; macros for them are the caller's business.
    """
    if not formulas:
        plan = _values_only(plan)
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    )
    book.set_properties({"created": created.replace(tzinfo=None), "author": "OpsBook", "title": "OpsBook"})
    book.set_size(2400, 1400)
    package_additions.calculated(book)
    looks = Looks(book, plan.language)
    sheets = {sheet.id: book.add_worksheet(sheet.title[plan.language]) for sheet in layout.SHEETS}
    for sheet in layout.SHEETS:
        _dress(sheets[sheet.id], layout.pages()[sheet.id], sheet.id, plan.language)
    _heights(sheets, plan)
    input_cells.add(sheets, looks, plan)
    for label in furniture.labels(plan.language):
        sheets[label.sheet].write(label.row, label.column, label.text, looks.format(label.style))
    input_cells.merge_levels(sheets, looks, plan.language)
    _blocks(sheets, looks, plan)
    conditional_formats.add(book, sheets, plan)
    chart_objects.add(book, sheets, plan)
    chart_objects.sparklines(sheets, plan)
    if buttons:
        refresh_button.add(sheets, plan.language)
    _names(book, plan)
    book.close()
    comments = {name: FUNCTIONS[name].comment(plan.language) for name in plan.names if name in FUNCTIONS}
    comments |= versions.comments(plan.language)
    return package_additions.finish(stream.getvalue(), plan.language, quiet=_quiet(plan), comments=comments)


def _quiet(plan: BookPlan) -> dict[int, list[Place]]:
    """Return where Excel is to point at nothing, by the number of the sheet: in blocks, and where people paste."""
    found: dict[str, tuple[int, list[Place]]] = {
        sheet.id: (number, []) for number, sheet in enumerate(layout.SHEETS, start=1)
    }
    for place in (
        *map(layout.place, plan.blocks),
        *(
            Place(each.sheet, each.row, each.column, each.rows, each.columns)
            for each in layout.INPUTS.values()
        ),
        *(
            Place(f"paste{number}", 0, 0, LAST_ROW + 1, LAST_COLUMN + 1)
            for number in range(1, layout.PASTE_SHEETS + 1)
        ),
    ):
        found[place.sheet][1].append(place)
    return {number: places for number, places in found.values() if places}


def _heights(sheets: Mapping[str, Any], plan: BookPlan) -> None:
    """Give every row in use its height: some programs fit rows without one to their text."""
    last: dict[str, int] = {}
    for block in plan.blocks:
        at, prepared = layout.place(block), layout.SPOTS[block.name].rows
        last[at.sheet] = max(last.get(at.sheet, 0), at.row + max(at.rows, prepared))
    for label in furniture.labels(plan.language):
        last[label.sheet] = max(last.get(label.sheet, 0), label.row + 1)
    for cells in layout.INPUTS.values():
        last[cells.sheet] = max(last.get(cells.sheet, 0), cells.row + cells.rows)
    taller = {(sheet, row): height for sheet, row, height in furniture.heights(plan.language)}
    for sheet, rows in last.items():
        page = layout.pages()[sheet]
        for row in range(rows):
            sheets[sheet].set_row_pixels(row, taller.get((sheet, row), page.heights.get(row, page.height)))


def _values_only(plan: BookPlan) -> BookPlan:
    """Return the plan without formulas, undefined figures blank: what programs without LAMBDA can show."""
    return replace(
        plan,
        blocks=tuple(
            replace(
                block,
                cells=tuple(tuple(_plain(cell) for cell in row) for row in block.cells),
            )
            for block in plan.blocks
        ),
    )


def _plain(cell: Cell) -> Cell:
    value = None if isinstance(cell.value, Error) else cell.value
    return replace(cell, value=value, formula="", refs=())


def _dress(sheet: Any, page: spots.PageSetup, name: str, language: Language) -> None:
    sheet.set_default_row(page.height * 0.75)
    for column, width in enumerate(page.columns):
        sheet.set_column_pixels(column, column, width)
    if not name.startswith("paste"):
        sheet.hide_gridlines(2)
    if page.freeze:
        sheet.freeze_panes(*page.freeze)
    sheet.set_tab_color(_TABS[page.tab])
    sheet.set_paper(page.paper)
    sheet.set_margins(left=0.4, right=0.4, top=0.45, bottom=0.55)
    if page.landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, page.tall)
    sheet.center_horizontally()
    if page.repeat:
        sheet.repeat_rows(*page.repeat)
    if page.printed:
        sheet.print_area(0, 0, *page.printed)
    if page.breaks:
        sheet.set_h_pagebreaks(list(page.breaks))
    font = FONT[language]
    sheet.set_footer(
        f'&L&"{font},Regular"&8&A&R&"{font},Regular"&8{furniture.template_text("page", language)}',
        {"margin": 0.25},
    )


def _blocks(sheets: Mapping[str, Any], looks: Looks, plan: BookPlan) -> None:
    merged = {(place.sheet, place.row, place.column): place for place in layout.MERGES}
    for block in plan.blocks:
        at = layout.place(block)
        sheet = sheets[at.sheet]
        for row, cells in enumerate(block.cells, start=at.row):
            for column, cell in enumerate(cells, start=at.column):
                place = merged.get((at.sheet, row, column))
                if place:
                    sheet.merge_range(
                        row, column, place.last_row, place.last_column, "", looks.format(cell.style)
                    )
                spills = not place and dynamic_arrays.calls(cell.formula)
                _cell(sheet, Place(at.sheet, row, column), cell, looks, fixed=block.shared, spills=spills)
        _prepare(sheet, block.cells[-1], layout.SPOTS[block.name], len(block.cells), looks)


def _prepare(sheet: Any, pattern: tuple[Cell, ...], spot: spots.Spot, used: int, looks: Looks) -> None:
    """Give the rows that a growing block may come to use the formats of its last row."""
    for row in range(spot.row + used, spot.row + spot.rows):
        for column, cell in enumerate(pattern, start=spot.column):
            sheet.write_blank(row, column, None, looks.format(cell.style))


def _cell(sheet: Any, at: Place, cell: Cell, looks: Looks, *, fixed: bool, spills: bool) -> None:
    look = looks.format(cell.style)
    if cell.formula:
        places = [titled(layout.resolve(ref), looks.language) for ref in cell.refs]
        text = "=" + fill(cell.formula, places, layout.title(at.sheet, looks.language), fixed=fixed)
        value = cell.value.code if isinstance(cell.value, Error) else cell.value
        value = "" if value is None else value
        if spills and not isinstance(
            cell.value, Error
        ):  # XlsxWriter gives errors of arrays the type of a text
            sheet.write_dynamic_array_formula(at.row, at.column, at.row, at.column, text, look, value)
        else:
            sheet.write_formula(at.row, at.column, text, look, value)
    else:
        _value(sheet, at.row, at.column, cell.value, look)


def _value(sheet: Any, row: int, column: int, value: Scalar, look: Any) -> None:
    if value is None or value == "":
        sheet.write_blank(row, column, None, look)
    elif isinstance(value, Error):
        sheet.write_formula(row, column, "=NA()", look, value.code)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, look)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, look)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, look)
    else:
        sheet.write_string(row, column, value, look)


def _names(book: Any, plan: BookPlan) -> None:
    for block in plan.blocks:
        book.define_name(f"ops.{block.name}", _absolute(layout.place(block), plan.language))
    for cells in layout.INPUTS.values():
        place = Place(cells.sheet, cells.row, cells.column, cells.rows, cells.columns)
        book.define_name(f"ops.{cells.name}", _absolute(place, plan.language))
    for name, text in plan.names.items():
        book.define_name(name, f"={text}")
    book.define_name(LAYOUT_NAME, f'="{versions.current(plan.language).mark}"')


def _absolute(place: Place, language: Language) -> str:
    return "=" + spell(titled(place, language), absolute=True)


def titled(place: Place, language: Language) -> Place:
    """Return the cells with the sheet's title in the place of its id."""
    return replace(place, sheet=layout.title(place.sheet, language))
