"""The evidence behind the problems: a sheet of its own, so that the list of problems may grow."""

from __future__ import annotations

from opsbook.language import Text
from opsbook.sheets.common import head
from opsbook.sheets.parts import CHART_DATA, CHART_TITLES, MARGIN, Anchor, Charts, Section, SheetParts

WIDTH = 12
TRAFFIC = ("natural_impressions", "longtail_capture", "low_quality_inquiry_share")
MARKET_ROWS = 11  # every market there is, and the unknown one
DRAWN = 8  # markets with the most inquiries
MORE_PEERS = ("tm_buyers", "lead_buyers", "lead_rate", "ta_orders")  # beside those that rules look at
PEER_ROWS = 10
DEPARTMENT_ROWS = 6

SHEET = SheetParts(
    "evidence",
    Text("问题依据", "Evidence"),
    # As on the sheet of work done: indicator, year, four quarters, the year, change, notes.
    (MARGIN, 236, 56, *(84,) * 4, 92, 92, *(105,) * 4),
    (
        Section(
            Text(
                "一、自然流量、长尾词、询盘质量", "1  Natural traffic, long-tail words, quality of inquiries"
            ),
            "evidence.traffic",
            ("R2.3.1a", "R2.3.1b", "R2.3.2a"),
            1 + 2 * len(TRAFFIC),
        ),
        Section(
            Text(
                "二、各市场转化率：区间、判断与变化拆分",
                "2  Conversion by market: intervals, verdicts, what changed it",
            ),
            "evidence.markets",
            ("R2.1.3b", "R2.3.2b"),
            2 + MARKET_ROWS,
        ),
        Charts(
            names=("evidence_markets", "evidence_market_split"),
            per_line=2,
            line_rows=13,
            titles=Section(CHART_TITLES, "evidence.markets_chart_titles", (), 2, show_title=False),
            under=((1, Section(CHART_DATA, "evidence.markets_chart_data", ("R2.3.2b",), 1 + DRAWN)),),
        ),
        Section(
            Text("三、与同行优秀的差距", "3  Gap to the top peers"),
            "evidence.peers",
            ("R2.3.3",),
            1 + PEER_ROWS,
            page_break=True,
        ),
        Section(
            Text("四、协作响应周期", "4  Response of other departments"),
            "evidence.collaboration",
            ("R2.3.4",),
            2 + DEPARTMENT_ROWS,
        ),
    ),
    head(
        "evidence",
        Text("问题依据", "Evidence"),
        WIDTH,
        dated=Text("{year} 年问题依据", "Evidence of {year}"),
        empty=Text("问题依据", "Evidence"),
        note=Text(
            "「问题分析」中数字的出处。区间为 Wilson 区间；只有区间不含全部市场的转化率时才判断高于或低于均值，其余为灰色。",
            "Where the figures of 'Problems' come from. Wilson intervals: above or below the mean only where the interval leaves out the rate of all markets; the rest is grey.",
        ),
    ),
    repeat=(Anchor.HEAD, Anchor.HEAD),
)
