"""The closed logic: problem -> strategy -> action -> resources. What hangs in the air is listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opsbook.domain.language import Text
from opsbook.plan.actions import is_open
from opsbook.plan.shared_tables import Filled, metric_of, title_of

if TYPE_CHECKING:
    from opsbook.plan.problem_answers import AnsweredProblem
    from opsbook.plan.target_setting import Targets


@dataclass(frozen=True)
class Orphan:
    """Something without what should follow from it.

    Attributes:
        kind: ``problem``, ``action``, ``budget``, ``target``.
        name: What it is.
        lacks: What is missing, and what to do.
    """

    kind: str
    name: Text
    lacks: Text


_NO_STRATEGY = Text(
    "没有对应策略：在「问题分析」填写策略编号", "no strategy: give its code on the sheet of problems"
)
_NO_ACTION = Text(
    "没有行动：在「季度行动计划」加一行或填写策略编号", "no action: add one to the plan, or give its strategy"
)
_NO_OWNER = Text("没有负责人：填写负责人", "no owner: name one")
_NO_INDICATOR = Text("没有关键指标：填写指标", "no indicator: name one")
_NO_BUDGET_STRATEGY = Text("没有对应策略：填写策略编号", "no strategy: give its code")
_UNKNOWN_STRATEGY = Text(
    "策略编号不存在：改为「策略」表中的编号", "unknown strategy: use a code of the sheet of strategies"
)
_UNKNOWN_BUDGET = Text(
    "预算科目不存在：改为「资源预算」中的科目", "unknown budget line: use one of the budget"
)


def orphans(
    problems: Sequence[AnsweredProblem],
    targets: Targets,
    actions: Filled,
    budget: Filled,
    codes: Sequence[str],
) -> list[Orphan]:
    """Return everything without what should follow from it, problems first.

    Args:
        problems: What was found.
        targets: What is to be reached.
        actions: The plan.
        budget: Its lines.
        codes: Of the strategies that there are.
    """
    return [
        *_of_problems(problems, actions, codes),
        *_of_targets(targets, actions),
        *_of_actions(actions, {line.text("code") for line, _ in budget.lines()}, codes),
        *_of_budget(budget, codes),
    ]


def _of_problems(
    problems: Sequence[AnsweredProblem], actions: Filled, codes: Sequence[str]
) -> Iterator[Orphan]:
    answered = {line.text("strategy") for line, _ in actions.lines() if line.text("task")}
    for each in problems:
        if not each.strategy:
            yield Orphan("problem", each.title, _NO_STRATEGY)
        elif each.strategy not in codes:
            yield Orphan("problem", each.title, _UNKNOWN_STRATEGY)
        elif each.strategy not in answered:
            yield Orphan("problem", each.title, _NO_ACTION)


def _of_targets(targets: Targets, actions: Filled) -> Iterator[Orphan]:
    indicators = {metric_of(line.text("indicator")) for line, _ in actions.lines()}
    for metric in dict.fromkeys(each.metric for each in targets.lines if each.metric):
        if metric not in indicators:
            yield Orphan("target", Text(title_of(metric, "zh"), title_of(metric, "en")), _NO_ACTION)


def _of_actions(actions: Filled, lines: set[str], codes: Sequence[str]) -> Iterator[Orphan]:
    for line, live in actions.lines():
        if not line.text("task") or not is_open(line):
            continue
        name = f"{live['code']} {line.text('task')}"
        for missing, lacks in (
            (not line.text("owner"), _NO_OWNER),
            (not line.text("indicator"), _NO_INDICATOR),
            (bool(line.text("strategy")) and line.text("strategy") not in codes, _UNKNOWN_STRATEGY),
            (bool(line.text("budget")) and line.text("budget") not in lines, _UNKNOWN_BUDGET),
        ):
            if missing:
                yield Orphan("action", Text(name, name), lacks)


def _of_budget(budget: Filled, codes: Sequence[str]) -> Iterator[Orphan]:
    for line, _ in budget.lines():
        name = Text(*(f"{line.text('code')} {line.text('line')}".strip(),) * 2)
        if not line.text("strategy"):
            yield Orphan("budget", name, _NO_BUDGET_STRATEGY)
        elif line.text("strategy") not in codes:
            yield Orphan("budget", name, _UNKNOWN_STRATEGY)


def counted(orphans: Sequence[Orphan]) -> Mapping[str, int]:
    """Return how many there are of each kind."""
    found: dict[str, int] = {}
    for each in orphans:
        found[each.kind] = found.get(each.kind, 0) + 1
    return found
