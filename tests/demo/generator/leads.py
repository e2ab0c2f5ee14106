"""Inquiries and instant-message talks, each with its buyer, so that distinct persons are counted, not guessed."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from demo.generator.declared import Declared
from demo.generator.traffic import Calendar, Counts

SHOP = -1  # in place of a product: the message went to the shop


@dataclass(frozen=True)
class Buyer:
    """A buyer: number from 1, market, platform level, and whether they come back once they bought."""

    number: int
    country: str
    level: str
    loyal: bool

    @property
    def name(self) -> str:
        """Name, marked as demonstration."""
        return f"Demo Buyer {self.number}"

    @property
    def buyer_id(self) -> str:
        """Account, marked as demonstration."""
        return f"demo{self.number:06d}"


@dataclass(frozen=True)
class Lead:
    """One inquiry or talk.

    Attributes:
        day: Position in the calendar (Pacific day).
        second: Second of that day.
        product: Position of the product, or `SHOP`.
        is_inquiry: An inquiry; otherwise an instant-message talk.
        buyer: Who sent it.
        ad: Kind of ad plan credited with it, or empty.
        is_rfq: It came through a request for quotation.
    """

    day: int
    second: int
    product: int
    is_inquiry: bool
    buyer: Buyer
    ad: str
    is_rfq: bool


def leads(store: Declared, when: Calendar, visitors: Counts, rng: np.random.RandomState) -> list[Lead]:
    """Return every lead in order of time; ``visitors`` is (products, days)."""
    rates = store.settings["traffic"]
    factory = _Buyers(store, rng)
    credit = {plan["ad"]: plan["lead_share"] for plan in store.settings["plans"]}
    drawn = [
        (int(day), int(rng.randint(5 * 3600, 23 * 3600)), int(product), is_inquiry)
        for is_inquiry, rate in ((True, rates["inquiry_rate"]), (False, rates["tm_rate"]))
        for product, day in _spots(store, visitors, rate, rng)
    ]
    to_shop = rng.poisson(rates["shop_inquiries_a_day"], len(when.days))
    drawn += [(int(day), 12 * 3600, SHOP, True) for day in np.repeat(np.arange(len(when.days)), to_shop)]
    found = []
    recent: deque[tuple[Buyer, bool]] = deque(maxlen=16)
    for day, second, product, is_inquiry in sorted(drawn):
        buyer = factory.again(recent, is_inquiry) or factory.new()
        recent.append((buyer, is_inquiry))
        ad = "" if product == SHOP else store.products[product].ad
        found.append(
            Lead(
                day=day,
                second=second,
                product=product,
                is_inquiry=is_inquiry,
                buyer=buyer,
                ad=ad if ad and rng.random_sample() < credit[ad] else "",
                is_rfq=bool(is_inquiry and rng.random_sample() < 0.08),
            )
        )
    return found


def _spots(store: Declared, visitors: Counts, rate: float, rng: np.random.RandomState) -> Counts:
    """Return (product, day) of each lead, shape (leads, 2)."""
    appeal = np.array([[1.25 if product.role in ("hit", "new") else 0.85] for product in store.products])
    count = rng.binomial(visitors, np.minimum(1.0, rate * appeal))
    return np.repeat(np.argwhere(count), count[count > 0], axis=0)


class _Buyers:
    """Makes buyers, or finds one who wrote lately."""

    def __init__(self, store: Declared, rng: np.random.RandomState) -> None:
        markets = store.settings["markets"]
        self._countries = [market["name"] for market in markets]
        shares = np.array([market["share"] for market in markets])
        self._edges = np.cumsum(shares / shares.sum())
        self._loyal = store.settings["orders"]["loyal"]
        self._rng = rng
        self._made = 0

    def new(self) -> Buyer:
        self._made += 1
        place = min(int(np.searchsorted(self._edges, self._rng.random_sample())), len(self._countries) - 1)
        level = ("NA", "L0", "L1", "L2", "L3", "L4")[
            int(self._rng.choice(6, p=[0.12, 0.3, 0.27, 0.17, 0.1, 0.04]))
        ]
        return Buyer(self._made, self._countries[place], level, bool(self._rng.random_sample() < self._loyal))

    def again(self, recent: deque[tuple[Buyer, bool]], is_inquiry: bool) -> Buyer | None:
        """Return a recent writer: some send a second inquiry, more go on in the messenger."""
        wanted = [buyer for buyer, inquired in recent if inquired]
        if not wanted or self._rng.random_sample() >= (0.11 if is_inquiry else 0.24):
            return None
        return wanted[int(self._rng.randint(len(wanted)))]
