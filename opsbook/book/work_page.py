"""The sheet of work done: a part each for infrastructure, traffic, products and customers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from opsbook.book import layout_annual as annual
from opsbook.book.formats import BIG, NUMBERS, growth_of, number_of
from opsbook.book.model import Chart, Ref, Role, Series
from opsbook.book.page import compared, growth_way, shorten
from opsbook.book.words import word
from opsbook.domain.basis import Basis, Kind
from opsbook.functions.growth import change
from opsbook.metrics.catalogue import metrics
from opsbook.review.basis_text import basis_text
from opsbook.review.indicators import label
from opsbook.review.work_parts import parts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from opsbook.book.cells import Grid
    from opsbook.book.page import Page
    from opsbook.domain.language import Language
    from opsbook.metrics.figures import Figure
    from opsbook.params import Settings

QUARTER, YEAR, CHANGE, NOTE, WIDTH = 2, 6, 7, 8, 12  # columns of the tables; notes run on to the right
EFFECT = "verified_supplier_effect"
EFFECT_METRICS = ("visitors", "lead_rate", "ta_amount")
GROUP_METRIC = "aov_by_group"
GROUPS = ("TA", "non-TA", "KA", "other", "new", "returning")


def work(page: Page, settings: Settings, *, demo: bool) -> None:
    """Write every block of the sheet."""
    head(page, "work", settings, demo=demo)
    for part in parts():
        indicators_table(page, f"work.{part.id}", part.metrics)
    _certification(page)
    _groups(page)
    _accounts(page)
    for part in parts():
        if part.charts:
            count = len(part.charts) + (part.id == "customer")
            grid = page.sheets.grid(f"work.{part.id}_chart_titles", count, 1)
            for row, metric in enumerate(part.charts):
                grid.put(row, 0, quarters_title(page, metric), "under")
            if part.id == "customer":
                grid.put(len(part.charts), 0, _groups_title(page), "under")


def head(page: Page, sheet: str, settings: Settings, *, demo: bool, width: int = WIDTH) -> None:
    """Write title and note of a sheet, and the mark of demonstration data at its right."""
    language = page.language
    grid = page.sheets.grid(f"{sheet}.head", 2, width)
    key = f"{sheet}_title" if page.review.year else f"{sheet}_title_empty"
    store = f"{settings.store} · " if settings.store and page.review.year else ""
    grid.put(0, 0, store + word(key, language, year=page.this), "pagetitle")
    grid.put(0, width - 1, word("demo", language) if demo else None, "demoplain")
    grid.put(1, 0, word(f"{sheet}_note", language), "pagenote")


def indicators_table(page: Page, name: str, ids: Iterable[str]) -> None:
    """Two lines for each indicator: this year with its change, last year."""
    ids = tuple(ids)
    language = page.language
    grid = page.sheets.grid(name, 1 + 2 * len(ids), WIDTH)
    heads = {0: word("indicator", language), 1: word("year", language)}
    heads[YEAR] = page.spanned(word("whole_year", language))
    heads |= {CHANGE: word("yoy", language), NOTE: word("note", language)}
    heads |= {QUARTER + number: f"Q{number + 1}" for number in range(4)}
    for column in range(WIDTH):
        look = {0: "head", 1: "head", NOTE: "headnote"}.get(column, "headnum")
        grid.put(0, column, heads.get(column), look)
    for at, key in enumerate(ids):
        _lines(page, grid, 1 + 2 * at, key)


def _lines(page: Page, grid: Grid, row: int, key: str) -> None:
    metric = metrics()[key]
    number = number_of(metric)
    grid.put(row, 0, label(metric, page.language), "nameline")
    grid.put(row + 1, 0, None, "text")
    figure, yoy = page.latest(key, page.this), page.review.get(f"{key}.yoy", page.this)
    pair = compared(figure, yoy)
    for offset, (year, shown) in enumerate(zip((page.this, page.last), page.years, strict=True)):
        grid.put(row + offset, 1, shown, "quiet" if offset else "quietline")
        look = "prior" if offset else "valueline"
        for quarter in range(4):
            value = _of_quarter(page, key, year, quarter + 1)
            grid.put(row + offset, QUARTER + quarter, value, f"{look}.{number}")
        grid.put(row + offset, YEAR, pair[offset], f"{'prior' if offset else 'strongline'}.{number}")
    way = growth_way(metric, grid.ref(row, YEAR), grid.ref(row + 1, YEAR))
    grid.derive(row, CHANGE, yoy.value, f"growthline.{growth_of(metric)}", page.sheets, way)
    grid.put(row + 1, CHANGE, None, "value")
    grid.put(row, NOTE, page.note([figure]), "quietline.indent")
    grid.put(row + 1, NOTE, page.note([yoy]) if figure.defined else None, "quietnote")
    for column in range(NOTE + 1, WIDTH):
        grid.put(row + 1, column, None, "quiet")


def _of_quarter(page: Page, key: str, year: str, quarter: int) -> float | None:
    """Return the figure of a quarter, or that of its last month; None where there is none by its nature."""
    if year == page.this and not page.begun(quarter, of_quarter=True):
        return None
    grains = metrics()[key].grains
    if "quarter" in grains:
        return page.review.get(key, f"{year}-Q{quarter}").value
    if "month" in grains:
        months = (page.review.get(key, f"{year}-{3 * quarter - back:02d}") for back in range(3))
        return next((each.value for each in months if each.defined), math.nan)
    return None


def _certification(page: Page) -> None:
    """Six months before certification against six after, and what the peers did meanwhile."""
    language = page.language
    grid = page.sheets.grid("work.certification", 1 + annual.EFFECTS, WIDTH, style="text")
    heads = (
        "indicator",
        "",
        "before",
        "after",
        "change",
        "peer_change",
        "net_effect",
        "",
        "note",
        "",
        "",
        "",
    )
    for column, key in enumerate(heads):
        look = "head" if column < 2 else "headnote" if column == NOTE else "headnum"
        grid.put(0, column, word(key, language) if key else None, look)
    for row, key in enumerate(EFFECT_METRICS, start=1):
        metric = metrics()[key]
        number, growth = number_of(metric), growth_of(metric)
        figures = [_effect(page, key, kind) for kind in (".before", ".after", "", ".control", ".net")]
        grid.put(row, 0, label(metric, language), "name")
        grid.put(row, 2, figures[0].value, f"prior.{number}")
        grid.put(row, 3, figures[1].value, f"value.{number}")
        grid.derive(
            row, 4, figures[2].value, f"value.{growth.partition('.')[0]}", page.sheets,
            growth_way(metric, grid.ref(row, 3), grid.ref(row, 2)),
        )  # fmt: skip
        grid.put(row, 5, figures[3].value, f"value.{growth.partition('.')[0]}")
        grid.put(row, 6, figures[4].value, f"growth.{growth}")
        told = next((each for each in (figures[2], figures[4]) if not each.defined), figures[4])
        grid.put(row, NOTE, page.note([told]), "quietnote")


def _effect(page: Page, metric: str, suffix: str) -> Figure:
    """Return a figure of the latest certification; it is filed under the month of the event."""
    wanted = f"{EFFECT}{suffix}"
    found = [each for each in page.review if each.metric == wanted and each.dimension == f"metric={metric}"]
    return max(found, key=lambda each: each.period) if found else page.review.get(wanted, page.this)


def _accounts(page: Page) -> None:
    """Key accounts by number: industry, size, stage, and what they bought; never who they are."""
    language = page.language
    grid = page.sheets.grid("work.key_accounts", 1 + annual.ACCOUNTS, WIDTH, style="text")
    heads = (
        "ka",
        "",
        "industry",
        "size",
        "ka_stage",
        "orders",
        "now_amount",
        "yoy",
        "base_amount",
        "",
        "",
        "",
    )
    for column, key in enumerate(heads):
        look = "headnum" if 5 <= column <= CHANGE else "headnote" if column == NOTE else "head"
        grid.put(0, column, word(key, language) if key else None, look)
    for row in range(1, 1 + annual.ACCOUNTS):
        looks = {
            5: "value.int",
            YEAR: "strong.money",
            CHANGE: "growth.growth.higher",
            NOTE: "prior.money.left.indent",
        }
        for column, look in looks.items():
            grid.put(row, column, None, look)
        if row > len(page.review.key_accounts):
            continue
        account = page.review.key_accounts[row - 1]
        name = "ka_number" if account.number else "ka_none"
        grid.put(row, 0, word(name, language, number=account.number), "text")
        for column, text in ((2, account.industry), (3, account.size), (4, account.stage)):
            grid.put(row, column, shorten(text, 14), "text")
        grid.put(row, 5, account.orders, looks[5])
        now = grid.put(row, YEAR, account.amount, looks[YEAR])
        then = grid.put(row, NOTE, account.prior, looks[NOTE])
        grown = float(change(account.amount, account.prior))
        grid.derive(row, CHANGE, grown, looks[CHANGE], page.sheets, ("YOY_GROWTH({0},{1})", (now, then)))
    if not page.review.key_accounts and page.review.figures:
        grid.put(1, 0, word("ka_empty", language), "text")


def _groups(page: Page) -> None:
    """Order value by group: through Trade Assurance or not, key accounts and others, new and returning."""
    language = page.language
    grid = page.sheets.grid("work.aov", 1 + annual.GROUPS, WIDTH, style="text")
    heads = {0: word("group", language), QUARTER: page.years[0], QUARTER + 1: page.years[1]}
    heads |= {QUARTER + 2: word("yoy", language), NOTE: word("note", language)}
    for column in range(WIDTH):
        look = "head" if column < 2 else "headnote" if column == NOTE else "headnum"
        grid.put(0, column, heads.get(column), look)
    for row, key in enumerate(GROUPS, start=1):
        now = page.review.get(GROUP_METRIC, page.this, f"group={key}")
        yoy = page.review.get(f"{GROUP_METRIC}.yoy", page.this, f"group={key}")
        grid.put(row, 0, word(f"group_{key.lower().replace('-', '_')}", language), "name")
        pair = compared(now, yoy)
        refs = (
            grid.put(row, QUARTER, pair[0], "strong.money"),
            grid.put(row, QUARTER + 1, pair[1], "prior.money"),
        )
        grid.derive(
            row, QUARTER + 2, yoy.value, "growth.growth.higher", page.sheets, ("YOY_GROWTH({0},{1})", refs)
        )
        told = [page.note([now]), page.note([yoy]) if now.defined and math.isnan(pair[1]) else None]
        grid.put(row, NOTE, page.joint(told), "quietnote")


def quarters_title(page: Page, key: str) -> str:
    """Return the title of a chart over quarters; one that would be empty says why."""
    text = label(metrics()[key], page.language)
    figures = [
        page.review.get(key, f"{year}-Q{number}") for year in (page.this, page.last) for number in range(1, 5)
    ]
    months = [
        _of_quarter(page, key, year, number) for year in (page.this, page.last) for number in range(1, 5)
    ]
    if any(value is not None and not math.isnan(value) for value in months):
        return word("chart_quarters", page.language, label=text, year=page.this)
    return no_data(page, text, next((each.basis for each in figures if each.basis), Basis.of(Kind.NO_SOURCE)))


def no_data(page: Page, text: str, basis: Basis) -> str:
    """Return the title of a chart that has nothing to show, with the reason."""
    reason = basis_text(basis, page.language) if page.review.figures else word("no_figures", page.language)
    return word("chart_nothing", page.language, label=text, reason=reason)


def _groups_title(page: Page) -> str:
    text = word("chart_groups", page.language)
    found = [page.review.get(GROUP_METRIC, page.this, f"group={key}") for key in GROUPS]
    if any(each.defined for each in found):
        return text
    return no_data(page, text, found[0].basis)


def charts(language: Language) -> tuple[Chart, ...]:
    """Return the charts of the sheet: quarters of this year beside those of the last."""
    found = []
    for part in parts():
        block = f"work.{part.id}"
        for place, (metric, form) in enumerate(part.charts.items()):
            row = 1 + 2 * part.metrics.index(metric)
            quarters = Ref(block, 0, QUARTER, 1, 4)
            series = tuple(
                Series(Ref(block, row + offset, 1), quarters, Ref(block, row + offset, QUARTER, 1, 4), role)
                for offset, role in ((1, Role.PRIOR), (0, Role.ACTUAL))
            )
            title = Ref(f"{block}_chart_titles", place, 0)
            shown = axis_format(metric, language)
            found.append(Chart(f"work_{metric}", "work", form, title, series, shown))
    names = Ref("work.aov", 1, 0, annual.GROUPS, 1)
    series = tuple(
        Series(Ref("work.aov", 0, column), names, Ref("work.aov", 1, column, annual.GROUPS, 1), role)
        for column, role in ((QUARTER + 1, Role.PRIOR), (QUARTER, Role.ACTUAL))
    )
    customer = next(part for part in parts() if part.id == "customer")
    title = Ref("work.customer_chart_titles", len(customer.charts), 0)
    return (*found, Chart("work_aov", "work", "column", title, series, BIG[language]))


def axis_format(metric: str, language: Language) -> str:
    """Return the number format of a value axis."""
    number = number_of(metrics()[metric])
    shown = {"int": BIG[language], "money": BIG[language], "pct1": "0%", "pct2": "0.0%"}
    return shown.get(number, NUMBERS[number])
