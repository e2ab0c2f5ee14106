"""From the sheets of a file to its tables: recognise each block, clean it, say what could not be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opsbook.intake.arithmetic import name_of
from opsbook.intake.file_period import Surroundings, stated, texts_of
from opsbook.intake.nearest import discreet_header
from opsbook.intake.recognise import HEADER_ROWS, Header, Search, find_header
from opsbook.intake.sections import Section, read_sections, sections
from opsbook.intake.tally import listed
from opsbook.schemas import FieldType

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
    found: list[Section] = []
    unknown: list[tuple[Grid, Search]] = []
    recognised = False
    for grid in grids:
        _report_reading(grid, tally)
        if all(_empty(grid.row(number)) for number in range(min(grid.height, HEADER_ROWS * 5))):
            continue
        search = _search(grid, file)
        if search.header:
            recognised = True
            found += _sections(grid, search.header, file)
        elif len(search.kinds) > 1:
            recognised = True
            tally.add("table.ambiguous", sheet=grid.name, detail=search.detail)
        else:
            unknown.append((grid, search))
    _report_unknown(unknown, tally, recognised=recognised)
    if not recognised and not unknown and not source.sheet:
        tally.add("file.unreadable", detail="没有单元格 / no cells")
    reported: dict[int, Header] = {}

    def report(section: Section, in_blocks: bool) -> None:
        known = reported.get(id(section.grid))
        if known is None or section.header.names != known.names:
            _report_columns(section.header, section.grid, tally, in_blocks=in_blocks)
            reported[id(section.grid)] = section.header

    return read_sections(found, tally, report)


def _sections(grid: Grid, header: Header, file: _File) -> list[Section]:
    def find(first: int, rows: int) -> Header | None:
        return find_header(grid, file.source.name, file.maps, start=first, rows=rows).header

    def surroundings(above: range, before: tuple[str, ...]) -> Surroundings:
        return _surroundings(grid, file, above, before)

    return sections(grid, header, find, surroundings)


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
    source = file.source
    texts = [text for number in above for text in texts_of(grid.row(number), given=source.period)]
    name = "" if source.sheet else source.name  # what a workbook is called says nothing of a pasted table
    return Surroundings(
        name, grid.name, (*texts, *before), source.period, file.stamp, pasted=bool(source.sheet)
    )


def _report_columns(header: Header, grid: Grid, tally: Tally, *, in_blocks: bool) -> None:
    for column in header.unknown:
        shown = header.names[column]
        if header.schema.has_private:
            shown = f"{discreet_header(shown)} ({name_of((header.last, column))})"
        tally.add("column.unknown", sheet=grid.name, row=header.last + 1, column=shown)
    for column in header.repeated:
        if in_blocks or header.again[column].type is FieldType.IGNORED:
            continue
        tally.add("column.repeated", sheet=grid.name, row=header.last + 1, column=header.names[column])


def _empty(row: Sequence[object]) -> bool:
    return all(cell in ("", None) for cell in row)
