"""Work done: infrastructure, traffic, products, customers, each with its table, its charts and what belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opsbook.language import Text
from opsbook.review.work import parts as kinds
from opsbook.sheets.common import head
from opsbook.sheets.parts import (
    CHART_DATA,
    CHART_GAP,
    CHART_TITLES,
    MARGIN,
    Anchor,
    Beside,
    Charts,
    Part,
    Section,
    SheetParts,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opsbook.review.work import Part as Kind

WIDTH = 12
EFFECT_METRICS = ("visitors", "lead_rate", "ta_amount")  # of the effect of certification
GROUPS = ("TA", "non-TA", "KA", "other", "new", "returning")  # of the comparison of order values
AD_PLANS = 5  # plans whose cost per click is split
ACCOUNTS = 8  # key accounts that are shown
_RIGHT = 9
REQUIREMENTS = {
    "infrastructure": ("R2.2.1b", "R2.2.1c"),
    "traffic": ("R2.2.2a", "R2.2.2b", "R2.2.2c"),
    "product": ("R2.2.3a", "R2.2.3b", "R2.2.3c"),
    "customer": ("R2.2.4a", "R2.2.4b", "R2.2.4c"),
}
CERTIFICATION = Section(
    Text("金品诚企认证效果（月均）", "Effect of Verified Supplier certification (monthly means)"),
    "work.certification",
    ("R2.2.1a",),
    1 + len(EFFECT_METRICS),
)
CPC = Section(
    Text("点击成本变化：出价与计划结构（元）", "Cost per click: bids and the mix of plans (CNY)"),
    "work.cpc",
    ("R2.2.2a",),
    1 + 4 + AD_PLANS + 1,
)
AOV = Section(
    Text("笔单价对比（美元）", "Order value compared (USD)"), "work.aov", ("R2.2.4c",), 1 + len(GROUPS)
)
KEY_ACCOUNTS = Section(Text("KA 客户案例", "Key accounts"), "work.key_accounts", ("R2.2.4a",), 1 + ACCOUNTS)
_CPC_CHART = Charts(
    names=("work_cpc",),
    line_rows=CPC.rows,
    titles=Section(CHART_TITLES, "work.cpc_chart_titles", (), 1, show_title=False),
    under=((0, Section(CHART_DATA, "work.cpc_chart_data", ("R2.2.2a",), 4)),),
    margin=CHART_GAP,
    below=0,
)
_BELONGING: dict[str, tuple[Part, ...]] = {
    "infrastructure": (CERTIFICATION,),
    "traffic": (Beside(stacks=((1, (CPC,)), (_RIGHT, (_CPC_CHART,)))),),
    "customer": (AOV, KEY_ACCOUNTS),
}
_MORE_CHARTS = {"customer": ("work_aov",)}


def _parts() -> Iterator[Part]:
    """Yield for each kind of work its indicators, two lines each, what belongs to it, and its charts."""
    for kind in kinds():
        yield Section(
            kind.title,
            f"work.{kind.id}",
            REQUIREMENTS[kind.id],
            1 + 2 * len(kind.metrics),
            page_break=True,
        )
        yield from _BELONGING.get(kind.id, ())
        if kind.charts:
            yield _charts(kind)


def _charts(kind: Kind) -> Charts:
    names = (*(f"work_{metric}" for metric in kind.charts), *_MORE_CHARTS.get(kind.id, ()))
    titles = Section(CHART_TITLES, f"work.{kind.id}_chart_titles", (), len(names), show_title=False)
    return Charts(names=names, per_line=3, titles=titles, gap=0)


SHEET = SheetParts(
    "work",
    Text("重点工作", "Work done"),
    # Indicator, year, four quarters, the year, change, notes.
    (MARGIN, 236, 56, *(84,) * 4, 92, 92, *(105,) * 4),
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
