"""What the Verified Supplier certification changed: six months before against six after, with the season taken out.

The season is what the peers changed in the same months; where they are not known, what the store itself changed in the
same months of the year before. Without either there is no effect to tell, only two means.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from opsbook.domain.basis import Basis, Kind
from opsbook.domain.verdict import Verdict
from opsbook.functions.drivers import effect_lift
from opsbook.functions.growth import change, point_change
from opsbook.metrics.figures import Figure
from opsbook.metrics.judge import Judge
from opsbook.metrics.measure import dimension
from opsbook.periods import Grain, Period, containing

if TYPE_CHECKING:
    import pandas as pd

    from opsbook.metrics.monthly import Values

SPAN, LEAST = 6, 3  # months on each side; fewer than LEAST say nothing
UNITS = {"visitors": "persons", "lead_rate": "ratio", "ta_amount": "USD"}
METRICS = tuple(UNITS)
_SAID = {Verdict.TOO_FEW: Kind.NOT_PROVEN, Verdict.UNJUDGED: Kind.NOT_JUDGED}
Sides = tuple[list[Period], list[Period]]


def certified_on(status: pd.DataFrame) -> date | None:
    """Return the day of certification as last written down."""
    known = status[status["certified_on"].notna()].sort_values("_end", kind="stable")
    return known["certified_on"].iloc[-1].date() if len(known) else None


def effect(
    day: date, own: Mapping[str, Values], peers: Mapping[str, Values], as_of: date, judge: Judge
) -> Iterator[Figure]:
    """Yield means before and after, own change, what the season changed, and the difference of the two.

    Args:
        day: Of certification; its own month counts on neither side.
        own: ``visitors``, ``lead_rate``, ``ta_amount`` by month.
        peers: The peers' average of the same, where known.
        as_of: Last day of the data.
        judge: Says whether the difference is more than the months differ by chance.
    """
    event = containing(day, Grain.MONTH)
    sides = _months(event, -1), [when for when in _months(event, 1) if when.end <= as_of]
    for metric, unit in UNITS.items():
        pairs, points = dimension(metric=metric), unit == "ratio"
        values = _known(own.get(metric, {}))
        means = [_mean(values, side) for side in sides]
        counts = [len([when for when in side if when in values]) for side in sides]
        basis = Basis.of(Kind.MONTHS_BEFORE, counts[0]).plus(Kind.MONTHS_AFTER, counts[1])
        enough = min(counts) >= LEAST
        value = _change(means[0], means[1], points=points) if enough else math.nan
        told = basis if enough else Basis.of(Kind.TOO_FEW) + basis
        yield Figure("verified_supplier_effect", event.label, pairs, value, "ratio", told)
        for suffix, mean, count in (("before", means[0], counts[0]), ("after", means[1], counts[1])):
            how = Basis.of(Kind.MEAN_OF_MONTHS, count) if count else Basis.of(Kind.NO_SOURCE)
            yield Figure(f"verified_supplier_effect.{suffix}", event.label, pairs, mean, unit, how)
        season = _season(values, _known(peers.get(metric, {})), sides) if enough else None
        yield from _net(event.label, pairs, (means[0], means[1]), season, judge, points=points)


@dataclass(frozen=True)
class _Season:
    """What the months would have been without the certification, as far as they tell.

    Attributes:
        basis: Where it is from.
        means: Of the months before, and after.
        own: Own value and that of the season of each month, before and after.
    """

    basis: Basis
    means: tuple[float, float]
    own: tuple[list[tuple[float, float]], list[tuple[float, float]]]


def _season(values: Mapping[Period, float], peers: Mapping[Period, float], sides: Sides) -> _Season | None:
    """Return the season by the peers, else by the store's own year before; None where neither is known."""
    before = {when: values[when.year_before] for side in sides for when in side if when.year_before in values}
    by_peers = Basis.of(Kind.DIFFERENCE_IN_DIFFERENCES)
    for basis, known in ((by_peers, peers), (by_peers.plus(Kind.OWN_YEAR_BEFORE), before)):
        own = tuple(
            [(values[when], known[when]) for when in side if when in known and when in values]
            for side in sides
        )
        if min(len(side) for side in own) >= LEAST:
            means = tuple(math.fsum(theirs for _, theirs in side) / len(side) for side in own)
            return _Season(basis, (means[0], means[1]), (own[0], own[1]))
    return None


def _net(
    period: str,
    pairs: str,
    means: tuple[float, float],
    season: _Season | None,
    judge: Judge,
    *,
    points: bool,
) -> Iterator[Figure]:
    control = net = math.nan
    basis, said = Basis.of(Kind.SEASON_UNKNOWN), Verdict.UNJUDGED
    if season:
        control = _change(*season.means, points=points)
        net = _change(*means, points=True) - control if points else float(effect_lift(*means, *season.means))
        said = _judged(season, judge, points=points)
        basis = season.basis.plus(_SAID.get(said, Kind.PROVEN))
    yield Figure("verified_supplier_effect.control", period, pairs, control, "ratio", basis)
    yield Figure("verified_supplier_effect.net", period, pairs, net, "ratio", basis, verdict=said)


def _judged(season: _Season, judge: Judge, *, points: bool) -> Verdict:
    """Judge by what the months differ from the season, each by itself: the months are the sample."""
    apart = [
        [
            mine - theirs if points else math.log(mine / theirs)
            for mine, theirs in side
            if points or min(mine, theirs) > 0
        ]
        for side in season.own
    ]
    return judge.between(*apart) if min(len(side) for side in apart) >= LEAST else Verdict.UNJUDGED


def _change(before: float, after: float, *, points: bool) -> float:
    return float(point_change(after, before) if points else change(after, before))


def _months(event: Period, step: int) -> list[Period]:
    found: list[Period] = []
    when = event
    for _ in range(SPAN):
        when = (
            when.previous if step < 0 else containing(date.fromordinal(when.end.toordinal() + 1), Grain.MONTH)
        )
        found.append(when)
    return sorted(found)


def _known(values: Values) -> dict[Period, float]:
    return {when: value for when, (value, _) in values.items() if not math.isnan(value)}


def _mean(values: Mapping[Period, float], months: list[Period]) -> float:
    """Return the mean over the months that have a value."""
    known = [values[when] for when in months if when in values]
    return math.fsum(known) / len(known) if known else math.nan
