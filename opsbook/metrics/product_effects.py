"""Products: those without effect, those that are new, and what the new ones bring in their first month."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pandas as pd

from opsbook.domain.basis import Basis, Kind
from opsbook.functions.ratios import ratio
from opsbook.metrics.figures import Figure
from opsbook.metrics.measure import Growth, compare, whole_periods
from opsbook.periods import Grain, Period, containing, year

EFFECTS = ("total_clicks", "search_clicks", "product_visitors", "inquiries", "tm_buyers", "orders_submitted")
"""A product with none of these has no effect. Older files lack all-site clicks; search clicks stand for them."""


def listings(performance: pd.DataFrame, catalog: pd.DataFrame) -> pd.DataFrame:
    """Return since when each product is listed.

    Args:
        performance: ``product_id``, ``_start``, ``_end`` of ``product_performance``.
        catalog: ``product_id``, ``listed_at`` of ``product_catalog``.

    Returns:
        Index ``product_id``; ``listed`` (datetime64), ``new`` (False for products of the very first file, which
        may be of any age: ``listed`` is then the day they were first seen), ``seen`` (listed by first sight only).
    """
    seen = performance.groupby("product_id")["_start"].min()
    known = catalog.dropna(subset=["listed_at"]).groupby("product_id")["listed_at"].min()
    found = pd.DataFrame({"seen_on": seen}).join(pd.DataFrame({"known": known}), how="outer")
    found["listed"] = found["known"].fillna(found["seen_on"])
    found["seen"] = found["known"].isna()
    found["new"] = ~(found["seen"] & (found["seen_on"] == seen.min()))
    return found[["listed", "new", "seen"]]


def zero_effect_share(
    performance: pd.DataFrame, products: pd.DataFrame, *, as_of: date, days: int
) -> tuple[float, Basis]:
    """Return the share of long-listed products without any effect, and its basis.

    Args:
        performance: Rows of ``product_performance`` with `EFFECTS`.
        products: `listings`.
        as_of: Last day of the window.
        days: Length of the window, and the age from which a product counts.

    A period file counts when at least half of it lies in the window. A product is of today's shop when it stands
    in the newest of these files (the platform lists products without traffic too).
    """
    first = pd.Timestamp(as_of) - pd.Timedelta(days=days - 1)
    last = pd.Timestamp(as_of)
    window = performance[_days_inside(performance, first, last) * 2 >= _days(performance)]
    if window.empty:
        return math.nan, Basis.of(Kind.NO_SOURCE)
    spans = window[["_start", "_end"]].drop_duplicates()
    covered = set()
    for start, end in zip(spans["_start"], spans["_end"], strict=True):
        covered |= set(pd.date_range(max(start, first), min(end, last)))
    current = set(window.loc[window["_end"] == window["_end"].max(), "product_id"])
    old = products.index[(products["listed"] <= first) & products.index.isin(current)]
    if len(old) == 0:
        return math.nan, Basis.of(Kind.NO_OLD_PRODUCT)
    effects = [name for name in EFFECTS if name in window]
    effect = window.groupby("product_id")[effects].sum().sum(axis=1).reindex(old).fillna(0.0)
    none = int((effect == 0).sum())
    return float(ratio(none, len(old))), Basis.of(Kind.EFFECTLESS, none, len(old), len(covered), days)


def _days(rows: pd.DataFrame) -> pd.Series[int]:
    return (rows["_end"] - rows["_start"]).dt.days + 1


def _days_inside(
    rows: pd.DataFrame, first: pd.Timestamp | pd.Series[Any], last: pd.Timestamp | pd.Series[Any]
) -> pd.Series[int]:
    """Return how many days of each row's period lie between two days; 0 or less where none does."""
    return (rows["_end"].clip(upper=last) - rows["_start"].clip(lower=first)).dt.days + 1


def zero_effect(
    performance: pd.DataFrame, products: pd.DataFrame, *, as_of: date, days: int
) -> Iterator[Figure]:
    """Yield the share at the end of each year, or today's for the year that runs."""
    values: dict[int, tuple[float, Basis]] = {}
    for number in _years(performance["_end"]):
        values[number] = zero_effect_share(
            performance, products, as_of=min(as_of, year(number).end), days=days
        )
        yield Figure("zero_effect_share", str(number), "", values[number][0], "ratio", values[number][1])
        pair = (values[number][0], values[number - 1][0]) if number - 1 in values else None
        change, how = (
            compare(*pair, Growth.POINTS, Basis.of(Kind.SNAPSHOTS))
            if pair
            else (math.nan, Basis.of(Kind.NO_BASE))
        )
        yield Figure(
            "zero_effect_share.yoy", str(number), "", change, "ratio", how,
            pair=None if math.isnan(change) else pair,
        )  # fmt: skip


def _years(days: pd.Series[pd.Timestamp]) -> range:
    return range(days.min().year, days.max().year + 1) if len(days) else range(0)


