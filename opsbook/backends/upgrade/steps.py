"""The steps of an upgrade: each is done to the package at once, and kept for the workbook that is open in Excel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from opsbook.backends.ooxml.shifting import Shift
from opsbook.book.address import Place


@dataclass(frozen=True)
class ShiftLines:
    """Rows or columns, or parts of them, come or go."""

    shift: Shift


@dataclass(frozen=True)
class Paint:
    """Cells of the template with their formats, texts, rules and merged cells are put into a sheet.

    Attributes:
        source: Cells of the template, with the title of their sheet there.
        title: Of the sheet in the workbook.
        row: First row there.
        column: First column there.
        heights: Whether rows get the heights of the template.
        written: Cells of the workbook that get the template's text; the others keep theirs.
    """

    source: Place
    title: str
    row: int
    column: int
    heights: bool
    written: frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Texts:
    """Single cells of the template are put into a sheet, each with its format.

    Attributes:
        source: Title of their sheet in the template.
        title: Of the sheet in the workbook.
        cells: Row and column in the template of each cell of the workbook.
    """

    source: str
    title: str
    cells: Mapping[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Formats:
    """Cells get the formats of cells of the template; fields as of `Texts`."""

    source: str
    title: str
    cells: Mapping[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Clear:
    """Cells lose content and format."""

    place: Place


@dataclass(frozen=True)
class AddSheet:
    """A sheet of the template comes to the workbook.

    Attributes:
        title: In both.
        before: Title of the sheet that it comes before, or None for the end.
    """

    title: str
    before: str | None


@dataclass(frozen=True)
class AddChart:
    """A chart of the template comes to a sheet.

    Attributes:
        name: Of the drawing object.
        source: Title of its sheet in the template.
        title: Of the sheet in the workbook.
        down: Rows from its place in the template to that in the workbook.
        right: The same of columns.
        formulas: What its series refer to, as the template says it and as the workbook must.
    """

    name: str
    source: str
    title: str
    down: int
    right: int
    formulas: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ConnectCharts:
    """The charts of a sheet that came refer to cells of the workbook.

    Attributes:
        title: Of the sheet.
        formulas: What they refer to, as the template says it and as the workbook must.
    """

    title: str
    formulas: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MoveChart:
    """A chart of ours goes to another place of its sheet."""

    name: str
    title: str
    down: int
    right: int


@dataclass(frozen=True)
class DropChart:
    """A chart of ours goes."""

    name: str
    title: str


@dataclass(frozen=True)
class Define:
    """A defined name of cells gets a place, or (None) goes; ``comment`` is what Excel shows of it."""

    name: str
    place: Place | None
    comment: str = ""


Step = (
    ShiftLines
    | Paint
    | Texts
    | Formats
    | Clear
    | AddSheet
    | AddChart
    | ConnectCharts
    | MoveChart
    | DropChart
    | Define
)
