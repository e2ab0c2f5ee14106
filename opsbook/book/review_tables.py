"""The other tables of the review sheet: customers, products, keywords, and the titles."""

from __future__ import annotations

import math

from opsbook.book.chart_titles import write_titles
from opsbook.book.formats import growth_of, number_of, spell
from opsbook.book.page import ReportPage, compared, growth_way, shorten
from opsbook.book.section_table import SectionTable
from opsbook.book.words import word
from opsbook.book.work_page import no_data
from opsbook.domain.basis import Basis, Kind
from opsbook.functions.growth import change
from opsbook.metrics.catalogue import Metric, metrics
from opsbook.review.basis_text import basis_text
from opsbook.review.indicators import core, label
from opsbook.sheets.overview_sheet import TOP
from opsbook.sheets.review_sheet import (
    CUSTOMERS,
    KEYWORD_PAGES,
    KEYWORDS,
    PRODUCTS,
    TOP10,
    TOP10_SHARE,
    WORDS,
)
from opsbook.sheets.sheet_parts import SheetSection


def customers(page: ReportPage) -> None:
    """Returning customers: this year, last year, change."""
    _pairs(page, CUSTOMERS)


def products(page: ReportPage) -> None:
    """Product health: this year, last year, change."""
    _pairs(page, PRODUCTS)


def _pairs(page: ReportPage, section: SheetSection) -> None:
    headings = {"now": page.years[0], "before": page.years[1]}
    table = SectionTable(page.sheets, section, page.language, headings=headings)
    for row, key in enumerate(section.lines, start=1):
        metric = metrics()[key]
        number = number_of(metric)
        table.format(row, number=number, growth=growth_of(metric))
        figure = page.latest(key, page.this)
        change_of = page.review.get(f"{key}.yoy", page.this)
        pair = compared(figure, change_of)
        table.put(row, "indicator", label(metric, page.language))
        now, before = table.put(row, "now", pair[0]), table.put(row, "before", pair[1])
        table.derive(row, "yoy", change_of.value, growth_way(metric, now, before))
        told = [page.note([figure])]
        if figure.defined and math.isnan(pair[1]):
            told += [page.note([change_of]), _whole_last_year(page, key, number)]
        table.put(row, "note", page.joint(told))


def _whole_last_year(page: ReportPage, key: str, number: str) -> str | None:
    """Return last year's value as a labelled extra, where it is nothing to compare with."""
    before = page.latest(key, page.last)
    if not before.defined:
        return None
    return word("whole_last_year", page.language, year=page.years[1], value=spell(before.value, number))


def top10(page: ReportPage) -> None:
    """The ten products with the most received amount, and what they are together."""
    before = page.years[1] + (word("to_same_day", page.language) if page.is_running() else "")
    headings = {"now": page.years[0], "before": before}
    table = SectionTable(page.sheets, TOP10, page.language, headings=headings)
    for row, product in enumerate(page.review.top_products[:TOP], start=1):
        table.put(row, "product", f"{row}  {shorten(product.name, 84)}")
        table.put(row, "id", product.product_id)
        now, then = table.put(row, "now", product.amount), table.put(row, "before", product.prior)
        grown = float(change(product.amount, product.prior))
        table.derive(row, "yoy", grown, ("YOY_GROWTH({0},{1})", (now, then)))
        table.put(row, "share", product.share)
    _top10_total(page, table)


def _top10_total(page: ReportPage, table: SectionTable) -> None:
    row, products = TOP10.line("all"), page.review.top_products
    table.put(row, "product", word("total", page.language), "name")
    table.put(row, "now", None, "strong.money")
    table.put(row, "share", None, "strong.pct1")
    if not products:
        return
    known = not any(math.isnan(each.prior) for each in products)
    table.put(row, "id", None if known else basis_text(Basis.of(Kind.NO_BASE), page.language))
    now, before = (
        math.fsum(each.amount for each in products),
        math.fsum(each.prior for each in products),
    )
    share = page.review.get("top10_share", page.this).value
    for key, value, look in (
        ("now", now, "strong.money"),
        ("before", before, "prior.money"),
        ("share", share, "strong.pct1"),
    ):
        total = ("SUM({0})", (table.ref(1, key, len(products), 1),))
        table.derive(row, key, value, total, look=look)
    growth = ("YOY_GROWTH({0},{1})", (table.ref(row, "now"), table.ref(row, "before")))
    table.derive(row, "yoy", float(change(now, before)), growth)


def quarter_lines(page: ReportPage) -> None:
    """TOP10 share and keywords on page 1, by quarter, this year and last."""
    _by_quarter(page, TOP10_SHARE, "top10_share")
    _by_quarter(page, KEYWORD_PAGES, "keyword_first_page")


def _by_quarter(page: ReportPage, section: SheetSection, metric: str) -> None:
    table = SectionTable(page.sheets, section, page.language)
    table.format_group(1, number=number_of(metrics()[metric]))
    for row, (year, shown) in enumerate(zip((page.this, page.last), page.years, strict=True), start=1):
        table.put(row, "year", shown)
        for quarter in range(1, 5):
            table.put(row, f"q{quarter}", page.review.get(metric, f"{year}-Q{quarter}").value)
        table.put(row, "whole", page.review.get(metric, year).value)


def keywords(page: ReportPage) -> None:
    """Up to fifteen core words that moved most, best first."""
    table = SectionTable(page.sheets, KEYWORDS, page.language)
    found = [
        figure
        for figure in page.review
        if figure.metric == "keyword_rank_change" and figure.period == page.this
    ]
    found.sort(key=lambda each: (not each.defined, -abs(each.value) if each.defined else 0.0, each.dimension))
    found = found[:WORDS]
    found.sort(key=lambda each: (not each.defined, -each.value if each.defined else 0.0, each.dimension))
    for row, figure in enumerate(found, start=1):
        table.put(row, "word", shorten(_dimension(figure.dimension, "keyword"), 40))
        ranks = figure.basis.numbers(Kind.RANKS) or figure.basis.numbers(Kind.ONE_CHECK) or (math.nan,)
        start, end = table.put(row, "first", ranks[0]), table.put(row, "last", ranks[-1])
        table.derive(row, "change", figure.value, ("{0}-{1}", (start, end)))
        if not figure.defined:
            table.put(row, "note", basis_text(figure.basis, page.language))


def chart_titles(page: ReportPage) -> None:
    """The titles of the charts; each chart's title is one of these cells, covered by the charts."""
    titles = {f"review_{each.metric.id}": months_title(page, each.metric) for each in core()}
    write_titles(page, titles)


def months_title(page: ReportPage, metric: Metric) -> str:
    """Return the title of a chart over months; one that has nothing to show says why."""
    text = label(metric, page.language)
    figures = [
        page.review.get(metric.id, f"{year}-{number:02d}")
        for year in (page.this, page.last)
        for number in range(1, 13)
    ]
    if page.review.figures and not any(each.defined for each in figures):
        return no_data(page, text, figures[0].basis)
    key = "chart" if page.review.year else "chart_empty"
    return word(key, page.language, label=text, year=page.this)


def _dimension(text: str, key: str) -> str:
    return dict(part.partition("=")[::2] for part in text.split(";")).get(key, text)
