"""Buyers: what they are worth, and whether they come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from opsbook.functions.ratios import ratio
from opsbook.functions.values import ExcelError, FunctionError, floats

if TYPE_CHECKING:
    import numpy.typing as npt

    from opsbook.functions.values import Values


def order_value(revenue: npt.ArrayLike, orders: npt.ArrayLike) -> Values:
    """Return revenue / orders (笔单价)."""
    return ratio(revenue, orders)


def revenue_per_buyer(revenue: npt.ArrayLike, buyers: npt.ArrayLike) -> Values:
    """Return revenue / buyers (客单价)."""
    return ratio(revenue, buyers)


def _buyers(
    ids: npt.ArrayLike, dates: npt.ArrayLike, first_day: float, last_day: float
) -> tuple[npt.NDArray[np.str_], npt.NDArray[np.int64]]:
    """Return the buyers with an order on the days first_day to last_day, and on how many days they had one."""
    who, when = np.asarray(ids, dtype=object), np.floor(floats(dates))
    rows = (who != None) & (when >= first_day) & (when <= last_day)  # noqa: E711  # element by element
    names, place = np.unique(who[rows].astype(str), return_inverse=True)
    pairs = np.unique(np.stack([place.astype(float), when[rows]]), axis=1)
    return names, np.bincount(pairs[0].astype(int), minlength=len(names))


def repeat_rate(
    ids: npt.ArrayLike, dates: npt.ArrayLike, first_day: float, last_day: float, basis: str = "within"
) -> float:
    """Return the share of the buyers of a period who are no first-time buyers.

    Args:
        ids: Buyer of each paid order, None where unknown (then the row is left out).
        dates: Day number of each order.
        first_day: First day of the period.
        last_day: Last day.
        basis: ``within``: orders on two or more different days of the period; ``returning``: an order before
            the period (meaningful only if the rows reach back far enough).

    Returns:
        A fraction, NaN without buyers in the period.

    Raises:
        FunctionError: #NUM! for a period that ends before it starts.
    """
    if last_day < first_day:
        raise FunctionError(ExcelError.NUM)
    names, days = _buyers(ids, dates, first_day, last_day)
    if basis == "within":
        again = int((days >= 2).sum())
    else:
        again = len(np.intersect1d(names, _buyers(ids, dates, -np.inf, first_day - 1)[0]))
    return float(ratio(again, len(names)))


def retention_rate(  # noqa: PLR0917  # as in the cell
    ids: npt.ArrayLike,
    dates: npt.ArrayLike,
    base_first_day: float,
    base_last_day: float,
    first_day: float,
    last_day: float,
) -> float:
    """Return the share of the base period's buyers who ordered in the later period too (老客户复购率).

    Raises:
        FunctionError: #NUM! for a period that ends before it starts.
    """
    if last_day < first_day or base_last_day < base_first_day:
        raise FunctionError(ExcelError.NUM)
    old, _ = _buyers(ids, dates, base_first_day, base_last_day)
    now, _ = _buyers(ids, dates, first_day, last_day)
    return float(ratio(len(np.intersect1d(old, now)), len(old)))


def rfm_scores(
    recency: npt.ArrayLike, frequency: npt.ArrayLike, monetary: npt.ArrayLike, bins: int = 5
) -> Values:
    """Return RFM scores by customer, n x 4: R, F, M from 1 to ``bins`` (best), and the code 100 R + 10 F + M.

    Args:
        recency: Days since the last order; fewer is better.
        frequency: Number of orders.
        monetary: Amount.
        bins: 2 to 9 groups, cut at the quantiles (PERCENTILE.INC); a value at a cut belongs to the lower one,
            so equal values share a score.

    Returns:
        NaN in rows with a missing value, which do not count in the quantiles either.
    """
    columns = [floats(given) for given in (recency, frequency, monetary)]
    complete = ~np.isnan(np.sum(columns, axis=0))
    scores = np.full((len(columns[0]), 4), np.nan)
    if not complete.any():
        return scores
    for at, column in enumerate(columns):
        cuts = np.quantile(column[complete], np.arange(1, bins) / bins)
        score = 1 + (column[complete][:, None] > cuts).sum(axis=1)
        scores[complete, at] = bins + 1 - score if at == 0 else score
    scores[:, 3] = scores[:, :3] @ np.array([100, 10, 1])
    return scores


def lifetime_value(
    margin_per_order: npt.ArrayLike, orders_per_year: npt.ArrayLike, years: npt.ArrayLike
) -> Values:
    """Return margin_per_order x orders_per_year x years: margin, not revenue."""
    margin, orders, kept = (floats(given) for given in (margin_per_order, orders_per_year, years))
    return margin * orders * kept


def lifetime_value_by_churn(
    revenue_per_period: npt.ArrayLike, margin: npt.ArrayLike, churn: npt.ArrayLike
) -> Values:
    """Return revenue_per_period x margin / churn; NaN without churn, where life has no end."""
    return ratio(floats(revenue_per_period) * floats(margin), churn)


def acquisition_cost(spend: npt.ArrayLike, new_customers: npt.ArrayLike) -> Values:
    """Return spend / new customers."""
    return ratio(spend, new_customers)


def payback_months(acquisition: npt.ArrayLike, monthly_contribution: npt.ArrayLike) -> Values:
    """Return after how many months a customer has earned the acquisition cost; NaN if never."""
    monthly = floats(monthly_contribution)
    return ratio(acquisition, np.where(monthly > 0, monthly, np.nan))


def payback(cashflows: npt.ArrayLike) -> float:
    """Return after how many periods the cumulated cash flow is no longer negative, interpolated.

    Args:
        cashflows: The first at time 0 (usually the outlay, negative), then one a period.

    Returns:
        0 if nothing was laid out; NaN if it never comes back or a flow is missing.
    """
    flows = floats(cashflows)
    total = np.cumsum(flows)
    paid = np.flatnonzero(total >= 0)
    if np.isnan(flows).any() or not paid.size:
        return float("nan")
    at = int(paid[0])
    return 0.0 if at == 0 else float(at - 1 - total[at - 1] / flows[at])


def label_accuracy(assigned: npt.ArrayLike, actual: npt.ArrayLike) -> float:
    """Return the share of equal labels among the rows with both; NaN without any."""
    one, two = np.asarray(assigned, dtype=object), np.asarray(actual, dtype=object)
    both = (one != None) & (two != None)  # noqa: E711  # element by element
    return float(ratio((one[both] == two[both]).sum(), both.sum()))
