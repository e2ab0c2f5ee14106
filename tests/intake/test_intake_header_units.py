"""What a header says of the numbers below it."""

import pytest
from intake.in_process import read_rows

from opsbook.intake.header_units import header_unit, unit_above

HEADERS = ["统计日期", "店铺访问人数", "询盘个数", "信保交易金额"]
MONTH = ["2025-09", "12", "5", "1.5"]


@pytest.mark.parametrize(
    ("header", "unit", "stated", "size", "code"),
    [
        ("花费", "CNY", "", 1, ""),
        ("花费（元）", "CNY", "", 1, "CNY"),
        ("花费(万元)", "CNY", "", 1e4, "CNY"),
        ("花费_千元", "CNY", "", 1e3, "CNY"),
        ("花费", "CNY", "万元", 1e4, "CNY"),
        ("金额[百万美元]", "order currency", "", 1e6, "USD"),
        ("Amount (USD)", "order currency", "", 1, "USD"),
        ("Amount in USD '000", "order currency", "USD '000", 1e3, "USD"),
        ("Amount (in thousands)", "order currency", "", 1e3, ""),
        ("点击成本(元/次)", "CNY", "", 1, "CNY"),
        ("推广时长(分钟)", "hours", "", 1 / 60, ""),
        ("平均回复时长(天)", "hours", "", 24, ""),
        ("曝光量(万)", "times", "", 1e4, ""),
        ("曝光量(万次)", "times", "", 1e4, ""),
        ("周访客人数（个）", "persons", "", 1, ""),
        ("金额(含税)", "USD", "", 1, ""),
        ("金额(2025)", "USD", "", 1, ""),
        ("Real amount", "USD", "", 1, ""),
        ("Won orders", "USD", "", 1, ""),
    ],
)
def test_a_header_states_a_size_and_a_currency(header, unit, stated, size, code):
    said = header_unit(header, unit, stated)
    assert said.factor * 10**said.power == pytest.approx(size)
    assert next(iter(said.codes), "") == code


@pytest.mark.parametrize(("header", "parts"), [("点击率(%)", 100), ("点击率（百分比）", 100), ("点击率", 0)])
def test_a_header_of_rates_states_percent(header, parts):
    assert header_unit(header, "ratio").parts == parts


@pytest.mark.parametrize(("unit", "stated"), [("CNY", "角"), ("kg", "箱"), ("kg", "天")])
def test_a_stated_unit_that_is_not_understood_is_not_ignored(unit, stated):
    assert header_unit("x", unit, stated) is None


@pytest.mark.parametrize(
    ("text", "power", "code"),
    [
        ("单位：万元", 4, "CNY"),
        ("（金额单位：人民币元）", 0, "CNY"),
        ("Unit: USD", 0, "USD"),
        ("Currency: EUR, 2025", 0, "EUR"),
        ("单位：上海某公司", 0, ""),
        ("产品数据, 时间周期 2026-09-13~2026-09-19", 0, ""),
    ],
)
def test_a_line_above_a_table_states_a_unit(text, power, code):
    said = unit_above(["", text], "order currency")
    assert (said.power, next(iter(said.codes), "")) == (power, code)


@pytest.mark.parametrize(
    "rows",
    [
        [["单位：万美元"], HEADERS, MONTH],
        [HEADERS, ["单位：万美元"], MONTH],
        [HEADERS, MONTH, ["（单位：万美元）"]],
    ],
    ids=["above", "under the header", "under the table"],
)
def test_a_row_that_says_the_unit_counts_wherever_it_is(rows):
    tables, issues = read_rows(rows)
    assert not issues
    assert tables[0].columns["ta_amount_usd"].tolist() == [15000]  # 1.5 万
    assert tables[0].columns["store_visitors"].tolist() == [12]


def test_a_unit_under_the_table_in_another_currency_is_asked_about():
    _, issues = read_rows([HEADERS, MONTH, ["单位：元"]])
    assert [issue.code for issue in issues] == ["column.currency"]
