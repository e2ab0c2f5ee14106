"""What the Verified Supplier certification changed: six months before against six after, less what peers changed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from opsbook.functions.drivers import effect_lift
from opsbook.functions.growth import change, point_change
from opsbook.metrics.figures import Figure
from opsbook.metrics.measure import dimension
from opsbook.periods import Grain, Period, containing

if TYPE_CHECKING:
    import pandas as pd

    from opsbook.metrics.monthly import Values

SPAN, LEAST = 6, 3  # months on each side; fewer than LEAST say nothing
METRICS = ("visitors", "lead_rate", "ta_amount")


def certified_on(status: pd.DataFrame) -> date | None:
    """Return the day of certification as last written down."""
    known = status[status["certified_on"].notna()].sort_values("_end", kind="stable")
    return known["certified_on"].iloc[-1].date() if len(known) else None


def effect(
    day: date, own: Mapping[str, Values], peers: Mapping[str, Values], as_of: date
) -> Iterator[Figure]:
    """Yield means before and after, own change, the peers' change, and the difference of the two.

    Args:
        day: Of certification; its own month counts on neither side.
        own: ``visitors``, ``lead_rate``, ``ta_amount`` by month.
        peers: The peers' average of the same, where known.
        as_of: Last day of the data.
    """
    event = containing(day, Grain.MONTH)
    sides = _months(event, -1), [when for when in _months(event, 1) if when.end <= as_of]
    for metric in METRICS:
        pairs = dimension(metric=metric)
        means = [_mean(own.get(metric, {}), side) for side in sides]
        counts = [count for _, count in means]
        basis = f"{counts[0]} months before, {counts[1]} after"
        enough = min(counts) >= LEAST
        ratio = metric == "lead_rate"
        before, after = means[0][0], means[1][0]
        value = float(point_change(after, before) if ratio else change(after, before)) if enough else math.nan
        told = basis if enough else f"too few, {basis}"
        yield Figure("verified_supplier_effect", event.label, pairs, value, "ratio", told)
        unit = "ratio" if ratio else {"visitors": "persons", "ta_amount": "USD"}[metric]
        for suffix, mean, count in (("before", before, counts[0]), ("after", after, counts[1])):
            how = f"mean of {count} months" if count else "no source"
            yield Figure(f"verified_supplier_effect.{suffix}", event.label, pairs, mean, unit, how)
        yield from _against_peers(event, pairs, means, peers.get(metric, {}), sides, points=ratio)


def _against_peers(
    event: Period,
    pairs: str,
    means: list[tuple[float, int]],
    peers: Values,
    sides: tuple[list[Period], list[Period]],
    *,
    points: bool,
) -> Iterator[Figure]:
    theirs = [_mean(peers, side) for side in sides]
    known = min(count for _, count in (*theirs, *means)) >= LEAST
    control = net = math.nan
    if known:
        (before, _), (after, _) = theirs
        own_before, own_after = means[0][0], means[1][0]
        if points:
            control = float(point_change(after, before))
            net = float(point_change(own_after, own_before)) - control
        else:
            control = float(change(after, before))
            net = float(effect_lift(own_before, own_after, before, after))
    basis = "difference in differences" if known else "peers unknown"
    yield Figure("verified_supplier_effect.control", event.label, pairs, control, "ratio", basis)
    yield Figure("verified_supplier_effect.net", event.label, pairs, net, "ratio", basis)


def _months(event: Period, step: int) -> list[Period]:
    found: list[Period] = []
    when = event
    for _ in range(SPAN):
        when = (
            when.previous if step < 0 else containing(date.fromordinal(when.end.toordinal() + 1), Grain.MONTH)
        )
        found.append(when)
    return sorted(found)


def _mean(values: Mapping[Period, tuple[float, str]], months: list[Period]) -> tuple[float, int]:
    """Return the mean over the months that have a value, and how many have."""
    known = [values[when][0] for when in months if when in values and not math.isnan(values[when][0])]
    return (sum(known) / len(known) if known else math.nan), len(known)
