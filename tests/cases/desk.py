"""What a person does in a case: files are put into a folder, cells are typed, the workbook is refreshed."""

import csv
import io
import os
import re
from datetime import datetime, timedelta

import openpyxl
import xlsxwriter
from openpyxl.utils.cell import column_index_from_string as column
from openpyxl.utils.cell import coordinate_from_string
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from opsbook.backends.ooxml import cell_element, cell_formulas
from opsbook.backends.ooxml.file_workbook import Workbook
from opsbook.commands.refresh import refresh

FIRST = datetime(2026, 3, 2, 9)  # the day of the first step: after every day that the cases speak of
NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d+)?")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Desk:
    """One workbook with its folder of exports."""

    def __init__(self, book):
        self.book = book
        self.exports = book.parent / "exports"
        self.exports.mkdir()
        self.now = FIRST

    def do(self, step):
        """Do what a step says, one day after the last; return what the refresh says."""
        typed = {}
        for place, content in step.items():
            if "." in place and not place.startswith("ops."):
                self.put(place, content)
            else:
                typed[place] = content
        if typed:
            self.type(typed)
        result = self.refreshed()
        self.now += timedelta(days=1)
        return result

    def refreshed(self):
        return refresh(self.book, now=self.now)

    def put(self, name, content):
        """Put a file into exports/, or take it away."""
        path = self.exports / name
        if content == "":
            path.unlink()
            return
        path.parent.mkdir(exist_ok=True)
        if name.endswith(".xlsx"):
            write_sheet(path, **({"rows": content} if isinstance(content, str) else content))
        else:
            parts = [("utf-8", content)] if isinstance(content, str) else content["parts"]
            path.write_bytes(b"".join(text.encode(encoding) for encoding, text in parts))
        os.utime(path, (self.now.timestamp(), self.now.timestamp()))

    def type(self, cells):
        """Type on the sheets of the workbook; a day becomes its number, as in a cell without a format."""
        with Workbook.open(self.book, for_writing=True) as workbook:
            for place, content in cells.items():
                if place.startswith("ops."):
                    at = workbook.place(place)
                    sheet, row, first = at.sheet, at.row, at.column
                else:
                    sheet, _, corner = place.partition("!")
                    letters, number = coordinate_from_string(corner or "A4")
                    row, first = number - 1, column(letters) - 1
                lines = [[""] * 8] * 12 if content == "" else csv.reader(io.StringIO(content))
                for down, line in enumerate(lines):
                    for right, text in enumerate(line):
                        if text or content == "":
                            value = cell_element.plain(as_typed(text), date1904=False)
                            cell_formulas.write(
                                workbook._session.sheet(sheet), row + down, first + right, value, None
                            )
            workbook.save()


def as_typed(text):
    """Return what Excel makes of a text that a person types."""
    if text.startswith("'"):
        return text[1:]
    if DAY.fullmatch(text):
        return datetime.fromisoformat(text)
    if NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    return text or None


def write_sheet(path, rows, merged=(), *, from_1904=False, zeros=False, days="yyyy-mm-dd"):
    """Write a workbook of one sheet.

    Args:
        path: The file.
        rows: As CSV; see `as_typed`.
        merged: Ranges of merged cells, whose first cell has the value.
        from_1904: Whether days are counted from 1904.
        zeros: Whether formulas have the 0 that writing libraries make up; else they have no value.
        days: The number format of days.
    """
    lines = [[as_typed(text) for text in line] for line in csv.reader(io.StringIO(rows))]
    if zeros:
        with xlsxwriter.Workbook(path) as workbook:
            sheet = workbook.add_worksheet()
            for down, line in enumerate(lines):
                sheet.write_row(down, 0, line)
        return
    workbook = openpyxl.Workbook()
    if from_1904:
        workbook.epoch = CALENDAR_MAC_1904
    for line in lines:
        workbook.active.append(line)
    for each in (each for row in workbook.active.iter_rows() for each in row):
        if isinstance(each.value, datetime):
            each.number_format = days
    for span in merged:
        workbook.active.merge_cells(span)
    workbook.save(path)
