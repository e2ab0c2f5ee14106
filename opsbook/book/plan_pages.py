"""The sheets of strategies, actions, risks and resources."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from opsbook.book import layout_actions, layout_resources, layout_risks, layout_strategy, shared
from opsbook.book.model import Ref
from opsbook.book.targets_page import plan_head
from opsbook.book.words import word
from opsbook.functions.customers import payback_months
from opsbook.plan import actions, resources, risks, strategy
from opsbook.plan.row_merge import State
from opsbook.plan.shared_tables import of_year
from opsbook.plan.table_declarations import tables

if TYPE_CHECKING:
    from opsbook.book.cells import Candidate, Grid
    from opsbook.book.page import Page
    from opsbook.params import Settings
    from opsbook.plan.row_merge import Settled

_MONTHS_OF_YEAR = 12


def plan_pages(page: Page, settings: Settings, *, demo: bool) -> None:
    """Write every block of these sheets."""
    for sheet, width in (
        ("strategy", layout_strategy.WIDTH),
        ("actions", layout_actions.WIDTH),
        ("risks", layout_risks.WIDTH),
        ("resources", layout_resources.WIDTH),
    ):
        plan_head(page, sheet, settings, demo=demo, width=width)
    _table(page, strategy.BLOCK, ("attainment", "{0}/{1}", ("now", "target")))
    for part in layout_strategy.PARTS:
        _table(page, f"strategy.{part}")
    _summary(page)
    _orphans(page)
    _table(page, actions.BLOCK, ("attainment", "{0}/{1}", ("actual", "target")))
    _table(page, risks.LIST, ("score", "{0}*{1}", ("probability", "impact")))
    _matrix(page)
    _table(page, risks.RULES)
    _table(page, risks.SUPPLIERS)
    _totals(page)
    _returns(page)
    _table(
        page,
        resources.BUDGET,
        *(
            (column, f'{function}({{0}},{{1}},"{kind}")', ("actual", "planned"))
            for column, function in (("variance", "BUDGET_VAR"), ("rate", "BUDGET_VAR_PCT"))
            for kind in ("cost", "revenue")
        ),
    )
    _table(page, resources.PEOPLE)
    _table(page, resources.TRAINING)
    _table(page, resources.SPENT)
    for block, total in ((resources.BUDGET, "year"), (resources.SPENT, "total")):
        _sums(page, block, total)


Way = tuple[str, str, tuple[str, str]]


def _table(page: Page, block: str, *ways: Way) -> None:
    """Write a shared table; the named columns as formulas over others of the line, where these give the figure."""
    filled, table = page.plan.tables[block], tables()[block]
    grid = shared.write(page.sheets, table, filled.agreed, page.language, filled.live)
    for column in dict.fromkeys(way[0] for way in ways):
        at = table.at(column)
        for row, _ in _used(page, block):
            candidates: list[Candidate] = [
                (formula, tuple(Ref(block, row, table.at(name)) for name in names))
                for of, formula, names in ways
                if of == column
            ]
            _derive(page, grid, row, at, candidates)


def _sums(page: Page, block: str, total: str) -> None:
    """Write the total of the months as a formula."""
    table = tables()[block]
    first = table.at(resources.MONTHS[0])
    for row, _ in _used(page, block):
        run = Ref(block, row, first, 1, _MONTHS_OF_YEAR)
        _derive(page, page.sheets.grids[block], row, table.at(total), [("SUM({0})", (run,))])


def _derive(page: Page, grid: Grid, row: int, column: int, ways: list[Candidate]) -> None:
    cell = grid.cells[row][column]
    if isinstance(cell.value, float):
        usable = [
            way for way in ways if not any(math.isnan(n) for ref in way[1][:2] for n in _ends(page, ref))
        ]
        grid.derive(row, column, cell.value, cell.style, page.sheets, *usable)


def _ends(page: Page, ref: Ref) -> list[float]:
    """Return the numbers of a reference that must be there: all of a cell, none of a run with gaps."""
    return page.sheets.numbers(ref) if ref.columns == 1 else []


def _used(page: Page, block: str) -> list[tuple[int, Settled]]:
    """Return the lines in use with their rows."""
    lines = page.plan.tables[block].agreed.lines
    return [(row, line) for row, line in enumerate(lines, start=1) if line.state is not State.FREE]


def _summary(page: Page) -> None:
    grid = page.sheets.grid("actions.summary", 5, layout_actions.SUMMARY_WIDTH)
    places = layout_actions.SUMMARY_COLUMNS
    for at, heading in zip(places, word("summary_heads", page.language).split("|"), strict=True):
        grid.put(0, at, heading, "headnum" if at == places[4] else "headnote" if at > places[1] else "head")
    for number in range(1, 5):
        told = actions.summary(page.plan.tables[actions.BLOCK], number, page.language)
        cells = (
            f"Q{number}",
            told["tasks"],
            told["indicators"],
            told["resources"],
            told["cost"],
            told["done"],
        )
        looks = ("name", "wrap", "wrap.indent", "wrap.indent", "strong.money", "text.indent")
        for at, value, look in zip(places, cells, looks, strict=True):
            grid.put(number, at, value, look)


def _orphans(page: Page) -> None:
    language = page.language
    _, named, last, *_ = layout_actions.SUMMARY_COLUMNS
    grid = page.sheets.grid("actions.orphans", layout_actions.ORPHANS, last + 1)
    kinds = dict(
        zip(("problem", "target", "action", "budget"), word("orphan_kinds", language).split("|"), strict=True)
    )
    found = page.plan.orphans
    shown = found if len(found) <= layout_actions.ORPHANS else found[: layout_actions.ORPHANS - 1]
    looks = ("note", "textline", "note.indent")
    for row in range(layout_actions.ORPHANS):
        for column, look in zip((0, named, last), looks, strict=True):
            grid.put(row, column, None, look)
    for row, orphan in enumerate(shown):
        cells = (kinds[orphan.kind], orphan.name[language], orphan.lacks[language])
        for column, cell, look in zip((0, named, last), cells, looks, strict=True):
            grid.put(row, column, cell, look)
    if len(found) > len(shown):
        grid.put(len(shown), 0, word("orphans_more", language, count=len(found) - len(shown)), "note")
    if not found and page.plan.year:
        grid.put(0, 0, word("orphans_none", language), "note")


def _matrix(page: Page) -> None:
    """Write the square of probability and impact with the codes of the risks."""
    grid = page.sheets.grid("risks.matrix", 1 + risks.SCALE, 1 + risks.SCALE)
    for number in range(1, risks.SCALE + 1):
        grid.put(0, number, word("probability", page.language, number=number), "axistop")
    square = risks.matrix(page.plan.tables[risks.LIST])
    for row, cells in enumerate(square, start=1):
        severe = risks.SCALE + 1 - row
        grid.put(row, 0, word("impact", page.language, number=severe), "axis")
        for column, codes in enumerate(cells, start=1):
            grid.put(row, column, codes, f"risk{risks.level(float(severe * column))}")


def _totals(page: Page) -> None:
    totals = page.plan.totals
    values = (
        totals.year,
        totals.planned,
        totals.actual,
        totals.variance,
        totals.forecast,
        totals.people,
        totals.training,
        totals.actions,
    )
    looks = ("strong.big", "prior.big", "strong.big", "growth.signed.higher", *("value.big",) * 4)
    _row(page, "resources.totals", "totals_heads", page.plan.year, values, looks)


def _returns(page: Page) -> None:
    """Write what the ads of the plan's year returned; as long as it has not begun, of the year before."""
    review, year = page.review, page.plan.year
    metrics = ("ad_cost", "ad_roas", "ad_roi", "ta_amount")
    of = year if year and of_year(review, "ad_cost", year).defined else year - 1
    values = [of_year(review, metric, of).value if year else math.nan for metric in metrics]
    cost, roi = values[0], values[2]
    months = sum(review.get("ad_cost", f"{of}-{number:02d}").defined for number in range(1, 13))
    monthly = cost * (1 + roi) / months if months else math.nan
    values.append(float(payback_months(cost, monthly)))
    looks = ("strong.big", "strong.times", "strong.pct1", "strong.big", "strong.mean")
    _row(page, "resources.returns", "returns_heads", of if year else 0, tuple(values), looks)


def _row(  # noqa: PLR0917 - only called above
    page: Page, block: str, heads: str, year: int, values: tuple[float, ...], looks: tuple[str, ...]
) -> None:
    grid = page.sheets.grid(block, 2, 1 + len(values))
    year_heading, *headings = word(heads, page.language).split("|")
    grid.put(0, 0, year_heading, "head")
    grid.put(1, 0, f"{year}" if year else None, "name")
    for at, (heading, value, look) in enumerate(zip(headings, values, looks, strict=True), start=1):
        grid.put(0, at, heading, "headnum")
        grid.put(1, at, None if math.isnan(value) else value, look)
