"""From the archive to every figure: reads each table once, calls the metrics, and remembers nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from typing import TYPE_CHECKING

import pandas as pd

from opsbook.metrics import (
    ad_costs,
    bridge,
    cases,
    keywords,
    orders,
    planning_inputs,
    product_effects,
    product_sales,
    shop,
    verdicts,
    weekly_board,
    work,
)
from opsbook.metrics.archive_tables import Tables
from opsbook.metrics.catalogue import Metric
from opsbook.metrics.figures import Figure, index
from opsbook.metrics.formula import PAID_ORDERS, ArchiveColumn
from opsbook.metrics.formula_values import Declared, by_week, declared
from opsbook.metrics.guard import Guard, Part
from opsbook.metrics.judge import Judge
from opsbook.metrics.measure import figures
from opsbook.metrics.monthly import Values
from opsbook.metrics.order_tables import order_tables
from opsbook.metrics.reconciliation import Sources, reconcile
from opsbook.metrics.review import KeyAccount, Review, StoreLevel
from opsbook.metrics.snapshots import text
from opsbook.metrics.unresolved import unresolved
from opsbook.metrics.unused_periods import unused
from opsbook.metrics.usd_amounts import rates_of
from opsbook.params import Settings
from opsbook.periods import Period, month

if TYPE_CHECKING:
    from opsbook.archive.archive_file import Archive


@dataclass(frozen=True)
class _Made:
    """What several metrics are made of."""

    tables: Tables
    orders: pd.DataFrame
    platform: pd.DataFrame
    own: pd.DataFrame
    sales: pd.DataFrame
    listed: pd.DataFrame
    by_month: dict[str, Values]
    declared: Declared
    numbers: dict[str, int]


def review(archive: Archive, settings: Settings) -> Review:
    """Compute every figure that the archive carries.

    Args:
        archive: Open archive.
        settings: Values in force; an empty year is the latest with data, an empty ``as_of`` the last day covered.
    """
    as_of = settings.as_of or archive.last_day()
    if as_of is None:
        return Review(year=settings.year or 0, as_of=None)
    number = settings.year or as_of.year
    guard = Guard()
    made = _made(Tables(archive, settings.as_of, settings.meanings), settings)
    core = keywords.core(made.tables.core_keywords)
    titles = _titles(made.sales)
    ahead = guard.value(
        "prospects",
        lambda: planning_inputs.prospects(
            made.tables,
            number,
            as_of,
            orders=made.orders,
            sales=made.sales,
            titles={**_catalogued(made.tables.product_catalog), **titles},
            listed=made.listed,
            core=core,
        ),
        None,
    )
    parts = list(_parts(made, settings, as_of))
    if ahead is not None:
        parts.append(
            (
                ("competitors_watched", "market_frequency"),
                lambda: planning_inputs.figures(ahead, number, core, as_of),
            )
        )
    return Review(
        year=number,
        as_of=as_of,
        figures=index(guard.figures(number, parts)),
        top_products=guard.value(
            "top10",
            lambda: product_sales.top_products(
                made.sales, number, pd.Timestamp(as_of), comparable=_comparable(made, number, as_of)
            ),
            (),
        ),
        key_accounts=guard.value("key_accounts", lambda: _key_accounts(made, number, as_of), ()),
        store_levels=_store_levels(made.tables.store_status),
        product_titles=titles,
        week=guard.value("week", lambda: _board(made, as_of, settings), None),
        reconciliation=guard.value("reconciliation", lambda: tuple(reconcile(_sources(made), number)), ()),
        cny_per_usd=_rate_of_now(made.tables, settings, as_of),
        prospects=ahead,
        unresolved=tuple(unresolved(made.orders, made.tables.inquiry_list)),
        judge=Judge.of(settings),
        failed=guard.failed,
        failed_titles=guard.titles(),
        unused=dict(unused(made.tables.series)),
    )


def _made(tables: Tables, settings: Settings) -> _Made:
    found = order_tables(tables, rates_of(tables.fx_rates, settings.cny_per_usd))
    by_month = orders.monthly(found.orders, tables.order_spans)
    return _Made(
        tables=tables,
        orders=found.orders,
        platform=found.platform,
        own=found.own,
        sales=found.sales,
        listed=product_effects.listings(tables.product_performance, tables.product_catalog),
        by_month=by_month,
        declared=Declared(tables.series, by_month),
        numbers=cases.buyer_numbers(found.orders),
    )


def _parts(made: _Made, settings: Settings, as_of: date) -> Iterator[Part]:
    """Yield the functions that make the figures, each with the metrics that are undefined where it fails."""
    tables, store, last = made.tables, made.declared, pd.Timestamp(as_of)
    amounts, judge = verdicts.PaidAmounts(made.orders), Judge.of(settings)
    headline: list[Figure] = []

    def told(metric: Metric) -> Iterator[Figure]:
        for figure in figures(amounts.sampled(store.measure(metric)), as_of):
            if metric.verdicts:
                headline.append(figure)
            yield figure

    size = settings.keyword_page_size
    performance, listed = tables.product_performance, made.listed
    for metric in (*declared("shop_overview"), *declared(PAID_ORDERS)):
        yield (metric.id,), partial(told, metric)
    yield (
        ("rev_per_buyer",),
        lambda: figures(orders.per_buyer(made.orders, made.by_month["amount"]), as_of),
    )
    for metric in declared("p4p_plan_daily"):
        yield (metric.id,), partial(told, metric)
    yield ("weeks",), lambda: (each for metric in by_week() for each in store.weekly(metric, as_of))
    yield (
        ("old_customer_repurchase_rate", "repeat_purchase_rate", "returning_revenue_share"),
        lambda: orders.customers(made.orders, last),
    )
    yield ("top10_share",), lambda: product_sales.top10_share(made.sales, last)
    yield (
        ("hot_products",),
        lambda: product_effects.hot_products(
            made.sales, _rates(tables, settings), settings.hot_product_sales_cny, as_of
        ),
    )
    yield ("new_product_share",), lambda: product_effects.new_product_share(made.sales, listed, as_of)
    if not performance.empty:
        yield (
            ("zero_effect_share",),
            lambda: product_effects.zero_effect(
                performance, listed, as_of=as_of, days=settings.zero_effect_days
            ),
        )
        yield (
            ("new_product_first_month_inquiries",),
            lambda: product_effects.first_month_inquiries(
                performance, listed, as_of=as_of, days=settings.new_product_days
            ),
        )
        yield ("new_products",), lambda: product_effects.new_products(listed, as_of)
    checks = cache(lambda: keywords.of_core(tables.keyword_rank, keywords.core(tables.core_keywords)))
    yield ("keyword_first_page",), lambda: keywords.first_page(checks(), page_size=size, as_of=as_of)
    yield ("keyword_rank_change",), lambda: keywords.rank_changes(checks(), page_size=size)
    yield (
        ("natural_growth_slowdown",),
        lambda: shop.natural_slowdown(store.months("natural_impressions"), as_of),
    )
    yield (
        ("growth_bridge",),
        lambda: bridge.growth_bridge({each: store.months(each) for each in bridge.CHAIN}, as_of),
    )
    sold, months = cache(lambda: cases.sold(made.orders, made.numbers)), made.by_month["amount"]
    yield ("case_contribution",), lambda: cases.contributions(made.sales, sold(), months, as_of)
    yield ("growth_split",), lambda: cases.growth_split(made.sales, sold(), months, as_of)
    yield from work.parts(
        tables,
        settings,
        as_of,
        orders=made.orders,
        platform=made.platform,
        own=made.own,
        by_month=made.by_month,
        declared=made.declared,
        amounts=amounts,
    )
    yield ("bounds",), lambda: verdicts.bounds(store, judge)
    yield ("verdicts",), lambda: verdicts.verdicts(headline, judge)


def _rates(tables: Tables, settings: Settings) -> dict[date, float]:
    """Return CNY per USD by day: the team's dated rates, else the one of the settings."""
    known = ad_costs.rates(tables.fx_rates)
    return known or ({date.min: settings.cny_per_usd} if settings.cny_per_usd else {})


