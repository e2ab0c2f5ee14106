"""Words to win and new products on trial: advice and verdicts, never on a small sample, never for a brand's name."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from opsbook.domain.declarations import load
from opsbook.domain.language import Language, Text
from opsbook.domain.sample import Share
from opsbook.domain.verdict import Verdict
from opsbook.functions.ratios import ratio
from opsbook.metrics.judge import Judge
from opsbook.metrics.planning_inputs import MOST_WORDS, Prospects, SearchWord, Trial
from opsbook.params import Settings
from opsbook.plan.shared_tables import plain

if TYPE_CHECKING:
    from opsbook.plan.data_rows import Listed

_LONG = 3  # terms that make a long-tail word
_CLEAR_CAPTURE = 0.5  # own impressions over the TOP10's from which a word is won
_LEAST_SHOWN = 500  # impressions below which a trial tells nothing
_CLEAR_INQUIRIES = 3  # a product with so many passes whatever its click rate is


@cache
def _brands() -> frozenset[str]:
    return frozenset(load("opsbook.params", "brands.toml")["words"])


def is_brand(word: str, own: str = "") -> bool:
    """Return whether a search word holds the name of a brand, as a word of its own."""
    names = _brands() | {
        name.strip().casefold() for name in own.replace("，", ",").split(",") if name.strip()
    }
    padded = f" {' '.join(word.casefold().split())} "
    return any(f" {name} " in padded for name in names)


def words(found: Prospects, settings: Settings, language: Language) -> list[Listed]:
    """Return the lines of the words, most promising first."""
    kinds = Text("核心词|长尾词|短词|品牌词", "core|long tail|short|brand")[language].split("|")
    lines: list[Listed] = []
    for word in sorted(found.words, key=lambda each: -_worth(each))[:MOST_WORDS]:
        brand = is_brand(word.word, settings.brand_words)
        terms = len(word.word.split())
        kind = 3 if brand else 0 if word.core else 1 if terms >= _LONG else 2
        lines.append(
            (
                word.word,
                {
                    "word": word.word,
                    "kind": kinds[kind],
                    "terms": float(terms),
                    "index": plain(word.index),
                    "competition": plain(word.competition),
                    "impressions": plain(word.impressions),
                    "top10": plain(word.top10),
                    "capture": plain(word.capture),
                    "advice": _advice(word, brand=brand),
                },
            )
        )
    return lines


def _worth(word: SearchWord) -> float:
    """Return how much a word promises: sought much, by few sellers, and not yet won."""
    index = 0.0 if math.isnan(word.index) else word.index
    rivals = 1.0 if math.isnan(word.competition) else max(word.competition, 1.0)
    won = 0.0 if math.isnan(word.capture) else min(word.capture, 1.0)
    return index * (1.0 - won) / math.sqrt(rivals)


def _advice(word: SearchWord, *, brand: bool) -> str:
    if brand:
        return "forbidden"
    if word.core:
        return "held"
    if math.isnan(word.index):
        return "unknown"
    if len(word.word.split()) == 1:
        return "broad"
    return "won" if word.capture >= _CLEAR_CAPTURE else "advised"


def trials(found: Prospects, settings: Settings) -> list[Listed]:
    """Return the lines of the new products, most shown first."""
    # Held against the click rate of all products on trial together: new ones against new ones.
    clicks, shown = (math.fsum(_known(found.trials, name)) for name in ("clicks", "impressions"))
    rate = float(ratio(clicks, shown))
    return [
        (
            each.product,
            {
                "product": each.name or each.product,
                "listed": each.listed,
                "days": float(each.days),
                "impressions": plain(each.impressions),
                "clicks": plain(each.clicks),
                "inquiries": plain(each.inquiries),
                "rate": plain(float(ratio(each.clicks, each.impressions))),
                "shop": plain(rate),
                "verdict": _gate(each, rate, Judge.of(settings)),
            },
        )
        for each in found.trials
    ]


def _known(trials: Sequence[Trial], name: str) -> Iterator[float]:
    both = [each for each in trials if not (math.isnan(each.clicks) or math.isnan(each.impressions))]
    return (float(getattr(each, name)) for each in both)


def _gate(trial: Trial, rate: float, judge: Judge) -> str:
    """Return the verdict: only where the interval of the click rate leaves out the rate it is held against."""
    if math.isnan(trial.impressions) or math.isnan(trial.clicks) or math.isnan(rate):
        return "unknown"
    if trial.impressions < _LEAST_SHOWN or trial.clicks > trial.impressions:
        return "few"
    said = judge.verdict(Share(trial.clicks, trial.impressions), rate)
    if said is Verdict.UP or trial.inquiries >= _CLEAR_INQUIRIES:
        return "pass"
    return "stop" if said is Verdict.DOWN and not trial.inquiries > 0 else "few"
