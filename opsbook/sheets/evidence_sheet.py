"""The evidence behind the problems: a sheet of its own, so that the list of problems may grow."""

from __future__ import annotations

from opsbook.domain.language import Text
from opsbook.review.problems import declared
from opsbook.sheets.common_parts import INDICATOR, REPORT_WIDTHS, chart_titles, head, indicators, note
from opsbook.sheets.sheet_parts import (
    CHART_DATA,
    WATERFALL,
    Anchor,
    ChartLines,
    SheetColumn,
    SheetDeclaration,
    SheetSection,
)

TRAFFIC = indicators(
    Text("一、自然流量、长尾词、询盘质量", "1  Natural traffic, long-tail words, quality of inquiries"),
    "evidence.traffic",
    ("R2.3.1a", "R2.3.1b", "R2.3.2a"),
    ("natural_impressions", "longtail_capture", "low_quality_inquiry_share"),
)
MARKET_ROWS = 11  # every market there is, and the unknown one
MARKETS = SheetSection(
    Text(
        "二、各市场转化率：区间、判断与变化拆分",
        "2  Conversion by market: intervals, verdicts, what changed it",
    ),
    "evidence.markets",
    ("R2.1.3b", "R2.3.2b"),
    columns=(
        SheetColumn("market", Text("市场", "Market"), "text", 2),
        SheetColumn("asked", Text("询盘", "Inquiries"), "value.int"),
        SheetColumn("orders", Text("订单数", "Orders"), "value.int"),
        SheetColumn("now", Text("本年转化率", "Rate"), "strong.pct2"),
        SheetColumn("low", Text("下限", "Low"), "prior.pct2"),
        SheetColumn("high", Text("上限", "High"), "prior.pct2"),
        SheetColumn("said", Text("结论", "Verdict"), "verdict"),
        SheetColumn("before", Text("去年同期", "Last year"), "prior.pct2"),
        SheetColumn("change", Text("变化", "Change"), "growth.pp.higher"),
        SheetColumn("rate", Text("自身转化", "Own rate"), "growth.pp.higher"),
        SheetColumn("mix", Text("询盘结构", "Mix"), "growth.pp.higher"),
    ),
    lines=(*(f"market{number}" for number in range(1, 1 + MARKET_ROWS)), "all"),
)
DRAWN = 8  # markets with the most inquiries
DATA = SheetSection(
    CHART_DATA,
    "evidence.markets_chart_data",
    ("R2.3.2b",),
    1 + DRAWN,
    (
        SheetColumn("market", None, "under", head="under"),
        SheetColumn("proven", Text("高于或低于均值", "Above or below the mean"), "under", head="under"),
        SheetColumn("unproven", Text("不足以判断", "Too few to say"), "under", head="under"),
        SheetColumn("plus", None, "under", head="under"),
        SheetColumn("minus", None, "under", head="under"),
        SheetColumn("top", Text("上限", "High"), "under", head="under"),
        SheetColumn("mean", Text("全部市场", "All markets"), "under", head="under"),
        SheetColumn("steps", None, "under", WATERFALL, head="under"),
    ),
    look="under",
    ruled=False,
)
MORE_PEERS = ("tm_buyers", "lead_buyers", "lead_rate", "ta_orders")  # beside those that rules look at
PEERS = SheetSection(
    Text("三、与同行优秀的差距", "3  Gap to the top peers"),
    "evidence.peers",
    ("R2.3.3",),
    columns=(
        SheetColumn("indicator", INDICATOR, "name", 2),
        SheetColumn("own", Text("自身", "Own"), "strong.{number}"),
        SheetColumn("top", Text("同行优秀", "Top peers"), "prior.{number}"),
        SheetColumn("gap", Text("差距", "Gap"), "growth.growth.higher"),
        SheetColumn("before", Text("去年差距", "Gap last year"), "prior.growth"),
        SheetColumn("change", Text("差距变化", "Change"), "growth.pp.higher", 2),
        note(3),
    ),
    lines=(*declared()["peer_gap"]["metrics"], *MORE_PEERS),
    page_break=True,
)
DEPARTMENT_ROWS = 6
COLLABORATION = SheetSection(
    Text("四、协作响应周期", "4  Response of other departments"),
    "evidence.collaboration",
    ("R2.3.4",),
    columns=(
        SheetColumn("department", Text("部门", "Department"), "text", 2),
        SheetColumn("items", Text("事项", "Items"), "value.int"),
        SheetColumn("open", Text("未解决", "Open"), "value.int"),
        SheetColumn("median", Text("中位(天)", "Median days"), "strong.mean"),
        SheetColumn("slowest", Text("九成以内(天)", "90 % within"), "value.mean"),
        SheetColumn("before", Text("去年中位", "Last year"), "prior.mean"),
        SheetColumn("change", Text("变化(天)", "Change"), "growth.signed1.lower"),
        note(3),
    ),
    lines=(*(f"department{number}" for number in range(1, 1 + DEPARTMENT_ROWS)), "all"),
)
CHARTS = ("evidence_markets", "evidence_market_split")
SHEET = SheetDeclaration(
    "evidence",
    Text("问题依据", "Evidence"),
    REPORT_WIDTHS,
    (
        TRAFFIC,
        MARKETS,
        ChartLines(
            names=CHARTS,
            per_line=2,
            line_rows=13,
            titles=chart_titles("evidence.markets_chart_titles", CHARTS),
            under=((1, DATA),),
        ),
        PEERS,
        COLLABORATION,
    ),
    head(
        "evidence",
        Text("问题依据", "Evidence"),
        MARKETS.width,
        dated=Text("{year} 年问题依据", "Evidence of {year}"),
        empty=Text("问题依据", "Evidence"),
        note=Text(
            "「问题分析」中数字的出处。区间为 Wilson 区间；只有区间不含全部市场的转化率时才判断高于或低于均值，其余为灰色。",
            "Where the figures of 'Problems' come from. Wilson intervals: above or below the mean only where the interval leaves out the rate of all markets; the rest is grey.",
        ),
    ),
    repeat=(Anchor.HEAD, Anchor.HEAD),
)
