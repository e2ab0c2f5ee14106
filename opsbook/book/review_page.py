"""The blocks of the review sheet: months, quarters, customers, products, keywords."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from opsbook.book import layout
from opsbook.book.cells import Candidate, Grid, Sheets
from opsbook.book.formats import growth_of, number_of
from opsbook.book.model import Ref
from opsbook.book.words import months as month_names
from opsbook.book.words import word
from opsbook.functions.growth import change
from opsbook.metrics.catalogue import metrics
from opsbook.periods import month
from opsbook.review.indicators import Core, basis_text, core, label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from opsbook.language import Language
    from opsbook.metrics.catalogue import Metric
    from opsbook.metrics.figures import Figure, Review

MONTHS, QUARTERS, CUSTOMERS = "review.months", "review.quarters", "review.customers"
YEAR_COLUMN, YEAR_GROWTH, NOTE = 14, 15, 16
_FIRST = 2  # column of January
_CUSTOMER_METRICS = (
    "old_customer_repurchase_rate",
    "repeat_purchase_rate",
    "returning_revenue_share",
    "rev_per_buyer",
)
_SALES_GROWTH = "growth.growth.higher"
# The basis of a change of rank names both ranks: "rank 57 to 12", or "one check: rank 12".
_RANKS = re.compile(r"(?<=rank )\d+|(?<= to )\d+")
_PRODUCT_METRICS = ("zero_effect_share", "new_product_first_month_inquiries", "new_products")


def month_row(metric: str) -> int:
    """Return the row of this year's months; last year, YoY and PoP follow."""
    return 1 + 4 * _order(metric)


def quarter_row(metric: str) -> int:
    """Return the row of this year's quarters; last year follows."""
    return 2 + 2 * _order(metric)


def customer_row(metric: str) -> int:
    """Return the row of a metric in the table of customers."""
    return 1 + _CUSTOMER_METRICS.index(metric)


def _order(metric: str) -> int:
    return next(number for number, each in enumerate(core()) if each.metric.id == metric)


def _computable() -> list[Core]:
    """Return the core indicators so that each comes after those its formulas refer to."""
    return sorted(core(), key=lambda each: ("sum", "last", "").index(each.total))


