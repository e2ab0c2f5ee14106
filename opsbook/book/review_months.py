"""The table of months: four lines for each core indicator, the source of every chart and of the quarters."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from opsbook.book.formats import growth_of, number_of
from opsbook.book.model import Ref
from opsbook.book.page import (
    JANUARY,
    MONTHS,
    NOTE,
    YEAR_COLUMN,
    compared,
    computable,
    growth_way,
    month_row,
    quotient,
)
from opsbook.book.words import months as month_names
from opsbook.book.words import word
from opsbook.review.indicators import Core, core, label

if TYPE_CHECKING:
    from opsbook.book.cells import Candidate, Grid
    from opsbook.book.page import Page

_NOTE = YEAR_COLUMN + 1  # the note begins beside the year and runs on


def months(page: Page) -> None:
    """Write this year, last year, YoY and PoP by month for each core indicator."""
    grid = page.sheets.grid(MONTHS, 1 + 4 * len(core()), NOTE + 1)
    _labels(page, grid)
    for indicator in computable():
        _values(page, grid, indicator, 0)
        _values(page, grid, indicator, 1)
    for indicator in core():
        _growth(page, grid, indicator)


def _labels(page: Page, grid: Grid) -> None:
    language = page.language
    heads = [word("indicator", language), word("year", language), *month_names(language)]
    heads += [page.spanned(word("whole_year", language)), word("note", language), ""]
    for column, text in enumerate(heads):
        look = {0: "head", 1: "head", _NOTE: "headnote", NOTE: "head"}.get(column, "headnum")
        grid.put(0, column, text or None, look)
    kinds = (*page.years, word("yoy", language), word("pop", language))
    for indicator in core():
        row = month_row(indicator.metric.id)
        for offset, kind in enumerate(kinds):
            line = "" if offset == 3 else "line"  # a rule under the fourth line only
            name = label(indicator.metric, language) if offset == 0 else None
            grid.put(row + offset, 0, name, f"name{line}")
            grid.put(row + offset, 1, kind, "textline" if offset == 0 else f"quiet{line}")
            grid.put(row + offset, _NOTE, None, "quietnote" if offset == 3 else "quietline.indent")
            grid.put(row + offset, NOTE, None, f"quiet{line}")


def _values(page: Page, grid: Grid, indicator: Core, offset: int) -> None:
    """Write months and year of this year (``offset`` 0) or the last (1)."""
    year = page.review.year - offset
    look, total = ("priorline", "priorline") if offset else ("valueline", "strongline")
    metric, row = indicator.metric, month_row(indicator.metric.id) + offset
    number = number_of(metric)
    for of_month in range(1, 13):
        column = JANUARY + of_month - 1
        if not offset and not page.begun(of_month):  # not there yet is not the same as undefined
            grid.put(row, column, None, f"{look}.{number}")
            continue
        figure = page.review.get(metric.id, f"{year}-{of_month:02d}")
        ways: list[Candidate | None] = [quotient(indicator, MONTHS, column, offset)]
        if indicator.total == "last":
            amounts = Ref(MONTHS, month_row("ta_amount") + offset, JANUARY, 1, of_month)
            ways.append(("SUM({0})", (amounts,)))
        grid.derive(row, column, figure.value, f"{look}.{number}", page.sheets, *ways)
    figure, growth = page.year_figure(indicator, year), page.year_growth(indicator)
    value = compared(page.year_figure(indicator, page.review.year), growth)[offset]
    grid.derive(
        row,
        YEAR_COLUMN,
        value,
        f"{total}.{number}",
        page.sheets,
        *page.totals(indicator, row, JANUARY, len(page.whole_months())),
        *page.totals(indicator, row, JANUARY, 12),
        quotient(indicator, MONTHS, YEAR_COLUMN, offset),
    )
    grid.put(row, _NOTE, page.note([growth if offset and math.isnan(value) else figure]), "quietline.indent")


def _growth(page: Page, grid: Grid, indicator: Core) -> None:
    metric, row = indicator.metric, month_row(indicator.metric.id)
    yoy_look, pop_look = f"growthline.{growth_of(metric)}", f"growth.{growth_of(metric)}"
    yoy, pop = [], []
    for of_month in range(1, 13):
        column, period = JANUARY + of_month - 1, f"{page.this}-{of_month:02d}"
        if not page.begun(of_month):
            grid.put(row + 2, column, None, yoy_look)
            grid.put(row + 3, column, None, pop_look)
            continue
        now = Ref(MONTHS, row, column)
        yoy.append(page.review.get(f"{metric.id}.yoy", period))
        way = growth_way(metric, now, Ref(MONTHS, row + 1, column))
        grid.derive(row + 2, column, yoy[-1].value, yoy_look, page.sheets, way)
        if indicator.total == "last":  # a running total against the month before says nothing
            grid.put(row + 3, column, None, pop_look)
            continue
        before = Ref(MONTHS, row, column - 1) if of_month > 1 else Ref(MONTHS, row + 1, JANUARY + 11)
        pop.append(page.review.get(f"{metric.id}.pop", period))
        way = growth_way(metric, now, before, "MOM_GROWTH")
        grid.derive(row + 3, column, pop[-1].value, pop_look, page.sheets, way)
    whole = page.year_growth(indicator)
    grid.derive(
        row + 2,
        YEAR_COLUMN,
        whole.value,
        yoy_look,
        page.sheets,
        growth_way(metric, Ref(MONTHS, row, YEAR_COLUMN), Ref(MONTHS, row + 1, YEAR_COLUMN)),
    )
    grid.put(row + 3, YEAR_COLUMN, None, "value")
    grid.put(row + 2, _NOTE, page.note([*yoy, whole]), "quietline.indent")
    grid.put(row + 3, _NOTE, page.note(pop) if pop else None, "quietnote")
