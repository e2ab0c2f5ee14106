"""Paid orders told apart: from stock or made to order, through Trade Assurance or not, by customer and market."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

import pandas as pd

from opsbook.domain.basis import Basis, Kind
from opsbook.metrics.measure import Measure, Months, dimension, rate
from opsbook.metrics.monthly import Values, counted, reached
from opsbook.params.export_words import market, marks, parts, plain
from opsbook.periods import Period

TA, NON_TA, UNKNOWN = "TA", "non-TA", ""


def has_tag(orders: pd.DataFrame, name: str) -> pd.Series[bool]:
    """Return which orders carry one of the tags declared under ``name``; missing where an order has no tags."""
    words = marks("order_tag", name)
    known = {tags: bool(parts(tags) & words) for tags in orders["tags"].dropna().unique()}
    return orders["tags"].map(known)


def rts_share(orders: pd.DataFrame, months: Iterable[Period]) -> Iterator[Measure]:
    """Yield paid RTS orders over the paid orders whose tags tell what they are."""
    paid = orders[orders["state"] == "paid"]
    tagged = has_tag(paid, "rts")
    told = paid[tagged.notna()]
    if told.empty:
        return
    months = list(months)
    yield rate(
        "rts_order_share",
        "ratio",
        counted(told.loc[tagged[tagged.notna()].astype(bool), "day"], months),
        counted(told["day"], months),
    )


def by_channel(platform: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Return every order once with ``channel``: `TA`, `NON_TA` or `UNKNOWN`.

    Args:
        platform: `orders.orders_of` the platform's lines: Trade Assurance, unless their tags tell them apart.
        own: `orders.orders_of` the lines of the seller's own table; one that the platform lists too is not new.
    """
    tagged = has_tag(platform, "ta")
    # A tag on some orders parts them from the rest; without any, all are what the list says.
    outside = tagged.eq(False) if tagged.eq(True).any() else tagged.eq("never")
    known = platform.assign(channel=outside.map({True: NON_TA, False: TA}))
    others = own[~own["order_id"].isin(platform["order_id"])]
    # Without a list of the platform nobody can say which of the own table's orders went through it.
    return pd.concat([known, others.assign(channel=NON_TA if len(platform) else UNKNOWN)], ignore_index=True)


def usage(
    orders: pd.DataFrame, platform_spans: Iterable[tuple[date, date]], own_spans: Iterable[tuple[date, date]]
) -> Iterator[Measure]:
    """Yield paid orders through Trade Assurance over all paid orders.

    Args:
        orders: `by_channel`.
        platform_spans: First and last day of each platform list taken in.
        own_spans: The same of the seller's own tables: only in months that both know are all orders there.
    """
    own = set(reached(own_spans))
    platform = reached(platform_spans)
    tags_tell = bool((orders["channel"] == NON_TA).any()) and not own
    months = [when for when in platform if tags_tell or when in own]
    paid = orders[orders["state"] == "paid"]
    if not months:
        return
    every = counted(paid["day"], months)
    yield rate("ta_usage_rate", "ratio", counted(paid.loc[paid["channel"] == TA, "day"], months), every)


def order_values(
    orders: pd.DataFrame, channels: pd.DataFrame, months: Iterable[Period], key_accounts: frozenset[str]
) -> Iterator[Measure]:
    """Yield the received amount per paid order of each group; its basis tells how many orders.

    Args:
        orders: `orders.orders_of` all lines.
        channels: `by_channel`.
        months: Months that the order lists know.
        key_accounts: Plain ids and names of the customers of tier KA; empty where no tiers are known.
    """
    months = list(months)
    paid = orders[orders["state"] == "paid"]
    groups: dict[str, pd.DataFrame] = {}
    sold = channels[channels["state"] == "paid"]
    for channel in (TA, NON_TA):
        groups[dimension(group=channel)] = sold[sold["channel"] == channel]
    if key_accounts:
        is_key = key_account_orders(paid, key_accounts)
        named = paid["buyer"].notna()
        groups[dimension(group="KA")] = paid[is_key & named]
        groups[dimension(group="other")] = paid[~is_key & named]
    told = new_and_returning(paid)
    groups |= told
    since = paid["day"].dt.year.min() if len(paid) else 0
    markets = {country: market(country) for country in paid["country"].dropna().unique()}
    of_market = paid["country"].map(markets)
    for name in sorted(set(markets.values())):
        groups[dimension(market=name)] = paid[of_market == name]
    for pairs, rows in groups.items():
        if len(rows):
            chosen = [when for when in months if when.start.year > since] if pairs in told else months
            yield replace(_value(rows, chosen), dimension=pairs)


def key_account_orders(orders: pd.DataFrame, key_accounts: frozenset[str]) -> pd.Series[bool]:
    """Return which orders are of a customer whose plain id or name is among ``key_accounts``."""
    mine = pd.Series(False, index=orders.index)
    for column in ("buyer", "buyer_name"):
        words = {value: plain(value) in key_accounts for value in orders[column].dropna().unique()}
        mine |= orders[column].map(words).eq(True)
    return mine


def new_and_returning(paid: pd.DataFrame) -> Mapping[str, pd.DataFrame]:
    """Return the paid orders of buyers whose first was in the order's year, and before it.

    The first year of all tells nothing: every buyer seems new.
    """
    known = paid[paid["buyer"].notna()]
    if known.empty:
        return {}
    years = known["day"].dt.year
    first = years.groupby(known["buyer"]).transform("min")
    later = years > years.min()
    return {
        dimension(group="new"): known[later & (first == years)],
        dimension(group="returning"): known[later & (first < years)],
    }


def _value(rows: pd.DataFrame, months: list[Period]) -> Measure:
    priced = rows[rows["amount"].notna()]
    amounts: Values = counted(priced["day"], months, priced["amount"])
    numbers = counted(priced["day"], months)

    def told(chosen: Months) -> Basis:
        return Basis.of(Kind.ORDERS, sum(numbers[when][0] for when in chosen))

    return replace(rate("aov_by_group", "USD", amounts, numbers), label=told)