def _rate_of_now(tables: Tables, settings: Settings, as_of: date) -> float:
    known = {day: rate for day, rate in _rates(tables, settings).items() if day <= as_of}
    return known[max(known)] if known else math.nan


def _titles(sales: pd.DataFrame) -> dict[str, str]:
    named = sales.dropna(subset=["product_name"]).drop_duplicates("product", keep="last")
    return dict(zip(named["product"].astype(str), named["product_name"].astype(str), strict=True))


def _catalogued(catalog: pd.DataFrame) -> dict[str, str]:
    named = catalog.dropna(subset=["product_id", "product_name"]).drop_duplicates("product_id", keep="last")
    return dict(zip(named["product_id"].astype(str), named["product_name"].astype(str), strict=True))


def _store_levels(status: pd.DataFrame) -> tuple[StoreLevel, ...]:
    known = status[status["store_level"].notna() | status["star_level"].notna()]
    return tuple(
        StoreLevel(row["_end"].date(), text(row["store_level"]), text(row["star_level"]))
        for row in known.sort_values("_end", kind="stable").to_dict("records")
    )


def _key_accounts(made: _Made, number: int, as_of: date) -> tuple[KeyAccount, ...]:
    whole = [when for when in _months(number) if when.end <= as_of]
    found = work.key_accounts(made.tables, made.orders, made.numbers, whole, as_of)
    if _comparable(made, number, as_of):
        return found
    return tuple(replace(each, prior=math.nan) for each in found)


def _comparable(made: _Made, number: int, as_of: date) -> bool:
    """Whether the lists of orders know every month of the year so far, and the same months of the year before."""
    known = made.by_month["amount"]
    begun = [when for when in _months(number) if when.start <= as_of]
    return bool(begun) and all(when in known and when.year_before in known for when in begun)


def _months(number: int) -> list[Period]:
    return [month(number, at) for at in range(1, 13)]


def _board(made: _Made, as_of: date, settings: Settings) -> weekly_board.WeeklyBoard | None:
    tables = made.tables
    of_orders = weekly_board.order_weeks(made.orders, tables.order_spans)
    values = {
        **of_orders,
        **weekly_board.product_weeks(tables.product_performance, made.listed),
        "ad_cost": tables.series.weeks(ArchiveColumn("p4p_plan_daily", "cost_cny")),
    }
    for metric in by_week():
        values[metric.id] = {**values.get(metric.id, {}), **made.declared.weeks(metric.id)}
    return weekly_board.board(values, as_of, settings)


def _sources(made: _Made) -> Sources:
    tables = made.tables
    return Sources(
        series=tables.series,
        platform=made.platform,
        order_spans=tables.spans("orders"),
        own_orders=made.own,
        own_spans=tables.spans("order_ledger"),
    )
