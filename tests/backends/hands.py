"""A person at a table that is shared with Refresh, through another program; and what a refresh does with the table."""

from __future__ import annotations

import copy
from dataclasses import replace

import openpyxl

from opsbook.backends.apply import apply
from opsbook.backends.ooxml.file_workbook import Workbook
from opsbook.book import shared
from opsbook.book.address import parse, spell
from opsbook.book.compose import compose
from opsbook.params import Settings
from opsbook.plan.table_declarations import tables


def refreshed(path, figures, settings=None):
    """Do what a refresh does with the shared tables, and return what was not written."""
    with Workbook.open(path, for_writing=True) as book:
        standing = {
            name: shared.standing(table, book.read(place))
            for name, table in tables().items()
            if (place := book.place(f"ops.{name}"))
        }
        issues = apply(book, compose(figures, settings or Settings(), standing=standing))
        book.save()
    return issues


def lines(path, name):
    """Return the lines of a table that hold something, each by column; the key under ``key``."""
    table = tables()[name]
    with Workbook.open(path, for_writing=False) as book:
        rows = book.read(book.place(f"ops.{name}"))[1:]
    ids = [column.id for column in table.columns]
    found = [dict(zip((*ids, "mark", "key"), row, strict=True)) for row in rows]
    return [each for each in found if any(each[key] is not None for key in (*ids[1:], "key"))]


class Hand:
    """A person at a table, through openpyxl: whole rows come, go and change places as they do in Excel."""

    def __init__(self, path, name):
        self.path, self.table = path, tables()[name]
        self.book = openpyxl.load_workbook(path)
        self.name = self.book.defined_names[f"ops.{name}"]
        self.place = parse(self.name.attr_text)
        self.sheet = self.book[self.place.sheet]
        self.rows = [self._take(row) for row in range(self.place.row + 2, self.place.last_row + 2)]

    def _take(self, row):
        cells = range(self.place.column + 1, self.place.last_column + 2)
        found = [self.sheet.cell(row, column) for column in cells]
        return [[cell.value, copy.copy(cell._style)] for cell in found]

    def type(self, line, column, value):
        self.rows[line][self.table.at(column)][0] = value

    def text(self, line, column):
        return self.rows[line][self.table.at(column)][0]

    def insert(self, line):
        self.rows.insert(line, [[None, style] for _, style in self.rows[line - 1]])

    def delete(self, line):
        del self.rows[line]

    def duplicate(self, line):
        self.rows.insert(line + 1, copy.deepcopy(self.rows[line]))

    def sort(self, column, *, reverse=False):
        at = self.table.at(column)
        self.rows.sort(key=lambda row: str(row[at][0] or "~"), reverse=reverse)

    def save(self):
        for row, cells in enumerate(self.rows, start=self.place.row + 2):
            for column, (value, style) in enumerate(cells, start=self.place.column + 1):
                cell = self.sheet.cell(row, column)
                cell.value, cell._style = value, style
        end = replace(self.place, rows=len(self.rows) + 1)
        for row in range(end.last_row + 2, self.place.last_row + 2):
            for column in range(self.place.column + 1, self.place.last_column + 2):
                self.sheet.cell(row, column).value = None
        self.name.attr_text = spell(end, absolute=True)
        self.book.save(self.path)
