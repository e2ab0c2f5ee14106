"""Advertising (P4P): what was paid, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from opsbook.functions.ratios import ratio
from opsbook.functions.values import floats

if TYPE_CHECKING:
    import numpy.typing as npt

    from opsbook.functions.values import Values


def click_through_rate(clicks: npt.ArrayLike, impressions: npt.ArrayLike) -> Values:
    """Return clicks / impressions."""
    return ratio(clicks, impressions)


def cost_per_click(cost: npt.ArrayLike, clicks: npt.ArrayLike) -> Values:
    """Return cost / clicks; NaN where money went without a click."""
    return ratio(cost, clicks)


def cost_per_mille(cost: npt.ArrayLike, impressions: npt.ArrayLike) -> Values:
    """Return the cost of a thousand impressions."""
    return ratio(cost, impressions) * 1000


def conversion_rate(conversions: npt.ArrayLike, visits: npt.ArrayLike) -> Values:
    """Return conversions / visits; which of clicks or visitors the visits are is the caller's choice."""
    return ratio(conversions, visits)


def cost_per_inquiry(cost: npt.ArrayLike, inquiries: npt.ArrayLike) -> Values:
    """Return cost / inquiries; NaN where money went without an inquiry."""
    return ratio(cost, inquiries)


def cost_per_action(cost: npt.ArrayLike, orders: npt.ArrayLike) -> Values:
    """Return cost / orders; NaN where money went without an order."""
    return ratio(cost, orders)


def return_on_ad_spend(revenue: npt.ArrayLike, cost: npt.ArrayLike) -> Values:
    """Return revenue / cost, both in one currency: the platform's 投入产出比."""
    return ratio(revenue, cost)


def return_on_investment(gain: npt.ArrayLike, cost: npt.ArrayLike) -> Values:
    """Return (gain - cost) / cost: what was earned net of the cost, by the cost."""
    earned, spent = floats(gain), floats(cost)
    return ratio(earned - spent, spent)


def advertising_cost_of_sales(cost: npt.ArrayLike, ad_revenue: npt.ArrayLike) -> Values:
    """Return cost / revenue that the advertisements brought."""
    return ratio(cost, ad_revenue)


def total_advertising_cost_of_sales(cost: npt.ArrayLike, total_revenue: npt.ArrayLike) -> Values:
    """Return cost / revenue of the whole shop."""
    return ratio(cost, total_revenue)


def break_even_roas(margin: npt.ArrayLike) -> Values:
    """Return the revenue by cost at which an advertisement earns nothing.

    Args:
        margin: Contribution margin before advertising, a fraction of revenue; without one above 0 there is
            no such point.
    """
    kept = floats(margin)
    with np.errstate(all="ignore"):
        return np.where(kept > 0, 1 / kept, np.nan)


def break_even_acos(margin: npt.ArrayLike) -> Values:
    """Return the cost by revenue at which an advertisement earns nothing: the margin itself, if above 0."""
    kept = floats(margin)
    return np.where(kept > 0, kept, np.nan)


def break_even_cpc(rate: npt.ArrayLike, order_value: npt.ArrayLike, margin: npt.ArrayLike) -> Values:
    """Return the most that a click may cost: rate x order_value x margin, if the margin is above 0."""
    converted, value, kept = (floats(given) for given in (rate, order_value, margin))
    return np.where(kept > 0, converted * value * kept, np.nan)
