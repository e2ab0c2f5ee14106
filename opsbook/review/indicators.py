"""Which indicators the review shows, in which order, and how units and reasons read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from opsbook.domain.declarations import load
from opsbook.domain.language import Language
from opsbook.metrics.catalogue import Metric, metrics

CARDS = (
    "visitors",
    "inquiries",
    "tm_buyers",
    "lead_rate",
    "ta_orders",
    "ta_amount",
    "ad_cpc",
    "old_customer_repurchase_rate",
)
"""The headline: cards of the overview, and what the command line says of a year."""


@dataclass(frozen=True)
class Core:
    """A core indicator: one chart, and rows of the quarter and month tables.

    Attributes:
        metric: What it is.
        form: ``column`` or ``line``.
        total: ``sum`` when longer periods are sums of months, ``last`` for a running total, else empty.
        parts: Numerator and denominator when both are core indicators, else empty.
    """

    metric: Metric
    form: str
    total: str
    parts: tuple[str, ...]


def _toml(name: str) -> dict[str, Any]:
    return load("opsbook.review", name)


def _texts() -> dict[str, dict[str, Any]]:
    return _toml("texts.toml")


@cache
def core() -> tuple[Core, ...]:
    """Return the core indicators in the order of tables and charts."""
    return tuple(
        Core(
            metric=metrics()[key],
            form=entry["form"],
            total=entry.get("total", ""),
            parts=tuple(entry.get("parts", ())),
        )
        for key, entry in _toml("indicators.toml").items()
    )


def label(metric: Metric, language: Language) -> str:
    """Return a metric's title with its unit, the unit once only."""
    title, unit = metric.title[language], unit_text(metric.unit, language)
    if not unit or unit in title or "(" in title:
        return title
    return f"{title}（{unit}）" if language == "zh" else f"{title} ({unit})"


def definition(metric: Metric, language: Language) -> str:
    """Return how a metric is computed."""
    return metric.definition[language]


def unit_text(unit: str, language: Language) -> str:
    """Return a unit as people read it; an unknown one as it is."""
    entry = _texts()["unit"].get(unit)
    return str(entry[language]) if entry else unit


def severity_text(severity: str, language: Language) -> str:
    """Return the word for a severity."""
    return str(_texts()["severity"][severity][language])
