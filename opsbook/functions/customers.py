"""Buyers: what they are worth, and whether they come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opsbook.functions.ratios import ratio

if TYPE_CHECKING:
    import numpy.typing as npt

    from opsbook.functions.values import Values


def order_value(revenue: npt.ArrayLike, orders: npt.ArrayLike) -> Values:
    """Return revenue / orders (笔单价)."""
    return ratio(revenue, orders)


def revenue_per_buyer(revenue: npt.ArrayLike, buyers: npt.ArrayLike) -> Values:
    """Return revenue / buyers (客单价)."""
    return ratio(revenue, buyers)
