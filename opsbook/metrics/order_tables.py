"""The orders of both tables, made part by part: memory is taken by orders and sales, not by the archive's lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from opsbook.metrics import orders, product_sales
from opsbook.metrics.usd_amounts import Rates

if TYPE_CHECKING:
    from opsbook.metrics.archive_tables import Tables


@dataclass(frozen=True)
class OrderTables:
    """What the metrics know of orders.

    Attributes:
        orders: `orders.orders_of` the lines of both tables, each order once.
        platform: The same of the platform's table.
        own: The same of the seller's own table.
        sales: `product_sales.product_sales` of both.
    """

    orders: pd.DataFrame
    platform: pd.DataFrame
    own: pd.DataFrame
    sales: pd.DataFrame


@dataclass
class _Parts:
    """Orders and sales while they are collected."""

    orders: list[pd.DataFrame] = field(default_factory=list)
    sales: list[pd.DataFrame] = field(default_factory=list)

    def take(self, lines: pd.DataFrame) -> pd.DataFrame:
        made = orders.orders_of(lines)
        self.orders.append(made)
        self.sales.append(product_sales.product_sales(lines, made))
        return made


def order_tables(tables: Tables, rates: Rates) -> OrderTables:
    """Return orders and sales; the platform's months count, and its orders are not taken twice.

    Args:
        tables: The archive's tables; a part of them holds whole orders.
        rates: By which other currencies become dollars.
    """
    every = _Parts()
    months: set[pd.Period] = set()
    platform: list[pd.DataFrame] = []
    for rows in tables.parts_of("orders"):
        lines = orders.platform_lines(rows, rates)
        months.update(lines["day"].dt.to_period("M").unique())
        platform.append(every.take(lines))
    of_platform = _joined(platform)
    own: list[pd.DataFrame] = []
    for rows in tables.parts_of("order_ledger"):
        lines = orders.ledger_lines(rows, rates)
        if of_platform.empty:
            own.append(every.take(lines))
        else:
            own.append(orders.orders_of(lines))
            every.take(orders.not_in(lines, months, of_platform["order_id"]))
    of_own = _joined(own)
    if of_platform.empty or of_own.empty:
        made = of_own if of_platform.empty else of_platform
    else:
        made = _joined(every.orders).sort_values("order_id", kind="stable", ignore_index=True)
    return OrderTables(made, of_platform, of_own, _joined(every.sales))


def _joined(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of all parts; of empty ones at least the columns."""
    found = list(parts)
    filled = [part for part in found if len(part)] or found[:1]
    return filled[0] if len(filled) == 1 else pd.concat(filled, ignore_index=True)
