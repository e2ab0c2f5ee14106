"""Several tables on one sheet: side by side, one under the other, and those that only add up another."""

import pytest
from intake.in_process import read_rows

SHOP = ["月份", "店铺访问人数", "询盘个数"]
PRODUCT = ["产品ID", "搜索曝光次数", "访问人数"]
PLANS = ["日期", "计划名称", "花费", "曝光量", "点击量"]
DAYS = ["日期", "花费", "曝光量", "点击量"]
ORDERS = ["订单号", "下单时间", "实收金额"]
PLAN_ROWS = [["2025-09-01", "A", "10", "100", "5"], ["2025-09-01", "B", "20", "250", "6"]]


def read_all(rows, **options):
    tables, issues = read_rows(rows, **options)
    return tables, [issue.code for issue in issues]


def spans(tables):
    return [
        sorted({f"{a}~{b}" for a, b in zip(table.start.tolist(), table.end.tolist(), strict=True)})
        for table in tables
    ]


@pytest.mark.parametrize("gap", [[], [""]])
def test_two_years_side_by_side_are_two_tables(gap):
    rows = [
        SHOP + gap + SHOP,
        ["2024-01", "100", "1", *gap, "2025-01", "150", "2"],
        ["2024-02", "110", "2", *gap, "2025-02", "160", "3"],
    ]
    tables, issues = read_all(rows)
    assert issues == []
    assert [table.columns["store_visitors"].tolist() for table in tables] == [[100, 110], [150, 160]]
    assert [table.row.tolist() for table in tables] == [[2, 3], [2, 3]]


def test_three_blocks_of_unequal_length():
    rows = [
        SHOP + SHOP + SHOP,
        ["2023-01", "1", "1", "2024-01", "2", "2", "2025-01", "3", "3"],
        ["2023-02", "4", "4", "2024-02", "5", "5", "", "", ""],
    ]
    tables, issues = read_all(rows)
    assert issues == []
    assert [table.columns["store_visitors"].tolist() for table in tables] == [[1, 4], [2, 5], [3]]


def test_orders_side_by_side_are_all_orders():
    tables, issues = read_all([ORDERS + ORDERS, ["11", "2025-03-05", "50", "12", "2025-03-06", "60"]])
    assert issues == []
    assert sum(table.columns["received_amount"].sum() for table in tables) == 110


@pytest.mark.parametrize(
    "titles",
    [
        ["时间周期 2025-09-07~2025-09-13", "", "", "时间周期 2025-09-14~2025-09-20", "", ""],
        ["2025-09-07~2025-09-13", "", "", "", "2025-09-14~2025-09-20", ""],
    ],
)
def test_products_of_two_weeks_have_the_period_above_each(titles):
    tables, issues = read_all([titles, PRODUCT + PRODUCT, ["1601", "10", "5", "1601", "20", "6"]])
    assert issues == []
    assert spans(tables) == [["2025-09-07~2025-09-13"], ["2025-09-14~2025-09-20"]]
    assert [table.columns["search_impressions"].tolist() for table in tables] == [[10], [20]]


def test_weeks_under_a_shared_key():
    titles = ["", "2025-09-07~2025-09-13", "", "2025-09-14~2025-09-20", ""]
    tables, issues = read_all([titles, [*PRODUCT, *PRODUCT[1:]], ["1601", "10", "5", "20", "6"]])
    assert issues == []
    assert spans(tables) == [["2025-09-07~2025-09-13"], ["2025-09-14~2025-09-20"]]
    assert [table.columns["product_visitors"].tolist() for table in tables] == [[5], [6]]


# What cannot be told apart: nothing of it is taken, and one question asks.
UNCLEAR = {
    "two stores": [["A店", "", "", "B店", "", ""], SHOP + SHOP, ["2025-01", "1", "1", "2025-01", "2", "2"]],
    "products without a period each": [["时间周期 2025-09-01~2025-09-30"], PRODUCT + PRODUCT, ["1601", "10", "5", "1601", "20", "6"]],
    "stores under one key": [["时间周期 2025-09-01~2025-09-30"], ["", "A店", "", "B店", ""], [*PRODUCT, *PRODUCT[1:]], ["1601", "10", "5", "20", "6"]],
    "stores under one month": [["", "A店", "", "B店", ""], [*SHOP, *SHOP[1:]], ["2025-01", "1", "1", "2", "2"]],
    "groups without a title": [[*SHOP, *SHOP[1:]], ["2025-01", "1", "1", "2", "2"]],
}  # fmt: skip


@pytest.mark.parametrize("rows", UNCLEAR.values(), ids=UNCLEAR)
def test_blocks_that_cannot_be_told_apart_are_one_question(rows):
    assert read_all(rows) == ([], ["table.side_by_side"])


def test_an_earlier_period_beside_the_current_one_is_left_out_with_a_warning():
    rows = [
        ["时间周期 2025-09-14~2025-09-20"],
        ["", "本周", "", "上周", ""],
        [*PRODUCT, *PRODUCT[1:]],
        ["1601", "10", "5", "20", "6"],
    ]
    (table,), issues = read_all(rows)
    assert issues == ["table.compared"]
    assert table.columns["search_impressions"].tolist() == [10]


