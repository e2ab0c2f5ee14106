"""The four strategies: what each initiative is measured by, where it stands, which problems and actions belong to it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from opsbook.domain.language import Language
from opsbook.plan.row_merge import Content, Standing, Wanted, settle
from opsbook.plan.shared_tables import (
    NAN,
    Filled,
    better_of,
    declared,
    joint,
    of_year,
    plain,
    reached,
    text,
    title_of,
    unit_of,
)
from opsbook.plan.table_declarations import tables

if TYPE_CHECKING:
    from opsbook.metrics.review import Review

BLOCK = "strategy.list"


def initiatives() -> dict[str, dict[str, Any]]:
    """Return the declared initiatives by code."""
    return {key: entry for key, entry in declared("initiatives").items() if key != "groups"}


def codes() -> list[str]:
    """Return the codes of the initiatives in order."""
    return list(initiatives())


def strategies(
    review: Review,
    standing: Mapping[str, Standing],
    year: int,
    language: Language,
    *,
    problems: Mapping[str, Sequence[str]],
    actions: Mapping[str, Sequence[str]],
) -> Filled:
    """Return the table of the initiatives.

    Args:
        review: What was reached.
        standing: The workbook's tables.
        year: The plan's.
        language: Of the workbook.
        problems: Short titles of the problems found, by code of the initiative that answers them.
        actions: Codes of the actions, by code of the initiative they belong to.
    """
    table = tables()[BLOCK]
    base = {code: _base(review, entry, year) for code, entry in initiatives().items()}
    wanted = [
        Wanted(
            code,
            {
                "initiative": text(entry["title"], language),
                "target": plain(_target(entry, base[code])),
            },
        )
        for code, entry in initiatives().items()
    ]
    agreed = settle(table, standing.get(BLOCK, Standing()), wanted)
    live: dict[str, dict[str, Content]] = {}
    own = 0
    for line in agreed.used:
        entry = initiatives().get(line.key, {})
        own += not entry
        metric = str(entry.get("measure", ""))
        code = line.key if entry else f"S5.{own}"
        now = of_year(review, metric, year).value if metric else NAN
        if math.isnan(now):
            now = of_year(review, metric, year - 1).value if metric else NAN
        typed = line.number("typed")
        now = now if typed is None else typed
        target = line.number("target")
        attained = reached(metric, now, NAN if target is None else target, str(entry.get("better", "")))
        live[line.key] = {
            "code": code,
            "measure": title_of(metric, language) or None,
            "unit": unit_of(metric) or None,
            "base": plain(base.get(line.key, NAN)),
            "now": plain(now),
            "attainment": plain(attained),
            "state": _state(attained),
            "problems": joint(problems.get(code, ()), language),
            "actions": " ".join(actions.get(code, ())) or None,
        }
    return Filled(agreed, live)


def _base(review: Review, entry: dict[str, Any], year: int) -> float:
    metric = entry.get("measure")
    return of_year(review, str(metric), year - 1).value if metric and year else NAN


def _target(entry: dict[str, Any], base: float) -> float:
    """Return the suggested target: a declared number, the base where that is better already, or from the base."""
    if "target" in entry:
        fixed = float(entry["target"])
        better = min if better_of(entry["measure"], entry.get("better", "")) == "lower" else max
        return fixed if math.isnan(base) else better(fixed, base)
    if "points" in entry:
        return min(base + float(entry["points"]), 1.0) if not math.isnan(base) else NAN
    return round(base * (1 + float(entry["growth"])), 2) if "growth" in entry else NAN


def _state(attained: float) -> str:
    if math.isnan(attained):
        return "open"
    return "met" if attained >= 1 else "under_way"
