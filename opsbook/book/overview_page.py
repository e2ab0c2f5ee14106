"""The blocks of the overview: what the boss sees first. Its figures refer to the cells of the review sheet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from opsbook.book import layout
from opsbook.book.bridge_page import strip
from opsbook.book.chart_titles import write_titles
from opsbook.book.formats import growth_of, number_of
from opsbook.book.model import Chart, Ref, Scalar
from opsbook.book.page import ReportPage, compared, half_widths, shorten
from opsbook.book.review_page import months_chart
from opsbook.book.review_tables import months_title
from opsbook.book.section_table import SectionTable, cells
from opsbook.book.words import months, stage, word
from opsbook.domain.basis import Basis, Lack
from opsbook.domain.issues import Issue
from opsbook.domain.language import Language
from opsbook.domain.verdict import Verdict
from opsbook.metrics.catalogue import metrics
from opsbook.metrics.figures import Figure
from opsbook.params import Settings
from opsbook.review.basis_text import basis_text
from opsbook.review.indicators import CARDS as CARDS_SHOWN
from opsbook.review.indicators import core, label
from opsbook.schemas import schemas
from opsbook.sheets.overview_sheet import (
    BRIDGE,
    CARDS,
    CARDS_PER_LINE,
    CHARTS,
    FUNNEL,
    NOTES,
    TOP,
    TOP10,
)
from opsbook.sheets.overview_sheet import QUARTERS as QUARTER_LINES
from opsbook.sheets.review_sheet import CUSTOMERS, MONTHS, QUARTERS
from opsbook.sheets.review_sheet import TOP10 as PRODUCTS
from opsbook.sheets.sheet_list import head_of

CARDS_BLOCK = CARDS.name
_NOTE_WIDTH = 88
_NAMES = 3  # of the blank figures that are named for each thing that is missing
_RETURNS = ("ad_cost", "ad_roas", "ad_roi")  # values of the bridge's line


def overview(page: ReportPage, settings: Settings, issues: Sequence[Issue], *, demo: bool) -> None:
    """Write every block of the sheet; those of the review are there already."""
    head(page, settings, demo=demo)
    cards(page)
    chart_titles(page)
    funnel(page)
    top10(page)
    quarters(page)
    strip(page, settings)
    notes(page, issues)


def charts(language: Language) -> tuple[Chart, ...]:
    """Return the two charts, which are those of the review."""
    known = {each.metric.id: each for each in core()}
    return tuple(months_chart(f"overview_{key}", known[key], language) for key in CHARTS)


def head(page: ReportPage, settings: Settings, *, demo: bool) -> None:
    """Store, year, as-of date, and the mark of demonstration data."""
    language, review = page.language, page.review
    facts = {"year": review.year, "store": settings.store}
    store = "_store" if settings.store else ""
    declared = head_of("overview")
    grid = page.sheets.grid(declared.name, declared.rows, declared.width, style="subtitle")
    for column in range(declared.width):
        grid.put(0, column, None, "title")
    title = word(f"title{store}" if review.year else "title_empty", language, **facts)
    grid.put(0, declared.at("title"), title, "title")
    grid.put(0, declared.at("mark"), word("demo", language) if demo else None, "demo")
    if review.until and review.figures:
        text = word("as_of", language, as_of=review.until.isoformat(), prior=review.year - 1)
    else:
        text = word("no_data", language)
    grid.put(1, 0, text, "subtitle")


def cards(page: ReportPage) -> None:
    """Eight cards: the year, growth on last year, growth of the last whole month."""
    table = SectionTable(page.sheets, CARDS, page.language)
    for line in CARDS.lines:
        if line.endswith(" gap"):
            for column in CARDS.columns:
                table.put(CARDS.line(line), column.key, None, "blank")
    for number, key in enumerate(CARDS_SHOWN):
        of_line, place = divmod(number, CARDS_PER_LINE)
        _card(page, _Card(table, f"{of_line}", f"{place}"), key)


@dataclass(frozen=True)
class _Card:
    """A card: four lines of three cells."""

    table: SectionTable
    line: str
    place: str

    def put(self, line: str, part: str, value: Scalar, look: str) -> None:
        """Set a plain value."""
        self.table.put(CARDS.line(f"{self.line} {line}"), f"{self.place} {part}", value, look)

    def derive(self, line: str, part: str, value: float, look: str, ref: Ref) -> None:
        """Set a figure as a reference to where it comes from."""
        row, key = CARDS.line(f"{self.line} {line}"), f"{self.place} {part}"
        self.table.derive(row, key, value, ("{0}", (ref,)), look=look)


def _sources(key: str) -> tuple[Ref, Ref, Ref]:
    """Return the cells of the review with a metric's year, its growth, and last year."""
    if key in {each.metric.id for each in core()}:
        this, last = (QUARTERS.line(f"{key}{line}") for line in ("", " last"))
        return cells(QUARTERS, this, "whole"), cells(QUARTERS, this, "yoy"), cells(QUARTERS, last, "whole")
    row = CUSTOMERS.line(key)
    return cells(CUSTOMERS, row, "now"), cells(CUSTOMERS, row, "yoy"), cells(CUSTOMERS, row, "before")


