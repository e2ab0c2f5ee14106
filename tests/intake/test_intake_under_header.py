"""Rows under a header that explain its columns are no data; rows of data with words in them are."""

import pytest
from intake.in_process import read_rows

SHOP = ["统计日期", "访客数", "询盘个数", "搜索点击率"]
JANUARY = ["2025-01", "100", "5", "2%"]
LEDGER = ["日期", "订单号", "产品名称", "产品总价_元"]


@pytest.mark.parametrize(
    "row",
    [
        ["(月)", "(人)", "(个)", "(%)"],
        ["Month", "persons", "count", "percent"],
        ["Date", "Visitors", "Inquiries", "CTR"],
        ["date", "int", "int", "float"],
        ["日期", "整数", "整数", "小数"],
        ["必填", "必填", "选填", "选填"],
        ["A", "B", "C", "D"],
        ["1", "2", "3", "4"],
    ],
    ids=[
        "units",
        "units in English",
        "headers in English",
        "types",
        "types in Chinese",
        "required",
        "letters",
        "numbers",
    ],
)
def test_a_row_that_explains_the_columns_is_no_data(row):
    (table,), issues = read_rows([SHOP, row, JANUARY])
    assert (table.columns["store_visitors"].tolist(), issues) == ([100.0], [])


def test_units_below_english_headers_count():
    rows = [
        LEDGER,
        ["Date", "Order", "Product", "Amount"],
        ["", "", "", "万元"],
        ["2025-03-01", "A1", "Boot", "1.5"],
    ]
    (table,), _ = read_rows(rows)
    assert table.columns["product_amount_cny"].tolist() == [15_000.0]


@pytest.mark.parametrize(
    "row",
    [["待定", "甲", "鞋", "待定"], ["三月一日", "甲", "鞋", "五十"], ["未知", "A9", "Boot", "无"]],
    ids=["to be settled", "Chinese numerals", "unknown"],
)
def test_a_first_row_of_data_in_words_is_reported(row):
    (table,), issues = read_rows([LEDGER, row, ["2025-03-01", "A1", "Boot", "5"]])
    assert table.set_aside == 1
    assert issues


@pytest.mark.parametrize(
    "word",
    [
        "同比去年",
        "环比上月",
        "增减额",
        "与去年同期相比",
        "去年同期",
        "标准差",
        "小結",
        "vs. last year",
        "Std Dev",
        "Target 2025",
        "Prior year",
    ],
)
def test_words_of_comparison_under_the_months_are_no_data(word):
    (table,), issues = read_rows([SHOP, JANUARY, [word, "10%", "20%", "1%"]])
    assert (len(table), issues) == (1, [])


@pytest.mark.parametrize(
    "header",
    ["统计日期[月]", "统计日期(按周)", "统计日期(美西时间)", "Stat Date 统计日期", "访客数（去重）"],
)
def test_decoration_of_days_and_counts(header):
    field = "访客数" if "访客数" in header else "统计日期"
    (table,), issues = read_rows([[header if name == field else name for name in SHOP], JANUARY])
    assert (table.columns["store_visitors"].tolist(), issues) == ([100.0], [])


@pytest.mark.parametrize(
    ("zone", "tables"),
    [("美西时间", 1), ("PST", 1), ("北京时间", 1), ("火星时间", 0)],
    ids=["own", "own in English", "another", "unknown"],
)
def test_a_time_of_day_may_name_its_clock(zone, tables):
    rows = [["订单号", f"下单时间({zone})", "实收金额", "币种"], ["A1", "2025-03-01 10:00", "5", "USD"]]
    assert len(read_rows(rows)[0]) == tables


def test_a_sheet_of_twenty_thousand_headers_is_refused_at_once(folder):
    names = ["日期", "订单号", "金额(美元)", *(f"c{number}" for number in range(20_000))]
    text = f"{','.join(names)}\n2025-03-01,A1,5{',1' * 20_000}\n"
    reading = folder({"a.csv": text.encode()})["a.csv"]
    assert [issue.code for issue in reading.issues] == ["file.unreadable"]
    assert "20,003" in reading.issues[0].detail
