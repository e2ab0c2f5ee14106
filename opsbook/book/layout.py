"""The addresses of everything in the template, computed from the declared sheets. Rows and columns are counted from 0."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from opsbook.book.address import Place
from opsbook.book.flow_layout import SheetLayout, place_sheet
from opsbook.book.model import Block, Ref, Sheet
from opsbook.book.spots import Frame, Input, PageSetup, Spot
from opsbook.domain.language import Language
from opsbook.sheets import sheet_list as declared
from opsbook.sheets.input_sheets import PASTE_SHEETS

__all__ = [
    "INPUTS",
    "MERGES",
    "PASTE_ROW",
    "PASTE_SHEETS",
    "PLACED",
    "SHEETS",
    "SPOTS",
    "frames",
    "pages",
    "place",
    "resolve",
    "title",
]

SHEETS: tuple[Sheet, ...] = tuple(Sheet(each.id, each.title) for each in declared.SHEETS)
PLACED: Mapping[str, SheetLayout] = MappingProxyType({each.id: place_sheet(each) for each in declared.SHEETS})
"""What the flow of each sheet gives, by the sheet's id."""
SPOTS: Mapping[str, Spot] = MappingProxyType(
    {name: spot for placed in PLACED.values() for name, spot in placed.spots.items()}
)
INPUTS: Mapping[str, Input] = MappingProxyType(
    {name: cells for placed in PLACED.values() for name, cells in placed.inputs.items()}
)
MERGES: tuple[Place, ...] = tuple(cells for placed in PLACED.values() for cells in placed.merges)
_PAGES: Mapping[str, PageSetup] = MappingProxyType({sheet: placed.page for sheet, placed in PLACED.items()})
_FRAMES: Mapping[str, Frame] = MappingProxyType(
    {name: frame for placed in PLACED.values() for name, frame in placed.frames.items()}
)


def _first_scrolling_row(sheet: str) -> int:
    freeze = _PAGES[sheet].freeze
    if freeze is None:
        raise ValueError(f"nothing of the sheet {sheet} stays in sight")
    return freeze[0]


PASTE_ROW = _first_scrolling_row("paste1")
"""First row that people paste into."""


def title(sheet: str, language: Language) -> str:
    """Return the title of a sheet."""
    return next(each.title[language] for each in SHEETS if each.id == sheet)


def pages() -> Mapping[str, PageSetup]:
    """Return the look of every sheet by id."""
    return _PAGES


def frames() -> Mapping[str, Frame]:
    """Return the frame of every chart, by the chart's name."""
    return _FRAMES


def place(block: Block) -> Place:
    """Return the cells that a block takes in the template."""
    spot = SPOTS[block.name]
    rows, columns = block.shape
    return Place(spot.sheet, spot.row, spot.column, rows, columns)


def resolve(ref: Ref) -> Place:
    """Return the cells of the template that a reference means; the sheet is given by its id."""
    spot = SPOTS[ref.block]
    return Place(spot.sheet, spot.row + ref.row, spot.column + ref.column, ref.rows, ref.columns)
