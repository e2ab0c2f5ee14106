"""The blocks of the overview: what the boss sees first. Its figures refer to the cells of the review sheet."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from opsbook.book import layout
from opsbook.book.formats import growth_of, number_of
from opsbook.book.model import Ref
from opsbook.book.page import (
    JANUARY,
    MONTHS,
    QUARTERS,
    YEAR_COLUMN,
    YEAR_GROWTH,
    compared,
    half_widths,
    month_row,
    quarter_row,
    shorten,
)
from opsbook.book.review_tables import CUSTOMERS, customer_row, months_title
from opsbook.book.words import months, stage, word
from opsbook.domain.basis import Basis, Lack
from opsbook.domain.verdict import Verdict
from opsbook.metrics.catalogue import metrics
from opsbook.review.basis_text import basis_text
from opsbook.review.indicators import CARDS, core, label
from opsbook.schemas import schemas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opsbook.book.cells import Grid
    from opsbook.book.page import Page
    from opsbook.domain.issues import Issue
    from opsbook.domain.language import Language
    from opsbook.metrics.figures import Figure
    from opsbook.params import Settings

CARDS_BLOCK = "overview.cards"
QUARTER_LINES = (
    "visitors",
    "inquiries",
    "tm_buyers",
    "lead_rate",
    "ta_orders",
    "ta_amount",
    "aov",
    "ad_cpc",
)
FUNNEL = ("total_impressions", "visitors", "lead_buyers", "ta_orders")
CHARTS = ("ta_amount", "visitors")
_NOTE_LINES, _NOTE_WIDTH = 4, 88
_NAMES = 3  # of the blank figures that are named for each thing that is missing
_RETURNS = ("ad_cost", "ad_roas", "ad_roi")  # values of the bridge's line


def head(page: Page, settings: Settings, *, demo: bool) -> None:
    """Store, year, as-of date, and the mark of demonstration data; also the title of the review sheet."""
    language, review = page.language, page.review
    facts = {"year": review.year, "store": settings.store}
    store = "_store" if settings.store else ""
    grid = page.sheets.grid("overview.head", 2, 13, style="subtitle")
    for column in range(13):
        grid.put(0, column, None, "title")
    grid.put(0, 0, word(f"title{store}" if review.year else "title_empty", language, **facts), "title")
    grid.put(0, 12, word("demo", language) if demo else None, "demo")
    if review.until and review.figures:
        text = word("as_of", language, as_of=review.until.isoformat(), prior=review.year - 1)
    else:
        text = word("no_data", language)
    grid.put(1, 0, text, "subtitle")
    review_head = page.sheets.grids["review.head"]
    title = (
        word(f"review_title{store}", language, **facts)
        if review.year
        else word("review_title_empty", language)
    )
    review_head.put(0, 0, title, "pagetitle")
    review_head.put(0, 16, word("demo", language) if demo else None, "demoplain")


def cards(page: Page) -> None:
    """Eight cards: the year, growth on last year, growth of the last whole month."""
    grid = page.sheets.grid(CARDS_BLOCK, 2 * layout.CARD_ROWS - 1, 13)
    for number, key in enumerate(CARDS):
        line, place = divmod(number, 4)
        _card(page, grid, key, line * layout.CARD_ROWS, layout.CARD_COLUMNS[place])


def _card(page: Page, grid: Grid, key: str, row: int, column: int) -> None:
    language, review, sheets = page.language, page.review, page.sheets
    metric = metrics()[key]
    number, growth = number_of(metric), growth_of(metric, arrow=True)
    for offset in range(4):
        for step in range(3):
            grid.put(row + offset, column + step, None, "cardfill")
    grid.put(row, column, label(metric, language), "cardlabel")
    figure = page.latest(key, page.this)
    yoy = review.get(f"{key}.yoy", page.this)
    now, base = compared(figure, yoy)
    if now != figure.value and figure.defined:  # a running month is in the figure, and not compared
        grid.put(
            row, column, label(metric, language) + word("of_span", language, span=page.span()), "cardlabel"
        )
    if key in {each.metric.id for each in core()}:
        at, then = quarter_row(key), quarter_row(key) + 1
        refs = (
            Ref(QUARTERS, at, YEAR_COLUMN),
            Ref(QUARTERS, at, YEAR_GROWTH),
            Ref(QUARTERS, then, YEAR_COLUMN),
        )
    else:
        at = customer_row(key)
        refs = (Ref(CUSTOMERS, at, 1), Ref(CUSTOMERS, at, 3), Ref(CUSTOMERS, at, 2))
    grid.derive(row + 1, column, now, f"card.{number}", sheets, ("{0}", (refs[0],)))
    grid.put(row + 2, column, _proven(page, key, page.this, "yoy"), "cardword")
    grid.derive(row + 2, column + 1, yoy.value, f"cardgrowth.{growth}", sheets, ("{0}", (refs[1],)))
    note = f"cardnote.{number}.lastyear"
    if math.isnan(base):
        grid.put(row + 2, column + 2, _reason(page, (yoy if figure.defined else figure).basis), note)
    else:
        grid.derive(row + 2, column + 2, base, note, sheets, ("{0}", (refs[2],)))
    _card_month(page, grid, key, row + 3, column)


def unproven_words(language: Language) -> list[str]:
    """Return the words of a card that say that a change is not proven, or not judged."""
    return [
        word(f"{against}_{said}", language) for against in ("yoy", "pop") for said in ("unproven", "unjudged")
    ]


def _proven(page: Page, metric: str, period: str, against: str) -> str:
    """Return the word for a change, with a mark where it is not proven, or cannot be judged."""
    said = page.review.verdict(metric, period, against=against)
    if said.proven or not page.review.get(f"{metric}.{against}", period).defined:
        return word(against, page.language)
    return word(f"{against}_{'unproven' if said is Verdict.TOO_FEW else 'unjudged'}", page.language)


def _card_month(page: Page, grid: Grid, key: str, row: int, column: int) -> None:
    """Write the growth of the last whole month; a metric without months has none."""
    language = page.language
    metric, last = metrics()[key], page.last_month()
    look = f"cardgrowth.{growth_of(metric, arrow=True)}"
    if "month" not in metric.grains:
        grid.put(row, column, None, "cardword")
        grid.put(row, column + 1, None, look)
        grid.put(row, column + 2, None, "cardnote")
        return
    period = f"{page.this}-{last:02d}"
    pop = page.review.get(f"{key}.pop", period)
    grid.put(row, column, _proven(page, key, period, "pop"), "cardword")
    ref = Ref(MONTHS, month_row(key) + 3, JANUARY + last - 1)
    grid.derive(row, column + 1, pop.value, look, page.sheets, ("{0}", (ref,)))
    text = None
    if last:
        names = months(language)
        text = word("month_pop", language, month=names[last - 1], before=names[last - 2])
        if not pop.defined:
            text = _reason(page, pop.basis)
    grid.put(row, column + 2, text, "cardnote")


def _reason(page: Page, basis: Basis) -> str | None:
    return basis_text(basis, page.language) if page.review.figures else None


def chart_titles(page: Page) -> None:
    """The titles of the two charts, in cells that the charts cover."""
    grid = page.sheets.grid("overview.chart_titles", len(CHARTS), 1)
    for row, key in enumerate(CHARTS):
        grid.put(row, 0, months_title(page, metrics()[key]), "under")


def funnel(page: Page) -> None:
    """Impressions to orders: counts, growth, step rates, and how many of 10,000 impressions get there."""
    language, sheets = page.language, page.sheets
    grid = sheets.grid("overview.funnel", 1 + len(FUNNEL), 6, style="text")
    for column, key in enumerate(("stage", "count", "yoy", "step", "per_10000", "log_bar")):
        text = word(key, language) if key != "count" else page.spanned(word(key, language))
        grid.put(0, column, text, {0: "head", 5: "headnote"}.get(column, "headnum"))
    for row, key in enumerate(FUNNEL, start=1):
        at = quarter_row(key)
        value = sheets.numbers(Ref(QUARTERS, at, YEAR_COLUMN))[0]
        grid.put(row, 0, stage(key, language), "name")
        grid.derive(row, 1, value, "strong.int", sheets, ("{0}", (Ref(QUARTERS, at, YEAR_COLUMN),)))
        yoy = page.review.get(f"{key}.yoy", page.this).value
        grid.derive(
            row,
            2,
            yoy,
            f"growth.{growth_of(metrics()[key])}",
            sheets,
            ("{0}", (Ref(QUARTERS, at, YEAR_GROWTH),)),
        )
        if row == 1:
            grid.put(row, 3, None, "value.pct2")
        else:
            before = sheets.numbers(grid.ref(row - 1, 1))[0]
            step = value / before if before else math.nan
            ways = ("{0}/{1}", (grid.ref(row, 1), grid.ref(row - 1, 1)))
            grid.derive(row, 3, step, "value.pct2", sheets, ways)
        top = sheets.numbers(grid.ref(1, 1))[0]
        share = value / top * 10000 if top else math.nan
        ways = ("{0}/{1}*10000", (grid.ref(row, 1), grid.ref(1, 1)))
        grid.derive(row, 4, share, "value.mean", sheets, ways)
        size = math.log10(value) if value > 0 else math.nan
        grid.derive(row, 5, size, "logbar.mean", sheets, ("LOG10({0})", (grid.ref(row, 1),)))


def top10(page: Page) -> None:
    """The ten best-selling products in short."""
    language, sheets = page.language, page.sheets
    grid = sheets.grid("overview.top10", 1 + layout.TOP, 6, style="text")
    for column, key in enumerate(("product", "", "", "amount", "yoy", "share")):
        grid.put(0, column, word(key, language) if key else None, "headnum" if column > 2 else "head")
    source = sheets.grids["review.top10"]
    for row in range(1, 1 + layout.TOP):
        product = page.review.top_products[row - 1] if row <= len(page.review.top_products) else None
        grid.put(row, 0, f"{row}  {shorten(product.name, 46)}" if product else None, "text")
        for column, of, look in (
            (3, 12, "value.money"),
            (4, 14, "growth.growth.higher"),
            (5, 16, "share.pct1"),
        ):
            if product is None:
                grid.put(row, column, None, look)
                continue
            value = sheets.numbers(source.ref(row, of))[0]
            grid.derive(row, column, value, look, sheets, ("{0}", (source.ref(row, of),)))


def quarters(page: Page) -> None:
    """Eight indicators by quarter with YoY."""
    language, sheets = page.language, page.sheets
    grid = sheets.grid("overview.quarters", 2 + len(QUARTER_LINES), 13)
    spans = [
        (column, page.spanned(word("quarter", language, number=number), number))
        for number, column in enumerate((2, 4, 7, 9), start=1)
    ]
    spans.append((11, page.spanned(word("whole_year", language))))
    for column in range(13):
        grid.put(1, column, None, "head")
    grid.put(1, 0, word("indicator", language), "head")
    for column, text in spans:
        grid.put(0, column, text, "headgroup.right")
        grid.put(1, column, word("value", language), "headnum")
        grid.put(1, column + 1, word("yoy", language), "headnum")
    for row, key in enumerate(QUARTER_LINES, start=2):
        metric = metrics()[key]
        for column in range(13):
            grid.put(row, column, None, "text")
        grid.put(row, 0, label(metric, language), "name")
        for number, (column, _) in enumerate(spans):
            of = YEAR_COLUMN if number == 4 else 2 + 3 * number
            for step, look in (
                (0, f"{'strong' if number == 4 else 'value'}.{number_of(metric)}"),
                (1, f"growth.{growth_of(metric)}"),
            ):
                if number < 4 and not page.begun(number + 1, of_quarter=True):
                    grid.put(row, column + step, None, look)
                    continue
                ref = Ref(QUARTERS, quarter_row(key), of + step)
                grid.derive(row, column + step, sheets.numbers(ref)[0], look, sheets, ("{0}", (ref,)))


def notes(page: Page, issues: Sequence[Issue]) -> None:
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
        lines += _blanks(page, _NOTE_LINES - 1 - len(lines))
    lines = lines[: _NOTE_LINES - 1]
    lines += _fold(word("bound", language))
    grid = page.sheets.grid("overview.notes", _NOTE_LINES, 6)
    for row in range(_NOTE_LINES):
        grid.put(row, 0, lines[row] if row < len(lines) else None, "note")


def _blanks(page: Page, room: int) -> list[str]:
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


def lacking(page: Page) -> dict[str, list[str]]:
    """Return the names of the blank figures of the page by what would have to be given for them."""
    found: dict[str, list[str]] = {}
    language, review = page.language, page.review
    told = dict.fromkeys((*CARDS, *FUNNEL, *QUARTER_LINES, *_RETURNS))
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
    strip = page.sheets.grids["overview.bridge"]
    change, money = (page.sheets.numbers(strip.ref(1, column))[0] for column in (7, 9))
    if math.isnan(money) and not math.isnan(change):
        found.setdefault(word("lack_rate", language), []).append(word("change_cny", language))
    return found


def _thing(page: Page, key: str, figure: Figure) -> str | None:
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


def _exports(page: Page, kinds: Sequence[str]) -> str:
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
