"""Where the sheet of resources has its tables: part of `layout`, counted as there."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from opsbook.book.model import Sheet
from opsbook.book.spots import A3, Frame, Input, Page, Spot
from opsbook.domain.language import Text
from opsbook.plan.table_declarations import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

SHEET = Sheet("resources", Text("资源预算", "Resources"))
_BUDGET, _PEOPLE, _TRAINING, _SPENT = (
    tables()[f"resources.{name}"] for name in ("budget", "people", "training", "spent")
)
_COLUMNS = (14, *(column.width for column in _BUDGET.columns), 8, 8)
WIDTH = len(_BUDGET.columns)
_TOTALS, _RETURNS, _BUDGET_ROW = 5, 9, 13
_PEOPLE_ROW = _BUDGET_ROW + 1 + _BUDGET.rows + 2
_TRAINING_ROW = _PEOPLE_ROW + 1 + _PEOPLE.rows + 2
# The last table: it grows with the lines of the budget, and nothing stands in its way.
_SPENT_ROW = _TRAINING_ROW + 1 + _TRAINING.rows + 2

SPOTS: Mapping[str, Spot] = MappingProxyType(
    {
        "resources.head": Spot("resources", 1, 1),
        "resources.totals": Spot("resources", _TOTALS, 1, heading=1),
        "resources.returns": Spot("resources", _RETURNS, 1, heading=1),
        _BUDGET.block: Spot("resources", _BUDGET_ROW, 1, heading=1),
        _PEOPLE.block: Spot("resources", _PEOPLE_ROW, 1, heading=1),
        _TRAINING.block: Spot("resources", _TRAINING_ROW, 1, heading=1),
        _SPENT.block: Spot("resources", _SPENT_ROW, 1, heading=1),
    }
)
INPUTS: tuple[Input, ...] = ()


def page() -> Page:
    """Return the look of the sheet."""
    rows = (_TOTALS, _RETURNS, _BUDGET_ROW, _PEOPLE_ROW, _TRAINING_ROW, _SPENT_ROW)
    heights = {0: 8, 1: 32, 2: 20, 3: 8} | {row - 1: 28 for row in rows}
    heights |= {
        row + number: 30
        for row, count in ((_PEOPLE_ROW, _PEOPLE.rows), (_TRAINING_ROW, _TRAINING.rows))
        for number in range(1, count + 1)
    }
    return Page(
        _COLUMNS,
        heights,
        height=24,
        paper=A3,
        freeze=(3, 3),
        repeat=(1, 2),
        printed=(_SPENT_ROW + _SPENT.rows, WIDTH),
    )


def frames() -> dict[str, Frame]:
    """Return where the charts of the sheet stand, by the chart's name."""
    return {}