def _card(page: ReportPage, card: _Card, key: str) -> None:
    language, review = page.language, page.review
    metric = metrics()[key]
    number, growth = number_of(metric), growth_of(metric, arrow=True)
    figure = page.latest(key, page.this)
    yoy = review.get(f"{key}.yoy", page.this)
    now, base = compared(figure, yoy)
    text = label(metric, language)
    if now != figure.value and figure.defined:  # a running month is in the figure, and not compared
        text += word("of_span", language, span=page.span())
    card.put("label", "word", text, "cardlabel")
    of_year, of_growth, of_base = _sources(key)
    card.derive("value", "word", now, f"card.{number}", of_year)
    card.put("yoy", "word", _proven(page, key, page.this, "yoy"), "cardword")
    card.derive("yoy", "growth", yoy.value, f"cardgrowth.{growth}", of_growth)
    note = f"cardnote.{number}.lastyear"
    if math.isnan(base):
        card.put("yoy", "note", _reason(page, (yoy if figure.defined else figure).basis), note)
    else:
        card.derive("yoy", "note", base, note, of_base)
    _card_month(page, card, key)


def unproven_words(language: Language) -> list[str]:
    """Return the words of a card that say that a change is not proven, or not judged."""
    return [
        word(f"{against}_{said}", language) for against in ("yoy", "pop") for said in ("unproven", "unjudged")
    ]


def _proven(page: ReportPage, metric: str, period: str, against: str) -> str:
    """Return the word for a change, with a mark where it is not proven, or cannot be judged."""
    said = page.review.verdict(metric, period, against=against)
    if said.proven or not page.review.get(f"{metric}.{against}", period).defined:
        return word(against, page.language)
    return word(f"{against}_{'unproven' if said is Verdict.TOO_FEW else 'unjudged'}", page.language)


def _card_month(page: ReportPage, card: _Card, key: str) -> None:
    """Write the growth of the last whole month; a metric without months has none."""
    language = page.language
    metric, last = metrics()[key], page.last_month()
    look = f"cardgrowth.{growth_of(metric, arrow=True)}"
    if "month" not in metric.grains:
        for part, style in (("word", "cardword"), ("growth", look), ("note", "cardnote")):
            card.put("month", part, None, style)
        return
    period = f"{page.this}-{last:02d}"
    pop = page.review.get(f"{key}.pop", period)
    card.put("month", "word", _proven(page, key, period, "pop"), "cardword")
    text = None
    card.put("month", "growth", None, look)
    if last:
        names = months(language)
        card.derive("month", "growth", pop.value, look, cells(MONTHS, MONTHS.line(f"{key} pop"), f"m{last}"))
        text = word("month_pop", language, month=names[last - 1], before=names[last - 2])
        if not pop.defined:
            text = _reason(page, pop.basis)
    card.put("month", "note", text, "cardnote")


