"""Why a rate over everything moved: each segment's own rate, or the weight of the segments; the parts sum exactly."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from opsbook.domain.basis import Basis, Kind
from opsbook.functions.drivers import rate_mix
from opsbook.functions.values import FunctionError
from opsbook.metrics import ad_plans
from opsbook.metrics.figures import Figure
from opsbook.metrics.measure import compared, dimension
from opsbook.metrics.monthly import Values
from opsbook.periods import Grain, Period, containing

if TYPE_CHECKING:
    from opsbook.metrics.archive_series import ArchiveSeries

Segments = Mapping[str, tuple[Values, Values]]
"""Numerator and denominator by month of each segment."""


def cost_per_click(series: ArchiveSeries, as_of: date) -> Iterator[Figure]:
    """Yield how much of the change of the cost per click is bids (the plans' own) and how much the mix of plans."""
    both = "clicks IS NOT NULL AND cost_cny IS NOT NULL"
    plans = series.split(ad_plans.KIND, ("cost_cny", "clicks"), by=ad_plans.PLAN, where=both)
    segments = {name or "-": (found["cost_cny"], found["clicks"]) for name, found in plans.items()}
    yield from split("ad_cpc_split", "CNY", segments, as_of, key="plan", own="bid")


def market_conversion(markets: Segments, as_of: date) -> Iterator[Figure]:
    """Yield how much of the change of orders over inquiries is the markets' own rates and how much their mix."""
    yield from split("market_rate_split", "ratio", markets, as_of, key="market", own="rate")


def split(metric: str, unit: str, segments: Segments, as_of: date, *, key: str, own: str) -> Iterator[Figure]:
    """Yield both effects over all and by segment, by quarter and year against last year, quarters also ``.pop``.

    ``.base`` and ``.now`` are the rates over all that the change lies between.

    Args:
        metric: Id of the catalogue.
        unit: Of the rate.
        segments: Numerator and denominator of each; a month that some segment knows and another does not is 0 there.
        as_of: Last day of the data.
        key: What a segment is.
        own: What its own effect is called; the other is ``mix``.
    """
    months = {when for above, _ in segments.values() for when in above}
    periods = {containing(when.start, grain) for when in months for grain in (Grain.QUARTER, Grain.YEAR)}
    for period in sorted(periods, key=lambda each: (each.start, -each.days)):
        bases = [("", period.year_before)]
        if period.grain is Grain.QUARTER:
            bases.append((".pop", period.previous))
        for suffix, base in bases:
            yield from _one(f"{metric}{suffix}", unit, segments, months, period, base, as_of, (key, own))


def _one(  # noqa: PLR0917 - only called above
    metric: str,
    unit: str,
    segments: Segments,
    months: set[Period],
    period: Period,
    base: Period,
    as_of: date,
    words: tuple[str, str],
) -> Iterator[Figure]:
    key, own = words
    now, before, how = compared(months, period, base, as_of)
    columns = [
        [sum(segment[side].get(when, (0.0, Basis()))[0] for when in chosen) for segment in segments.values()]
        for chosen in (before, now)
        for side in (0, 1)
    ]
    effects = None
    if now:
        try:
            effects = rate_mix(*columns)
        except FunctionError:
            how = Basis.of(Kind.ZERO_BASE)
    if effects is not None and not metric.endswith(".pop"):
        for side, (above, below) in (("base", columns[:2]), ("now", columns[2:])):
            yield Figure(f"{metric}.{side}", period.label, "", sum(above) / sum(below), unit, how)
    for place, part in enumerate((own, "mix")):
        total = float(effects[:, place].sum()) if effects is not None else math.nan
        yield Figure(metric, period.label, dimension(part=part), total, unit, how)
        if effects is not None:
            for name, row in zip(segments, effects, strict=True):
                pairs = dimension(**{key: name, "part": part})
                yield Figure(metric, period.label, pairs, float(row[place]), unit, how)
