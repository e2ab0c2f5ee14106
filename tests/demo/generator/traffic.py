"""Impressions, clicks and visitors of every product on every day, as whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from demo.generator.declared import Declared
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Rates = NDArray[np.float64]

MONTHS_WANTED = 21


@dataclass(frozen=True)
class Calendar:
    """The days of the data and what each does to demand.

    Attributes:
        days: Every day, in order.
        demand: Impressions expected against the first day's level: season, weekday, festival, promotion, growth.
        lift: The promotions' part of it; 1 on ordinary days.
        open: The festival's part of it; 1 on ordinary days.
    """

    days: tuple[date, ...]
    demand: Rates
    lift: Rates
    open: Rates

    def span(self, start: date, end: date) -> slice:
        """Return the positions of the days from ``start`` to ``end``, both inside."""
        first = self.days[0]
        return slice(max(0, (start - first).days), max(0, (end - first).days + 1))

    def drift(self, ends: list[float]) -> Rates:
        """Return a rate that moves in a straight line from ``ends[0]`` to ``ends[1]`` over two years."""
        return np.interp(np.arange(len(self.days)), [0, 730], ends)


def first_day(last_day: date) -> date:
    """Return the first of January from which the data run: at least 21 months before ``last_day``."""
    months = 12 + last_day.month - (0 if (last_day + timedelta(days=1)).day == 1 else 1)
    return date(last_day.year - (1 if months >= MONTHS_WANTED else 2), 1, 1)


def calendar(store: Declared, last_day: date) -> Calendar:
    """Return the calendar that ends on ``last_day``."""
    rates = store.settings["traffic"]
    first = first_day(last_day)
    count = (last_day - first).days + 1
    days = tuple(first + timedelta(days=number) for number in range(count))
    ordinal = np.array([when.timetuple().tm_yday for when in days], dtype=float)
    # The twelve values stand in the middle of their months; the year closes on itself.
    season = np.interp(ordinal, 15.2 + 30.42 * np.arange(12), rates["months"], period=365.25)
    weekend = np.where([when.weekday() >= 5 for when in days], rates["weekend"], 1.0)
    growth = rates["yearly_growth"] ** (np.arange(count) / 365.0)
    lift = np.ones(count)
    for when in {day.year for day in days}:
        for promotion in store.settings["promotions"]:
            begin = (date(when, *promotion["start"]) - first).days
            lift[max(0, begin) : max(0, begin + promotion["days"])] = promotion["lift"]
    festival = np.ones(count)
    for year in range(first.year, last_day.year + 1):
        if eve := store.festival(year):
            distance = (np.arange(count) - (eve - first).days - 2) / rates["festival_days"]
            festival *= 1 - rates["festival_dip"] * np.exp(-(distance**2))
    return Calendar(days, season * weekend * growth * lift * festival, lift, festival)


def traffic(store: Declared, when: Calendar, rng: np.random.RandomState) -> dict[str, Counts]:
    """Return daily counts by our field name, each of shape (products, days)."""
    rates = store.settings["traffic"]
    expected = _impressions(store, when, rng)
    shape = expected.shape
    appeal = rng.lognormal(0.0, 0.18, (shape[0], 1))  # some products are clicked more than others
    clicked = np.array([[product.role != "zero"] for product in store.products])

    total = rng.poisson(expected)
    search = rng.binomial(total, when.drift(rates["search_share"]))
    search_clicks = rng.binomial(search, np.where(clicked, rates["ctr_search"] * appeal, 0.0))
    scene_clicks = rng.binomial(total - search, np.where(clicked, rates["ctr_scene"] * appeal, 0.0))
    clicks = search_clicks + scene_clicks
    found = {
        "total_impressions": total,
        "search_impressions": search,
        "search_clicks": search_clicks,
        "total_clicks": clicks,
    }
    for ad in ("standard", "fullsite"):
        share = _advertised(store, ad) * when.drift(rates["ad_share"])
        found[f"{ad}_ad_impressions"] = rng.binomial(total, share)
        # An ad is clicked a little less often than the average card of the same product.
        found[f"{ad}_ad_clicks"] = np.minimum(
            rng.binomial(clicks, 0.9 * share), found[f"{ad}_ad_impressions"]
        )
    found["marketing_impressions"] = found["standard_ad_impressions"] + found["fullsite_ad_impressions"]
    found["marketing_clicks"] = found["standard_ad_clicks"] + found["fullsite_ad_clicks"]
    # Some people click twice; some come without a click, from a bookmark or a chat.
    found["product_visitors"] = rng.binomial(clicks, 0.9) + rng.poisson(0.04 * clicks)
    for name, rate in (("favorite_buyers", 0.012), ("share_buyers", 0.003), ("compare_buyers", 0.004)):
        found[name] = rng.binomial(found["product_visitors"], rate)
    return found


def _impressions(store: Declared, when: Calendar, rng: np.random.RandomState) -> Rates:
    """Return expected impressions, (products, days): the store's demand shared out by known products."""
    rates: dict[str, Any] = store.settings["traffic"]
    count = len(when.days)
    listed = np.array([[product.listed] for product in store.products])
    age = np.arange(count)[None, :] - listed
    known = np.where(age < 0, 0.0, 1 - np.exp(-(age + 3) / 28.0))
    weight = np.array([[product.share] for product in store.products]) * known
    # A slow private rise and fall of each product, so that the ranking changes over the year.
    phase = rng.uniform(0, 2 * np.pi, (len(store.products), 1))
    weight = weight * (1 + 0.22 * np.sin(np.arange(count)[None, :] / 95.0 + phase))
    noise = rng.lognormal(0.0, rates["noise"], count)
    shared: Rates = weight / weight.sum(axis=0) * rates["daily_impressions"] * when.demand * noise
    return shared


def _advertised(store: Declared, ad: str) -> Rates:
    return np.array([[float(product.ad == ad)] for product in store.products])
