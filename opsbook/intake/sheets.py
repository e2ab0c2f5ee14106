"""From the sheets of a file to its tables: recognise each block, clean it, say what could not be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from opsbook.intake.clean_tables import Source
from opsbook.intake.file_period import Surroundings, stated, texts_of
from opsbook.intake.grid import ColumnGrid, Grid
from opsbook.intake.ipc import Parcel
from opsbook.intake.issue_collector import IssueCollector, listed
from opsbook.intake.recognise import HEADER_ROWS, Header, Search, find_header
from opsbook.intake.sheet_tables import Section, read_sections, sections
from opsbook.intake.unused_columns import report_unused

if TYPE_CHECKING:
    from opsbook.intake.header_map import HeaderMap

_TITLE_ROWS = 20  # a period of the whole table is stated within so many rows
_SINGLE = 3  # rows that a stray quotation mark joined are reported one by one, up to so many
_TABLE_LIKE = 2  # so many known headers in a row: somebody meant a table


@dataclass(frozen=True)
class _File:
    """What is known of the file whose sheets are read."""

    source: Source
    stamp: datetime | None
    maps: HeaderMap
    tally: IssueCollector


def read_tables(
    grids: Sequence[Grid], source: Source, stamp: datetime | None, maps: HeaderMap, tally: IssueCollector
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
    found: list[Section] = []
    unknown: list[tuple[Grid, Search]] = []
    recognised = False
    for grid in grids:
        _report_reading(grid, tally)
        if all(_empty(grid.row(number)) for number in range(min(grid.height, HEADER_ROWS * 5))):
            continue
        search = _search(grid, file)
        unused = len(search.header.unknown) if search.header else 0
        if unused >= _TABLE_LIKE and len(parts := _recognised_parts(grid, file)) > 1:
            recognised = True
            found += parts
        elif search.header:
            recognised = True
            found += _sections(grid, search.header, file)
        elif len(search.kinds) > 1:
            recognised = True
            tally.add("table.ambiguous", sheet=grid.name, detail=search.detail)
        elif parts := _recognised_parts(grid, file):
            recognised = True
            found += parts
        else:
            unknown.append((grid, search))
    _report_unknown(unknown, tally, recognised=recognised)
    if not recognised and not unknown and not source.sheet:
        tally.add("file.unreadable", detail="没有单元格 / no cells")
    reported: dict[int, Header] = {}

    def report(section: Section, in_blocks: bool) -> None:
        known = reported.get(id(section.grid))
        if known is None or section.header.names != known.names:
            report_unused(section, tally, in_blocks=in_blocks)
            reported[id(section.grid)] = section.header

    return read_sections(found, tally, report)


def _recognised_parts(grid: Grid, file: _File) -> list[Section]:
    """Return the tables of different kinds side by side, between columns that are empty from top to bottom."""
    found: list[Section] = []
    for part in _parted(grid):
        search = _search(part, file)
        if search.header:
            found += _sections(part, search.header, file)
    return found


def _sections(grid: Grid, header: Header, file: _File) -> list[Section]:
    def find(first: int, rows: int) -> Header | None:
        return find_header(grid, file.source.name, file.maps, start=first, rows=rows).header

    def surroundings(above: range, before: tuple[str, ...]) -> Surroundings:
        return _surroundings(grid, file, above, before)

    return sections(grid, header, find, surroundings)


def _report_reading(grid: Grid, tally: IssueCollector) -> None:
    """Report what was seen while the cells were read."""
    for code, row, detail, times in grid.remarks:
        tally.add(code, sheet=grid.name, row=row, detail=detail, times=times)
    if grid.crowded:
        rows = [row + 1 for row in grid.crowded]
        tally.add("row.cells", sheet=grid.name, row=rows[0], detail=listed(map(str, rows)), times=len(rows))
    joined = {row + 1: "~".join(map(str, dict.fromkeys(lines))) for row, lines in grid.joined.items()}
    if len(joined) > _SINGLE:
        tally.add(
            "row.joined",
            sheet=grid.name,
            row=min(joined),
            detail=listed(joined.values()),
            times=len(joined),
        )
    else:
        for row, lines in joined.items():
            tally.add("row.joined", sheet=grid.name, row=row, detail=lines)


def _report_unknown(unknown: list[tuple[Grid, Search]], tally: IssueCollector, *, recognised: bool) -> None:
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
        around = _surroundings(grid, file, range(min(_TITLE_ROWS, grid.height)))
        if stated(around):
            search = find_header(grid, file.source.name, file.maps, period_known=True)
    return search


def _surroundings(grid: Grid, file: _File, above: range, before: tuple[str, ...] = ()) -> Surroundings:
    source = file.source
    texts = [text for number in above for text in texts_of(grid.row(number), given=source.period)]
    name = "" if source.sheet else source.name  # what a workbook is called says nothing of a pasted table
    return Surroundings(
        name, grid.name, (*texts, *before), source.period, file.stamp, pasted=bool(source.sheet)
    )


def _parted(grid: Grid) -> list[Grid]:
    """Return the parts of a sheet between columns that are empty from top to bottom; nothing when it is one part."""
    if isinstance(grid, ColumnGrid) or not grid.height:
        return []
    empty = [all(cell in ("", None) for cell in column) for column in grid.columns(0, grid.height)]
    parts: list[list[int]] = [[]]
    for column, nothing in enumerate(empty):
        if nothing:
            parts.append([])
        else:
            parts[-1].append(column)
    filled = [part for part in parts if part]
    return [grid.picking(part) for part in filled] if len(filled) > 1 else []


def _empty(row: Sequence[object]) -> bool:
    return all(cell in ("", None) for cell in row)
