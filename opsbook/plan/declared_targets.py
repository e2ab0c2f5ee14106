"""Which targets are suggested, how each grows and adds up, and what it does for the money: declared/targets.toml."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from statistics import median
from typing import TYPE_CHECKING, Any

from opsbook.domain.declarations import load
from opsbook.domain.language import Text
from opsbook.metrics.catalogue import metrics

if TYPE_CHECKING:
    from opsbook.plan.actuals import Actuals

SUM, RATE, LEVEL, COUNT = "sum", "rate", "level", "count"


@dataclass(frozen=True)
class Suggestion:
    """A target that is suggested.

    Attributes:
        metric: Id of the catalogue.
        way: How it grows and adds up.
        usual: Change where history says nothing, or where it is not asked.
        serves: What it does for the result in money.
        least: Of a growth from history.
        most: Of a growth from history; NaN where history is not asked.
    """

    metric: str
    way: str
    usual: float
    serves: Text
    least: float = math.nan
    most: float = math.nan

    def change(self, actuals: Actuals, year: int) -> float:
        """Return the change suggested for a year: the median of past growths in whole per cent, kept within bounds."""
        past = [] if math.isnan(self.most) else actuals.growths(year, additive=self.way == SUM)
        if not past:
            return self.usual
        return min(max(round(median(past), 2), self.least), self.most)


def _declared() -> dict[str, Any]:
    return load("opsbook.plan", "declared", "targets.toml")


@cache
def suggestions() -> tuple[Suggestion, ...]:
    """Return every suggested target in the order of the sheet."""
    return tuple(
        Suggestion(key, **{**entry, "serves": Text(**entry["serves"])})
        for key, entry in _declared()["lines"].items()
    )


def way_of(metric: str) -> str:
    """Return how a metric grows and adds up; one that is not declared is never added up."""
    entry = _entry(metric)
    if entry:
        return str(entry["way"])
    return RATE if metric in metrics() and metrics()[metric].unit == "ratio" else LEVEL


def serves(metric: str) -> Text | None:
    """Return what a metric does for the result in money, where that is declared."""
    entry = _entry(metric)
    return Text(**entry["serves"]) if entry else None


def _entry(metric: str) -> dict[str, Any] | None:
    found = _declared()["lines"].get(metric) or _declared()["own"].get(metric)
    return found if isinstance(found, dict) else None


def own_metrics() -> tuple[str, ...]:
    """Return the metrics that people may choose for lines of their own."""
    return tuple(_declared()["own"])


def flow_gap() -> float:
    """Return by how much the money that the traffic carries may miss the target."""
    return float(_declared()["check"]["flow_gap"])
