"""The slides as deck.toml declares them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from opsbook.domain.declarations import load
from opsbook.domain.language import Language, Text


@dataclass(frozen=True)
class PartPlan:
    """A part of a slide.

    Attributes:
        part: Name of the function that makes it.
        column: In which column it stands, from 0.
        metrics: That it shows; of a chart of one metric the first with data.
        unless: Another part of the slide: with that one, this one is left out.
    """

    part: str
    column: int
    metrics: tuple[str, ...] = ()
    unless: str = ""


@dataclass(frozen=True)
class SlidePlan:
    """A slide.

    Attributes:
        id: Of the slide.
        requirements: Ids that it answers.
        kicker: What the slide is about, under its title.
        titles: Headlines to choose from, the best first.
        columns: Widths relative to each other.
        parts: In the order of reading.
    """

    id: str
    requirements: tuple[str, ...]
    kicker: Text
    titles: tuple[str, ...]
    columns: tuple[float, ...]
    parts: tuple[PartPlan, ...]


def _declared() -> dict[str, Any]:
    return load("opsbook.share.deck", "deck.toml")


@cache
def slides() -> tuple[SlidePlan, ...]:
    """Return the slides in the order of the talk."""
    return tuple(
        SlidePlan(
            id=entry["id"],
            requirements=tuple(entry["requirements"]),
            kicker=Text(**entry["kicker"]),
            titles=tuple(entry["titles"]),
            columns=tuple(entry["columns"]),
            parts=tuple(
                PartPlan(each["part"], each["column"], tuple(each.get("metrics", ())), each.get("unless", ""))
                for each in entry["parts"]
            ),
        )
        for entry in _declared()["slides"]
    )


@cache
def title_metrics() -> Mapping[str, tuple[str, ...]]:
    """Return the metrics of titles that take the first known one, by the name of the title."""
    return MappingProxyType({key: tuple(names) for key, names in _declared()["titles"].items()})


def word(key: str, language: Language, **facts: object) -> str:
    """Return a word of the deck with its facts filled in."""
    return str(_declared()["words"][key][language]).format(**facts)
