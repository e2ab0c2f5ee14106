"""What the blocks of the report sheets share: the review, its years, notes, and where each indicator's rows are."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from opsbook.book.cells import KNOWN_SUM, Candidate, Sheets
from opsbook.book.model import ASIDE, Ref
from opsbook.book.section_table import cells
from opsbook.book.words import months, word
from opsbook.domain.basis import Basis, Kind
from opsbook.domain.language import Language
from opsbook.metrics.catalogue import Metric
from opsbook.periods import month, quarter, year
from opsbook.review.basis_text import basis_text
from opsbook.review.indicators import Core, core
from opsbook.sheets.review_sheet import MONTHS
from opsbook.sheets.sheet_parts import SheetSection

if TYPE_CHECKING:
    from opsbook.metrics.figures import Figure
    from opsbook.metrics.review import Review
    from opsbook.plan.annual_plan import Plan
    from opsbook.plan.row_merge import Standing

WIDE = 0x2E7F  # characters beyond are as wide as two


class ReportPage:
    """A report sheet in the making.

    Args:
        review: Figures.
        language: Of the book.
        sheets: Takes the blocks.
        plan: What the plan sheets are filled from.
        standing: Shared tables as they stand in the workbook, by block.
    """

    def __init__(
        self,
        review: Review,
        language: Language,
        sheets: Sheets,
        plan: Plan,
        standing: Mapping[str, Standing],
    ) -> None:
        self.review = review
        self.language: Language = language
        self.sheets = sheets
        self.plan = plan
        self.standing = standing
        self.this = str(review.year)
        self.last = str(review.year - 1)
        self.years = (
            (word("year_of", language, year=self.this), word("year_of", language, year=self.last))
            if review.year
            else (word("this_year", language), word("last_year", language))
        )

    def begun(self, number: int, *, of_quarter: bool = False) -> bool:
        """Whether the data reach into a month (or quarter) of the year; True when their end is not known."""
        if self.review.as_of is None or not self.review.year:
            return True
        period = (quarter if of_quarter else month)(self.review.year, number)
        return period.start <= self.review.as_of

    def last_month(self) -> int:
        """Return the last whole month (1-12) of the year that the data cover, or 0."""
        if self.review.as_of and self.review.year:
            if self.review.as_of >= year(self.review.year).end:
                return 12
            return sum(month(self.review.year, number).end <= self.review.as_of for number in range(1, 13))
        return max(
            (n for n in range(1, 13) if self.review.get("visitors", f"{self.this}-{n:02d}").defined),
            default=0,
        )

    def latest(self, metric: str, year_label: str) -> Figure:
        """Return the figure of the year, or the newest of a shorter period inside it (snapshots)."""
        figure = self.review.get(metric, year_label)
        if (metric, year_label, "") in self.review.figures:
            return figure
        inside = [
            each
            for key, each in self.review.figures.items()
            if key[0] == metric and key[1].startswith(f"{year_label}-")
        ]
        return max(inside, key=lambda each: each.period, default=figure)

    def year_figure(self, indicator: Core, of_year: int) -> Figure:
        """Return the figure of the year; of a running total, that of its last month."""
        figure = self.review.get(indicator.metric.id, str(of_year))
        if indicator.total != "last" or figure.defined:
            return figure
        months = (
            self.review.get(indicator.metric.id, f"{of_year}-{number:02d}") for number in range(12, 0, -1)
        )
        return next((each for each in months if each.defined), figure)

    def year_growth(self, indicator: Core) -> Figure:
        """Return the growth of the year on last year; of a running total, that of its last whole month."""
        figure = self.review.get(f"{indicator.metric.id}.yoy", self.this)
        if indicator.total != "last":
            return figure
        months = (
            self.review.get(f"{indicator.metric.id}.yoy", f"{self.this}-{number:02d}")
            for number in range(12, 0, -1)
        )
        return next((each for each in months if each.defined), figure)

    def whole_months(self, of_quarter: int = 0) -> range:
        """Return which months of the year (or of a quarter of it) the data cover whole: these can be compared."""
        first = 3 * of_quarter - 2 if of_quarter else 1
        return range(first, min(self.last_month(), first + 2 if of_quarter else 12) + 1)

    def is_running(self, of_quarter: int = 0) -> bool:
        """Whether only a part of the year (or of a quarter of it) is whole, so that only this part is compared."""
        if self.review.as_of is None or not self.review.year:
            return False
        return 0 < len(self.whole_months(of_quarter)) < (3 if of_quarter else 12)

    def span(self, of_quarter: int = 0) -> str:
        """Return the months that are compared of a running year or quarter, such as ``Jan-Sep``; empty for a whole one."""
        if not self.is_running(of_quarter):
            return ""
        whole = self.whole_months(of_quarter)
        first, last = whole[0], whole[-1]
        if self.language == "zh":
            return f"{first}–{last}月" if first < last else f"{first}月"
        names = months(self.language)
        return f"{names[first - 1]}–{names[last - 1]}" if first < last else names[first - 1]

    def spanned(self, text: str, of_quarter: int = 0) -> str:
        """Return a heading with the months that are compared as an aside."""
        span = self.span(of_quarter)
        return f"{text}{ASIDE}{span}" if span else text

    def note(self, figures: Iterable[Figure]) -> str | None:
        """Return why some of the figures are empty, or how they were got; once each, two at most."""
        known = [
            figure
            for figure in figures
            if (figure.metric, figure.period, figure.dimension) in self.review.figures
        ]
        if not known:
            return basis_text(Basis.of(Kind.NO_SOURCE), self.language) if self.review.figures else None
        told = list(dict.fromkeys(figure.basis for figure in known if not figure.defined))
        if known[0].metric.endswith((".yoy", ".pop")):
            told += [each.basis for each in known if each.defined and each.basis.has(Kind.SAME_MONTHS)][:1]
        else:
            told = told or [known[-1].basis]
        return self.joint(basis_text(basis.without(Kind.POINTS), self.language) for basis in told[:2])

    def joint(self, texts: Iterable[str | None]) -> str | None:
        """Return texts as one, each once; None where there is none."""
        known = dict.fromkeys(text for text in texts if text)
        return ("；" if self.language == "zh" else "; ").join(known) or None

    def totals(self, indicator: Core, row: int, first: int, count: int) -> list[Candidate]:
        """Return the formulas that a total over some months of a line may be.

        Args:
            indicator: Which tells how months add up.
            row: Of the table of months.
            first: First month, 1-12.
            count: How many months.
        """
        known = [
            month
            for month in range(first, first + count)
            if not math.isnan(self.sheets.numbers(cells(MONTHS, row, f"m{month}"))[0])
        ]
        if not known or not indicator.total:
            return []
        if indicator.total == "last":
            return [("{0}", (cells(MONTHS, row, f"m{known[-1]}"),))]
        run = cells(MONTHS, row, f"m{known[0]}", columns=known[-1] - known[0] + 1)
        return [("SUM({0})", (run,)), (KNOWN_SUM, (run,))]


def compared(figure: Figure, growth: Figure) -> tuple[float, float]:
    """Return the two values to print beside a growth: those that it was computed on.

    Without a base to compare with, that is the figure itself and no base at all.
    """
    return growth.pair or (figure.value, math.nan)


def computable() -> Sequence[Core]:
    """Return the core indicators so that each comes after those its formulas refer to."""
    return sorted(core(), key=lambda each: ("sum", "last", "").index(each.total))


def quotient(indicator: Core, section: SheetSection, key: str, line: str) -> Candidate | None:
    """Return the formula of a rate from its parts in the same column, or None.

    Args:
        indicator: The rate.
        section: Table of months or of quarters.
        key: Of the column.
        line: What the names of the lines end in: nothing for this year's.
    """
    if not indicator.parts:
        return None
    above, below = (cells(section, section.line(f"{part}{line}"), key) for part in indicator.parts)
    return "{0}/{1}", (above, below)


def growth_way(metric: Metric, now: Ref, before: Ref, function: str = "YOY_GROWTH") -> Candidate:
    """Return the formula of a change: in points for a rate, else relative."""
    function = "PP_CHANGE" if metric.unit == "ratio" else function
    return f"{function}({{0}},{{1}})", (now, before)


def half_widths(text: str) -> int:
    """Return the width of a text in half-width characters; a Chinese character counts two."""
    return sum(2 if ord(character) > WIDE else 1 for character in text)


def shorten(text: str, width: int) -> str:
    """Return the text cut to ``width`` half-width characters."""
    if half_widths(text) <= width:
        return text
    text = text[: width - 1]  # no character is narrower than a half
    while half_widths(text) > width - 1:
        text = text[:-1]
    return text.rstrip() + "…"
