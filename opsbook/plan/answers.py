"""Problems that ask for an answer: what the rules found, with the initiative that answers each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opsbook.language import Text
from opsbook.plan.filled import declared
from opsbook.review.problems import declared as declared_rules
from opsbook.review.problems import find

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opsbook.metrics.figures import Review
    from opsbook.plan.lines import Standing


@dataclass(frozen=True)
class Found:
    """A problem that was found.

    Attributes:
        id: Stable from refresh to refresh.
        title: In a few words.
        strategy: Code of the initiative that answers it, as people chose it, else as declared; empty for none.
        indicator: Metric that shows whether the answer helps.
        budget: Budget line.
    """

    id: str
    title: Text
    strategy: str
    indicator: str
    budget: str


def found(review: Review, standing: Mapping[str, Standing]) -> list[Found]:
    """Return the problems that were found, those with the most money first."""
    if not review.figures:
        return []
    chosen = _chosen(standing)
    answers = declared("answers")
    problems = [
        each
        for rule in declared_rules()
        if rule in answers
        for each in find(rule, review)
        if each.state == "found"
    ]
    problems.sort(key=lambda each: -each.money if each.money > 0 else 0)
    return [
        Found(
            each.id,
            Text(*(answers[each.rule]["title"][told].format(name=each.name[told]) for told in ("zh", "en"))),
            chosen.get(each.id, answers[each.rule]["strategy"]),
            answers[each.rule]["indicator"],
            answers[each.rule]["budget"],
        )
        for each in problems
    ]


def _chosen(standing: Mapping[str, Standing]) -> dict[str, str]:
    """Return the initiative that stands beside each problem on the sheet of problems, by the problem's key."""
    return {
        line.key: str(line.cells.get("strategy") or "").strip()
        for block, table in standing.items()
        if block.startswith("problems.")
        for line in table.lines
        if line.key and "strategy" in line.cells
    }


def by_strategy(problems: list[Found], language: str) -> dict[str, list[str]]:
    """Return the titles of the problems by the code of the initiative that answers them."""
    found_by: dict[str, list[str]] = {}
    for each in problems:
        if each.strategy:
            found_by.setdefault(each.strategy, []).append(each.title.zh if language == "zh" else each.title.en)
    return found_by
