"""Where on a paste sheet a table stands, and what then is its period."""

import openpyxl
import pytest
from click.testing import CliRunner

from opsbook.cli.app import main
from opsbook.commands.check import check

HEADER = ["产品ID", "产品名称", "搜索曝光次数", "搜索点击次数", "访问人数", "询盘个数"]
ROW = ["1601234567890", "Boot", 2024, 20, 10, 1]
ORDERS = [["订单号", "下单时间", "实收金额"], ["234193410001028893", "2025-03-05", 50]]
WEEK = "2025-09-14~2025-09-20"


@pytest.fixture(scope="module", params=["zh", "en"])
def template(request, tmp_path_factory):
    path = (
        tmp_path_factory.mktemp("pasted") / "review-2025-Q3.xlsx"
    )  # a name that spells a period is not the table's
    assert CliRunner().invoke(main, ["new", str(path), "--lang", request.param]).exit_code == 0
    return path


@pytest.mark.filterwarnings("ignore:.*extension is not supported")  # of charts, which openpyxl loses
@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ((4, WEEK, [HEADER, ROW]), (WEEK, [])),
        ((3, WEEK, [HEADER, ROW]), (WEEK, [])),
        ((7, WEEK, [HEADER, ROW]), (WEEK, [])),
        ((1, WEEK, [HEADER, ROW]), (None, ["period.covered"])),
        ((2, WEEK, [HEADER, ROW]), (None, ["period.covered"])),
        ((1, "", [HEADER, ["", *ROW[1:]], ROW]), (None, ["period.covered"])),
        ((4, "", [HEADER, ROW]), (None, ["period.missing"])),
        ((1, "", [[f"统计时间 {WEEK}"], HEADER, ROW]), (WEEK, [])),
        ((4, "2025-09-21~2025-09-27", [[f"统计时间 {WEEK}"], HEADER, ROW]), (WEEK, ["period.conflict"])),
        ((1, "", ORDERS), ("2025-03-05~2025-03-05", [])),  # rows with days of their own need no cell
    ],
)
def test_the_period_of_a_pasted_table(template, tmp_path, pasted, expected):
    corner, period, rows = pasted
    workbook = openpyxl.load_workbook(template)
    sheet = next(each for each in workbook if each.title in ("粘贴1", "Paste1"))
    sheet["B2"] = period or None
    for down, row in enumerate(rows):
        for right, cell in enumerate(row):
            sheet.cell(corner + down, right + 1).value = cell or None
    path = tmp_path / template.name
    workbook.save(path)
    found = check([path])
    codes = [issue.code for issue in found.issues if issue.sheet == sheet.title]
    assert ([table["period"] for table in found.tables] or [None], codes) == ([expected[0]], expected[1])
