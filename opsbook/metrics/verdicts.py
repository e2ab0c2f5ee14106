"""How sure the headline figures are: their bounds, and the verdicts on their changes, as figures of their own.

Everything is asked of `opsbook.metrics.judge`; here are only the samples of amounts, which are rows of orders.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from opsbook.domain.basis import Basis, Kind
from opsbook.domain.sample import Count, Mean, Share, Total
from opsbook.domain.verdict import Verdict
from opsbook.metrics.catalogue import Chance, metrics
from opsbook.metrics.figures import Figure
from opsbook.metrics.judge import CARRIED, Judge
from opsbook.metrics.measure import Measure, Months
from opsbook.metrics.monthly import Values
from opsbook.periods import Grain, Period, containing, months_of

if TYPE_CHECKING:
    import pandas as pd

    from opsbook.metrics.formula_values import Declared

_SAID = {
    Verdict.UP: Basis.of(Kind.UP),
    Verdict.DOWN: Basis.of(Kind.DOWN),
    Verdict.TOO_FEW: Basis.of(Kind.TOO_FEW),
}


def bounds(declared: Declared, judge: Judge) -> Iterator[Figure]:
    """Yield ``.low`` and ``.high`` of the headline counts and rates by month, quarter and year.

    Args:
        declared: Knows the values by month.
        judge: Knows the intervals.
    """
    headline = [metric for metric in metrics().values() if metric.verdicts]
    for metric in headline:
        if metric.chance is Chance.COUNT:
            yield from _counts(metric.id, declared.months(metric.id), judge)
    for metric in headline:
        if metric.formula is not None and metric.unit == "ratio":
            above, below = (declared.months(each) for each in metric.formula.terms)
            yield from _rates(metric.id, above, below, judge)


def _counts(metric: str, values: Values, judge: Judge) -> Iterator[Figure]:
    for period, months in _known(values):
        total = sum(values[when][0] for when in months)
        if math.isfinite(total) and total >= 0 and (found := judge.interval(Count(total))):
            yield from _both(metric, period, found, unit="count", basis=Kind.POISSON)


def _rates(metric: str, above: Values, below: Values, judge: Judge) -> Iterator[Figure]:
    for period, months in _known({when: told for when, told in above.items() if when in below}):
        hits, trials = (sum(values[when][0] for when in months) for values in (above, below))
        if found := judge.interval(Share(hits, trials)):
            yield from _both(metric, period, found, unit="ratio", basis=Kind.WILSON)


def _both(
    metric: str, period: Period, found: tuple[float, float], *, unit: str, basis: Kind
) -> Iterator[Figure]:
    for suffix, value in zip(("low", "high"), found, strict=True):
        yield Figure(f"{metric}.{suffix}", period.label, "", value, unit, Basis.of(basis))


def _known(values: Values) -> Iterator[tuple[Period, Months]]:
    """Yield every month, quarter and year with its months that have a value."""
    for period in _periods(values):
        yield period, tuple(when for when in months_of(period) if when in values)


def _periods(values: Values) -> list[Period]:
    grains = (Grain.MONTH, Grain.QUARTER, Grain.YEAR)
    return sorted({containing(when.start, grain) for when in values for grain in grains})


class PaidAmounts:
    """Amounts of paid orders by month: the samples of sums and means of money."""

    def __init__(self, orders: pd.DataFrame) -> None:
        paid = orders[(orders["state"] == "paid") & orders["amount"].notna() & orders["day"].notna()]
        self._by_month = {
            (when.year, when.month): amounts.to_numpy() for when, amounts in paid.groupby("month")["amount"]
        }

    def _of(self, months: Months) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        found = [self._by_month.get((when.start.year, when.start.month), np.zeros(0)) for when in months]
        return np.concatenate(found) if found else np.zeros(0)

    def total(self, months: Months, value: float) -> Total | None:
        """Return the sample of an amount; None where the rows of orders are not what it consists of."""
        amounts = self._of(months)
        known = float(amounts.sum())
        if math.isnan(value) or min(known, value) < CARRIED * max(known, value):
            return None
        return Total(value, float((amounts**2).sum()), len(amounts))

    def mean(self, months: Months, value: float) -> Mean | None:
        """Return the sample of an order value."""
        amounts = self._of(months)
        if math.isnan(value) or not len(amounts):
            return None
        variance = float(amounts.var(ddof=1)) / len(amounts) if len(amounts) > 1 else math.inf
        return Mean(value, variance, len(amounts))

    def sampled(self, measure: Measure) -> Measure:
        """Return a measure; one of money with its sample."""
        made = {"ta_amount": self.total, "aov": self.mean}.get(measure.metric)
        return measure if made is None else replace(measure, sample=_with(measure, made))


def _with(
    measure: Measure, made: Callable[[Months, float], Total | Mean | None]
) -> Callable[[Months], Total | Mean | None]:
    return lambda months: made(months, measure.over(months))


def verdicts(figures: Iterable[Figure], judge: Judge) -> Iterator[Figure]:
    """Yield ``.yoy.verdict`` and ``.pop.verdict`` of the growths among some figures.

    A verdict is 1 for up, -1 for down, 0 for too few to say; one that cannot be judged is empty.

    Args:
        figures: Growths and others, of store level.
        judge: Passes them.
    """
    judged = [metric.id for metric in metrics().values() if metric.verdicts]
    wanted = {f"{metric}.{suffix}" for metric in judged for suffix in ("yoy", "pop")}
    for figure in figures:
        if figure.metric in wanted and not figure.dimension:
            said = judge.figure(figure)
            if said is Verdict.UNJUDGED and figure.defined:
                basis = Basis.of(Kind.NO_SAMPLE)
            else:
                basis = _SAID.get(said, Basis()) + figure.basis.without(Kind.POINTS)
            yield Figure(f"{figure.metric}.verdict", figure.period, "", said.number, "verdict", basis)
