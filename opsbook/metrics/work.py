"""Figures of the work done and of its problems: ads, words, content, products, orders, customers, peers, colleagues."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from opsbook.functions.ratios import ratio
from opsbook.metrics import (
    ad_costs,
    ad_plans,
    certification,
    collaboration,
    customer_care,
    inquiries,
    order_groups,
    peers,
    rate_splits,
    search_words,
    snapshots,
)
from opsbook.metrics.catalogue import Metric
from opsbook.metrics.figures import Figure
from opsbook.metrics.formula import PAID_ORDERS
from opsbook.metrics.formula_values import Declared, sources
from opsbook.metrics.formula_values import declared as declared_of
from opsbook.metrics.judge import Judge
from opsbook.metrics.measure import Measure, figures
from opsbook.metrics.monthly import Values, reached
from opsbook.metrics.review import KeyAccount
from opsbook.params import Settings
from opsbook.periods import Period, months_of

if TYPE_CHECKING:
    import pandas as pd

    from opsbook.metrics.archive_series import ArchiveSeries
    from opsbook.metrics.archive_tables import Tables
    from opsbook.metrics.guard import Part
    from opsbook.metrics.verdicts import PaidAmounts

HEADLINES = ("shop_overview", PAID_ORDERS, "p4p_plan_daily")
"""Kinds of which `opsbook.metrics.compute_review` computes the declared metrics first."""
_LONG = ("quarter", "year")


def parts(
    tables: Tables,
    settings: Settings,
    as_of: date,
    *,
    orders: pd.DataFrame,
    platform: pd.DataFrame,
    own: pd.DataFrame,
    by_month: Mapping[str, Values],
    declared: Declared,
    amounts: PaidAmounts,
) -> Iterator[Part]:
    """Yield the functions that make the figures of this room's second half, each with its metrics.

    Args:
        tables: The archive's.
        settings: Values in force.
        as_of: Last day of the data.
        orders: `orders.orders_of` all lines.
        platform: The same of the platform's lines alone.
        own: The same of the seller's own table.
        by_month: `orders.monthly`.
        declared: Values of the declared metrics.
        amounts: Of the paid orders, by which amounts are judged.
    """
    yield (
        ("ad_roas", "ad_roi", "ad_cpc_split"),
        lambda: _advertising(tables, settings, as_of, by_month, declared),
    )
    yield (
        ("p4p_keyword_expansion", "high_conversion_keyword_share", "longtail_capture"),
        lambda: _words(tables, settings, as_of),
    )
    for kind in sources():
        for metric in declared_of(kind) if kind not in HEADLINES else ():
            yield (metric.id,), partial(_one, declared, metric, as_of)
    yield (
        ("video_coverage", "display3d_coverage"),
        lambda: snapshots.coverage(tables.product_catalog, as_of),
    )
    yield ("quality_score_lift",), lambda: snapshots.quality_lift(tables.product_catalog, as_of)
    yield ("visual_upgrade_completion",), lambda: snapshots.visual_upgrade(tables.store_status, as_of)
    yield ("verified_supplier_effect",), lambda: _certification(tables, as_of, Judge.of(settings))
    yield (
        ("rts_order_share", "ta_usage_rate", "aov_by_group"),
        lambda: _orders(tables, as_of, orders, platform, own, by_month),
    )
    yield (
        ("ka_customers", "tier_label_accuracy", "care_execution_rate"),
        lambda: _customers(tables, orders, as_of),
    )
    yield (
        ("low_quality_inquiry_share", "market_order_rate", "market_rate_split"),
        lambda: _inquiries(tables, settings, as_of, orders, by_month),
    )
    yield ("peer_gap",), lambda: _peers(tables, as_of, amounts)
    yield ("collab_cycle_days",), lambda: collaboration.cycles(tables.collaboration_log, as_of, settings)


def _peers(tables: Tables, as_of: date, amounts: PaidAmounts) -> Iterator[Figure]:
    for gap in peers.gaps(tables.series, tables.competitors, as_of, amounts):
        yield from figures(gap, as_of, ("month", "year"))


def _one(declared: Declared, metric: Metric, as_of: date) -> Iterator[Figure]:
    yield from figures(declared.measure(metric), as_of)


def _told(measures: Iterator[Measure], as_of: date, grains: tuple[str, ...] = ()) -> Iterator[Figure]:
    for measure in measures:
        yield from figures(measure, as_of, grains)


def _advertising(
    tables: Tables, settings: Settings, as_of: date, by_month: Mapping[str, Values], declared: Declared
) -> Iterator[Figure]:
    series = tables.series
    yield from _told(declared.split(ad_plans.KIND, ad_plans.PLAN, "plan"), as_of, _LONG)
    leads = series.totals(ad_plans.KIND, ("site_leads_order",))["site_leads_order"]
    given = series.totals("ad_revenue", ("attributed_usd",))["attributed_usd"]
    revenue = ad_costs.attributed(leads, by_month, given)
    cost = declared.months("ad_cost")
    for found in ad_costs.returns(cost, revenue, ad_costs.rates(tables.fx_rates), settings.gross_margin):
        if isinstance(found, Measure):
            yield from figures(found, as_of)
        else:
            yield found
    yield from rate_splits.cost_per_click(series, as_of)


def _words(tables: Tables, settings: Settings, as_of: date) -> Iterator[Figure]:
    words = search_words.clean(tables.keyword_performance)
    if words.empty:
        return
    names = ("search_clicks", "search_impressions")
    clicks, impressions = (tables.series.totals("shop_overview", names)[name] for name in names)

    def shop_rate(period: Period) -> float:
        known = [when for when in months_of(period) if when in clicks and when in impressions]
        if not known:
            return math.nan
        return float(
            ratio(sum(clicks[when][0] for when in known), sum(impressions[when][0] for when in known))
        )

    yield from search_words.expansion(words, as_of)
    yield from search_words.high_conversion(
        words, shop_rate, clicks=settings.high_conversion_clicks, as_of=as_of
    )
    yield from search_words.longtail(words, as_of)


def _certification(tables: Tables, as_of: date, judge: Judge) -> Iterator[Figure]:
    day = certification.certified_on(tables.store_status)
    if day is None:
        return
    own, average = (_compared(tables.series, side) for side in ("", "peer_avg_"))
    if not average["lead_rate"]:
        rates = tables.series.latest("shop_overview", ("peer_avg_lead_rate",), grain="month")
        average["lead_rate"] = rates["peer_avg_lead_rate"]
    yield from certification.effect(day, own, average, as_of, judge)


def _compared(series: ArchiveSeries, side: str) -> dict[str, Values]:
    """Return visitors, amount and lead rate by month, of the store or, by the start of their columns, of its peers."""
    fields = [f"{side}{name}" for name in ("store_visitors", "ta_amount_usd", "lead_buyers")]
    visitors, amounts, leads = (series.totals("shop_overview", fields)[name] for name in fields)
    return {"visitors": visitors, "ta_amount": amounts, "lead_rate": _quotient(leads, visitors)}


def _quotient(one: Values, other: Values) -> Values:
    return {
        when: (float(ratio(value, other[when][0])), basis)
        for when, (value, basis) in one.items()
        if when in other
    }


def _orders(  # noqa: PLR0917 - only called above
    tables: Tables,
    as_of: date,
    orders: pd.DataFrame,
    platform: pd.DataFrame,
    own: pd.DataFrame,
    by_month: Mapping[str, Values],
) -> Iterator[Figure]:
    months = list(by_month["number"])
    platform_spans, own_spans = tables.spans("orders"), tables.spans("order_ledger")
    has_platform = bool(platform_spans)
    if has_platform:
        yield from _told(order_groups.rts_share(platform, reached(platform_spans)), as_of)
    # The own table alone cannot tell which of its orders went through Trade Assurance.
    channels = order_groups.by_channel(
        platform if has_platform else platform[:0], own if own_spans else own[:0]
    )
    yield from _told(order_groups.usage(channels, platform_spans, own_spans), as_of)
    lists = customer_care.roster(tables.customers, as_of)
    key = customer_care.key_names(lists[max(lists)]) if lists else frozenset()
    yield from _told(order_groups.order_values(orders, channels, months, key), as_of, _LONG)


def _customers(tables: Tables, orders: pd.DataFrame, as_of: date) -> Iterator[Figure]:
    yield from customer_care.tiers(customer_care.roster(tables.customers, as_of), orders, as_of)
    yield from _told(customer_care.care(tables.customers, as_of), as_of)


def key_accounts(
    tables: Tables, orders: pd.DataFrame, numbers: dict[str, int], months: list[Period], as_of: date
) -> tuple[KeyAccount, ...]:
    """Return the key accounts of the newest list with what they bought in these months and a year before."""
    lists = customer_care.roster(tables.customers, as_of)
    if not lists:
        return ()
    month = orders["day"].dt.year * 12 + orders["day"].dt.month
    wanted = [when.start.year * 12 + when.start.month for when in months]
    now, before = month.isin(wanted), month.isin([number - 12 for number in wanted])
    return customer_care.key_accounts(lists[max(lists)], orders, numbers, now, before)


def _inquiries(
    tables: Tables, settings: Settings, as_of: date, orders: pd.DataFrame, by_month: Mapping[str, Values]
) -> Iterator[Figure]:
    listed, spans = tables.inquiry_list, tables.spans("inquiry_list")
    yield from _told(inquiries.low_quality(listed, spans), as_of)
    markets = inquiries.by_market(listed, spans, orders, by_month["number"])
    yield from inquiries.market_rates(markets, as_of, settings)
    if markets:
        yield from rate_splits.market_conversion(markets, as_of)
