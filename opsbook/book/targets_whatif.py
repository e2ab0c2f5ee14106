"""What if: the factors that people change, and beside them what comes of it and what a goal would need."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from opsbook.book import shared
from opsbook.book.layout_targets import SOLVED
from opsbook.book.words import word
from opsbook.plan.table_declarations import tables
from opsbook.plan.whatif import FACTORS, GOAL

if TYPE_CHECKING:
    from opsbook.book.cells import Candidate, Grid
    from opsbook.book.model import Ref, Scalar
    from opsbook.book.page import Page
    from opsbook.plan.row_merge import Agreed

WHATIF, SOLVED_BLOCK = "targets.whatif", "targets.solved"
LABEL, VALUE, NOTE, WIDTH = 0, 3, 4, 8  # a label takes three columns, a note what is left
_UNITS = {"lead_rate": "%", "lead_order_rate": "%"}


def whatif(page: Page) -> None:
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


def _first(grid: Grid, agreed: Agreed) -> Ref | None:
    """Return where the money of now stands."""
    table = tables()[WHATIF]
    rows = (row for row, line in enumerate(agreed.lines, start=1) if line.key == GOAL)
    row = next(rows, None)
    return None if row is None else grid.ref(row, table.at("now"))


def _solved(page: Page, then: dict[str, Ref], now: Ref | None) -> None:
    """Write what comes of the factors (forward), and what the goal needs (backward): formulas of the same cells."""
    language, found = page.language, page.plan.targets.whatif
    grid = page.sheets.grid(SOLVED_BLOCK, 1 + SOLVED, WIDTH, style="text")
    grid.put(0, LABEL, word("solved", language), "head")
    for column in range(1, WIDTH):
        grid.put(
            0,
            column,
            word("value", language) if column == VALUE else None,
            "headnum" if column == VALUE else "head",
        )
    solved = found.solved
    places = [grid.ref(row, VALUE) for row in range(1 + SOLVED)]
    factors = [then[key] for key in FACTORS if key in then]
    whole = len(then) == len(FACTORS) + 1

    def way(text: str, *refs: Ref | None) -> Candidate | None:
        return (text, tuple(ref for ref in refs if ref)) if whole and all(refs) else None

    goal = then.get(GOAL)
    lines = (
        ("solved_amount", solved.amount, "money", way("{0}*{1}*{2}*{3}", *factors)),
        ("amount_growth", _growth(solved.amount, found.now.get(GOAL, math.nan)), "growth", way("YOY_GROWTH({0},{1})", places[1], now)),
        ("goal_orders", solved.orders, "int", way("{0}/{1}", goal, then.get("order_value"))),
        ("goal_leads", solved.leads, "int", way("{0}/{1}", places[3], then.get("lead_order_rate"))),
        ("goal_visitors", solved.visitors, "int", way("{0}/{1}", places[4], then.get("lead_rate"))),
        ("goal_more", solved.more, "int", way("MAX({0}-{1},0)", places[5], then.get("visitors"))),
        ("goal_cpc", solved.cpc, "money2", None),
        ("goal_spend", solved.spend, "money", way("{0}*{1}", places[6], places[7])),
        ("goal_margin", found.margin, "pct1", None),
        ("goal_rate", found.rate, "exact", None),
        ("goal_even_cpc", solved.even_cpc, "money2", way("{0}*{1}*{2}*{3}*{4}", *factors[1:], *places[9:11])),
        ("goal_even_spend", solved.even_spend, "money", way("{0}*{1}", places[6], places[11])),
    )  # fmt: skip
    for row, (key, value, number, candidate) in enumerate(lines, start=1):
        grid.put(row, LABEL, word(key, language), "text")
        look = f"strong.{number}"
        if math.isnan(value):
            grid.put(row, VALUE, None, look)
        else:
            grid.derive(row, VALUE, value, look, page.sheets, candidate)
        grid.put(row, NOTE, _note(page, key, value), "quietnote")


def _growth(value: float, base: float) -> float:
    return (value - base) / base if base else math.nan


def _note(page: Page, key: str, value: float) -> str | None:
    language, found = page.language, page.plan.targets.whatif
    if not page.plan.year:
        return None
    if key == "solved_amount":
        return word("of_months", language, months=found.months)
    if key in ("goal_margin", "goal_rate") and math.isnan(value):
        return word(f"{key}_none", language)
    return word("goal_more_none", language) if key == "goal_more" and value == 0 else None
