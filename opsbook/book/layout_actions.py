"""Where the sheet of the action plan has its tables: part of `layout`, counted as there."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from opsbook.book.address import Place
from opsbook.book.model import Sheet
from opsbook.book.spots import A3, Frame, Input, Page, Spot
from opsbook.domain.language import Text
from opsbook.plan.table_declarations import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

SHEET = Sheet("actions", Text("季度行动计划", "Action plan"))
_LIST = tables()["actions.list"]
_COLUMNS = (14, *(column.width for column in _LIST.columns), 8, 8)
WIDTH = _LIST.at("hint") + 1
ORPHANS = 8  # lines of what hangs in the air
# The summary in cells joined over the columns of the list: first and last column of each.
PARTS = (
    ("code", "quarter"),
    ("task", "strategy"),
    ("indicator", "attainment"),
    ("resources", "due"),
    ("state", "progress"),
    ("note", "m12"),
)
SUMMARY_COLUMNS = tuple(_LIST.at(first) for first, _ in PARTS)
SUMMARY_WIDTH = _LIST.at(PARTS[-1][1]) + 1
_SUMMARY = 5
_ORPHANS = _SUMMARY + 5 + 2
_TOP = _ORPHANS + ORPHANS + 2

SPOTS: Mapping[str, Spot] = MappingProxyType(
    {
        "actions.head": Spot("actions", 1, 1),
        "actions.summary": Spot("actions", _SUMMARY, 1, heading=1),
        "actions.orphans": Spot("actions", _ORPHANS, 1, heading=1),
        _LIST.block: Spot("actions", _TOP, 1, heading=1),
    }
)
INPUTS: tuple[Input, ...] = ()
MERGES: tuple[Place, ...] = tuple(
    Place("actions", _SUMMARY + row, 1 + _LIST.at(first), 1, _LIST.at(last) - _LIST.at(first) + 1)
    for row in range(5)
    for first, last in PARTS
    if first != last
)


def page() -> Page:
    """Return the look of the sheet."""
    heights = {0: 8, 1: 32, 2: 20, 3: 8, _SUMMARY: 22, _TOP: 22}
    heights |= {row - 1: 28 for row in (_SUMMARY, _ORPHANS, _TOP)}
    heights |= {_SUMMARY + number: 76 for number in range(1, 5)}
    heights |= {_ORPHANS + number: 20 for number in range(ORPHANS)}
    return Page(
        _COLUMNS,
        heights,
        height=36,
        paper=A3,
        freeze=(3, 4),
        repeat=(1, 2),
        breaks=(_TOP - 1,),
        printed=(_TOP + _LIST.rows, len(_LIST.columns)),
    )


def frames() -> dict[str, Frame]:
    """Return where the charts of the sheet stand, by the chart's name."""
    return {}
