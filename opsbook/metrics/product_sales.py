"""What products brought: sales by line, the best products and their share."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from opsbook.domain.basis import Basis, Kind
from opsbook.functions.products import top_share
from opsbook.metrics.figures import Figure
from opsbook.metrics.measure import Growth, compare
from opsbook.metrics.order_amounts import named_lines
from opsbook.metrics.review import ProductSales
from opsbook.params.order_status import OrderState
from opsbook.periods import Grain, Period, containing, year


def product_sales(lines: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Return what each paid line brought in: the order's received amount, split as its lines' amounts.

    Lines that were refunded or closed have no part, nor have rows of the order itself beside rows of products, nor
    orders of an unknown amount.

    Returns:
        ``product`` (id, else name), ``product_id``, ``product_name``, ``quantity``, ``day``, ``month`` (period),
        ``amount`` (USD), ``country``.
    """
    paid = orders.loc[orders["state"] == "paid", ["order_id", "amount", "month", "day"]]
    named = named_lines(lines)
    of_goods = named | ~named.groupby(lines["order_id"]).transform("any")
    lost = lines["state"].isin([OrderState.REFUNDED, OrderState.CLOSED]) | (lines["received"] < 0)
    kept = of_goods & (~lost | (lost.groupby(lines["order_id"]).transform("all")))
    rows = lines[kept].drop(columns="day").merge(paid[paid["amount"].notna()], on="order_id")
    grouped = rows.groupby("order_id")["line_amount"]
    whole = grouped.transform("sum")
    known = grouped.transform("count") == grouped.transform("size")
    # Without amounts on every line the order is split evenly.
    weight = (rows["line_amount"] / whole).where(known & (whole > 0), 1 / grouped.transform("size"))
    rows["amount"] = rows["amount"] * weight
    named = rows["product_id"].where(rows["product_id"].fillna("") != "")
    rows["product"] = named.fillna(rows["product_name"])
    return rows.loc[
        rows["product"].fillna("") != "",
        ["product", "product_id", "product_name", "quantity", "day", "month", "amount", "country"],
    ]


def top10_share(sales: pd.DataFrame, last: pd.Timestamp) -> Iterator[Figure]:
    """Yield the share of the ten best products by quarter and year."""
    values: dict[Period, float] = {}
    days = sales["month"].dt.start_time
    for grain, code in ((Grain.QUARTER, "Q"), (Grain.YEAR, "Y")):
        for when, group in sales.groupby(days.dt.to_period(code)):
            by_product = group.groupby("product")["amount"].sum()
            values[containing(when.start_time.date(), grain)] = top_share(by_product, 10)
    for period, value in sorted(values.items()):
        running = pd.Timestamp(period.end) > last
        basis = Basis.of(Kind.RATIO_OF_SUMS)
        if running:
            basis = basis.plus(Kind.TO_DAY, last.date())
        yield Figure("top10_share", period.label, "", value, "ratio", basis)
        bases = {"yoy": period.year_before} | (
            {"pop": period.previous} if period.grain is Grain.QUARTER else {}
        )
        for suffix, base in bases.items():
            if running:
                change, how = math.nan, Basis.of(Kind.INCOMPLETE)
            elif base not in values:
                change, how = math.nan, Basis.of(Kind.NO_BASE)
            else:
                change, how = compare(value, values[base], Growth.POINTS, Basis.of(Kind.WHOLE_PERIODS))
            pair = None if math.isnan(change) else (value, values[base])
            yield Figure(f"top10_share.{suffix}", period.label, "", change, "ratio", how, pair=pair)


def top_products(
    sales: pd.DataFrame, number: int, last: pd.Timestamp, *, comparable: bool = True
) -> tuple[ProductSales, ...]:
    """Return the ten best products of a year with their amounts on the same days of the year before.

    Args:
        sales: `product_sales`.
        number: The year.
        last: Last day of the data.
        comparable: Whether the orders of the same days of the year before are known; else there are no amounts of it.
    """
    mine = sales[sales["day"].dt.year == number]
    total = mine["amount"].sum()
    if not total > 0:
        return ()
    amounts = mine.groupby("product", sort=True)["amount"].sum().sort_values(ascending=False, kind="stable")
    end = min(pd.Timestamp(year(number).end), last) - pd.DateOffset(years=1)
    same = sales[(sales["day"].dt.year == number - 1) & (sales["day"] < end + pd.Timedelta(days=1))]
    before = same.groupby("product")["amount"].sum()
    names = mine.groupby("product")[["product_id", "product_name"]].last().fillna("")
    return tuple(
        ProductSales(
            product_id=str(names.loc[product, "product_id"]),
            name=str(names.loc[product, "product_name"]) or str(product),
            amount=float(amount),
            prior=float(before.get(product, 0.0)) if len(same) and comparable else math.nan,
            share=float(amount / total),
        )
        for product, amount in amounts.head(10).items()
    )
