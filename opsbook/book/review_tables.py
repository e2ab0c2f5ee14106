"""The other tables of the review sheet: customers, products, keywords, and the titles."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from opsbook.book import layout
from opsbook.book.formats import growth_of, number_of, spell
from opsbook.book.page import compared, growth_way, shorten
from opsbook.book.words import word
from opsbook.book.work_page import no_data
from opsbook.domain.basis import Basis, Kind
from opsbook.functions.growth import change
from opsbook.metrics.catalogue import metrics
from opsbook.review.basis_text import basis_text
from opsbook.review.indicators import core, label

if TYPE_CHECKING:
    from opsbook.book.cells import Grid
    from opsbook.book.page import Page
    from opsbook.metrics.catalogue import Metric

CUSTOMERS = "review.customers"
_CUSTOMER_METRICS = (
    "old_customer_repurchase_rate",
    "repeat_purchase_rate",
    "returning_revenue_share",
    "rev_per_buyer",
)
_PRODUCT_METRICS = ("zero_effect_share", "new_product_first_month_inquiries", "new_products")
_SALES_GROWTH = "growth.growth.higher"


def customer_row(metric: str) -> int:
    """Return the row of a metric in the table of customers."""
    return 1 + _CUSTOMER_METRICS.index(metric)


def customers(page: Page) -> None:
    """Returning customers: this year, last year, change."""
    _pairs(page, CUSTOMERS, _CUSTOMER_METRICS, (0, 1, 2, 3, 4), 9)


def products(page: Page) -> None:
    """Product health: this year, last year, change."""
    _pairs(page, "review.products", _PRODUCT_METRICS, (0, 3, 4, 5, 6), 8)


def _pairs(page: Page, name: str, ids: tuple[str, ...], columns: tuple[int, ...], width: int) -> None:
    grid = page.sheets.grid(name, 1 + len(ids), width, style="text")
    title, now, before, growth, note = columns
    for column in range(width):
        grid.put(0, column, None, "head")
    grid.put(0, title, word("indicator", page.language), "head")
    grid.put(0, now, page.years[0], "headnum")
    grid.put(0, before, page.years[1], "headnum")
    grid.put(0, growth, word("yoy", page.language), "headnum")
    grid.put(0, note, word("note", page.language), "headnote")
    for row, key in enumerate(ids, start=1):
        metric = metrics()[key]
        number = number_of(metric)
        figure = page.latest(key, page.this)
        change_of = page.review.get(f"{key}.yoy", page.this)
        pair = compared(figure, change_of)
        grid.put(row, title, label(metric, page.language), "name")
        grid.put(row, now, pair[0], f"strong.{number}")
        grid.put(row, before, pair[1], f"prior.{number}")
        grid.derive(
            row,
            growth,
            change_of.value,
            f"growth.{growth_of(metric)}",
            page.sheets,
            growth_way(metric, grid.ref(row, now), grid.ref(row, before)),
        )
        told = [page.note([figure])]
        if figure.defined and math.isnan(pair[1]):
            told += [page.note([change_of]), _whole_last_year(page, key, number)]
        grid.put(row, note, page.joint(told), "quietnote")


def _whole_last_year(page: Page, key: str, number: str) -> str | None:
    """Return last year's value as a labelled extra, where it is nothing to compare with."""
    before = page.latest(key, page.last)
    if not before.defined:
        return None
    return word("whole_last_year", page.language, year=page.years[1], value=spell(before.value, number))


def top10(page: Page) -> None:
    """The ten products with the most received amount, and what they are together."""
    grid = page.sheets.grid("review.top10", 2 + layout.TOP, 17, style="text")
    heads = {
        0: word("product", page.language),
        8: word("product_id", page.language),
        12: page.years[0],
        13: page.years[1] + (word("to_same_day", page.language) if page.is_running() else ""),
        14: word("yoy", page.language),
        16: word("share", page.language),
    }
    for column in range(17):
        grid.put(0, column, heads.get(column), "headnum" if column > 10 else "head")
    for number in range(layout.TOP):
        row = 1 + number
        if number >= len(page.review.top_products):
            _no_product(grid, row, "value", "share")
            continue
        product = page.review.top_products[number]
        grid.put(row, 0, f"{number + 1}  {shorten(product.name, 84)}", "text")
        grid.put(row, 8, product.product_id, "quiet")
        now = grid.put(row, 12, product.amount, "value.money")
        before = grid.put(row, 13, product.prior, "prior.money")
        grid.derive(
            row,
            14,
            float(change(product.amount, product.prior)),
            _SALES_GROWTH,
            page.sheets,
            ("YOY_GROWTH({0},{1})", (now, before)),
        )
        grid.put(row, 16, product.share, "share.pct1")
    _top10_total(page, grid)


def _no_product(grid: Grid, row: int, value: str, share: str) -> None:
    looks = {8: "quiet", 12: f"{value}.money", 13: "prior.money", 14: _SALES_GROWTH, 16: f"{share}.pct1"}
    for column, look in looks.items():
        grid.put(row, column, None, look)