class Page:
    """The review sheet in the making."""

    def __init__(self, review: Review, language: Language, sheets: Sheets) -> None:
        self.review = review
        self.language: Language = language
        self.sheets = sheets
        self.this = str(review.year)
        self.last = str(review.year - 1)
        self.years = (
            (word("year_of", language, year=self.this), word("year_of", language, year=self.last))
            if review.year
            else (word("this_year", language), word("last_year", language))
        )

    # -- months ---------------------------------------------------------------------------------------------

    def months(self) -> None:
        """Four lines for each core indicator: this year, last year, YoY and PoP by month."""
        grid = self.sheets.grid(MONTHS, 1 + 4 * len(core()), 17)
        for column, text in enumerate(
            [
                word("indicator", self.language),
                word("year", self.language),
                *month_names(self.language),
                word("whole_year", self.language),
                word("note", self.language),
                None,
            ]
        ):
            grid.put(0, column, text, "head" if column in (0, 1, 15, 16) else "headnum")
        for indicator in core():
            row = month_row(indicator.metric.id)
            kinds = (*self.years, word("yoy", self.language), word("pop", self.language))
            for offset, kind in enumerate(kinds):
                name = label(indicator.metric, self.language) if offset == 0 else None
                line = "" if offset == 3 else "line"  # a rule under the fourth line only
                grid.put(row + offset, 0, name, f"name{line}")
                grid.put(row + offset, 1, kind, "textline" if offset == 0 else f"quiet{line}")
                for column in (15, 16):
                    grid.put(row + offset, column, None, f"quiet{line}")
        for indicator in _computable():
            self._month_values(grid, indicator, 0)
            self._month_values(grid, indicator, 1)
        for indicator in core():
            self._month_growth(grid, indicator)

    def _month_values(self, grid: Grid, indicator: Core, offset: int) -> None:
        """Write months and year of this year (``offset`` 0) or the last (1)."""
        year = self.review.year - offset
        look, total = ("priorline", "priorline") if offset else ("valueline", "strongline")
        metric, row = indicator.metric, month_row(indicator.metric.id) + offset
        number = number_of(metric)
        for number_of_month in range(1, 13):
            column = _FIRST + number_of_month - 1
            figure = self.review.get(metric.id, f"{year}-{number_of_month:02d}")
            ways: list[Candidate | None] = [self._quotient(indicator, column, offset)]
            if indicator.total == "last":
                of = month_row("ta_amount") + offset
                ways.append(("SUM({0})", (Ref(MONTHS, of, _FIRST, 1, number_of_month),)))
            grid.derive(row, column, figure.value, f"{look}.{number}", self.sheets, *ways)
        figure = self._year_figure(metric.id, year)
        grid.derive(
            row,
            YEAR_COLUMN,
            figure.value,
            f"{total}.{number}",
            self.sheets,
            *self._totals(indicator, row, _FIRST, 12),
            self._quotient(indicator, YEAR_COLUMN, offset),
        )
        grid.put(row, 15, self._note([figure]), "quietline.indent")

    def _year_figure(self, metric: str, year: int) -> Figure:
        """Return the figure of the year; of a running total, that of its last month."""
        figure = self.review.get(metric, str(year))
        if not figure.defined:
            by_month = [self.review.get(metric, f"{year}-{number:02d}") for number in range(12, 0, -1)]
            if next(each for each in core() if each.metric.id == metric).total == "last":
                return next((each for each in by_month if each.defined), figure)
        return figure

    def _totals(self, indicator: Core, row: int, first: int, count: int) -> list[Candidate]:
        """Return the formulas that a total over some months may be."""
        known = [
            column
            for column in range(first, first + count)
            if not math.isnan(self.sheets.numbers(Ref(MONTHS, row, column))[0])
        ]
        if not known:
            return []
        if indicator.total == "last":
            return [("{0}", (Ref(MONTHS, row, known[-1]),))]
        if indicator.total != "sum":
            return []
        run = Ref(MONTHS, row, known[0], 1, known[-1] - known[0] + 1)
        return [("SUM({0})", (run,)), ("AGGREGATE(9,6,{0})", (run,))]

    def _quotient(self, indicator: Core, column: int, offset: int, block: str = MONTHS) -> Candidate | None:
        if not indicator.parts:
            return None
        row_of = month_row if block == MONTHS else quarter_row
        above, below = (Ref(block, row_of(part) + offset, column) for part in indicator.parts)
        return "{0}/{1}", (above, below)

    def _month_growth(self, grid: Grid, indicator: Core) -> None:
        metric, row = indicator.metric, month_row(indicator.metric.id)
        look, last_look = f"growthline.{growth_of(metric)}", f"growth.{growth_of(metric)}"
        yoy, pop = [], []
        for number in range(1, 13):
            column = _FIRST + number - 1
            period = f"{self.this}-{number:02d}"
            now = Ref(MONTHS, row, column)
            year_before = Ref(MONTHS, row + 1, column)
            before = Ref(MONTHS, row, column - 1) if number > 1 else Ref(MONTHS, row + 1, _FIRST + 11)
            yoy.append(self.review.get(f"{metric.id}.yoy", period))
            grid.derive(row + 2, column, yoy[-1].value, look, self.sheets, _growth(metric, now, year_before))
            if indicator.total == "last":  # a running total against the month before says nothing
                grid.put(row + 3, column, None, last_look)
                continue
            pop.append(self.review.get(f"{metric.id}.pop", period))
            way = _growth(metric, now, before, "MOM_GROWTH")
            grid.derive(row + 3, column, pop[-1].value, last_look, self.sheets, way)
        whole = self.review.get(f"{metric.id}.yoy", self.this)
        grid.derive(
            row + 2,
            YEAR_COLUMN,
            whole.value,
            look,
            self.sheets,
            _growth(metric, Ref(MONTHS, row, YEAR_COLUMN), Ref(MONTHS, row + 1, YEAR_COLUMN)),
            *self._same_months(indicator, _FIRST),
        )
        grid.put(row + 3, YEAR_COLUMN, None, "value")
        grid.put(row + 2, 15, self._note([*yoy, whole]), "quietline.indent")
        grid.put(row + 3, 15, self._note(pop) if pop else None, "quietnote")

    def _same_months(self, indicator: Core, first: int) -> list[Candidate]:
        """Return the formulas for a running period against the same months of last year, longest first."""
        row_of = month_row
        found: list[Candidate] = []
        for count in range(11, 0, -1):
            if indicator.total == "sum":
                row = row_of(indicator.metric.id)
                runs = tuple(Ref(MONTHS, row + offset, first, 1, count) for offset in (0, 1))
                found.append(("YOY_GROWTH(SUM({0}),SUM({1}))", runs))
            elif indicator.parts:
                runs = tuple(
                    Ref(MONTHS, row_of(part) + offset, first, 1, count)
                    for offset in (0, 1)
                    for part in indicator.parts
                )
                found.append(("PP_CHANGE(SUM({0})/SUM({1}),SUM({2})/SUM({3}))", runs))
        return found

    def _note(self, figures: Iterable[Figure]) -> str | None:
        """Return why some of the figures are empty, or how they were got; once each, two at most."""
        known = [
            figure
            for figure in figures
            if (figure.metric, figure.period, figure.dimension) in self.review.figures
        ]
        if not known:
            return basis_text("no source", self.language) if self.review.figures else None
        empty = [figure for figure in known if not figure.defined]
        growth = known[0].metric.endswith((".yoy", ".pop"))
        told = list(dict.fromkeys(figure.basis for figure in empty))
        if growth:
            told += [figure.basis for figure in known if figure.defined and figure.basis.startswith("same ")][
                :1
            ]
        else:
            told = told or [known[-1].basis]
        texts = [basis_text(basis.partition(", percentage")[0], self.language) for basis in told[:2]]
        return ("；" if self.language == "zh" else "; ").join(texts) or None

    # -- quarters -------------------------------------------------------------------------------------------

    def quarters(self) -> None:
        """Two lines for each core indicator: quarters and year with YoY and PoP, and last year."""
        grid = self.sheets.grid(QUARTERS, 2 + 2 * len(core()), 17)
        for number in range(4):
            grid.put(0, 2 + 3 * number, word("quarter", self.language, number=number + 1), "headgroup.right")
            for offset, key in enumerate(("value", "yoy", "pop")):
                grid.put(1, 2 + 3 * number + offset, word(key, self.language), "headnum")
        grid.put(0, YEAR_COLUMN, word("whole_year", self.language), "headgroup.right")
        for column, key, look in (
            (0, "indicator", "head"),
            (1, "year", "head"),
            (YEAR_COLUMN, "value", "headnum"),
            (YEAR_GROWTH, "yoy", "headnum"),
            (NOTE, "note", "headnote"),
        ):
            grid.put(1, column, word(key, self.language), look)
        for indicator in core():
            row = quarter_row(indicator.metric.id)
            grid.put(row, 0, label(indicator.metric, self.language), "nameline")
            grid.put(row + 1, 0, None, "text")
            for offset, year in enumerate(self.years):
                grid.put(row + offset, 1, year, "quietline" if offset == 0 else "quiet")
        for indicator in _computable():
            self._quarter_values(grid, indicator)
        for indicator in core():
            self._quarter_growth(grid, indicator)

    def _quarter_figure(self, indicator: Core, year: int, quarter: int, suffix: str = "") -> Figure:
        figure = self.review.get(indicator.metric.id + suffix, f"{year}-Q{quarter}")
        if indicator.total == "last" and not figure.defined and suffix != ".pop":
            return self.review.get(indicator.metric.id + suffix, f"{year}-{3 * quarter:02d}")
        return figure

    def _quarter_values(self, grid: Grid, indicator: Core) -> None:
        metric, number = indicator.metric, number_of(indicator.metric)
        for offset, year in enumerate((self.review.year, self.review.year - 1)):
            row, months_of = quarter_row(metric.id) + offset, month_row(metric.id) + offset
            look = "valueline" if offset == 0 else "prior"
            for quarter in range(4):
                grid.derive(
                    row,
                    2 + 3 * quarter,
                    self._quarter_figure(indicator, year, quarter + 1).value,
                    f"{look}.{number}",
                    self.sheets,
                    *self._totals(indicator, months_of, _FIRST + 3 * quarter, 3),
                    self._quotient(indicator, 2 + 3 * quarter, offset, QUARTERS),
                )
                if offset:
                    grid.put(row, 3 + 3 * quarter, None, "value")
                    grid.put(row, 4 + 3 * quarter, None, "value")
            figure = self._year_figure(metric.id, year)
            grid.derive(
                row,
                YEAR_COLUMN,
                figure.value,
                f"{'strongline' if offset == 0 else 'prior'}.{number}",
                self.sheets,
                ("{0}", (Ref(MONTHS, months_of, YEAR_COLUMN),)),
            )
            if offset:
                grid.put(row, YEAR_GROWTH, None, "value")
            grid.put(row, NOTE, self._note([figure]), "quietline.indent" if offset == 0 else "quietnote")

    def _quarter_growth(self, grid: Grid, indicator: Core) -> None:
        metric, row = indicator.metric, quarter_row(indicator.metric.id)
        look = f"growthline.{growth_of(metric)}"
        for quarter in range(4):
            column = 2 + 3 * quarter
            now = Ref(QUARTERS, row, column)
            before = Ref(QUARTERS, row, column - 3) if quarter else Ref(QUARTERS, row + 1, 11)
            yoy = self._quarter_figure(indicator, self.review.year, quarter + 1, ".yoy")
            pop = self._quarter_figure(indicator, self.review.year, quarter + 1, ".pop")
            grid.derive(
                row,
                column + 1,
                yoy.value,
                look,
                self.sheets,
                _growth(metric, now, Ref(QUARTERS, row + 1, column)),
                *(self._same_months(indicator, _FIRST + 3 * quarter)[-2:]),
            )
            if indicator.total == "last":  # a running total only grows: no comparison with the quarter before
                grid.put(row, column + 2, None, "valueline")
            else:
                way = _growth(metric, now, before, "QOQ_GROWTH")
                grid.derive(row, column + 2, pop.value, look, self.sheets, way)
        grid.derive(
            row,
            YEAR_GROWTH,
            self.review.get(f"{metric.id}.yoy", self.this).value,
            look,
            self.sheets,
            ("{0}", (Ref(MONTHS, month_row(metric.id) + 2, YEAR_COLUMN),)),
        )

    # -- year against year ----------------------------------------------------------------------------------

    def customers(self) -> None:
        """Returning customers: this year, last year, change."""
        self._pairs(CUSTOMERS, _CUSTOMER_METRICS, (0, 1, 2, 3, 4), 9)

    def products(self) -> None:
        """Product health: this year, last year, change."""
        self._pairs("review.products", _PRODUCT_METRICS, (0, 3, 4, 5, 6), 8)

    def _pairs(self, name: str, ids: tuple[str, ...], columns: tuple[int, ...], width: int) -> None:
        grid = self.sheets.grid(name, 1 + len(ids), width, style="text")
        title, now, before, growth, note = columns
        for column in range(width):
            grid.put(0, column, None, "head")
        grid.put(0, title, word("indicator", self.language), "head")
        grid.put(0, now, self.years[0], "headnum")
        grid.put(0, before, self.years[1], "headnum")
        grid.put(0, growth, word("yoy", self.language), "headnum")
        grid.put(0, note, word("note", self.language), "headnote")
        for row, key in enumerate(ids, start=1):
            metric = metrics()[key]
            number = number_of(metric)
            figures = [self.latest(key, year) for year in (self.this, self.last)]
            change_of = self.review.get(f"{key}.yoy", self.this)
            grid.put(row, title, label(metric, self.language), "name")
            grid.put(row, now, figures[0].value, f"strong.{number}")
            grid.put(row, before, figures[1].value, f"prior.{number}")
            grid.derive(
                row,
                growth,
                change_of.value,
                f"growth.{growth_of(metric)}",
                self.sheets,
                _growth(metric, grid.ref(row, now), grid.ref(row, before)),
            )
            grid.put(row, note, self._note([figures[0]]), "quietnote")

    def latest(self, metric: str, year: str) -> Figure:
        """Return the figure of the year, or the newest of a shorter period inside it (snapshots)."""
        figure = self.review.get(metric, year)
        if (metric, year, "") in self.review.figures:
            return figure
        inside = [
            each
            for key, each in self.review.figures.items()
            if key[0] == metric and key[1].startswith(f"{year}-")
        ]
        return max(inside, key=lambda each: each.period, default=figure)

    # -- products and keywords ------------------------------------------------------------------------------

    def top10(self) -> None:
        """The ten products with the most received amount, and what they are together."""
        grid = self.sheets.grid("review.top10", 2 + layout.TOP, 17, style="text")
        heads = {
            0: word("product", self.language),
            8: word("product_id", self.language),
            12: self.years[0],
            13: self.years[1],
            14: word("yoy", self.language),
            16: word("share", self.language),
        }
        for column in range(17):
            grid.put(0, column, heads.get(column), "headnum" if column > 10 else "head")
        for number in range(layout.TOP):
            row = 1 + number
            if number >= len(self.review.top_products):
                self._no_product(grid, row, "value", "share")
                continue
            product = self.review.top_products[number]
            grid.put(row, 0, f"{number + 1}  {shorten(product.name, 84)}", "text")
            grid.put(row, 8, product.product_id, "quiet")
            now = grid.put(row, 12, product.amount, "value.money")
            before = grid.put(row, 13, product.prior, "prior.money")
            grid.derive(
                row,
                14,
                float(change(product.amount, product.prior)),
                _SALES_GROWTH,
                self.sheets,
                ("YOY_GROWTH({0},{1})", (now, before)),
            )
            grid.put(row, 16, product.share, "share.pct1")
        self._top10_total(grid)

    def _no_product(self, grid: Grid, row: int, value: str, share: str) -> None:
        looks = {12: f"{value}.money", 13: "prior.money", 14: _SALES_GROWTH, 16: f"{share}.pct1"}
        for column, look in looks.items():
            grid.put(row, column, None, look)

    def _top10_total(self, grid: Grid) -> None:
        row, products = 1 + layout.TOP, self.review.top_products
        grid.put(row, 0, word("total", self.language), "name")
        if not products:
            self._no_product(grid, row, "strong", "strong")
            return
        now, before = (
            math.fsum(each.amount for each in products),
            math.fsum(each.prior for each in products),
        )
        share = self.review.get("top10_share", self.this).value
        for column, value, look in (
            (12, now, "strong.money"),
            (13, before, "prior.money"),
            (16, share, "strong.pct1"),
        ):
            total = ("SUM({0})", (grid.ref(1, column, len(products), 1),))
            grid.derive(row, column, value, look, self.sheets, total)
        growth = ("YOY_GROWTH({0},{1})", (grid.ref(row, 12), grid.ref(row, 13)))
        grid.derive(row, 14, float(change(now, before)), _SALES_GROWTH, self.sheets, growth)

    def quarter_lines(self) -> None:
        """TOP10 share and keywords on page 1, by quarter, this year and last."""
        self._by_quarter("review.top10_share", "top10_share", 9, 1)
        self._by_quarter("review.keyword_pages", "keyword_first_page", 8, 3)

    def _by_quarter(self, name: str, metric: str, width: int, first: int) -> None:
        grid = self.sheets.grid(name, 3, width, style="text")
        number = number_of(metrics()[metric])
        for column in range(width):
            grid.put(0, column, None, "headnum")
        grid.put(0, 0, word("year", self.language), "head")
        for quarter in range(4):
            text = f"Q{quarter + 1}"
            grid.put(0, first + quarter, text, "headnum")
        grid.put(0, first + 4, word("whole_year", self.language), "headnum")
        for row, (year, shown) in enumerate(zip((self.this, self.last), self.years, strict=True), start=1):
            look = "value" if row == 1 else "prior"
            grid.put(row, 0, shown, "text" if row == 1 else "quiet")
            for quarter in range(4):
                value = self.review.get(metric, f"{year}-Q{quarter + 1}").value
                grid.put(row, first + quarter, value, f"{look}.{number}")
            value = self.review.get(metric, year).value
            grid.put(row, first + 4, value, f"{'strong' if row == 1 else 'prior'}.{number}")

    def keywords(self) -> None:
        """Up to fifteen core words that moved most, best first."""
        grid = self.sheets.grid("review.keywords", 1 + layout.WORDS, 8, style="text")
        heads = {0: "word", 4: "first_rank", 5: "last_rank", 6: "rank_change", 7: "note"}
        for column in range(8):
            text = word(heads[column], self.language) if column in heads else None
            grid.put(
                0, column, text, "headnum" if column in (4, 5, 6) else "headnote" if column == 7 else "head"
            )
        found = [
            figure
            for figure in self.review
            if figure.metric == "keyword_rank_change" and figure.period == self.this
        ]
        found.sort(
            key=lambda each: (not each.defined, -abs(each.value) if each.defined else 0.0, each.dimension)
        )
        found = found[: layout.WORDS]
        found.sort(key=lambda each: (not each.defined, -each.value if each.defined else 0.0, each.dimension))
        for number in range(layout.WORDS):
            row = 1 + number
            if number >= len(found):
                for column, look in ((4, "prior.int"), (5, "value.int"), (6, "growth.places.higher")):
                    grid.put(row, column, None, look)
                continue
            figure = found[number]
            grid.put(row, 0, shorten(_dimension(figure.dimension, "keyword"), 40), "text")
            ranks = [float(number) for number in _RANKS.findall(figure.basis)] or [math.nan]
            start = grid.put(row, 4, ranks[0], "prior.int")
            end = grid.put(row, 5, ranks[-1], "value.int")
            grid.derive(row, 6, figure.value, "growth.places.higher", self.sheets, ("{0}-{1}", (start, end)))
            if not figure.defined:
                grid.put(row, 7, basis_text(figure.basis, self.language), "quietnote")

    def head(self) -> None:
        """Title and note of the sheet."""
        grid = self.sheets.grid("review.head", 2, 17)
        grid.put(0, 0, None, "pagetitle")
        grid.put(1, 0, word("review_note", self.language), "pagenote")

    def chart_titles(self) -> None:
        """The titles of the charts; each chart's title is one of these cells, covered by the charts."""
        grid = self.sheets.grid("review.chart_titles", len(core()), 1)
        for row, indicator in enumerate(core()):
            text = label(indicator.metric, self.language)
            key = "chart" if self.review.year else "chart_empty"
            grid.put(row, 0, word(key, self.language, label=text, year=self.this), "under")

    def last_month(self) -> int:
        """Return the last whole month (1-12) of the year that the data cover, or 0."""
        if self.review.as_of:
            return sum(month(self.review.year, number).end <= self.review.as_of for number in range(1, 13))
        return max(
            (n for n in range(1, 13) if self.review.get("visitors", f"{self.this}-{n:02d}").defined),
            default=0,
        )


def _growth(metric: Metric, now: Ref, before: Ref, function: str = "YOY_GROWTH") -> Candidate:
    function = "PP_CHANGE" if metric.unit == "ratio" else function
    return f"{function}({{0}},{{1}})", (now, before)


def _dimension(text: str, key: str) -> str:
    return dict(part.partition("=")[::2] for part in text.split(";")).get(key, text)


def shorten(text: str, width: int) -> str:
    """Return the text cut to ``width`` half-width characters; a Chinese character counts two."""
    taken = 0
    for number, character in enumerate(text):
        taken += 2 if ord(character) > 0x2E7F else 1
        if taken > width:
            return text[: max(number - 1, 0)].rstrip() + "…"
    return text