# Columns that stand twice and are no blocks: the first counts, as before.
REPEATED = {
    "a column of the catalogue": (["产品ID", "质量分", "月曝光量", "月曝光量"], ["1601", "4.5", "7", "8"], ["column.repeated"]),
    "growth after each number": (["统计日期", "店铺访问人数", "环比", "询盘个数", "环比"], ["2025-09-01", "10", "1%", "2", "3%"], []),
    "peers": (["统计日期", "店铺访问人数", "同行平均店铺访问人数", "询盘个数", "同行平均询盘个数"], ["2025-09-01", "10", "9", "2", "3"], []),
    "one number twice": (["统计日期", "店铺访问人数", "询盘个数", "店铺访问人数"], ["2025-09-01", "10", "2", "10"], ["column.repeated"]),
}  # fmt: skip


@pytest.mark.parametrize(("header", "row", "expected"), REPEATED.values(), ids=REPEATED)
def test_repeated_columns_that_are_no_blocks(header, row, expected):
    (table,), issues = read_all([header, row], name="all-products-2026-09-19.csv")
    assert issues == expected
    assert len(table) == 1


# Under the plans: rows of the sheet, further issues, tables that are read.
BELOW = {
    "impressions by day": ([[], ["日期", "曝光量"], ["2025-09-01", "350"]], ["table.total"]),
    "other impressions by day": ([[], ["日期", "曝光量"], ["2025-09-01", "999"]], ["table.below"]),
    "directly below": ([["日期", "曝光量"], ["2025-09-01", "350"]], ["table.total"]),
    "further to the right": ([[], ["", "", "日期", "曝光量"], ["", "", "2025-09-01", "350"]], ["table.total"]),
    "with a title": ([[], ["按日汇总"], ["日期", "曝光量"], ["2025-09-01", "350"]], ["table.total"]),
    "the account by day": ([[], DAYS, ["2025-09-01", "30", "350", "11"]], ["table.total"]),
    "an account that differs": ([[], DAYS, ["2025-09-01", "31", "350", "11"]], ["table.beside"]),
    "a table of no export": ([[], ["地区", "人数"], ["北美", "12"], ["欧洲", "7"]], ["table.below"]),
    "decorated": ([[], ["*日期", "曝光量(次)"], ["2025-09-01", "350"]], ["table.total"]),
}  # fmt: skip


@pytest.mark.parametrize(("below", "expected"), BELOW.values(), ids=BELOW)
def test_a_smaller_table_below_is_never_added(below, expected):
    (table,), issues = read_all([PLANS, *PLAN_ROWS, *below])
    assert issues == expected
    assert table.columns["cost_cny"].tolist() == [10, 20]


def test_another_kind_below_is_a_table_of_its_own():
    tables, issues = read_all([PLANS, *PLAN_ROWS, [], SHOP, ["2025-09", "100", "7"]])
    assert issues == []
    assert [table.kind for table in tables] == ["p4p_plan_daily", "shop_overview"]


def test_the_account_above_its_plans_and_on_another_sheet():
    account = [DAYS, ["2025-09-01", "30", "350", "11"]]
    plans = [PLANS, *PLAN_ROWS]
    for tables, issues in (read_all([*account, [], *plans]), read_all(account, further=[plans])):
        assert issues == ["table.total"]
        assert [table.columns["cost_cny"].tolist() for table in tables] == [[10, 20]]


def test_the_account_of_other_days_is_data():
    tables, issues = read_all([[*DAYS], ["2025-08-01", "30", "350", "11"], [], PLANS, *PLAN_ROWS])
    assert issues == []
    assert [len(table) for table in tables] == [1, 2]


@pytest.mark.parametrize(
    "rows",
    [
        [["事项", "部门", "提出日期"], ["换图", "设计", "2025-09-01"], [], ["改价", "运营", "2025-09-02"]],
        [["客户", "分层", "应完成日"], ["Ann", "A", "2025-09-01"], [], ["Bo", "B", ""], ["Cy", "C", "2025-09-01"]],
        [PLANS, PLAN_ROWS[0], [], PLAN_ROWS[1]],
    ],
)  # fmt: skip
def test_rows_after_a_blank_row_are_data(rows):
    (table,), issues = read_all(rows, name="2025-09-01.csv")
    assert issues == []
    assert len(table) == sum(bool(row) for row in rows) - 1


def test_tables_of_two_kinds_side_by_side():
    rows = [[*PLANS, "", *SHOP], [*PLAN_ROWS[0], "", "2025-09", "100", "7"], [*PLAN_ROWS[1], "", "", "", ""]]
    tables, issues = read_all(rows)
    assert issues == []
    assert [(table.kind, len(table)) for table in tables] == [("p4p_plan_daily", 2), ("shop_overview", 1)]


@pytest.mark.parametrize(
    ("header", "rows", "expected"),
    [
        ([*ORDERS, ""], [["11", "2025-03-05", "50", "7"], ["12", "2025-03-06", "60", "8"]], [("column.headless", 2, "D")]),
        ([*ORDERS, "", ""], [["11", "2025-03-05", "50", "", "7"], ["12", "2025-03-06", "60", "", "x"]], [("column.headless", 2, "E")]),
        (["", *ORDERS], [["1", "11", "2025-03-05", "50"], ["2", "12", "2025-03-06", "60"]], []),
        (["", *ORDERS], [["0", "11", "2025-03-05", "50"], ["1", "12", "2025-03-06", "60"]], []),
        (["", *ORDERS], [["", "11", "2025-03-05", "50"], ["", "12", "2025-03-06", "60"], ["合计", "", "", "110"]], []),
    ],
)  # fmt: skip
def test_cells_under_no_header_are_reported_once(header, rows, expected):
    (table,), issues = read_rows([header, *rows])
    assert [(issue.code, issue.row, issue.column) for issue in issues] == expected
    assert table.columns["received_amount"].tolist() == [50, 60]
