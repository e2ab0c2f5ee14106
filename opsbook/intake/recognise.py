"""Which kind of export a table is: by its header row, found by name in the first rows of a sheet."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from opsbook.intake.explanation import best, claims, undecided
from opsbook.intake.header_candidates import candidates_of, header_text, normal
from opsbook.intake.limits import Unreadable
from opsbook.intake.nearest import nearest
from opsbook.intake.under_header import explained
from opsbook.schemas import Field, Schema, of_sheets, schemas

if TYPE_CHECKING:
    from opsbook.intake.grid import Grid
    from opsbook.intake.header_map import HeaderMap

HEADER_ROWS = 60  # the header stands within so many rows
_WIDEST = 1000  # columns with a header; exports have some dozens
_FIRST_ROWS = 20  # mostly within these: the rest is looked at only when they hold none


@dataclass(frozen=True)
class Header:
    """A recognised header.

    Attributes:
        schema: The kind that explains it best.
        first: First row of the header (0 is the sheet's first).
        last: Its last row; data begin below.
        columns: Our fields by column number, left to right.
        names: Headers as the file writes them, by column number.
        unknown: Columns with a header that no field has.
        repeated: Columns whose field stands further left already.
        units: Units that the headers, or a row of units under them, carry (元, USD, 万元, %), by column number.
        again: The fields of the repeated columns.
        unit_rows: How many rows under the header hold only units, or explain the columns in another way.
    """

    schema: Schema
    first: int
    last: int
    columns: dict[int, Field]
    names: dict[int, str]
    unknown: tuple[int, ...]
    repeated: tuple[int, ...]
    units: dict[int, str] = field(default_factory=dict)
    again: dict[int, Field] = field(default_factory=dict)
    unit_rows: int = 0


@dataclass
class Search:
    """What was found.

    Attributes:
        header: The header, when one kind explains it better than all others.
        kinds: The kinds that explain it best: one, or several in a tie.
        matches: How many headers the best row has in common with one kind.
        detail: For a person: what was there and what the nearest kinds lack.
    """

    header: Header | None = None
    kinds: tuple[str, ...] = ()
    matches: int = 0
    detail: str = ""


def find_header(
    grid: Grid,
    name: str,
    maps: HeaderMap,
    *,
    start: int = 0,
    rows: int = HEADER_ROWS,
    period_known: bool = False,
) -> Search:
    """Look for a header in ``rows`` rows from ``start``.

    Args:
        grid: The sheet.
        name: The file's name, for the rules of the header map.
        maps: What people said about headers.
        start: First row to look at.
        rows: How many rows to look at.
        period_known: The period of the whole table is known from elsewhere: a period column may be absent.

    Returns:
        The header with the most known columns and the kind that explains it best, or why there is none.

    Raises:
        Unreadable: The sheet has more columns than any table.
    """
    if grid.width > _WIDEST:
        widest = max(
            sum(bool(header_text(cell)) for cell in grid.row(number))
            for number in range(min(_FIRST_ROWS, grid.height))
        )
        if widest > _WIDEST:
            detail = f"表头有 {widest:,} 列，任何导出都没有这么多 / the header has {widest:,} columns, more than any export"
            raise Unreadable("file.unreadable", detail)
    looked_at = range(start, min(start + min(rows, _FIRST_ROWS), grid.height))
    search = _find(grid, name, maps, looked_at, period_known)
    if not (search.header or search.kinds) and rows > _FIRST_ROWS and grid.height > looked_at.stop:
        looked_at = range(start, min(start + rows, grid.height))
        further = _find(grid, name, maps, looked_at, period_known)
        search = further if further.header or further.kinds else search
    while (
        search.header
        and (above := _find(grid, name, maps, range(start, search.header.first), period_known)).header
    ):
        if not _has_data(grid, range(above.header.last + 1, search.header.first)):
            break
        search = above  # the widest header is not the first one: another table is above it
    return search


def _has_data(grid: Grid, rows: range) -> bool:
    """Whether some row has a number, a day or an id beside another cell."""
    for number in rows:
        cells = [cell for cell in grid.row(number) if cell is not None and cell != ""]
        if len(cells) > 1 and any(not isinstance(cell, str) or any(map(str.isdigit, cell)) for cell in cells):
            return True
    return False


def _find(grid: Grid, name: str, maps: HeaderMap, looked_at: range, period_known: bool) -> Search:
    texts = [[header_text(cell) for cell in grid.row(number)] for number in looked_at]
    candidates = [
        candidate
        for schema in of_sheets()
        for candidate in candidates_of(schema, texts, looked_at.start, grid, maps.fields(schema, name))
    ]
    if not texts:
        return Search()
    named = {normal(text) for row in texts for text in row if text}
    pinned = maps.kinds(name, named)
    found = claims(candidates, pinned, virtual_period=False)
    if not found and period_known:
        found = claims(candidates, pinned, virtual_period=True)
    matches = max((len(c.columns) for c in candidates), default=0)
    if not found:
        return Search(matches=matches, detail=nearest(candidates, grid, looked_at))
    tied = best(found)
    kinds = tuple(sorted({claim.candidate.schema.kind for claim in tied}))
    if len(kinds) > 1:
        return Search(kinds=kinds, matches=matches, detail=undecided(tied))
    chosen = tied[0].candidate
    below, rows_below = explained(grid, chosen.last, chosen.columns)
    header = Header(
        chosen.schema,
        chosen.first,
        chosen.last,
        chosen.columns,
        chosen.names,
        tuple(chosen.unknown),
        tuple(sorted(chosen.again)),
        chosen.units | below,
        chosen.again,
        rows_below,
    )
    return Search(header, kinds, matches)


@cache
def spellings() -> frozenset[object]:
    """Return every header of every schema as files write it, with the space that some end in too."""
    return frozenset(
        spelling
        for schema in schemas().values()
        for owner in schema.fields
        for header in owner.headers
        for spelling in (header, f"{header} ")
    )
