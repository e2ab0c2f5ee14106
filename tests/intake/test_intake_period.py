"""The period of a file: what says it, what does not, and what contradicts."""

from datetime import date, datetime

import pytest

from opsbook import periods
from opsbook.intake import export_time, file_period
from opsbook.intake.file_period import Surroundings
from opsbook.schemas import schemas

WEEK = periods.week(date(2026, 9, 13))
PRODUCTS = schemas()["product_performance"]


@pytest.mark.parametrize(
    "above",
    [
        "产品数据, 时间周期 2026-09-13~2026-09-19",
        "流量关键词,时间周期2026-09-13~2026-09-19",
        "统计时间：2026-09-13 至 2026-09-19",
        "时间周期 2026/09/13 ～ 2026/09/19",
        "统计周期：2026年第38周",  # week 1 holds 1 January: 28 December to 3 January; 37 weeks later
        "統計週期：2026年9月13日-19日",
        "Report period: Sep 13 - Sep 19, 2026",
        "Date range: 2026/09/13 – 2026/09/19",
        "统计周期：2026.9.13~9.19 导出时间：2026-09-27 10:00",
    ],
)
def test_the_text_above_the_header_says_the_period(above):
    assert file_period.inside(("标题", above)) == WEEK


@pytest.mark.parametrize(
    "above",
    [
        *(
            "导出时间：2026-09",
            "对比周期 2026-09-06~2026-09-12",
            "注：2026年9月起口径调整",
            "产品数据2026年第2次导出",
        ),
        *("导出时间：2026-09-27 10:00", "周期（如 2026-09-13~2026-09-19）", "产品数据", ""),
    ],
)
def test_a_download_time_or_an_example_is_no_period(above):
    assert file_period.inside((above,)) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("260913-260919.xlsx", WEEK),
        ("2026-09-13~2026-09-19.xlsx", WEEK),
        ("产品 20260913_20260919 (1).xls", WEEK),
        ("2026.09.13-2026.09.19.csv", WEEK),
        ("2026-09-13_2026-09-19.csv", WEEK),
        ("产品分析 2026-03.xls", periods.month(2026, 3)),
        ("2026年3月产品.xls", periods.month(2026, 3)),
        ("202601-202603.xls", periods.quarter(2026, 1)),
        ("2026Q3.xls", periods.quarter(2026, 3)),
        ("in/2026-03/Products.xls", None),  # a folder is no statement
        ("Products-2026-09-19.xls", None),  # the last day of a day, a week or a month
        ("产品2026-09-19.xls", None),
        ("plan2026-05-04 15_39_27.xlsx", None),
        ("plan20260504153927.xlsx", None),
        ("产品.xls", None),
        ("产品2026年第38周.xls", WEEK),
        ("产品2026年9月第2周.xls", None),
        ("产品2026年9月 (2).xls", periods.month(2026, 9)),  # the browser's second copy
        ("产品2026年第2次导出.xls", None),
        ("产品日报2026年9月.xls", periods.month(2026, 9)),
        ("first shop 2026-09.xls", periods.month(2026, 9)),
    ],
)
def test_a_name_says_the_period_only_when_it_spells_it_out(name, expected):
    assert file_period.in_name(name) == expected


def test_the_text_inside_counts_before_the_paste_cell_and_that_before_the_name():
    inside = ("时间周期 2026-09-13~2026-09-19",)
    assert file_period.stated(Surroundings("2026-03.xls", above=inside, given="2026-04")) == WEEK
    assert file_period.stated(Surroundings("2026-03.xls", given="2026-04")) == periods.month(2026, 4)
    assert file_period.stated(Surroundings("2026-03.xls")) == periods.month(2026, 3)
    assert file_period.stated(Surroundings("Products-2026-09-19.xls")) is None


@pytest.mark.parametrize(
    "around",
    [
        Surroundings("2026-09.xls", above=("统计周期：2026年9月第1周",)),
        Surroundings("2026-09.xls", given="2026年9月第1周"),
        Surroundings("2026-09.xls", given="2026.1"),  # Excel makes this of 2026.10
        Surroundings("2026-09.xls", given="2026-09-01 00:00:00"),  # and this of 2026-09
        Surroundings("2026-09.xls", sheet="第1周"),
        Surroundings("2026-09.xls", above=("鑫达公司2026年8月产品",)),
        Surroundings("2026-09.xls", above=("2026年9月第1周 产品数据",)),
        Surroundings(
            "book.xlsx", above=("统计周期：9月第1周",), given="2026-09", pasted=True
        ),  # left from before
        Surroundings("book.xlsx", above=("2026年9月第1周",), given="2026-08", pasted=True),
        Surroundings("产品2026年9月第1周.xls"),
        Surroundings("产品2026年9月前两周.xls"),
        Surroundings("产品2026年9月最后一周.xls"),
        Surroundings("Products 2026-09 last week.xls"),
        Surroundings("Products 2026-09 first two weeks.xls"),
        Surroundings("Products 2026-09 2nd week.xls"),
        Surroundings("Products 2026-09-H1.xls"),
    ],
)
def test_a_statement_that_is_not_clear_is_not_passed_over(around):
    assert file_period.stated(around) is None
    assert file_period.reading(around).unclear
    assert file_period.spoken(around)


