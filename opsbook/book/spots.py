"""What `layout` says of a place: where a block, a chart, cells for people stand, and how a sheet looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

A4, A3 = 9, 8


@dataclass(frozen=True)
class Spot:
    """Where a block's top left cell stands.

    Attributes:
        sheet: Id.
        row: Row of the block's first cell.
        column: Its column.
        heading: How many rows above the block its section's title stands; 0 for none.
        rows: Rows prepared with formats for a block that grows, else 0.
    """

    sheet: str
    row: int
    column: int
    heading: int = 0
    rows: int = 0


@dataclass(frozen=True)
class Frame:
    """Where a chart stands: its top left cell, offset from it and size, all in pixels but the cell."""

    sheet: str
    row: int
    column: int
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Input:
    """Cells for people under the defined name ``ops.<name>``."""

    name: str
    sheet: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True)
class PageSetup:
    """A sheet's look and print-out.

    Attributes:
        columns: Widths in pixels, from column A.
        heights: Heights in pixels of rows that differ from ``height``.
        height: Of all other rows.
        freeze: First cell that scrolls, or None.
        paper: Size, as Excel numbers it: `A4` or `A3`.
        landscape: Paper the long way.
        tall: Pages high: 1 fits all on one page, 0 takes what is needed.
        repeat: First and last row repeated on every page, or None.
        breaks: Rows before which a new page begins.
        tab: ``report``, ``input`` or ``log``: colour of the tab.
        printed: Last row and column that are printed, or None for everything.
    """

    columns: tuple[int, ...]
    heights: Mapping[int, int] = field(default_factory=dict)
    height: int = 20
    freeze: tuple[int, int] | None = None
    paper: int = A4
    landscape: bool = True
    tall: int = 0
    repeat: tuple[int, int] | None = None
    breaks: tuple[int, ...] = ()
    tab: str = "report"
    printed: tuple[int, int] | None = None
