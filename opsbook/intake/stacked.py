"""Tables one under the other: where the next one begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opsbook.intake.header_text import matches
from opsbook.intake.recognise import Header, spellings

if TYPE_CHECKING:
    from opsbook.intake.grid import Grid

_AFTER_BLANK = 4  # a title or two may stand between the blank row and the header
_DIGIT = re.compile(r"\d")
_LEAST = 2  # cells of a row that can be a header


@dataclass(frozen=True)
class Start:
    """Where a further table begins.

    Attributes:
        row: The first row of its header.
        header: Its header; None when no kind claims it.
        known: Its fields among those of the table above, by column, when no kind claims it.
    """

    row: int
    header: Header | None
    known: dict[int, str]


def further_tables(grid: Grid, header: Header, find: Callable[[int, int], Header | None]) -> list[Start]:
    """Return where tables begin below the first one.

    Args:
        grid: The sheet.
        header: The header of the first table.
        find: Gives the header that begins in some rows: the first of them, how many.
    """
    found: list[Start] = []
    last = header.last
    for row, after_blank in _candidates(grid, header):
        if row <= last or (found and row <= found[-1].row):
            continue
        below = find(max(last + 1, row - 2), 5)
        if below and below.first > last:
            found.append(Start(below.first, below, {}))
            last = below.last
        elif known := _like_a_header(grid, row, header, after_blank=after_blank):
            fields = {column: name for column, name in known.items() if name}
            found.append(Start(row, None, fields if len(fields) == len(known) else {}))
            last = row
    return found


def _candidates(grid: Grid, header: Header) -> Iterator[tuple[int, bool]]:
    """Yield the rows that may be headers, and whether they follow a blank row."""
    column = min(header.columns)
    body = grid.column(column, header.last + 1, grid.height)
    if getattr(body, "dtype", None) is not None and body.dtype.kind != "O":  # type: ignore[union-attr]
        return
    written = {grid.row(number)[column] for number in range(header.first, header.last + 1)}
    words = (spellings() | written).intersection(body) - {"", None}
    found: dict[int, bool] = {}
    start = header.last + 1
    if words:
        found |= {start + place: False for place, cell in enumerate(body) if cell in words}
    first = grid.column(0, start, grid.height) if column else body
    blank = [
        start + place
        for place, (one, other) in enumerate(zip(first, body, strict=True))
        if one in ("", None) and other in ("", None) and _filled(grid.row(start + place)) == 0
    ]
    for row in blank:
        further = [
            at
            for at in range(row + 1, min(row + 1 + _AFTER_BLANK, grid.height))
            if _filled(grid.row(at)) >= _LEAST
        ]
        if further:
            found[further[0]] = True
    yield from sorted(found.items())


def _filled(row: Sequence[object]) -> int:
    return sum(
        cell is not None and not (isinstance(cell, str) and (not cell or cell.isspace())) for cell in row
    )


def _like_a_header(grid: Grid, row: int, header: Header, *, after_blank: bool) -> dict[int, str]:
    """Return the columns of a row of headers and their fields (empty texts where unknown), or nothing.

    Words that are all headers are one. After a blank row so are words without any digit over a row with numbers in
    their columns.
    """
    cells = {
        column: cell
        for column, cell in enumerate(grid.row(row))
        if cell is not None and not (isinstance(cell, str) and not cell.strip())
    }
    if len(cells) < _LEAST or not all(isinstance(cell, str) for cell in cells.values()):
        return {}
    texts = {column: str(cell) for column, cell in cells.items()}
    kind = header.schema.kind
    names = {
        column: (found[kind].owner.name if kind in found else "")
        for column, text in texts.items()
        if (found := matches(text)) or after_blank
    }
    if len(names) == len(texts) and all(matches(text) for text in texts.values()):
        return names
    if not after_blank or any(_DIGIT.search(text) for text in texts.values()) or row + 1 >= grid.height:
        return {}
    under = grid.row(row + 1)
    numbers = sum(bool(_DIGIT.search(str(under[column] or ""))) for column in texts)
    return names if numbers and _filled(under) >= _LEAST else {}
