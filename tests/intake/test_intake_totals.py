"""Rows that are computed from others are no data, by their words and by the sums; names that look alike are data."""

import pytest
from intake.export_files import codes, csv, html, xls, xlsx
from intake.in_process import read_rows

ORDERS = ["订单号", "订单状态", "下单时间", "买家", "产品名称", "产品总价", "实收金额"]
LINES = ["日期", "信保单号", "客户名称", "产品名称", "件数", "产品总价_美元"]
PLANS = ["日期", "计划名称", "花费", "曝光量", "点击量"]
SHOP = ["月份", "店铺访问人数", "搜索曝光次数", "询盘个数"]
WORDS = ["词", "曝光量", "点击量", "关键词指数"]
PRODUCT = ["产品ID", "产品名称", "搜索曝光次数", "搜索点击次数", "访问人数"]
ORDER_ROWS = [
    ["23419341000102889301", "交易成功", "2025-03-05", "Ann", "Boot", "100", "100"],
    ["23419341000102889302", "交易成功", "2025-03-06", "Bo", "Boot", "50", "50"],
]
PLAN_ROWS = [["2025-09-01", "A", "10", "100", "5"], ["2025-09-01", "B", "20", "200", "6"]]
SHOP_ROWS = [["2025-01", "100", "1000", "1"], ["2025-02", "200", "2000", "2"]]
WORD_ROWS = [["boots", "100", "10", "7"], ["shoes", "200", "20", "8"]]
PRODUCT_ROWS = [["1601", "Boots", "10", "1", "5"], ["1602", "Shoes", "20", "2", "6"]]
TITLE = [["时间周期 2025-09-01~2025-09-30"]]


def read_one(rows):
    tables, issues = read_rows(rows)
    return tables, [issue.code for issue in issues]


# Each row: header, data, the row that is computed. It leaves no trace and no issue.
COMPUTED = {
    "month in the order number": (ORDERS, ORDER_ROWS, ["3月合计", "", "2025-03-31", "", "", "150", "150"]),
    "year in the order number": (ORDERS, ORDER_ROWS, ["2025年合计：", "", "", "", "", "150", "150"]),
    "count of orders": (ORDERS, ORDER_ROWS, ["总计(2笔)", "", "", "", "", "150", "150"]),
    "grand total in English": (ORDERS, ORDER_ROWS, ["Grand Total", "", "", "", "", "150", "150"]),
    "page": (ORDERS, ORDER_ROWS, ["本页合计", "", "", "", "", "150", "150"]),
    "word in the buyer": (ORDERS, ORDER_ROWS, ["", "", "", "合计", "", "150", "150"]),
    "word in the product": (ORDERS, ORDER_ROWS, ["", "", "", "", "小计:", "150", "150"]),
    "word in the status": (ORDERS, ORDER_ROWS, ["", "合 计", "", "", "", "150", "150"]),
    "Traditional characters": (ORDERS, ORDER_ROWS, ["3月合計", "", "", "", "", "150", "150"]),
    "numbers alone": (ORDERS, ORDER_ROWS, ["", "", "", "", "", "150", "150"]),
    "all plans": (PLANS, PLAN_ROWS, ["2025-09-01", "全部计划", "30", "300", "11"]),
    "all campaigns": (PLANS, PLAN_ROWS, ["2025-09-01", "All campaigns", "30", "300", "11"]),
    "all accounts": (PLANS, PLAN_ROWS, ["2025-09-01", "全部账户", "¥30.00", "300", "11"]),
    "only all": (PLANS, PLAN_ROWS, ["2025-09-01", "全部", "30", "300", "11"]),
    "a plan left empty": (PLANS, PLAN_ROWS, ["2025-09-01", "", "30", "300", "11"]),
    "average of plans": (PLANS, PLAN_ROWS, ["2025-09-01", "平均值", "15", "150", "5.5"]),
    "growth of plans": (PLANS, PLAN_ROWS, ["2025-09-01", "环比", "+12%", "3%", "-5%"]),
    "average": (SHOP, SHOP_ROWS, ["平均值", "150", "1500", "1.5"]),
    "average in English": (SHOP, SHOP_ROWS, ["Average", "150", "1500", "1.5"]),
    "monthly mean": (SHOP, SHOP_ROWS, ["月均", "150", "1500", "1.5"]),
    "growth": (SHOP, SHOP_ROWS, ["环比增长率", "100%", "100%", "100%"]),
    "growth on the year before": (SHOP, SHOP_ROWS, ["同比(%)", "+12%", "12%", "-3%"]),
    "year over year": (SHOP, SHOP_ROWS, ["YoY", "12%", "12%", "-3%"]),
    "whole year": (SHOP, SHOP_ROWS, ["全年", "300", "3000", "3"]),
    "target reached": (SHOP, SHOP_ROWS, ["完成率", "90%", "90%", "90%"]),
    "largest": (SHOP, SHOP_ROWS, ["最大值", "200", "2000", "2"]),
    "total of words": (WORDS, WORD_ROWS, ["合计", "300", "30", ""]),
    "English total of words": (WORDS, WORD_ROWS, ["Total", "300", "30", ""]),
    "total of products": (PRODUCT, PRODUCT_ROWS, ["", "合计", "30", "3", "9"]),
    "total of products in the id": (PRODUCT, PRODUCT_ROWS, ["Total:", "", "30", "3", "9"]),
}  # fmt: skip


