"""The action plan: four quarters in short, what is not linked yet, and the list of actions."""

from __future__ import annotations

from opsbook.domain.language import Text
from opsbook.plan.table_declarations import tables
from opsbook.sheets.common_parts import head, joined_spans, shared, widths
from opsbook.sheets.sheet_parts import Anchor, SheetColumn, SheetDeclaration, SheetSection

LIST = tables()["actions.list"]
ORPHAN_LINES = 8  # lines of open items


def _span(first: str, last: str) -> int:
    """Return how many columns of the list lie from one to another."""
    return LIST.at(last) - LIST.at(first) + 1


ORPHAN_KINDS = {
    "problem": Text("问题", "Problem"),
    "target": Text("目标", "Target"),
    "action": Text("行动", "Action"),
    "budget": Text("预算", "Budget"),
}
QUARTERS = 4
# Each column of the summary takes several columns of the list below it.
_SUMMARY = (
    SheetColumn("quarter", Text("季度", "Quarter"), "name", _span("code", "quarter")),
    SheetColumn("tasks", Text("重点任务", "Key tasks"), "wrap", _span("task", "strategy")),
    SheetColumn(
        "indicators",
        Text("关键指标（达成率）", "Indicators (attained)"),
        "wrap.indent",
        _span("indicator", "attainment"),
    ),
    SheetColumn("resources", Text("资源", "Resources"), "wrap.indent", _span("resources", "due")),
    SheetColumn("cost", Text("费用（元）", "Cost (CNY)"), "strong.money", _span("state", "progress")),
    SheetColumn("done", Text("完成", "Done"), "text.indent", _span("note", "m12")),
)
SUMMARY = SheetSection(
    Text("一、四个季度", "1  Four quarters"),
    "actions.summary",
    ("R3.3",),
    1 + QUARTERS,
    _SUMMARY,
    look="blank",
    ruled=False,
    head_height=22,
    row_height=76,
    joined=joined_spans(_SUMMARY, 1 + QUARTERS),
)
ORPHANS = SheetSection(
    Text("二、闭环检查：悬空项", "2  Closed logic: what hangs in the air"),
    "actions.orphans",
    ("R1.4",),
    ORPHAN_LINES,
    # In the columns of the summary.
    (
        SheetColumn("kind", look="note", span=_span("code", "quarter")),
        SheetColumn("name", look="textline", span=_span("task", "strategy")),
        SheetColumn("lacks", look="note.indent"),
    ),
    look="blank",
    headed=False,
    head_height=20,
    row_height=20,
)
SHEET = SheetDeclaration(
    "actions",
    Text("季度行动计划", "Action plan"),
    widths(LIST),
    (
        SUMMARY,
        ORPHANS,
        shared(LIST, Text("三、行动清单", "3  Actions"), ("R3.3", "R1.4"), head_height=22, page_break=True),
    ),
    head(
        "actions",
        Text("季度行动计划", "Action plan"),
        LIST.at("hint") + 1,
        dated=Text("{year} 季度行动计划", "Action plan of {year}"),
        empty=Text("季度行动计划", "Quarterly action plan"),
        note=Text(
            "蓝色为建议，可直接改写；黄色由团队填写；自己的任务写在空行。删除的建议不会再出现。",
            "Blue: suggested, change it as you like; yellow: for the team; write tasks of your own on free lines. A deleted suggestion does not come back.",
        ),
    ),
    height=36,
    fixed_columns=4,
    repeat=(Anchor.HEAD, Anchor.HEAD),
    printed=(len(LIST.columns), 0),
    large=True,
)
