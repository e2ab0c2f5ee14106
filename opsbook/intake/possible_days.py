"""Days that cannot be: before trade on the web began, or after the export that tells of them was made.

A cell of another column counts as missing; a row whose own day cannot be is set aside. Each is one issue. Days to come
that people plan are none of this: when something is due, and what a team notes for the coming months.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from opsbook.schemas import FieldType, PeriodRule, Schema
from opsbook.schemas.possible import EARLIEST, latest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from opsbook.intake.row_periods import RowPeriods
    from opsbook.intake.table_work import TableWork

CODE = "cell.day"
_DAYS = (FieldType.DATE, FieldType.DATETIME)
_TO_COME = frozenset({"due_on"})  # fields that tell of what is planned
_NUMBERS = (FieldType.NUMBER, FieldType.MONEY, FieldType.PERCENT)


def impossible(
    days: NDArray[np.datetime64], schema: Schema, stamp: datetime | None
) -> tuple[NDArray[np.bool_], date]:
    """Return which days cannot be, and the last day that can.

    Args:
        days: Distinct days of a column, NaT among them.
        schema: Of the table.
        stamp: When the export was made; None for a paste sheet, where today counts.
    """
    found = days.astype("datetime64[D]")
    today = date.today()  # noqa: DTZ011 - `latest` leaves room for time zones
    made = stamp.date() if stamp and stamp.date() >= EARLIEST else today
    last = latest(schema, made)
    late = found > np.datetime64(last)
    if made < today and 2 * late.sum() > (~np.isnat(found)).sum():
        # Most days lie after the file was made: its time is wrong (as of a copy), not the days.
        last = latest(schema, today)
        late = found > np.datetime64(last)
    return late | (found < np.datetime64(EARLIEST)), last


def clear_cells(work: TableWork) -> None:
    """Report cells of dates that cannot be, and empty them; the row of an impossible day of its own is set aside."""
    schema = work.schema
    for name, column in work.columns.items():
        if schema.by_name[name].type not in _DAYS or name in _TO_COME:
            continue
        wrong, last = impossible(column.values, schema, work.around.stamp)
        if not wrong.any():
            continue
        _report(work, name, wrong[column.codes] & work.alive & ~work.aside, last)
        if name == schema.period_field:
            work.aside |= work.alive & wrong[column.codes]
        column.values[wrong] = np.datetime64("NaT")


def clear_rows(work: TableWork, spans: RowPeriods) -> None:
    """Report and set aside the rows whose period begins on a day that cannot be."""
    schema = work.schema
    own = work.alive & ~work.aside & ~spans.missing
    filled = _filled(work)
    days, codes = np.unique(spans.start[own & filled], return_inverse=True)
    wrong, last = impossible(days, schema, work.around.stamp)
    # Coming months that are written out beforehand hold nothing yet, and are no fault.
    work.alive &= ~(own & ~filled & (spans.start > np.datetime64(last)))
    marked = np.zeros(len(own), dtype=np.bool_)
    marked[own & filled] = wrong[codes]
    if not marked.any():
        return
    if schema.period_field in work.cells and schema.period is not PeriodRule.FILE:
        _report(work, schema.period_field, marked, last)
    else:
        first = spans.start[np.flatnonzero(marked)[0]]
        work.tally.add("period.impossible", sheet=work.around.sheet, value=str(first), detail=_bounds(last))
    work.aside |= marked


def _filled(work: TableWork) -> NDArray[np.bool_]:
    """Return which rows have a number that is not 0; in a table without numbers, all."""
    columns: list[Any] = [
        column for name, column in work.columns.items() if work.schema.by_name[name].type in _NUMBERS
    ]
    found = np.full(len(work.alive), not columns, dtype=np.bool_)
    for column in columns:
        found |= (~np.isnan(column.values) & (column.values != 0))[column.codes]
    return found


def _report(work: TableWork, name: str, marked: NDArray[np.bool_], last: date) -> None:
    at = np.flatnonzero(marked)
    if not len(at):
        return
    cells = work.cells[name]
    values = (cells.values[cells.codes[row]] for row in at)
    work.tally.add_rows(
        CODE,
        at + work.first_row,
        values,
        sheet=work.around.sheet,
        column=work.name_of(name),
        detail=_bounds(last),
    )


def _bounds(last: date) -> str:
    return f"{EARLIEST}~{last}"
