"""Where the sheet of strategies has its tables: part of `layout`, counted as there."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from opsbook.book.model import Sheet
from opsbook.book.spots import Frame, Input, Page, Spot
from opsbook.language import Text
from opsbook.plan.tables import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

SHEET = Sheet("strategy", Text("策略", "Strategies"))
_LIST = tables()["strategy.list"]
_COLUMNS = (14, *(column.width for column in _LIST.columns), 8, 8)
WIDTH = len(_LIST.columns)
_TOP = 5

SPOTS: Mapping[str, Spot] = MappingProxyType(
    {"strategy.head": Spot("strategy", 1, 1), _LIST.block: Spot("strategy", _TOP, 1, heading=1)}
)
INPUTS: tuple[Input, ...] = ()


def page() -> Page:
    """Return the look of the sheet."""
    heights = {0: 8, 1: 32, 2: 20, 3: 8, _TOP - 1: 28, _TOP: 22}
    return Page(
        _COLUMNS, heights, height=36, freeze=(3, 3), repeat=(1, 2), printed=(_TOP + _LIST.rows, WIDTH)
    )


def frames() -> dict[str, Frame]:
    """Return where the charts of the sheet stand, by the chart's name."""
    return {}
