"""Cases: what carried the growth, and room for the team's own words."""

from __future__ import annotations

from opsbook.domain.language import Text
from opsbook.plan.table_declarations import tables
from opsbook.sheets.common_parts import head, shared, widths
from opsbook.sheets.sheet_parts import Anchor, SheetDeclaration

LIST = tables()["cases.list"]

SHEET = SheetDeclaration(
    "cases",
    Text("案例", "Cases"),
    widths(LIST),
    (shared(LIST, Text("案例", "Cases"), ("R1.2",), show_title=False, row_height=36),),
    head(
        "cases",
        Text("案例", "Cases"),
        len(LIST.columns),
        dated=Text("{year} 年增长案例", "Cases of {year}"),
        empty=Text("增长案例", "Cases"),
        note=Text(
            "贡献＝该案例的增量 ÷ 整体去年同期（按订单明细），单位百分点；句中每个数字都在同一行。金额为美元，广告为商机数，关键词为名次。蓝色句子可直接改写，改过的刷新时保留；数字变了会在「状态」提示。",
            "Points: the case's increase over the whole of a year before, from order rows. Every number of a sentence stands on its line. USD; leads for campaigns; ranks for keywords. Blue sentences may be edited; what you change stays, and is told when its figures change.",
        ),
    ),
    scroll_below=Anchor.LIST,
    repeat=(Anchor.HEAD, Anchor.LIST),
)
