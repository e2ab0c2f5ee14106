"""Risks: the list, the square of probability and impact, rule changes, suppliers to fall back on."""

from __future__ import annotations

from opsbook.domain.language import Text
from opsbook.plan.risks import SCALE
from opsbook.plan.table_declarations import tables
from opsbook.sheets.common_parts import head, shared, widths
from opsbook.sheets.sheet_parts import Anchor, SheetColumn, SheetDeclaration, SheetSection, SideBySide

LIST = tables()["risks.list"]
# The names of the lines are in the column of the risks; the five columns after it have one width.
_MATRIX_COLUMN = 1 + LIST.at("risk")
MATRIX = SheetSection(
    Text("二、风险矩阵", "2  Risk matrix"),
    "risks.matrix",
    ("R3.4d",),
    1 + SCALE,
    (
        SheetColumn("impact", look="axis", head="blank"),
        *(
            SheetColumn(
                f"probability{number}",
                Text(f"概率 {number}", f"Probability {number}"),
                "risklow",
                head="axistop",
            )
            for number in range(1, SCALE + 1)
        ),
    ),
    head_height=22,
)

SHEET = SheetDeclaration(
    "risks",
    Text("风险预案", "Risks"),
    widths(LIST),
    (
        shared(
            LIST,
            Text("一、风险清单", "1  Risks"),
            ("R3.4a", "R3.4b", "R3.4c", "R3.4d"),
            head_height=22,
            row_height=50,
        ),
        SideBySide(stacks=((_MATRIX_COLUMN, (MATRIX,)),)),
        shared(
            tables()["risks.rules"],
            Text(
                "三、平台规则变更（生效前30天完成评估）",
                "3  Rule changes (assessed 30 days before they take effect)",
            ),
            ("R3.4a",),
            head_height=22,
        ),
        shared(
            tables()["risks.suppliers"],
            Text("四、备用供应商", "4  Back-up suppliers"),
            ("R3.4c",),
            head_height=22,
        ),
    ),
    head(
        "risks",
        Text("风险预案", "Risks"),
        len(LIST.columns),
        dated=Text("{year} 风险预案", "Risks of {year}"),
        empty=Text("风险预案", "Risks"),
        note=Text(
            "风险值 = 概率 × 影响（各1-5）；6起为中，12起为高；触发条件接实时数据的自动判断。",
            "Score = probability x impact (1-5 each); medium from 6, high from 12; triggers tied to data are judged at each refresh.",
        ),
    ),
    height=30,
    fixed_columns=4,
    repeat=(Anchor.HEAD, Anchor.HEAD),
    printed=(len(LIST.columns), 0),
    large=True,
)
