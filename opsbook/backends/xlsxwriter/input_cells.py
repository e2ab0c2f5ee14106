"""The cells for people: settings, paste sheets, header map, store level, with what may be typed there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from opsbook.book import furniture, layout
from opsbook.book.address import letters
from opsbook.book.formats import style
from opsbook.book.model import BookPlan
from opsbook.book.spots import Input
from opsbook.domain.language import Language
from opsbook.params import Setting, declared
from opsbook.plan.table_declarations import CellKind, Writer
from opsbook.plan.table_declarations import tables as shared_tables
from opsbook.review.team import TeamTable, is_day, is_number, tables
from opsbook.schemas import Field, of_sheets
from opsbook.sheets.sheet_list import section

if TYPE_CHECKING:
    from opsbook.backends.xlsxwriter.format_factory import Looks

_DATE, _TEXT = "yyyy-mm-dd", "@"
_LAST_COLUMN = 16_383
_KINDS_COLUMN = 30


def add(sheets: Mapping[str, Any], looks: Looks, plan: BookPlan) -> None:
    """Write every cell for people, with its first content where the plan gives one."""
    for number in range(1, layout.PASTE_SHEETS + 1):
        _paste_sheet(sheets[f"paste{number}"], looks)
    for cells in layout.INPUTS.values():
        sheet = sheets[cells.sheet]
        for row in range(cells.row, cells.row + cells.rows):
            for column in range(cells.column, cells.column + cells.columns):
                look = replace(style("ops_input", plan.language), number=_number(cells, column))
                value = _first_content(plan, cells, row - cells.row, column - cells.column)
                if isinstance(value, date):
                    sheet.write_datetime(row, column, value, looks.of(look))
                elif value is None:
                    sheet.write_blank(row, column, None, looks.of(look))
                else:
                    sheet.write(row, column, value, looks.of(look))
    _validate_settings(sheets["settings"], plan.language)
    _validate_team(sheets["team"], plan.language)
    _validate_shared(sheets, plan)
    _validate_kinds(sheets["headermap"], plan.language)


def _first_content(plan: BookPlan, cells: Input, row: int, column: int) -> Any:
    if cells.rows == cells.columns == 1:
        return plan.inputs.get(cells.name)
    rows = plan.input_rows.get(cells.name, ())
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else None


def _validate_kinds(sheet: Any, language: Language) -> None:
    """Let the kind of a header rule be chosen; the list stands in a hidden column, being too long for the rule itself."""
    titles = [schema.title[language] for schema in of_sheets()]
    sheet.write_column(0, _KINDS_COLUMN, titles)
    sheet.set_column(_KINDS_COLUMN, _KINDS_COLUMN, None, None, {"hidden": True})
    column = letters(_KINDS_COLUMN)
    rules = layout.INPUTS["headermap.rules"]
    kind = rules.column + section(rules.name).at("kind")
    sheet.data_validation(
        rules.row,
        kind,
        rules.row + rules.rows - 1,
        kind,
        {
            "validate": "list",
            "source": f"=${column}$1:${column}${len(titles)}",
            "error_type": "warning",
        },
    )


def merge_levels(sheets: Mapping[str, Any], looks: Looks, language: Language) -> None:
    """Join the cells for the texts of the store level."""
    cells = layout.INPUTS["review.store_level"]
    look = looks.of(replace(style("ops_input", language), number=_TEXT))
    for place in layout.MERGES:
        if place.sheet == cells.sheet:
            sheets[place.sheet].merge_range(
                place.row, place.column, place.last_row, place.last_column, "", look
            )


def _number(cells: Input, column: int) -> str:
    """Return the number format of a cell for people: text, unless numbers or dates are wanted."""
    if cells.name == "review.store_level":
        return _DATE if column - cells.column == section(cells.name).at("date") else _TEXT
    if table := _team().get(cells.name):
        return _team_number(table.fields[column - cells.column])
    key = cells.name.removeprefix("settings.")
    if key in declared():
        return {"date": _DATE, "text": _TEXT, "integer": "0", "number": "0.00##"}[declared()[key].type]
    return _TEXT


@cache
def _team() -> Mapping[str, TeamTable]:
    return {f"team.{table.kind}": table for table in tables()}


def _team_number(field: Field) -> str:
    """Return the format of a column: a month stays the text that it is, a day becomes a date."""
    if is_number(field):
        return "0.####"
    return _DATE if is_day(field) and field.name != "month" else _TEXT


def _validate_team(sheet: Any, language: Language) -> None:
    """Let each column take what it can be read as; words outside a list only warn."""
    for name, table in _team().items():
        cells = layout.INPUTS[name]
        last = cells.row + cells.rows - 1
        for column, field in enumerate(table.fields, start=cells.column):
            rule: dict[str, Any]
            if words := table.lists.get(field.name):
                rule = {"validate": "list", "source": words[language], "error_type": "warning"}
            elif is_number(field):
                rule = {"validate": "decimal", "criteria": ">=", "value": 0, "error_message": "0, 1, 2.5"}
            elif _team_number(field) == _DATE:
                rule = _days()
            else:
                continue
            sheet.data_validation(cells.row, column, last, column, rule)


def _validate_shared(sheets: Mapping[str, Any], plan: BookPlan) -> None:
    """Let each column that people write take what it is for; words outside a list only warn."""
    for block in plan.blocks:
        if not block.shared:
            continue
        place = layout.place(block)
        for at, column in enumerate(shared_tables()[block.name].columns):
            if column.writer is Writer.REFRESH:
                continue
            rule: dict[str, Any]
            if words := column.choices.get(plan.language):
                rule = {"validate": "list", "source": words, "error_type": "warning"}
            elif column.kind is CellKind.DAY:
                rule = _days()
            elif column.least is not None:
                rule = {"validate": "decimal", "criteria": ">=", "value": column.least}
                rule["error_message"] = f">= {column.least:g}"
            else:
                continue
            first, last = place.row + 1, place.last_row
            sheets[place.sheet].data_validation(first, place.column + at, last, place.column + at, rule)


def _paste_sheet(sheet: Any, looks: Looks) -> None:
    """Make every column text, so that long ids, ``0%`` and ``5.10`` survive pasting."""
    widths = layout.pages()["paste1"].columns
    text = looks.of(replace(style("blank", looks.language), number=_TEXT))
    for column, width in enumerate(widths):
        sheet.set_column_pixels(column, column, width, text)
    sheet.set_column(len(widths), _LAST_COLUMN, None, text)
    sheet.set_selection(layout.PASTE_ROW, 0, layout.PASTE_ROW, 0)


def _validate_settings(sheet: Any, language: Language) -> None:
    for key, setting in declared().items():
        if rule := _rule(setting, language):
            cells = layout.INPUTS[f"settings.{key}"]
            sheet.data_validation(cells.row, cells.column, cells.row, cells.column, rule)


def _days() -> dict[str, Any]:
    return {
        "validate": "date",
        "criteria": "between",
        "minimum": date(2000, 1, 1),
        "maximum": date(2100, 12, 31),
        "error_message": "2026-09-30",
    }


def _rule(setting: Setting, language: Language) -> dict[str, Any] | None:
    if setting.type == "date":
        return _days()
    if setting.type == "text" or setting.minimum is None or setting.maximum is None:
        return None
    return {
        "validate": "integer" if setting.type == "integer" else "decimal",
        "criteria": "between",
        "minimum": setting.minimum,
        "maximum": setting.maximum,
        "error_message": furniture.template_text(
            "range", language, low=f"{setting.minimum:g}", high=f"{setting.maximum:g}"
        ),
    }
