"""Seasons: indices from history, and splitting a target by them, exactly."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from opsbook.functions.values import ExcelError, FunctionError, floats

if TYPE_CHECKING:
    import numpy.typing as npt

    from opsbook.functions.values import Values


def season_index(values: npt.ArrayLike) -> Values:
    """Return the season index of each month, 1 x 12, mean 1.

    Args:
        values: One row a year, 12 columns. A year with a missing month, or a sum not above 0, is left out.

    Returns:
        Mean over the years of month / mean month of the year.

    Raises:
        FunctionError: #VALUE! unless there are 12 columns; #N/A without a full year.
    """
    table = floats(values)
    if table.ndim != 2 or table.shape[1] != 12:
        raise FunctionError(ExcelError.VALUE)
    full = table[~np.isnan(table).any(axis=1)]
    full = full[full.sum(axis=1) > 0]
    if not len(full):
        raise FunctionError(ExcelError.NA)
    return floats((full / full.mean(axis=1, keepdims=True)).mean(axis=0, keepdims=True))


def classical_season_factors(values: npt.ArrayLike, period: int = 12, kind: str = "multiplicative") -> Values:
    """Return the season factors of classical decomposition, as R's ``decompose(x)$figure``.

    The trend is the centred moving average over one period; the factors are the means, by season, of value / trend
    (or value - trend), scaled to mean 1 (or 0). The first factor is of the first value's season.

    Args:
        values: At least two whole periods, none missing.
        period: Values a year, such as 12 or 4.
        kind: ``multiplicative`` or ``additive``.

    Raises:
        FunctionError: #N/A for too few or missing values; for values not above 0 if multiplicative.

    References:
        Kendall, M. and Stuart, A. (1983), The Advanced Theory of Statistics, vol. 3, 410-414.
    """
    series = floats(values)
    ratios = kind == "multiplicative"
    if len(series) < 2 * period or np.isnan(series).any() or (ratios and (series <= 0).any()):
        raise FunctionError(ExcelError.NA)
    half = period // 2
    window = np.ones(period) if period % 2 else np.concatenate([[0.5], np.ones(period - 1), [0.5]])
    trend = np.full(len(series), np.nan)
    trend[half : len(series) - half] = np.convolve(series, window / period, mode="valid")
    rest = series / trend if ratios else series - trend
    means = np.array([np.nanmean(rest[at::period]) for at in range(period)])
    return floats(means / means.mean() if ratios else means - means.mean())


def allocate(
    target: float, weights: npt.ArrayLike, digits: int = 0, locked: npt.ArrayLike | None = None
) -> Values:
    """Return the target split by weights so that the parts add up to it exactly, by largest remainder.

    Args:
        target: Amount to split, not negative; it is first rounded to ``digits``.
        weights: One per part; all 0 splits evenly.
        digits: Decimals of the parts; -2 is hundreds.
        locked: Parts that are fixed already, NaN where free.

    Returns:
        One part per weight, each a multiple of the unit, locked ones as they are.

    Raises:
        FunctionError: #N/A for a missing weight; #NUM! if more is locked than the target; #VALUE! if the locked
            parts are not as many as the weights, or all are locked and miss the target.

    References:
        Hamilton's method of largest remainders.
    """
    every = floats(weights)
    if np.isnan(every).any():
        raise FunctionError(ExcelError.NA)
    fixed = floats(np.nan if locked is None else locked)
    if np.isnan(fixed).all():
        fixed = np.full(every.shape, np.nan)
    if fixed.shape != every.shape:
        raise FunctionError(ExcelError.VALUE)
    free = np.isnan(fixed)
    scale = 10.0**digits
    units = _half_up(target * scale) - _half_up(float(np.nansum(fixed)) * scale)
    if units < 0:
        raise FunctionError(ExcelError.NUM)
    if not free.any():
        if units:
            raise FunctionError(ExcelError.VALUE)
        return fixed
    open_weights = np.where(free, every, 0.0)
    if open_weights.sum() == 0:
        open_weights = free.astype(float)
    exact = units * open_weights / open_weights.sum()
    whole = np.floor(np.round(exact, 9))
    left = units - whole.sum()
    remainder = np.where(free, np.round(exact - whole, 9), -1.0)
    place = np.empty(len(every))
    place[np.argsort(-remainder, kind="stable")] = np.arange(len(every))
    return np.where(free, (whole + (place < left)) / scale, fixed)


def _half_up(number: float) -> float:
    """Return the number rounded to a whole one as Excel's ROUND does, for numbers not below 0."""
    return float(math.floor(number + 0.5))