def _reason(page: ReportPage, basis: Basis) -> str | None:
    return basis_text(basis, page.language) if page.review.figures else None


def chart_titles(page: ReportPage) -> None:
    """The titles of the two charts, in cells that the charts cover."""
    write_titles(page, {f"overview_{key}": months_title(page, metrics()[key]) for key in CHARTS})


def funnel(page: ReportPage) -> None:
    """Impressions to orders: counts, growth, step rates, and how many of 10,000 impressions get there."""
    language, sheets = page.language, page.sheets
    headings = {"count": page.spanned(FUNNEL.heading_of("count", language))}
    table = SectionTable(sheets, FUNNEL, language, headings=headings)
    top = table.ref(1, "count")
    for row, key in enumerate(FUNNEL.lines, start=1):
        table.format(row, growth=growth_of(metrics()[key]))
        of_year, of_growth, _ = _sources(key)
        value = sheets.numbers(of_year)[0]
        table.put(row, "stage", stage(key, language))
        count = table.derive(row, "count", value, ("{0}", (of_year,)))
        table.derive(row, "yoy", page.review.get(f"{key}.yoy", page.this).value, ("{0}", (of_growth,)))
        if row > 1:
            before = table.number(row - 1, "count")
            step = value / before if before else math.nan
            table.derive(row, "step", step, ("{0}/{1}", (count, table.ref(row - 1, "count"))))
        most = table.number(1, "count")
        share = value / most * 10000 if most else math.nan
        table.derive(row, "per_10000", share, ("{0}/{1}*10000", (count, top)))
        size = math.log10(value) if value > 0 else math.nan
        table.derive(row, "log_bar", size, ("LOG10({0})", (count,)))


def top10(page: ReportPage) -> None:
    """The ten best-selling products in short."""
    table = SectionTable(page.sheets, TOP10, page.language)
    for row, product in enumerate(page.review.top_products[:TOP], start=1):
        table.put(row, "product", f"{row}  {shorten(product.name, 46)}")
        for key in ("now", "yoy", "share"):
            ref = cells(PRODUCTS, row, key)
            table.derive(row, key, page.sheets.numbers(ref)[0], ("{0}", (ref,)))


def quarters(page: ReportPage) -> None:
    """Eight indicators by quarter with YoY."""
    language = page.language
    groups = {
        f"q{number}": page.spanned(word("quarter", language, number=number), number) for number in range(1, 5)
    }
    groups["whole"] = page.spanned(word("whole_year", language))
    table = SectionTable(page.sheets, QUARTER_LINES, language, groups=groups)
    for row, key in enumerate(QUARTER_LINES.lines, start=1):
        metric = metrics()[key]
        table.format(row, number=number_of(metric), growth=growth_of(metric))
        table.put(row, "indicator", label(metric, language))
        for number, of in enumerate(groups, start=1):
            if of != "whole" and not page.begun(number, of_quarter=True):
                continue
            for at, source in ((of, of), (f"{of} yoy", "yoy" if of == "whole" else f"{of} yoy")):
                ref = cells(QUARTERS, QUARTERS.line(key), source)
                table.derive(row, at, page.sheets.numbers(ref)[0], ("{0}", (ref,)))


