"""Why the cost per click changed, on the sheet of work done: bids of the plans, and the mix of plans."""

from __future__ import annotations

import math

from opsbook.book import waterfall
from opsbook.book.cells import KNOWN_SUM
from opsbook.book.chart_titles import title_of, write_titles
from opsbook.book.model import Chart
from opsbook.book.page import ReportPage, shorten
from opsbook.book.section_table import SectionTable, cells
from opsbook.book.words import word
from opsbook.book.work_page import no_data
from opsbook.sheets.work_sheet import AD_PLANS, CPC, CPC_DATA

METRIC, OWN = "ad_cpc_split", ("bid", "mix")


def costs(page: ReportPage) -> None:
    """Write the quarters, the plans of the year, the year, and what the waterfall draws."""
    language = page.language
    table = SectionTable(page.sheets, CPC, language)
    for number in range(1, 5):
        begun = page.begun(number, of_quarter=True)
        table.put(CPC.line(f"q{number}"), "of", word("quarter", language, number=number))
        if begun:
            _whole(page, table, CPC.line(f"q{number}"), f"{page.this}-Q{number}")
    _plans(page, table)
    year = CPC.line("year")
    table.put(year, "of", page.years[0], "name")
    _whole(page, table, year, page.this)
    title = word("chart_cpc", language, period=page.years[0])
    base, bid, mix = (table.number(year, key) for key in ("before", *OWN))
    told = page.review.get(METRIC, page.this, "part=bid")
    write_titles(page, {"work_cpc": title if told.defined else no_data(page, title, told.basis)})
    data = SectionTable(page.sheets, CPC_DATA, language)
    names = CPC.headings(("before", *OWN, "now"), language)
    waterfall.steps(data.grid, cells(CPC_DATA, 1, "steps"), names, (base, bid, mix), digits=2)


def _whole(page: ReportPage, table: SectionTable, row: int, period: str) -> None:
    """Write the cost over all plans; the change is the sum of both effects."""
    of_year = row == CPC.line("year")
    base = page.review.get(f"{METRIC}.base", period).value
    effects = [page.review.get(METRIC, period, f"part={part}").value for part in OWN]
    for key, effect in zip(OWN, effects, strict=True):
        plans = (table.ref(CPC.line("plan0"), key, AD_PLANS, 1),)
        table.derive(row, key, effect, (KNOWN_SUM, plans) if of_year else None)
    first = table.put(row, "before", base)
    step = table.derive(row, "change", math.fsum(effects), ("SUM({0})", (table.ref(row, "bid", 1, 2),)))
    now = page.review.get(f"{METRIC}.now", period).value
    look = "strong.money2" if of_year else ""
    table.derive(row, "now", now, ("{0}+{1}", (first, step)), look=look)


def _plans(page: ReportPage, table: SectionTable) -> None:
    """Write the plans of the year that moved the cost most, and the rest: their effects sum to those of the year."""
    effects: dict[str, list[float]] = {}
    for figure in page.review:
        if figure.metric == METRIC and figure.period == page.this and "plan=" in figure.dimension:
            pairs = dict(each.partition("=")[::2] for each in figure.dimension.split(";"))
            of_plan = effects.setdefault(pairs["plan"], [math.nan, math.nan])
            of_plan[OWN.index(pairs["part"])] = figure.value
    order = sorted(effects, key=lambda name: (-abs(math.fsum(effects[name])), name))
    most = AD_PLANS - (len(order) > AD_PLANS)
    for at, name in enumerate(order[:most]):
        row = CPC.line(f"plan{at}")
        table.put(row, "of", "　" + shorten(name, 32))
        for key, suffix in (("before", ".base"), ("now", "")):
            table.put(row, key, page.review.get(f"ad_cpc{suffix}", page.this, f"plan={name}").value)
        _effects(table, row, effects[name])
    if rest := order[most:]:
        row = CPC.line(f"plan{most}")
        table.put(row, "of", "　" + word("cpc_rest", page.language, count=len(rest)))
        sums = [math.fsum(effects[name][part] for name in rest) for part in range(len(OWN))]
        _effects(table, row, sums)


def _effects(table: SectionTable, row: int, effects: list[float]) -> None:
    for key, effect in zip(OWN, effects, strict=True):
        table.put(row, key, effect)
    table.derive(row, "change", math.fsum(effects), ("SUM({0})", (table.ref(row, "bid", 1, 2),)))


def charts() -> tuple[Chart, ...]:
    """Return the waterfall of the year."""
    steps = cells(CPC_DATA, 1, "steps", rows=CPC_DATA.rows)
    return (
        waterfall.chart(
            "work_cpc", title_of("work_cpc"), cells(CPC, 0, "change"), steps, "#,##0.00", lower=True
        ),
    )
