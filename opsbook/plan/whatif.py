"""What drives the money: visitors, rates and order value; what a change of each brings, what a goal needs of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from opsbook.functions.ads import break_even_cpc
from opsbook.functions.growth import change
from opsbook.functions.ratios import ratio
from opsbook.functions.targets import target_consistency
from opsbook.periods import month
from opsbook.plan.row_merge import Agreed, Wanted
from opsbook.plan.typed_numbers import typed

if TYPE_CHECKING:
    from opsbook.metrics.review import Review
    from opsbook.params import Settings

FACTORS = ("visitors", "lead_rate", "lead_order_rate", "order_value")
GOAL = "goal"
_PARTS = ("visitors", "lead_buyers", "ta_orders", "ta_amount")


@dataclass(frozen=True)
class Flow:
    """How visitors become money, over the newest whole months (twelve at most); NaN where that is not known.

    Attributes:
        months: How many.
        visitors: Their sum.
        lead_rate: Lead buyers / visitors.
        order_rate: Orders / lead buyers.
        order_value: TA amount / orders, USD.
        amount: TA amount, USD: the product of all four.
    """

    months: int = 0
    visitors: float = math.nan
    lead_rate: float = math.nan
    order_rate: float = math.nan
    order_value: float = math.nan
    amount: float = math.nan

    def carries(self, visitors: float) -> float:
        """Return the money, USD, that visitors bring at these rates."""
        rate = self.lead_rate * self.order_rate
        if math.isnan(visitors * rate * self.order_value):
            return math.nan
        return float(target_consistency(1.0, visitors, rate, self.order_value)[0, 0])


@dataclass(frozen=True)
class Solved:
    """What a goal needs; NaN where it cannot be told.

    Attributes:
        amount: What the changed factors bring, USD.
        goal: The goal, USD.
        visitors: Needed for it, at the changed rates.
        leads: Lead buyers needed.
        orders: Orders needed.
        more: Visitors that the changed factors lack of those needed, 0 where they suffice.
        cpc: What a click costs, CNY.
        spend: Advertising that brings these visitors at that price, CNY.
        even_cpc: The most a click may cost so that it earns its own cost back, CNY.
        even_spend: The most that these visitors may cost, CNY.
    """

    amount: float = math.nan
    goal: float = math.nan
    visitors: float = math.nan
    leads: float = math.nan
    orders: float = math.nan
    more: float = math.nan
    cpc: float = math.nan
    spend: float = math.nan
    even_cpc: float = math.nan
    even_spend: float = math.nan


@dataclass(frozen=True)
class WhatIf:
    """The table of factors and what comes of it.

    Attributes:
        now: Each factor, and the money as ``goal``, of the newest whole months.
        changes: Relative changes as they stand in the table.
        solved: What comes of both.
        margin: Gross margin of the settings; NaN where none is set.
        rate: CNY per USD.
        months: How many months the rates are of.
    """

    now: dict[str, float] = field(default_factory=dict)
    changes: dict[str, float] = field(default_factory=dict)
    solved: Solved = field(default_factory=Solved)
    margin: float = math.nan
    rate: float = math.nan
    months: int = 0


def flow(review: Review) -> Flow:
    """Return how visitors became money in the newest whole months that have all four figures."""
    if review.as_of is None:
        return Flow()
    found: list[tuple[float, ...]] = []
    for back in range(13):  # the running month has no whole figures yet
        index = review.as_of.year * 12 + review.as_of.month - 1 - back
        when = month(index // 12, index % 12 + 1)
        values = tuple(review.get(part, when.label).value for part in _PARTS)
        if when.end <= review.as_of and len(found) < 12 and not any(math.isnan(value) for value in values):
            found.append(values)
    sums = [math.fsum(column) for column in zip(*found, strict=True)] or [math.nan] * 4
    rates = [float(ratio(above, below)) for below, above in pairwise(sums)]
    lead_rate, order_rate, order_value = rates
    return Flow(len(found), sums[0], lead_rate, order_rate, order_value, sums[-1])


def wanted(found: Flow, target: float) -> list[Wanted]:
    """Return the lines of the table: no factor changed, the goal as the target of the TA amount has it."""
    goal = float(change(target, found.amount))
    return [
        *(Wanted(key, {"change": 0.0}) for key in FACTORS),
        Wanted(GOAL, {"change": None if math.isnan(goal) else round(goal, 4)}),
    ]


def work_out(found: Flow, agreed: Agreed, settings: Settings, review: Review) -> WhatIf:
    """Return what the changes bring and what the goal needs.

    Args:
        found: How visitors become money now.
        agreed: The table of factors.
        settings: Its gross margin.
        review: Has the rate and the price of a click.
    """
    now = dict(
        zip(
            (*FACTORS, GOAL),
            (found.visitors, found.lead_rate, found.order_rate, found.order_value, found.amount),
            strict=True,
        )
    )
    asked = {line.key: typed(line, "change") for line in agreed.used}
    changes = {key: asked.get(key) or 0.0 for key in now}
    then = {key: value * (1 + changes[key]) for key, value in now.items()}
    margin = math.nan if settings.gross_margin is None else settings.gross_margin
    cpc = _price(review)
    return WhatIf(
        now=now,
        changes=changes,
        solved=solve(then, margin=margin, rate=review.cny_per_usd, cpc=cpc),
        margin=margin,
        rate=review.cny_per_usd,
        months=found.months,
    )


def _price(review: Review) -> float:
    return review.get("ad_cpc", str(review.year)).value


def forward(factors: dict[str, float]) -> float:
    """Return the money that factors make, USD: their product."""
    return math.prod(factors[key] for key in FACTORS)


def solve(then: dict[str, float], *, margin: float, rate: float, cpc: float) -> Solved:
    """Return what a goal needs.

    Args:
        then: Factors as changed, and the goal, USD.
        margin: Gross margin, a fraction.
        rate: CNY per USD.
        cpc: What a click costs, CNY.
    """
    orders = float(ratio(then[GOAL], then["order_value"]))
    leads = float(ratio(orders, then["lead_order_rate"]))
    visitors = float(ratio(leads, then["lead_rate"]))
    more = max(visitors - then["visitors"], 0.0) if not math.isnan(visitors) else math.nan
    even = float(
        break_even_cpc(then["lead_rate"] * then["lead_order_rate"], then["order_value"] * rate, margin)
    )
    return Solved(
        amount=forward(then),
        goal=then[GOAL],
        visitors=visitors,
        leads=leads,
        orders=orders,
        more=more,
        cpc=cpc,
        spend=more * cpc,
        even_cpc=even,
        even_spend=more * even,
    )
