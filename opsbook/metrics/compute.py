"""From the archive to every figure: reads each table once, calls the metrics, and remembers nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from opsbook.metrics import (
    ads,
    bridge,
    cases,
    keywords,
    orders,
    products,
    prospects,
    shop,
    verdicts,
    weekly_board,
    work,
)
from opsbook.metrics.figures import Figure, KeyAccount, Review, StoreLevel, index
from opsbook.metrics.judge import Judge
from opsbook.metrics.measure import Measure, figures
from opsbook.metrics.money import rates_of
from opsbook.metrics.monthly import Values
from opsbook.metrics.order_tables import order_tables
from opsbook.metrics.reconciliation import Sources, reconcile
from opsbook.metrics.snapshots import text
from opsbook.metrics.tables import Tables
from opsbook.metrics.unresolved import unresolved
from opsbook.periods import Period, month

if TYPE_CHECKING:
    from opsbook.archive.store import Archive
    from opsbook.params import Settings


@dataclass(frozen=True)
class _Made:
    """What several metrics are made of."""

    tables: Tables
    orders: pd.DataFrame
    platform: pd.DataFrame
    own: pd.DataFrame
    sales: pd.DataFrame
    listed: pd.DataFrame
    store: dict[str, Values]
    by_month: dict[str, Values]
    by_week: dict[str, Values]
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
    made = _made(Tables(archive), settings)
    number = settings.year or as_of.year
    core = keywords.core(made.tables.core_keywords)
    titles = _titles(made.sales)
    ahead = prospects.prospects(
        made.tables,
        number,
        as_of,
        orders=made.orders,
        sales=made.sales,
        titles={**_catalogued(made.tables.product_catalog), **titles},
        listed=made.listed,
        core=core,
    )
    found = index((*_figures(made, settings, as_of), *prospects.figures(ahead, number, core, as_of)))
    return Review(
        year=number,
        as_of=as_of,
        figures=found,
        top_products=orders.top_products(
            made.sales, number, pd.Timestamp(as_of), comparable=_comparable(made, number, as_of)
        ),
        key_accounts=_key_accounts(made, number, as_of),
        store_levels=_store_levels(made.tables.store_status),
        product_titles=titles,
        week=_board(made, as_of, settings),
        reconciliation=tuple(reconcile(_sources(made), number)),
        cny_per_usd=_rate_of_now(made.tables, settings, as_of),
        prospects=ahead,
        unresolved=tuple(unresolved(made.orders, made.tables.inquiry_list)),
        judge=Judge.of(settings),
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
        listed=products.listings(tables.product_performance, tables.product_catalog),
        store=shop.monthly(tables.shop_overview, tables.shop_ledger, by_month),
        by_month=by_month,
        by_week=shop.by_week(tables.shop_overview),
        numbers=cases.buyer_numbers(found.orders),
    )


def _figures(made: _Made, settings: Settings, as_of: date) -> Iterator[Figure]:
    tables = made.tables
    amounts = verdicts.Amounts(made.orders)
    of_shop = shop.measures(made.store, tables.shop_overview)
    headline = list(_told(amounts.sampled((*of_shop, *orders.measures(made.orders, made.by_month))), as_of))
    yield from headline
    yield from _told(ads.measures(tables.p4p_plan_daily, tables.shop_ledger), as_of)
    yield from shop.weekly(made.by_week, as_of)
    yield from orders.customers(made.orders, pd.Timestamp(as_of))
    yield from orders.top10_share(made.sales, pd.Timestamp(as_of))
    yield from products.hot_products(
        made.sales, _rates(tables, settings), settings.hot_product_sales_cny, as_of
    )
    yield from products.new_product_share(made.sales, made.listed, as_of)
    yield from _product_figures(made, settings, as_of)
    size = settings.keyword_page_size
    checks = keywords.of_core(tables.keyword_rank, keywords.core(tables.core_keywords))
    yield from keywords.first_page(checks, page_size=size, as_of=as_of)
    yield from keywords.rank_changes(checks, page_size=size)
    yield from shop.natural_slowdown(made.store["natural_impressions"], as_of)
    yield from bridge.growth_bridge(made.store, as_of)
    sold, months = cases.sold(made.orders, made.numbers), made.by_month["ta_amount"]
    yield from cases.contributions(made.sales, sold, months, as_of)
    yield from cases.growth_split(made.sales, sold, months, as_of)
    yield from work.figures_of(
        tables,
        settings,
        as_of,
        orders=made.orders,
        platform=made.platform,
        own=made.own,
        by_month=made.by_month,
        amounts=amounts,
    )
    judge = Judge.of(settings)
    yield from verdicts.bounds(made.store, judge)
    yield from verdicts.verdicts(headline, judge)


def _rates(tables: Tables, settings: Settings) -> dict[date, float]:
    """Return CNY per USD by day: the team's dated rates, else the one of the settings."""
    known = ads.rates(tables.fx_rates)
    return known or ({date.min: settings.cny_per_usd} if settings.cny_per_usd else {})


def _rate_of_now(tables: Tables, settings: Settings, as_of: date) -> float:
    known = {day: rate for day, rate in _rates(tables, settings).items() if day <= as_of}
    return known[max(known)] if known else math.nan


def _told(measures: Iterable[Measure], as_of: date) -> Iterator[Figure]:
    for measure in measures:
        yield from figures(measure, as_of)


def _product_figures(made: _Made, settings: Settings, as_of: date) -> Iterator[Figure]:
    performance, listed = made.tables.product_performance, made.listed
    if performance.empty:
        return
    yield from products.zero_effect(performance, listed, as_of=as_of, days=settings.zero_effect_days)
    yield from products.first_month_inquiries(
        performance, listed, as_of=as_of, days=settings.new_product_days
    )
    yield from products.new_products(listed, as_of)


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
    known = made.by_month["ta_amount"]
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
        "ad_cost": weekly_board.ad_weeks(tables.p4p_plan_daily),
    }
    for metric, weeks in made.by_week.items():
        values[metric] = {**values.get(metric, {}), **weeks}
    return weekly_board.board(values, as_of, settings)


def _sources(made: _Made) -> Sources:
    tables = made.tables
    return Sources(
        overview=tables.shop_overview,
        own_shop=tables.shop_ledger,
        channels=tables.traffic_channel,
        products=tables.product_performance,
        keywords=tables.keyword_performance,
        plans=tables.p4p_plan_daily,
        inquiries=tables.inquiry_list,
        inquiry_spans=tables.spans("inquiry_list"),
        platform=made.platform,
        order_spans=tables.spans("orders"),
        own_orders=made.own,
        own_spans=tables.spans("order_ledger"),
    )
