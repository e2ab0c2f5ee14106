"""The weekly board: four modules, this week beside the last and the same week last year, twelve weeks as a line."""

from __future__ import annotations

from opsbook.language import Text
from opsbook.metrics.weekly_board import MODULES
from opsbook.sheets.common import head
from opsbook.sheets.parts import MARGIN, Anchor, Section, SheetParts

LINES = tuple((module, metric) for module, listed in MODULES.items() for metric in listed)
_VISIBLE = 9  # columns that are printed; the weeks behind the lines follow

SHEET = SheetParts(
    "weekly",
    Text("周看板", "Weekly board"),
    (MARGIN, 76, 180, 92, 92, 84, 104, 84, 150, 120, 24, *(64,) * 12),
    (
        Section(
            Text("周看板", "Weekly board"),
            "weekly.board",
            ("R3.2.4a",),
            1 + len(LINES),
            show_title=False,
            row_height=26,
        ),
    ),
    head(
        "weekly",
        Text("周看板", "Weekly board"),
        _VISIBLE,
        dated=Text("周看板", "Weekly board"),
        empty=Text("周看板", "Weekly board"),
        note=Text("还没有整周的数据（周日至周六）", "No whole week of data yet (Sunday to Saturday)"),
    ),
    scroll_below=Anchor.LIST,
    printed=(_VISIBLE, 1),
)
