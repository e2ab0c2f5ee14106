"""Why the cost per click changed, on the sheet of work done: bids of the plans, and the mix of plans."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from opsbook.book import waterfall
from opsbook.book.cells import KNOWN_SUM
from opsbook.book.model import Ref
from opsbook.book.page import shorten
from opsbook.book.words import word
from opsbook.book.work_page import no_data
from opsbook.sheets.work import AD_PLANS

if TYPE_CHECKING:
    from opsbook.book.cells import Grid
    from opsbook.book.model import Chart
    from opsbook.book.page import Page

COSTS, DATA, TITLES = "work.cpc", "work.cpc_chart_data", "work.cpc_chart_titles"
METRIC, OWN = "ad_cpc_split", ("bid", "mix")
_BASE, _NOW, _CHANGE, _BID, _MIX, _WIDTH = 2, 3, 4, 5, 6, 7
_LOOKS = {
    _BASE: "prior.money2",
    _CHANGE: "growth.more.lower",
    _BID: "growth.more.lower",
    _MIX: "growth.more.lower",
}
_PLANS = 5  # first line of the plans, after the quarters
_YEAR = _PLANS + AD_PLANS


def costs(page: Page) -> None:
    """Write the quarters, the plans of the year, the year, and what the waterfall draws."""
    language = page.language
    grid = page.sheets.grid(COSTS, 1 + _YEAR, _WIDTH, style="text")
    heads = ("cpc_of", "", "before_cpc", "now_cpc", "cpc_change", "cpc_bid", "cpc_mix")
    for column, key in enumerate(heads):
        look = "head" if column < _BASE else "headnum"
        grid.put(0, column, word(key, language) if key else None, look)
    for number in range(1, 5):
        begun = page.begun(number, of_quarter=True)
        name = word("quarter", language, number=number)
        _whole(page, grid, number, f"{page.this}-Q{number}" if begun else "", name)
    _plans(page, grid)
    _whole(page, grid, _YEAR, page.this, page.years[0])
    title = word("chart_cpc", language, period=page.years[0])
    base, bid, mix = (page.sheets.numbers(grid.ref(_YEAR, at))[0] for at in (_BASE, _BID, _MIX))
    told = page.review.get(METRIC, page.this, "part=bid")
    page.sheets.grid(TITLES, 1, 1).put(
        0, 0, title if told.defined else no_data(page, title, told.basis), "under"
    )
    data = page.sheets.grid(DATA, 4, waterfall.COLUMNS, style="under")
    names = [word(key, language) for key in ("before_cpc", "cpc_bid", "cpc_mix", "now_cpc")]
    waterfall.steps(data, 0, names, (base, bid, mix), digits=2)


def _whole(page: Page, grid: Grid, row: int, period: str, name: str) -> None:
    """Write the cost over all plans; the change is the sum of both effects, an empty period has none."""
    look = "strong" if row == _YEAR else "value"
    grid.put(row, 0, name, "name" if row == _YEAR else "text")
    if not period:
        for column in range(_BASE, _MIX + 1):
            grid.put(row, column, None, _LOOKS.get(column, f"{look}.money2"))
        return
    base = page.review.get(f"{METRIC}.base", period).value
    effects = [page.review.get(METRIC, period, f"part={part}").value for part in OWN]
    for column, effect in zip((_BID, _MIX), effects, strict=True):
        plans = (grid.ref(_PLANS, column, AD_PLANS, 1),) if row == _YEAR else ()
        way = (KNOWN_SUM, plans) if plans else None
        grid.derive(row, column, effect, "growth.more.lower", page.sheets, way)
    first = grid.put(row, _BASE, base, "prior.money2")
    both = ("SUM({0})", (grid.ref(row, _BID, 1, 2),))
    step = grid.derive(row, _CHANGE, math.fsum(effects), "growth.more.lower", page.sheets, both)
    now = page.review.get(f"{METRIC}.now", period).value
    grid.derive(row, _NOW, now, f"{look}.money2", page.sheets, ("{0}+{1}", (first, step)))


def _plans(page: Page, grid: Grid) -> None:
    """Write the plans of the year that moved the cost most, and the rest: their effects sum to those of the year."""
    effects: dict[str, list[float]] = {}
    for figure in page.review:
        if figure.metric == METRIC and figure.period == page.this and "plan=" in figure.dimension:
            pairs = dict(each.partition("=")[::2] for each in figure.dimension.split(";"))
            of_plan = effects.setdefault(pairs["plan"], [math.nan, math.nan])
            of_plan[OWN.index(pairs["part"])] = figure.value
    order = sorted(effects, key=lambda name: (-abs(math.fsum(effects[name])), name))
    most = AD_PLANS - (len(order) > AD_PLANS)
    rest = order[most:]
    for at in range(AD_PLANS):
        row = _PLANS + at
        for column in range(_BASE, _MIX + 1):
            grid.put(row, column, None, _LOOKS.get(column, "value.money2"))
        if at < min(most, len(order)):
            name = order[at]
            grid.put(row, 0, "　" + shorten(name, 32), "text")
            for column, suffix, look in ((_BASE, ".base", "prior"), (_NOW, "", "value")):
                figure = page.review.get(f"ad_cpc{suffix}", page.this, f"plan={name}")
                grid.put(row, column, figure.value, f"{look}.money2")
            _effects(page, grid, row, effects[name])
        elif rest and at == most:
            grid.put(row, 0, "　" + word("cpc_rest", page.language, count=len(rest)), "text")
            sums = [math.fsum(effects[name][part] for name in rest) for part in range(len(OWN))]
            _effects(page, grid, row, sums)


def _effects(page: Page, grid: Grid, row: int, effects: list[float]) -> None:
    for column, effect in zip((_BID, _MIX), effects, strict=True):
        grid.put(row, column, effect, "growth.more.lower")
    both = ("SUM({0})", (grid.ref(row, _BID, 1, 2),))
    grid.derive(row, _CHANGE, math.fsum(effects), "growth.more.lower", page.sheets, both)


def charts() -> tuple[Chart, ...]:
    """Return the waterfall of the year."""
    return (
        waterfall.chart(
            "work_cpc", Ref(TITLES, 0, 0), Ref(COSTS, 0, _CHANGE), Ref(DATA, 0, 0, 4), "#,##0.00", lower=True
        ),
    )
