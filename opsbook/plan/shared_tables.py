"""A shared table with everything that stands in it after a refresh."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from opsbook.domain.declarations import load
from opsbook.domain.language import Language, Text
from opsbook.functions.targets import attainment
from opsbook.metrics.catalogue import metrics
from opsbook.metrics.figures import Figure

if TYPE_CHECKING:
    from opsbook.metrics.review import Review
    from opsbook.plan.row_merge import Agreed, Content, Settled

NAN = math.nan
_UNITS = {"ratio": "%", "USD": "US$", "CNY": "¥"}


@dataclass(frozen=True)
class Filled:
    """A shared table.

    Attributes:
        agreed: Its lines.
        live: Content of Refresh's own columns by key of the line and by column; of a column of judgement the key of
            the word.
    """

    agreed: Agreed
    live: Mapping[str, Mapping[str, Content]] = field(default_factory=dict)

    def lines(self) -> Iterator[tuple[Settled, Mapping[str, Content]]]:
        """Yield the lines that are in use, each with Refresh's own cells."""
        for line in self.agreed.used:
            yield line, self.live.get(line.key, {})


def declared(name: str) -> dict[str, Any]:
    """Return one of the declared lists of this room."""
    return load("opsbook.plan", "declared", f"{name}.toml")


def text(entry: Mapping[str, str], language: Language) -> str:
    """Return a declared text in a language."""
    return Text(entry["zh"], entry["en"])[language]


def joint(texts: Iterable[str], language: Language) -> str | None:
    """Return texts in one cell, each once; None where there is none."""
    return ("；" if language == "zh" else "; ").join(dict.fromkeys(each for each in texts if each)) or None


def metric_of(told: str) -> str:
    """Return the metric that a cell names by its title in any language or its id; empty for none."""
    wanted = told.strip().casefold()
    for key, metric in metrics().items():
        if wanted in (key.casefold(), metric.title.zh.casefold(), metric.title.en.casefold()):
            return key
    return ""


def title_of(metric: str, language: Language) -> str:
    """Return a metric's title; empty for one that is not in the catalogue."""
    return metrics()[metric].title[language] if metric in metrics() else ""


def unit_of(metric: str) -> str:
    """Return how the values of a metric are to be shown: ``%``, ``US$``, ``¥`` or nothing for plain numbers."""
    return _UNITS.get(metrics()[metric].unit, "") if metric in metrics() else ""


def of_year(review: Review, metric: str, year: int, dimension: str = "") -> Figure:
    """Return the figure of a year, or the newest of a shorter period inside it where there is none of the year."""
    whole = review.get(metric, str(year), dimension)
    if whole.defined:
        return whole
    inside = [
        figure
        for (of, period, where), figure in review.figures.items()
        if of == metric and where == dimension and period.startswith(f"{year}-") and figure.defined
    ]
    return max(inside, key=lambda figure: figure.period, default=whole)


def reached(metric: str, actual: float, target: float, better: str = "") -> float:
    """Return how much of a target is reached; NaN where either is not known."""
    return float(attainment(actual, target, better_of(metric, better) == "lower"))


def better_of(metric: str, declared: str = "") -> str:
    """Return ``higher``, ``lower`` or ``none``: as declared, else as the metric says; empty where nothing tells."""
    return declared or (metrics()[metric].better if metric in metrics() else "")


def plain(value: float) -> float | None:
    """Return a figure for a cell; None for one that is not defined."""
    return None if math.isnan(value) else value
