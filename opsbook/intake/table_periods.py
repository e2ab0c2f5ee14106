"""The periods of a table's rows, and what is asked where they are not certain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from opsbook.intake import (
    dates,
    file_period,
    row_periods,
    zones,
)
from opsbook.intake.issue_collector import shown
from opsbook.intake.month_day import parse_month_days, sheet_month
from opsbook.intake.period_column import ParsedPeriods, parse_periods
from opsbook.intake.redaction import discreet
from opsbook.intake.row_periods import RowPeriods
from opsbook.intake.table_work import TableWork
from opsbook.periods import Period
from opsbook.periods.statements import PeriodReading
from opsbook.schemas import FieldType, PeriodRule

if TYPE_CHECKING:
    from numpy.typing import NDArray


_FALLBACK = {"orders": "paid_at"}  # the moment of an event whose own column is empty


def report_dates(work: TableWork, name: str, moments: dates.Moments) -> None:
    """Report the cells of a column of days that are no days, or that may be several."""
    asked = moments.mixed & np.isnat(moments.values)
    work.report("cell.date", name, moments.bad)
    work.report("cell.date_order", name, moments.undecided, once=True)
    work.report("cell.date_mixed", name, asked, once=True)
    work.report("cell.date_perhaps", name, moments.mixed & ~asked, once=True)
    work.report("cell.date_swapped", name, moments.swapped, once=True)
    if name == work.schema.period_field:
        work.aside |= work.alive & (moments.bad | moments.undecided | asked)[work.cells[name].codes]


def stated_period(work: TableWork, title: str) -> Period | None:
    """Return the period of the whole table; report where it is not certain or where two of them differ."""
    around = work.around
    said = file_period.reading(around)
    if said.period is None:
        _ask_period(work, said, title)
        return None
    if said.numbered:
        work.tally.add("period.week_number", sheet=around.sheet, detail=said.period.label)
    return said.period


def _ask_period(work: TableWork, said: PeriodReading, title: str) -> None:
    if not said.unclear:
        work.tally.add("period.missing", sheet=work.around.sheet, detail=title)
        return
    spoken = shown(file_period.spoken(work.around))
    detail = discreet(spoken) if work.schema.has_private else spoken
    work.tally.add("period.unclear_file", sheet=work.around.sheet, detail=detail)


def row_periods_of(work: TableWork, count: int, title: str) -> RowPeriods | None:
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
        stated = stated_period(work, title)
        return row_periods.whole(stated, count) if stated else None
    if schema.by_name[name].type is FieldType.MONTH_DAY:
        return _month_days(work, count)
    cells, header = work.cells[name], work.name_of(name)
    parsed = parse_periods(
        cells.values,
        cells.codes,
        header=header,
        alive=work.alive,
        year=file_period.year_of(around),
        clock=schema.clock,
        zone=zones.in_header(header),
        figures=not schema.noted and not around.exact,
    )
    return _row_periods(work, parsed)


def _row_periods(work: TableWork, parsed: ParsedPeriods) -> RowPeriods:
    """Report what a period column leaves open, and set those rows aside."""
    name = work.schema.period_field
    for code, marks in (*parsed.doubts.items(), *parsed.notes.items()):
        work.report_rows(code, name, marks & work.alive, once=code not in ("cell.date", "period.unclear"))
    for marks in parsed.doubts.values():
        work.aside |= work.alive & marks
    return row_periods.spread(parsed.found, parsed.codes)


def _event_days(work: TableWork, count: int) -> NDArray[np.datetime64]:
    name, other = work.schema.period_field, _FALLBACK.get(work.schema.kind, "")
    days = np.full(count, np.datetime64("NaT", "D"), dtype="datetime64[D]")
    for source in (name, other):
        if source in work.columns:
            found = work.columns[source].spread().astype("datetime64[D]")
            days = np.where(np.isnat(days), found, days)
    return days


def _snapshot(work: TableWork, count: int, title: str) -> RowPeriods | None:
    said = file_period.snapshot_day(work.around)
    taken = said.period
    if (name := work.schema.period_field) in work.columns:
        spans = row_periods.of_days(work.columns[name].spread())
        if taken and (gaps := spans.missing).any():
            spans.start[gaps], spans.end[gaps], spans.grain[gaps] = taken.start, taken.end, str(taken.grain)
        return spans
    if taken is None:
        _ask_period(work, said, title)
        return None
    return row_periods.whole(taken, count)


def _month_days(work: TableWork, count: int) -> RowPeriods | None:
    around, name = work.around, work.schema.period_field
    cells = work.cells[name]
    at = np.flatnonzero(work.alive)
    living = [cells.values[code] for code in cells.codes[at]]
    parsed, no_year = parse_month_days(
        living,
        header=work.name_of(name),
        year=file_period.year_of(around),
        month=sheet_month(around.sheet),
    )
    if no_year:
        example = next((cell for cell in living if cell not in (None, "")), "")
        work.tally.add(
            "period.year", sheet=around.sheet, column=work.name_of(name), value=example, detail=str(example)
        )
        return None
    return _row_periods(work, parsed.among(at, count))
