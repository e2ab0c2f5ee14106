"""Orders out of order lines, whichever table they stand in, and what they say of sales and customers.

An order is paid when its status says so or, where the status says nothing, when money was received for it. Only
paid orders are sales: closed and awaited ones are none, refunds are told apart. A day is the day of payment where
the export has it, else of the order, on the export's own clock.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from opsbook.functions.products import top_share
from opsbook.functions.ratios import ratio
from opsbook.metrics.figures import Figure, Lack, ProductSales
from opsbook.metrics.judge import Change, Share
from opsbook.metrics.measure import INCOMPLETE, NO_BASE, Growth, Measure, Months, additive, compare, rate
from opsbook.metrics.monthly import Values, reached
from opsbook.periods import Grain, Period, containing, month, year

if TYPE_CHECKING:
    from collections.abc import Mapping

LINE_COLUMNS = (
    "order_id", "status", "buyer", "buyer_name", "country", "tags", "product_id", "product_name", "quantity", "day",
    "line_amount", "order_amount", "received",
)  # fmt: skip
"""A line: who, what, when; ``line_amount`` of the line, ``order_amount`` and ``received`` of the order, all USD."""


@cache
def statuses() -> Mapping[str, str]:
    """Return the class of each known status: paid, awaited, closed, refunded."""
    raw = tomllib.loads(files("opsbook.params").joinpath("order_status.toml").read_text(encoding="utf-8"))
    return {_plain(status): name for name, entries in raw.items() for status in entries}


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def platform_lines(rows: pd.DataFrame) -> pd.DataFrame:
    """Return `LINE_COLUMNS` from rows of ``orders``; other currencies than USD have no amount here."""
    usd = rows["currency"].fillna("USD").str.upper().isin(["USD", "US$", "美元"])
    money = {
        name: rows[name].where(usd)
        for name in ("received_amount", "total_amount", "product_amount", "unit_price")
    }
    return pd.DataFrame(
        {
            "order_id": rows["order_id"],
            "status": rows["status"],
            "buyer": _buyer(rows),
            "buyer_name": rows["buyer_name"],
            "country": rows["country"],
            "tags": rows["order_tags"],
            "product_id": rows["product_id"],
            "product_name": rows["product_name"],
            "quantity": rows["quantity"],
            "day": rows["paid_at"].fillna(rows["created_at"]).fillna(rows["_start"]),
            "line_amount": money["product_amount"].fillna(money["unit_price"] * rows["quantity"]),
            "order_amount": money["total_amount"],
            "received": money["received_amount"],
        }
    )


def ledger_lines(rows: pd.DataFrame, cny_per_usd: float | None) -> pd.DataFrame:
    """Return `LINE_COLUMNS` from rows of ``order_ledger``: amounts stand on lines, CNY at the row's own rate."""
    fx = rows["fx_rate"].fillna(cny_per_usd or math.nan)
    amount = (
        rows["product_amount_usd"]
        .fillna(rows["amount"])
        .fillna(rows["product_amount_cny"] / fx)
        .fillna(rows["unit_price"] * rows["quantity"] * (1 - rows["discount"].fillna(0.0)))
    )
    return pd.DataFrame(
        {
            "order_id": rows["order_id"],
            "status": rows["status"],
            "buyer": _buyer(rows),
            "buyer_name": rows["buyer_name"],
            "country": rows["country"],
            "tags": None,
            "product_id": rows["product_id"],
            "product_name": rows["product_name"],
            "quantity": rows["quantity"],
            "day": rows["_start"],
            "line_amount": amount,
            "order_amount": math.nan,
            "received": math.nan,
        }
    )


def _buyer(rows: pd.DataFrame) -> pd.Series[str]:
    """Return who bought: the platform's id, else the name; missing where neither is known."""
    return rows["buyer_id"].fillna(rows["buyer_name"].str.strip().str.casefold())


def not_in(ledger: pd.DataFrame, months: Collection[pd.Period], ids: pd.Series[str]) -> pd.DataFrame:
    """Return the seller's own lines that the platform does not tell: of other months and other orders."""
    left_out = ledger["day"].dt.to_period("M").isin(months) | ledger["order_id"].isin(ids)
    return ledger[~left_out]


