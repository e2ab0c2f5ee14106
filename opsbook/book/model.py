"""What a workbook is to hold, told without any program: blocks of cells, charts, sheets. All frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from opsbook.domain.language import Language, Text


@dataclass(frozen=True)
class Error:
    """A real Excel error value, such as ``#N/A`` for an undefined figure."""

    code: str


NA = Error("#N/A")
ASIDE = "\u2002"
"""An en space: what follows it in a heading, or in a second line, may change; the heading is known without it."""
BOOK_FORMAT = 2
"""What a workbook is made of; programs that know only lower numbers refuse it, this one upgrades those below."""
FORMAT_NAME = "ops.format"
"""Defined name under which a workbook says its format."""
LAYOUT_NAME = "ops.layout"
"""Defined name under which a workbook remembers which layout it was made with or brought to."""
PLAN_YEAR = "ops.plan_year"
"""Defined name under which a workbook remembers the year of its plan."""
REVIEW_YEAR = "ops.review_year"
"""Defined name under which a workbook remembers the year under review, from the first data on."""
Scalar = float | int | str | bool | date | Error | None


@dataclass(frozen=True)
class Ref:
    """Cells of a block, counted from the block's own top left cell (0, 0). Layout turns it into an address."""

    block: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True)
class Cell:
    """A cell that Refresh writes.

    Attributes:
        value: What is shown; for a formula its computed value, kept beside it.
        style: A name of `opsbook.book.formats`.
        formula: Excel text without ``=``; ``{0}``, ``{1}`` stand for ``refs``. Empty for a plain value.
        refs: Cells that the formula reads.
        keep: What stands there stays: it is a person's. The value is what stands there, for formulas that read it;
            only a new workbook gets it written.
    """

    value: Scalar = None
    style: str = "text"
    formula: str = ""
    refs: tuple[Ref, ...] = ()
    keep: bool = False


@dataclass(frozen=True)
class Block:
    """A rectangle of cells under the defined name ``ops.<name>``.

    Attributes:
        name: ``<sheet>.<block>``, such as ``review.monthly``.
        cells: Rows of equal length.
        grows: Rows may become more or fewer at a refresh; otherwise the size is fixed by the template.
        shared: People write in it too; its rows are those that stand in the workbook, and any more that are needed.
        optional: Workbooks of older versions do not have it, and do without.
    """

    name: str
    cells: tuple[tuple[Cell, ...], ...]
    grows: bool = False
    shared: bool = False
    optional: bool = False

    @property
    def sheet(self) -> str:
        """Id of the sheet the block belongs to."""
        return self.name.partition(".")[0]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.cells), len(self.cells[0]) if self.cells else 0


class SeriesRole(StrEnum):
    """What a series stands for; one look for each, in every chart of the book."""

    ACTUAL = "actual"  # solid
    PRIOR = "prior"  # lighter
    TARGET = "target"  # outlined
    FORECAST = "forecast"  # hatched
    BASE = "base"  # unseen: carries the step of a waterfall
    RISE = "rise"
    FALL = "fall"
    UNPROVEN = "unproven"  # grey: not proven
    UNJUDGED = "unjudged"  # hollow: nothing to judge by; lies over the grey


@dataclass(frozen=True)
class Series:
    """One series of a chart: all parts are cells of blocks.

    Attributes:
        name: Its title.
        categories: Along the axis.
        values: One for each category.
        role: Decides its look.
        spread: How far the interval of each value reaches above and below it, drawn as whiskers.
    """

    name: Ref
    categories: Ref
    values: Ref
    role: SeriesRole
    spread: tuple[Ref, Ref] | None = None


@dataclass(frozen=True)
class Chart:
    """A chart drawn from blocks. The template makes it once; a refresh renews what it shows.

    Attributes:
        name: The drawing object's name, unique in the book.
        sheet: Sheet id.
        form: ``column``, ``line``, ``bar``, ``stacked`` (columns on each other), ``overlaid`` (columns in one place,
            of which a category has one; last year and targets are lines over them).
        title: What, unit and period: a cell, so that it follows the data.
        series: In drawing order.
        number_format: Of the value axis and labels.
    """

    name: str
    sheet: str
    form: str
    title: Ref
    series: tuple[Series, ...]
    number_format: str = "General"


@dataclass(frozen=True)
class Sparkline:
    """The course of some cells, drawn inside one cell. The template makes it once; it follows its cells by itself."""

    at: Ref
    values: Ref


@dataclass(frozen=True)
class BookPlan:
    """Everything that Refresh puts into a workbook."""

    language: Language
    blocks: tuple[Block, ...]
    charts: tuple[Chart, ...] = ()
    sparklines: tuple[Sparkline, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    """Defined names that are no cells: constants and LAMBDA functions, Excel text without ``=``."""
    inputs: dict[str, Scalar] = field(default_factory=dict)
    """First content of cells for people, by name (``settings.store``): for a new workbook only."""
    input_rows: Mapping[str, Sequence[Sequence[Scalar]]] = field(default_factory=dict)
    """The same of tables for people, rows by columns; days as Excel's numbers."""

    def block(self, name: str) -> Block:
        """Return the block of that name."""
        return next(block for block in self.blocks if block.name == name)


@dataclass(frozen=True)
class Sheet:
    """A sheet of the template: its id, and its title in each language."""

    id: str
    title: Text
