"""Work done: infrastructure, traffic, products, customers, each with its table, its charts and what belongs to it."""

from __future__ import annotations

from collections.abc import Iterator

from opsbook.domain.language import Text
from opsbook.review.work_parts import WorkPart
from opsbook.review.work_parts import parts as kinds
from opsbook.sheets.common_parts import INDICATOR, REPORT_WIDTHS, YOY, chart_titles, head, indicators, note
from opsbook.sheets.sheet_parts import (
    CHART_DATA,
    CHART_GAP,
    WATERFALL,
    Anchor,
    ChartLines,
    SheetColumn,
    SheetDeclaration,
    SheetPart,
    SheetSection,
    SideBySide,
)

WIDTH = 12
EFFECT_METRICS = ("visitors", "lead_rate", "ta_amount")  # of the effect of certification
GROUPS = {  # of the comparison of order values
    "TA": Text("信保订单", "Trade Assurance"),
    "non-TA": Text("非信保订单", "Not Trade Assurance"),
    "KA": Text("KA 客户", "Key accounts"),
    "other": Text("其他客户", "Other customers"),
    "new": Text("新客户", "New customers"),
    "returning": Text("老客户", "Returning customers"),
}
AD_PLANS = 5  # plans whose cost per click is split
ACCOUNTS = 8  # key accounts that are shown
_RIGHT = 9
REQUIREMENTS = {
    "infrastructure": ("R2.2.1b", "R2.2.1c"),
    "traffic": ("R2.2.2a", "R2.2.2b", "R2.2.2c"),
    "product": ("R2.2.3a", "R2.2.3b", "R2.2.3c"),
    "customer": ("R2.2.4a", "R2.2.4b", "R2.2.4c"),
}
CERTIFICATION = SheetSection(
    Text("金品诚企认证效果（月均）", "Effect of Verified Supplier certification (monthly means)"),
    "work.certification",
    ("R2.2.1a",),
    columns=(
        SheetColumn("indicator", INDICATOR, "name", 2),
        SheetColumn("before", Text("认证前6个月", "6 months before"), "prior.{number}"),
        SheetColumn("after", Text("认证后6个月", "6 months after"), "value.{number}"),
        SheetColumn("change", Text("变化", "Change"), "value.{change}"),
        SheetColumn("season", Text("季节（同期变化）", "Season"), "value.{change}"),
        SheetColumn("net", Text("净效果", "Net effect"), "growth.{growth}", 2),
        note(3),
    ),
    lines=EFFECT_METRICS,
)
CPC = SheetSection(
    Text("点击成本变化：出价与计划结构（元）", "Cost per click: bids and the mix of plans (CNY)"),
    "work.cpc",
    ("R2.2.2a",),
    columns=(
        SheetColumn("of", Text("周期 / 计划（本年）", "Period / plan of the year"), "text", 2),
        SheetColumn("before", Text("去年同期", "Last year"), "prior.money2"),
        SheetColumn("now", Text("本期", "Now"), "value.money2"),
        SheetColumn("change", Text("影响总体", "Effect"), "growth.more.lower"),
        SheetColumn("bid", Text("其中出价", "Bids"), "growth.more.lower"),
        SheetColumn("mix", Text("其中结构", "Mix"), "growth.more.lower"),
    ),
    lines=("q1", "q2", "q3", "q4", *(f"plan{number}" for number in range(AD_PLANS)), "year"),
)
AOV = SheetSection(
    Text("笔单价对比（美元）", "Order value compared (USD)"),
    "work.aov",
    ("R2.2.4c",),
    columns=(
        SheetColumn("group", Text("分组", "Group"), "name", 2),
        SheetColumn("now", None, "strong.money"),
        SheetColumn("before", None, "prior.money"),
        SheetColumn("yoy", YOY, "growth.growth.higher", 4),
        note(3),
    ),
    lines=tuple(GROUPS),
)
KEY_ACCOUNTS = SheetSection(
    Text("KA 客户案例", "Key accounts"),
    "work.key_accounts",
    ("R2.2.4a",),
    1 + ACCOUNTS,
    (
        SheetColumn("account", Text("KA 客户（只显示编号）", "Key account (by number)"), "text", 2),
        SheetColumn("industry", Text("行业", "Industry")),
        SheetColumn("size", Text("规模", "Size")),
        SheetColumn("stage", Text("合作阶段", "Stage")),
        SheetColumn("orders", Text("订单数", "Orders"), "value.int"),
        SheetColumn("now", Text("本期", "This year"), "strong.money"),
        SheetColumn("yoy", YOY, "growth.growth.higher"),
        SheetColumn("before", Text("去年同期", "Last year"), "prior.money.left.indent", 4),
    ),
)
CPC_DATA = SheetSection(
    CHART_DATA,
    "work.cpc_chart_data",
    ("R2.2.2a",),
    4,
    (SheetColumn("steps", None, "under", WATERFALL),),
    look="under",
    headed=False,
)
_CPC_CHART = ChartLines(
    names=("work_cpc",),
    line_rows=CPC.rows,
    titles=chart_titles("work.cpc_chart_titles", ("work_cpc",)),
    under=((0, CPC_DATA),),
    margin=CHART_GAP,
    below=0,
)
_BELONGING: dict[str, tuple[SheetPart, ...]] = {
    "infrastructure": (CERTIFICATION,),
    "traffic": (SideBySide(stacks=((1, (CPC,)), (_RIGHT, (_CPC_CHART,)))),),
    "customer": (AOV, KEY_ACCOUNTS),
}
_MORE_CHARTS = {"customer": ("work_aov",)}


def _parts() -> Iterator[SheetPart]:
    """Yield for each kind of work its indicators, two lines each, what belongs to it, and its charts."""
    for kind in kinds():
        yield indicators(kind.title, f"work.{kind.id}", REQUIREMENTS[kind.id], kind.metrics)
        yield from _BELONGING.get(kind.id, ())
        if kind.charts:
            yield _charts(kind)


def _charts(kind: WorkPart) -> ChartLines:
    names = (*(f"work_{metric}" for metric in kind.charts), *_MORE_CHARTS.get(kind.id, ()))
    titles = chart_titles(f"work.{kind.id}_chart_titles", names)
    return ChartLines(names=names, per_line=3, titles=titles, gap=0)


SHEET = SheetDeclaration(
    "work",
    Text("重点工作", "Work done"),
    REPORT_WIDTHS,
    tuple(_parts()),
    head(
        "work",
        Text("重点工作", "Work done"),
        WIDTH,
        dated=Text("{year} 年重点工作", "Work done in {year}"),
        empty=Text("重点工作", "Work done"),
        note=Text(
            "每项工作的数字、同比与原因；空白＝没有可靠数据，原因见右侧。带有「估算」的金额由商机与笔单价推算。",
            "What each kind of work came to, and the change on last year. Blank: no reliable figure, the reason stands on the right.",
        ),
    ),
    repeat=(Anchor.HEAD, Anchor.HEAD),
)