def orders_of(lines: pd.DataFrame) -> pd.DataFrame:
    """Return one row per order.

    Args:
        lines: `LINE_COLUMNS`.

    Returns:
        ``order_id``, ``day``, ``month`` (period), ``buyer``, ``amount`` (USD received; NaN unknown), ``state``
        (paid, awaited, closed, refunded), ``lines``, ``ordered`` (USD of the order as agreed), ``buyer_name``,
        ``country``, ``tags``.
    """
    grouped = lines.groupby("order_id", sort=True)
    first = grouped[["day", "buyer", "status", "buyer_name", "country", "tags"]].first()
    received = _of_order(grouped["received"])
    total = _of_order(grouped["order_amount"])
    goods = grouped["line_amount"].sum(min_count=1)
    amount = received.fillna(total).fillna(goods)
    status = first["status"].fillna("").map(_plain)
    said = status.map(statuses())
    state = np.select(
        [amount < 0, said.notna().to_numpy(), (received == 0).to_numpy()],
        ["refunded", said.fillna("").to_numpy(), "awaited"],
        default="paid",
    )
    orders = pd.DataFrame({"day": first["day"], "buyer": first["buyer"], "amount": amount, "state": state})
    orders["month"] = orders["day"].dt.to_period("M")
    orders["lines"] = grouped.size()
    orders["ordered"] = total.fillna(goods)
    orders[["buyer_name", "country", "tags"]] = first[["buyer_name", "country", "tags"]]
    return orders.reset_index()


def _of_order(amounts: pd.api.typing.SeriesGroupBy[float, str]) -> pd.Series[float]:
    """Return the order's amount: it stands on its first line, or is repeated on each; different ones are added."""
    summary = amounts.agg(["first", "nunique", "sum"])
    return summary["sum"].where(summary["nunique"] > 1, summary["first"])


def measures(orders: pd.DataFrame, values: Mapping[str, Values]) -> Iterator[Measure]:
    """Yield sales, order value and revenue per buyer, from the orders and their `monthly` totals."""
    yield rate("aov", "USD", values["ta_amount"], values["ta_orders"])
    yield additive("order_lines", "count", values["order_lines"])
    yield additive("refund_amount", "USD", values["refund_amount"])
    yield _per_buyer(orders, values["ta_amount"])


def monthly(orders: pd.DataFrame, spans: Iterable[tuple[date, date]]) -> dict[str, Values]:
    """Return ``ta_amount``, ``ta_orders``, ``order_lines``, ``refund_amount`` by month.

    Args:
        orders: `orders_of`.
        spans: First and last day of each table of orders taken in. A month that one of them reaches into is known,
            and 0 when nothing was sold; a month between two tables is missing.
    """
    months = sorted(
        set(reached(spans)) | {month(when.year, when.month) for when in orders["month"].dropna().unique()}
    )
    found: dict[str, Values] = {}
    paid = orders[orders["state"] == "paid"]
    sources = {
        "ta_amount": paid.groupby("month")["amount"].sum(),
        "ta_orders": paid.groupby("month").size(),
        "order_lines": paid.groupby("month")["lines"].sum(),
        "refund_amount": orders[orders["state"] == "refunded"].groupby("month")["amount"].sum().abs(),
    }
    for metric, sums in sources.items():
        by_start = {when.start_time.date(): float(value) for when, value in sums.items()}
        found[metric] = {when: (by_start.get(when.start, 0.0), "sum of orders") for when in months}
    return found


def _per_buyer(orders: pd.DataFrame, amounts: Values) -> Measure:
    paid = orders[(orders["state"] == "paid") & orders["buyer"].notna()]
    codes = pd.Series(pd.factorize(paid["buyer"])[0], index=paid.index)
    by_month = {
        containing(when.start_time.date(), Grain.MONTH): (group["amount"].sum(), codes[group.index].unique())
        for when, group in paid.groupby("month")
    }

    def over(months: Months) -> float:
        known = [by_month[when] for when in months if when in by_month]
        buyers = np.unique(np.concatenate([codes for _, codes in known])) if known else ()
        return float(ratio(sum(amount for amount, _ in known), len(buyers)))

    known = dict.fromkeys(amounts, "distinct buyers") if len(paid) else {}
    return Measure("rev_per_buyer", "USD", known, over, Growth.RELATIVE, "distinct buyers")


