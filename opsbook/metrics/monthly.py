"""Months out of day, week and month rows: a month row counts before its parts and days, which are never added to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

import pandas as pd

from opsbook.domain.basis import Basis, Kind
from opsbook.metrics import parts
from opsbook.periods import Grain, Period, containing, month, months_of

Values = dict[Period, tuple[float, Basis]]
"""A value and its basis by month (or week)."""


def totals(rows: pd.DataFrame, field: str, *, persons: bool = False, every_day: bool = True) -> Values:
    """Return the month's own row, else the sum of its days, or of longer parts that cover it exactly.

    Args:
        rows: ``_grain``, ``_start``, ``_end`` and the field; several rows a period are added (plans, words).
        field: Column, float64.
        persons: Distinct inside a period: a sum of days is an upper bound, and says so.
        every_day: A day without a row is a gap (a shop's daily table), not a day without business (ads).

    Returns:
        Only months with a value.
    """
    if field not in rows or rows.empty:
        return {}
    known = _known(rows, field)
    found: Values = {}
    days = known[known["_grain"] == Grain.DAY]
    if len(days):
        first = days["_start"].dt.to_period("M")
        sums = days[field].groupby(first).sum()
        counts = days["_start"].groupby(first).nunique()
        for when, value in sums.items():
            period = month(when.year, when.month)
            count = int(counts[when])
            some = () if not every_day or count == period.days else (count, period.days)
            basis = Basis.of(Kind.SUM_OF_DAYS, *some)
            found[period] = (float(value), basis.plus(Kind.UPPER_BOUND) if persons else basis)
    found |= _of_parts(
        known, field, persons=persons, whole=[each for each in found if _is_whole(found[each])]
    )
    monthly = known[known["_grain"] == Grain.MONTH]
    for start, value in monthly.groupby("_start")[field].sum().items():
        found[month(start.year, start.month)] = (float(value), Basis.of(Kind.GIVEN))
    # A quarter or year given as one row cannot be split; the months inside it stay unknown.
    return found


def _is_whole(told: tuple[float, Basis]) -> bool:
    return told[1].has(Kind.SUM_OF_DAYS) and not told[1].partial


def _of_parts(known: pd.DataFrame, field: str, *, persons: bool, whole: Collection[Period]) -> Values:
    """Return the months that half months, ten days or other ranges make together.

    Args:
        known: Rows that have the field.
        field: Column.
        persons: Distinct inside a part.
        whole: Months that all their days are known of.
    """
    if not known["_grain"].isin([Grain.RANGE, Grain.WEEK]).any():
        return {}
    found: Values = {}
    basis = _summed(Kind.SUM_OF_PARTS, persons=persons)
    sums = known.groupby(["_start", "_end"])[field].sum()
    for when, spans in parts.tiled(parts.spans(known)).items():
        if when not in whole:
            value = sum(sums[pd.Timestamp(start), pd.Timestamp(end)] for start, end in spans)
            found[when] = (float(value), basis)
    return found


def _summed(kind: Kind, *, persons: bool) -> Basis:
    return Basis.of(kind).plus(Kind.UPPER_BOUND) if persons else Basis.of(kind)


def _known(rows: pd.DataFrame, field: str) -> pd.DataFrame:
    """Return the rows that have the field, of a wide table no more than is needed."""
    return rows.loc[rows[field].notna(), [field, "_grain", "_start", "_end"]]


def latest(rows: pd.DataFrame, field: str) -> Values:
    """Return the last value inside each month: rolling columns and snapshots are never summed."""
    if field not in rows or rows.empty:
        return {}
    known = _known(rows, field).sort_values("_end", kind="stable")
    found: Values = {}
    for when, value in known.groupby(known["_end"].dt.to_period("M"))[field].last().items():
        found[month(when.year, when.month)] = (float(value), Basis.of(Kind.LAST_VALUE))
    return found


def weeks(rows: pd.DataFrame, field: str, *, persons: bool = False) -> Values:
    """Return the week's own row, else the sum of its seven days if all are there."""
    if field not in rows or rows.empty:
        return {}
    known = _known(rows, field)
    found: Values = {}
    days = known[known["_grain"] == Grain.DAY]
    if len(days):
        first = days["_start"].dt.to_period("W-SAT")
        sums = days[field].groupby(first).sum()
        counts = days["_start"].groupby(first).nunique()
        for when, value in sums.items():
            if counts[when] == 7:
                period = Period(when.start_time.date(), when.end_time.date(), Grain.WEEK)
                found[period] = (float(value), _summed(Kind.SUM_OF_DAYS, persons=persons))
    weekly = known[known["_grain"] == Grain.WEEK]
    for (start, end), value in weekly.groupby(["_start", "_end"])[field].sum().items():
        found[Period(start.date(), end.date(), Grain.WEEK)] = (float(value), Basis.of(Kind.GIVEN))
    return found


def reached(spans: Iterable[tuple[date, date]]) -> list[Period]:
    """Return the months that a table's first and last day reach into: without a row there, nothing happened."""
    found = {
        containing(when.start_time.date(), Grain.MONTH)
        for first, last in spans
        for when in pd.period_range(first, last, freq="M")
    }
    return sorted(found)


def counted(
    days: pd.Series[pd.Timestamp], months: Iterable[Period], weights: pd.Series[float] | None = None
) -> Values:
    """Return how many rows (or the sum of their weights) fall into each of the months; 0 where none does."""
    by = days.dt.to_period("M")
    sums = by.groupby(by).size() if weights is None else weights.groupby(by).sum()
    found = {(when.year, when.month): float(value) for when, value in sums.items()}
    basis = Basis.of(Kind.SUM_OF_ROWS)
    return {when: (found.get((when.start.year, when.start.month), 0.0), basis) for when in months}


def first_of(*sources: tuple[Kind, Values]) -> Values:
    """Return for each month the value of the first source that has it; later ones are named in the basis."""
    found: Values = {}
    for number, (name, values) in enumerate(sources):
        for when, (value, basis) in values.items():
            if when not in found:
                found[when] = (value, basis.plus(name) if number else basis)
    return found


def minus(one: Values, other: Values) -> Values:
    """Return the difference in the months that have both."""
    return {when: (value - other[when][0], basis) for when, (value, basis) in one.items() if when in other}


def running_sum(values: Values) -> Values:
    """Return the sum from January on; after a month without value there is none until the next January."""
    found: Values = {}
    for when in sorted(values):
        inside = months_of(Period(when.start.replace(month=1, day=1), when.end, Grain.RANGE))
        if all(before in values for before in inside):
            found[when] = (sum(values[before][0] for before in inside), Basis.of(Kind.SUM_OF_MONTHS))
    return found
