"""From the sheets of a file to its tables: recognise each block, clean it, say what could not be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opsbook.intake.arithmetic import name_of
from opsbook.intake.clean import clean_table
from opsbook.intake.file_period import Surroundings, stated
from opsbook.intake.recognise import HEADER_ROWS, Header, Search, discreet_header, find_header, spellings
from opsbook.intake.tally import listed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from opsbook.intake.grid import Grid
    from opsbook.intake.header_map import HeaderMap
    from opsbook.intake.table import Source
    from opsbook.intake.tally import Tally
    from opsbook.intake.transport import Parcel

_TABLE_LIKE = 2  # so many known headers in a row: somebody meant a table


@dataclass(frozen=True)
class _File:
    """What is known of the file whose sheets are read."""

    source: Source
    stamp: datetime | None
    maps: HeaderMap
    tally: Tally


def read_tables(
    grids: Sequence[Grid], source: Source, stamp: datetime | None, maps: HeaderMap, tally: Tally
) -> list[Parcel]:
    """Return every table of a file.

    Args:
        grids: Its sheets.
        source: Where they come from.
        stamp: When the export was made.
        maps: What people said about headers.
        tally: Takes the issues.
    """
    file = _File(source, stamp, maps, tally)
    parcels: list[Parcel] = []
    unknown: list[tuple[Grid, Search]] = []
    recognised = False
    for grid in grids:
        _report_reading(grid, tally)
        if all(_empty(grid.row(number)) for number in range(min(grid.height, HEADER_ROWS * 5))):
            continue
        search = _search(grid, file)
        if search.header:
            recognised = True
            parcels += _blocks(grid, search.header, file)
        elif len(search.kinds) > 1:
            recognised = True
            tally.add("table.ambiguous", sheet=grid.name, detail=search.detail)
        else:
            unknown.append((grid, search))
    _report_unknown(unknown, tally, recognised=recognised)
    if not recognised and not unknown and not source.sheet:
        tally.add("file.unreadable", detail="没有单元格 / no cells")
    return parcels


def _report_reading(grid: Grid, tally: Tally) -> None:
    """Report what was seen while the cells were read."""
    for code, row, detail, times in grid.remarks:
        tally.add(code, sheet=grid.name, row=row, detail=detail, times=times)
    if grid.crowded:
        rows = [row + 1 for row in grid.crowded]
        tally.add("row.cells", sheet=grid.name, row=rows[0], detail=listed(map(str, rows)), times=len(rows))
    for row, lines in grid.joined.items():
        tally.add("row.joined", sheet=grid.name, row=row + 1, detail="~".join(map(str, dict.fromkeys(lines))))


def _report_unknown(unknown: list[tuple[Grid, Search]], tally: Tally, *, recognised: bool) -> None:
    meant = [pair for pair in unknown if pair[1].matches >= _TABLE_LIKE]
    if unknown and not meant and not recognised:
        meant = unknown[:1]
    for grid, search in unknown:
        if any(grid is other for other, _ in meant):
            tally.add("table.unknown", sheet=grid.name, detail=search.detail)
        else:
            tally.add("table.ignored", sheet=grid.name)


def _search(grid: Grid, file: _File) -> Search:
    search = find_header(grid, file.source.name, file.maps)
    if not search.header and not search.kinds:
        around = _surroundings(grid, file, range(min(HEADER_ROWS, grid.height)))
        if stated(around):
            search = find_header(grid, file.source.name, file.maps, period_known=True)
    return search


def _surroundings(grid: Grid, file: _File, above: range, before: tuple[str, ...] = ()) -> Surroundings:
    given = file.source.period  # the period cell of a paste sheet stands above the table and is no part of it
    texts = [
        cell
        for number in above
        for cell in grid.row(number)
        if isinstance(cell, str) and cell and cell != given
    ]
    name = (
        "" if file.source.sheet else file.source.name
    )  # what a workbook is called says nothing of a pasted table
    return Surroundings(name, grid.name, (*texts, *before), given, file.stamp)


def _blocks(grid: Grid, header: Header, file: _File) -> list[Parcel]:
    """Clean the table and those under it, each from its own header to the next."""
    parcels = []
    start = 0
    before: tuple[str, ...] = ()  # a table pasted below another without its own title has the other's
    _report_columns(header, grid, file.tally)
    known = header
    for following in [*_following(grid, header, file), None]:
        stop = _preamble(grid, following, header.last + 1) if following else grid.height
        around = _surroundings(grid, file, range(start, header.first), before)
        parcel = clean_table(grid, header, range(header.last + 1, stop), around, file.tally)
        if parcel is not None:
            parcels.append(parcel)
        if following:
            start, before, header = stop, around.above, following
            if header.names != known.names:
                _report_columns(header, grid, file.tally)
                known = header
    return parcels


def _report_columns(header: Header, grid: Grid, tally: Tally) -> None:
    for column in header.unknown:
        shown = header.names[column]
        if header.schema.has_private:
            shown = f"{discreet_header(shown)} ({name_of((header.last, column))})"
        tally.add("column.unknown", sheet=grid.name, row=header.last + 1, column=shown)
    for column in header.repeated:
        tally.add("column.repeated", sheet=grid.name, row=header.last + 1, column=header.names[column])


def _following(grid: Grid, header: Header, file: _File) -> list[Header]:
    """Return the headers that stand again below the first one."""
    column = min(header.columns)
    body = grid.column(column, header.last + 1, grid.height)
    if getattr(body, "dtype", None) is not None and body.dtype.kind != "O":  # type: ignore[union-attr]
        return []
    written = {grid.row(number)[column] for number in range(header.first, header.last + 1)}
    words = (spellings() | written).intersection(body) - {"", None}
    if not words:
        return []
    found: list[Header] = []
    last = header.last
    for offset, cell in enumerate(body):
        row = header.last + 1 + offset
        if cell in words and row > last:
            search = find_header(grid, file.source.name, file.maps, start=max(last + 1, row - 2), rows=5)
            if search.header and search.header.first > last:
                found.append(search.header)
                last = search.header.last
    return found


def _preamble(grid: Grid, header: Header, lowest: int) -> int:
    """Return the row where the title lines above a further header begin."""
    top = header.first
    while (
        top > lowest
        and top > header.first - 10
        and sum(cell not in ("", None) for cell in grid.row(top - 1)) <= 1
    ):
        top -= 1
    return top


def _empty(row: Sequence[object]) -> bool:
    return all(cell in ("", None) for cell in row)
