"""Where the sheet of targets has its tables and charts: part of `layout`, counted as there."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from opsbook.book.model import Sheet
from opsbook.book.spots import Frame, Input, Page, Spot
from opsbook.language import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

SHEET = Sheet("targets", Text("目标", "Targets"))
_COLUMNS = (14, 204, *(92,) * 12)
WIDTH = len(_COLUMNS) - 1

SPOTS: Mapping[str, Spot] = MappingProxyType(
    {
        "targets.head": Spot("targets", 1, 1),
    }
)
INPUTS: tuple[Input, ...] = ()


def page() -> Page:
    """Return the look of the sheet."""
    return Page(_COLUMNS, {0: 8, 1: 32, 2: 20, 3: 8}, height=22, freeze=(3, 0), repeat=(1, 2))


def frames() -> dict[str, Frame]:
    """Return where the charts of the sheet stand, by the chart's name."""
    return {}
