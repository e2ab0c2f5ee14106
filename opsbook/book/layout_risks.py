"""Where the sheet of risks has its tables: part of `layout`, counted as there."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from opsbook.book.model import Sheet
from opsbook.book.spots import A3, Frame, Input, Page, Spot
from opsbook.domain.language import Text
from opsbook.plan.risks import SCALE
from opsbook.plan.table_declarations import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

SHEET = Sheet("risks", Text("风险预案", "Risks"))
_LIST, _RULES, _SUPPLIERS = (tables()[f"risks.{name}"] for name in ("list", "rules", "suppliers"))
_COLUMNS = (14, *(column.width for column in _LIST.columns), 8, 8)
WIDTH = len(_LIST.columns)
_TOP = 5
_MATRIX = _TOP + 1 + _LIST.rows + 2
_RULES_ROW = _MATRIX + 1 + SCALE + 2
_SUPPLIERS_ROW = _RULES_ROW + 1 + _RULES.rows + 2

SPOTS: Mapping[str, Spot] = MappingProxyType(
    {
        "risks.head": Spot("risks", 1, 1),
        _LIST.block: Spot("risks", _TOP, 1, heading=1),
        # The line's name stands in the column of the risks, the five columns after it are of one width.
        "risks.matrix": Spot("risks", _MATRIX, 1 + _LIST.at("risk"), heading=1),
        _RULES.block: Spot("risks", _RULES_ROW, 1, heading=1),
        _SUPPLIERS.block: Spot("risks", _SUPPLIERS_ROW, 1, heading=1),
    }
)
INPUTS: tuple[Input, ...] = ()


def page() -> Page:
    """Return the look of the sheet."""
    rows = (_TOP, _MATRIX, _RULES_ROW, _SUPPLIERS_ROW)
    heights = {0: 8, 1: 32, 2: 20, 3: 8} | {row - 1: 28 for row in rows} | dict.fromkeys(rows, 22)
    heights |= {_TOP + number: 50 for number in range(1, _LIST.rows + 1)}
    return Page(
        _COLUMNS,
        heights,
        height=30,
        paper=A3,
        freeze=(3, 4),
        repeat=(1, 2),
        printed=(_SUPPLIERS_ROW + _SUPPLIERS.rows, WIDTH),
    )


def frames() -> dict[str, Frame]:
    """Return where the charts of the sheet stand, by the chart's name."""
    return {}
