"""The sheet of the review: its sections in the order in which their formulas refer to each other, and its charts."""

from __future__ import annotations

from dataclasses import replace

from opsbook.book import (
    bridge_page,
    proof_page,
    review_months,
    review_quarters,
    review_tables,
    splits_page,
)
from opsbook.book.chart_titles import title_of
from opsbook.book.formats import BIG, NUMBERS, number_of
from opsbook.book.model import Chart, Series, SeriesRole
from opsbook.book.page import ReportPage
from opsbook.book.proof_page import UNJUDGED, UNPROVEN, hollow, proof
from opsbook.book.section_table import cells
from opsbook.book.sheet_head import sheet_head
from opsbook.domain.language import Language
from opsbook.params import Settings
from opsbook.review.indicators import Core, core
from opsbook.sheets.review_sheet import JUDGED, MONTHS


def review(page: ReportPage, settings: Settings, *, demo: bool) -> None:
    """Write every block of the sheet."""
    sheet_head(page, "review", settings, page.review.year, demo=demo)
    review_months.months(page)
    review_quarters.quarters(page)
    review_tables.chart_titles(page)
    proof_page.months(page)
    proof_page.table(page)
    review_tables.customers(page)
    review_tables.products(page)
    review_tables.top10(page)
    review_tables.quarter_lines(page)
    review_tables.keywords(page)
    bridge_page.bridge(page)
    splits_page.split(page)


def charts(language: Language) -> tuple[Chart, ...]:
    """Return the chart of each core indicator."""
    return tuple(months_chart(f"review_{each.metric.id}", each, language) for each in core())


def months_chart(name: str, indicator: Core, language: Language) -> Chart:
    """Return the chart of an indicator by month, this year and last year; unproven months in grey.

    Args:
        name: Of the chart.
        indicator: What it shows.
        language: Of the number format.
    """
    key, number = indicator.metric.id, number_of(indicator.metric)
    months = cells(MONTHS, 0, "m1", columns=12)
    last, this = (
        Series(cells(MONTHS, row, "kind"), months, cells(MONTHS, row, "m1", columns=12), role)
        for row, role in (
            (MONTHS.line(f"{key} last"), SeriesRole.PRIOR),
            (MONTHS.line(key), SeriesRole.ACTUAL),
        )
    )
    form = "overlaid" if indicator.form == "column" else indicator.form
    series: tuple[Series, ...] = (last, this)
    if key in JUDGED:
        proven, unproven = proof(key)
        this = replace(this, values=proven) if form == "overlaid" else this
        series = (
            last,
            this,
            Series(UNPROVEN, months, unproven, SeriesRole.UNPROVEN),
            Series(UNJUDGED, months, hollow(key), SeriesRole.UNJUDGED),
        )
    shown = {"int": BIG[language], "money": BIG[language], "pct1": "0%", "pct2": "0.0%"}
    title = title_of(name)
    sheet = title.block.partition(".")[0]
    return Chart(name, sheet, form, title, series, shown.get(number, NUMBERS[number]))
