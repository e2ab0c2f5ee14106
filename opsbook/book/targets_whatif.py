"""What if: the factors that people change, and beside them what comes of it and what a goal would need."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from opsbook.book import shared
from opsbook.book.model import Ref, Scalar
from opsbook.book.section_table import SectionTable
from opsbook.book.words import word
from opsbook.plan.row_merge import Agreed
from opsbook.plan.table_declarations import tables
from opsbook.plan.whatif import FACTORS, GOAL
from opsbook.sheets.targets_sheet import SOLVED, SOLVED_LINES

if TYPE_CHECKING:
    from opsbook.book.cells import BlockGrid, Candidate
    from opsbook.book.page import ReportPage

WHATIF = "targets.whatif"
_UNITS = {"lead_rate": "%", "lead_order_rate": "%"}


def whatif(page: ReportPage) -> None:
    """Write the factors, each followed by its change, and what comes of them."""
    table, found = tables()[WHATIF], page.plan.targets.whatif
    agreed = page.plan.targets.table(WHATIF)
    live: dict[str, dict[str, Scalar]] = {
        key: {
            "item": word(f"factor_{key}", page.language),
            "unit": _UNITS.get(key, ""),
            "now": found.now.get(key),
        }
        for key in (*FACTORS, GOAL)
    }
    grid = shared.write(page.sheets, table, agreed, page.language, live)
    then: dict[str, Ref] = {}
    for row, line in enumerate(agreed.lines, start=1):
        now = found.now.get(line.key, math.nan)
        if line.key not in (*FACTORS, GOAL):
            continue
        at = table.at("then")
        refs = (grid.ref(row, table.at("now")), grid.ref(row, table.at("change")))
        value = now * (1 + found.changes.get(line.key, 0.0))
        then[line.key] = grid.ref(row, at)
        if not math.isnan(value):
            look = shared.style_of(table.columns[at])
            grid.derive(row, at, value, look, page.sheets, ("{0}*(1+{1})", refs))
    _solved(page, then, _first(grid, agreed))


def _first(grid: BlockGrid, agreed: Agreed) -> Ref | None:
    """Return where the money of now stands."""
    table = tables()[WHATIF]
    rows = (row for row, line in enumerate(agreed.lines, start=1) if line.key == GOAL)
    row = next(rows, None)
    return None if row is None else grid.ref(row, table.at("now"))


def _solved(page: ReportPage, then: dict[str, Ref], now: Ref | None) -> None:
    """Write what comes of the factors (forward), and what the goal needs (backward): formulas of the same cells."""
    found = page.plan.targets.whatif
    table = SectionTable(page.sheets, SOLVED, page.language)
    at = {key: table.ref(SOLVED.line(key), "value") for key in SOLVED.lines}
    solved = found.solved
    factors = [then[key] for key in FACTORS if key in then]
    whole = len(then) == len(FACTORS) + 1

    def way(text: str, *refs: Ref | None) -> Candidate | None:
        return (text, tuple(ref for ref in refs if ref)) if whole and all(refs) else None

    goal = then.get(GOAL)
    lines = {
        "solved_amount": (solved.amount, way("{0}*{1}*{2}*{3}", *factors)),
        "amount_growth": (
            _growth(solved.amount, found.now.get(GOAL, math.nan)),
            way("YOY_GROWTH({0},{1})", at["solved_amount"], now),
        ),
        "goal_orders": (solved.orders, way("{0}/{1}", goal, then.get("order_value"))),
        "goal_leads": (solved.leads, way("{0}/{1}", at["goal_orders"], then.get("lead_order_rate"))),
        "goal_visitors": (solved.visitors, way("{0}/{1}", at["goal_leads"], then.get("lead_rate"))),
        "goal_more": (solved.more, way("MAX({0}-{1},0)", at["goal_visitors"], then.get("visitors"))),
        "goal_cpc": (solved.cpc, None),
        "goal_spend": (solved.spend, way("{0}*{1}", at["goal_more"], at["goal_cpc"])),
        "goal_margin": (found.margin, None),
        "goal_rate": (found.rate, None),
        "goal_even_cpc": (
            solved.even_cpc,
            way("{0}*{1}*{2}*{3}*{4}", *factors[1:], at["goal_margin"], at["goal_rate"]),
        ),
        "goal_even_spend": (solved.even_spend, way("{0}*{1}", at["goal_more"], at["goal_even_cpc"])),
    }
    for row, (key, (label, number)) in enumerate(SOLVED_LINES.items(), start=1):
        value, candidate = lines[key]
        table.format(row, number=number)
        table.put(row, "label", label[page.language])
        table.derive(row, "value", value, candidate)
        table.put(row, "note", _note(page, key, value))


def _growth(value: float, base: float) -> float:
    return (value - base) / base if base else math.nan


def _note(page: ReportPage, key: str, value: float) -> str | None:
    language, found = page.language, page.plan.targets.whatif
    if not page.plan.year:
        return None
    if key == "solved_amount":
        return word("of_months", language, months=found.months)
    if key in ("goal_margin", "goal_rate") and math.isnan(value):
        return word(f"{key}_none", language)
    return word("goal_more_none", language) if key == "goal_more" and value == 0 else None
