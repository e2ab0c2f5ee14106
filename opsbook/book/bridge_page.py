"""The growth bridge on the review sheet: how much money visitors, rates and order value brought; two waterfalls."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from opsbook.book import layout, waterfall
from opsbook.book.formats import BIG
from opsbook.book.model import Ref
from opsbook.book.page import compared
from opsbook.book.words import word
from opsbook.book.work_page import no_data
from opsbook.domain.basis import Basis
from opsbook.functions.growth import change

if TYPE_CHECKING:
    from opsbook.book.cells import Grid
    from opsbook.book.model import Chart
    from opsbook.book.page import Page
    from opsbook.domain.language import Language
    from opsbook.metrics.figures import Figure
    from opsbook.params import Settings

BRIDGE, DATA, TITLES = "review.bridge", "review.bridge_chart_data", "review.bridge_chart_titles"
METRIC = "growth_bridge"
PARTS = ("visitors", "lead_rate", "order_rate", "order_value")
_BASE, _FIRST, _NOW, _CHANGE, _GROWTH = 2, 3, 7, 8, 9
_COST, _ROAS, _ROI, _NOTE, _WIDTH = 10, 11, 12, 13, 17
_YEAR_ROW = 5


def bridge(page: Page) -> None:
    """Write the table by quarter and year, and what the two waterfalls draw."""
    grid = page.sheets.grid(BRIDGE, 2 + _YEAR_ROW - 1, _WIDTH, style="text")
    heads = {0: "period", _BASE: "base_amount", _NOW: "now_amount", _CHANGE: "change", _GROWTH: "yoy"}
    heads |= {_FIRST + at: f"part_{part}" for at, part in enumerate(PARTS)}
    heads |= {_COST: "ad_cost_short", _ROAS: "roas", _ROI: "roi", _NOTE: "note"}
    for column in range(_WIDTH):
        look = "head" if column < _BASE or column > _NOTE else "headnote" if column == _NOTE else "headnum"
        grid.put(0, column, word(heads[column], page.language) if column in heads else None, look)
    for quarter in range(1, 5):
        _line(page, grid, quarter, f"{page.this}-Q{quarter}", word("quarter", page.language, number=quarter))
    _line(page, grid, _YEAR_ROW, page.this, page.years[0])
    _waterfalls(page, grid)


def _line(page: Page, grid: Grid, row: int, period: str, name: str) -> None:
    look = "strong" if row == _YEAR_ROW else "value"
    parts = [page.review.get(METRIC, period, f"part={part}") for part in PARTS]
    base, now = _sides(page, period)
    grid.put(row, 0, name, "name")
    begun = row == _YEAR_ROW or page.begun(row, of_quarter=True)

    def shown(value: float) -> float | None:
        return value if begun else None

    for at, each in enumerate(parts):
        grid.put(row, _FIRST + at, shown(each.value), "growth.signed.higher")
    first = grid.put(row, _BASE, shown(base), "prior.money")
    if not begun:
        for column, style in (
            (_NOW, f"{look}.money"), (_CHANGE, "growth.signed.higher"), (_GROWTH, "growth.growth.higher"),
            (_COST, "value.money"), (_ROAS, "value.times"), (_ROI, "value.pct1"),
        ):  # fmt: skip
            grid.put(row, column, None, style)
        grid.put(row, _NOTE, None, "quietnote")
        return
    total = now - base
    four = ("SUM({0})", (Ref(BRIDGE, row, _FIRST, 1, len(PARTS)),))
    step = grid.derive(row, _CHANGE, total, "growth.signed.higher", page.sheets, four)
    last = grid.derive(row, _NOW, now, f"{look}.money", page.sheets, ("{0}+{1}", (first, step)))
    grown = float(change(now, base)) if not math.isnan(now) else math.nan
    grid.derive(
        row, _GROWTH, grown, "growth.growth.higher", page.sheets, ("YOY_GROWTH({0},{1})", (last, first))
    )
    for column, key, style in (
        (_COST, "ad_cost", "value.money"), (_ROAS, "ad_roas", "value.times"), (_ROI, "ad_roi", "value.pct1"),
    ):  # fmt: skip
        grid.put(row, column, page.review.get(key, period).value, style)
    told = next((each for each in parts if not each.defined), parts[0])
    grid.put(row, _NOTE, page.note([told]), "quietnote")


def _sides(page: Page, period: str) -> tuple[float, float]:
    """Return last year's amount and this year's, between which the bridge lies: of a running period the same months."""
    now, base = compared(page.review.get("ta_amount", period), page.review.get("ta_amount.yoy", period))
    return base, math.nan if math.isnan(base) else now


def _latest_quarter(page: Page) -> int:
    """Return the last quarter whose bridge is known, or 0."""
    known = (
        number
        for number in range(4, 0, -1)
        if page.review.get(METRIC, f"{page.this}-Q{number}", f"part={PARTS[0]}").defined
    )
    return next(known, 0)


def _waterfalls(page: Page, table: Grid) -> None:
    """Write the steps of the two charts; they stand under the charts."""
    steps = layout.BRIDGE_STEPS
    grid = page.sheets.grid(DATA, 2 * steps, waterfall.COLUMNS, style="under")
    titles = page.sheets.grid(TITLES, 2, 1)
    quarter = _latest_quarter(page)
    names = (
        page.years[0],
        f"{page.years[0]} Q{quarter}" if quarter else word("latest_quarter", page.language),
    )
    for number, row in enumerate((_YEAR_ROW, quarter)):
        values = [_number(table, row, _FIRST + at) for at in range(len(PARTS))] if row else [math.nan] * 4
        base = _number(table, row, _BASE) if row else math.nan
        known = not any(math.isnan(value) for value in (base, *values))
        text = word("chart_bridge", page.language, period=names[number])
        if not known:
            text = no_data(page, text, _reason(page))
        titles.put(number, 0, text, "under")
        bars = ["base_amount", *(f"part_{part}" for part in PARTS), "now_amount"]
        texts = [word(bar, page.language) for bar in bars]
        waterfall.steps(grid, number * steps, texts, (base, *values))


def _reason(page: Page) -> Basis:
    figure: Figure = page.review.get(METRIC, page.this, f"part={PARTS[0]}")
    return figure.basis


def _number(grid: Grid, row: int, column: int) -> float:
    value = grid.cells[row][column].value
    return float(value) if isinstance(value, int | float) else math.nan


def strip(page: Page, settings: Settings) -> None:
    """Write the year's bridge in one line for the overview, with the change in CNY where a rate is known."""
    language = page.language
    grid = page.sheets.grid("overview.bridge", 2, 13)
    items = [(0, "base_amount", _BASE, "prior.money")]
    items += [(1 + at, f"part_{part}", _FIRST + at, "growth.signed.higher") for at, part in enumerate(PARTS)]
    items += [
        (5, "now_amount", _NOW, "strong.money"),
        (7, "change", _CHANGE, "growth.signed.higher"),
        (8, "yoy", _GROWTH, "growth.growth.higher"),
        (10, "ad_cost_short", _COST, "value.money"),
        (11, "roas", _ROAS, "strong.times"),
        (12, "roi", _ROI, "strong.pct1"),
    ]
    for column in range(13):
        grid.put(0, column, None, "head")
        grid.put(1, column, None, "text")
    for column, key, of, look in items:
        grid.put(0, column, word(key, language), "headnum")
        ref = Ref(BRIDGE, _YEAR_ROW, of)
        grid.derive(1, column, page.sheets.numbers(ref)[0], look, page.sheets, ("{0}", (ref,)))
    rate = page.review.cny_per_usd
    if math.isnan(rate):
        rate = settings.cny_per_usd or math.nan
    changed = page.sheets.numbers(Ref(BRIDGE, _YEAR_ROW, _CHANGE))[0]
    told = "" if math.isnan(rate) else f" @{rate:.2f}"
    grid.put(0, 9, word("change_cny", language) + told, "headnum")
    grid.put(1, 9, changed * rate / 10_000, "growth.signed1.higher")


def charts(language: Language) -> tuple[Chart, ...]:
    """Return the waterfalls of the year and of the latest quarter."""
    steps, series = layout.BRIDGE_STEPS, Ref(BRIDGE, 0, _CHANGE)
    return tuple(
        waterfall.chart(
            name, Ref(TITLES, number, 0), series, Ref(DATA, number * steps, 0, steps), BIG[language]
        )
        for number, name in enumerate(("review_bridge_year", "review_bridge_quarter"))
    )
