"""Resources: totals, what ads return, the budget, people, training, and what was spent."""

from __future__ import annotations

from opsbook.domain.language import Text
from opsbook.plan.table_declarations import tables
from opsbook.sheets.common_parts import head, shared, widths
from opsbook.sheets.sheet_parts import Anchor, SheetColumn, SheetDeclaration, SheetSection

BUDGET = tables()["resources.budget"]
TOTALS = SheetSection(
    Text("一、合计", "1  Totals"),
    "resources.totals",
    ("R3.5b",),
    2,
    (
        SheetColumn("of", Text("年份", "Year"), "name"),
        SheetColumn("year", Text("全年预算", "Budget"), "strong.big"),
        SheetColumn("planned", Text("预算(同期)", "Budget to date"), "prior.big"),
        SheetColumn("actual", Text("实际(至今)", "Actual to date"), "strong.big"),
        SheetColumn("variance", Text("差异(有利为正)", "Variance"), "growth.signed.higher"),
        SheetColumn("forecast", Text("全年预测", "Forecast"), "value.big"),
        SheetColumn("people", Text("人员成本", "People"), "value.big"),
        SheetColumn("training", Text("培训费用", "Training"), "value.big"),
        SheetColumn("actions", Text("行动费用", "Actions"), "value.big"),
    ),
)
RETURNS = SheetSection(
    Text("二、广告回报", "2  What ads return"),
    "resources.returns",
    ("R3.5b",),
    2,
    (
        SheetColumn("of", Text("年份", "Year"), "name"),
        SheetColumn("ad_cost", Text("广告花费", "Ad spend"), "strong.big"),
        SheetColumn("ad_roas", Text("广告投产比", "ROAS"), "strong.times"),
        SheetColumn("ad_roi", Text("广告ROI", "Ad ROI"), "strong.pct1"),
        SheetColumn("ta_amount", Text("信保金额(美元)", "TA (USD)"), "strong.big"),
        SheetColumn("payback", Text("回本(月)", "Payback (mo.)"), "strong.mean"),
    ),
)
RETURNED = ("ad_cost", "ad_roas", "ad_roi", "ta_amount")  # metrics among the columns
SHEET = SheetDeclaration(
    "resources",
    Text("资源预算", "Resources"),
    widths(BUDGET),
    (
        TOTALS,
        RETURNS,
        shared(BUDGET, Text("三、预算", "3  Budget"), ("R3.5b",)),
        shared(tables()["resources.people"], Text("四、人员", "4  People"), ("R3.5a",), row_height=30),
        shared(tables()["resources.training"], Text("五、培训", "5  Training"), ("R3.5c",), row_height=30),
        # The last table: it grows with the lines of the budget, and nothing is in its way.
        shared(tables()["resources.spent"], Text("六、实际支出", "6  What was spent"), ("R3.5b",)),
    ),
    head(
        "resources",
        Text("资源预算", "Resources and budget"),
        len(BUDGET.columns),
        dated=Text("{year} 资源预算（元）", "Resources and budget of {year} (CNY)"),
        empty=Text("资源预算（元）", "Resources and budget (CNY)"),
        note=Text(
            "金额为人民币元，差异为正表示有利；直通车来自导出数据，其他科目的实际请填“实际支出”表。",
            "Amounts are CNY, a positive variance is good. P4P comes from the exports; type what was spent on other lines below.",
        ),
    ),
    height=24,
    fixed_columns=3,
    repeat=(Anchor.HEAD, Anchor.HEAD),
    printed=(len(BUDGET.columns), 0),
    large=True,
)
