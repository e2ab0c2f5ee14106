"""What the parts of a slide are made from: figures, the plan, words, and the notes that gather on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from opsbook.book import layout
from opsbook.book.headlines import FactForm, Headline, plain_title, proof, spell
from opsbook.book.page import ReportPage
from opsbook.book.words import months
from opsbook.domain.language import Language, Text
from opsbook.metrics.catalogue import metrics
from opsbook.metrics.figures import Figure
from opsbook.params import Settings
from opsbook.plan.table_declarations import tables
from opsbook.review.basis_text import basis_text
from opsbook.review.indicators import definition, label
from opsbook.share.deck.slide_declarations import word
from opsbook.share.deck.slide_model import SlideCell, SlideInk

if TYPE_CHECKING:
    from opsbook.metrics.review import Review
    from opsbook.share.deck.workbook_cells import SharedTableRow, WorkbookCells

SHEETS = ("overview", "review", "work", "evidence")
"""Sheets that show figures of the review, in the order in which a reader looks."""
_TIMES = ("ad_roas",)
_DECIMALS = ("new_product_first_month_inquiries", "quality_score_lift")


@dataclass
class Talk:
    """A deck in the making.

    Attributes:
        page: Review, plan and what people wrote, in the language of the deck.
        settings: Values in force.
        cells: Where figures stand in the workbook.
        notes: Of the slide that is being made: a line a figure.
        sheets: Titles of the sheets that the slide's figures come from, in order.
    """

    page: ReportPage
    settings: Settings
    cells: WorkbookCells
    notes: dict[str, None] = field(default_factory=dict)
    sheets: dict[str, None] = field(default_factory=dict)

    @property
    def language(self) -> Language:
        """Language of the deck."""
        return self.page.language

    @property
    def review(self) -> Review:
        """The figures."""
        return self.page.review

    def word(self, key: str, **facts: object) -> str:
        """Return a word of deck.toml."""
        return word(key, self.language, **facts)

    def title(self, metric: str) -> str:
        """Return a metric's title without its unit, which stands with the figure."""
        return plain_title(metric)[self.language]

    def choice(self, block: str, row: SharedTableRow, column: str) -> str:
        """Return which of the choices a cell names, in English; empty for none."""
        of = tables()[block].column(column)
        number = of.choice(row.text(column))
        return "" if number is None else of.choices["en"][number]

    def cite(self, address: str) -> None:
        """Note that the slide shows something of a sheet."""
        if "!" in address:
            self.sheets[address.partition("!")[0]] = None

    def note(self, metric: str, figure: Figure, value: float, address: str = "") -> None:
        """Note where a figure of the catalogue comes from: sheet, cell, definition, sample.

        Args:
            metric: Of the catalogue.
            figure: It, for how it was got.
            value: What the slide shows.
            address: Where it stands; empty looks for it.
        """
        at = address or self.cells.of_figure(SHEETS, label(metrics()[metric], self.language), value)
        self.cite(at)
        parts = [f"{self.title(metric)} {value:,.6g} ← {at or 'opsbook values'}"]
        parts.append(self.word("note_definition", definition=definition(metrics()[metric], self.language)))
        if told := basis_text(figure.basis, self.language):
            parts.append(told)
        if self.review.get(f"{metric}.yoy", figure.period).defined:
            parts.append(proof(self.review, metric, figure.period)[self.language])
        self.notes[Text("；", "; ")[self.language].join(parts)] = None

    def note_rows(self, block: str, rows: Sequence[SharedTableRow], column: str) -> None:
        """Note which cells of a table of the workbook the words of the slide come from."""
        places = [self.cells.of_row(block, row, column) for row in rows]
        if places:
            self.cite(places[0])
            first, last = places[0], places[-1].rpartition("!")[2]
            run = first if len(places) == 1 else f"{first} … {last}"
            self.notes[self.word("note_people", cells=run)] = None

    def note_title(self, headline: Headline) -> None:
        """Note the exact figures of a title."""
        for fact in headline.facts.values():
            if fact.metric and isinstance(fact.value, float):
                where = f" [{fact.dimension}]" if fact.dimension else ""
                self.notes[
                    f"{fact.words(self.language)} = {fact.value:.10g} ({fact.metric}, {fact.period}{where})"
                ] = None

    def drain(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the notes and sheets gathered for a slide, and begin anew."""
        found = tuple(self.notes), tuple(self.sheets)
        self.notes, self.sheets = {}, {}
        return found


def form_of(metric: str) -> FactForm:
    """Return how values of a metric are spelled."""
    unit = metrics()[metric].unit
    if metric in _TIMES:
        return FactForm.TIMES
    if unit == "ratio":
        return FactForm.RATE
    if unit in ("USD", "CNY"):
        return FactForm.MONEY
    return FactForm.DECIMAL if unit in ("hours", "days", "score") or metric in _DECIMALS else FactForm.COUNT


def change_form(metric: str) -> FactForm:
    """Return how a change of a metric is spelled: of rates in points, of times in times, else relative."""
    if metric in _TIMES:
        return FactForm.SIGNED_TIMES
    return FactForm.SIGNED_POINTS if metrics()[metric].unit == "ratio" else FactForm.GROWTH


def shown(metric: str, value: float, language: Language) -> str:
    """Return a value of a metric as a slide shows it."""
    return spell(value, form_of(metric), metrics()[metric].unit, language)


def ink_of_change(review: Review, metric: str, period: str) -> SlideInk:
    """Return the colour of a change on last year: good or bad where it is proven, else grey."""
    said = review.verdict(metric, period)
    better = metrics()[metric].better
    if not said.proven or better == "none":
        return SlideInk.UNPROVEN
    return SlideInk.GOOD if (said.number > 0) is (better == "higher") else SlideInk.BAD


def head(talk: Talk, keys: Sequence[str], right: Sequence[str] = ()) -> tuple[SlideCell, ...]:
    """Return the headings of a table."""
    return tuple(
        SlideCell(talk.word(key) if key else "", SlideInk.QUIET, bold=True, right=key in right)
        for key in keys
    )


def more(talk: Talk, sheet: str) -> str:
    """Return the line that says how many rows found no room, with a place for their number."""
    return talk.word("more_rows", sheet=layout.title(sheet, talk.language))


def month_labels(language: Language) -> tuple[str, ...]:
    """Return the months as a chart names them; in Chinese the title says that they are months."""
    return tuple(str(number) for number in range(1, 13)) if language == "zh" else tuple(months(language))