@pytest.mark.parametrize("place", ["last", "first"])
@pytest.mark.parametrize(("header", "data", "row"), COMPUTED.values(), ids=COMPUTED)
def test_computed_rows_are_dropped_without_a_word(header, data, row, place):
    rows = [*data, row] if place == "last" else [row, *data]
    (table,), issues = read_one([*TITLE, header, *rows])
    assert issues == []
    assert (len(table), table.dropped, table.set_aside) == (len(data), 1, 0)


@pytest.mark.parametrize("name", ["a.csv", "a.xls", "a.html", "a.xlsx"])
def test_subtotals_of_each_order_and_a_grand_total(folder, name):
    rows = [
        LINES,
        ["2025-03-05", "2341934100010288931", "Ann", "Boot", "10", "50"],
        ["2025-03-05", "2341934100010288931", "Ann", "Sock", "30", "30"],
        ["2025-03-05", "2341934100010288931", "Ann", "订单小计", "40", "80"],
        ["2025-03-06", "2341934100010288932", "Bo", "Boot", "1", "5"],
        ["2025-03-06", "2341934100010288932", "Bo", "订单小计", "1", "5"],
        ["", "", "", "总计", "41", "85"],
    ]
    write = {"csv": csv, "html": html, "xls": lambda r: xls({"S": r}), "xlsx": lambda r: xlsx({"S": r})}
    reading = folder({name: write[name.rpartition(".")[2]](rows)})[name]
    (table,) = reading.tables
    assert codes(reading) == []
    assert table.columns["product_name"].tolist() == ["Boot", "Sock", "Boot"]
    assert table.columns["product_amount_usd"].sum() == 85


def test_subtotals_named_after_groups_are_known_by_their_sums():
    rows = [
        PLANS,
        ["2025-09-01", "鞋 1", "10", "100", "5"],
        ["2025-09-01", "鞋 2", "20", "200", "6"],
        ["2025-09-01", "鞋 小计", "30", "300", "11"],
        ["2025-09-01", "包 1", "1", "10", "2"],
        ["2025-09-01", "包 2", "2", "20", "3"],
        ["2025-09-01", "Subtotal for 包", "3", "30", "5"],
        ["2025-09-01", "全部计划", "33", "330", "16"],
    ]
    (table,), issues = read_one(rows)
    assert issues == []
    assert table.columns["plan_name"].tolist() == ["鞋 1", "鞋 2", "包 1", "包 2"]


