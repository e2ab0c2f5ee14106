"""CSV and its kin: comma, semicolon, tab or bar, quoted cells with line breaks inside."""

from __future__ import annotations

import csv
import io
from collections.abc import Set as AbstractSet
from itertools import islice

from opsbook.intake import stray_commas, stray_quotes
from opsbook.intake.grid import Grid
from opsbook.schemas import normalise_header

_DELIMITERS = ",;\t|"
_HEAD = 25  # records that decide: the header stands in the first 20
_HEAD_LENGTH = 1 << 20  # characters in which they are looked for


def read_delimited(text: str, known: AbstractSet[str]) -> Grid:
    """Return the cells of a delimited text, every one a string.

    Args:
        text: The whole file.
        known: Normalised headers of all schemas and of the header map: they tell the delimiter.
    """
    skipped = False
    first, *_ = text[:16].partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:  # Excel's own hint line
        delimiter, skipped = first.strip()[-1], True
        text = text[len(first) + 1 :]
    else:
        delimiter = _delimiter(text, known)
    rows, joined = stray_quotes.records(text, delimiter)
    if skipped:
        rows = [[""], *rows]
        joined = {place + 1: (first + 1, last + 1) for place, (first, last) in joined.items()}
    crowded = stray_commas.put_right(rows, text, delimiter, joined)
    unended = len(rows[-1]) if rows and not text.endswith(("\n", "\r")) else 0
    width = max(map(len, rows), default=0)
    if any(len(row) != width for row in rows):
        rows = [row if len(row) == width else row + [""] * (width - len(row)) for row in rows]
    return Grid("", rows, unended=unended, joined=joined, crowded=crowded, delimiter=delimiter)


def _delimiter(text: str, known: AbstractSet[str]) -> str:
    head = text[:_HEAD_LENGTH]

    def evidence(delimiter: str) -> tuple[int, int]:
        try:
            rows = list(islice(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), _HEAD))
        except csv.Error:
            return 0, 0
        headers = max((sum(normalise_header(cell) in known for cell in row[:500]) for row in rows), default=0)
        widths = sorted(len(row) for row in rows if row)
        return headers, widths[len(widths) // 2] if widths else 0

    return max(_DELIMITERS, key=evidence)
