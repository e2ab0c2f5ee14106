"""The period of a file: what says it, what does not, and what contradicts."""

from datetime import date, datetime

import pytest

from opsbook import periods
from opsbook.intake import file_period, stamps
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
    ],
)
def test_the_text_above_the_header_says_the_period(above):
    assert file_period.inside(("标题", above)) == WEEK


@pytest.mark.parametrize(
    "above", ["导出时间：2026-09-27 10:00", "周期（如 2026-09-13~2026-09-19）", "产品数据", ""]
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


def test_a_name_that_ends_on_another_day_contradicts():
    inside = ("时间周期 2026-09-13~2026-09-19",)
    assert file_period.conflict(Surroundings("Products-2026-09-19 (1).xls", above=inside), PRODUCTS) == ""
    assert "2026-09-12" in file_period.conflict(
        Surroundings("Products-2026-09-12.xls", above=inside), PRODUCTS
    )
    assert file_period.conflict(Surroundings("260906-260912.xls", above=inside), PRODUCTS)
    assert file_period.conflict(Surroundings("Products-2026-09-12.xls"), PRODUCTS) == ""


@pytest.mark.parametrize(
    ("around", "expected"),
    [
        (Surroundings("店铺.xlsx", "2026年5月店铺数据"), 2026),
        (Surroundings("2025店铺数据.xlsx", "5月店铺数据"), 2025),
        (Surroundings("店铺.xlsx", "5月", ("2025年度店铺数据",)), 2025),
        (Surroundings("店铺.xlsx", "5月", given="2025-05"), 2025),
        (Surroundings("店铺2026-05-04 15_39_27.xlsx", "5月店铺数据"), None),
        (Surroundings("店铺.xlsx", "5月店铺数据"), None),
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
    assert stamps.download_time("x/plan2026-05-04 15_39_27.xlsx") == datetime(2026, 5, 4, 15, 39, 27)
    assert stamps.download_time("plan20260504153927.xlsx") == datetime(2026, 5, 4, 15, 39, 27)
    assert stamps.download_time("Products-2026-09-19.xls") is None
    assert stamps.download_time("1601234567890123.xls") is None


def test_a_copy_is_newer_than_its_original_when_the_times_do_not_say_so():
    same = datetime(2026, 9, 27)
    names = ["Products (1).xls", "Products (2).xls", "Products.xls", "b/Products (1).xls", "other.xls"]
    first, second, original, elsewhere, other = stamps.in_order([(name, same) for name in names])
    assert original == same < first < second
    assert elsewhere == other == same
    later = datetime(2026, 9, 28)
    assert stamps.in_order([("a.xls", same), ("a (1).xls", later)]) == [same, later]
