"""Possible numbers: what no store can have is one issue with its coordinates, and missing."""

import numpy as np
import pytest
from intake.export_files import csv, xlsx

OVERVIEW = ["统计日期", "店铺访问人数", "询盘个数", "信保交易金额(美元)", "搜索点击率", "平均回复时长"]
LEDGER = ["日期", "订单号", "产品名称", "数量", "单价", "金额"]


def read(folder, rows, name="a.csv"):
    content = xlsx({"S": rows}) if name.endswith("xlsx") else csv(rows, delimiter="\t")
    reading = folder({name: content})[name]
    (table,) = reading.tables
    return table, [(issue.code, issue.row, issue.column) for issue in reading.issues]


@pytest.mark.parametrize(
    "cell",
    ["-5", "1e999", "1e308", "1e18", "-1e999", "9" * 5000, "(5)", "5-"],
    ids=lambda cell: cell[:8],
)
@pytest.mark.parametrize("column", [1, 2, 3, 4, 5])
def test_an_impossible_cell_is_missing_and_named_and_the_others_stay(folder, cell, column):
    rows = [OVERVIEW, *([f"2025-0{month}", "1000", "20", "400", "5%", "2"] for month in (1, 2, 3))]
    rows[2][column] = cell
    table, issues = read(folder, rows)
    assert issues == [("cell.range", 3, OVERVIEW[column])]
    fields = ["store_visitors", "inquiries", "ta_amount_usd", "search_ctr", "avg_reply_hours"]
    missing = {name: np.flatnonzero(np.isnan(table.columns[name])).tolist() for name in fields}
    assert missing == {name: [1] if number == column else [] for number, name in enumerate(fields, start=1)}


@pytest.mark.parametrize("cell", [-5, 1e308, 1e18])
def test_an_impossible_number_of_a_workbook_is_missing_and_named(folder, cell):
    rows = [OVERVIEW, ["2025-01", 1000, 20, 400, 0.05, 2], ["2025-02", cell, 20, 400, 0.05, 2]]
    table, issues = read(folder, rows, "a.xlsx")
    assert issues == [("cell.range", 3, "店铺访问人数")]
    assert np.isnan(table.columns["store_visitors"]).tolist() == [False, True]


def test_returned_goods_and_refunds_are_possible(folder):
    rows = [
        LEDGER,
        ["2025-03-05", "536365", "Boot", "-12", "2.55", "-30.60"],
        ["2025-03-05", "A1", "Debt", "1", "-11062.06", ""],
    ]
    table, issues = read(folder, rows)
    assert issues == []
    assert table.columns["quantity"].tolist() == [-12, 1]
    assert table.columns["unit_price"].tolist() == [2.55, -11062.06]


def test_a_rate_above_one_is_reported_and_kept_and_an_absurd_one_is_missing(folder):
    rows = [
        OVERVIEW,
        *([f"2025-0{n}", "1", "1", "1", rate, "1"] for n, rate in enumerate(["5%", "120%", "99999%"], 1)),
    ]
    table, issues = read(folder, rows)
    assert [code for code, *_ in issues] == ["cell.range", "cell.percent"]
    assert table.columns["search_ctr"][:2].tolist() == [0.05, 1.2]
    assert np.isnan(table.columns["search_ctr"][2])
