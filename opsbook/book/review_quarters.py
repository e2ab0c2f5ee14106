"""The table of quarters: two lines for each core indicator, the values with YoY and PoP, and last year's."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from opsbook.book.formats import growth_of, number_of
from opsbook.book.page import ReportPage, compared, computable, growth_way, quotient
from opsbook.book.section_table import SectionTable, cells
from opsbook.book.words import word
from opsbook.review.indicators import Core, core, label
from opsbook.sheets.review_sheet import MONTHS, QUARTERS

if TYPE_CHECKING:
    from opsbook.metrics.figures import Figure

_OF_YEAR = ("", " last")  # lines of this year and of the last


def quarters(page: ReportPage) -> None:
    """Write quarters and year with YoY and PoP, and last year's values, for each core indicator."""
    language = page.language
    groups = {
        f"q{number}": page.spanned(word("quarter", language, number=number), number) for number in range(1, 5)
    }
    groups["whole"] = page.spanned(word("whole_year", language))
    table = SectionTable(page.sheets, QUARTERS, language, groups=groups)
    for indicator in core():
        row, metric = QUARTERS.line(indicator.metric.id), indicator.metric
        table.format_group(row, number=number_of(metric), growth=growth_of(metric))
        table.put(row, "indicator", label(metric, language))
        for offset, year in enumerate(page.years):
            table.put(row + offset, "year", year)
    for indicator in computable():
        for offset in (0, 1):
            _values(page, table, indicator, offset)
    for indicator in core():
        _growth(page, table, indicator)


def _figure(page: ReportPage, indicator: Core, year: int, quarter: int, suffix: str = "") -> Figure:
    """Return the figure of a quarter; of a running total, that of the quarter's last month with data."""
    key = indicator.metric.id + suffix
    figure = page.review.get(key, f"{year}-Q{quarter}")
    if indicator.total != "last" or figure.defined:
        return figure
    months = (
        page.review.get(key, f"{year}-{number:02d}") for number in range(3 * quarter, 3 * quarter - 3, -1)
    )
    return next((each for each in months if each.defined), figure)


def _values(page: ReportPage, table: SectionTable, indicator: Core, offset: int) -> None:
    metric, year, line = indicator.metric, page.review.year - offset, _OF_YEAR[offset]
    row, of_months = QUARTERS.line(f"{metric.id}{line}"), MONTHS.line(f"{metric.id}{line}")
    for quarter in range(1, 5):
        begun = page.begun(quarter, of_quarter=True)
        if not offset and not begun:
            continue
        value = _figure(page, indicator, year, quarter).value
        if begun:
            pair = (_figure(page, indicator, page.review.year, quarter, suffix) for suffix in ("", ".yoy"))
            value = compared(*pair)[offset]
        first = 3 * quarter - 2
        table.derive(
            row,
            f"q{quarter}",
            value,
            *page.totals(indicator, of_months, first, len(page.whole_months(quarter))),
            *page.totals(indicator, of_months, first, 3),
            quotient(indicator, QUARTERS, f"q{quarter}", line),
        )
    figure, growth = page.year_figure(indicator, year), page.year_growth(indicator)
    value = compared(page.year_figure(indicator, page.review.year), growth)[offset]
    table.derive(row, "whole", value, ("{0}", (cells(MONTHS, of_months, "whole"),)))
    table.put(row, "note", page.note([growth if offset and math.isnan(value) else figure]))


def _growth(page: ReportPage, table: SectionTable, indicator: Core) -> None:
    metric = indicator.metric
    this, last = (QUARTERS.line(f"{metric.id}{line}") for line in _OF_YEAR)
    for quarter in range(1, 5):
        if not page.begun(quarter, of_quarter=True):
            continue
        key = f"q{quarter}"
        now = table.ref(this, key)
        yoy = _figure(page, indicator, page.review.year, quarter, ".yoy")
        table.derive(this, f"{key} yoy", yoy.value, growth_way(metric, now, table.ref(last, key)))
        if indicator.total == "last":  # a running total only grows: no comparison with the quarter before
            continue
        before = table.ref(this, f"q{quarter - 1}") if quarter > 1 else table.ref(last, "q4")
        pop = _figure(page, indicator, page.review.year, quarter, ".pop")
        table.derive(this, f"{key} pop", pop.value, growth_way(metric, now, before, "QOQ_GROWTH"))
    whole = page.year_growth(indicator).value
    table.derive(this, "yoy", whole, ("{0}", (cells(MONTHS, MONTHS.line(f"{metric.id} yoy"), "whole"),)))
