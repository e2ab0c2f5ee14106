"""The table of quarters: two lines for each core indicator, the values with YoY and PoP, and last year's."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from opsbook.book.formats import growth_of, number_of
from opsbook.book.model import Ref
from opsbook.book.page import (
    JANUARY,
    MONTHS,
    NOTE,
    QUARTERS,
    YEAR_COLUMN,
    YEAR_GROWTH,
    compared,
    computable,
    growth_way,
    month_row,
    quarter_row,
    quotient,
)
from opsbook.book.words import word
from opsbook.review.indicators import Core, core, label

if TYPE_CHECKING:
    from opsbook.book.cells import Grid
    from opsbook.book.page import Page
    from opsbook.metrics.figures import Figure


def quarters(page: Page) -> None:
    """Write quarters and year with YoY and PoP, and last year's values, for each core indicator."""
    grid = page.sheets.grid(QUARTERS, 2 + 2 * len(core()), NOTE + 1)
    _labels(page, grid)
    for indicator in computable():
        for offset in (0, 1):
            _values(page, grid, indicator, offset)
    for indicator in core():
        _growth(page, grid, indicator)


def _labels(page: Page, grid: Grid) -> None:
    language = page.language
    for number in range(4):
        column = JANUARY + 3 * number
        name = page.spanned(word("quarter", language, number=number + 1), number + 1)
        grid.put(0, column, name, "headgroup.right")
        for offset, key in enumerate(("value", "yoy", "pop")):
            grid.put(1, column + offset, word(key, language), "headnum")
    grid.put(0, YEAR_COLUMN, page.spanned(word("whole_year", language)), "headgroup.right")
    for column, key, look in (
        (0, "indicator", "head"),
        (1, "year", "head"),
        (YEAR_COLUMN, "value", "headnum"),
        (YEAR_GROWTH, "yoy", "headnum"),
        (NOTE, "note", "headnote"),
    ):
        grid.put(1, column, word(key, language), look)
    for indicator in core():
        row = quarter_row(indicator.metric.id)
        grid.put(row, 0, label(indicator.metric, language), "nameline")
        grid.put(row + 1, 0, None, "text")
        for offset, year in enumerate(page.years):
            grid.put(row + offset, 1, year, "quiet" if offset else "quietline")


def _figure(page: Page, indicator: Core, year: int, quarter: int, suffix: str = "") -> Figure:
    """Return the figure of a quarter; of a running total, that of the quarter's last month with data."""
    key = indicator.metric.id + suffix
    figure = page.review.get(key, f"{year}-Q{quarter}")
    if indicator.total != "last" or figure.defined:
        return figure
    months = (
        page.review.get(key, f"{year}-{number:02d}") for number in range(3 * quarter, 3 * quarter - 3, -1)
    )
    return next((each for each in months if each.defined), figure)


def _values(page: Page, grid: Grid, indicator: Core, offset: int) -> None:
    metric, year = indicator.metric, page.review.year - offset
    row, months = quarter_row(metric.id) + offset, month_row(metric.id) + offset
    number, look = number_of(metric), "prior" if offset else "valueline"
    for quarter in range(4):
        column = JANUARY + 3 * quarter
        if offset:
            grid.put(row, column + 1, None, "value")
            grid.put(row, column + 2, None, "value")
        elif not page.begun(quarter + 1, of_quarter=True):
            grid.put(row, column, None, f"{look}.{number}")
            continue
        value = _figure(page, indicator, year, quarter + 1).value
        if page.begun(quarter + 1, of_quarter=True):
            pair = (
                _figure(page, indicator, page.review.year, quarter + 1, suffix) for suffix in ("", ".yoy")
            )
            value = compared(*pair)[offset]
        first = JANUARY + 3 * quarter
        grid.derive(
            row,
            column,
            value,
            f"{look}.{number}",
            page.sheets,
            *page.totals(indicator, months, first, len(page.whole_months(quarter + 1))),
            *page.totals(indicator, months, first, 3),
            quotient(indicator, QUARTERS, column, offset),
        )
    figure, growth = page.year_figure(indicator, year), page.year_growth(indicator)
    value = compared(page.year_figure(indicator, page.review.year), growth)[offset]
    look = f"{'prior' if offset else 'strongline'}.{number}"
    of_months = Ref(MONTHS, months, YEAR_COLUMN)
    grid.derive(row, YEAR_COLUMN, value, look, page.sheets, ("{0}", (of_months,)))
    if offset:
        grid.put(row, YEAR_GROWTH, None, "value")
    told = growth if offset and math.isnan(value) else figure
    grid.put(row, NOTE, page.note([told]), "quietnote" if offset else "quietline.indent")


def _growth(page: Page, grid: Grid, indicator: Core) -> None:
    metric, row = indicator.metric, quarter_row(indicator.metric.id)
    look = f"growthline.{growth_of(metric)}"
    for quarter in range(4):
        column = JANUARY + 3 * quarter
        if not page.begun(quarter + 1, of_quarter=True):
            grid.put(row, column + 1, None, look)
            grid.put(row, column + 2, None, look)
            continue
        now = Ref(QUARTERS, row, column)
        yoy = _figure(page, indicator, page.review.year, quarter + 1, ".yoy")
        grid.derive(
            row,
            column + 1,
            yoy.value,
            look,
            page.sheets,
            growth_way(metric, now, Ref(QUARTERS, row + 1, column)),
        )
        if indicator.total == "last":  # a running total only grows: no comparison with the quarter before
            grid.put(row, column + 2, None, look)
            continue
        before = Ref(QUARTERS, row, column - 3) if quarter else Ref(QUARTERS, row + 1, JANUARY + 9)
        pop = _figure(page, indicator, page.review.year, quarter + 1, ".pop")
        way = growth_way(metric, now, before, "QOQ_GROWTH")
        grid.derive(row, column + 2, pop.value, look, page.sheets, way)
    whole = page.year_growth(indicator).value
    of_months = Ref(MONTHS, month_row(metric.id) + 2, YEAR_COLUMN)
    grid.derive(row, YEAR_GROWTH, whole, look, page.sheets, ("{0}", (of_months,)))
