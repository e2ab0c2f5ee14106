"""Turns the rows under a recognised header into a clean table. Every distinct value of a column is parsed once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from opsbook.intake import (
    dates,
    downward,
    file_period,
    number_columns,
    possible_days,
    rows,
    text_columns,
    totals,
    zones,
)
from opsbook.intake.file_period import Surroundings
from opsbook.intake.grid import Grid, distinct
from opsbook.intake.ipc import CodedColumn, Parcel, packed
from opsbook.intake.issue_collector import IssueCollector, listed
from opsbook.intake.row_periods import RowPeriods
from opsbook.intake.table_periods import report_dates, row_periods_of, stated_period
from opsbook.intake.table_work import TableWork
from opsbook.schemas import Field, FieldType, PeriodRule, Repeats, Schema
from opsbook.schemas.spelling import visible

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from opsbook.intake.recognise import Header

_UNSTORED = (FieldType.PERIOD, FieldType.MONTH_DAY, FieldType.IGNORED)
_WORDS = (FieldType.TEXT, FieldType.FLAG)  # the joiners of some scripts belong to their words
_LITERAL = frozenset({"keyword", "country"})  # "na" is a word there, NA is Namibia
# One file a campaign: without a plan column the file's name keeps the campaigns apart.
_NAMED_BY_FILE = {
    "p4p_plan_daily": ("plan_name", ("plan_id", "plan_name")),
    "p4p_product": ("plan_id", ("plan_id",)),
}


def clean_table(
    grid: Grid, header: Header, data: range, around: Surroundings, tally: IssueCollector
) -> Parcel | None:
    """Return the rows of ``data`` as a clean table.

    Args:
        grid: The sheet.
        header: Its recognised header.
        data: Rows under the header, 0 being the sheet's first.
        around: File name, sheet, texts above, paste cell: what may say the period.
        tally: Takes the issues.

    Returns:
        The table; None when it has no rows or its period is not known (an issue says so).
    """
    schema = header.schema
    title = f"{schema.title.zh} / {schema.title.en}"
    work = TableWork(schema, header, around, tally, first_row=data.start + 1)
    columns = grid.columns(data.start, data.stop)
    for column, owner in header.columns.items():
        codes, values = distinct(columns[column])
        if owner.type not in _WORDS:
            values = [visible(value) if isinstance(value, str) else value for value in values]
        work.cells[owner.name] = rows.Cells(codes, values)
    downward.fill_merged(grid.merged, header, data, work.cells)
    count = len(data)
    labels = [rows.Cells(*distinct(columns[c])) for c in (0, 1) if c < grid.width and c not in header.columns]
    work.aside = np.zeros(count, dtype=np.bool_)
    if around.exact:  # rows of a program: none is a footer, a total or continued from above
        work.alive = np.ones(count, dtype=np.bool_)
    else:
        _only_data(work, grid, data, labels)
    _not_rows(work, grid, data)
    _cut_off(work, grid, data)
    _uncalculated(work, grid, data)
    if not (work.alive | work.aside).any():
        tally.add("table.empty", sheet=around.sheet, row=header.last + 1, detail=title)
        return None
    if schema.period is PeriodRule.FILE and not stated_period(work, title):
        return None
    _parse_columns(work, grid, data)
    possible_days.clear_cells(work)
    spans = row_periods_of(work, count, title)
    if spans is None:
        return None
    possible_days.clear_rows(work, spans)
    _set_aside(work, spans)
    dropped = ~work.alive & ~work.aside
    kept = work.alive & ~work.aside
    if schema.repeats is Repeats.DUPLICATE:
        again = rows.repeated(schema, work.columns, spans, kept)
        told = rows.conflicts(schema, work.columns, spans, again.latest)
        tally.add_rows("row.conflict", again.latest + work.first_row, told, sheet=around.sheet)
        dropped = dropped | again.exact
        # An older row of a conflict stays out as well: the last one counts.
        work.aside = work.aside | again.older
        kept = kept & ~again.exact & ~again.older
    at = np.flatnonzero(kept)
    packets = {name: packed(column, at) for name, column in work.columns.items()}
    _name_by_file(schema, packets, around, len(at))
    grain = CodedColumn(*_coded(spans.grain[at]))
    return Parcel(
        schema.kind,
        around.sheet,
        packets,
        grain,
        spans.start[at],
        spans.end[at],
        (at + work.first_row).astype(np.int64),
        rows_in=count,
        dropped=int(dropped.sum()),
        set_aside=int(work.aside.sum()),
    )


def _only_data(work: TableWork, grid: Grid, data: range, labels: list[rows.Cells]) -> None:
    """Drop what is no row of data, and fill what is written on the first row of a group only."""
    work.alive = ~rows.not_data(work.schema, work.cells, len(data))
    _without_totals(work, labels)
    unknown = [
        (row - data.start, work.header.columns[column].name)
        for row, column in grid.uncalculated
        if row in data and column in work.header.columns
    ]
    for name, times in downward.fill_blanks(work.schema, work.cells, work.alive, unknown).items():
        work.tally.add("row.filled", sheet=work.around.sheet, column=work.name_of(name), times=times)


def _without_totals(work: TableWork, labels: list[rows.Cells]) -> None:
    """Drop totals, averages and rows of units; set aside, with a question, what may be a total or not."""
    work.alive[: work.header.unit_rows] = False
    found = totals.computed_rows(work.schema, work.cells, labels, work.alive)
    work.alive &= ~found.rows
    for row, name in found.doubtful.items():
        marked = np.zeros(len(work.alive), dtype=np.bool_)
        marked[row] = True
        work.report_rows("row.total", name, marked)
        work.aside[row], work.alive[row] = True, False


def _coded(values: NDArray[np.object_]) -> tuple[NDArray[np.intp], NDArray[np.object_]]:
    codes, found = distinct(values)
    array = np.empty(len(found), dtype=np.object_)
    array[:] = found
    return codes, array


def _not_rows(work: TableWork, grid: Grid, data: range) -> None:
    """Set the rows aside of which it is not known which cell is which; an issue of the file names them."""
    at = [row - data.start for row in (*grid.joined, *grid.crowded) if row in data]
    work.alive[at], work.aside[at] = False, True


def _uncalculated(work: TableWork, grid: Grid, data: range) -> None:
    """Ask about the cells of the table whose formula has no result; in totals and beside the table they do no harm."""
    cells = [
        (address, work.header.names[column], row + 1)
        for (row, column), address in sorted(grid.uncalculated.items())
        if row in data
        and work.alive[row - data.start]
        and column in work.header.columns
        and work.header.columns[column].type is not FieldType.IGNORED
    ]
    if cells:
        _, column, row = cells[0]
        work.tally.add(
            "cell.formula",
            sheet=work.around.sheet,
            row=row,
            column=column,
            value=listed(address for address, _, _ in cells),
            times=len(cells),
        )


def _cut_off(work: TableWork, grid: Grid, data: range) -> None:
    """Set the last row aside, unparsed, where the file stops in the middle of it.

    Stopped inside its last cell, or right after a row, a file looks whole; one lone text may be a remark.
    """
    width = max(work.header.names) + 1
    if 0 < grid.unended < width and data.stop == grid.height and work.alive[-1:].any():
        work.tally.add(
            "file.cut_off", sheet=work.around.sheet, row=data.stop, detail=f"{grid.unended}/{width}"
        )
        work.alive[-1], work.aside[-1] = False, True


def _parse_columns(work: TableWork, grid: Grid, data: range) -> None:
    for owner in work.header.columns.values():
        if owner.type not in (*_UNSTORED, *number_columns.NUMERIC):
            work.columns[owner.name] = CodedColumn(work.cells[owner.name].codes, _parsed(work, owner))
    number_columns.parse_columns(work, grid, data)


def _parsed(work: TableWork, owner: Field) -> NDArray[Any]:
    """Return the cleaned distinct values of a field; report the bad ones."""
    name, values = owner.name, work.cells[owner.name].values
    if owner.type in (FieldType.TEXT, FieldType.FLAG):
        return text_columns.parse_texts(values, literal=name in _LITERAL)
    if owner.type is FieldType.ID:
        ids, bad = text_columns.parse_ids(values)
        work.report("cell.id", name, bad)
        if name in work.schema.key and bad.any():
            work.aside |= work.alive & bad[work.cells[name].codes]
        return ids
    days = owner.type is FieldType.DATE
    zone = zones.in_header(work.name_of(name))
    moments = dates.parse_moments(values, clock=work.schema.clock, zone=zone, days=days)
    report_dates(work, name, moments)
    return moments.values.astype("datetime64[D]") if days else moments.values


def _set_aside(work: TableWork, spans: RowPeriods) -> None:
    """Report and mark the rows without a key or a period."""
    key = rows.needed_key(work.schema)
    lacking = np.zeros(len(work.alive), dtype=np.bool_)
    if key and key in work.columns:
        column = work.columns[key]
        lacking = np.array([value is None for value in column.values], dtype=np.bool_)[column.codes]
    for name, marked in ((key, lacking), (work.schema.period_field, spans.missing)):
        at = np.flatnonzero(marked & work.alive & ~work.aside)
        if len(at):
            work.tally.add_rows(
                "row.no_key",
                at + work.first_row,
                [""] * len(at),
                sheet=work.around.sheet,
                column=work.name_of(name),
            )
            work.aside[at] = True


def _name_by_file(schema: Schema, columns: dict[str, Any], around: Surroundings, count: int) -> None:
    target, present = _NAMED_BY_FILE.get(schema.kind, ("", ()))
    if not target or any(name in columns for name in present) or around.pasted:
        return
    if name := file_period.plan_name(around.name):
        value = np.empty(1, dtype=np.object_)
        value[0] = name
        columns[target] = CodedColumn(np.zeros(count, dtype=np.int32), value)
