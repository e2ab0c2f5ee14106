"""Targets of the year: whether they are SMART, what if, by month, by person, and how last year's were met."""

from __future__ import annotations

from opsbook.domain.language import Text
from opsbook.plan.table_declarations import tables
from opsbook.sheets.common_parts import INDICATOR, MONTHS, chart_titles, head, shared
from opsbook.sheets.sheet_parts import (
    MARGIN,
    Anchor,
    ChartLines,
    SheetColumn,
    SheetDeclaration,
    SheetSection,
    SideBySide,
)

# The columns of the list of targets; the tables by month below use the same.
_WIDTHS = (196, 60, 78, 60, 66, 78, 78, 70, 80, 74, 78, 64, 66, 78, 78, 72, 72, 78, 110)
WIDTH = len(_WIDTHS)
CHARTED = ("ta_amount", "visitors")
_LIST = tables()["targets.list"]
_WHATIF_COLUMN, _SOLVED_COLUMN = 1, 9

CHECKS = SheetSection(
    Text("二、SMART 检查", "2  SMART check"),
    "targets.checks",
    ("R3.1.5",),
    1 + _LIST.rows,
    (
        SheetColumn("indicator", INDICATOR, "note"),
        SheetColumn("smart", Text("SMART", "SMART"), "note", 2),
        SheetColumn(
            "says", Text("检查说明与口径", "What the check says, and how figures were got"), "note", WIDTH - 3
        ),
    ),
    look="note",
    prepared=1 + _LIST.rows,
)
SOLVED_LINES = {  # what comes of the factors, what a goal needs: label and number format
    "solved_amount": (Text("正推：信保金额（美元）", "Forward: TA amount (USD)"), "money"),
    "amount_growth": (Text("较近 12 个月", "On the last 12 months"), "growth"),
    "goal_orders": (Text("倒推：达标需要订单", "Backward: orders needed"), "int"),
    "goal_leads": (Text("需要商机人数", "Lead buyers needed"), "int"),
    "goal_visitors": (Text("需要访客", "Visitors needed"), "int"),
    "goal_more": (Text("比左边多出的访客", "Visitors beyond those at the left"), "int"),
    "goal_cpc": (Text("当前平均点击成本（元）", "CPC now (CNY)"), "money2"),
    "goal_spend": (
        Text("多出的访客全靠广告需花费（元）", "Ads for these visitors at this CPC (CNY)"),
        "money",
    ),
    "goal_margin": (Text("毛利率（设置）", "Gross margin (settings)"), "pct1"),
    "goal_rate": (Text("汇率（人民币/美元）", "CNY per USD"), "exact"),
    "goal_even_cpc": (Text("盈亏平衡点击成本（元）", "Break-even CPC (CNY)"), "money2"),
    "goal_even_spend": (Text("按此最多可花费（元）", "The most these visitors may cost (CNY)"), "money"),
}
SOLVED = SheetSection(
    Text("正推与倒推", "Forward and backward"),
    "targets.solved",
    ("R1.4", "R3.1.5"),
    columns=(
        SheetColumn("label", Text("那么……", "Then"), "text", 3),
        SheetColumn("value", Text("数值", "Value"), "strong.{number}"),
        SheetColumn("note", None, "quietnote", 4, head="head"),
    ),
    lines=tuple(SOLVED_LINES),
)
TRACK_LINES = ("target", "actual", "prior", "coming", "target_sum", "actual_sum", "reached")
TRACK = SheetSection(
    Text("六、逐月跟踪", "6  Month by month"),
    "targets.track",
    ("R3.1.5",),
    columns=(
        SheetColumn("line", INDICATOR),
        *(SheetColumn(f"m{number}", month, "value") for number, month in enumerate(MONTHS, start=1)),
    ),
    # For each metric its name, and the lines under it.
    lines=tuple(
        f"{metric}{line}" for metric in CHARTED for line in ("", *(f" {each}" for each in TRACK_LINES))
    ),
    look="blank",
)
_CHARTS = tuple(f"targets_{metric}{kind}" for metric in CHARTED for kind in ("", "_sum"))
SHEET = SheetDeclaration(
    "targets",
    Text("目标", "Targets"),
    (MARGIN, *_WIDTHS),
    (
        shared(
            _LIST,
            Text("一、目标与达成", "1  Targets and where they stand"),
            ("R3.1.1", "R3.1.2", "R3.1.3", "R3.1.4", "R3.1.5"),
        ),
        CHECKS,
        SideBySide(
            stacks=(
                (
                    _WHATIF_COLUMN,
                    (
                        shared(
                            tables()["targets.whatif"],
                            Text("三、如果……那么", "3  What if"),
                            ("R1.4", "R3.1.5"),
                        ),
                    ),
                ),
                (
                    _SOLVED_COLUMN,
                    (SOLVED,),
                ),
            )
        ),
        ChartLines(
            names=_CHARTS,
            per_line=2,
            line_rows=11,
            titles=chart_titles(
                "targets.chart_titles",
                _CHARTS,
                Text("四、目标与实际走势", "4  Target and result"),
                ("R1.1", "R3.1.5"),
            ),
            page_break=True,
        ),
        shared(
            tables()["targets.months"],
            Text(
                "五、按月分解（改写即锁定，其余月份自动补足）",
                "5  By month (a month you type is fixed, the others follow)",
            ),
            ("R3.1.5",),
        ),
        TRACK,
        shared(
            tables()["targets.events"],
            Text(
                "七、活动（往年的季节已含历年活动，只填比往年多的部分）",
                "7  Events (the season holds those of past years: type only what is to be more)",
            ),
            ("R3.1.5",),
            page_break=True,
        ),
        shared(tables()["targets.people"], Text("八、分解到人", "8  Who takes which part"), ("R3.1.5",)),
        shared(
            tables()["targets.last"],
            Text("九、上年目标与达成", "9  Last year's targets and how they were met"),
            ("R3.1.5",),
        ),
    ),
    head(
        "targets",
        Text("年度目标", "Targets of the year"),
        WIDTH,
        dated=Text("{year} 年度目标", "Targets of {year}"),
        empty=Text("年度目标", "Targets of the year"),
        note=Text(
            "蓝色为建议，可直接改写，改过的刷新时保留；黄色由团队填写。",
            "Blue: suggested, change it as you like, what you change stays; yellow: for the team.",
        ),
    ),
    height=22,
    fixed_columns=2,
    repeat=(Anchor.HEAD, Anchor.HEAD),
    large=True,
)
