"""The review: quarters, months, customers, products, keywords, what changed the amount, how sure it is."""

from __future__ import annotations

from opsbook.language import Text
from opsbook.review.indicators import core
from opsbook.sheets.common import head
from opsbook.sheets.overview import TOP
from opsbook.sheets.parts import (
    CHART_DATA,
    CHART_TITLES,
    MARGIN,
    Anchor,
    Beside,
    Charts,
    Column,
    Inputs,
    Section,
    SheetParts,
)

CORE = len(core())
WORDS = 15  # core words that moved most
LEVEL_ROWS = 12
CUSTOMERS = (
    "old_customer_repurchase_rate",
    "repeat_purchase_rate",
    "returning_revenue_share",
    "rev_per_buyer",
)
PRODUCTS = ("zero_effect_share", "new_product_first_month_inquiries", "new_products")
BRIDGE_STEPS = 6  # bars of a waterfall
SPLIT_MARKETS = 7  # lines of the growth by market, the last one for the rest
SPLIT_STEPS = 2 + SPLIT_MARKETS
SPLIT_WAYS = {
    "product": ("volume", "price", "mix", "new", "lost", "unknown"),
    "customer": ("kept", "new", "back", "lost", "unknown"),
    "market": tuple(f"market{number}" for number in range(1, SPLIT_MARKETS + 1)),
}
"""Parts of each way; of the markets only how many lines there are, the last one for the rest."""
SPLIT_ROWS = 3 + sum(
    2 + len(each) for each in SPLIT_WAYS.values()
)  # heads, both years; a name and a sum for each way
_WATERFALL_ROWS = 15
_LEFT, _RIGHT = 1, 10

SHEET = SheetParts(
    "review",
    Text("业绩回顾", "Review"),
    # Name, year or kind, twelve months, the year, a spare column, notes.
    (MARGIN, 204, 58, *(66,) * 12, 78, 72, 130),
    (
        Section(
            Text("一、季度对比", "1  Quarters"),
            "review.quarters",
            ("R1.1", "R2.1.1b", "R2.1.2", "R2.1.3a", "R2.1.3b"),
            2 + 2 * CORE,
        ),
        Charts(
            names=tuple(f"review_{each.metric.id}" for each in core()),
            per_line=3,
            line_rows=13,
            titles=Section(
                Text("二、逐月走势", "2  Month by month"),
                "review.chart_titles",
                ("R1.1", "R2.1.1b", "R2.1.2", "R2.1.3a", "R2.1.3b"),
                CORE,
            ),
            under=(
                (1, Section(CHART_DATA, "review.months_chart_data", ("R1.1",), 1 + 2 * CORE)),
                (
                    1,
                    Section(
                        Text(
                            "月度图表数据：未判断的月份",
                            "Data of the monthly charts: months that are not judged",
                        ),
                        "review.unjudged_chart_data",
                        ("R1.1",),
                        1 + CORE,
                    ),
                ),
            ),
            lines_a_page=3,
            page_break=True,
        ),
        # Four lines for each indicator: this year, last year, both changes.
        Section(
            Text("三、逐月数据", "3  Monthly figures"),
            "review.months",
            ("R1.1", "R2.1.1b", "R2.1.2", "R2.1.3a", "R2.1.3b"),
            1 + 4 * CORE,
            page_break=True,
            breaks=(1 + 4 * (CORE // 2),),
        ),
        Beside(
            stacks=(
                (
                    _LEFT,
                    (
                        Section(
                            Text("四、老客户与复购", "4  Returning customers"),
                            "review.customers",
                            ("R2.1.3c",),
                            1 + len(CUSTOMERS),
                        ),
                    ),
                ),
                (
                    _RIGHT,
                    (
                        Section(
                            Text("五、产品健康度", "5  Product health"),
                            "review.products",
                            ("R2.1.4b", "R2.1.4c"),
                            1 + len(PRODUCTS),
                        ),
                    ),
                ),
            ),
            page_break=True,
        ),
        Section(Text("六、TOP10 爆款产品", "6  TOP10 products"), "review.top10", ("R2.1.4a",), 2 + TOP),
        Beside(
            stacks=(
                (
                    _LEFT,
                    (
                        Section(
                            Text("TOP10 销售占比", "TOP10 share of sales"),
                            "review.top10_share",
                            ("R2.1.4a",),
                            3,
                        ),
                    ),
                ),
                (
                    _RIGHT,
                    (
                        Section(
                            Text("首页关键词数", "Core keywords on page 1"),
                            "review.keyword_pages",
                            ("R2.1.1c",),
                            3,
                        ),
                    ),
                ),
            )
        ),
        Beside(
            stacks=(
                (
                    _LEFT,
                    (
                        Inputs(
                            Text("七、店铺等级（手工填写）", "7  Store level (typed in)"),
                            "review.store_level",
                            ("R2.1.1a",),
                            LEVEL_ROWS,
                            (
                                Column("date", Text("日期", "Date"), head="headnote"),
                                Column(
                                    "level",
                                    Text("店铺等级 / 星等级", "Store level / stars"),
                                    span=3,
                                    head="headnote",
                                ),
                                Column("note", Text("备注", "Notes"), span=4, head="headnote"),
                            ),
                            joined=tuple(
                                (row, column, width)
                                for row in range(LEVEL_ROWS)
                                for column, width in ((1, 3), (4, 4))
                            ),
                        ),
                    ),
                ),
                (
                    _RIGHT,
                    (
                        Section(
                            Text("八、核心关键词排名", "8  Core keyword ranks"),
                            "review.keywords",
                            ("R2.1.1c",),
                            1 + WORDS,
                        ),
                    ),
                ),
            )
        ),
        Section(
            Text(
                "九、增长归因与广告回报（美元）", "9  What changed the TA amount, and what ads returned (USD)"
            ),
            "review.bridge",
            ("R1.3",),
            6,
            page_break=True,
        ),
        Charts(
            names=("review_bridge_year", "review_bridge_quarter"),
            per_line=2,
            line_rows=_WATERFALL_ROWS,
            titles=Section(CHART_TITLES, "review.bridge_chart_titles", (), 2, show_title=False),
            under=((1, Section(CHART_DATA, "review.bridge_chart_data", ("R1.3",), 2 * BRIDGE_STEPS)),),
        ),
        Section(
            Text("十、增长拆分：产品、客户、市场（美元）", "10  Growth by product, customer, market (USD)"),
            "review.split",
            ("R1.2", "R1.3", "R2.1.3c"),
            SPLIT_ROWS,
            page_break=True,
        ),
        Charts(
            names=tuple(f"review_split_{way}" for way in SPLIT_WAYS),
            per_line=3,
            line_rows=_WATERFALL_ROWS,
            titles=Section(CHART_TITLES, "review.split_chart_titles", (), len(SPLIT_WAYS), show_title=False),
            under=((1, Section(CHART_DATA, "review.split_chart_data", ("R1.3",), SPLIT_STEPS)),),
        ),
        Section(
            Text("十一、把握有多大：区间与升降判断", "11  How sure: intervals and verdicts"),
            "review.proof",
            ("R1.1", "R1.3", "R2.1.3a", "R2.1.3b"),
            2 + CORE,
            page_break=True,
        ),
    ),
    head("review", Text("业绩回顾", "Review"), 17),
    fixed_columns=2,
    repeat=(Anchor.HEAD, Anchor.HEAD),
)
