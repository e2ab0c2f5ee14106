"""What the growth consists of, on the review sheet: by product, by customer, by market; each sums to the change."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from opsbook.book import layout, waterfall
from opsbook.book.formats import BIG
from opsbook.book.model import Ref
from opsbook.book.words import word
from opsbook.book.work_page import no_data
from opsbook.functions.growth import change
from opsbook.params.export_words import market_titles

if TYPE_CHECKING:
    from opsbook.book.cells import Grid
    from opsbook.book.model import Chart
    from opsbook.book.page import Page
    from opsbook.domain.language import Language
    from opsbook.metrics.figures import Figure

SPLIT, DATA, TITLES = "review.split", "review.split_chart_data", "review.split_chart_titles"
METRIC = "growth_split"
WAYS = {
    "product": ("volume", "price", "mix", "new", "lost", "unknown"),
    "customer": ("kept", "new", "back", "lost", "unknown"),
    "market": tuple(f"market{number}" for number in range(1, layout.SPLIT_MARKETS + 1)),
}
"""Parts of each way; of the markets only how many lines there are, the last one for the rest."""
BASE, FIRST = 1, 2  # rows: last year's amount, then the ways
NOW = FIRST + sum(2 + len(parts) for parts in WAYS.values())
ROWS = NOW + 1
_QUARTER, _YEAR, _POINTS, _NOTE, _WIDTH = 2, 6, 7, 8, 16
_PERIODS = 5  # four quarters and the year
_BY_CUSTOMER = "by=customer;part=kept"  # tells whether a period is split
Parts = dict[str, tuple[str, list[float]]]


def split(page: Page) -> None:
    """Write the table, and what its three waterfalls draw."""
    language = page.language
    grid = page.sheets.grid(SPLIT, ROWS, _WIDTH, style="text")
    heads = {0: word("split_part", language), _YEAR: page.years[0]}
    heads |= {_POINTS: word("split_points", language), _NOTE: word("note", language)}
    heads |= {_QUARTER + number: f"Q{number + 1}" for number in range(4)}
    for column in range(_WIDTH):
        look = "head" if column < _QUARTER or column > _NOTE else "headnote" if column == _NOTE else "headnum"
        grid.put(0, column, heads.get(column), look)
    base = [page.review.get(f"{METRIC}.base", period).value for period in _periods(page)]
    _line(page, grid, BASE, word("base_amount", language), base, look="prior.money")
    row, sums = FIRST, []
    titles = page.sheets.grid(TITLES, len(WAYS), 1)
    data = page.sheets.grid(DATA, layout.SPLIT_STEPS, len(WAYS) * waterfall.COLUMNS, style="under")
    for number, way in enumerate(WAYS):
        parts = _parts(page, way)
        grid.put(row, 0, word(f"split_{way}", language), "name")
        lines = [*parts.values(), *(("", []) for _ in range(len(WAYS[way]) - len(parts)))]
        for at, (name, values) in enumerate(lines, start=row + 1):
            _line(page, grid, at, name, values, look="growth.signed.higher")
        first, row = row + 1, row + 1 + len(WAYS[way])
        sums.append(row)
        _sum(page, grid, row, (first, [values for _, values in parts.values()]))
        title = word(f"chart_split_{way}", language, period=page.years[0])
        defined = not math.isnan(page.sheets.numbers(grid.ref(row, _YEAR))[0])
        titles.put(number, 0, title if defined else no_data(page, title, _told(page).basis), "under")
        _bars(page, data, number * waterfall.COLUMNS, (base[-1], parts))
        row += 1
    _now(page, grid, sums[0])


def _periods(page: Page) -> list[str]:
    return [*(f"{page.this}-Q{number}" for number in range(1, 5)), page.this]


def _told(page: Page) -> Figure:
    """Return a part of the year's split, or the figure that tells why there is none."""
    part = page.review.get(METRIC, page.this, _BY_CUSTOMER)
    return part if part.defined else page.review.get(METRIC, page.this)


def _parts(page: Page, way: str) -> Parts:
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
    shown, rest = named[: layout.SPLIT_MARKETS - 1], named[layout.SPLIT_MARKETS - 1 :]
    found: Parts = {}
    for name in shown:
        title = market_titles()[name][page.language] if name in market_titles() else name
        found[name] = title, [_of_market(page, period, name) for period in _periods(page)]
    if rest:
        values = [math.fsum(_of_market(page, period, name) for name in rest) for period in _periods(page)]
        found["rest"] = word("split_rest", page.language, count=len(rest)), values
    return found


