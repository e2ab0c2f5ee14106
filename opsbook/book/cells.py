"""Blocks in the making: a grid of cells, and formulas that are kept only where they give the figure itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from opsbook.book.model import Block, BookPlan, Cell, Ref, Scalar
from opsbook.functions.budget import variance, variance_rate
from opsbook.functions.growth import change, point_change
from opsbook.functions.targets import attainment

Numbers = Sequence[float]
_NAN = math.nan


def _over(above: float, below: float) -> float:
    return above / below if below else _NAN


def _typed(typed: float, derived: float) -> float:
    """Return what a person typed, else what is derived; an empty cell has no number."""
    return derived if math.isnan(typed) else typed


def _blank_is_zero(value: float) -> float:
    return 0.0 if math.isnan(value) else value


def _half_up(value: float, digits: int) -> float:
    """Return a number from 0 on, rounded as Excel's ROUND does."""
    return value if math.isnan(value) else math.floor(value * 10.0**digits + 0.5) / 10.0**digits


KNOWN_SUM = 'SUMIF({0},"<9E+307")'
"""The sum of the numbers of some cells, whatever errors stand among them, in every program and version."""
# Every formula that a plan may hold, and what it gives for the numbers of its references.
FORMULAS: Mapping[str, Callable[..., float]] = MappingProxyType(
    {
        "{0}": lambda a: a[0],
        "SUM({0})": math.fsum,
        KNOWN_SUM: lambda a: math.fsum(x for x in a if not math.isnan(x)),
        "{0}/{1}": lambda a, b: _over(a[0], b[0]),
        "{0}-{1}": lambda a, b: a[0] - b[0],
        "{0}+{1}": lambda a, b: a[0] + b[0],
        "SUM({0})/SUM({1})": lambda a, b: _over(math.fsum(a), math.fsum(b)),
        'BUDGET_VAR({0},{1},"cost")': lambda a, b: float(variance(a[0], b[0], "cost")),
        'BUDGET_VAR({0},{1},"revenue")': lambda a, b: float(variance(a[0], b[0], "revenue")),
        'BUDGET_VAR_PCT({0},{1},"cost")': lambda a, b: float(variance_rate(a[0], b[0], "cost")),
        'BUDGET_VAR_PCT({0},{1},"revenue")': lambda a, b: float(variance_rate(a[0], b[0], "revenue")),
        "LOG10({0})": lambda a: math.log10(a[0]) if a[0] > 0 else _NAN,
        "{0}/{1}*10000": lambda a, b: _over(a[0], b[0]) * 10000,
        "{0}*(1+{1})": lambda a, b: a[0] * (1 + _blank_is_zero(b[0])),
        "{0}*{1}": lambda a, b: a[0] * b[0],
        "{0}*{1}*{2}*{3}": lambda a, b, c, d: a[0] * b[0] * c[0] * d[0],
        "{0}*{1}*{2}*{3}*{4}": lambda a, b, c, d, e: a[0] * b[0] * c[0] * d[0] * e[0],
        "MAX({0}-{1},0)": lambda a, b: max(a[0] - b[0], 0.0),
        # A target: what people typed, else the year before with its growth.
        'IF({2}="",ROUND({0}*(1+{1}),0),{2})': lambda a, b, c: _typed(c[0], _half_up(a[0] * (1 + b[0]), 0)),
        'IF({2}="",ROUND({0}*(1+{1}),2),{2})': lambda a, b, c: _typed(c[0], _half_up(a[0] * (1 + b[0]), 2)),
        'IF({2}="",{0}+{1},{2})': lambda a, b, c: _typed(c[0], a[0] + b[0]),
        "ATTAIN({0},{1})": lambda a, b: float(attainment(a[0], b[0])),
        "ATTAIN({0},{1},TRUE)": lambda a, b: float(attainment(a[0], b[0], lower_better=True)),
        "MOM_GROWTH({0},{1})": lambda a, b: float(change(a[0], b[0])),
        "QOQ_GROWTH({0},{1})": lambda a, b: float(change(a[0], b[0])),
        "YOY_GROWTH({0},{1})": lambda a, b: float(change(a[0], b[0])),
        "PP_CHANGE({0},{1})": lambda a, b: float(point_change(a[0], b[0])),
        "YOY_GROWTH(SUM({0}),SUM({1}))": lambda a, b: float(change(math.fsum(a), math.fsum(b))),
        "PP_CHANGE(SUM({0})/SUM({1}),SUM({2})/SUM({3}))": lambda a, b, c, d: float(
            point_change(_over(math.fsum(a), math.fsum(b)), _over(math.fsum(c), math.fsum(d)))
        ),
    }
)
Candidate = tuple[str, tuple[Ref, ...]]


