"""A declared section in the making: pages deliver rows, its columns are known by their keys.

Rows are counted from 1 on; row 0 holds the headings, where the section has any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from opsbook.book.formats import style
from opsbook.book.model import Cell, Ref, Scalar
from opsbook.book.words import word
from opsbook.domain.language import Language
from opsbook.sheets.sheet_parts import SheetColumn, SheetSection

if TYPE_CHECKING:
    from opsbook.book.cells import Candidate, Sheets


def heading_style(look: str, language: Language) -> str:
    """Return the style of a heading, aligned as the cells below it.

    Args:
        look: Style of the cells below.
        language: Of the book.
    """
    below = style(look, language)
    return "headnum" if below.align == "right" else "headnote" if below.indent else "head"


def _plain(look: str) -> str:
    """Return a look without what a row is to choose."""
    return look.partition(".{")[0]


def cells(section: SheetSection, row: int, key: str, rows: int = 1, columns: int = 1) -> Ref:
    """Return cells of a declared section.

    Args:
        section: Which.
        row: Of the first cell, from 1 on; 0 is that of the headings.
        key: Of its column.
        rows: How many.
        columns: How many, of the sheet.
    """
    return Ref(section.name, row - 1 + section.top, section.at(key), rows, columns)


class SectionTable:
    """The block of a section.

    Args:
        sheets: Takes the block.
        section: Its columns and how many rows it takes.
        language: Of the headings.
        rows: How many rows there are without the headings, of a section that grows; None: as declared.
        headings: Those that depend on the data, by column, instead of the declared ones.
        groups: Headings of groups of columns, by the first column of each.
        optional: As of `opsbook.book.model.Block`.
    """

    def __init__(
        self,
        sheets: Sheets,
        section: SheetSection,
        language: Language,
        *,
        rows: int | None = None,
        headings: Mapping[str, str] | None = None,
        groups: Mapping[str, str] | None = None,
        optional: bool = False,
    ) -> None:
        self.sheets = sheets
        self.section = section
        self.rows = section.rows - section.top if rows is None else rows
        self.grid = sheets.grid(
            section.name,
            section.top + self.rows,
            section.width,
            style=section.look,
            grows=rows is not None,
            optional=optional,
        )
        self._at = {column.key: section.at(column.key) for column in section.columns}
        plain = {column.key: _plain(column.look) for column in section.columns}
        self._looks = [plain] * (1 + self.rows)
        for column in section.columns:
            if section.headed:
                self._head(column, language, (headings or {}).get(column.key))
            if section.grouped:
                self._group(column, (groups or {}).get(column.key))
            if plain[column.key] != section.look:
                blank, at = Cell(style=plain[column.key]), self._at[column.key]
                for row in range(section.top, section.top + self.rows):
                    self.grid.cells[row][at] = blank

    def _head(self, column: SheetColumn, language: Language, given: str | None) -> None:
        look = column.head or heading_style(_plain(column.look), language)
        text = given or (column.heading[language] if column.heading else None)
        first = self._at[column.key]
        row = self.section.top - 1
        self.grid.put(row, first, text, look)
        for step in range(1, column.span):
            self.grid.put(row, first + step, None, "head" if self.section.ruled else self.section.look)

    def _group(self, column: SheetColumn, given: str | None) -> None:
        first = self._at[column.key]
        for step in range(column.span):
            self.grid.put(0, first + step, None, "blank")
        if given:
            self.grid.put(0, first, given, self.section.group_look)

    def format(self, row: int, **formats: str) -> None:
        """Choose what the looks of a row leave open, such as the number format of its metric; its cells are emptied.

        Args:
            row: From 1 on.
            formats: What replaces ``{number}``, ``{growth}`` in the looks of the columns.
        """
        self._choose(row, {column.key: column.look.format_map(formats) for column in self.section.columns})

    def _choose(self, row: int, looks: dict[str, str]) -> None:
        self._looks[row] = looks
        line = self.grid.cells[self._row(row)]
        for key, look in looks.items():
            line[self._at[key]] = Cell(style=look)

    def format_group(self, row: int, **formats: str) -> None:
        """Do the same for lines that belong together, the further ones in the looks that are meant for them.

        Args:
            row: Of the first line.
            formats: As of `format`.
        """
        columns = self.section.columns
        self.format(row, **formats)
        for line in range(max(len(column.below) for column in columns)):
            looks = {
                column.key: (column.below[line] if line < len(column.below) else column.look).format_map(
                    formats
                )
                for column in columns
            }
            self._choose(row + 1 + line, looks)

    def _row(self, row: int) -> int:
        return row - 1 + self.section.top

    def put(self, row: int, key: str, value: Scalar, look: str = "") -> Ref:
        """Set a plain value; an undefined figure is an empty cell. Return its reference.

        Args:
            row: From 1 on.
            key: Of the column.
            value: Its content.
            look: Style, where it is not that of the column.
        """
        return self.grid.put(self._row(row), self._at[key], value, look or self._looks[row][key])

    def derive(self, row: int, key: str, value: float, *ways: Candidate | None, look: str = "") -> Ref:
        """Set a figure with the first formula that gives it, else as a plain value. Return its reference.

        Args:
            row: From 1 on.
            key: Of the column.
            value: The figure.
            ways: Formulas that may give it.
            look: Style, where it is not that of the column.
        """
        return self.grid.derive(
            self._row(row), self._at[key], value, look or self._looks[row][key], self.sheets, *ways
        )

    def fill(self, row: int, values: Mapping[str, Scalar]) -> None:
        """Set the plain values of a row, by column."""
        for key, value in values.items():
            self.put(row, key, value)

    def ref(self, row: int, key: str, rows: int = 1, columns: int = 1) -> Ref:
        """Return cells of the section, the first by its row and column."""
        return self.grid.ref(self._row(row), self._at[key], rows, columns)

    def value(self, row: int, key: str) -> Scalar:
        """Return the content of a cell."""
        return self.grid.cells[self._row(row)][self._at[key]].value

    def number(self, row: int, key: str) -> float:
        """Return the number of a cell, NaN where there is none."""
        return self.sheets.numbers(self.ref(row, key))[0]


def write_list(
    sheets: Sheets,
    section: SheetSection,
    rows: Sequence[Mapping[str, Scalar]],
    language: Language,
    *,
    empty: str,
) -> None:
    """Write a list that grows with its rows.

    Args:
        sheets: Takes the block.
        section: Its columns.
        rows: Values by column.
        language: Of the headings.
        empty: Column that shows the word for an empty list.
    """
    table = SectionTable(sheets, section, language, rows=max(len(rows), 1))
    for row, values in enumerate(rows or [{empty: word("none_yet", language)}], start=1):
        table.fill(row, values)