def _top10_total(page: Page, grid: Grid) -> None:
    row, products = 1 + layout.TOP, page.review.top_products
    grid.put(row, 0, word("total", page.language), "name")
    if not products:
        _no_product(grid, row, "strong", "strong")
        return
    known = not any(math.isnan(each.prior) for each in products)
    grid.put(row, 8, None if known else basis_text(Basis.of(Kind.NO_BASE), page.language), "quiet")
    now, before = (
        math.fsum(each.amount for each in products),
        math.fsum(each.prior for each in products),
    )
    share = page.review.get("top10_share", page.this).value
    for column, value, look in (
        (12, now, "strong.money"),
        (13, before, "prior.money"),
        (16, share, "strong.pct1"),
    ):
        total = ("SUM({0})", (grid.ref(1, column, len(products), 1),))
        grid.derive(row, column, value, look, page.sheets, total)
    growth = ("YOY_GROWTH({0},{1})", (grid.ref(row, 12), grid.ref(row, 13)))
    grid.derive(row, 14, float(change(now, before)), _SALES_GROWTH, page.sheets, growth)


def quarter_lines(page: Page) -> None:
    """TOP10 share and keywords on page 1, by quarter, this year and last."""
    _by_quarter(page, "review.top10_share", "top10_share", 9, 1)
    _by_quarter(page, "review.keyword_pages", "keyword_first_page", 8, 3)


def _by_quarter(page: Page, name: str, metric: str, width: int, first: int) -> None:
    grid = page.sheets.grid(name, 3, width, style="text")
    number = number_of(metrics()[metric])
    for column in range(width):
        grid.put(0, column, None, "headnum")
    grid.put(0, 0, word("year", page.language), "head")
    for quarter in range(4):
        text = f"Q{quarter + 1}"
        grid.put(0, first + quarter, text, "headnum")
    grid.put(0, first + 4, word("whole_year", page.language), "headnum")
    for row, (year, shown) in enumerate(zip((page.this, page.last), page.years, strict=True), start=1):
        look = "value" if row == 1 else "prior"
        grid.put(row, 0, shown, "text" if row == 1 else "quiet")
        for quarter in range(4):
            value = page.review.get(metric, f"{year}-Q{quarter + 1}").value
            grid.put(row, first + quarter, value, f"{look}.{number}")
        value = page.review.get(metric, year).value
        grid.put(row, first + 4, value, f"{'strong' if row == 1 else 'prior'}.{number}")


def keywords(page: Page) -> None:
    """Up to fifteen core words that moved most, best first."""
    grid = page.sheets.grid("review.keywords", 1 + layout.WORDS, 8, style="text")
    heads = {0: "word", 4: "first_rank", 5: "last_rank", 6: "rank_change", 7: "note"}
    for column in range(8):
        text = word(heads[column], page.language) if column in heads else None
        grid.put(0, column, text, "headnum" if column in (4, 5, 6) else "headnote" if column == 7 else "head")
    found = [
        figure
        for figure in page.review
        if figure.metric == "keyword_rank_change" and figure.period == page.this
    ]
    found.sort(key=lambda each: (not each.defined, -abs(each.value) if each.defined else 0.0, each.dimension))
    found = found[: layout.WORDS]
    found.sort(key=lambda each: (not each.defined, -each.value if each.defined else 0.0, each.dimension))
    for number in range(layout.WORDS):
        row = 1 + number
        grid.put(row, 7, None, "quietnote")
        if number >= len(found):
            for column, look in ((4, "prior.int"), (5, "value.int"), (6, "growth.places.higher")):
                grid.put(row, column, None, look)
            continue
        figure = found[number]
        grid.put(row, 0, shorten(_dimension(figure.dimension, "keyword"), 40), "text")
        ranks = figure.basis.numbers(Kind.RANKS) or figure.basis.numbers(Kind.ONE_CHECK) or (math.nan,)
        start = grid.put(row, 4, ranks[0], "prior.int")
        end = grid.put(row, 5, ranks[-1], "value.int")
        grid.derive(row, 6, figure.value, "growth.places.higher", page.sheets, ("{0}-{1}", (start, end)))
        if not figure.defined:
            grid.put(row, 7, basis_text(figure.basis, page.language), "quietnote")


def head(page: Page) -> None:
    """Title and note of the sheet."""
    grid = page.sheets.grid("review.head", 2, 17)
    grid.put(0, 0, None, "pagetitle")
    grid.put(1, 0, word("review_note", page.language), "pagenote")


def chart_titles(page: Page) -> None:
    """The titles of the charts; each chart's title is one of these cells, covered by the charts."""
    grid = page.sheets.grid("review.chart_titles", len(core()), 1)
    for row, indicator in enumerate(core()):
        grid.put(row, 0, months_title(page, indicator.metric), "under")


def months_title(page: Page, metric: Metric) -> str:
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
