"""What the growth consists of, on the review sheet: by product, by customer, by market; each sums to the change."""

from __future__ import annotations

import math

from opsbook.book import waterfall
from opsbook.book.chart_titles import title_of, write_titles
from opsbook.book.formats import BIG
from opsbook.book.model import Chart
from opsbook.book.page import ReportPage
from opsbook.book.section_table import SectionTable, cells
from opsbook.book.words import word
from opsbook.book.work_page import no_data
from opsbook.domain.language import Language
from opsbook.functions.growth import change
from opsbook.metrics.figures import Figure
from opsbook.params.export_words import market_titles
from opsbook.sheets.review_sheet import SPLIT, SPLIT_DATA, SPLIT_MARKETS
from opsbook.sheets.review_sheet import SPLIT_WAYS as WAYS

METRIC = "growth_split"
_PERIODS = ("q1", "q2", "q3", "q4", "year")  # columns
_BY_CUSTOMER = "by=customer;part=kept"  # tells whether a period is split
_BASE = SPLIT.line("base")
Parts = dict[str, tuple[str, list[float]]]


def split(page: ReportPage) -> None:
    """Write the table, and what its three waterfalls draw."""
    language = page.language
    table = SectionTable(page.sheets, SPLIT, language, headings={"year": page.years[0]})
    base = [page.review.get(f"{METRIC}.base", period).value for period in _periods(page)]
    table.put(_BASE, "part", word("base_amount", language))
    _values(page, table, _BASE, base, "prior.money")
    table.put(_BASE, "note", page.note([_told(page)]), "quietnote")
    titles = {}
    data = SectionTable(page.sheets, SPLIT_DATA, language)
    for way in WAYS:
        parts = _parts(page, way)
        table.put(SPLIT.line(way), "part", word(f"split_{way}", language), "name")
        lines = [*parts.values(), *(("", []) for _ in range(len(WAYS[way]) - len(parts)))]
        first = SPLIT.line(f"{way} {WAYS[way][0]}")
        for row, (name, values) in enumerate(lines, start=first):
            _line(page, table, row, name, values)
        _sum(page, table, way, [values for _, values in parts.values()])
        title = word(f"chart_split_{way}", language, period=page.years[0])
        defined = not math.isnan(table.number(SPLIT.line(f"{way} sum"), "year"))
        titles[f"review_split_{way}"] = title if defined else no_data(page, title, _told(page).basis)
        _bars(page, data, way, (base[-1], parts))
    _now(page, table)
    write_titles(page, titles)


def _periods(page: ReportPage) -> list[str]:
    return [*(f"{page.this}-Q{number}" for number in range(1, 5)), page.this]


def _told(page: ReportPage) -> Figure:
    """Return a part of the year's split, or the figure that tells why there is none."""
    part = page.review.get(METRIC, page.this, _BY_CUSTOMER)
    return part if part.defined else page.review.get(METRIC, page.this)


def _parts(page: ReportPage, way: str) -> Parts:
    """Return title and values (quarters, then the year) of each part."""
    if way != "market":
        return {
            part: (
                word(f"split_{way}_{part}", page.language),
                [_value(page, period, way, part) for period in _periods(page)],
            )
            for part in WAYS[way]
        }
    known = {
        figure.dimension.partition("part=")[2]
        for figure in page.review
        if figure.metric == METRIC and figure.period in _periods(page) and "by=market" in figure.dimension
    }

    def size(name: str) -> tuple[float, str]:
        value = _value(page, page.this, way, name)
        return -abs(value) if not math.isnan(value) else 0.0, name

    named = sorted(known, key=size)
    shown, rest = named[: SPLIT_MARKETS - 1], named[SPLIT_MARKETS - 1 :]
    found: Parts = {}
    for name in shown:
        title = market_titles()[name][page.language] if name in market_titles() else name
        found[name] = title, [_of_market(page, period, name) for period in _periods(page)]
    if rest:
        values = [math.fsum(_of_market(page, period, name) for name in rest) for period in _periods(page)]
        found["rest"] = word("split_rest", page.language, count=len(rest)), values
    return found


