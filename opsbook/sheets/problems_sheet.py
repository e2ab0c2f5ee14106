"""Problems: what the rules found, with evidence, money, and the strategy that answers it."""

from __future__ import annotations

from opsbook.domain.language import Text
from opsbook.plan.table_declarations import tables
from opsbook.sheets.common_parts import head, shared, widths
from opsbook.sheets.sheet_parts import Anchor, SheetDeclaration

LIST = tables()["problems.list"]

SHEET = SheetDeclaration(
    "problems",
    Text("问题分析", "Problems"),
    widths(LIST),
    (
        shared(
            LIST,
            Text("问题、依据与对应策略", "Problems, evidence, strategies"),
            ("R1.4", "R2.3.1a", "R2.3.1b", "R2.3.2a", "R2.3.2b", "R2.3.3", "R2.3.4"),
            show_title=False,
            row_height=36,
        ),
    ),
    head(
        "problems",
        Text("问题分析", "Problems"),
        len(LIST.columns),
        dated=Text("{year} 年问题分析", "Problems of {year}"),
        empty=Text("问题分析", "Problems"),
        note=Text(
            "由规则找出，警戒线在「设置」；数字出处见「问题依据」。金额为估算的年度影响（美元），估不出的留空；「不足以判断」＝样本太小。蓝色为建议，可直接改写，改过的刷新时保留；黄色由团队填写。",
            "Found by rules; limits stand in 'Settings', the figures come from 'Evidence'. Money: estimated effect in USD, blank where unknown. Blue: suggested, what you change stays; yellow: for the team.",
        ),
    ),
    scroll_below=Anchor.LIST,
    repeat=(Anchor.HEAD, Anchor.LIST),
)
