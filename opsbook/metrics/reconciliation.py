"""Every place a headline figure can be had, and how the values should stand to each other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from opsbook.domain.basis import Basis, Kind
from opsbook.domain.declarations import load_rows
from opsbook.domain.language import Text
from opsbook.metrics.catalogue import metrics
from opsbook.metrics.formula import ArchiveColumn
from opsbook.metrics.monthly import Values, counted, reached
from opsbook.periods import Grain, Period, year
from opsbook.schemas import schemas

if TYPE_CHECKING:
    from opsbook.metrics.archive_series import ArchiveSeries

_CENT = 0.005
_OVERVIEW = (
    "store_visitors", "total_impressions", "search_impressions", "marketing_impressions", "inquiries", "inquiry_buyers",
    "tm_buyers", "lead_buyers", "ta_orders", "ta_amount_usd",
)  # fmt: skip
_PRODUCTS = ("product_visitors", "total_impressions", "search_impressions", "inquiries")
_CHANNELS = ("store_visitors", "inquiry_buyers", "tm_buyers")
_OWN_SHOP = ("store_visitors", "total_impressions", "ad_cost_cny")


@dataclass(frozen=True)
class Reconciled:
    """One place of a figure in a period.

    Attributes:
        metric: Id of the catalogue.
        period: Label of a month, or of the year: then the months that both places have are summed.
        place: Where the value is from; `texts` has its words.
        value: What stands there.
        unit: Of the value.
        basis: How it was got.
        clock: Time zone of its days.
        relation: ``reference`` for the figure used, else ``equal``, ``at_most``, ``at_least``, ``not_comparable``.
        against: The place it is compared with; empty for the reference.
        reference: The value there, over the same months.
        difference: ``value - reference``.
        holds: Whether the relation holds; None where nothing can be expected.
        reason: Why they differ; `texts` has its words.
    """

    metric: str
    period: str
    place: str
    value: float
    unit: str
    basis: Basis
    clock: str
    relation: str
    against: str
    reference: float
    difference: float
    holds: bool | None
    reason: str


@dataclass(frozen=True)
class _Place:
    """A place with its values by month, and what is expected of it."""

    name: str
    kind: str
    months: Values
    relation: str
    reason: str
    against: str = ""


@cache
def texts() -> Mapping[str, Mapping[str, Text]]:
    """Return the words for places, relations and reasons."""
    return load_rows(
        lambda _, entries: {key: Text(**words) for key, words in entries.items()},
        "opsbook.metrics",
        "reconciliation.toml",
    )


@dataclass(frozen=True)
class Sources:
    """What figures are compared across; empty where the archive has nothing.

    Attributes:
        series: Columns of the archive.
        platform: `orders.orders_of` the platform's lines; ``order_spans`` its tables' days.
        own_orders: The same of the seller's own table; ``own_spans`` likewise.
    """

    series: ArchiveSeries
    platform: pd.DataFrame
    order_spans: list[tuple[date, date]]
    own_orders: pd.DataFrame
    own_spans: list[tuple[date, date]]


def reconcile(sources: Sources, number: int) -> Iterator[Reconciled]:
    """Yield the places of every headline figure, by month of the year ``number`` and for the year."""
    for metric, places in _places(sources).items():
        known = [place for place in places if place.months]
        months = sorted({when for place in known for when in place.months if when.start.year == number})
        for period in (*months, year(number)):
            yield from _compared(metric, period, known, months)


def _compared(
    metric: str, period: Period, places: list[_Place], months: list[Period]
) -> Iterator[Reconciled]:
    inside = [when for when in months if period.start <= when.start <= period.end]
    there = {place.name: place for place in places if any(when in place.months for when in inside)}
    if len(there) < 2:
        return
    head = next(iter(there.values()))
    for place in there.values():
        other = there.get(place.against, head)
        both = [when for when in inside if when in place.months and (place is head or when in other.months)]
        if both:
            yield _line(metric, period, place, other, both, is_head=place is head)


def _line(
    metric: str, period: Period, place: _Place, other: _Place, both: list[Period], *, is_head: bool
) -> Reconciled:
    unit = metrics()[metric].unit
    value = math.fsum(place.months[when][0] for when in both)
    reference = math.fsum(other.months[when][0] for when in both)
    basis = place.months[both[0]][1] if period.grain is Grain.MONTH else Basis.of(Kind.MONTHS, len(both))
    difference = value - reference
    relation, reason = ("reference", "same") if is_head else (place.relation, place.reason)
    gaps = any(side.months[when][1].partial for side in (place, other) for when in both)
    if gaps and not is_head:
        relation, reason = "not_comparable", "missing_days"
    slack = _CENT if unit in ("USD", "CNY") else 1e-9
    holds = {
        "reference": None,
        "not_comparable": None,
        "equal": abs(difference) <= slack,
        "at_most": difference >= -slack,
        "at_least": difference <= slack,
    }[relation]
    if holds is False:
        reason = "unexplained"
    elif not is_head and abs(difference) <= slack:
        reason = "same"
    return Reconciled(
        metric=metric,
        period=period.label,
        place=place.name,
        value=value,
        unit=unit,
        basis=basis,
        clock=schemas()[place.kind].clock,
        relation=relation,
        against="" if is_head else other.name,
        reference=reference,
        difference=difference,
        holds=holds,
        reason=reason,
    )


def _places(of: Sources) -> dict[str, list[_Place]]:
    """Return the places of each figure, the one used first."""
    months, days = (
        of.series.totals("shop_overview", _OVERVIEW, grain=grain) for grain in (Grain.MONTH, Grain.DAY)
    )
    products = of.series.totals("product_performance", _PRODUCTS, grain=Grain.MONTH)
    channel = of.series.totals("traffic_channel", _CHANNELS)
    own_shop = of.series.totals("shop_ledger", _OWN_SHOP)
    words = of.series.totals("keyword_performance", ("impressions",), grain=Grain.MONTH)["impressions"]
    plans = of.series.totals("p4p_plan_daily", ("impressions", "cost_cny"))

    def overview(column: str, *, persons: bool = False) -> list[_Place]:
        relation, reason = ("at_most", "persons_overlap") if persons else ("equal", "unexplained")
        return [
            _Place("overview", "shop_overview", months[column], relation, reason),
            _Place("overview_days", "shop_overview", days[column], relation, reason),
        ]

    def own(column: str, relation: str = "not_comparable") -> _Place:
        return _Place("own_shop", "shop_ledger", own_shop[column], relation, "own_count")

    def channels(column: str) -> _Place:
        # Nor need the list of channels be whole.
        return _Place("channels", "traffic_channel", channel[column], "not_comparable", "channels_overlap")

    def of_products(column: str, relation: str, reason: str) -> _Place:
        return _Place("products", "product_performance", products[column], relation, reason)

    listed = of.series.months(ArchiveColumn("inquiry_list"))
    inquiry = overview("inquiry_buyers", persons=True)
    talks = overview("tm_buyers", persons=True)
    both = _sum(inquiry[0].months, talks[0].months)
    return {
        "visitors": [
            *overview("store_visitors", persons=True),
            channels("store_visitors"),
            of_products("product_visitors", "not_comparable", "several_products"),
            own("store_visitors"),
        ],
        "total_impressions": [
            *overview("total_impressions"),
            of_products("total_impressions", "at_least", "shop_level"),
            own("total_impressions"),
        ],
        "search_impressions": [
            *overview("search_impressions"),
            of_products("search_impressions", "at_least", "shop_level"),
            _Place("keywords", "keyword_performance", words, "at_least", "capped_list"),
        ],
        "marketing_impressions": [
            *overview("marketing_impressions"),
            _Place("ad_plans", "p4p_plan_daily", plans["impressions"], "equal", "unexplained"),
        ],
        "inquiries": [
            *overview("inquiries"),
            of_products("inquiries", "at_least", "shop_level"),
            _Place("inquiry_list", "inquiry_list", listed, "not_comparable", "clock"),
        ],
        "inquiry_buyers": [*inquiry, channels("inquiry_buyers")],
        "tm_buyers": [*talks, channels("tm_buyers")],
        "lead_buyers": [
            *overview("lead_buyers", persons=True),
            _Place("both_ways", "shop_overview", both, "at_most", "both_ways"),
        ],
        "ta_orders": [*overview("ta_orders"), *_orders(of, amounts=False)],
        "ta_amount": [*overview("ta_amount_usd"), *_orders(of, amounts=True)],
        "ad_cost": [
            _Place("ad_plans", "p4p_plan_daily", plans["cost_cny"], "equal", "unexplained"),
            own("ad_cost_cny", "equal"),
        ],
    }  # fmt: skip


def _sum(one: Values, other: Values) -> Values:
    return {when: (value + other[when][0], basis) for when, (value, basis) in one.items() if when in other}


def _orders(of: Sources, *, amounts: bool) -> Iterator[_Place]:
    paid = of.platform[of.platform["state"] == "paid"]
    own = of.own_orders[of.own_orders["state"] == "paid"]
    months, own_months = reached(of.order_spans), reached(of.own_spans)
    if not amounts:
        yield _Place("orders_paid", "orders", counted(paid["day"], months), "at_least", "refunds")
        yield _Place(
            "own_orders", "order_ledger", counted(own["day"], own_months), "not_comparable", "own_count"
        )
        return
    received = counted(paid["day"], months, paid["amount"])
    agreed = counted(paid["day"], months, paid["ordered"])
    yield _Place("orders_received", "orders", received, "at_least", "refunds")
    yield _Place("orders_agreed", "orders", agreed, "at_most", "balance", against="orders_received")
    values = counted(own["day"], own_months, own["amount"])
    yield _Place("own_orders", "order_ledger", values, "not_comparable", "own_count")
