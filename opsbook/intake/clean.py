"""Turns the rows under a recognised header into a clean table. Every distinct value of a column is parsed once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from opsbook.intake import dates, file_period, numbers, possible_days, row_periods, rows, texts
from opsbook.intake.discreet import discreet
from opsbook.intake.grid import distinct
from opsbook.intake.month_day import parse_month_days, sheet_month
from opsbook.intake.transport import Column, Parcel, packed
from opsbook.schemas import Field, FieldType, PeriodRule, Repeats, Schema

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from opsbook.intake.file_period import Surroundings
    from opsbook.intake.grid import Grid
    from opsbook.intake.recognise import Header
    from opsbook.intake.row_periods import RowPeriods
    from opsbook.intake.tally import Tally
    from opsbook.periods import Period

_NUMERIC = (FieldType.NUMBER, FieldType.MONEY, FieldType.PERCENT)
_UNSTORED = (FieldType.PERIOD, FieldType.MONTH_DAY, FieldType.IGNORED)
_FALLBACK = {"orders": "paid_at"}  # the moment of an event whose own column is empty
_LITERAL = frozenset({"keyword", "country"})  # "na" is a word there, NA is Namibia
# One file a campaign: without a plan column the file's name keeps the campaigns apart.
_NAMED_BY_FILE = {
    "p4p_plan_daily": ("plan_name", ("plan_id", "plan_name")),
    "p4p_product": ("plan_id", ("plan_id",)),
}


@dataclass
class _Work:
    """One table while it is cleaned. Row arrays are of the length of the rows under the header."""

    schema: Schema
    header: Header
    around: Surroundings
    tally: Tally
    first_row: int  # Excel's number of the first row of data
    cells: dict[str, rows.Cells] = field(default_factory=dict)
    columns: dict[str, Column] = field(default_factory=dict)
    alive: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    aside: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))

    def name_of(self, field_name: str) -> str:
        """Return the header of a field as the file writes it."""
        for column, owner in self.header.columns.items():
            if owner.name == field_name:
                return self.header.names[column]
        return self.schema.by_name[field_name].headers[0]

    def report(self, code: str, name: str, marked: NDArray[np.bool_], *, once: bool = False) -> None:
        """Make issues of the living rows whose distinct value of the field is marked."""
        if not marked.any():
            return
        cells = self.cells[name]
        at = np.flatnonzero(marked[cells.codes] & self.alive)
        if not len(at):
            return
        column = self.name_of(name)
        hidden = self.schema.by_name[name].private
        masked = discreet if self.schema.has_private else str
        values = ("" if hidden else masked(cells.values[cells.codes[row]]) for row in at)
        if once:
            self.tally.add(
                code,
                sheet=self.around.sheet,
                row=self.first_row + int(at[0]),
                column=column,
                value=next(values),
                times=len(at),
            )
        else:
            self.tally.add_rows(code, at + self.first_row, values, sheet=self.around.sheet, column=column)


def clean_table(grid: Grid, header: Header, data: range, around: Surroundings, tally: Tally) -> Parcel | None:
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
    work = _Work(schema, header, around, tally, first_row=data.start + 1)
    columns = grid.columns(data.start, data.stop)
    for column, owner in header.columns.items():
        work.cells[owner.name] = rows.Cells(*distinct(columns[column]))
    count = len(data)
    outer = [rows.Cells(*distinct(columns[c])) for c in (0, 1) if c < grid.width and c not in header.columns]
    work.alive = ~rows.not_data(schema, work.cells, outer, count)
    work.aside = np.zeros(count, dtype=np.bool_)
    _joined(work, grid, data)
    _cut_off(work, grid, data)
    if not (work.alive | work.aside).any():
        tally.add("table.empty", sheet=around.sheet, row=header.last + 1, detail=title)
        return None
    if schema.period is PeriodRule.FILE and file_period.stated(around) is None:
        tally.add("period.missing", sheet=around.sheet, detail=title)
        return None
    _parse_columns(work)
    possible_days.clear_cells(work)
    spans = _periods(work, count, title)
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
    grain = Column(*_coded(spans.grain[at]))
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


def _coded(values: NDArray[np.object_]) -> tuple[NDArray[np.intp], NDArray[np.object_]]:
    codes, found = distinct(values)
    array = np.empty(len(found), dtype=np.object_)
    array[:] = found
    return codes, array


def _joined(work: _Work, grid: Grid, data: range) -> None:
    """Set the rows aside that a lone quotation mark made out of several; an issue of the file tells them."""
    at = [row - data.start for row in grid.joined if row in data]
    work.alive[at], work.aside[at] = False, True


def _cut_off(work: _Work, grid: Grid, data: range) -> None:
    """Set the last row aside, unparsed, where the file stops in the middle of it.

    Stopped inside its last cell, or right after a row, a file looks whole; one lone text may be a remark.
    """
    width = max(work.header.names) + 1
    if 0 < grid.unended < width and data.stop == grid.height and work.alive[-1:].any():
        work.tally.add(
            "file.cut_off", sheet=work.around.sheet, row=data.stop, detail=f"{grid.unended}/{width}"
        )
        work.alive[-1], work.aside[-1] = False, True


def _parse_columns(work: _Work) -> None:
    numeric = [name for name in work.cells if work.schema.by_name[name].type in _NUMERIC]
    comma = numbers.decimal_comma(work.cells[name].values for name in numeric)
    for owner in work.header.columns.values():
        if owner.type not in _UNSTORED:
            work.columns[owner.name] = Column(work.cells[owner.name].codes, _parsed(work, owner, comma))


def _parsed(work: _Work, owner: Field, comma: bool) -> NDArray[Any]:
    """Return the cleaned distinct values of a field; report the bad ones."""
    name, values = owner.name, work.cells[owner.name].values
    if owner.type in (FieldType.TEXT, FieldType.FLAG):
        return texts.parse_texts(values, literal=name in _LITERAL)
    if owner.type is FieldType.ID:
        ids, bad = texts.parse_ids(values)
        work.report("cell.id", name, bad)
        if name in work.schema.key and bad.any():
            work.aside |= work.alive & bad[work.cells[name].codes]
        return ids
    if owner.type is FieldType.PERCENT:
        rates, bad = numbers.parse_percents(values, comma=comma)
        work.report("cell.number", name, bad)
        with np.errstate(invalid="ignore"):
            work.report("cell.percent", name, rates > 1)
        return rates
    if owner.type in _NUMERIC:
        found, bad = numbers.parse_numbers(values, comma=comma)
        work.report("cell.number", name, bad)
        return found
    moments = dates.parse_moments(values, clock=work.schema.clock)
    _report_dates(work, name, moments.bad, moments.undecided)
    return moments.values.astype("datetime64[D]") if owner.type is FieldType.DATE else moments.values


def _report_dates(work: _Work, name: str, bad: NDArray[np.bool_], undecided: NDArray[np.bool_]) -> None:
    work.report("cell.date", name, bad)
    work.report("cell.date_order", name, undecided, once=True)
    if name == work.schema.period_field:
        work.aside |= work.alive & (bad | undecided)[work.cells[name].codes]


def _periods(work: _Work, count: int, title: str) -> RowPeriods | None:
    """Return every row's period, or None when a question has to be answered first."""
    schema, around, name = work.schema, work.around, work.schema.period_field
    if schema.period is PeriodRule.FILE:
        if differs := file_period.conflict(around, schema):
            work.tally.add("period.conflict", sheet=around.sheet, detail=differs)
        stated = file_period.stated(around)
        return row_periods.whole(stated, count) if stated else None
    if schema.period is PeriodRule.SNAPSHOT:
        return _snapshot(work, count, title)
    if schema.period is PeriodRule.EVENT:
        return row_periods.of_days(_event_days(work, count))
    if name not in work.cells:  # recognised without its period column, because the file states a span
        stated = file_period.stated(around)
        return row_periods.whole(stated, count) if stated else None
    if schema.by_name[name].type is FieldType.MONTH_DAY:
        return _month_days(work, count)
    cells = work.cells[name]
    parsed = row_periods.parse_periods(cells.values, header=work.name_of(name))
    _report_dates(work, name, parsed.bad, parsed.undecided)
    return row_periods.spread(parsed.found, cells.codes)


