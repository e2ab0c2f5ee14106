"""The sheets of strategies, actions, risks and resources."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from opsbook.book import shared
from opsbook.book.model import Ref
from opsbook.book.section_table import SectionTable
from opsbook.book.sheet_head import sheet_head
from opsbook.book.words import word
from opsbook.functions.customers import payback_months
from opsbook.params import Settings
from opsbook.plan import actions, resources, risks, strategy
from opsbook.plan.row_merge import LineState, Settled
from opsbook.plan.shared_tables import of_year
from opsbook.plan.table_declarations import tables
from opsbook.sheets.actions_sheet import ORPHAN_KINDS, ORPHANS, QUARTERS, SUMMARY
from opsbook.sheets.resources_sheet import RETURNED, RETURNS, TOTALS
from opsbook.sheets.risks_sheet import MATRIX
from opsbook.sheets.strategy_sheet import BELOW

if TYPE_CHECKING:
    from opsbook.book.cells import BlockGrid, Candidate
    from opsbook.book.page import ReportPage

_MONTHS_OF_YEAR = 12


def plan_pages(page: ReportPage, settings: Settings, *, demo: bool) -> None:
    """Write every block of these sheets."""
    for sheet in ("strategy", "actions", "risks", "resources"):
        sheet_head(page, sheet, settings, page.plan.year, demo=demo)
    _table(page, strategy.BLOCK, ("attainment", "{0}/{1}", ("now", "target")))
    for section in BELOW:
        _table(page, section.name)
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


def _table(page: ReportPage, block: str, *ways: Way) -> None:
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


def _sums(page: ReportPage, block: str, total: str) -> None:
    """Write the total of the months as a formula."""
    table = tables()[block]
    first = table.at(resources.MONTHS[0])
    for row, _ in _used(page, block):
        run = Ref(block, row, first, 1, _MONTHS_OF_YEAR)
        _derive(page, page.sheets.grids[block], row, table.at(total), [("SUM({0})", (run,))])


def _derive(page: ReportPage, grid: BlockGrid, row: int, column: int, ways: list[Candidate]) -> None:
    cell = grid.cells[row][column]
    if isinstance(cell.value, float):
        usable = [
            way for way in ways if not any(math.isnan(n) for ref in way[1][:2] for n in _ends(page, ref))
        ]
        grid.derive(row, column, cell.value, cell.style, page.sheets, *usable)


def _ends(page: ReportPage, ref: Ref) -> list[float]:
    """Return the numbers of a reference that must be there: all of a cell, none of a run with gaps."""
    return page.sheets.numbers(ref) if ref.columns == 1 else []


def _used(page: ReportPage, block: str) -> list[tuple[int, Settled]]:
    """Return the lines in use with their rows."""
    lines = page.plan.tables[block].agreed.lines
    return [(row, line) for row, line in enumerate(lines, start=1) if line.state is not LineState.FREE]


def _summary(page: ReportPage) -> None:
    table = SectionTable(page.sheets, SUMMARY, page.language)
    for number in range(1, 1 + QUARTERS):
        told = actions.summary(page.plan.tables[actions.BLOCK], number, page.language)
        table.fill(number, {"quarter": f"Q{number}", **told})


def _orphans(page: ReportPage) -> None:
    language, found = page.language, page.plan.orphans
    table = SectionTable(page.sheets, ORPHANS, language)
    shown = found if len(found) <= table.rows else found[: table.rows - 1]
    for row, orphan in enumerate(shown, start=1):
        kind = ORPHAN_KINDS[orphan.kind][language]
        table.fill(row, {"kind": kind, "name": orphan.name[language], "lacks": orphan.lacks[language]})
    if len(found) > len(shown):
        table.put(table.rows, "kind", word("orphans_more", language, count=len(found) - len(shown)))
    if not found and page.plan.year:
        table.put(1, "kind", word("orphans_none", language))


def _matrix(page: ReportPage) -> None:
    """Write the square of probability and impact with the codes of the risks."""
    table = SectionTable(page.sheets, MATRIX, page.language)
    for row, cells in enumerate(risks.matrix(page.plan.tables[risks.LIST]), start=1):
        severe = risks.SCALE + 1 - row
        table.put(row, "impact", word("impact", page.language, number=severe))
        for likely, codes in enumerate(cells, start=1):
            look = f"risk{risks.level(float(severe * likely))}"
            table.put(row, f"probability{likely}", codes, look)


def _totals(page: ReportPage) -> None:
    totals, year = page.plan.totals, page.plan.year
    table = SectionTable(page.sheets, TOTALS, page.language)
    table.put(1, "of", f"{year}" if year else None)
    for column in TOTALS.columns[1:]:
        table.put(1, column.key, getattr(totals, column.key))


def _returns(page: ReportPage) -> None:
    """Write what the ads of the plan's year returned; as long as it has not begun, of the year before."""
    review, year = page.review, page.plan.year
    of = year if year and of_year(review, "ad_cost", year).defined else year - 1
    values = {metric: of_year(review, metric, of).value if year else math.nan for metric in RETURNED}
    months = sum(review.get("ad_cost", f"{of}-{number:02d}").defined for number in range(1, 13))
    monthly = values["ad_cost"] * (1 + values["ad_roi"]) / months if months else math.nan
    values["payback"] = float(payback_months(values["ad_cost"], monthly))
    table = SectionTable(page.sheets, RETURNS, page.language)
    table.fill(1, {"of": f"{of}" if year else None, **values})
