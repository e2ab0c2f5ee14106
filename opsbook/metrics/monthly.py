"""Values by month, and what is made of two or more of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd

from opsbook.domain.basis import Basis, Kind
from opsbook.periods import Grain, Period, containing, months_of

Values = dict[Period, tuple[float, Basis]]
"""A value and its basis by month (or week)."""


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


def first_of(values: Values, *stand_ins: tuple[Kind, Values]) -> Values:
    """Return for each month the value of the first source that has it; what stands in is named in the basis."""
    found = dict(values)
    for name, others in stand_ins:
        for when, (value, basis) in others.items():
            if when not in found:
                found[when] = (value, basis.plus(name))
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