def customers(orders: pd.DataFrame, last: pd.Timestamp) -> Iterator[Figure]:
    """Yield the yearly rates of repeat purchase; a year that still runs says so in its basis."""
    paid = orders[(orders["state"] == "paid") & orders["buyer"].notna()]
    buyers = {number: set(group.unique()) for number, group in paid["buyer"].groupby(paid["day"].dt.year)}
    first_year = paid.groupby("buyer")["day"].min().dt.year
    samples: dict[tuple[str, int], Share] = {}
    values: dict[str, dict[int, tuple[float, str]]] = {
        "old_customer_repurchase_rate": {},
        "repeat_purchase_rate": {},
        "returning_revenue_share": {},
    }
    for number in range(min(buyers, default=1), max(buyers, default=0) + 1):
        mine = paid[paid["day"].dt.year == number]
        suffix = f", to {last.date()}" if last < pd.Timestamp(year(number).end) else ""
        before, now = buyers.get(number - 1), buyers.get(number, set())
        values["old_customer_repurchase_rate"][number] = (
            (
                float(ratio(len(now & before), len(before))),
                f"{len(now & before)} of {len(before)} buyers{suffix}",
            )
            if before
            else (math.nan, "no base")
        )
        if before:
            samples["old_customer_repurchase_rate", number] = Share(len(now & before), len(before))
        visits = pd.DataFrame({"buyer": mine["buyer"], "day": mine["day"].dt.normalize()}).drop_duplicates()
        days = visits.groupby("buyer").size()
        values["repeat_purchase_rate"][number] = (
            float(ratio((days >= 2).sum(), len(days))),
            f"{(days >= 2).sum()} of {len(days)} buyers{suffix}",
        )
        samples["repeat_purchase_rate", number] = Share(float((days >= 2).sum()), len(days))
        returning = mine["buyer"].map(first_year) < number
        values["returning_revenue_share"][number] = (
            (
                float(ratio(mine.loc[returning, "amount"].sum(), mine["amount"].sum())),
                f"ratio of sums{suffix}",
            )
            if number > min(buyers)
            else (math.nan, "no base")
        )
    for metric, by_year in values.items():
        for number, (value, basis) in by_year.items():
            sample = samples.get((metric, number))
            first = number == min(by_year) and math.isnan(value)
            lack = Lack.BASE if first else None
            yield Figure(metric, str(number), "", value, "ratio", basis, sample=sample, lack=lack)
            change, how, pair = _year_change(by_year, number, last)
            base = samples.get((metric, number - 1))
            moved = Change(sample, base) if pair and sample and base else None
            yield Figure(
                f"{metric}.yoy", str(number), "", change, "ratio", how, sample=moved, pair=pair,
                lack=Lack.BASE if how == NO_BASE else None,
            )  # fmt: skip


def _year_change(
    by_year: dict[int, tuple[float, str]], number: int, last: pd.Timestamp
) -> tuple[float, str, tuple[float, float] | None]:
    if last < pd.Timestamp(year(number).end):
        return math.nan, INCOMPLETE, None
    if number - 1 not in by_year:
        return math.nan, NO_BASE, None
    pair = by_year[number][0], by_year[number - 1][0]
    change, how = compare(*pair, Growth.POINTS, "whole periods")
    return change, how, None if math.isnan(change) else pair


def product_sales(lines: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Return what each paid line brought in: the order's received amount, parted as its lines' amounts.

    Returns:
        ``product`` (id, else name), ``product_id``, ``product_name``, ``quantity``, ``day``, ``month`` (period),
        ``amount`` (USD), ``country``.
    """
    paid = orders.loc[orders["state"] == "paid", ["order_id", "amount", "month", "day"]]
    rows = lines.drop(columns="day").merge(paid, on="order_id")
    grouped = rows.groupby("order_id")["line_amount"]
    whole = grouped.transform("sum")
    known = grouped.transform("count") == grouped.transform("size")
    # Without amounts on every line the order is parted evenly.
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
        basis = f"ratio of sums, to {last.date()}" if running else "ratio of sums"
        yield Figure("top10_share", period.label, "", value, "ratio", basis)
        bases = {"yoy": period.year_before} | (
            {"pop": period.previous} if period.grain is Grain.QUARTER else {}
        )
        for suffix, base in bases.items():
            if running:
                change, how = math.nan, "incomplete"
            elif base not in values:
                change, how = math.nan, "no base"
            else:
                change, how = compare(value, values[base], Growth.POINTS, "whole periods")
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
