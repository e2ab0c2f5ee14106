"""From the review to the annual plan: targets, and what is to be done for them. Pure, as the review is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from opsbook.plan import targets
from opsbook.plan.targets import Targets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opsbook.metrics.figures import Figure, Review
    from opsbook.params import Settings
    from opsbook.plan.lines import Standing


@dataclass(frozen=True)
class Plan:
    """Everything the plan sheets are filled from.

    Attributes:
        year: The year that is planned; 0 as long as there are no data and none was set.
        targets: What is to be reached.
        figures: Every figure of the plan, for `opsbook values`.
    """

    year: int = 0
    targets: Targets = field(default_factory=Targets)
    figures: tuple[Figure, ...] = ()


def plan(
    review: Review, settings: Settings, standing: Mapping[str, Standing], begun: int | None = None
) -> Plan:
    """Return the annual plan.

    Args:
        review: What was reached.
        settings: Values in force; an empty plan year is the year after the year under review.
        standing: Tables that people and Refresh write together, as they stand in the workbook, by block.
        begun: The year that the workbook's plan is of already: next year's data track it and do not replace it.
    """
    year = settings.plan_year or begun or (review.year + 1 if review.year else 0)
    of_targets = targets.find(review, settings, standing, year)
    return Plan(year, of_targets, of_targets.figures)
