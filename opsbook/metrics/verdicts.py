"""What small samples allow to say: bounds of headline figures, and whether a change is more than chance.

Counts are taken as Poisson, rates as binomial, amounts as sums of independent orders. A verdict has three answers:
up, down, or too few to say.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from opsbook.functions.intervals import count_interval, count_signal, rate_signal, wilson_bounds
from opsbook.metrics.figures import Figure
from opsbook.metrics.measure import Months, compared
from opsbook.metrics.monthly import Values
from opsbook.metrics.shop import RATES
from opsbook.periods import Grain, Period, containing, months_of

if TYPE_CHECKING:
    import pandas as pd

    from opsbook.metrics.figures import Review

COUNTS = ("visitors", "inquiries", "inquiry_buyers", "tm_buyers", "lead_buyers", "ta_orders")
EXACT = frozenset(
    {
        "search_impressions", "total_impressions", "marketing_impressions", "natural_impressions", "ad_cost",
        "ad_cpc", "ad_ctr", "new_products", "live_sessions", "short_videos", "ka_customers",
        "visual_upgrade_completion", "video_coverage", "display3d_coverage", "quality_score_lift",
    }
)  # fmt: skip
"""What is counted in full, or so often that chance plays no part: any change is one."""


class Verdict(StrEnum):
    """What can be said of a change."""

    UP = "up"
    DOWN = "down"
    TOO_FEW = "too few"


_VERDICTS = {1.0: Verdict.UP, -1.0: Verdict.DOWN, 0.0: Verdict.TOO_FEW}


def verdict(
    review: Review, metric: str, period: str, dimension: str = "", *, against: str = "yoy"
) -> Verdict:
    """Return whether a metric rose or fell, as far as its sample allows to say.

    Args:
        review: The figures.
        metric: Id of the catalogue.
        period: Label of the period.
        dimension: As of the figure.
        against: ``yoy``, last year, or ``pop``, the period before.
    """
    judged = review.get(f"{metric}.{against}.verdict", period, dimension)
    if judged.defined:
        return _VERDICTS[judged.value]
    change = review.get(f"{metric}.{against}", period, dimension)
    if metric in EXACT and change.defined and change.value != 0:
        return Verdict.UP if change.value > 0 else Verdict.DOWN
    return Verdict.TOO_FEW


def bounds(values: Mapping[str, Values], confidence: float) -> Iterator[Figure]:
    """Yield ``.low`` and ``.high`` of the headline counts and rates by month, quarter and year.

    Args:
        values: Totals by month of store level, as `shop.monthly` gives them.
        confidence: Of the intervals.
    """
    for metric in COUNTS:
        for period, months in _known(values.get(metric, {})):
            total = sum(values[metric][when][0] for when in months)
            if math.isfinite(total) and total >= 0:
                low, high = count_interval(round(total), confidence)[0]
                yield from _both(metric, period, low, high, unit="count", basis="Poisson interval")
    for metric, (above, below) in RATES.items():
        both = {when: told for when, told in values[above].items() if when in values[below]}
        for period, months in _known(both):
            hits, trials = (sum(values[name][when][0] for when in months) for name in (above, below))
            if trials > 0 and 0 <= hits <= trials:
                lower, upper = wilson_bounds(hits, trials, confidence)
                yield from _both(
                    metric, period, float(lower), float(upper), unit="ratio", basis="Wilson interval"
                )


def _both(metric: str, period: Period, low: float, high: float, *, unit: str, basis: str) -> Iterator[Figure]:
    yield Figure(f"{metric}.low", period.label, "", float(low), unit, basis)
    yield Figure(f"{metric}.high", period.label, "", float(high), unit, basis)


def _known(values: Values) -> Iterator[tuple[Period, Months]]:
    """Yield every month, quarter and year with its months that have a value."""
    for period in _periods(values):
        yield period, tuple(when for when in months_of(period) if when in values)


def _periods(values: Values) -> list[Period]:
    grains = (Grain.MONTH, Grain.QUARTER, Grain.YEAR)
    return sorted({containing(when.start, grain) for when in values for grain in grains})


def verdicts(
    values: Mapping[str, Values], orders: pd.DataFrame, order_months: Values, as_of: date, confidence: float
) -> Iterator[Figure]:
    """Yield ``.yoy.verdict`` and ``.pop.verdict``: 1 up, -1 down, 0 too few to say.

    Args:
        values: Totals by month of store level.
        orders: `orders.orders_of`.
        order_months: A total of order rows by month: the months that the order lists know.
        as_of: Last day of the data.
        confidence: How sure a verdict must be.
    """

    def count(metric: str) -> Callable[[Months, Months], float]:
        def judged(now: Months, before: Months) -> float:
            then, current = (sum(values[metric][when][0] for when in months) for months in (before, now))
            return float(count_signal(np.round(then), np.round(current), confidence))

        return judged

    def rate(above: str, below: str) -> Callable[[Months, Months], float]:
        def judged(now: Months, before: Months) -> float:
            then, current = (
                [sum(values[name][when][0] for when in months) for name in (above, below)]
                for months in (before, now)
            )
            found = rate_signal(then[0], then[1], current[0], current[1], confidence)
            return float(found) if isinstance(found, int | float | np.floating) else _number(found)

        return judged

    for metric in COUNTS:
        yield from _judged(metric, values.get(metric, {}), count(metric), as_of)
    for metric, (above, below) in RATES.items():
        both = {when: told for when, told in values[above].items() if when in values[below]}
        yield from _judged(metric, both, rate(above, below), as_of)
    samples = _Samples(orders, NormalDist().inv_cdf(1 - (1 - confidence) / 2))
    yield from _judged("ta_amount", order_months, samples.amount, as_of)
    yield from _judged("aov", order_months, samples.mean, as_of)


def _number(found: object) -> float:
    """Return a cell of the function registry as a number; its error values are none."""
    cell = np.asarray(found, dtype=object).item()
    return float(cell) if isinstance(cell, int | float) else math.nan


class _Samples:
    """Amounts of paid orders by month."""

    def __init__(self, orders: pd.DataFrame, z: float) -> None:
        paid = orders[(orders["state"] == "paid") & orders["amount"].notna() & orders["day"].notna()]
        self._by_month = {
            (when.year, when.month): amounts.to_numpy() for when, amounts in paid.groupby("month")["amount"]
        }
        self._z = z

    def _of(self, months: Months) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        found = [self._by_month.get((when.start.year, when.start.month), np.zeros(0)) for when in months]
        return np.concatenate(found) if found else np.zeros(0)

    def amount(self, now: Months, before: Months) -> float:
        """Judge two sums: the variance of a compound Poisson sum is the sum of squares."""
        current, base = self._of(now), self._of(before)
        spread = math.sqrt(float((current**2).sum() + (base**2).sum()))
        return self._sign(float(current.sum() - base.sum()), spread)

    def mean(self, now: Months, before: Months) -> float:
        """Judge two means, each of at least two orders, by Welch's standard error."""
        current, base = self._of(now), self._of(before)
        if min(len(current), len(base)) < 2:
            return 0.0
        spread = math.sqrt(float(current.var(ddof=1) / len(current) + base.var(ddof=1) / len(base)))
        return self._sign(float(current.mean() - base.mean()), spread)

    def _sign(self, difference: float, spread: float) -> float:
        if abs(difference) <= self._z * spread:
            return 0.0
        return math.copysign(1.0, difference)


def _judged(
    metric: str, known: Values, judge: Callable[[Months, Months], float], as_of: date
) -> Iterator[Figure]:
    for period in _periods(known):
        bases = {"yoy": period.year_before} | ({} if period.grain is Grain.YEAR else {"pop": period.previous})
        for suffix, base in bases.items():
            now, before, how = compared(known, period, base, as_of)
            value = judge(now, before) if now else math.nan
            basis = how if math.isnan(value) else f"{_VERDICTS[value]}, {how}"
            yield Figure(f"{metric}.{suffix}.verdict", period.label, "", value, "verdict", basis)
