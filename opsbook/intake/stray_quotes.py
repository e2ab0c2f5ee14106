"""Quotation marks without a partner in delimited text: each makes one cell of all up to the next one, or to the end.

A cell may hold line breaks, so such a text is as valid as any. What gives it away: the file ends inside the cell, or
lines of the cell, read alone, are rows like the others; inside a line, that cells are lacking which are there without it.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import chain, islice

from opsbook.intake.limits import Unreadable

_CELL = 1 << 24  # the csv module's own limit of 128 KiB is too small for some pasted descriptions
_ENDLESS = "一个单元格超过 16 MB，可能有双引号没有配对 / a cell has more than 16 MB: perhaps a quotation mark has no partner"
_SAMPLE = 2000  # rows that show what rows look like
_LEAST = 3  # fields; prose with one comma has two
_END = "\0end"  # what no file holds as a line of its own
_LETTER = re.compile(r"[^\W\d_]")

Shape = tuple[str, ...]


def records(text: str, delimiter: str) -> tuple[list[list[str]], dict[int, tuple[int, int]]]:
    """Return the rows of a delimited text, and what lone quotation marks made of it.

    Args:
        text: The delimited text.
        delimiter: What parts its cells.

    Returns:
        The rows; and the first and the last line, counted from 1, of each row that a lone mark made, by its place.

    Raises:
        Unreadable: A cell is larger than any that a person means.
    """
    csv.field_size_limit(_CELL)
    reader = csv.reader(_lines(text), delimiter=delimiter)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise Unreadable("file.unreadable", _ENDLESS) from error
    ended = rows[-1] == [_END]
    if not ended:
        rows[-1][-1] = rows[-1][-1].removesuffix(_END)
    plain = ended and reader.line_num == len(rows)  # no cell has a line break
    ragged = '"' in text and len(set(map(len, rows[:-1]))) > 1
    joined = {} if plain and not ragged else _joined(text, delimiter)
    return rows[: len(rows) - ended], joined


def _lines(text: str) -> Iterator[str]:
    """Return the lines of a text, and one more that a cell without end takes in too."""
    return chain(io.StringIO(text, newline=""), [_END])


def _joined(text: str, delimiter: str) -> dict[int, tuple[int, int]]:
    shapes = _shapes(text, delimiter)
    found = {}
    first = 1
    for place, (row, lines) in enumerate(_held(text, delimiter)):
        last = first + len(lines) - 1
        if len(lines) > 1 and lines[-1] == _END:
            found[place] = (first, last - 1)
        elif (
            _rows_inside(lines, delimiter, shapes) or _closes_in_a_cell(lines, delimiter)
            if len(lines) > 1
            else _cells_inside(row, lines[0], delimiter, shapes)
        ):
            found[place] = (first, last)
        first = last + 1
    return found


def _held(text: str, delimiter: str) -> Iterator[tuple[list[str], list[str]]]:
    """Yield each row with the lines that it was read from."""
    held: list[str] = []

    def noted() -> Iterator[str]:
        for line in _lines(text):
            held.append(line)
            yield line

    for row in csv.reader(noted(), delimiter=delimiter):
        yield row, held[:]
        held.clear()


def _shapes(text: str, delimiter: str) -> frozenset[Shape]:
    """Return what rows of one line look like, where they have the usual number of cells and a number among these."""
    rows = [row for row, lines in islice(_held(text, delimiter), _SAMPLE) if row and len(lines) == 1]
    widths = Counter(map(len, rows))
    usual = max(widths, key=lambda width: (widths[width], width), default=0)
    if usual < _LEAST:
        return frozenset()
    shapes = {_shape(row) for row in rows if len(row) == usual}
    return frozenset(shape for shape in shapes if "number" in shape)


def _shape(row: Sequence[str]) -> Shape:
    return tuple(
        "empty" if not cell.strip() else "word" if _LETTER.search(cell) else "number" for cell in row
    )


def _rows_inside(lines: Sequence[str], delimiter: str, shapes: Collection[Shape]) -> bool:
    """Tell whether a line with all its quotation marks in pairs is a row like the others, or two of any lines are."""
    alike = 0
    for line in lines:
        paired = line.count('"') % 2 == 0
        whole = csv.reader(
            [line], delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if paired else csv.QUOTE_NONE
        )
        row = next(whole, [])
        if _shape(row) in shapes:
            if paired:
                return True
            alike += 1
    return alike > 1


def _closes_in_a_cell(lines: Sequence[str], delimiter: str) -> bool:
    """Whether the mark that ends a cell of several lines has text behind it: it is the beginning of another cell."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return True
    return False


def _cells_inside(row: Sequence[str], line: str, delimiter: str, shapes: Collection[Shape]) -> bool:
    """Tell whether a row lacks cells that its line has, for a mark that opens none or closes before the cell ends."""
    usual = len(next(iter(shapes), ()))
    if not 0 < len(row) < usual or '"' not in line:
        return False
    loose = next(csv.reader([line], delimiter=delimiter, quoting=csv.QUOTE_NONE))
    if _shape([cell.replace('"', "") for cell in loose]) in shapes:
        return True
    try:
        next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error:
        return len(loose) >= usual
    return False