@pytest.mark.parametrize(
    ("around", "expected"),
    [
        (Surroundings("产品2026年.xls", sheet="9月"), periods.month(2026, 9)),
        (Surroundings("2026-09.xls", sheet="第38周"), WEEK),
        (Surroundings("2026-09.xls", sheet="Sheet1"), periods.month(2026, 9)),
        (Surroundings("2026-09.xls", above=("鑫达公司2026年9月产品",)), periods.month(2026, 9)),
        (Surroundings("产品.xls", above=("2026年9月产品分析",)), periods.month(2026, 9)),
        (Surroundings("review 2026-09.xlsx", pasted=True), None),  # the workbook's own name
    ],
)
def test_sheets_and_titles_say_periods_too(around, expected):
    assert file_period.stated(around) == expected


def test_two_days_written_out_answer_what_is_not_clear():
    above = ("统计周期：2026年9月第3周",)
    assert (
        file_period.stated(Surroundings("b.xlsx", above=above, given="9.13-9.19 2026", pasted=True)) == WEEK
    )
    assert file_period.stated(Surroundings("2026-09-13~09-19.xls", above=above)) == WEEK


def test_a_label_takes_the_cell_beside_it_along():
    assert file_period.inside(tuple(file_period.texts_of(["统计周期", None, 202609]))) == periods.month(
        2026, 9
    )
    assert file_period.inside(tuple(file_period.texts_of(["Date range", "2026/9/13-9/19"]))) == WEEK
    assert file_period.texts_of(["合计", 202609]) == ["合计"]
    assert file_period.texts_of(["周期", "2026-09"], given="2026-09") == [
        "周期"
    ]  # the paste sheet's own cells


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("客户2025年12月.xlsx", date(2025, 12, 31)),
        ("客户2025-12.xlsx", date(2025, 12, 31)),
        ("客户2025-12-05.xlsx", date(2025, 12, 5)),
        ("客户2025年12月_20260105.xlsx", date(2026, 1, 5)),
        ("客户2025年第36周.xlsx", date(2025, 9, 6)),
        ("客户2025年9月第1周.xlsx", None),
        ("客户.xlsx", date(2026, 2, 1)),  # when it was made
    ],
)
def test_the_day_of_a_state(name, day):
    said = file_period.snapshot_day(Surroundings(name, stamp=datetime(2026, 2, 1, 9)))
    assert (said.period.start if said.period else None) == day


def test_a_name_that_ends_on_another_day_contradicts():
    inside = ("时间周期 2026-09-13~2026-09-19",)
    assert file_period.conflict(Surroundings("Products-2026-09-19 (1).xls", above=inside), PRODUCTS) == ""
    assert "2026-09-12" in file_period.conflict(
        Surroundings("Products-2026-09-12.xls", above=inside), PRODUCTS
    )
    assert file_period.conflict(Surroundings("260906-260912.xls", above=inside), PRODUCTS)
    assert file_period.conflict(Surroundings("Products-2026-09-12.xls"), PRODUCTS) == ""
    pasted = Surroundings("book.xlsx", above=inside, given="2026-09-06~2026-09-12", pasted=True)
    assert file_period.conflict(pasted, PRODUCTS)
    assert file_period.stated(pasted) == WEEK


@pytest.mark.parametrize(
    ("around", "expected"),
    [
        (Surroundings("店铺.xlsx", "2026年5月店铺数据"), 2026),
        (Surroundings("2025店铺数据.xlsx", "5月店铺数据"), 2025),
        (Surroundings("店铺.xlsx", "5月", ("2025年度店铺数据",)), 2025),
        (Surroundings("店铺.xlsx", "5月", given="2025-05"), 2025),
        (Surroundings("店铺2026-05-04 15_39_27.xlsx", "5月店铺数据"), None),
        (Surroundings("店铺.xlsx", "5月店铺数据"), None),
        (Surroundings("2024-2025店铺数据.xlsx", "5月店铺数据"), None),
        (Surroundings("店铺.xlsx", "5月店铺数据", ("制表：2026年1月",)), None),
    ],
)
def test_the_year_of_a_table_without_years(around, expected):
    assert file_period.year_of(around) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("夏季新品推广2026-05-04 15_39_27.xlsx", "夏季新品推广"),
        ("夏季新品推广2026-05-04 15_39_27 (2).xlsx", "夏季新品推广"),
        ("a.zip!Shoes-20260504153927.xlsx", "Shoes"),
        ("plan.xlsx", ""),
        ("全站推广报表-2026-05-04 15_39_27.xlsx", ""),
        ("2026年5月.xlsx", ""),
    ],
)
def test_a_campaign_file_is_named_after_its_campaign(name, expected):
    assert file_period.plan_name(name) == expected


def test_the_download_time_stands_in_the_name():
    assert export_time.download_time("x/plan2026-05-04 15_39_27.xlsx") == datetime(2026, 5, 4, 15, 39, 27)
    assert export_time.download_time("plan20260504153927.xlsx") == datetime(2026, 5, 4, 15, 39, 27)
    assert export_time.download_time("Products-2026-09-19.xls") is None
    assert export_time.download_time("1601234567890123.xls") is None
    assert export_time.download_time("2026-09-13_2026-09-19.csv") is None  # not 20:26:09


def test_a_copy_is_newer_than_its_original_when_the_times_do_not_say_so():
    same = datetime(2026, 9, 27)
    names = ["Products (1).xls", "Products (2).xls", "Products.xls", "b/Products (1).xls", "other.xls"]
    first, second, original, elsewhere, other = export_time.in_order([(name, same) for name in names])
    assert original == same < first < second
    assert elsewhere == other == same
    later = datetime(2026, 9, 28)
    assert export_time.in_order([("a.xls", same), ("a (1).xls", later)]) == [same, later]
