"""The weekly board: four modules, this week beside the last and the same week last year, twelve weeks as a line."""

from __future__ import annotations

from opsbook.domain.language import Text
from opsbook.metrics.weekly_board import MODULES, WEEKS
from opsbook.sheets.common_parts import head
from opsbook.sheets.sheet_parts import MARGIN, Anchor, SheetColumn, SheetDeclaration, SheetSection

LINES = tuple((module, metric) for module, listed in MODULES.items() for metric in listed)
_VISIBLE = 9  # columns that are printed; the weeks behind the lines follow


def _week(number: int) -> SheetColumn:
    """Return the column of a week, the last one being this week."""
    back = WEEKS - number
    heading = Text(f"-{back}周", f"-{back}") if back else Text("本周", "This week")
    return SheetColumn(f"week{number}", heading, "prior.{number}")


BOARD = SheetSection(
    Text("周看板", "Weekly board"),
    "weekly.board",
    ("R3.2.4a",),
    1 + len(LINES),
    (
        SheetColumn("module", Text("模块", "Module"), "name"),
        SheetColumn("indicator", Text("指标", "Indicator")),
        SheetColumn("this", Text("本周", "This week"), "strong.{number}"),
        SheetColumn("last", Text("上周", "Last week"), "prior.{number}"),
        SheetColumn("change", Text("较上周", "On last week"), "growth.{growth}"),
        SheetColumn("ago", Text("去年同周", "Year ago"), "prior.{number}"),
        SheetColumn("yearly", Text("同比", "YoY"), "growth.{growth}.indent"),
        SheetColumn("trend", Text("近12周", "12 weeks"), head="headnote"),
        SheetColumn("alert", Text("预警", "Alert"), "verdict", span=2),
        *map(_week, range(1, 1 + WEEKS)),
    ),
    look="blank",
    ruled=False,
    show_title=False,
    row_height=26,
)
SHEET = SheetDeclaration(
    "weekly",
    Text("周看板", "Weekly board"),
    (MARGIN, 76, 180, 92, 92, 84, 104, 84, 150, 120, 24, *(64,) * 12),
    (BOARD,),
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
