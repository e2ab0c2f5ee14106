"""Trade Assurance orders and what an export of them says on a given day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from demo.generator.declared import Declared
from demo.generator.leads import SHOP, Buyer, Lead
from demo.generator.traffic import Calendar

PACIFIC = ZoneInfo("America/Los_Angeles")


@dataclass(frozen=True)
class Line:
    """A product line: position of the product, units, price in cents."""

    product: int
    quantity: int
    price: int

    @property
    def amount(self) -> int:
        """Cents."""
        return self.quantity * self.price


@dataclass(frozen=True)
class State:
    """What an export shows of an order on some day."""

    status: str
    modified: datetime
    paid: datetime | None
    lines: tuple[Line, ...]
    received: int


@dataclass(frozen=True)
class Order:
    """An order; all moments are Pacific, all money is US cents.

    Attributes:
        order_id: 18 digits.
        created: When it was drafted.
        paid: When it was paid, or None if it never is.
        refunded: When the money went back, or None.
        buyer: Who drafted it.
        owner: Sub-account.
        lines: Its lines, as they finally are.
        freight: Freight.
        discount: Discount.
        first_lines: What was typed at first, while ``corrected`` was still to come; empty if right at once.
        corrected: When the lines were put right.
    """

    order_id: str
    created: datetime
    paid: datetime | None
    refunded: datetime | None
    buyer: Buyer
    owner: str
    lines: tuple[Line, ...]
    freight: int
    discount: int
    is_rts: bool
    first_lines: tuple[Line, ...] = ()
    corrected: datetime | None = None

    @property
    def total(self) -> int:
        """Amount of the order as it finally is."""
        return self.total_of(self.lines)

    def total_of(self, lines: tuple[Line, ...]) -> int:
        """Return lines plus freight less discount."""
        return sum(line.amount for line in lines) + self.freight - self.discount

    def paid_by(self, day: date) -> bool:
        """Whether it was paid on or before ``day``."""
        return self.paid is not None and self.paid.date() <= day

    def on(self, day: date) -> State:
        """Return its state at the end of ``day``."""
        now = datetime.combine(day, time(23, 59), PACIFIC)
        paid = self.paid if self.paid and self.paid <= now else None
        steps = [("待付款", self.created)]
        if self.paid is None:
            steps.append(("交易关闭", self.created + timedelta(days=7)))
        else:
            made, under_way = (6, 14) if self.is_rts else (22, 34)
            steps += [
                ("待发货", self.paid),
                ("待确认收货", self.paid + timedelta(days=made)),
                ("交易成功", self.paid + timedelta(days=made + under_way)),
            ]
        if self.refunded:
            steps = [*(step for step in steps if step[1] < self.refunded), ("退款", self.refunded)]
        status, modified = [step for step in steps if step[1] <= now][-1]
        lines = self.lines
        if self.corrected:
            if now < self.corrected:
                lines = self.first_lines
            else:
                modified = max(modified, self.corrected)
        return State(
            status, modified, paid, lines, 0 if not paid or status == "退款" else self.total_of(lines)
        )


def orders(store: Declared, when: Calendar, found: list[Lead], rng: np.random.RandomState) -> list[Order]:
    """Return the orders in order of creation: from leads of the weeks before, and from old customers."""
    rates = store.settings["orders"]
    by_day = np.bincount([lead.day for lead in found], minlength=len(when.days))
    # The festival closes the offices: orders stop more than visits do.
    pace = rates["per_lead"] * when.lift * when.open**1.5
    mean = [by_day[max(0, day - 30) : max(7, day - 8)].mean() for day in range(len(when.days))]
    # Whole orders come due as the expectation fills up: months of a dozen keep their season, which
    # independent draws of so few would drown.
    due = np.diff(np.floor(np.cumsum(pace * mean * rng.lognormal(0.0, 0.5, len(mean)))), prepend=0)
    desk = _Desk(store, found, rng)
    for number, day in enumerate(when.days):
        for _ in range(int(due[number])):
            desk.take(number, day)
    return _with_corrections(sorted(desk.made, key=lambda order: order.created), when.days[0].year)


class _Desk:
    """The sales desk: who has written, who has bought, and what was ordered so far."""

    def __init__(self, store: Declared, found: list[Lead], rng: np.random.RandomState) -> None:
        self._store = store
        self._rng = rng
        self._wish = {market["name"]: market["order"] for market in store.settings["markets"]}
        self._pending: dict[int, list[Lead]] = defaultdict(list)
        for lead in found:
            self._pending[lead.day].append(lead)
        self._loyal: list[Buyer] = []
        self._bought: set[int] = set()
        self.made: list[Order] = []

    def take(self, number: int, day: date) -> None:
        """Draft one order on ``day``, the calendar's ``number``, if anybody is there to order."""
        buyer, product = self._pick(number)
        if buyer is None:
            return
        order = self._draft(day, buyer, product)
        self.made.append(order)
        self._bought.add(buyer.number)
        if order.paid and buyer.loyal and buyer not in self._loyal:
            self._loyal.append(buyer)

    def _pick(self, day: int) -> tuple[Buyer | None, int]:
        """Return who orders, and the product their lead was about (or `SHOP`)."""
        repeat = self._store.settings["orders"]["repeat"] * min(1.0, len(self._loyal) / 12)
        if self._loyal and self._rng.random_sample() < repeat:
            return self._loyal[int(self._rng.randint(len(self._loyal)))], SHOP
        pool = [lead for past in range(day - 45, day - 1) for lead in self._pending.get(past, ())]
        pool = [lead for lead in pool if lead.buyer.number not in self._bought]
        if not pool:
            return None, SHOP
        weights = np.array([self._wish[lead.buyer.country] for lead in pool])
        lead = pool[int(self._rng.choice(len(pool), p=weights / weights.sum()))]
        return lead.buyer, lead.product

    def _draft(self, day: date, buyer: Buyer, product: int) -> Order:
        rates, rng = self._store.settings["orders"], self._rng
        first = product if product != SHOP and rng.random_sample() < 0.75 else self._seller(None)
        is_rts = self._store.products[first].is_rts
        lines = self._lines(first, is_rts)
        goods = sum(line.amount for line in lines)
        created = datetime.combine(day, time(), PACIFIC).replace(
            hour=int(rng.randint(5, 20)), minute=int(rng.randint(60)), second=int(rng.randint(60))
        )
        delay = timedelta(minutes=int(rng.randint(8, 60 * (20 if is_rts else 120))))
        closed, refunded = rng.random_sample() < rates["closed"], rng.random_sample() < rates["refunded"]
        paid = None if closed else created + delay
        in_year = (day - date(day.year, 1, 1)).days
        return Order(
            order_id=f"2341{day.year % 100:02d}{in_year:03d}{len(self.made):04d}{int(rng.randint(10_000, 99_999))}",
            created=created,
            paid=paid,
            refunded=paid + timedelta(days=12) if paid and refunded else None,
            buyer=buyer,
            owner=self._store.owner(buyer.number),
            lines=lines,
            freight=round(goods * float(rng.uniform(0.1, 0.2) if is_rts else rng.uniform(0.03, 0.07))),
            discount=round(goods * 0.03) if goods > 500_000 or rng.random_sample() < 0.15 else 0,
            is_rts=is_rts,
        )

    def _lines(self, first: int, is_rts: bool) -> tuple[Line, ...]:
        """Return the lines; the same product may stand in two of them, as two sizes do."""
        rng = self._rng
        # Value decides the quantity: a customised order is a container, a stock order a few boxes.
        value = rng.lognormal(np.log(42_000 if is_rts else 290_000), 0.6)
        more = int(rng.choice(3, p=[0.76, 0.18, 0.06]))
        lines = []
        for place, item in enumerate([first, *(self._seller(is_rts) for _ in range(more))]):
            price = round(self._store.products[item].price_cents * float(rng.uniform(0.94, 1.05)))
            share = value * (1.0 if place == 0 else 0.35)
            lines.append(Line(item, max(2, round(share / price)), price))
        return tuple(lines)

    def _seller(self, is_rts: bool | None) -> int:
        """Return a product that sells from stock (True), customised (False) or either way (None)."""
        fits = [
            product.share
            if product.listed < 0 and product.role != "zero" and is_rts in (None, product.is_rts)
            else 0.0
            for product in self._store.products
        ]
        weights = np.array(fits) ** 1.1
        return int(self._rng.choice(len(fits), p=weights / weights.sum()))


def _with_corrections(made: list[Order], year: int) -> list[Order]:
    """Return the orders, four paid ones of the third quarter of ``year`` with a slip put right in February."""
    corrected = datetime(year + 1, 2, 9, 11, 20, 5, tzinfo=PACIFIC)
    third = [
        place
        for place, order in enumerate(made)
        if order.paid
        and not order.refunded
        and (order.created.year, (order.created.month + 2) // 3) == (year, 3)
    ]
    for place in third[2:15:4]:
        order = made[place]
        head, *rest = order.lines
        slip = Line(head.product, head.quantity + max(3, head.quantity // 4), head.price)
        made[place] = replace(order, first_lines=(slip, *rest), corrected=corrected)
    return made