class BlockGrid:
    """A block in the making.

    Args:
        name: ``<sheet>.<block>``.
        rows: Fixed height.
        columns: Fixed width.
        style: Look of cells that nothing is put into.
        grows: As of `Block`.
        shared: As of `Block`.
        optional: As of `Block`.
    """

    def __init__(
        self,
        name: str,
        rows: int,
        columns: int,
        *,
        style: str = "blank",
        grows: bool = False,
        shared: bool = False,
        optional: bool = False,
    ) -> None:
        self.name = name
        self.optional = optional
        self.grows = grows
        self.shared = shared
        blank = Cell(style=style)  # one for all: cells never change
        self.cells = [[blank] * columns for _ in range(rows)]

    def put(self, row: int, column: int, value: Scalar, style: str) -> Ref:
        """Set a plain value; a figure that is undefined (NaN) is an empty cell. Return where it stands."""
        undefined = isinstance(value, float) and math.isnan(value)
        self.cells[row][column] = Cell(None if undefined else value, style)
        return self.ref(row, column)

    def derive(
        self, row: int, column: int, value: float, style: str, sheet: Sheets, *ways: Candidate | None
    ) -> Ref:
        """Set a figure as the first formula that gives exactly it, else as a plain value."""
        if not math.isnan(value):
            for way in ways:
                if way and same(value, evaluate(way[0], [sheet.numbers(ref) for ref in way[1]])):
                    self.cells[row][column] = Cell(value, style, *way)
                    return self.ref(row, column)
        return self.put(row, column, value, style)

    def keep(self, row: int, column: int, value: Scalar, style: str) -> Ref:
        """Leave a cell as it stands; ``value`` is what stands there."""
        self.cells[row][column] = Cell(value, style, keep=True)
        return self.ref(row, column)

    def ref(self, row: int, column: int, rows: int = 1, columns: int = 1) -> Ref:
        """Return cells of this block."""
        return Ref(self.name, row, column, rows, columns)

    def block(self) -> Block:
        """Return the finished block."""
        cells = tuple(tuple(row) for row in self.cells)
        return Block(self.name, cells, self.grows, self.shared, self.optional)


class Sheets:
    """All grids by name, so that formulas can be tried on the numbers they refer to."""

    def __init__(self) -> None:
        self.grids: dict[str, BlockGrid] = {}

    def grid(
        self,
        name: str,
        rows: int,
        columns: int,
        *,
        style: str = "blank",
        grows: bool = False,
        shared: bool = False,
        optional: bool = False,
    ) -> BlockGrid:
        """Start a block."""
        self.grids[name] = BlockGrid(
            name, rows, columns, style=style, grows=grows, shared=shared, optional=optional
        )
        return self.grids[name]

    def numbers(self, ref: Ref) -> list[float]:
        """Return the numbers of some cells, row by row; what is no number is NaN."""
        cells = self.grids[ref.block].cells
        return _numbers(cells, ref)


def _numbers(cells: Sequence[Sequence[Cell]], ref: Ref) -> list[float]:
    values = [
        cells[row][column].value
        for row in range(ref.row, ref.row + ref.rows)
        for column in range(ref.column, ref.column + ref.columns)
    ]
    return [
        float(value) if isinstance(value, int | float) and not isinstance(value, bool) else _NAN
        for value in values
    ]


def evaluate(formula: str, numbers: Sequence[Numbers]) -> float:
    """Return what a formula of `FORMULAS` gives for the numbers of its references.

    Raises:
        KeyError: The formula is not one of them.
    """
    return FORMULAS[formula](*numbers)


def same(one: float, other: float) -> bool:
    """Whether two results are equal but for the last digits of a float."""
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)


def check(plan: BookPlan) -> None:
    """Make sure that every formula of a plan gives the value beside it and refers to cells of the plan.

    Raises:
        ValueError: A formula does not; the message names the first.
    """
    blocks = {block.name: block for block in plan.blocks}
    for block in plan.blocks:
        for row, cells in enumerate(block.cells):
            for column, cell in enumerate(cells):
                if not cell.formula:
                    continue
                where = f"{block.name} ({row}, {column}) {cell.formula}"
                for ref in cell.refs:
                    _inside(blocks, ref, where)
                got = evaluate(cell.formula, [_numbers(blocks[ref.block].cells, ref) for ref in cell.refs])
                wanted = cell.value if isinstance(cell.value, float | int) else _NAN
                if not (same(got, wanted) or (math.isnan(got) and math.isnan(wanted))):
                    raise ValueError(f"{where} gives {got!r}, the figure is {wanted!r}")
    for chart in plan.charts:
        for series in chart.series:
            for ref in (chart.title, series.name, series.categories, series.values, *(series.spread or ())):
                _inside(blocks, ref, f"chart {chart.name}")


def _inside(blocks: Mapping[str, Block], ref: Ref, where: str) -> None:
    if ref.block not in blocks:
        raise ValueError(f"{where} refers to the block {ref.block}, which is not in the plan")
    rows, columns = blocks[ref.block].shape
    if ref.row + ref.rows > rows or ref.column + ref.columns > columns:
        raise ValueError(f"{where} refers to cells outside the block {ref.block} of {rows} x {columns}")