def _value(page: ReportPage, period: str, way: str, part: str) -> float:
    return page.review.get(METRIC, period, f"by={way};part={part}").value


def _of_market(page: ReportPage, period: str, name: str) -> float:
    """Return a market's part; 0 where the period is split and the market had no order on either side."""
    value = _value(page, period, "market", name)
    known = page.review.get(METRIC, period, _BY_CUSTOMER).defined
    return 0.0 if math.isnan(value) and known else value


def _line(page: ReportPage, table: SectionTable, row: int, name: str, values: list[float]) -> None:
    table.put(row, "part", name or None)
    _values(page, table, row, values, "growth.signed.higher")
    table.put(row, "points", None, "value.growth")
    if values:
        _points(table, row, values[-1], "value.growth")


def _values(page: ReportPage, table: SectionTable, row: int, values: list[float], look: str) -> None:
    for at, key in enumerate(_PERIODS):
        table.put(row, key, values[at] if values and _begun(page, key) else None, look)


def _points(table: SectionTable, row: int, value: float, look: str) -> None:
    """Write the share of last year's amount."""
    whole = table.number(_BASE, "year")
    refs = (table.ref(row, "year"), table.ref(_BASE, "year"))
    table.derive(row, "points", value / whole if whole else math.nan, ("{0}/{1}", refs), look=look)


def _begun(page: ReportPage, key: str) -> bool:
    return key == "year" or page.begun(int(key.removeprefix("q")), of_quarter=True)


def _sum(page: ReportPage, table: SectionTable, way: str, values: list[list[float]]) -> None:
    """Write the sum of a way: the change, the same for every way."""
    row, first = SPLIT.line(f"{way} sum"), SPLIT.line(f"{way} {WAYS[way][0]}")
    table.put(row, "part", word("split_sum", page.language), "name")
    total = math.nan
    for at, key in enumerate(_PERIODS):
        total = math.fsum(each[at] for each in values) if values else math.nan
        run = ("SUM({0})", (table.ref(first, key, max(len(values), 1), 1),))
        table.derive(row, key, total if _begun(page, key) else math.nan, run, look="strong.signed")
    _points(table, row, total, "strong.growth")


def _now(page: ReportPage, table: SectionTable) -> None:
    """Write this year's amount: last year's and the change."""
    row, total = SPLIT.line("now"), SPLIT.line(f"{next(iter(WAYS))} sum")
    table.put(row, "part", word("now_amount", page.language), "name")
    for key in _PERIODS:
        refs = (table.ref(_BASE, key), table.ref(total, key))
        value = table.number(_BASE, key) + table.number(total, key) if _begun(page, key) else math.nan
        table.derive(row, key, value, ("{0}+{1}", refs), look="strong.money")
    grown = float(change(table.number(row, "year"), table.number(_BASE, "year")))
    refs = (table.ref(row, "year"), table.ref(_BASE, "year"))
    table.derive(row, "points", grown, ("YOY_GROWTH({0},{1})", refs), look="strong.growth")


def _bars(page: ReportPage, data: SectionTable, way: str, told: tuple[float, Parts]) -> None:
    """Write a waterfall of the year; what is unknown is left out where it is nothing."""
    base, parts = told
    shown = [(name, values[-1]) for key, (name, values) in parts.items() if key != "unknown" or values[-1]]
    names = [
        word("base_amount", page.language), *(name.strip().replace(" ", "\n") for name, _ in shown), word("now_amount", page.language)
    ]  # fmt: skip
    waterfall.steps(data.grid, cells(SPLIT_DATA, 1, way), names, (base, *(value for _, value in shown)))


def charts(language: Language) -> tuple[Chart, ...]:
    """Return a waterfall for each way."""
    return tuple(
        waterfall.chart(
            f"review_split_{way}",
            title_of(f"review_split_{way}"),
            cells(SPLIT, _BASE, "part"),
            cells(SPLIT_DATA, 1, way, rows=2 + len(parts)),
            BIG[language],
        )
        for way, parts in WAYS.items()
    )
