"""The simulated truth of the demonstration store, and its figures over any period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from demo.generator.declared import Declared, declared
from demo.generator.leads import SHOP, Lead, leads
from demo.generator.orders import Order, orders
from demo.generator.traffic import Calendar, Counts, calendar, traffic

from opsbook.periods import Grain, Period, day, month, week


@dataclass(frozen=True)
class Store:
    """What happened.

    Attributes:
        seed: What it was drawn from.
        declared: What it was drawn by.
        when: The days.
        daily: Counts by our field name, each (products, days).
        leads: Every inquiry and talk, in order of time.
        orders: Every order, in order of creation.
    """

    seed: int
    declared: Declared
    when: Calendar
    daily: dict[str, Counts]
    leads: list[Lead]
    orders: list[Order]

    @property
    def last_day(self) -> date:
        """Last day of the data."""
        return self.when.days[-1]

    def rng(self, subject: int) -> np.random.RandomState:
        """Return the generator of one subject, so that a change to one leaves the others as they were."""
        # The stream of RandomState is frozen: the same store under every version of NumPy.
        return np.random.RandomState([self.seed, subject, 3])

    def months(self) -> list[Period]:
        """Return the whole months of the data."""
        first, last = self.when.days[0], self.last_day
        found = [month(y, m) for y in range(first.year, last.year + 1) for m in range(1, 13)]
        return [period for period in found if period.end <= last]

    def weeks(self, count: int) -> list[Period]:
        """Return the last ``count`` whole Sunday-to-Saturday weeks."""
        last = week(self.last_day)
        if last.end > self.last_day:
            last = last.previous
        return [week(last.start - timedelta(days=7 * back)) for back in reversed(range(count))]

    def days(self, count: int) -> list[Period]:
        """Return the last ``count`` days."""
        return [day(when) for when in self.when.days[-count:]]

    def leads_in(self, period: Period) -> list[Lead]:
        """Return the leads of the period's Pacific days."""
        span = self.when.span(period.start, period.end)
        return [lead for lead in self.leads if span.start <= lead.day < span.stop]

    def paid_in(self, period: Period) -> list[Order]:
        """Return the orders paid in the period; one paid back later was paid all the same."""
        return [
            order for order in self.orders if order.paid and period.start <= order.paid.date() <= period.end
        ]

    def drafted_in(self, period: Period) -> list[Order]:
        """Return the orders drafted in the period."""
        return [order for order in self.orders if period.start <= order.created.date() <= period.end]

    def listed_by(self, when: date) -> list[int]:
        """Return the positions of the products listed on or before ``when``."""
        age = (when - self.when.days[0]).days
        return [place for place, product in enumerate(self.declared.products) if product.listed <= age]

    def listed_on(self, place: int) -> date:
        """Return the day on which the product at ``place`` was listed."""
        return self.when.days[0] + timedelta(days=self.declared.products[place].listed)


def simulate(seed: int, last_day: date) -> Store:
    """Return the store that ``seed`` draws, up to ``last_day``."""
    known = declared()
    when = calendar(known, last_day)
    store = Store(seed, known, when, {}, [], [])
    daily = traffic(known, when, store.rng(1))
    found = leads(known, when, daily["product_visitors"], store.rng(2))
    made = orders(known, when, found, store.rng(3))
    return Store(seed, known, when, daily, found, made)


def persons(found: Iterable[Lead], *, inquiry: bool | None = None) -> int:
    """Return the distinct buyers of inquiries (True), of talks (False), or of either (None)."""
    return len({lead.buyer.number for lead in found if inquiry in (None, lead.is_inquiry)})


def product_totals(store: Store, period: Period) -> dict[int, dict[str, int]]:
    """Return the figures of each listed product over the period, by its position and our field names."""
    span = store.when.span(period.start, period.end)
    sums = {name: counts[:, span].sum(axis=1) for name, counts in store.daily.items()}
    by_product: dict[int, list[Lead]] = defaultdict(list)
    for lead in store.leads_in(period):
        by_product[lead.product].append(lead)
    distinct = store.declared.settings["distinct"]["product"][_grain(period)]
    drafted: dict[int, int] = defaultdict(int)
    for order in store.drafted_in(period):
        for place in {line.product for line in order.lines}:
            drafted[place] += 1
    found = {}
    for place in store.listed_by(period.end):
        own = by_product[place]
        figures = {name: int(values[place]) for name, values in sums.items()}
        # Who wrote was there: rounding persons down must not lose them.
        figures["product_visitors"] = max(round(figures["product_visitors"] * distinct), persons(own))
        figures["inquiries"] = sum(lead.is_inquiry for lead in own)
        figures["inquiry_buyers"] = persons(own, inquiry=True)
        figures["tm_buyers"] = persons(own, inquiry=False)
        figures["orders_submitted"] = drafted[place]
        stock = [order for order in store.paid_in(period) if order.is_rts and order.lines[0].product == place]
        figures["rts_online_buyers"] = len({order.buyer.number for order in stock})
        figures["rts_received_cents"] = sum(order.total for order in stock)
        found[place] = figures
    return found


def shop_totals(store: Store, period: Period) -> dict[str, int]:
    """Return the figures of the whole store over the period, by our field names; money in US cents."""
    span = store.when.span(period.start, period.end)
    found = {name: int(counts[:, span].sum()) for name, counts in store.daily.items()}
    own = store.leads_in(period)
    distinct = store.declared.settings["distinct"]["store"][_grain(period)]
    found["lead_buyers"] = persons(own)
    found["store_visitors"] = max(round(found.pop("product_visitors") * distinct), persons(own))
    found["inquiries"] = sum(lead.is_inquiry for lead in own)
    found["inquiry_buyers"] = persons(own, inquiry=True)
    found["tm_buyers"] = persons(own, inquiry=False)
    found["total_leads"] = found["inquiries"] + found["tm_buyers"]
    found["fullsite_ad_leads"] = sum(lead.ad == "fullsite" for lead in own)
    found["natural_leads"] = sum(not lead.ad for lead in own)
    paid = store.paid_in(period)
    found["ta_orders"] = len(paid)
    found["ta_buyers"] = len({order.buyer.number for order in paid})
    found["ta_cents"] = sum(order.total for order in paid)
    found["drafted_orders"] = len(store.drafted_in(period))
    found["active_products"] = len(store.listed_by(period.end))
    found["new_products_90d"] = found["active_products"] - len(
        store.listed_by(period.end - timedelta(days=90))
    )
    found["lead_products"] = len({lead.product for lead in own} - {SHOP})
    return found


def _grain(period: Period) -> str:
    return period.grain.value if period.grain in (Grain.DAY, Grain.WEEK) else Grain.MONTH.value
