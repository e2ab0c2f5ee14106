"""Where a monthly series goes from here: a ladder of methods, each for as much history as it needs.

Up to 3 months nothing is said; up to 11 the level of the last months; up to 23 last year's months at this year's
level; from 24 on damped Holt-Winters. Its recursion is R's ``HoltWinters`` with a damped trend. It is written here,
for what a library would bring (statsmodels with scipy: 47 MB of wheels, a second to load at every refresh) is one
short loop; its parameters come from a grid, since a few years of months do not bear a finer search.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from opsbook.domain.basis import Basis, Kind
from opsbook.functions.seasons import classical_season_factors

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

YEAR = 12
_LEVEL_MONTHS = 6  # of this year beside the same of last year, for the level
_LEAST_ERRORS = 4  # fewer say nothing of the spread
_SAME_AGAIN = 6  # so many months ahead the variance is twice that of the next month
_NOTHING = 1e-6  # of the mean: what is below is no base for a ratio
_FITTED = 14  # season factors, level and trend were fitted to the same months: errors of so many are not free
# Grid of the last rung: level, trend, season, damping. Gardner and McKenzie (1985) damp monthly trends by 0.8 to 0.98.
_GRID = tuple(product((0.05, 0.1, 0.2, 0.35, 0.5, 0.7), (0.0, 0.05, 0.15), (0.0, 0.1, 0.3), (0.8, 0.9, 0.97)))


@dataclass(frozen=True)
class Forecast:
    """Months ahead, from the first after the history.

    Attributes:
        values: What is expected.
        low: Lower bound of each month, not below 0.
        high: Upper bound.
        basis: Which method.
    """

    values: tuple[float, ...] = ()
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    basis: Basis = Basis.of(Kind.TOO_FEW)  # noqa: RUF009 - frozen


@dataclass(frozen=True)
class ForecastState:
    """Level, trend and season factors where a series ends (or begins); the next month's factor comes first.

    Arrays hold one entry for each set of parameters tried at once.
    """

    level: Array
    trend: Array
    season: Array  # (YEAR, sets)


def forecast(history: Sequence[float], months: int, confidence: float = 0.95) -> Forecast:
    """Return the months after a history.

    Args:
        history: Months without a gap, oldest first, not below 0; the last is the newest.
        months: How many to look ahead.
        confidence: Of each month's bounds, which are normal around the value by the spread of past errors.

    Returns:
        Undefined (no values) for fewer than 4 months, or where no month is wanted.
    """
    series = np.asarray(history, dtype=float)
    if len(series) < 4 or months < 1 or not np.isfinite(series).all():
        return Forecast()
    if len(series) < YEAR:
        values, errors, method = _level(series, months)
    elif len(series) < 2 * YEAR or (series <= series.mean() * _NOTHING).any():
        values, errors, method = _last_year(series, months)
    else:
        values, errors, method = _holt_winters(series, months)
    values = np.maximum(values, 0.0)
    farther = np.sqrt(1 + np.arange(months) / _SAME_AGAIN)
    spread = _spread(series, errors) * NormalDist().inv_cdf((1 + confidence) / 2) * farther
    low, high = np.maximum(values * (1 - spread), 0.0), values * (1 + spread)
    return Forecast(tuple(values.tolist()), tuple(low.tolist()), tuple(high.tolist()), Basis.of(method))


def _spread(series: Array, errors: Array) -> float:
    """Return the standard deviation of relative errors; of the months themselves where there are too few."""
    known = errors[np.isfinite(errors)]
    if len(known) >= _LEAST_ERRORS:
        free = max(len(known) - (_FITTED if len(series) >= 2 * YEAR else 1), _LEAST_ERRORS)
        return math.sqrt(float((known**2).sum()) / free)
    mean = float(series.mean())
    return float(series.std(ddof=1)) / mean if mean > 0 else 0.0


def _level(series: Array, months: int) -> tuple[Array, Array, Kind]:
    """Return the mean of the last three months for every month ahead."""
    before = np.array([series[at - 3 : at].mean() for at in range(3, len(series))])
    return (
        np.full(months, series[-3:].mean()),
        _relative(series[3:], before, series.mean() * _NOTHING),
        Kind.LEVEL_OF_LAST_MONTHS,
    )


def _last_year(series: Array, months: int) -> tuple[Array, Array, Kind]:
    """Return last year's months, scaled by what the last months came to beside the same of last year."""
    count = min(len(series) - YEAR, _LEVEL_MONTHS)
    below = series[-count - YEAR : len(series) - YEAR].sum() if count else 0.0
    least = series.mean() * _NOTHING
    level = series[-count:].sum() / below if below > least else 1.0
    year = series[-YEAR:]
    values = np.array([year[at % YEAR] * level for at in range(months)])
    return values, _relative(series[YEAR:], series[:-YEAR] * level, least), Kind.LAST_YEAR_AT_THIS_LEVEL


