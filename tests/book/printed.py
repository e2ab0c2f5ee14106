"""Every place of the workbook where two values stand beside the change between them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opsbook.book.model import BookPlan
from opsbook.plan.table_declarations import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

RELATIVE, POINTS, EITHER = "relative", "points", "either"
MONTHS, QUARTERS, CARDS = "review.months", "review.quarters", "overview.cards"


@dataclass(frozen=True)
class Triple:
    """What is printed: now, base, and the change; NaN where a cell is blank."""

    where: str
    now: float
    base: float
    change: float
    way: str
    of_one: bool = True  # the base is there for the change only

    def reproduces(self) -> bool:
        """Return whether the change is that of the two values: a change without both would be no better than a guess."""
        ways = {self.way} if self.way != EITHER else {RELATIVE, POINTS}
        found = {POINTS: self.now - self.base}
        found[RELATIVE] = (self.now - self.base) / abs(self.base) if self.base else math.nan
        if self.now == self.base == 0:
            found[RELATIVE] = 0.0
        return any(math.isclose(found[way], self.change, rel_tol=1e-9, abs_tol=1e-12) for way in ways)

    def right(self) -> bool:
        """Return whether nothing is printed that a reader could take for something else."""
        if not math.isnan(self.change):
            return self.reproduces()
        # Without a change there is no base, but where the change is from 0, or nothing stands beside it yet.
        return not self.of_one or math.isnan(self.base) or self.base == 0 or math.isnan(self.now)


class _Cells:
    def __init__(self, plan: BookPlan, block: str) -> None:
        self.block, self.rows = block, plan.block(block).cells

    def number(self, row: int, column: int) -> float:
        value = self.rows[row][column].value
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan

    def triple(self, now, base, change, way="", *, of_one=True) -> Triple:
        style = self.rows[change[0]][change[1]].style
        # Rates change in points, the return on ad spend in so many times.
        parts = {*style.replace("arrowpp", "pp").split(".")}
        way = way or (POINTS if parts & {"pp", "more"} else RELATIVE)
        title = str(self.rows[now[0]][0].value)
        where = f"{self.block} {now}: {title}"
        return Triple(where, self.number(*now), self.number(*base), self.number(*change), way, of_one)


def triples(plan: BookPlan) -> Iterator[Triple]:
    """Yield every triple of a plan."""
    cells = _Cells(plan, CARDS)
    for row in (0, 5):
        for column in (0, 3, 7, 10):
            yield cells.triple((row + 1, column), (row + 2, column + 2), (row + 2, column + 1))
    cells = _Cells(plan, MONTHS)
    for row in range(1, len(cells.rows), 4):
        for column in range(2, 15):  # twelve months and the year; last year's months are drawn, too
            yield cells.triple((row, column), (row + 1, column), (row + 2, column), of_one=column == 14)
        for column in range(3, 14):
            yield cells.triple((row, column), (row, column - 1), (row + 3, column), of_one=False)
    cells = _Cells(plan, QUARTERS)
    for row in range(2, len(cells.rows), 2):
        for column in (2, 5, 8, 11, 14):
            yield cells.triple((row, column), (row + 1, column), (row, column + 1))
        for column in (5, 8):
            yield cells.triple((row, column), (row, column - 3), (row, column + 2), of_one=False)
    for name, columns in (
        ("review.customers", (1, 2, 3)),
        ("review.products", (3, 4, 5)),
        ("review.top10", (12, 13, 14)),
        ("work.aov", (2, 3, 4)),
        ("work.key_accounts", (6, 8, 7)),
        ("review.bridge", (7, 2, 9)),
        ("evidence.markets", (4, 8, 9)),
        ("evidence.peers", (2, 3, 4)),
        ("weekly.board", (2, 3, 4)),
        ("weekly.board", (2, 5, 6)),
    ):
        cells = _Cells(plan, name)
        now, base, change = columns
        # Last week stands on the board whether or not there is a change, and own beside the top peers'.
        of_one = name not in ("weekly.board", "evidence.peers")
        for row in range(1, len(cells.rows)):
            yield cells.triple((row, now), (row, base), (row, change), of_one=of_one)
    for name in ("work.infrastructure", "work.traffic", "work.product", "work.customer", "evidence.traffic"):
        cells = _Cells(plan, name)
        for row in range(1, len(cells.rows), 2):
            yield cells.triple((row, 6), (row + 1, 6), (row, 7))
    cells = _Cells(plan, "work.certification")
    for row in range(1, len(cells.rows)):
        yield cells.triple((row, 3), (row, 2), (row, 4), of_one=False)
    for name, columns in (
        ("review.bridge", (7, 2, 8)),
        ("evidence.collaboration", (4, 6, 7)),
        ("evidence.peers", (4, 5, 6)),
    ):
        cells = _Cells(plan, name)
        for row in range(1, len(cells.rows)):
            yield cells.triple(*((row, column) for column in columns), way=POINTS, of_one=False)
    cells = _Cells(plan, "overview.bridge")
    yield cells.triple((1, 5), (1, 0), (1, 8))
    yield cells.triple((1, 5), (1, 0), (1, 7), way=POINTS)
    cells = _Cells(plan, "review.split")
    yield cells.triple((len(cells.rows) - 1, 6), (1, 6), (len(cells.rows) - 1, 7))
    cells = _Cells(plan, "work.cpc")
    for row in (
        1,
        2,
        3,
        4,
        len(cells.rows) - 1,
    ):  # the whole; on the lines of the plans stands what they did to it
        yield cells.triple((row, 3), (row, 2), (row, 4), way=POINTS, of_one=False)
    cells, table = _Cells(plan, "problems.list"), tables()["problems.list"]
    for row in range(1, len(cells.rows)):
        columns = [table.at(name) for name in ("now", "reference", "gap")]
        yield cells.triple(*((row, column) for column in columns), way=EITHER, of_one=False)
