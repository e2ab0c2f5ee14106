"""What is written once for several rows: merged cells, and blank cells under the first row of a group."""

import io

import numpy as np
import pytest
import xlsxwriter
import xlwt
from intake.export_files import codes
from intake.in_process import read_rows

ORDERS = ["订单号", "订单状态", "下单时间", "买家", "产品名称", "数量", "产品总价"]
LEDGER = ["日期", "信保单号", "客户名称", "产品名称", "件数", "产品总价_美元", "汇率"]
A, B, C = "2341934100010288931", "2341934100010288932", "2341934100010288933"


def read_table(rows, **options):
    tables, issues = read_rows(rows, **options)
    assert len(tables) == 1
    return tables[0], [issue.code for issue in issues]


def as_xlsx(rows, merged):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    for top, left, bottom, right in merged:
        sheet.merge_range(top, left, bottom, right, rows[top][left])
    book.close()
    return buffer.getvalue()


def as_xls(rows, merged):
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    spans = {(top, left): (bottom, right) for top, left, bottom, right in merged}
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if (number, column) in spans:
                bottom, right = spans[number, column]
                sheet.write_merge(number, bottom, column, right, cell)
            elif cell != "":
                sheet.write(number, column, cell)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def as_html(rows, merged):
    spans = {(top, left): bottom - top + 1 for top, left, bottom, _ in merged}
    hidden = {(row, left) for top, left, bottom, _ in merged for row in range(top + 1, bottom + 1)}
    lines = []
    for number, row in enumerate(rows):
        cells = [
            f"<td rowspan={spans.get((number, column), 1)}>{cell}</td>"
            for column, cell in enumerate(row)
            if (number, column) not in hidden
        ]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f'<html><meta charset="utf-8"><table>{"".join(lines)}</table></html>'.encode()


@pytest.mark.parametrize(
    ("name", "write"), [("a.xlsx", as_xlsx), ("a.xls", as_xls), ("b.xls", as_html), ("a.html", as_html)]
)
def test_merged_cells_hold_for_every_row_of_their_range(folder, name, write):
    rows = [
        LEDGER,
        ["2025-03-05", A, "Ann", "Boot", "10", "50", "7.1"],
        ["", "", "", "Sock", "30", "30", ""],
        ["", "", "", "Cap", "1", "3", ""],
        ["2025-03-06", B, "Bo", "Boot", "1", "5", "7.2"],
    ]
    merged = [(1, 0, 3, 0), (1, 1, 3, 1), (1, 2, 3, 2), (1, 6, 3, 6)]
    reading = folder({name: write(rows, merged)})[name]
    (table,) = reading.tables
    assert codes(reading) == []
    assert table.columns["order_id"].tolist() == [A, A, A, B]
    assert table.columns["buyer_name"].tolist() == ["Ann", "Ann", "Ann", "Bo"]
    assert table.columns["fx_rate"].tolist() == [7.1, 7.1, 7.1, 7.2]
    assert table.start.astype(str).tolist() == ["2025-03-05"] * 3 + ["2025-03-06"]
    assert table.columns["product_amount_usd"].sum() == 88


def test_a_merged_amount_counts_once():
    rows = [
        LEDGER,
        ["2025-03-05", A, "Ann", "Boot", "10", "80", "7"],
        ["2025-03-05", A, "Ann", "Sock", "30", "", "7"],
    ]
    table, _ = read_table(rows, merged=[(1, 5, 2, 5)])
    assert np.nansum(table.columns["product_amount_usd"]) == 80


def test_a_total_under_merged_cells_is_no_line_of_the_order():
    rows = [
        LEDGER,
        ["2025-03-05", A, "Ann", "Boot", "10", "50", ""],
        ["", "", "", "Sock", "30", "30", ""],
        ["", "", "", "小计", "40", "80", ""],
    ]
    table, issues = read_table(rows, merged=[(1, 0, 3, 0), (1, 1, 3, 1), (1, 2, 3, 2)])
    assert issues == []
    assert table.columns["product_name"].tolist() == ["Boot", "Sock"]


