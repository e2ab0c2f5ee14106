"""Targets: how much is reached, at what pace, and whether a target is fit to be one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from opsbook.functions import calendar_days
from opsbook.functions.growth import change
from opsbook.functions.ratios import ratio
from opsbook.functions.values import ExcelError, FunctionError, floats

if TYPE_CHECKING:
    import numpy.typing as npt

    from opsbook.functions.values import Cells, Values


def attainment(actual: npt.ArrayLike, target: npt.ArrayLike, lower_better: bool = False) -> Values:
    """Return actual / target, or target / actual where less is better (costs, hours)."""
    return ratio(target, actual) if lower_better else ratio(actual, target)


def target_from_growth(base: npt.ArrayLike, growth: npt.ArrayLike) -> Values:
    """Return base x (1 + growth)."""
    return floats(base) * (1 + floats(growth))


def year_to_date(dates: npt.ArrayLike, values: npt.ArrayLike, as_of: float) -> float:
    """Return the sum of the values from 1 January of the year of ``as_of`` to that day; NaN without any."""
    days, amounts = floats(dates), floats(values)
    year, _, _ = calendar_days.fields(as_of)
    rows = (days >= calendar_days.number(year, 1, 1)) & (days <= as_of) & ~np.isnan(amounts)
    return float(amounts[rows].sum()) if rows.any() else float("nan")


def to_go(target: npt.ArrayLike, reached: npt.ArrayLike) -> Values:
    """Return target - reached."""
    return floats(target) - floats(reached)


def pace(reached: float, target: float, weights: npt.ArrayLike, as_of: float) -> float:
    """Return what is reached by what should be by now: 1 is on time.

    Args:
        reached: Sum of the year to ``as_of``.
        target: Of the year.
        weights: 12 weights of the months, in any scale; days count evenly inside a month.
        as_of: Last day reached.

    Raises:
        FunctionError: #VALUE! unless there are 12 weights; #N/A where one is missing.
    """
    month_weights = floats(weights)
    if len(month_weights) != 12:
        raise FunctionError(ExcelError.VALUE)
    if np.isnan(month_weights).any():
        raise FunctionError(ExcelError.NA)
    year, month, day = (float(field) for field in calendar_days.fields(as_of))
    days = float(calendar_days.number(year, month + 1, 1) - calendar_days.number(year, month, 1))
    at = int(month)
    passed = month_weights[: at - 1].sum() + month_weights[at - 1] * day / days
    return float(ratio(reached, target * ratio(passed, month_weights.sum())))


def run_rate(reached: npt.ArrayLike, elapsed: npt.ArrayLike, total: npt.ArrayLike) -> Values:
    """Return reached / elapsed x total: where the year ends at the pace so far."""
    return ratio(reached, elapsed) * floats(total)


def required_run_rate(target: npt.ArrayLike, reached: npt.ArrayLike, remaining: npt.ArrayLike) -> Values:
    """Return (target - reached) / remaining; 0 where the target is met, NaN where time is up and it is not."""
    missing = to_go(target, reached)
    return np.where(missing <= 0, 0.0, ratio(missing, remaining))


def landing(actuals: npt.ArrayLike, plan: npt.ArrayLike) -> float:
    """Return the sum of the actual values, with the plan where there is none yet; NaN where both are missing."""
    done, planned = floats(actuals), floats(plan)
    return float(np.where(np.isnan(done), planned, done).sum())


def smart_check(  # noqa: PLR0917  # as in the cell
    metric: str | None,
    baseline: float | None,
    target: float | None,
    unit: str | None,
    owner: str | None,
    due: float | None,
    relevance: str | None = None,
    history: npt.ArrayLike | None = None,
) -> Cells:
    """Return whether a target is SMART, 1 x 6: S, M, A, R, T as TRUE or FALSE, and the letters that fail.

    S: metric and owner are named. M: baseline, target and unit are given. A: the growth that the target implies
    was reached before (not above the largest of ``history``; for a reduction, not below the smallest). R: what
    it brings is said. T: it has a due day.

    Args:
        metric: What is measured.
        baseline: Where it stands.
        target: Where it shall be.
        unit: Of both.
        owner: Who answers for it.
        due: Day.
        relevance: What it does for the result in money.
        history: Past growth rates of the metric.
    """
    numbers = baseline is not None and target is not None
    past = floats([] if history is None else history)
    past = past[~np.isnan(past)]
    implied = float(change(target, baseline)) if numbers else float("nan")  # type: ignore[arg-type]  # numbers
    attainable = bool(past.size) and bool(past.min() <= implied if implied < 0 else implied <= past.max())
    flags = [
        metric is not None and owner is not None,
        numbers and unit is not None,
        attainable,
        relevance is not None,
        due is not None,
    ]
    failing = " ".join(letter for letter, met in zip("SMART", flags, strict=True) if not met)
    found = np.empty((1, 6), dtype=object)
    found[0, :] = [*flags, failing]
    return found


def target_consistency(amount: float, visitors: float, rate: float, order_value: float) -> Values:
    """Return visitors x rate x order_value, and by how much that misses the target amount, 1 x 2."""
    product = visitors * rate * order_value
    return np.array([[product, float(change(product, amount))]])
