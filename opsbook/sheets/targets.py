"""Targets of the year: whether they are SMART, what if, by month, by person, and how last year's were met."""

from __future__ import annotations

from opsbook.language import Text
from opsbook.plan.tables import tables
from opsbook.sheets.common import head, shared
from opsbook.sheets.parts import MARGIN, Anchor, Beside, Charts, Section, SheetParts

# The columns of the list of targets; the months of the tables below stand in the same.
_WIDTHS = (196, 60, 78, 60, 66, 78, 78, 70, 80, 74, 78, 64, 66, 78, 78, 72, 72, 78, 110)
WIDTH = len(_WIDTHS)
CHARTED = ("ta_amount", "visitors")
CHART_LINES = 8  # of the figures under the charts, for each metric, its name first
SOLVED = 12  # what comes of the factors, what a goal needs
_LIST = tables()["targets.list"]
_WHATIF_COLUMN, _SOLVED_COLUMN = 1, 9

SHEET = SheetParts(
    "targets",
    Text("目标", "Targets"),
    (MARGIN, *_WIDTHS),
    (
        shared(
            _LIST,
            Text("一、目标与达成", "1  Targets and where they stand"),
            ("R3.1.1", "R3.1.2", "R3.1.3", "R3.1.4", "R3.1.5"),
        ),
        Section(
            Text("二、SMART 检查", "2  SMART check"),
            "targets.checks",
            ("R3.1.5",),
            1 + _LIST.rows,
            prepared=1 + _LIST.rows,
        ),
        Beside(
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
                    (
                        Section(
                            Text("正推与倒推", "Forward and backward"),
                            "targets.solved",
                            ("R1.4", "R3.1.5"),
                            1 + SOLVED,
                        ),
                    ),
                ),
            )
        ),
        Charts(
            names=tuple(f"targets_{metric}{kind}" for metric in CHARTED for kind in ("", "_sum")),
            per_line=2,
            line_rows=11,
            titles=Section(
                Text("四、目标与实际走势", "4  Target and result"),
                "targets.chart_titles",
                ("R1.1", "R3.1.5"),
                2 * len(CHARTED),
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
        Section(
            Text("六、逐月跟踪", "6  Month by month"),
            "targets.track",
            ("R3.1.5",),
            1 + len(CHARTED) * CHART_LINES,
        ),
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
