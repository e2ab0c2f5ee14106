"""Excel's day numbers as calendar fields; only days from 1 March 1900 on, where Excel's calendar is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from opsbook.domain.excel_dates import EPOCH

if TYPE_CHECKING:
    import numpy.typing as npt

    from opsbook.functions.values import Values

_EPOCH = np.datetime64(EPOCH, "D")


def fields(days: npt.ArrayLike) -> tuple[Values, Values, Values]:
    """Return year, month and day of day numbers, NaN where missing."""
    numbers = np.asarray(days, dtype=float)
    known = ~np.isnan(numbers)
    whole = np.where(known, np.floor(numbers), 0).astype("int64")
    date = _EPOCH + whole.astype("timedelta64[D]")
    month_start = date.astype("datetime64[M]")
    months = month_start.astype("int64")  # since January 1970
    day = (date - month_start.astype("datetime64[D]")).astype("int64") + 1
    found = (months // 12 + 1970, months % 12 + 1, day)
    year, month, day_of_month = (np.where(known, field.astype(float), np.nan) for field in found)
    return year, month, day_of_month


def number(year: npt.ArrayLike, month: npt.ArrayLike, day: npt.ArrayLike) -> Values:
    """Return day numbers as Excel's DATE: months beyond 12 and days beyond the month run on."""
    parts = [np.asarray(part, dtype=float) for part in (year, month, day)]
    known = ~np.isnan(parts[0] + parts[1] + parts[2])
    years, months, days = (np.where(known, part, 1).astype("int64") for part in parts)
    first = ((years - 1970) * 12 + months - 1).astype("datetime64[M]").astype("datetime64[D]")
    return np.where(known, ((first - _EPOCH).astype("int64") + days - 1).astype(float), np.nan)
