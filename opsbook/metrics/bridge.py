"""Why the Trade Assurance amount changed: visitors, lead rate, order rate, order value; the parts sum to the change.

    amount = visitors x (leads / visitors) x (orders / leads) x (amount / orders)

The additive log-mean Divisia index gives each factor L(v1, v0) x ln(x1 / x0) with L(a, b) = (a - b) / ln(a / b).

Zeros: where the amount is 0 on one side, the whole change belongs to the first factor of the chain that is 0 there,
which is the limit of the index as that factor goes to 0; the factors after it are 0 / 0 there and count as unchanged.
Where it is 0 on both sides every part is 0. Money in a period without orders has no order value: no bridge.

References:
    Ang, B. W. (2005), The LMDI approach to decomposition analysis, Energy Policy 33:867-871.
    Ang, B. W. and Liu, N. (2007), Handling zero values in the LMDI approach, Energy Policy 35:238-246.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from opsbook.domain.basis import Basis, Kind
from opsbook.metrics.figures import Figure
from opsbook.metrics.measure import compared, dimension
from opsbook.metrics.monthly import Values
from opsbook.periods import Grain, Period, containing

PARTS = ("visitors", "lead_rate", "order_rate", "order_value")
CHAIN = ("visitors", "lead_buyers", "ta_orders", "ta_amount")
"""The totals whose quotients are the factors, each over the one before it."""


def log_mean(one: float, other: float) -> float:
    """Return the logarithmic mean of two positive numbers."""
    if one == other:
        return one
    # log1p keeps the digits when the two are nearly the same.
    return (one - other) / math.log1p((one - other) / other)


def divisia_parts(base: Sequence[float], current: Sequence[float]) -> tuple[float, ...] | None:
    """Return how much each factor moved the last total of a chain.

    Args:
        base: Totals before, such as visitors, leads, orders, amount: each is a factor times the one before it.
        current: The same totals now.

    Returns:
        One part a factor, in the unit of the last total; they sum to its change. None where a total that is not 0
        stands behind one that is 0, or a total is negative or missing.
    """
    totals = (*base, *current)
    if any(math.isnan(total) or total < 0 for total in totals) or _broken(base) or _broken(current):
        return None
    before, now = base[-1], current[-1]
    if before > 0 and now > 0:
        weight = log_mean(now, before)
        found = []
        for place in range(len(base)):
            ratios = [chain[place] / (chain[place - 1] if place else 1.0) for chain in (current, base)]
            found.append(weight * math.log(ratios[0] / ratios[1]))
        # What floating point leaves over goes to the largest part.
        largest = max(range(len(found)), key=lambda place: abs(found[place]))
        found[largest] += (now - before) - math.fsum(found)
        return tuple(found)
    change = now - before
    empty = base if before == 0 else current
    first = next((place for place, total in enumerate(empty) if total == 0), 0)
    return tuple(change if place == first and change else 0.0 for place in range(len(base)))


def _broken(chain: Sequence[float]) -> bool:
    """Whether a total stands behind an empty one."""
    return any(chain[place] > 0 and chain[place - 1] == 0 for place in range(1, len(chain)))


def growth_bridge(values: Mapping[str, Values], as_of: date) -> Iterator[Figure]:
    """Yield the parts by quarter and year against last year, and of quarters against the quarter before (``.pop``).

    Args:
        values: ``visitors``, ``lead_buyers``, ``ta_orders``, ``ta_amount`` by month.
        as_of: Last day of the data; a running period is compared month by month with the same of last year.
    """
    known = set.intersection(*(set(values[name]) for name in CHAIN))
    periods = {containing(when.start, grain) for when in known for grain in (Grain.QUARTER, Grain.YEAR)}
    for period in sorted(periods, key=lambda each: (each.start, -each.days)):
        yield from _bridge("growth_bridge", values, known, period, period.year_before, as_of)
        if period.grain is Grain.QUARTER:
            yield from _bridge("growth_bridge.pop", values, known, period, period.previous, as_of)


def _bridge(  # noqa: PLR0917 - only called above
    metric: str, values: Mapping[str, Values], known: set[Period], period: Period, base: Period, as_of: date
) -> Iterator[Figure]:
    now, before, how = compared(known, period, base, as_of)
    parts: tuple[float, ...] | None = None
    if now:
        then, current = (
            [sum(values[name][when][0] for when in months) for name in CHAIN] for months in (before, now)
        )
        parts = divisia_parts(then, current)
        if parts is None:
            how = Basis.of(Kind.MONEY_WITHOUT_ORDERS)
        elif 0 in (then[-1], current[-1]):
            how = how.plus(Kind.ZERO_AMOUNT)
    for place, part in enumerate(PARTS):
        value = parts[place] if parts else math.nan
        yield Figure(metric, period.label, dimension(part=part), value, "USD", how)