def notes(page: ReportPage, issues: Sequence[Issue]) -> None:
    """What to know about the data: open issues, missing sources, how to read the page."""
    language = page.language
    lines: list[str] = []
    if page.review.figures:
        stops = sum(issue.stops for issue in issues)
        sheet = layout.title("issues", language)
        lines += _fold(
            word("open_issues", language, stops=stops, others=len(issues) - stops, sheet=sheet)
            if issues
            else word("no_issues", language)
        )
        lines += _blanks(page, NOTES.rows - 1 - len(lines))
    lines = lines[: NOTES.rows - 1]
    lines += _fold(word("bound", language))
    table = SectionTable(page.sheets, NOTES, language)
    for row, text in enumerate(lines[: table.rows], start=1):
        table.put(row, "note", text)


def _blanks(page: ReportPage, room: int) -> list[str]:
    """Return a sentence for each thing that would fill blank figures of the page; what has no room is counted."""
    language = page.language
    sentences = []
    for thing, names in lacking(page).items():
        shown = ("、" if language == "zh" else ", ").join(names[:_NAMES])
        key = "lack" if len(names) <= _NAMES else "lack_more"
        sentences.append(word(key, language, thing=thing, names=shown, count=len(names)))
    if not sentences:
        return _fold(word("all_sources", language))
    for kept in range(len(sentences), 0, -1):
        left = len(sentences) - kept
        text = "".join(sentences[:kept]) + (word("lack_others", language, count=left) if left else "")
        if len(lines := _fold(text.strip())) <= room:
            return lines
    return _fold(word("lack_others", language, count=len(sentences)).strip())


def lacking(page: ReportPage) -> dict[str, list[str]]:
    """Return the names of the blank figures of the page by what would have to be given for them."""
    found: dict[str, list[str]] = {}
    language, review = page.language, page.review
    told = dict.fromkeys((*CARDS_SHOWN, *FUNNEL.lines, *QUARTER_LINES.lines, *_RETURNS))
    for key in told:
        figure, growth = page.latest(key, page.this), review.get(f"{key}.yoy", page.this)
        title = metrics()[key].title[language]
        if not figure.defined:
            thing = _thing(page, key, figure)
        else:
            thing = _thing(page, key, growth) if key not in _RETURNS and growth.basis.lack else None
            title = word("yoy_of", language, name=title)
        if thing:
            found.setdefault(thing, []).append(title)
    if not review.top_products:
        found.setdefault(_exports(page, ("orders",)), []).append("TOP10")
    change, money = (page.sheets.numbers(cells(BRIDGE, 1, key))[0] for key in ("change", "cny"))
    if math.isnan(money) and not math.isnan(change):
        found.setdefault(word("lack_rate", language), []).append(word("change_cny", language))
    return found


def _thing(page: ReportPage, key: str, figure: Figure) -> str | None:
    """Return what would fill a blank figure; None where nothing that one could give would."""
    if figure.basis.lack is Lack.MONTH:
        missing = [
            f"{page.this}-{number:02d}"
            for number in page.whole_months()
            if not page.review.get(key, f"{page.this}-{number:02d}").defined
        ]
        return word("lack_month", page.language, months=", ".join(missing)) if missing else None
    if figure.basis.lack is Lack.BASE:
        return word("lack_base", page.language, year=page.last)
    if figure.basis.lack:
        return word(f"lack_{figure.basis.lack}", page.language)
    known = any(name == key and period.startswith(page.this) for name, period, _ in page.review.figures)
    return None if known else _exports(page, metrics()[key].needs)


def _exports(page: ReportPage, kinds: Sequence[str]) -> str:
    titles = [schemas()[kind].title[page.language] for kind in kinds if kind in schemas()]
    return (" / " if page.language == "zh" else " or ").join(titles)


def _fold(text: str) -> list[str]:
    """Return the text in lines that the columns have room for; a Chinese character counts two."""
    lines, line, taken = [], "", 0
    for piece in text.replace("、", "、\0").replace("；", "；\0").replace(" ", " \0").split("\0"):
        width = half_widths(piece)
        if taken + width > _NOTE_WIDTH and line:
            lines.append(line.rstrip())
            line, taken = "", 0
        line, taken = line + piece, taken + width
    return [*lines, line]
