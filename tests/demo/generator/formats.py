"""File formats of the exports, written so that the same data give the same bytes."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import xlsxwriter
import xlwt

from opsbook.support.zip_writer import write_zip

Cell = str | int | float | None
Row = Sequence[Cell]

# Nothing about the moment of writing may reach a file; the day is when the format's own clock starts.
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Export:
    """A file to be written.

    Attributes:
        name: File name.
        kind: The schema meant to claim it, or empty (the marker file).
        content: Its bytes.
        downloaded: When it was downloaded, in the story; becomes the file's modification time.
    """

    name: str
    kind: str
    content: bytes
    downloaded: datetime


@dataclass(frozen=True)
class Sheet:
    """A worksheet: rows from A1 on, and ranges (first row, first column, last row, last column) to merge."""

    name: str
    rows: Sequence[Row]
    merges: Sequence[tuple[int, int, int, int]] = field(default=())


def xls(sheet: Sheet) -> bytes:
    """Return a true BIFF8 workbook of one sheet in which every cell is text, as the data site writes it."""
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet(sheet.name)
    for number, row in enumerate(sheet.rows):
        for column, cell in enumerate(row):
            if cell is not None:
                page.write(number, column, str(cell))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def xlsx(sheets: Iterable[Sheet], *, title: str) -> bytes:
    """Return an .xlsx workbook; strings stay text and numbers numbers."""
    stream = io.BytesIO()
    # The library itself dates the members of the package 1980; only the creation date is ours to fix.
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_urls": False})
    book.set_properties({"title": title, "comments": title, "created": EPOCH.replace(tzinfo=None)})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        merged = {(first, left): (last, right) for first, left, last, right in sheet.merges}
        for number, row in enumerate(sheet.rows):
            for column, cell in enumerate(row):
                if end := merged.get((number, column)):
                    page.merge_range(number, column, *end, cell)
                elif isinstance(cell, str):
                    page.write_string(number, column, cell)
                elif cell is not None:
                    page.write_number(number, column, cell)
    book.close()
    return stream.getvalue()


def html_table(headers: Row, rows: Iterable[Row], *, title: str) -> bytes:
    """Return the HTML table that browser plugins save under an .xls name."""

    def line(cells: Row, tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{html.escape(_text(cell))}</{tag}>" for cell in cells) + "</tr>\n"

    body = line(headers, "th") + "".join(line(row, "td") for row in rows)
    page = (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="UTF-8">'
        f"<title>{html.escape(title)}</title></head>\n<body><table>\n{body}</table></body></html>\n"
    )
    return page.encode()


def csv_table(rows: Iterable[Row], *, encoding: str = "utf-8-sig") -> bytes:
    """Return a comma-separated table with Windows line ends."""
    stream = io.StringIO()
    csv.writer(stream).writerows([_text(cell) for cell in row] for row in rows)
    return stream.getvalue().encode(encoding)


def zip_folder(members: Iterable[tuple[str, bytes]], *, packed: datetime) -> bytes:
    """Return a zip of named members, all dated ``packed``."""
    stream = io.BytesIO()
    write_zip(stream, members, at=packed.timetuple()[:6])
    return stream.getvalue()


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def percent(part: float, whole: float, decimals: int = 2) -> str:
    """Return a ratio as the platform prints it: ``1.62%``, ``1.8%``, ``20%``, and ``0%`` over nothing."""
    value = f"{100 * part / whole if whole else 0:.{decimals}f}"
    return (value.rstrip("0").rstrip(".") if "." in value else value) + "%"


def money(cents: int) -> str:
    """Return whole cents as ``1234.50``."""
    return f"{cents // 100}.{cents % 100:02d}"
