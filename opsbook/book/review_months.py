"""The table of months: four lines for each core indicator, the source of every chart and of the quarters."""

from __future__ import annotations

import math

from opsbook.book.cells import Candidate
from opsbook.book.formats import growth_of, number_of
from opsbook.book.page import ReportPage, compared, computable, growth_way, quotient
from opsbook.book.section_table import SectionTable, cells
from opsbook.book.words import word
from opsbook.review.indicators import Core, core, label
from opsbook.sheets.common_parts import POP, YOY
from opsbook.sheets.review_sheet import MONTHS

_OF_YEAR = ("", " last")  # lines of this year and of the last


def months(page: ReportPage) -> None:
    """Write this year, last year, YoY and PoP by month for each core indicator."""
    language = page.language
    table = SectionTable(
        page.sheets, MONTHS, language, headings={"whole": page.spanned(word("whole_year", language))}
    )
    kinds = (*page.years, YOY[language], POP[language])
    for indicator in core():
        row, metric = MONTHS.line(indicator.metric.id), indicator.metric
        table.format_group(row, number=number_of(metric), growth=growth_of(metric))
        table.put(row, "indicator", label(metric, language))
        for offset, kind in enumerate(kinds):
            table.put(row + offset, "kind", kind)
    for indicator in computable():
        _values(page, table, indicator, 0)
        _values(page, table, indicator, 1)
    for indicator in core():
        _growth(page, table, indicator)


def _values(page: ReportPage, table: SectionTable, indicator: Core, offset: int) -> None:
    """Write months and year of this year (``offset`` 0) or the last (1)."""
    year, line = page.review.year - offset, _OF_YEAR[offset]
    metric, row = indicator.metric, MONTHS.line(f"{indicator.metric.id}{line}")
    for month in range(1, 13):
        if not offset and not page.begun(month):  # not there yet is not the same as undefined
            continue
        figure = page.review.get(metric.id, f"{year}-{month:02d}")
        ways: list[Candidate | None] = [quotient(indicator, MONTHS, f"m{month}", line)]
        if indicator.total == "last":
            amounts = cells(MONTHS, MONTHS.line(f"ta_amount{line}"), "m1", columns=month)
            ways.append(("SUM({0})", (amounts,)))
        table.derive(row, f"m{month}", figure.value, *ways)
    figure, growth = page.year_figure(indicator, year), page.year_growth(indicator)
    value = compared(page.year_figure(indicator, page.review.year), growth)[offset]
    table.derive(
        row,
        "whole",
        value,
        *page.totals(indicator, row, 1, len(page.whole_months())),
        *page.totals(indicator, row, 1, 12),
        quotient(indicator, MONTHS, "whole", line),
    )
    table.put(row, "note", page.note([growth if offset and math.isnan(value) else figure]))


def _growth(page: ReportPage, table: SectionTable, indicator: Core) -> None:
    metric = indicator.metric
    this, last, growth, step = (MONTHS.line(f"{metric.id}{line}") for line in (*_OF_YEAR, " yoy", " pop"))
    yoy, pop = [], []
    for month in range(1, 13):
        key, period = f"m{month}", f"{page.this}-{month:02d}"
        if not page.begun(month):
            continue
        now = table.ref(this, key)
        yoy.append(page.review.get(f"{metric.id}.yoy", period))
        table.derive(growth, key, yoy[-1].value, growth_way(metric, now, table.ref(last, key)))
        if indicator.total == "last":  # a running total against the month before says nothing
            continue
        before = table.ref(this, f"m{month - 1}") if month > 1 else table.ref(last, "m12")
        pop.append(page.review.get(f"{metric.id}.pop", period))
        table.derive(step, key, pop[-1].value, growth_way(metric, now, before, "MOM_GROWTH"))
    whole = page.year_growth(indicator)
    way = growth_way(metric, table.ref(this, "whole"), table.ref(last, "whole"))
    table.derive(growth, "whole", whole.value, way)
    table.put(growth, "note", page.note([*yoy, whole]))
    table.put(step, "note", page.note(pop) if pop else None)
