"""Problems that ask for an answer: what the rules found, with the initiative that answers each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opsbook.domain.language import Text
from opsbook.metrics.catalogue import metrics
from opsbook.params import Settings
from opsbook.plan.row_merge import Standing
from opsbook.plan.shared_tables import declared
from opsbook.review.problems import Finding, find
from opsbook.review.problems import declared as declared_rules

if TYPE_CHECKING:
    from opsbook.metrics.review import Review


PROBLEMS = "problems.list"


@dataclass(frozen=True)
class AnsweredProblem:
    """A problem that was found.

    Attributes:
        id: Stable from refresh to refresh.
        title: In a few words.
        task: What is to be done about it.
        strategy: Code of the initiative that answers it, as people chose it, else as declared; empty for none.
        indicator: Metric that shows whether the answer helps.
        budget: Budget line.
    """

    id: str
    title: Text
    task: Text
    strategy: str
    indicator: str
    budget: str


def found(review: Review, standing: Mapping[str, Standing], settings: Settings) -> list[AnsweredProblem]:
    """Return the problems that were found by the limits of the settings, those with the most money first."""
    if not review.figures:
        return []
    chosen = _chosen(standing)
    answers = declared("answers")
    problems = [
        each
        for rule in declared_rules()
        if rule in answers
        for each in find(rule, review, settings)
        if each.state is Finding.FOUND
    ]
    problems.sort(key=lambda each: -each.money if each.money > 0 else 0)
    return [
        AnsweredProblem(
            each.id,
            _named(answers[each.rule]["title"], each.name),
            _named(answers[each.rule]["task"], each.name),
            chosen.get(each.id, each.strategy),
            _indicator(each.id, answers[each.rule]["indicator"]),
            answers[each.rule]["budget"],
        )
        for each in problems
    ]


def _indicator(problem: str, declared: str) -> str:
    """Return the metric that a problem is about, else the one that is declared for its rule."""
    about = problem.partition("/")[2]
    return about if about in metrics() else declared


def _named(entry: Mapping[str, str], name: Text) -> Text:
    return Text(entry["zh"].format(name=name.zh), entry["en"].format(name=name.en))


def _chosen(standing: Mapping[str, Standing]) -> dict[str, str]:
    """Return the initiative that stands beside each problem on the sheet of problems, by the problem's key."""
    return {
        line.key: str(line.cells.get("strategy") or "").strip()
        for line in standing.get(PROBLEMS, Standing()).lines
        if line.key
    }


def by_strategy(problems: list[AnsweredProblem], language: str) -> dict[str, list[str]]:
    """Return the titles of the problems by the code of the initiative that answers them."""
    found_by: dict[str, list[str]] = {}
    for each in problems:
        if each.strategy:
            found_by.setdefault(each.strategy, []).append(
                each.title.zh if language == "zh" else each.title.en
            )
    return found_by
