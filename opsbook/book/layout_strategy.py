"""Where the sheet of strategies has its tables: part of `layout`, counted as there."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from opsbook.book.model import Sheet
from opsbook.book.spots import A3, Frame, Input, Page, Spot
from opsbook.domain.language import Text
from opsbook.plan.table_declarations import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

SHEET = Sheet("strategy", Text("策略", "Strategies"))
_LIST = tables()["strategy.list"]
_COLUMNS = (14, *(column.width for column in _LIST.columns), 8, 8)
WIDTH = len(_LIST.columns)
_TOP = 5

PARTS = ("words", "calendar", "offers", "tests", "tracks", "competitors", "markets")
"""The tables under the initiatives, in their order; their columns are as wide as those of the initiatives."""


def _rows() -> dict[str, int]:
    found, row = {}, _TOP + 1 + _LIST.rows + 2
    for part in PARTS:
        found[part] = row
        row += 1 + tables()[f"strategy.{part}"].rows + 2
    return found


_ROWS = _rows()

SPOTS: Mapping[str, Spot] = MappingProxyType(
    {
        "strategy.head": Spot("strategy", 1, 1),
        _LIST.block: Spot("strategy", _TOP, 1, heading=1),
        **{f"strategy.{part}": Spot("strategy", row, 1, heading=1) for part, row in _ROWS.items()},
    }
)
INPUTS: tuple[Input, ...] = ()


def page() -> Page:
    """Return the look of the sheet."""
    heights = {0: 8, 1: 32, 2: 20, 3: 8, _TOP - 1: 28, _TOP: 22}
    heights |= {_TOP + number: 36 for number in range(1, _LIST.rows + 1)}
    heights |= {row - 1: 28 for row in _ROWS.values()}
    last = _ROWS[PARTS[-1]] + tables()[f"strategy.{PARTS[-1]}"].rows
    breaks = tuple(_ROWS[part] - 1 for part in ("words", "calendar", "tracks"))
    return Page(
        _COLUMNS,
        heights,
        height=24,
        paper=A3,
        freeze=(3, 3),
        repeat=(1, 2),
        breaks=breaks,
        printed=(last, WIDTH),
    )


def frames() -> dict[str, Frame]:
    """Return where the charts of the sheet stand, by the chart's name."""
    return {}
