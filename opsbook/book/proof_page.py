"""How sure the headline figures are, on the review sheet: intervals, verdicts, and what charts show in grey or hollow."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

from opsbook.book.formats import growth_of, number_of
from opsbook.book.model import Ref
from opsbook.book.page import JANUARY, MONTHS, month_row
from opsbook.book.words import verdict as judgement
from opsbook.book.words import word
from opsbook.domain.verdict import Verdict
from opsbook.metrics.judge import COUNTS
from opsbook.review.indicators import core, label

if TYPE_CHECKING:
    from opsbook.book.cells import Grid
    from opsbook.book.page import Page
    from opsbook.metrics.catalogue import Metric

DATA, HOLLOW, TABLE = "review.months_chart_data", "review.unjudged_chart_data", "review.proof"
UNPROVEN, UNJUDGED = Ref(DATA, 0, 0), Ref(HOLLOW, 0, 0)  # names of the grey and of the hollow series
SUMS_OF_ORDERS = ("ta_amount", "aov")
_WORDS = {Verdict.UP: "up", Verdict.DOWN: "down", Verdict.TOO_FEW: "few", Verdict.UNJUDGED: "unjudged"}
_VALUE, _LOW, _HIGH, _YOY, _SAID, _NEXT = range(2, 8)
_NOTE, _WIDTH = 14, 17
_SPAN = 6  # columns of a period: value, low, high, change, verdict, a gap


@cache
def judged() -> tuple[str, ...]:
    """Return the core indicators whose changes are judged: counts, rates of counts, and sums over orders."""
    rates = [each.metric.id for each in core() if each.metric.unit == "ratio"]
    known = {*COUNTS, *SUMS_OF_ORDERS, *rates}
    return tuple(each.metric.id for each in core() if each.metric.id in known)


def proof(metric: str) -> tuple[Ref, Ref]:
    """Return the twelve months whose change on last year is proven, and all others."""
    row = 1 + 2 * judged().index(metric)
    return Ref(DATA, row, 1, 1, 12), Ref(DATA, row + 1, 1, 1, 12)


def hollow(metric: str) -> Ref:
    """Return those of the others that cannot be judged: without a base, or without a sample."""
    return Ref(HOLLOW, 1 + judged().index(metric), 1, 1, 12)


def months(page: Page) -> None:
    """Write for each indicator the months whose change on last year is proven, the others, and those not judged.

    Workbooks of older versions have no place for the last of these; there they are grey like the others.
    """
    grid = page.sheets.grid(DATA, 1 + 2 * len(judged()), 13, style="under")
    grid.put(0, 0, word("unproven", page.language), "under")
    others = page.sheets.grid(HOLLOW, 1 + len(judged()), 13, style="under", optional=True)
    others.put(0, 0, word("unjudged", page.language), "under")
    for key in judged():
        dark, grey = proof(key)
        for number in range(1, 13):
            said = page.review.verdict(key, f"{page.this}-{number:02d}")
            for block, ref, drawn in (
                (grid, dark, said.proven),
                (grid, grey, not said.proven),
                (others, hollow(key), said is Verdict.UNJUDGED),
            ):
                source = Ref(MONTHS, month_row(key), JANUARY + number - 1)
                value = page.sheets.numbers(source)[0] if drawn else math.nan
                at = ref.row, ref.column + number - 1
                block.derive(*at, value, "under", page.sheets, ("{0}", (source,)))


def table(page: Page) -> None:
    """Write value, interval, change and verdict of the year and of the latest quarter."""
    language = page.language
    grid = page.sheets.grid(TABLE, 2 + len(judged()), _WIDTH, style="text")
    quarter = _latest_quarter(page)
    periods = (page.this, f"{page.this}-Q{quarter}" if quarter else "")
    names = (
        page.years[0],
        word("quarter", language, number=quarter) if quarter else word("latest_quarter", language),
    )
    for column in range(_WIDTH):
        grid.put(0, column, None, "headgroup")
        look = "head" if column < _VALUE else "headnote" if column == _NOTE else "headnum"
        grid.put(1, column, None, look)
    grid.put(1, 0, word("indicator", language), "head")
    grid.put(1, _NOTE, word("note", language), "headnote")
    for at, name in enumerate(names):
        left = at * _SPAN
        grid.put(0, left + _VALUE, name, "headgroup")
        for column, key in ((_VALUE, "value"), (_LOW, "low"), (_HIGH, "high"), (_YOY, "yoy")):
            grid.put(1, left + column, word(key, language), "headnum")
        grid.put(1, left + _SAID, word("judgement", language), "headnote")
    for row, key in enumerate(judged(), start=2):
        metric = next(each.metric for each in core() if each.metric.id == key)
        grid.put(row, 0, label(metric, language), "name")
        for at, period in enumerate(periods):
            _judged(page, grid, row, (metric, period, at * _SPAN))
        grid.put(row, _NOTE, _basis(page, key), "quietnote")


def _latest_quarter(page: Page) -> int:
    return next(
        (
            number
            for number in range(4, 0, -1)
            if page.begun(number, of_quarter=True)
            and any(page.review.get(key, f"{page.this}-Q{number}").defined for key in judged())
        ),
        0,
    )


def _judged(page: Page, grid: Grid, row: int, told: tuple[Metric, str, int]) -> None:
    metric, period, left = told
    number = number_of(metric)
    looks = {
        _VALUE: f"strong.{number}",
        _LOW: f"prior.{number}",
        _HIGH: f"prior.{number}",
        _YOY: f"growth.{growth_of(metric)}",
    }
    for column, suffix in ((_VALUE, ""), (_LOW, ".low"), (_HIGH, ".high"), (_YOY, ".yoy")):
        found = page.review.get(f"{metric.id}{suffix}", period).value if period else None
        if suffix in (".low", ".high") and metric.id in SUMS_OF_ORDERS:
            found = None  # no interval is told of them, only a verdict
        grid.put(row, left + column, found, looks[column])
    growth = page.review.get(f"{metric.id}.yoy", period)
    said = _WORDS[page.review.verdict(metric.id, period)]
    grid.put(row, left + _SAID, judgement(said, page.language) if growth.defined else None, "verdict")


def _basis(page: Page, key: str) -> str | None:
    low = page.review.get(f"{key}.low", page.this)
    said = page.review.get(f"{key}.yoy.verdict", page.this)
    return page.note([low if said.defined and low.defined else said])
