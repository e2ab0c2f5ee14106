"""The sheet of work done: a part each for infrastructure, traffic, products and customers."""

from __future__ import annotations

import math

from opsbook.book.chart_titles import title_of, write_titles
from opsbook.book.formats import BIG, NUMBERS, growth_of, number_of
from opsbook.book.model import Chart, Series, SeriesRole
from opsbook.book.page import ReportPage, compared, growth_way, shorten
from opsbook.book.section_table import SectionTable, cells
from opsbook.book.sheet_head import sheet_head
from opsbook.book.words import word
from opsbook.domain.basis import Basis, Kind
from opsbook.domain.language import Language
from opsbook.functions.growth import change
from opsbook.metrics.catalogue import metrics
from opsbook.metrics.figures import Figure
from opsbook.params import Settings
from opsbook.review.basis_text import basis_text
from opsbook.review.indicators import label
from opsbook.review.work_parts import parts
from opsbook.sheets.sheet_list import section
from opsbook.sheets.work_sheet import AOV, CERTIFICATION, EFFECT_METRICS, GROUPS, KEY_ACCOUNTS

EFFECT = "verified_supplier_effect"
GROUP_METRIC = "aov_by_group"


def work(page: ReportPage, settings: Settings, *, demo: bool) -> None:
    """Write every block of the sheet."""
    sheet_head(page, "work", settings, page.review.year, demo=demo)
    for part in parts():
        indicators_table(page, f"work.{part.id}")
    _certification(page)
    _groups(page)
    _accounts(page)
    for part in parts():
        titles = {f"work_{metric}": quarters_title(page, metric) for metric in part.charts}
        if part.id == "customer":
            titles["work_aov"] = _groups_title(page)
        if titles:
            write_titles(page, titles)


def indicators_table(page: ReportPage, name: str) -> None:
    """Write two lines for each indicator of a section: this year with its change, last year.

    Args:
        page: Takes the block.
        name: Of the section; its lines are metrics.
    """
    declared = section(name)
    whole = page.spanned(word("whole_year", page.language))
    table = SectionTable(page.sheets, declared, page.language, headings={"whole": whole})
    for key in declared.lines[::2]:
        _lines(page, table, declared.line(key), key)


def _lines(page: ReportPage, table: SectionTable, row: int, key: str) -> None:
    metric = metrics()[key]
    table.format_group(row, number=number_of(metric), growth=growth_of(metric))
    table.put(row, "indicator", label(metric, page.language))
    figure, yoy = page.latest(key, page.this), page.review.get(f"{key}.yoy", page.this)
    pair = compared(figure, yoy)
    refs = []
    for offset, (year, shown) in enumerate(zip((page.this, page.last), page.years, strict=True)):
        table.put(row + offset, "year", shown)
        for quarter in range(1, 5):
            table.put(row + offset, f"q{quarter}", _of_quarter(page, key, year, quarter))
        refs.append(table.put(row + offset, "whole", pair[offset]))
    table.derive(row, "yoy", yoy.value, growth_way(metric, refs[0], refs[1]))
    table.put(row, "note", page.note([figure]))
    table.put(row + 1, "note", page.note([yoy]) if figure.defined else None)


def _of_quarter(page: ReportPage, key: str, year: str, quarter: int) -> float | None:
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


def _certification(page: ReportPage) -> None:
    """Six months before certification against six after, and what the peers did meanwhile."""
    table = SectionTable(page.sheets, CERTIFICATION, page.language)
    for row, key in enumerate(EFFECT_METRICS, start=1):
        metric = metrics()[key]
        growth = growth_of(metric)
        table.format(row, number=number_of(metric), growth=growth, change=growth.partition(".")[0])
        before, after, moved, season, net = (
            _effect(page, key, kind) for kind in (".before", ".after", "", ".control", ".net")
        )
        table.put(row, "indicator", label(metric, page.language))
        then, now = table.put(row, "before", before.value), table.put(row, "after", after.value)
        table.derive(row, "change", moved.value, growth_way(metric, now, then))
        table.fill(row, {"season": season.value, "net": net.value})
        told = next((each for each in (moved, net) if not each.defined), net)
        table.put(row, "note", page.note([told]))


