"""The growth bridge on the review sheet: how much money visitors, rates and order value brought; two waterfalls."""

from __future__ import annotations

import math

from opsbook.book import waterfall
from opsbook.book.chart_titles import title_of, write_titles
from opsbook.book.formats import BIG
from opsbook.book.model import Chart, Ref
from opsbook.book.page import ReportPage, compared
from opsbook.book.section_table import SectionTable, cells
from opsbook.book.words import word
from opsbook.book.work_page import no_data
from opsbook.domain.basis import Basis
from opsbook.domain.language import Language
from opsbook.functions.growth import change
from opsbook.metrics.figures import Figure
from opsbook.params import Settings
from opsbook.sheets.overview_sheet import BRIDGE as STRIP
from opsbook.sheets.review_sheet import BRIDGE, BRIDGE_DATA, BRIDGE_PARTS, BRIDGE_STEPS, WATERFALLS

METRIC = "growth_bridge"
PARTS = tuple(BRIDGE_PARTS)
_ADS = ("ad_cost", "ad_roas", "ad_roi")


def bridge(page: ReportPage) -> None:
    """Write the table by quarter and year, and what the two waterfalls draw."""
    table = SectionTable(page.sheets, BRIDGE, page.language)
    for quarter in range(1, 5):
        row = BRIDGE.line(f"q{quarter}")
        table.put(row, "period", word("quarter", page.language, number=quarter))
        if page.begun(quarter, of_quarter=True):
            _line(page, table, row, f"{page.this}-Q{quarter}")
    table.put(BRIDGE.line("year"), "period", page.years[0])
    _line(page, table, BRIDGE.line("year"), page.this)
    _waterfalls(page, table)


def _line(page: ReportPage, table: SectionTable, row: int, period: str) -> None:
    parts = [page.review.get(METRIC, period, f"part={part}") for part in PARTS]
    base, now = _sides(page, period)
    for part, each in zip(PARTS, parts, strict=True):
        table.put(row, part, each.value)
    first = table.put(row, "base", base)
    four = ("SUM({0})", (table.ref(row, PARTS[0], 1, len(PARTS)),))
    step = table.derive(row, "change", now - base, four)
    look = "strong.money" if row == BRIDGE.line("year") else ""
    last = table.derive(row, "now", now, ("{0}+{1}", (first, step)), look=look)
    grown = float(change(now, base)) if not math.isnan(now) else math.nan
    table.derive(row, "yoy", grown, ("YOY_GROWTH({0},{1})", (last, first)))
    for key in _ADS:
        table.put(row, key, page.review.get(key, period).value)
    told = next((each for each in parts if not each.defined), parts[0])
    table.put(row, "note", page.note([told]))


def _sides(page: ReportPage, period: str) -> tuple[float, float]:
    """Return last year's amount and this year's, between which the bridge lies: of a running period the same months."""
    now, base = compared(page.review.get("ta_amount", period), page.review.get("ta_amount.yoy", period))
    return base, math.nan if math.isnan(base) else now


def _latest_quarter(page: ReportPage) -> int:
    """Return the last quarter whose bridge is known, or 0."""
    known = (
        number
        for number in range(4, 0, -1)
        if page.review.get(METRIC, f"{page.this}-Q{number}", f"part={PARTS[0]}").defined
    )
    return next(known, 0)


def _waterfalls(page: ReportPage, table: SectionTable) -> None:
    """Write the steps of the two charts; they stand under the charts."""
    data = SectionTable(page.sheets, BRIDGE_DATA, page.language)
    titles = {}
    quarter = _latest_quarter(page)
    names = (
        page.years[0],
        f"{page.years[0]} Q{quarter}" if quarter else word("latest_quarter", page.language),
    )
    lines = (BRIDGE.line("year"), BRIDGE.line(f"q{quarter}") if quarter else None)
    for number, (each, row) in enumerate(zip(WATERFALLS, lines, strict=True)):
        base, *values = (table.number(row, key) if row else math.nan for key in ("base", *PARTS))
        known = not any(math.isnan(value) for value in (base, *values))
        text = word("chart_bridge", page.language, period=names[number])
        if not known:
            text = no_data(page, text, _reason(page))
        titles[f"review_bridge_{each}"] = text
        texts = BRIDGE.headings(("base", *PARTS, "now"), page.language)
        waterfall.steps(data.grid, _steps(each), texts, (base, *values))
    write_titles(page, titles)


def _steps(waterfall_of: str, rows: int = 1) -> Ref:
    """Return the first cells of what a waterfall draws."""
    return cells(BRIDGE_DATA, BRIDGE_DATA.line(f"{waterfall_of} 0"), "steps", rows=rows)


def _reason(page: ReportPage) -> Basis:
    figure: Figure = page.review.get(METRIC, page.this, f"part={PARTS[0]}")
    return figure.basis


def strip(page: ReportPage, settings: Settings) -> None:
    """Write the year's bridge in one line for the overview, with the change in CNY where a rate is known."""
    rate, year = page.review.cny_per_usd, BRIDGE.line("year")
    if math.isnan(rate):
        rate = settings.cny_per_usd or math.nan
    told = "" if math.isnan(rate) else f" @{rate:.2f}"
    headings = {"cny": word("change_cny", page.language) + told}
    table = SectionTable(page.sheets, STRIP, page.language, headings=headings)
    for column in STRIP.columns:
        if column.key != "cny":
            ref = cells(BRIDGE, year, column.key)
            table.derive(1, column.key, page.sheets.numbers(ref)[0], ("{0}", (ref,)))
    changed = page.sheets.numbers(cells(BRIDGE, year, "change"))[0]
    table.put(1, "cny", changed * rate / 10_000)


def charts(language: Language) -> tuple[Chart, ...]:
    """Return the waterfalls of the year and of the latest quarter."""
    return tuple(
        waterfall.chart(
            f"review_bridge_{each}",
            title_of(f"review_bridge_{each}"),
            cells(BRIDGE, 0, "change"),
            _steps(each, BRIDGE_STEPS),
            BIG[language],
        )
        for each in WATERFALLS
    )
