"""A series of periods: growth by calendar, running means and sums, an index on a base."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from opsbook.functions import calendar_days
from opsbook.functions.growth import change
from opsbook.functions.values import ExcelError, FunctionError, floats

if TYPE_CHECKING:
    import numpy.typing as npt

    from opsbook.functions.values import Values

_PERIODS_A_YEAR = {"year": 1, "quarter": 4, "month": 12, "week": 52}


def period_growth(dates: npt.ArrayLike, values: npt.ArrayLike, grain: str, against: str = "yoy") -> Values:
    """Return the growth of each row's period against the same calendar period before, never the row before.

    Args:
        dates: Day numbers of Excel, any day of the period.
        values: Amounts; those of one period are added up.
        grain: ``year``, ``quarter``, ``month``, ``week`` (Sunday to Saturday) or ``day``.
        against: ``yoy``: a year before (52 weeks for weeks; 29 February against the 28th); ``pop``: the
            period before.

    Returns:
        One growth per row, NaN where the row has no date or either period has no value.
    """
    days, amounts = floats(dates), floats(values)
    year, month, day = calendar_days.fields(days)
    keys = {
        "year": year,
        "quarter": year * 4 + np.floor((month - 1) / 3),
        "month": year * 12 + month,
        "week": np.floor((days - 1) / 7),
        "day": np.floor(days),
    }[grain]
    if against == "pop":
        before = keys - 1
    elif grain == "day":
        leap = (month == 2) & (day == 29)
        before = np.where(leap, keys - 366, calendar_days.number(year - 1, month, day))
    else:
        before = keys - _PERIODS_A_YEAR[grain]
    known = ~np.isnan(keys) & ~np.isnan(amounts)
    periods, place = np.unique(keys[known], return_inverse=True)
    sums = np.bincount(place, weights=amounts[known], minlength=len(periods))

    def total(wanted: Values) -> Values:
        if not len(periods):
            return np.full(wanted.shape, np.nan)
        at = np.clip(np.searchsorted(periods, wanted), 0, len(periods) - 1)
        return np.where(periods[at] == wanted, sums[at], np.nan)

    return change(total(keys), total(before))


def moving_average(values: npt.ArrayLike, n: int) -> Values:
    """Return the mean of each value and the ``n`` - 1 before it; NaN unless all ``n`` are there."""
    return rolling_sum(values, n) / n


def rolling_sum(values: npt.ArrayLike, n: int) -> Values:
    """Return the sum of each value and the ``n`` - 1 before it; NaN unless all ``n`` are there."""
    every = floats(values)
    found = np.full(every.shape, np.nan)
    if n <= len(every):
        found[n - 1 :] = np.lib.stride_tricks.sliding_window_view(every, n).sum(axis=1)
    return found


def index_on_base(values: npt.ArrayLike, position: int = 1) -> Values:
    """Return the values with the one at ``position`` (from 1) as 100; NaN throughout where that is 0 or missing.

    Raises:
        FunctionError: #NUM! for a position beyond the values.
    """
    every = floats(values)
    if position > len(every):
        raise FunctionError(ExcelError.NUM)
    base = every[position - 1]
    return every / (base or np.nan) * 100
