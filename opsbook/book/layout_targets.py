"""Where the sheet of targets has its tables and charts: part of `layout`, counted as there."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from opsbook.book.model import Sheet
from opsbook.book.spots import A3, Frame, Input, Page, Spot
from opsbook.domain.language import Text
from opsbook.plan.table_declarations import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

SHEET = Sheet("targets", Text("目标", "Targets"))
# The columns of the list of targets; the months of the tables below stand in the same.
_COLUMNS = (14, 196, 60, 78, 60, 66, 78, 78, 70, 80, 74, 78, 64, 66, 78, 78, 72, 72, 78, 110)
WIDTH = len(_COLUMNS) - 1
CHARTED = ("ta_amount", "visitors")
CHART_LINES = 8  # of the figures under the charts, for each metric, its name first
SOLVED = 12  # what comes of the factors, what a goal needs
_CHART_ROWS, _GAP = 11, 12
_LIST = 5


def _rows() -> Mapping[str, int]:
    """Return the first row of each table and chart line, from the top."""
    found: dict[str, int] = {}
    row = _LIST
    for block, height in (
        ("list", 1 + tables()["targets.list"].rows),
        ("checks", 1 + tables()["targets.list"].rows),
        ("whatif", 1 + SOLVED),
        ("charts", len(CHARTED) * _CHART_ROWS),
        ("months", 1 + tables()["targets.months"].rows),
        ("track", 1 + len(CHARTED) * CHART_LINES),
        ("events", 1 + tables()["targets.events"].rows),
        ("people", 1 + tables()["targets.people"].rows),
        ("last", 1 + tables()["targets.last"].rows),
    ):
        found[block] = row
        row += height + 2  # a gap and the next heading
    return MappingProxyType(found)


_ROWS = _rows()

SPOTS: Mapping[str, Spot] = MappingProxyType(
    {
        "targets.head": Spot("targets", 1, 1),
        "targets.list": Spot("targets", _LIST, 1, heading=1),
        "targets.checks": Spot(
            "targets", _ROWS["checks"], 1, heading=1, rows=1 + tables()["targets.list"].rows
        ),
        "targets.whatif": Spot("targets", _ROWS["whatif"], 1, heading=1),
        "targets.solved": Spot("targets", _ROWS["whatif"], 9, heading=1),
        "targets.chart_titles": Spot("targets", _ROWS["charts"] + 1, 1, heading=2),
        "targets.months": Spot("targets", _ROWS["months"], 1, heading=1),
        "targets.track": Spot("targets", _ROWS["track"], 1, heading=1),
        "targets.events": Spot("targets", _ROWS["events"], 1, heading=1),
        "targets.people": Spot("targets", _ROWS["people"], 1, heading=1),
        "targets.last": Spot("targets", _ROWS["last"], 1, heading=1),
    }
)
INPUTS: tuple[Input, ...] = ()


def page() -> Page:
    """Return the look of the sheet."""
    heights = {0: 8, 1: 32, 2: 20, 3: 8} | {row - 1: 28 for row in _ROWS.values()}
    breaks = tuple(_ROWS[block] - 1 for block in ("charts", "events"))
    return Page(_COLUMNS, heights, height=22, paper=A3, freeze=(3, 2), repeat=(1, 2), breaks=breaks)


def frames() -> dict[str, Frame]:
    """Return where the charts of the sheet stand, by the chart's name: a metric a line, months and running sums."""
    width = (sum(_COLUMNS[1:]) - _GAP) // 2
    height = _CHART_ROWS * 22 - _GAP
    return {
        f"targets_{metric}{suffix}": Frame(
            "targets", _ROWS["charts"] + line * _CHART_ROWS, 1, place * (width + _GAP), 0, width, height
        )
        for line, metric in enumerate(CHARTED)
        for place, suffix in enumerate(("", "_sum"))
    }