def _effect(page: ReportPage, metric: str, suffix: str) -> Figure:
    """Return a figure of the latest certification; it is filed under the month of the event."""
    wanted = f"{EFFECT}{suffix}"
    found = [each for each in page.review if each.metric == wanted and each.dimension == f"metric={metric}"]
    return max(found, key=lambda each: each.period) if found else page.review.get(wanted, page.this)


def _accounts(page: ReportPage) -> None:
    """Key accounts by number: industry, size, stage, and what they bought; never who they are."""
    language = page.language
    table = SectionTable(page.sheets, KEY_ACCOUNTS, language)
    for row, account in enumerate(page.review.key_accounts[: table.rows], start=1):
        name = "ka_number" if account.number else "ka_none"
        table.put(row, "account", word(name, language, number=account.number))
        for key, text in (("industry", account.industry), ("size", account.size), ("stage", account.stage)):
            table.put(row, key, shorten(text, 14))
        table.put(row, "orders", account.orders)
        now, then = table.put(row, "now", account.amount), table.put(row, "before", account.prior)
        grown = float(change(account.amount, account.prior))
        table.derive(row, "yoy", grown, ("YOY_GROWTH({0},{1})", (now, then)))
    if not page.review.key_accounts and page.review.figures:
        table.put(1, "account", word("ka_empty", language))


def _groups(page: ReportPage) -> None:
    """Order value by group: through Trade Assurance or not, key accounts and others, new and returning."""
    headings = {"now": page.years[0], "before": page.years[1]}
    table = SectionTable(page.sheets, AOV, page.language, headings=headings)
    for key, title in GROUPS.items():
        row = AOV.line(key)
        now = page.review.get(GROUP_METRIC, page.this, f"group={key}")
        yoy = page.review.get(f"{GROUP_METRIC}.yoy", page.this, f"group={key}")
        table.put(row, "group", title[page.language])
        pair = compared(now, yoy)
        refs = (table.put(row, "now", pair[0]), table.put(row, "before", pair[1]))
        table.derive(row, "yoy", yoy.value, ("YOY_GROWTH({0},{1})", refs))
        told = [page.note([now]), page.note([yoy]) if now.defined and math.isnan(pair[1]) else None]
        table.put(row, "note", page.joint(told))


def quarters_title(page: ReportPage, key: str) -> str:
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


def no_data(page: ReportPage, text: str, basis: Basis) -> str:
    """Return the title of a chart that has nothing to show, with the reason."""
    reason = basis_text(basis, page.language) if page.review.figures else word("no_figures", page.language)
    return word("chart_nothing", page.language, label=text, reason=reason)


def _groups_title(page: ReportPage) -> str:
    text = word("chart_groups", page.language)
    found = [page.review.get(GROUP_METRIC, page.this, f"group={key}") for key in GROUPS]
    if any(each.defined for each in found):
        return text
    return no_data(page, text, found[0].basis)


def charts(language: Language) -> tuple[Chart, ...]:
    """Return the charts of the sheet: quarters of this year beside those of the last."""
    found = []
    for part in parts():
        table = section(f"work.{part.id}")
        for metric, form in part.charts.items():
            quarters = cells(table, 0, "q1", columns=4)
            this = table.line(metric)
            series = tuple(
                Series(cells(table, row, "year"), quarters, cells(table, row, "q1", columns=4), role)
                for row, role in ((this + 1, SeriesRole.PRIOR), (this, SeriesRole.ACTUAL))
            )
            shown = axis_format(metric, language)
            name = f"work_{metric}"
            found.append(Chart(name, "work", form, title_of(name), series, shown))
    names = cells(AOV, 1, "group", rows=len(GROUPS))
    series = tuple(
        Series(cells(AOV, 0, key), names, cells(AOV, 1, key, rows=len(GROUPS)), role)
        for key, role in (("before", SeriesRole.PRIOR), ("now", SeriesRole.ACTUAL))
    )
    return (
        *found,
        Chart("work_aov", "work", "column", title_of("work_aov"), series, BIG[language]),
    )


def axis_format(metric: str, language: Language) -> str:
    """Return the number format of a value axis."""
    number = number_of(metrics()[metric])
    shown = {"int": BIG[language], "money": BIG[language], "pct1": "0%", "pct2": "0.0%"}
    return shown.get(number, NUMBERS[number])
