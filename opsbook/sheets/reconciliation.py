"""The reconciliation: every place where a headline figure can be had, how the values should compare, why they differ."""

from __future__ import annotations

from opsbook.domain.language import Text
from opsbook.sheets.common import head
from opsbook.sheets.parts import MARGIN, Anchor, Column, Section, SheetParts

MOST = 160  # lines
LINES = Section(
    Text("对账", "Reconciliation"),
    "reconciliation.lines",
    ("R1.3",),
    1 + MOST,
    (
        Column("metric", Text("指标", "Indicator"), "name"),
        Column("period", Text("周期", "Period"), "text"),
        Column("place", Text("来源", "Place"), "wrap"),
        Column("value", Text("数值", "Value"), "strong.exact"),
        Column("basis", Text("口径", "Basis"), "smallwrap"),
        Column("clock", Text("时区", "Clock"), "text"),
        Column("relation", Text("应有关系", "Relation"), "wrap"),
        Column("reference", Text("对照值", "Against"), "prior.exact"),
        Column("difference", Text("差异", "Difference"), "value.exactsigned"),
        Column("verdict", Text("结论", "Verdict"), "verdict"),
        Column("reason", Text("为什么", "Why"), "smallwrap"),
    ),
    show_title=False,
    prepared=1 + MOST,
    head_height=20,
)
SHEET = SheetParts(
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
