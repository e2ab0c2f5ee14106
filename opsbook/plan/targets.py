"""The targets of the plan year."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opsbook.metrics.figures import Figure, Review
    from opsbook.params import Settings
    from opsbook.plan.lines import Standing


@dataclass(frozen=True)
class Part:
    """A target of a month, quarter or year beside what was reached; NaN where there is none.

    Attributes:
        target: To be reached.
        actual: Reached so far.
        attainment: Reached / to be reached (the other way round where less is better).
    """

    target: float = math.nan
    actual: float = math.nan
    attainment: float = math.nan


@dataclass(frozen=True)
class Target:
    """A line of the targets.

    Attributes:
        metric: Its id in the catalogue; empty for a metric in a person's own words.
        year: The whole of it.
        quarters: Four parts.
        growth: Against the year before; for rates in points; NaN where it is not known.
        owner: As people wrote it.
    """

    metric: str
    year: Part = Part()
    quarters: tuple[Part, ...] = (Part(),) * 4
    growth: float = math.nan
    owner: str = ""


@dataclass(frozen=True)
class Targets:
    """All targets of the year.

    Attributes:
        lines: In the order of the sheet.
        figures: For `opsbook values`.
    """

    lines: tuple[Target, ...] = ()
    figures: tuple[Figure, ...] = ()

    def of(self, metric: str) -> Target:
        """Return the first target of a metric; one without figures where there is none."""
        return next((each for each in self.lines if each.metric == metric), Target(metric))

    def quarter(self, metric: str, number: int) -> Part:
        """Return the part of a quarter (1-4)."""
        return self.of(metric).quarters[number - 1]

    def growth(self, metric: str) -> float:
        """Return the growth that the target asks for; NaN where there is none."""
        return self.of(metric).growth

    def owner(self, metric: str) -> str:
        """Return who answers for a metric; empty where nobody does yet."""
        return self.of(metric).owner


def find(review: Review, settings: Settings, standing: Mapping[str, Standing], year: int) -> Targets:  # noqa: ARG001
    """Return the targets of a year."""
    return Targets()
