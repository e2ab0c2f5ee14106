"""The review: quarters, months, customers, products, keywords, what changed the amount, how sure it is."""

from __future__ import annotations

from opsbook.domain.language import Text
from opsbook.metrics.judge import counts
from opsbook.review.indicators import core
from opsbook.sheets.common_parts import (
    INDICATOR,
    NOTE,
    POP,
    WHOLE_YEAR,
    YEAR,
    YOY,
    chart_titles,
    head,
    joined_spans,
    note,
)
from opsbook.sheets.common_parts import MONTHS as MONTH_NAMES
from opsbook.sheets.common_parts import QUARTERS as QUARTER_NAMES
from opsbook.sheets.overview_sheet import TOP
from opsbook.sheets.sheet_parts import (
    CHART_DATA,
    MARGIN,
    WATERFALL,
    Anchor,
    ChartLines,
    InputTable,
    SheetColumn,
    SheetDeclaration,
    SheetSection,
    SideBySide,
)

CORE = len(core())
WORDS = 15  # core words that moved most
LEVEL_ROWS = 12
VALUE = Text("数值", "Value")
CHANGE = Text("变化", "Change")
LAST_YEAR, THIS_YEAR = Text("去年同期", "Last year"), Text("本期", "This year")
QUARTERS = SheetSection(
    Text("一、季度对比", "1  Quarters"),
    "review.quarters",
    ("R1.1", "R2.1.1b", "R2.1.2", "R2.1.3a", "R2.1.3b"),
    columns=(
        SheetColumn("indicator", INDICATOR, "nameline", below=("text",)),
        SheetColumn("year", YEAR, "quietline", below=("quiet",)),
        *(
            column
            for number in range(1, 5)
            for column in (
                SheetColumn(f"q{number}", VALUE, "valueline.{number}", below=("prior.{number}",)),
                SheetColumn(f"q{number} yoy", YOY, "growthline.{growth}", below=("value",)),
                SheetColumn(f"q{number} pop", POP, "growthline.{growth}", below=("value",)),
            )
        ),
        SheetColumn("whole", VALUE, "strongline.{number}", below=("prior.{number}",)),
        SheetColumn("yoy", YOY, "growthline.{growth}", below=("value",)),
        SheetColumn("note", NOTE, "quietline.indent", below=("quietnote",)),
    ),
    look="blank",
    grouped=True,
    lines=tuple(f"{each.metric.id}{line}" for each in core() for line in ("", " last")),
)
MONTHS = SheetSection(
    Text("三、逐月数据", "3  Monthly figures"),
    "review.months",
    ("R1.1", "R2.1.1b", "R2.1.2", "R2.1.3a", "R2.1.3b"),
    columns=(
        SheetColumn("indicator", INDICATOR, "nameline", below=("nameline", "nameline", "name")),
        SheetColumn("kind", YEAR, "textline", below=("quietline", "quietline", "quiet")),
        *(
            SheetColumn(
                f"m{number}",
                month,
                "valueline.{number}",
                below=("priorline.{number}", "growthline.{growth}", "growth.{growth}"),
            )
            for number, month in enumerate(MONTH_NAMES, start=1)
        ),
        SheetColumn(
            "whole",
            WHOLE_YEAR,
            "strongline.{number}",
            below=("priorline.{number}", "growthline.{growth}", "value"),
        ),
        # The note begins beside the year and runs on.
        SheetColumn(
            "note", NOTE, "quietline.indent", below=("quietline.indent", "quietline.indent", "quietnote")
        ),
        SheetColumn("tail", None, "quietline", below=("quietline", "quietline", "quiet")),
    ),
    look="blank",
    lines=tuple(f"{each.metric.id}{line}" for each in core() for line in ("", " last", " yoy", " pop")),
    page_break=True,
    breaks=(1 + 4 * (CORE // 2),),
)
SUMS_OF_ORDERS = ("ta_amount", "aov")
JUDGED = tuple(
    each.metric.id
    for each in core()
    if each.metric.unit == "ratio" or each.metric.id in (*counts(), *SUMS_OF_ORDERS)
)
"""Core indicators whose changes are judged: counts, rates of counts, and sums over orders."""
_DRAWN = (
    SheetColumn("name", None, "under", head="under"),
    *(SheetColumn(f"m{number}", None, "under", head="under") for number in range(1, 13)),
)
MONTHS_DATA = SheetSection(
    CHART_DATA,
    "review.months_chart_data",
    ("R1.1",),
    columns=_DRAWN,
    look="under",
    lines=tuple(f"{metric}{line}" for metric in JUDGED for line in ("", " others")),
    room=1 + 2 * CORE,
)
UNJUDGED_DATA = SheetSection(
    Text("月度图表数据：未判断的月份", "Data of the monthly charts: months that are not judged"),
    "review.unjudged_chart_data",
    ("R1.1",),
    columns=_DRAWN,
    look="under",
    lines=JUDGED,
)
CUSTOMERS = SheetSection(
    Text("四、老客户与复购", "4  Returning customers"),
    "review.customers",
    ("R2.1.3c",),
    columns=(
        SheetColumn("indicator", INDICATOR, "name"),
        SheetColumn("now", None, "strong.{number}"),
        SheetColumn("before", None, "prior.{number}"),
        SheetColumn("yoy", YOY, "growth.{growth}"),
        note(4),
    ),
    lines=(
        "old_customer_repurchase_rate",
        "repeat_purchase_rate",
        "returning_revenue_share",
        "rev_per_buyer",
    ),
)
PRODUCTS = SheetSection(
    Text("五、产品健康度", "5  Product health"),
    "review.products",
    ("R2.1.4b", "R2.1.4c"),
    columns=(
        SheetColumn("indicator", INDICATOR, "name", 3),
        SheetColumn("now", None, "strong.{number}"),
        SheetColumn("before", None, "prior.{number}"),
        SheetColumn("yoy", YOY, "growth.{growth}"),
        note(1),
    ),
    lines=("zero_effect_share", "new_product_first_month_inquiries", "new_products"),
)
TOP10 = SheetSection(
    Text("六、TOP10 爆款产品", "6  TOP10 products"),
    "review.top10",
    ("R2.1.4a",),
    columns=(
        SheetColumn("product", Text("产品", "Product"), "text", 8),
        SheetColumn("id", Text("产品ID", "Product ID"), "quiet", 4),
        SheetColumn("now", None, "value.money"),
        SheetColumn("before", None, "prior.money"),
        SheetColumn("yoy", YOY, "growth.growth.higher", 2),
        SheetColumn("share", Text("占比", "Share"), "share.pct1"),
    ),
    lines=(*(f"product{number}" for number in range(1, 1 + TOP)), "all"),
)


def _by_quarter(title: Text, name: str, requirements: tuple[str, ...], first: int, last: int) -> SheetSection:
    """Return a table of one metric: this year's quarters, and below them last year's."""
    return SheetSection(
        title,
        name,
        requirements,
        columns=(
            SheetColumn("year", YEAR, "text", first, below=("quiet",)),
            *(
                SheetColumn(f"q{number}", quarter, "value.{number}", below=("prior.{number}",))
                for number, quarter in enumerate(QUARTER_NAMES, start=1)
            ),
            SheetColumn("whole", WHOLE_YEAR, "strong.{number}", last, below=("prior.{number}",)),
        ),
        lines=("this", "last"),
    )


TOP10_SHARE = _by_quarter(
    Text("TOP10 销售占比", "TOP10 share of sales"), "review.top10_share", ("R2.1.4a",), 1, 4
)
KEYWORD_PAGES = _by_quarter(
    Text("首页关键词数", "Core keywords on page 1"), "review.keyword_pages", ("R2.1.1c",), 3, 1
)
_LEVEL_COLUMNS = (
    SheetColumn("date", Text("日期", "Date"), head="headnote"),
    SheetColumn("level", Text("店铺等级 / 星等级", "Store level / stars"), span=3, head="headnote"),
    SheetColumn("note", Text("备注", "Notes"), span=4, head="headnote"),
)
LEVELS = InputTable(
    Text("七、店铺等级（手工填写）", "7  Store level (typed in)"),
    "review.store_level",
    ("R2.1.1a",),
    LEVEL_ROWS,
    _LEVEL_COLUMNS,
    joined=joined_spans(_LEVEL_COLUMNS, LEVEL_ROWS),
)
KEYWORDS = SheetSection(
    Text("八、核心关键词排名", "8  Core keyword ranks"),
    "review.keywords",
    ("R2.1.1c",),
    1 + WORDS,
    (
        SheetColumn("word", Text("关键词", "Keyword"), "text", 4),
        SheetColumn("first", Text("年初名次", "First rank"), "prior.int"),
        SheetColumn("last", Text("最近名次", "Last rank"), "value.int"),
        SheetColumn("change", Text("变化（位）", "Change"), "growth.places.higher"),
        note(0),
    ),
)
BRIDGE_PARTS = {
    "visitors": Text("访客", "Visitors"),
    "lead_rate": Text("商机转化", "Lead rate"),
    "order_rate": Text("订单转化", "Order rate"),
    "order_value": Text("笔单价", "Order value"),
}
BRIDGE = SheetSection(
    Text("九、增长归因与广告回报（美元）", "9  What changed the TA amount, and what ads returned (USD)"),
    "review.bridge",
    ("R1.3",),
    columns=(
        SheetColumn("period", Text("周期", "Period"), "name", 2),
        SheetColumn("base", LAST_YEAR, "prior.money"),
        *(SheetColumn(part, title, "growth.signed.higher") for part, title in BRIDGE_PARTS.items()),
        SheetColumn("now", THIS_YEAR, "value.money"),
        SheetColumn("change", CHANGE, "growth.signed.higher"),
        SheetColumn("yoy", YOY, "growth.growth.higher"),
        SheetColumn("ad_cost", Text("广告花费(元)", "Ads (CNY)"), "value.money"),
        SheetColumn("ad_roas", Text("投产比", "ROAS"), "value.times"),
        SheetColumn("ad_roi", Text("广告ROI", "Ad ROI"), "value.pct1"),
        note(3),
    ),
    lines=("q1", "q2", "q3", "q4", "year"),
    page_break=True,
)
WATERFALLS = ("year", "quarter")
BRIDGE_STEPS = 2 + len(BRIDGE_PARTS)  # bars of a waterfall
BRIDGE_DATA = SheetSection(
    CHART_DATA,
    "review.bridge_chart_data",
    ("R1.3",),
    columns=(SheetColumn("steps", None, "under", WATERFALL),),
    look="under",
    headed=False,
    lines=tuple(f"{each} {step}" for each in WATERFALLS for step in range(BRIDGE_STEPS)),
)
SPLIT_MARKETS = 7  # lines of the growth by market, the last one for the rest
SPLIT_STEPS = 2 + SPLIT_MARKETS
SPLIT_WAYS = {
    "product": ("volume", "price", "mix", "new", "lost", "unknown"),
    "customer": ("kept", "new", "back", "lost", "unknown"),
    "market": tuple(f"market{number}" for number in range(1, 1 + SPLIT_MARKETS)),
}
"""Parts of each way; of the markets only how many lines there are, the last one for the rest."""
SPLIT = SheetSection(
    Text("十、增长拆分：产品、客户、市场（美元）", "10  Growth by product, customer, market (USD)"),
    "review.split",
    ("R1.2", "R1.3", "R2.1.3c"),
    columns=(
        SheetColumn("part", Text("拆分（按订单明细）", "Part (from order rows)"), "text", 2),
        *(
            SheetColumn(f"q{number}", quarter, head="headnum")
            for number, quarter in enumerate(QUARTER_NAMES, start=1)
        ),
        SheetColumn("year", None, head="headnum"),
        SheetColumn("points", Text("占去年同期", "Of last year"), head="headnum"),
        SheetColumn("note", NOTE, "text", 8, head="headnote"),
    ),
    lines=(
        "base",
        *(
            f"{way}{line}"
            for way, parts in SPLIT_WAYS.items()
            for line in ("", *(f" {part}" for part in parts), " sum")
        ),
        "now",
    ),
    page_break=True,
)
SPLIT_DATA = SheetSection(
    CHART_DATA,
    "review.split_chart_data",
    ("R1.3",),
    SPLIT_STEPS,
    tuple(SheetColumn(way, None, "under", WATERFALL) for way in SPLIT_WAYS),
    look="under",
    headed=False,
)


def _judgement(of: str) -> tuple[SheetColumn, ...]:
    """Return the columns of a period, and a gap."""
    return (
        SheetColumn(f"{of} value", VALUE, "strong.{number}"),
        SheetColumn(f"{of} low", Text("下限", "Low"), "prior.{number}"),
        SheetColumn(f"{of} high", Text("上限", "High"), "prior.{number}"),
        SheetColumn(f"{of} yoy", YOY, "growth.{growth}"),
        SheetColumn(f"{of} said", Text("结论", "Verdict"), "verdict", 2),
    )


PROOF = SheetSection(
    Text("十一、把握有多大：区间与升降判断", "11  How sure: intervals and verdicts"),
    "review.proof",
    ("R1.1", "R1.3", "R2.1.3a", "R2.1.3b"),
    columns=(
        SheetColumn("indicator", INDICATOR, "name", 2),
        *_judgement("year"),
        *_judgement("quarter"),
        note(2),
    ),
    grouped=True,
    group_look="headgroup",
    lines=JUDGED,
    page_break=True,
)
_MONTHLY = tuple(f"review_{each.metric.id}" for each in core())
_BRIDGES = tuple(f"review_bridge_{each}" for each in WATERFALLS)
_SPLITS = tuple(f"review_split_{way}" for way in SPLIT_WAYS)
_WATERFALL_ROWS = 15
_LEFT, _RIGHT = 1, 10

SHEET = SheetDeclaration(
    "review",
    Text("业绩回顾", "Review"),
    # Name, year or kind, twelve months, the year, a spare column, notes.
    (MARGIN, 204, 58, *(66,) * 12, 78, 72, 130),
    (
        QUARTERS,
        ChartLines(
            names=_MONTHLY,
            per_line=3,
            line_rows=13,
            titles=chart_titles(
                "review.chart_titles",
                _MONTHLY,
                Text("二、逐月走势", "2  Month by month"),
                ("R1.1", "R2.1.1b", "R2.1.2", "R2.1.3a", "R2.1.3b"),
            ),
            under=((1, MONTHS_DATA), (1, UNJUDGED_DATA)),
            lines_a_page=3,
            page_break=True,
        ),
        MONTHS,
        SideBySide(stacks=((_LEFT, (CUSTOMERS,)), (_RIGHT, (PRODUCTS,))), page_break=True),
        TOP10,
        SideBySide(stacks=((_LEFT, (TOP10_SHARE,)), (_RIGHT, (KEYWORD_PAGES,)))),
        SideBySide(stacks=((_LEFT, (LEVELS,)), (_RIGHT, (KEYWORDS,)))),
        BRIDGE,
        ChartLines(
            names=_BRIDGES,
            per_line=2,
            line_rows=_WATERFALL_ROWS,
            titles=chart_titles("review.bridge_chart_titles", _BRIDGES),
            under=((1, BRIDGE_DATA),),
        ),
        SPLIT,
        ChartLines(
            names=_SPLITS,
            per_line=3,
            line_rows=_WATERFALL_ROWS,
            titles=chart_titles("review.split_chart_titles", _SPLITS),
            under=((1, SPLIT_DATA),),
        ),
        PROOF,
    ),
    head(
        "review",
        Text("业绩回顾", "Review"),
        MONTHS.width,
        dated=Text("{year} 年度业绩回顾", "Review of {year}"),
        empty=Text("年度业绩回顾", "Review"),
        note=Text(
            "空白＝没有可靠数据，原因见右侧说明列；%pt＝百分点；派生数字均为公式，可点开查看",
            "Blank: no reliable figure, the reason stands on the right; %pt: percentage points; derived figures are formulas",
        ),
    ),
    fixed_columns=2,
    repeat=(Anchor.HEAD, Anchor.HEAD),
)
