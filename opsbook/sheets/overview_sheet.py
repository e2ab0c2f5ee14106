"""The overview: what the boss sees first, on one page."""

from __future__ import annotations

from dataclasses import replace

from opsbook.domain.language import Text
from opsbook.review.indicators import CARDS as CARDS_SHOWN
from opsbook.sheets.common_parts import INDICATOR, YOY, chart_titles, head
from opsbook.sheets.sheet_parts import (
    MARGIN,
    Anchor,
    ChartLines,
    SheetColumn,
    SheetDeclaration,
    SheetPart,
    SheetSection,
    SideBySide,
)

TOP = 10  # best-selling products
CHARTS = ("ta_amount", "visitors")
CARDS_PER_LINE = 4
CARD_HEIGHTS = {"label": 22, "value": 33, "yoy": 18, "month": 20, "gap": 8}  # pixels of the lines of a card
# A margin, six columns, a gutter, six columns. A card is three columns, a chart or a list six.
_HALF = (100,) * 6
_WIDTH = 2 * len(_HALF) + 1
_LEFT, _RIGHT = 1, 8
_CARD_LINES = -(-len(CARDS_SHOWN) // CARDS_PER_LINE)
_CARD_COLUMNS = tuple(
    # The gutter follows the second card.
    SheetColumn(f"{place} {part}", None, "cardfill", 2 if (place, part) == (1, "note") else 1)
    for place in range(CARDS_PER_LINE)
    for part in ("word", "growth", "note")
)
_CARD_ROWS = tuple(f"{line} {part}" for line in range(_CARD_LINES) for part in CARD_HEIGHTS)[:-1]
_CARDS_BARE = SheetSection(
    Text("核心指标", "Key figures"),
    "overview.cards",
    ("R1.1", "R2.1.1b", "R2.1.2", "R2.1.3a", "R2.1.3c"),
    columns=_CARD_COLUMNS,
    look="blank",
    headed=False,
    lines=_CARD_ROWS,
    show_title=False,
    cycle=tuple(CARD_HEIGHTS.values()),
)
CARDS = replace(
    _CARDS_BARE,
    # The value is too wide for one column.
    joined=tuple(
        (_CARDS_BARE.line(f"{line} value") - 1, _CARDS_BARE.at(f"{place} word"), 3)
        for line in range(_CARD_LINES)
        for place in range(CARDS_PER_LINE)
    ),
)
FUNNEL = SheetSection(
    Text("转化漏斗", "Conversion funnel"),
    "overview.funnel",
    ("R1.1", "R2.1.3a", "R2.1.3b"),
    columns=(
        SheetColumn("stage", Text("环节", "Stage"), "name"),
        SheetColumn("count", Text("全年数量", "Year"), "strong.int"),
        SheetColumn("yoy", YOY, "growth.{growth}"),
        SheetColumn("step", Text("步转化率", "Step rate"), "value.pct2"),
        SheetColumn("per_10000", Text("每万次曝光", "Per 10,000 imp."), "value.mean"),
        SheetColumn("log_bar", Text("规模（对数刻度）", "Size (log scale)"), "logbar.mean", head="headnote"),
    ),
    lines=("total_impressions", "visitors", "lead_buyers", "ta_orders"),
)
NOTES = SheetSection(
    Text("数据说明", "About the data"),
    "overview.notes",
    (),
    4,
    (SheetColumn("note", None, "note", len(_HALF)),),
    look="blank",
    headed=False,
)
TOP10 = SheetSection(
    Text("TOP10 产品", "TOP10 products"),
    "overview.top10",
    ("R2.1.4a",),
    1 + TOP,
    (
        SheetColumn("product", Text("产品", "Product"), "text", 3),
        SheetColumn("now", Text("金额（美元）", "Amount (USD)"), "value.money"),
        SheetColumn("yoy", YOY, "growth.growth.higher"),
        SheetColumn("share", Text("占比", "Share"), "share.pct1"),
    ),
)
_QUARTERS = ("q1", "q2", "q3", "q4", "whole")
QUARTERS = SheetSection(
    Text("季度表现", "Quarters"),
    "overview.quarters",
    ("R1.1", "R2.1.2"),
    columns=(
        SheetColumn("indicator", INDICATOR, "name", 2),
        *(
            column
            for key in _QUARTERS
            for column in (
                SheetColumn(
                    key, Text("数值", "Value"), "strong.{number}" if key == "whole" else "value.{number}"
                ),
                SheetColumn(f"{key} yoy", YOY, "growth.{growth}", 2 if key == "q2" else 1),
            )
        ),
    ),
    grouped=True,
    lines=("visitors", "inquiries", "tm_buyers", "lead_rate", "ta_orders", "ta_amount", "aov", "ad_cpc"),
)
BRIDGE = SheetSection(
    Text("增长归因与广告回报（美元）", "What changed the TA amount, and what ads returned (USD)"),
    "overview.bridge",
    ("R1.3",),
    2,
    # Of the line of the year on the sheet of the review.
    (
        SheetColumn("base", Text("去年同期", "Last year"), "prior.money"),
        SheetColumn("visitors", Text("访客", "Visitors"), "growth.signed.higher"),
        SheetColumn("lead_rate", Text("商机转化", "Lead rate"), "growth.signed.higher"),
        SheetColumn("order_rate", Text("订单转化", "Order rate"), "growth.signed.higher"),
        SheetColumn("order_value", Text("笔单价", "Order value"), "growth.signed.higher"),
        SheetColumn("now", Text("本期", "This year"), "strong.money", 2),
        SheetColumn("change", Text("变化", "Change"), "growth.signed.higher"),
        SheetColumn("yoy", YOY, "growth.growth.higher"),
        SheetColumn("cny", None, "growth.signed1.higher"),
        SheetColumn("ad_cost", Text("广告花费(元)", "Ads (CNY)"), "value.money"),
        SheetColumn("ad_roas", Text("投产比", "ROAS"), "strong.times"),
        SheetColumn("ad_roi", Text("广告ROI", "Ad ROI"), "strong.pct1"),
    ),
)
TITLES = chart_titles(
    "overview.chart_titles", tuple(f"overview_{key}" for key in CHARTS), requirements=("R1.1",)
)


def _chart(key: str, *under: tuple[int, SheetSection]) -> tuple[SheetPart, ...]:
    return (ChartLines(names=(f"overview_{key}",), line_rows=11, under=under, span=len(_HALF), below=0),)


SHEET = SheetDeclaration(
    "overview",
    Text("总览", "Overview"),
    (MARGIN, *_HALF, 16, *_HALF, MARGIN),
    (
        CARDS,
        SideBySide(
            stacks=(
                (_LEFT, _chart(CHARTS[0], (1, TITLES))),
                (_RIGHT, _chart(CHARTS[1])),
            )
        ),
        SideBySide(stacks=((_LEFT, (FUNNEL, NOTES)), (_RIGHT, (TOP10,)))),
        QUARTERS,
        BRIDGE,
    ),
    head("overview", Text("年度业绩总览", "Annual overview"), _WIDTH, "R1.1"),
    top=(8, 34, 22, 8),
    height=18,
    heading_height=25,
    gap_height=8,
    scroll_below=Anchor.NONE,
    one_page=True,
)
