"""From the review to the annual plan: targets, and what is to be done for them. Pure, as the review is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from opsbook.metrics.figures import Figure
from opsbook.metrics.planning_inputs import Prospects
from opsbook.params import Settings
from opsbook.plan import (
    actions,
    completeness,
    problem_answers,
    resources,
    risks,
    strategy,
    strategy_choices,
    target_setting,
    tracks,
)
from opsbook.plan.completeness import Orphan
from opsbook.plan.resources import Totals
from opsbook.plan.row_merge import Standing
from opsbook.plan.shared_tables import Filled
from opsbook.plan.target_setting import Targets

if TYPE_CHECKING:
    from opsbook.metrics.review import Review


@dataclass(frozen=True)
class Plan:
    """Everything the plan sheets are filled from.

    Attributes:
        year: The year that is planned; 0 as long as there are no data and none was set.
        targets: What is to be reached.
        tables: Strategies, actions, risks and resources, by block.
        totals: Of the budget.
        orphans: What lacks an answer, an owner or a link.
        figures: Every figure of the plan, for `opsbook values`.
    """

    year: int = 0
    targets: Targets = field(default_factory=Targets)
    tables: Mapping[str, Filled] = field(default_factory=dict)
    totals: Totals = field(default_factory=Totals)
    orphans: tuple[Orphan, ...] = ()
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
    language = settings.language
    of_targets = target_setting.find(review, settings, standing, year)
    problems = problem_answers.found(review, standing, settings)
    of_actions = actions.actions(review, standing, year, language, targets=of_targets, problems=problems)
    of_strategies = strategy.strategies(
        review,
        standing,
        year,
        language,
        problems=problem_answers.by_strategy(problems, language),
        actions=actions.by_strategy(of_actions),
    )
    of_resources = resources.resources(
        review,
        standing,
        year,
        language,
        growth=of_targets.growth("ta_amount"),
        costs=actions.costs(of_actions),
    )
    of_choices = strategy_choices.choices(review, standing, year, settings)
    of_risks = risks.risks(review, standing, year, language)
    return Plan(
        year=year,
        targets=of_targets,
        tables={
            actions.BLOCK: of_actions,
            strategy.BLOCK: of_strategies,
            **of_choices,
            **of_risks,
            **of_resources.tables,
        },
        totals=of_resources.totals,
        orphans=tuple(
            completeness.orphans(
                problems,
                of_targets,
                of_actions,
                of_resources.tables[resources.BUDGET],
                [str(live["code"]) for _, live in of_strategies.lines()],
            )
        )
        if year
        else (),
        figures=(
            *of_targets.figures,
            *of_resources.figures,
            *(
                tracks.figures(
                    of_choices[tracks.BLOCK], review.prospects or Prospects(), settings, review.year
                )
                if review.year
                else ()
            ),
            *(risks.figures(of_risks[risks.LIST], year) if year else ()),
        ),
    )
