"""The reconciliation: every place where a headline figure can be had, how the values should compare, why they differ."""

from __future__ import annotations

from opsbook.domain.language import Text
from opsbook.sheets.common_parts import head
from opsbook.sheets.sheet_parts import MARGIN, Anchor, SheetColumn, SheetDeclaration, SheetSection

MOST = 160  # lines
LINES = SheetSection(
    Text("对账", "Reconciliation"),
    "reconciliation.lines",
    ("R1.3",),
    1 + MOST,
    (
        SheetColumn("metric", Text("指标", "Indicator"), "name"),
        SheetColumn("period", Text("周期", "Period"), "text"),
        SheetColumn("place", Text("来源", "Place"), "wrap"),
        SheetColumn("value", Text("数值", "Value"), "strong.exact"),
        SheetColumn("basis", Text("口径", "Basis"), "smallwrap"),
        SheetColumn("clock", Text("时区", "Clock"), "text"),
        SheetColumn("relation", Text("应有关系", "Relation"), "wrap"),
        SheetColumn("reference", Text("对照值", "Against"), "prior.exact"),
        SheetColumn("difference", Text("差异", "Difference"), "value.exactsigned"),
        SheetColumn("verdict", Text("结论", "Verdict"), "verdict"),
        SheetColumn("reason", Text("为什么", "Why"), "smallwrap"),
    ),
    show_title=False,
    prepared=1 + MOST,
    head_height=20,
)
SHEET = SheetDeclaration(
    "reconciliation",
    Text("对账", "Reconciliation"),
    (MARGIN, 150, 62, 150, 92, 100, 70, 124, 92, 88, 108, 250),
    (LINES,),
    head(
        "reconciliation",
        Text("对账", "Reconciliation"),
        LINES.width,
        dated=Text("{year} 年对账", "Reconciliation of {year}"),
        empty=Text("对账", "Reconciliation"),
        note=Text(
            "同一数字在不同导出里的值、口径与时区，以及为什么不同",
            "One figure in every place it can be had, and why the values differ",
        ),
    ),
    height=30,
    scroll_below=Anchor.LIST,
    repeat=(Anchor.LIST, Anchor.LIST),
)