def _holt_winters(series: Array, months: int) -> tuple[Array, Array, Kind]:
    factors = classical_season_factors(series)
    first = series[:YEAR] / factors
    trend = (series[YEAR : 2 * YEAR].mean() - series[:YEAR].mean()) / YEAR
    sets = np.array(_GRID).T
    ones = np.ones(sets.shape[1])
    begin = ForecastState(first.mean() * ones - trend * (YEAR + 1) / 2, trend * ones, np.outer(factors, ones))
    end, fitted = run(series, begin, *sets)
    errors = _relative(series[:, None], fitted, series.mean() * _NOTHING)
    scores = np.nanmean(errors[YEAR // 2 :] ** 2, axis=0)
    best = int(np.nanargmin(scores))
    values = ahead(
        ForecastState(end.level[[best]], end.trend[[best]], end.season[:, [best]]), months, sets[3, [best]]
    )
    return values[:, 0], errors[YEAR // 2 :, best], Kind.HOLT_WINTERS


def run(  # noqa: PLR0917 - the parameters have an order of their own
    series: Array, begin: ForecastState, alpha: Array, beta: Array, gamma: Array, damping: Array
) -> tuple[ForecastState, Array]:
    """Run multiplicative Holt-Winters over a series, for many sets of parameters at once.

    Args:
        series: Months, above 0.
        begin: Before the first of them.
        alpha: Weight of news in the level, shape (sets,).
        beta: In the trend.
        gamma: In the season.
        damping: Of the trend; 1 is the undamped method.

    Returns:
        Where it ends, and what it expected of each month, shape (months, sets).

    References:
        R's stats::HoltWinters; Gardner, E. and McKenzie, E. (1985), Forecasting Trends in Time Series.
    """
    level, trend, season = begin.level, begin.trend, begin.season.copy()
    fitted = np.empty((len(series), len(level)))
    for at, value in enumerate(series):
        factor = season[at % YEAR]
        carried = level + damping * trend
        fitted[at] = carried * factor
        new = alpha * value / factor + (1 - alpha) * carried
        trend = beta * (new - level) + (1 - beta) * damping * trend
        season[at % YEAR] = gamma * value / new + (1 - gamma) * factor
        level = new
    return ForecastState(level, trend, np.roll(season, -len(series), axis=0)), fitted


def ahead(state: ForecastState, months: int, damping: Array) -> Array:
    """Return the months that a state expects, shape (months, sets)."""
    values, carried, step = [], state.level, state.trend
    for at in range(months):
        step = step * damping
        carried = carried + step
        values.append(carried * state.season[at % YEAR])
    return np.array(values)


def _relative(values: Array, expected: Array, least: float) -> Array:
    """Return relative errors; NaN where no more than ``least`` was expected."""
    known = expected > least
    return np.where(known, (values - expected) / np.where(known, expected, 1.0), math.nan)
