"""Budgets: variances with their sign, what is left, phasing, and money in one currency."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from opsbook.functions import calendar_days
from opsbook.functions.ratios import ratio
from opsbook.functions.values import ExcelError, FunctionError, floats

if TYPE_CHECKING:
    import numpy.typing as npt

    from opsbook.functions.values import Values

_MOST_MONTHS = 1200


def variance(actual: npt.ArrayLike, budget: npt.ArrayLike, kind: npt.ArrayLike) -> Values:
    """Return how much better than the budget, positive is favourable.

    Args:
        actual: Actual amounts.
        budget: Budgeted amounts; missing is not budgeted, not 0.
        kind: ``revenue`` (actual - budget) or ``cost`` (budget - actual).
    """
    more = floats(actual) - floats(budget)
    return np.where(np.asarray(kind, dtype=object) == "cost", -more, more)


def variance_rate(actual: npt.ArrayLike, budget: npt.ArrayLike, kind: npt.ArrayLike) -> Values:
    """Return the variance by |budget|; NaN for a budget of 0."""
    return ratio(variance(actual, budget, kind), np.abs(floats(budget)))


def variance_flag(
    actual: npt.ArrayLike,
    budget: npt.ArrayLike,
    kind: npt.ArrayLike,
    amount_limit: float = 0.0,
    rate_limit: float = 0.05,
) -> Values:
    """Return 1 (favourable), -1 (unfavourable) or 0 where the variance is within either limit.

    With a budget of 0 only the amount counts.
    """
    better = variance(actual, budget, kind)
    size = np.abs(floats(budget))
    flagged = (np.abs(better) > amount_limit) & ((size == 0) | (np.abs(better) > rate_limit * size))
    return np.where(np.isnan(better), np.nan, np.where(flagged, np.sign(better), 0.0))


def budget_use(spent: float, committed: float, budget: float) -> Values:
    """Return share spent, share committed, and the amount still free, 1 x 3; the shares NaN for a budget of 0."""
    shares = ratio(np.array([spent, committed]), budget)
    return np.array([[*shares, budget - spent - committed]])


def phase(total: float, first_day: float, last_day: float, weights: npt.ArrayLike | None = None) -> Values:
    """Return an amount spread over the months from first_day to last_day, both months included, m x 1.

    Args:
        total: Amount.
        first_day: Any day of the first month.
        last_day: Any day of the last month.
        weights: One per month, in any scale; evenly if left out.

    Raises:
        FunctionError: #NUM! for an end before the start or more than 1,200 months; #VALUE! if there are not as
            many weights as months; #N/A for a missing weight or weights of 0.
    """
    years, months, _ = calendar_days.fields([first_day, last_day])
    count = int((years[1] - years[0]) * 12 + months[1] - months[0]) + 1
    if last_day < first_day or count > _MOST_MONTHS:
        raise FunctionError(ExcelError.NUM)
    every = floats(np.nan if weights is None else weights)
    if np.isnan(every).all():
        every = np.ones(count)
    if len(every) != count:
        raise FunctionError(ExcelError.VALUE)
    if np.isnan(every).any() or every.sum() == 0:
        raise FunctionError(ExcelError.NA)
    return floats(total * every / every.sum())


def convert_currency(  # noqa: PLR0917  # as in the cell
    amount: npt.ArrayLike,
    on_day: npt.ArrayLike,
    rate_days: npt.ArrayLike,
    rates: npt.ArrayLike,
    divide: bool = False,
    max_age: int = 31,
) -> Values:
    """Return amounts in the other currency, at the last rate known on the day.

    Args:
        amount: Amounts.
        on_day: Day numbers of the amounts.
        rate_days: Days of the table of rates, in any order.
        rates: Rates, above 0, such as CNY per USD.
        divide: False: amount x rate (USD to CNY); True: amount / rate (CNY to USD).
        max_age: Days that a rate holds.

    Returns:
        NaN without a rate of the last ``max_age`` days: never a rate of 1, never a later rate.
    """
    days, table = floats(rate_days), floats(rates)
    known = ~np.isnan(days) & ~np.isnan(table)
    days, first = np.unique(days[known], return_index=True)
    table = table[known][first]
    money, when = np.broadcast_arrays(floats(amount), floats(on_day))
    if not days.size:
        return np.full(money.shape, np.nan)
    at = np.searchsorted(days, when, side="right") - 1
    valid = (at >= 0) & (when - days[at] <= max_age)
    rate = np.where(valid, table[at], np.nan)
    return ratio(money, rate) if divide else money * rate