def _event_days(work: _Work, count: int) -> NDArray[np.datetime64]:
    name, other = work.schema.period_field, _FALLBACK.get(work.schema.kind, "")
    days = np.full(count, np.datetime64("NaT", "D"), dtype="datetime64[D]")
    for source in (name, other):
        if source in work.columns:
            found = work.columns[source].spread().astype("datetime64[D]")
            days = np.where(np.isnat(days), found, days)
    return days


def _snapshot(work: _Work, count: int, title: str) -> RowPeriods | None:
    taken = row_periods.snapshot_day(work.around)
    if (name := work.schema.period_field) in work.columns:
        spans = row_periods.of_days(work.columns[name].spread())
        if taken and (gaps := spans.missing).any():
            spans.start[gaps], spans.end[gaps], spans.grain[gaps] = taken.start, taken.end, str(taken.grain)
        return spans
    if taken is None:
        work.tally.add("period.missing", sheet=work.around.sheet, detail=title)
        return None
    return row_periods.whole(taken, count)


def _month_days(work: _Work, count: int) -> RowPeriods | None:
    around, name = work.around, work.schema.period_field
    cells = work.cells[name]
    at = np.flatnonzero(work.alive)
    living = [cells.values[code] for code in cells.codes[at]]
    found, bad, no_year = parse_month_days(
        living, year=file_period.year_of(around), month=sheet_month(around.sheet)
    )
    if no_year:
        example = next((cell for cell in living if cell not in (None, "")), "")
        work.tally.add(
            "period.year", sheet=around.sheet, column=work.name_of(name), value=example, detail=str(example)
        )
        return None
    marked = np.zeros(count, dtype=np.bool_)
    marked[at] = bad
    wrong = np.flatnonzero(marked)
    work.tally.add_rows(
        "cell.date",
        wrong + work.first_row,
        (cells.values[cells.codes[row]] for row in wrong),
        sheet=around.sheet,
        column=work.name_of(name),
    )
    work.aside |= marked
    everywhere: list[Period | None] = [None] * count
    for place, period in zip(at, found, strict=True):
        everywhere[place] = period
    return row_periods.spread(everywhere, np.arange(count))


def _set_aside(work: _Work, spans: RowPeriods) -> None:
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
    if not target or any(name in columns for name in present) or around.given:
        return
    if name := file_period.plan_name(around.name):
        value = np.empty(1, dtype=np.object_)
        value[0] = name
        columns[target] = Column(np.zeros(count, dtype=np.int32), value)
