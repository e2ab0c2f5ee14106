"""Strategies: twelve initiatives, and the tables that carry them out."""

from __future__ import annotations

from opsbook.domain.language import Text
from opsbook.plan.table_declarations import tables
from opsbook.sheets.common_parts import head, shared, widths
from opsbook.sheets.sheet_parts import Anchor, SheetDeclaration

LIST = tables()["strategy.list"]

BELOW = (
    shared(
        tables()["strategy.words"],
        Text("候选关键词（核心词库目标200+）", "Words to win (library of 200+)"),
        ("R3.2.1a",),
        page_break=True,
    ),
    shared(
        tables()["strategy.calendar"],
        Text(
            "内容日历（每月2场直播，产品/工厂/场景短视频）",
            "Content calendar (2 livestreams a month; videos of product, factory, use)",
        ),
        ("R3.2.1b",),
        page_break=True,
    ),
    shared(
        tables()["strategy.offers"], Text("信保阶梯优惠测算", "Tiered Trade Assurance offers"), ("R3.2.2c",)
    ),
    shared(
        tables()["strategy.tests"],
        Text("新品测品（样本不足不判定）", "New products on trial (no verdict on small samples)"),
        ("R3.2.3b",),
    ),
    shared(
        tables()["strategy.tracks"],
        Text("赛道评分（权重在设置）", "Track scores (weights: settings)"),
        ("R3.2.3c",),
        page_break=True,
    ),
    shared(
        tables()["strategy.competitors"],
        Text("竞品对比（锁定3家，按月）", "Competitors (3, month by month)"),
        ("R3.2.4b",),
    ),
    shared(tables()["strategy.markets"], Text("市场画像", "Market profiles"), ("R3.2.4c",)),
)
"""The tables under the initiatives; their columns are as wide as those of the initiatives."""
SHEET = SheetDeclaration(
    "strategy",
    Text("策略", "Strategies"),
    widths(LIST),
    (
        shared(
            LIST,
            Text("十二项举措", "Twelve initiatives"),
            (
                "R3.2.1a",
                "R3.2.1b",
                "R3.2.1c",
                "R3.2.2a",
                "R3.2.2b",
                "R3.2.2c",
                "R3.2.3a",
                "R3.2.3b",
                "R3.2.3c",
                "R3.2.4a",
                "R3.2.4b",
                "R3.2.4c",
                "R1.4",
            ),
            head_height=22,
            row_height=36,
        ),
        *BELOW,
    ),
    head(
        "strategy",
        Text("策略", "Strategies"),
        len(LIST.columns),
        dated=Text("{year} 年度策略", "Strategies of {year}"),
        empty=Text("年度策略", "Strategies of the year"),
        note=Text(
            "四大策略十二项举措；蓝色为建议，改过的保留；黄色由团队填写；无指标的举措请填“自填现状”。",
            "Four strategies, twelve initiatives. Blue: suggested, yours once changed; yellow: for the team. Without a metric, type the own figure.",
        ),
    ),
    height=24,
    fixed_columns=3,
    repeat=(Anchor.HEAD, Anchor.HEAD),
    printed=(len(LIST.columns), 0),
    large=True,
)