# Each row: header, data, what a column must hold, the issues.
BLANK = {
    "an order's facts on its first line": (ORDERS, [
        [A, "交易成功", "2025-03-05", "Ann", "Boot", "1", "50"], [A, "", "", "", "Sock", "1", "30"], [B, "交易成功", "2025-03-07", "Bo", "Boot", "1", "5"],
    ], "buyer_name", ["Ann", "Ann", "Bo"], []),
    "an order's facts on its last line": (ORDERS, [
        [A, "", "", "", "Boot", "1", "50"], [A, "交易成功", "2025-03-05", "Ann", "Sock", "1", "30"], [B, "交易成功", "2025-03-07", "Bo", "Boot", "1", "5"],
    ], "buyer_name", ["Ann", "Ann", "Bo"], []),
    "lines of orders apart": (ORDERS, [
        [A, "交易成功", "2025-03-05", "Ann", "Boot", "1", "50"], [B, "交易成功", "2025-03-07", "Bo", "Boot", "1", "5"], [A, "", "", "", "Sock", "1", "30"],
    ], "buyer_name", ["Ann", "Bo", "Ann"], []),
    "the number on the first line too": (ORDERS, [
        [A, "交易成功", "2025-03-05", "Ann", "Boot", "1", "50"], ["", "", "", "", "Sock", "1", "30"], ["", "", "", "", "Cap", "1", "3"], [B, "交易成功", "2025-03-07", "Bo", "Boot", "1", "5"],
    ], "order_id", [A, A, A, B], ["row.filled"]),
    "the number on the first line of the ledger": (LEDGER, [
        ["2025-03-05", A, "Ann", "Boot", "1", "50", "7"], ["", "", "", "Sock", "1", "30", ""], ["2025-03-06", B, "Bo", "Boot", "1", "5", "7"],
    ], "order_id", [A, A, B], ["row.filled"]),
    "a day once for its orders": (LEDGER, [
        ["2025-03-05", A, "Ann", "Boot", "1", "50", "7"], ["", B, "Bo", "Sock", "1", "30", "7"], ["2025-03-06", C, "Cy", "Boot", "1", "5", "7"],
    ], "order_id", [A, B, C], ["row.filled"]),
    "a day once for its plans": (["日期", "计划名称", "花费", "曝光量", "点击量"], [
        ["2025-09-01", "A", "10", "100", "5"], ["", "B", "20", "250", "6"], ["2025-09-02", "A", "11", "110", "5"], ["", "B", "21", "210", "6"],
    ], "plan_name", ["A", "B", "A", "B"], ["row.filled"]),
    "a plan once for its days": (["计划名称", "日期", "花费", "曝光量", "点击量"], [
        ["A", "2025-09-01", "10", "100", "5"], ["", "2025-09-02", "20", "250", "6"], ["B", "2025-09-01", "11", "110", "5"], ["", "2025-09-02", "21", "210", "6"],
    ], "plan_name", ["A", "A", "B", "B"], ["row.filled"]),
}  # fmt: skip


@pytest.mark.parametrize(("header", "rows", "field", "expected", "issues"), BLANK.values(), ids=BLANK)
def test_blank_cells_of_a_group_are_those_of_its_first_row(header, rows, field, expected, issues):
    table, found = read_table([header, *rows])
    assert found == issues
    assert table.columns[field].tolist() == expected
    assert not np.isnat(table.start).any()


# What is missing for other reasons is asked for, as before.
MISSING = {
    "an order without its number": (ORDERS, [
        [A, "交易成功", "2025-03-05", "Ann", "Boot", "1", "50"], ["", "交易成功", "2025-03-06", "Bo", "Sock", "1", "30"],
    ], ["row.no_key"]),
    "another buyer": (LEDGER, [["2025-03-05", A, "Ann", "Boot", "1", "50", "7"], ["", "", "Bo", "Sock", "1", "30", "7"]], ["row.no_key"]),
    "an order of the same day without its number": (LEDGER, [
        ["2025-03-05", A, "Ann", "Boot", "1", "50", "7"], ["2025-03-05", "", "", "Sock", "1", "30", "7"],
    ], ["row.no_key"]),
    "one day of many": (LEDGER, [
        *[[f"2025-03-0{n}", f"{A}{n}", "Ann", "Boot", "1", "50", "7"] for n in range(1, 9)], ["", B, "Bo", "Sock", "1", "30", "7"],
    ], ["row.no_key"]),
    "days that repeat": (LEDGER, [
        ["2025-03-05", A, "Ann", "Boot", "1", "50", "7"], ["2025-03-05", C, "Ann", "Boot", "1", "50", "7"], ["", B, "Bo", "Sock", "1", "30", "7"],
    ], ["row.no_key"]),
    "a total that does not add up": (
        LEDGER,
        [["2025-03-05", A, "Ann", "Boot", "1", "50", "7"], ["", "", "", "", "9", "99", ""]],
        ["row.no_key"],
    ),
    "a subtotal that does not add up": (
        LEDGER,
        [["2025-03-05", A, "Ann", "Boot", "1", "50", "7"], ["", "", "", "Boot 小计", "9", "99", ""]],
        ["row.total"],
    ),
    "inquiries without a number": (["询价单号", "创建时间", "产品ID"], [["Q1", "2025-03-05 08:00", "1601"], ["", "2025-03-05 09:00", "1602"]], ["row.no_key"]),
    "products without an id": (["日期", "产品ID", "曝光量", "点击量", "询盘量"], [
        ["2025-09-01", "1601", "10", "1", "1"], ["2025-09-01", "1602", "15", "1", "1"], ["2025-09-01", "", "7", "1", "1"],
    ], ["row.no_key"]),
}  # fmt: skip


@pytest.mark.parametrize(("header", "rows", "issues"), MISSING.values(), ids=MISSING)
def test_blank_cells_that_prove_no_group_are_asked_for(header, rows, issues):
    table, found = read_table([header, *rows])
    assert found == issues
    assert len(table) == len(rows) - 1


def test_plans_and_rows_of_no_plan_stay_as_they_are():
    header = ["日期", "计划名称", "花费", "曝光量", "点击量"]
    rows = [
        [day, plan, "10", "100", clicks]
        for day in ("2025-09-01", "2025-09-02")
        for plan, clicks in (("A", "5"), ("B", "6"), ("", "9"))
    ]
    table, issues = read_table([header, *rows])
    assert issues == []
    assert table.columns["plan_name"].tolist() == ["A", "B", None] * 2
