"""Figures of the work done and of its problems: ads, words, content, products, orders, customers, peers, colleagues."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from opsbook.functions.ratios import ratio
from opsbook.metrics import (
    ads,
    certification,
    collaboration,
    content,
    customer_care,
    inquiries,
    order_groups,
    peers,
    rate_splits,
    search_words,
    snapshots,
)
from opsbook.metrics.figures import Figure
from opsbook.metrics.judge import Judge
from opsbook.metrics.measure import Measure, figures
from opsbook.metrics.monthly import Values, counted, latest, reached, totals
from opsbook.metrics.review import KeyAccount
from opsbook.periods import Period, months_of

if TYPE_CHECKING:
    import pandas as pd

    from opsbook.metrics.archive_tables import Tables
    from opsbook.metrics.guard import Part
    from opsbook.metrics.verdicts import Amounts
    from opsbook.params import Settings

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
    amounts: Amounts,
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
        amounts: Of the paid orders, by which amounts are judged.
    """
    yield (
        ("ad_roas", "ad_roi", "ad_cpc_split"),
        lambda: _advertising(tables, settings, as_of, by_month),
    )
    yield (
        ("p4p_keyword_expansion", "high_conversion_keyword_share", "longtail_capture"),
        lambda: _words(tables, settings, as_of),
    )
    yield (
        ("live_sessions", "short_videos", "interaction_rate"),
        lambda: _told(content.measures(tables.content_log, tables.spans("content_log")), as_of),
    )
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


def _peers(tables: Tables, as_of: date, amounts: Amounts) -> Iterator[Figure]:
    log = tables.content_log
    watched = log[log["interactions"].notna()]
    months = reached(tables.spans("content_log"))
    interactions = counted(watched["_start"], months, watched["interactions"]) if len(watched) else {}
    for gap in peers.gaps(tables.shop_overview, interactions, tables.competitors, as_of, amounts):
        yield from figures(gap, as_of, ("month", "year"))


def _told(measures: Iterator[Measure], as_of: date, grains: tuple[str, ...] = ()) -> Iterator[Figure]:
    for measure in measures:
        yield from figures(measure, as_of, grains)


def _advertising(
    tables: Tables, settings: Settings, as_of: date, by_month: Mapping[str, Values]
) -> Iterator[Figure]:
    plans = tables.p4p_plan_daily
    yield from _told(ads.by_plan(plans), as_of, _LONG)
    leads = totals(plans, "site_leads_order", every_day=False)
    given = totals(tables.ad_revenue, "attributed_usd")
    revenue = ads.attributed(leads, by_month, given)
    cost = ads.spend(plans, tables.shop_ledger)
    for found in ads.returns(cost, revenue, ads.rates(tables.fx_rates), settings.gross_margin):
        if isinstance(found, Measure):
            yield from figures(found, as_of)
        else:
            yield found
    yield from rate_splits.cost_per_click(plans, as_of)


def _words(tables: Tables, settings: Settings, as_of: date) -> Iterator[Figure]:
    words = search_words.clean(tables.keyword_performance)
    if words.empty:
        return
    overview = tables.shop_overview
    clicks, impressions = (totals(overview, name) for name in ("search_clicks", "search_impressions"))

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
    overview = tables.shop_overview
    own = {
        "visitors": totals(overview, "store_visitors", persons=True),
        "ta_amount": totals(overview, "ta_amount_usd"),
        "lead_rate": _quotient(overview, "lead_buyers", "store_visitors"),
    }
    average = {
        "visitors": totals(overview, "peer_avg_store_visitors", persons=True),
        "ta_amount": totals(overview, "peer_avg_ta_amount_usd"),
        "lead_rate": _quotient(overview, "peer_avg_lead_buyers", "peer_avg_store_visitors")
        or latest(overview[overview["_grain"] == "month"], "peer_avg_lead_rate"),
    }
    yield from certification.effect(day, own, average, as_of, judge)


def _quotient(overview: pd.DataFrame, above: str, below: str) -> Values:
    one, other = (totals(overview, name, persons=True) for name in (above, below))
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
    months = list(by_month["ta_orders"])
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
    markets = inquiries.by_market(listed, spans, orders, by_month["ta_orders"])
    yield from inquiries.market_rates(markets, as_of, settings)
    if markets:
        yield from rate_splits.market_conversion(markets, as_of)