def test_subtotals_of_buyers_in_a_ledger():
    rows = [
        LINES,
        ["2025-03-05", "11", "Ann", "Boot", "1", "50"],
        ["2025-03-06", "12", "Ann", "Sock", "1", "30"],
        ["", "", "Ann 合计", "", "2", "80"],
        ["2025-03-07", "13", "Bo", "Boot", "1", "5"],
        ["", "", "Bo 合计", "", "1", "5"],
        ["", "", "总计", "", "3", "85"],
    ]
    (table,), issues = read_one(rows)
    assert issues == []
    assert table.columns["order_id"].tolist() == ["11", "12", "13"]


# Each row: header, data that all counts.
REAL = {
    "a keyword with the word": (WORDS, [["total station", "300", "30", "1"], ["boots", "7", "1", "7"], ["shoes", "2", "1", "8"]]),
    "a keyword that is the word": (WORDS, [["total", "55", "5", "1"], ["boots", "7", "1", "7"], ["shoes", "2", "1", "8"]]),
    "a product that begins with it": (PRODUCT, [*PRODUCT_ROWS, ["1603", "合计算器", "99", "9", "9"]]),
    "a product that ends with it": (PRODUCT, [*PRODUCT_ROWS, ["1603", "Boots Total", "99", "9", "9"]]),
    "a plan for all goods": (PLANS, [*PLAN_ROWS, ["2025-09-01", "全部商品推广计划", "7", "70", "3"]]),
    "a plan called all products": (PLANS, [*PLAN_ROWS, ["2025-09-01", "全部商品", "7", "70", "3"]]),
    "all plans alone": (PLANS, [["2025-09-01", "全部计划", "7", "70", "3"], ["2025-09-02", "全部计划", "8", "80", "3"]]),
    "a buyer": (LINES, [["2025-03-05", "11", "Total", "Boot", "1", "50"], ["2025-03-06", "12", "Average Joe", "Boot", "1", "9"]]),
    "a remark": ([*LINES, "备注"], [["2025-03-05", "11", "Ann", "Boot", "1", "50", "合计"], ["2025-03-06", "12", "Bo", "Boot", "1", "9", ""]]),
    "a keyword on averages": (WORDS, [*WORD_ROWS, ["average", "9", "1", "1"]]),
    "equal lines": (LINES, [["2025-03-05", "11", "Ann", "Boot", "1", "50"], ["2025-03-05", "11", "Ann", "Boot", "1", "50"]]),
}  # fmt: skip


@pytest.mark.parametrize(("header", "data"), REAL.values(), ids=REAL)
def test_names_that_look_like_totals_are_data(header, data):
    (table,), issues = read_one([*TITLE, header, *data])
    assert issues == []
    assert len(table) == len(data)


@pytest.mark.parametrize(
    ("header", "data", "row"),
    [
        (PLANS, PLAN_ROWS, ["2025-09-01", "合计", "35", "300", "11"]),
        (PLANS, PLAN_ROWS, ["2025-09-01", "全部计划", "35", "310", "11"]),
        (PRODUCT, PRODUCT_ROWS, ["1603", "总计", "7", "7", "9"]),
        (WORDS, WORD_ROWS, ["合计", "7", "3", ""]),
    ],
)
def test_a_word_of_totals_against_the_sums_is_one_question(header, data, row):
    (table,), issues = read_one([*TITLE, header, *data, row])
    assert issues == ["row.total"]
    assert (len(table), table.set_aside) == (len(data), 1)


@pytest.mark.parametrize(
    "units",
    [
        ["", "(人)", "(次)", "(个)"],
        ["单位", "人", "次", "个"],
        ["-", "persons", "times", "count"],
        ["", "（人）", "（万次）", "（个）"],
    ],
)
def test_a_row_of_units_under_the_header_is_part_of_it(units):
    (table,), issues = read_one([SHOP, units, *SHOP_ROWS])
    assert issues == []
    assert (len(table), table.dropped) == (2, 1)