def first_month_inquiries(
    performance: pd.DataFrame, products: pd.DataFrame, *, as_of: date, days: int
) -> Iterator[Figure]:
    """Yield the mean inquiries of new products in their first ``days`` days, by quarter and year of listing.

    A file that straddles an end of the window counts by its share of days inside. Of day, week and month files the
    grain that covers most of the window counts, the shorter one where two cover the same. Products whose window
    still runs, or that no file covers, are left out and counted in the basis.
    """
    new = products[products["new"]]
    rows = performance[["product_id", "_grain", "_start", "_end", "inquiries"]].merge(
        new[["listed"]], left_on="product_id", right_index=True
    )
    rows["until"] = rows["listed"] + pd.Timedelta(days=days - 1)
    rows = rows.assign(inside=_days_inside(rows, rows["listed"], rows["until"]), length=_days(rows))
    rows = rows[(rows["inside"] > 0) & rows["inquiries"].notna()]
    rows["counted"] = rows["inquiries"] * rows["inside"] / rows["length"]
    by_grain = rows.groupby(["product_id", "_grain"]).agg(
        covered=("inside", "sum"), counted=("counted", "sum"), length=("length", "mean")
    )
    best = by_grain.sort_values(["covered", "length"], ascending=[False, True], kind="stable")
    per_product = best.groupby("product_id")["counted"].first()
    ended = new["listed"] + pd.Timedelta(days=days - 1) <= pd.Timestamp(as_of)
    values: dict[Period, tuple[float, Basis]] = {}
    for grain in (Grain.QUARTER, Grain.YEAR):
        for period, ids in _by_period(new, grain).items():
            usable = [name for name in ids if ended[name] and name in per_product.index]
            mean = float(ratio(per_product.reindex(usable).sum(), len(usable)))
            known = Basis.of(Kind.MEAN_OF_PRODUCTS, len(usable), len(ids))
            basis = known if usable else Basis.of(Kind.INCOMPLETE)
            values[period] = (mean, basis)
    yield from whole_periods("new_product_first_month_inquiries", "count", values, as_of)


def new_products(products: pd.DataFrame, as_of: date) -> Iterator[Figure]:
    """Yield how many products were listed, by month, quarter and year."""
    new = products[products["new"]]
    values: dict[Period, tuple[float, Basis]] = {}
    for grain in (Grain.MONTH, Grain.QUARTER, Grain.YEAR):
        for period, ids in _by_period(new, grain).items():
            seen = int(new.loc[ids, "seen"].sum())
            basis = Basis.of(Kind.FIRST_SEEN, seen, len(ids)) if seen else Basis.of(Kind.GIVEN)
            values[period] = (float(len(ids)), basis)
    yield from whole_periods("new_products", "count", values, as_of)


def _by_period(new: pd.DataFrame, grain: Grain) -> Mapping[Period, list[str]]:
    found: dict[Period, list[str]] = {}
    for name, listed in new["listed"].items():
        found.setdefault(containing(listed.date(), grain), []).append(str(name))
    return found


def hot_products(
    sales: pd.DataFrame, rates: Mapping[date, float], limit: float, as_of: date
) -> Iterator[Figure]:
    """Yield how many products reached the yearly sales of a hot product, by year.

    Args:
        sales: `product_sales.product_sales`; amounts are USD.
        rates: CNY per USD by the day from which it holds; the rate of a month is that of its last day.
        limit: CNY that a year must bring.
        as_of: Last day of the data.
    """
    values: dict[Period, tuple[float, Basis]] = {}
    for number, of_year in sales.groupby(sales["day"].dt.year):
        until = Basis.of(Kind.TO_DAY, as_of) if as_of < year(number).end else Basis()
        known = {when: _rate(rates, when.end_time.date()) for when in of_year["month"].unique()}
        if any(math.isnan(rate) for rate in known.values()):
            values[year(number)] = (math.nan, Basis.of(Kind.NO_RATE))
            continue
        amounts = (of_year["amount"] * of_year["month"].map(known)).groupby(of_year["product"]).sum()
        best = amounts.max() if len(amounts) else math.nan
        values[year(number)] = (
            float((amounts >= limit).sum()),
            Basis.of(Kind.BEST_PRODUCT, best, limit) + until,
        )
    yield from whole_periods("hot_products", "count", values, as_of)


def _rate(rates: Mapping[date, float], day: date) -> float:
    start = max((start for start in rates if start <= day), default=None)
    return math.nan if start is None else rates[start]


def new_product_share(sales: pd.DataFrame, listed: pd.DataFrame, as_of: date) -> Iterator[Figure]:
    """Yield what the products listed in a year brought of the year's received amount.

    Args:
        sales: `product_sales.product_sales`.
        listed: `listings`; products that are not in it count as old.
        as_of: Last day of the data.
    """
    new = listed.loc[listed["new"], "listed"].dt.year
    values: dict[Period, tuple[float, Basis]] = {}
    for number, of_year in sales.groupby(sales["day"].dt.year):
        mine = of_year["product"].map(new) == number
        until = Basis.of(Kind.TO_DAY, as_of) if as_of < year(number).end else Basis()
        share = float(ratio(of_year.loc[mine, "amount"].sum(), of_year["amount"].sum()))
        values[year(number)] = (share, Basis.of(Kind.RATIO_OF_SUMS) + until)
    if len(listed):
        yield from whole_periods("new_product_share", "ratio", values, as_of)
