"""The quarterly action plan: filled from targets, problems and strategies; what people change and add is theirs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from opsbook.domain.language import Language
from opsbook.plan.row_merge import Content, LineState, Settled, Standing, Wanted, settle
from opsbook.plan.shared_tables import (
    NAN,
    Filled,
    declared,
    joint,
    metric_of,
    plain,
    reached,
    text,
    title_of,
    unit_of,
)
from opsbook.plan.table_declarations import tables

if TYPE_CHECKING:
    from opsbook.metrics.review import Review
    from opsbook.plan.problem_answers import AnsweredProblem
    from opsbook.plan.target_setting import Targets

BLOCK = "actions.list"
MOST_FOR_PROBLEMS = 6
MOST_TOLD = 6  # tasks and resources of a quarter in the summary
FULL, AHEAD = "■", "□"
DONE, DROPPED = 2, 4  # of the choices of a state


def actions(
    review: Review,
    standing: Mapping[str, Standing],
    year: int,
    language: Language,
    *,
    targets: Targets,
    problems: Sequence[AnsweredProblem],
) -> Filled:
    """Return the table of the actions.

    Args:
        review: What was reached.
        standing: The workbook's tables.
        year: The plan's; 0 as long as it is not known.
        language: Of the workbook.
        targets: Quarter targets of the metrics.
        problems: What the rules found, gravest first.
    """
    table = tables()[BLOCK]
    wanted = [
        *(
            _declared(key, entry, year, language, targets, problems)
            for key, entry in declared("actions").items()
        ),
        *(_for_problem(each, year, language, targets) for each in problems[:MOST_FOR_PROBLEMS]),
    ]
    agreed = settle(table, standing.get(BLOCK, Standing()), wanted)
    live = {
        line.key: _live(line, number, review, year, language)
        for number, line in enumerate(agreed.used, start=1)
    }
    return Filled(agreed, live)


def _declared(  # noqa: PLR0917 - only called above
    key: str,
    entry: dict[str, Any],
    year: int,
    language: Language,
    targets: Targets,
    problems: Sequence[AnsweredProblem],
) -> Wanted:
    answered = [each.title[language] for each in problems if each.strategy == entry["strategy"]]
    metric, number = entry["indicator"], int(entry["quarter"])
    return Wanted(
        key,
        {
            "quarter": f"Q{number}",
            "task": text(entry["task"], language),
            "why": joint(answered[:2], language),
            "strategy": entry["strategy"],
            "indicator": title_of(metric, language),
            "target": plain(targets.quarter(metric, number).target),
            "resources": text(entry["resources"], language),
            "budget": entry["budget"],
            "start": _day(year, entry["start"]),
            "due": _day(year, entry["due"]),
        },
    )


def _for_problem(found: AnsweredProblem, year: int, language: Language, targets: Targets) -> Wanted:
    return Wanted(
        f"problem/{found.id}",
        {
            "quarter": "Q1",
            "task": found.task[language],
            "why": found.title[language],
            "strategy": found.strategy or None,
            "indicator": title_of(found.indicator, language),
            "target": plain(targets.quarter(found.indicator, 1).target),
            "resources": None,
            "budget": found.budget or None,
            "start": _day(year, "01-15"),
            "due": _day(year, "03-31"),
        },
    )


def _day(year: int, month_day: str) -> date | None:
    return date.fromisoformat(f"{year}-{month_day}") if year else None


def _live(line: Settled, number: int, review: Review, year: int, language: Language) -> dict[str, Content]:
    metric = metric_of(line.text("indicator"))
    of_quarter = quarter_of(line)
    actual = review.get(metric, f"{year}-Q{of_quarter}").value if metric and year and of_quarter else NAN
    target = line.number("target")
    attained = reached(metric, actual, NAN if target is None else target) if metric else NAN
    return {
        "code": f"A{number:02d}",
        "unit": unit_of(metric) or None,
        "actual": plain(actual),
        "attainment": plain(attained),
        "hint": joint(_hints(line, review, year, language), language),
        **_bar(line, year),
    }


def quarter_of(line: Settled) -> int:
    """Return the quarter (1-4) of an action, 0 where none is named."""
    told = line.text("quarter").upper().removeprefix("Q")
    return int(told) if told in ("1", "2", "3", "4") else 0


def is_open(line: Settled) -> bool:
    """Whether an action is neither done nor dropped."""
    return tables()[BLOCK].column("state").choice(line.text("state")) not in (DONE, DROPPED)


_HINTS = {
    "gone": ("来源已消失", "source is gone"),
    "stale": ("建议已变，请核对", "suggestion changed"),
    "late": ("已逾期", "overdue"),
    "order": ("截止早于开始", "due before start"),
}


def _hints(line: Settled, review: Review, year: int, language: Language) -> Iterator[str]:
    told = 0 if language == "zh" else 1
    if line.state is LineState.GONE:
        yield _HINTS["gone"][told]
    if line.stale:
        columns = tables()[BLOCK]
        names = "、".join(columns.column(each).title[language] for each in sorted(line.stale, key=columns.at))
        yield (
            f"{_HINTS['stale'][told]}（{names}）"
            if language == "zh"
            else f"{_HINTS['stale'][told]} ({names})"
        )
    start, due = line.day("start"), line.day("due")
    if start and due and due < start:
        yield _HINTS["order"][told]
    if due and review.as_of and review.as_of > due and year and is_open(line):
        yield _HINTS["late"][told]


def _bar(line: Settled, year: int) -> dict[str, Content]:
    """Return the twelve months of the strip: done in full, ahead in light."""
    start, due = line.day("start"), line.day("due")
    found: dict[str, Content] = {f"m{month}": None for month in range(1, 13)}
    if not (year and start and due) or due < start or due.year < year or start.year > year:
        return found
    first = start.month if start.year == year else 1
    last = due.month if due.year == year else 12
    progress = line.number("progress") or 0.0
    whole = max((due - start).days, 1)
    until = start + timedelta(days=round(whole * min(progress, 1.0)))
    for month in range(first, last + 1):
        begun = progress > 0 and (date(year, month, 1) < until or progress >= 1)
        found[f"m{month}"] = FULL if begun else AHEAD
    return found


def by_strategy(filled: Filled) -> dict[str, list[str]]:
    """Return the codes of the actions by the strategy they belong to."""
    found: dict[str, list[str]] = {}
    for line, live in filled.lines():
        if line.text("strategy"):
            found.setdefault(line.text("strategy"), []).append(str(live["code"]))
    return found


def summary(filled: Filled, number: int, language: Language) -> dict[str, Content]:
    """Return a quarter in one line: tasks, indicators with attainment, resources, cost, state.

    Args:
        filled: The table.
        number: Quarter, 1-4.
        language: Of the workbook.
    """
    chosen = [(line, live) for line, live in filled.lines() if quarter_of(line) == number]
    indicators = []
    for line, live in chosen:
        shown = line.text("indicator")
        attained = live.get("attainment")
        if shown:
            indicators.append(f"{shown} {attained:.0%}" if isinstance(attained, float) else shown)
    costs = [cost for line, _ in chosen if (cost := line.number("cost")) is not None]
    done = sum(not is_open(line) for line, _ in chosen)
    return {
        "tasks": _few([line.text("task") for line, _ in chosen], language),
        "indicators": _few(indicators, language),
        "resources": _few([line.text("resources") for line, _ in chosen], language),
        "cost": math.fsum(costs) if costs else None,
        "done": f"{done}/{len(chosen)}" if chosen else None,
    }


def _few(texts: Sequence[str], language: Language) -> str | None:
    """Return texts in one cell, the first ones only where there are many."""
    every = list(dict.fromkeys(each for each in texts if each))
    more = len(every) - MOST_TOLD
    told = joint(every[:MOST_TOLD], language)
    if more <= 0:
        return told
    return f"{told}……另{more}项" if language == "zh" else f"{told} … {more} more"


def costs(filled: Filled) -> dict[str, float]:
    """Return what the actions cost by budget line, where a cost was typed; CNY."""
    found: dict[str, list[float]] = {}
    for line, _ in filled.lines():
        cost = line.number("cost")
        if cost is not None and line.text("budget"):
            found.setdefault(line.text("budget"), []).append(cost)
    return {code: math.fsum(each) for code, each in found.items()}