def _value(page: Page, period: str, way: str, part: str) -> float:
    return page.review.get(METRIC, period, f"by={way};part={part}").value


def _of_market(page: Page, period: str, name: str) -> float:
    """Return a market's part; 0 where the period is split and the market had no order on either side."""
    value = _value(page, period, "market", name)
    known = page.review.get(METRIC, period, _BY_CUSTOMER).defined
    return 0.0 if math.isnan(value) and known else value


def _line(page: Page, grid: Grid, row: int, name: str, values: list[float], *, look: str) -> None:
    grid.put(row, 0, name or None, "text")
    for column in range(_QUARTER, _YEAR + 1):
        value = values[column - _QUARTER] if values and _begun(page, column) else None
        grid.put(row, column, value, look)
    if row == BASE:
        grid.put(row, _NOTE, page.note([_told(page)]), "quietnote")
        return
    if not values:
        grid.put(row, _POINTS, None, "value.growth")
        return
    whole = page.sheets.numbers(grid.ref(BASE, _YEAR))[0]
    points = values[-1] / whole if whole else math.nan
    refs = (grid.ref(row, _YEAR), grid.ref(BASE, _YEAR))
    grid.derive(row, _POINTS, points, "value.growth", page.sheets, ("{0}/{1}", refs))


def _begun(page: Page, column: int) -> bool:
    return column == _YEAR or page.begun(column - _QUARTER + 1, of_quarter=True)


def _sum(page: Page, grid: Grid, row: int, parts: tuple[int, list[list[float]]]) -> None:
    """Write the sum of a way: the change, the same for every way."""
    first, values = parts
    grid.put(row, 0, word("split_sum", page.language), "name")
    totals = [math.fsum(each[at] for each in values) if values else math.nan for at in range(_PERIODS)]
    for column, total in enumerate(totals, start=_QUARTER):
        if not _begun(page, column):
            grid.put(row, column, None, "strong.signed")
            continue
        run = ("SUM({0})", (grid.ref(first, column, max(len(values), 1), 1),))
        grid.derive(row, column, total, "strong.signed", page.sheets, run)
    whole = page.sheets.numbers(grid.ref(BASE, _YEAR))[0]
    refs = (grid.ref(row, _YEAR), grid.ref(BASE, _YEAR))
    points = totals[-1] / whole if whole else math.nan
    grid.derive(row, _POINTS, points, "strong.growth", page.sheets, ("{0}/{1}", refs))


def _now(page: Page, grid: Grid, total: int) -> None:
    """Write this year's amount: last year's and the change."""
    grid.put(NOW, 0, word("now_amount", page.language), "name")
    for column in range(_QUARTER, _YEAR + 1):
        if not _begun(page, column):
            grid.put(NOW, column, None, "strong.money")
            continue
        refs = (grid.ref(BASE, column), grid.ref(total, column))
        value = math.fsum(page.sheets.numbers(ref)[0] for ref in refs)
        grid.derive(NOW, column, value, "strong.money", page.sheets, ("{0}+{1}", refs))
    grown = float(change(*(page.sheets.numbers(grid.ref(row, _YEAR))[0] for row in (NOW, BASE))))
    refs = (grid.ref(NOW, _YEAR), grid.ref(BASE, _YEAR))
    grid.derive(NOW, _POINTS, grown, "strong.growth", page.sheets, ("YOY_GROWTH({0},{1})", refs))


def _bars(page: Page, data: Grid, left: int, told: tuple[float, Parts]) -> None:
    """Write a waterfall of the year; what is unknown is left out where it is nothing."""
    base, parts = told
    shown = [(name, values[-1]) for key, (name, values) in parts.items() if key != "unknown" or values[-1]]
    names = [
        word("base_amount", page.language), *(name.strip().replace(" ", "\n") for name, _ in shown), word("now_amount", page.language)
    ]  # fmt: skip
    waterfall.steps(data, 0, names, (base, *(value for _, value in shown)), left=left)


def charts(language: Language) -> tuple[Chart, ...]:
    """Return a waterfall for each way."""
    return tuple(
        waterfall.chart(
            f"review_split_{way}",
            Ref(TITLES, number, 0),
            Ref(SPLIT, BASE, 0),
            Ref(DATA, 0, number * waterfall.COLUMNS, 2 + len(parts)),
            BIG[language],
        )
        for number, (way, parts) in enumerate(WAYS.items())
    )
