"""The overview: what the boss sees first, on one page."""

from __future__ import annotations

from opsbook.language import Text
from opsbook.review.indicators import CARDS
from opsbook.sheets.common import head
from opsbook.sheets.parts import CHART_TITLES, MARGIN, Anchor, Beside, Charts, Part, Section, SheetParts

TOP = 10  # best-selling products
CHARTS = ("ta_amount", "visitors")
FUNNEL = ("total_impressions", "visitors", "lead_buyers", "ta_orders")
QUARTER_LINES = ("visitors", "inquiries", "tm_buyers", "lead_rate", "ta_orders", "ta_amount", "aov", "ad_cpc")
NOTE_LINES = 4
CARD_COLUMNS = (
    0,
    3,
    7,
    10,
)  # of the sheet, inside the block of cards; the gutter lies between the second and third
CARD_WIDTH = 3
CARD_HEIGHTS = (22, 33, 18, 20, 8)  # label, value, two lines of growth, a gap
CARD_ROWS = len(CARD_HEIGHTS)
# A margin, six columns, a gutter, six columns. A card is three columns, a chart or a list six.
_HALF = (100,) * 6
_LEFT, _RIGHT = 1, 8
_CARD_LINES = -(-len(CARDS) // len(CARD_COLUMNS))


def _chart(key: str, *under: tuple[int, Section]) -> tuple[Part, ...]:
    return (Charts(names=(f"overview_{key}",), line_rows=11, under=under, span=len(_HALF), below=0),)


SHEET = SheetParts(
    "overview",
    Text("总览", "Overview"),
    (MARGIN, *_HALF, 16, *_HALF, MARGIN),
    (
        Section(
            Text("核心指标", "Key figures"),
            "overview.cards",
            ("R1.1", "R2.1.1b", "R2.1.2", "R2.1.3a", "R2.1.3c"),
            _CARD_LINES * CARD_ROWS - 1,
            show_title=False,
            cycle=CARD_HEIGHTS,
            # The value is too wide for one column.
            joined=tuple(
                (line * CARD_ROWS + 1, column, CARD_WIDTH)
                for line in range(_CARD_LINES)
                for column in CARD_COLUMNS
            ),
        ),
        Beside(
            stacks=(
                (
                    _LEFT,
                    _chart(
                        CHARTS[0], (1, Section(CHART_TITLES, "overview.chart_titles", ("R1.1",), len(CHARTS)))
                    ),
                ),
                (_RIGHT, _chart(CHARTS[1])),
            )
        ),
        Beside(
            stacks=(
                (
                    _LEFT,
                    (
                        Section(
                            Text("转化漏斗", "Conversion funnel"),
                            "overview.funnel",
                            ("R1.1", "R2.1.3a", "R2.1.3b"),
                            1 + len(FUNNEL),
                        ),
                        Section(Text("数据说明", "About the data"), "overview.notes", (), NOTE_LINES),
                    ),
                ),
                (
                    _RIGHT,
                    (Section(Text("TOP10 产品", "TOP10 products"), "overview.top10", ("R2.1.4a",), 1 + TOP),),
                ),
            )
        ),
        Section(
            Text("季度表现", "Quarters"), "overview.quarters", ("R1.1", "R2.1.2"), 2 + len(QUARTER_LINES)
        ),
        Section(
            Text("增长归因与广告回报（美元）", "What changed the TA amount, and what ads returned (USD)"),
            "overview.bridge",
            ("R1.3",),
            2,
        ),
    ),
    head("overview", Text("年度业绩总览", "Annual overview"), 13, "R1.1"),
    top=(8, 34, 22, 8),
    height=18,
    heading_height=25,
    gap_height=8,
    scroll_below=Anchor.NONE,
    one_page=True,
)
