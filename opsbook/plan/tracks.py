"""The score of each track: where resources go first, and whether that holds when the weights are others."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from opsbook.domain.basis import Basis, Kind
from opsbook.domain.language import Language, Text
from opsbook.functions.ratios import ratio
from opsbook.functions.risk import weighted_score
from opsbook.metrics.figures import Figure
from opsbook.params import Settings
from opsbook.plan.row_merge import Agreed, Content, Standing, Wanted, settle
from opsbook.plan.shared_tables import NAN, Filled, plain
from opsbook.plan.table_declarations import tables

if TYPE_CHECKING:
    from opsbook.metrics.planning_inputs import Prospects, Track

BLOCK = "strategy.tracks"
_PARTS = ("share", "growth", "rate", "aov", "margin")
_EVEN = 1e-9  # scores this close are one rank
_SWING = 0.5  # by which each weight is moved to see whether the order of the tracks holds

_TRACK_NAMES = {
    "rts": Text("RTS 现货", "RTS, ready to ship"),
    "light": Text("轻定制", "Light customisation"),
    "deep": Text("深度定制", "Deep customisation"),
}


def tracks(
    found: Prospects, standing: Mapping[str, Standing], settings: Settings, language: Language
) -> Filled:
    """Return the table; order rate and margin are the team's, no export tells them by track."""
    agreed = settle(
        tables()[BLOCK], standing.get(BLOCK, Standing()), [Wanted(each.id, {}) for each in found.tracks]
    )
    facts = _facts_of(found, agreed)
    scores = track_scores(facts, weights(settings))
    live: dict[str, dict[str, Content]] = {}
    for number, each in enumerate(found.tracks, start=1):
        low, high = rank_range(facts, weights(settings), each.id)
        live[each.id] = {
            "no": str(number),
            "track": _TRACK_NAMES[each.id][language],
            "range": f"{low}–{high}" if low != high else str(low),
            "rank": float(_rank(scores, each.id)),
            "orders": float(each.orders),
            "share": plain(facts[each.id]["share"]),
            "growth": plain(facts[each.id]["growth"]),
            "aov": plain(facts[each.id]["aov"]),
            "score": plain(scores[each.id]),
        }
    return Filled(agreed, live)


def _facts_of(found: Prospects, agreed: Agreed) -> dict[str, dict[str, float]]:
    """Return what is known of each track, with what the team typed of it."""
    typed = {line.key: line for line in agreed.used}
    every = math.fsum(each.orders for each in found.tracks)
    return {
        each.id: _facts(each, every, *(typed[each.id].number(name) for name in ("rate", "margin")))
        for each in found.tracks
    }


def _facts(track: Track, every: float, rate: float | None, margin: float | None) -> dict[str, float]:
    return {
        "share": float(ratio(track.orders, every)),
        "growth": track.growth,
        "aov": track.aov,
        "rate": NAN if rate is None else rate,
        "margin": NAN if margin is None else margin,
    }


def weights(settings: Settings) -> dict[str, float]:
    """Return the weight of each part of a track's score."""
    return {part: float(getattr(settings, f"track_{part}")) for part in _PARTS}


def track_scores(facts: Mapping[str, Mapping[str, float]], weight: Mapping[str, float]) -> dict[str, float]:
    """Return the score of each track from 0 to 1; NaN where nothing of it is known.

    Each part is normalised from the least (0) to the most (1) of the tracks; equal ones get 1. A part that is not
    known of a track is left out of it with its weight.
    """
    normal: dict[str, dict[str, float]] = {track: {} for track in facts}
    for part in _PARTS:
        values = {track: each[part] for track, each in facts.items() if not math.isnan(each[part])}
        least, most = min(values.values(), default=0.0), max(values.values(), default=0.0)
        for track in facts:
            value = values.get(track, NAN)
            normal[track][part] = (
                1.0 if most == least and track in values else (value - least) / ((most - least) or 1)
            )
    return {
        track: weighted_score([parts[name] for name in _PARTS], [weight[name] for name in _PARTS])
        for track, parts in normal.items()
    }


def _rank(scores: Mapping[str, float], track: str) -> int:
    return 1 + sum(value > scores[track] + _EVEN for value in scores.values())


def rank_range(
    facts: Mapping[str, Mapping[str, float]], weight: Mapping[str, float], track: str
) -> tuple[int, int]:
    """Return the best and the worst rank of a track when each weight in turn is moved up and down by half."""
    ranks = [
        _rank(track_scores(facts, {**weight, part: weight[part] * factor}), track)
        for part in _PARTS
        for factor in (1 - _SWING, 1.0, 1 + _SWING)
    ]
    return min(ranks), max(ranks)


def figures(filled: Filled, found: Prospects, settings: Settings, year: int) -> Iterator[Figure]:
    """Yield the score of each track."""
    facts, weight = _facts_of(found, filled.agreed), weights(settings)
    for line, live in filled.lines():
        score = live.get("score")
        value = score if isinstance(score, float) else NAN
        basis = Basis.of(Kind.TOO_FEW)
        if isinstance(score, float):
            low, high = rank_range(facts, weight, line.key)
            basis = Basis.of(Kind.RANK_HOLDS, low) if low == high else Basis.of(Kind.RANK_MOVES, low, high)
        yield Figure("track_score", str(year), f"track={line.key}", value, "score", basis)
