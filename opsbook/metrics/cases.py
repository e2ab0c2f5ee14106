"""Cases: the products, customers and markets that carried the growth, and the splits of the same growth.

Buyers are told by number only: #1 is the buyer of the first paid order of all, and so on. The number stays the same
as data are added; it changes only when older orders than any known come in.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from datetime import date

import numpy as np
import pandas as pd

from opsbook.domain.basis import Basis, Kind
from opsbook.functions.drivers import price_volume_mix
from opsbook.functions.growth import growth_contribution
from opsbook.metrics.figures import Figure
from opsbook.metrics.measure import Months, compared, dimension
from opsbook.params.export_words import UNKNOWN_MARKET, market
from opsbook.periods import Grain, Period, containing

MOST = 30  # cases of a kind that are told one by one; the rest is one case
REST = "(other)"


def buyer_numbers(orders: pd.DataFrame) -> dict[str, int]:
    """Return the opaque number of every buyer with a paid order, by first paid day and the order's id.

    Args:
        orders: In the order of their ids, as `order_tables` makes them.
    """
    paid = orders[(orders["state"] == "paid") & orders["buyer"].notna()]
    first = paid.sort_values("day", kind="stable").drop_duplicates("buyer")
    return {buyer: number for number, buyer in enumerate(first["buyer"], 1)}


def sold(orders: pd.DataFrame, numbers: dict[str, int]) -> pd.DataFrame:
    """Return paid orders with a known amount: ``amount``, ``month`` (number), ``customer``, ``market``, ``day``."""
    paid = orders[(orders["state"] == "paid") & orders["amount"].notna() & orders["day"].notna()]
    markets = {country: market(country) for country in paid["country"].dropna().unique()}
    number = paid["buyer"].map(numbers)
    return pd.DataFrame(
        {
            "amount": paid["amount"],
            "day": paid["day"],
            "month": month_number(paid["day"]),
            "number": number,
            "customer": number.map(lambda value: f"#{value:.0f}", na_action="ignore")
            .astype(object)
            .fillna(REST),
            "market": paid["country"].map(markets).astype(object).fillna(UNKNOWN_MARKET),
        }
    )


def month_number(days: pd.Series[pd.Timestamp]) -> pd.Series[int]:
    """Return year x 12 + month of each day."""
    return days.dt.year * 12 + days.dt.month


def _numbers(months: Months) -> list[int]:
    return [when.start.year * 12 + when.start.month for when in months]


def windows(
    months: Collection[Period], as_of: date
) -> Iterator[tuple[str, Period, list[int], list[int], Basis]]:
    """Yield suffix, period, its months, those of its base (by number) and how they are compared.

    Against last year; quarters also against the quarter before (``.pop``). No months at all, and why, where they
    cannot be compared.
    """
    known = set(months)
    periods = {containing(when.start, grain) for when in known for grain in (Grain.QUARTER, Grain.YEAR)}
    for period in sorted(periods, key=lambda each: (each.start, -each.days)):
        bases = [("", period.year_before)]
        if period.grain is Grain.QUARTER:
            bases.append((".pop", period.previous))
        for suffix, base in bases:
            now, before, how = compared(known, period, base, as_of)
            yield suffix, period, _numbers(now), _numbers(before), how


def contributions(
    sales: pd.DataFrame, orders: pd.DataFrame, months: Collection[Period], as_of: date
) -> Iterator[Figure]:
    """Yield each case's points of the growth of the whole.

    Args:
        sales: `product_sales.product_sales`.
        orders: `sold`.
        months: Months that the order lists know.
        as_of: Last day of the data.
    """
    tables = {
        "product": sales[["product", "amount"]].assign(month=month_number(sales["day"])),
        "customer": orders[["customer", "amount", "month"]],
        "market": orders[["market", "amount", "month"]],
    }
    sums = {
        key: rows.groupby([key, "month"], sort=True)["amount"].sum().unstack(fill_value=0.0)  # noqa: PD010
        for key, rows in tables.items()
    }
    for suffix, period, now, before, how in windows(months, as_of):
        if not now:
            continue
        for key, table in sums.items():
            current, base = (_over(table, chosen) for chosen in (now, before))
            whole = float(base.sum())
            if whole == 0:
                yield Figure(
                    f"case_contribution{suffix}", period.label, "", math.nan, "ratio", Basis.of(Kind.NO_BASE)
                )
                break
            yield from _cases(f"case_contribution{suffix}", period.label, key, (current, base), whole, how)


def _over(table: pd.DataFrame, months: list[int]) -> pd.Series[float]:
    return table.reindex(columns=months, fill_value=0.0).sum(axis=1)


def _cases(  # noqa: PLR0917 - only called above
    metric: str,
    label: str,
    key: str,
    amounts: tuple[pd.Series[float], pd.Series[float]],
    whole: float,
    how: Basis,
) -> Iterator[Figure]:
    current, base = amounts
    moved = (current != 0) | (base != 0)
    points = pd.Series(growth_contribution(current[moved], base[moved], whole), index=current.index[moved])
    named = points.drop(REST, errors="ignore")
    told = named.reindex(named.abs().sort_values(ascending=False, kind="stable").index[:MOST])
    for name, value in told.items():
        basis = how.plus(Kind.AMOUNTS, current[name], base[name])
        yield Figure(metric, label, dimension(**{key: name}), float(value), "ratio", basis)
    if len(points) > len(told):
        rest = float(points.sum() - told.sum())
        basis = how.plus(Kind.OTHERS, len(points) - len(told))
        yield Figure(metric, label, dimension(**{key: REST}), rest, "ratio", basis)


def growth_split(
    sales: pd.DataFrame, orders: pd.DataFrame, months: Collection[Period], as_of: date
) -> Iterator[Figure]:
    """Yield the change of sales in USD, split three ways; the parts of each way sum to the change.

    ``by=product``: price, volume, mix, new and lost products, and unknown (without quantities). ``by=customer``: kept
    (bought in both periods), new (never before), back (earlier, not in the base), lost, unknown. ``by=market``: each.
    ``.base`` is the amount of last year that the change starts from.
    """
    goods = _numbered(sales)
    for suffix, period, now, before, how in windows(months, as_of):
        metric = f"growth_split{suffix}"
        if not now:
            yield Figure(metric, period.label, "", math.nan, "USD", how)
            continue
        if not suffix:
            base = float(orders.loc[orders["month"].isin(before), "amount"].sum())
            yield Figure(f"{metric}.base", period.label, "", base, "USD", how)
        parts = {
            "product": _by_product(goods, now, before),
            "customer": _by_customer(orders, now, before),
            "market": _by_market(orders, now, before),
        }
        for way, amounts in parts.items():
            for part, value in amounts.items():
                yield Figure(metric, period.label, dimension(by=way, part=part), value, "USD", how)


def _numbered(sales: pd.DataFrame) -> pd.DataFrame:
    """Return the sales of known products with the month's and the product's number, in the order of its name."""
    codes, _ = pd.factorize(sales["product"], sort=True)
    goods = sales.assign(month=month_number(sales["day"]), product=codes)
    return goods[goods["product"] >= 0]


def _by_product(goods: pd.DataFrame, now: list[int], before: list[int]) -> dict[str, float]:
    sides = []
    for months in (before, now):
        rows = goods[goods["month"].isin(months)]
        grouped = rows.groupby("product")
        sums = grouped[["amount", "quantity"]].sum()
        sums["quantity"] = sums["quantity"].where(grouped["quantity"].count() == grouped.size())
        sides.append(sums)
    both = sides[0].add_suffix("_base").join(sides[1].add_suffix("_now"), how="outer")
    there = [both[f"amount_{side}"].notna() for side in ("base", "now")]
    counted = [both[f"quantity_{side}"] > 0 for side in ("base", "now")]
    usable = (counted[0] | ~there[0]) & (counted[1] | ~there[1])
    whole = float(both["amount_now"].sum() - both["amount_base"].sum())
    known = both[usable]
    price = [(known[f"amount_{side}"] / known[f"quantity_{side}"]).to_numpy() for side in ("base", "now")]
    number = [known[f"quantity_{side}"].to_numpy() for side in ("base", "now")]
    split = (
        price_volume_mix(price[0], number[0], price[1], number[1]).sum(axis=0) if len(known) else np.zeros(5)
    )
    names = ("volume", "mix", "price", "new", "lost")
    found = dict(zip(names, (float(value) for value in split), strict=True))
    return found | {"unknown": 0.0 if usable.all() else whole - sum(found.values())}


def _by_customer(orders: pd.DataFrame, now: list[int], before: list[int]) -> dict[str, float]:
    current, base = (orders[orders["month"].isin(months)] for months in (now, before))
    sums = pd.DataFrame(
        {"now": current.groupby("number")["amount"].sum(), "base": base.groupby("number")["amount"].sum()}
    )
    first = orders.groupby("number")["month"].min().reindex(sums.index)
    bought, had = sums["now"].notna(), sums["base"].notna()
    amounts = sums.fillna(0.0)
    moved = amounts["now"] - amounts["base"]
    unknown = (
        current.loc[current["number"].isna(), "amount"].sum()
        - base.loc[base["number"].isna(), "amount"].sum()
    )
    return {
        "kept": float(moved[bought & had].sum()),
        "new": float(moved[bought & ~had & (first >= min(now))].sum()),
        "back": float(moved[bought & ~had & (first < min(now))].sum()),
        "lost": float(moved[~bought].sum()),
        "unknown": float(unknown),
    }


def _by_market(orders: pd.DataFrame, now: list[int], before: list[int]) -> dict[str, float]:
    sides = [
        orders[orders["month"].isin(months)].groupby("market")["amount"].sum() for months in (now, before)
    ]
    return {str(name): float(value) for name, value in sides[0].sub(sides[1], fill_value=0.0).items()}
