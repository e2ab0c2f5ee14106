"""A store of a few rows per export, every figure worked by hand."""

import math
from datetime import datetime
from itertools import count

import pytest
from tables import reading, table

from opsbook.archive import data_frames
from opsbook.archive.archive_file import Archive
from opsbook.metrics.compute_review import review
from opsbook.params import Settings
from opsbook.review.basis_text import plain

MONTH_9 = ("month", "2026-09-01", "2026-09-30")


@pytest.fixture
def store(tmp_path):
    """Return a function that computes the review of the tables given."""

    files = count()  # each table is a file of its own, also in a later refresh

    def computed(*tables, settings=None):
        with Archive.open(tmp_path / "store.duckdb", for_writing=True) as archive:
            archive.take_in(
                [reading(f"{next(files)}.csv", part) for part in tables],
                rules="r",
                taken_at=datetime(2026, 10, 1),
            )
            return review(archive, settings or Settings())

    return computed


def value(found, metric, period, dimension=""):
    figure = found.get(metric, period, dimension)
    return pytest.approx(figure.value, nan_ok=True), plain(figure.basis)


OVERVIEW = (
    "store_visitors",
    "total_impressions",
    "marketing_impressions",
    "inquiry_buyers",
    "lead_buyers",
    "ta_orders",
    "ta_buyers",
)


def overview(rows, period=MONTH_9, days=None):
    return table("shop_overview", rows, OVERVIEW, period=period, days=days)


def test_rates_of_a_month(store):
    found = store(overview([(4000, 250000, 180000, 60, 160, 8, 6)]))
    assert value(found, "visitors", "2026-09") == (4000, "given")
    assert value(found, "natural_impressions", "2026-09") == (70000, "given")  # 250,000 - 180,000
    assert value(found, "visit_rate", "2026-09") == (0.016, "ratio of sums")  # 4,000 / 250,000
    assert value(found, "inquiry_rate", "2026-09") == (0.015, "ratio of sums")  # 60 / 4,000
    assert value(found, "lead_rate", "2026-09") == (0.04, "ratio of sums")  # 160 / 4,000
    assert value(found, "lead_order_rate", "2026-09") == (0.05, "ratio of sums")  # 8 / 160
    assert value(found, "visitor_order_rate", "2026-09") == (0.0015, "ratio of sums")  # 6 / 4,000


def test_days_never_add_to_a_month_row_and_are_an_upper_bound_alone(store):
    days = [f"2026-08-{day:02d}" for day in range(1, 32)]
    found = store(
        overview([(4000, 250000, 180000, 60, 160, 8, 6)]),
        overview([(100, 1, 1, 1, 1, 1, 1)], days=["2026-09-01"]),
        overview([(10, 1000, 0, 1, 2, 0, 0)] * 31, days=days),
    )
    assert value(found, "visitors", "2026-09") == (4000, "given")
    assert value(found, "visitors", "2026-08") == (310, "sum of days, upper bound")


def test_missing_days_are_told(store):
    found = store(overview([(10, 1000, 0, 1, 2, 0, 0)] * 2, days=["2026-08-01", "2026-08-02"]))
    assert value(found, "total_impressions", "2026-08") == (2000, "sum of days: 2 of 31")


def test_weeks_compare_with_the_week_before(store):
    first, second = ("week", "2026-09-06", "2026-09-12"), ("week", "2026-09-13", "2026-09-19")
    found = store(
        overview([(1000, 50000, 0, 10, 30, 2, 2)], first), overview([(1100, 50000, 0, 22, 44, 2, 2)], second)
    )
    assert value(found, "visitors.pop", "2026-09-13/2026-09-19") == (0.1, "whole periods")
    assert value(found, "inquiry_rate.pop", "2026-09-13/2026-09-19") == (
        0.01,
        "whole periods, percentage points",
    )
    assert value(found, "visitors", "2026-09") == (float("nan"), "no source")


ORDERS = (
    "order_id",
    "status",
    "buyer_id",
    "product_id",
    "product_name",
    "product_amount",
    "received_amount",
    "created_at",
)


def order_rows():
    """Return two years of orders; received amounts in 2026: 100 + 300 + 50 = 450, in 2025: 200 + 100 = 300."""
    return [
        ("A1", "交易成功", "ann", "1", "Tent", 200.0, 200.0, "2025-03-05"),
        ("A2", "交易成功", "bob", "2", "Lamp", 100.0, 100.0, "2025-05-05"),
        ("B1", "交易成功", "ann", "1", "Tent", 100.0, 100.0, "2026-03-05"),
        # One order of two lines: its received amount stands on the first line only.
        ("B2", "待发货", "cat", "1", "Tent", 200.0, 300.0, "2026-03-20"),
        ("B2", "待发货", "cat", "2", "Lamp", 100.0, None, "2026-03-20"),
        ("B3", "交易成功", "ann", "3", "Mat", 50.0, 50.0, "2026-12-31"),
        ("B4", "交易关闭", "dan", "1", "Tent", 900.0, 900.0, "2026-03-21"),
        ("B5", "待付款", "dan", "1", "Tent", 900.0, 0.0, "2026-03-22"),
        ("B6", "退款成功", "eve", "1", "Tent", 70.0, 70.0, "2026-03-23"),
    ]


def orders(rows):
    return table("orders", rows, ORDERS, days=[row[-1] for row in rows])


def test_orders_make_sales_order_value_and_repeat_purchase(store):
    found = store(orders(order_rows()))
    assert value(found, "ta_amount", "2026-03") == (400, "sum of orders, from orders")  # 100 + 300
    assert value(found, "ta_orders", "2026-03") == (2, "sum of orders, from orders")
    assert value(found, "aov", "2026-03") == (200, "ratio of sums")  # 400 / 2
    assert value(found, "aov", "2026") == (150, "ratio of sums")  # 450 / 3
    assert value(found, "rev_per_buyer", "2026") == (225, "distinct buyers")  # 450 / {ann, cat}
    assert value(found, "refund_amount", "2026") == (70, "sum of months")
    assert value(found, "order_lines", "2026-03") == (3, "sum of orders")
    assert value(found, "old_customer_repurchase_rate", "2026") == (0.5, "1 of 2 buyers")  # ann of ann, bob
    assert value(found, "repeat_purchase_rate", "2026") == (0.5, "1 of 2 buyers")  # ann twice, cat once
    assert value(found, "returning_revenue_share", "2026") == (150 / 450, "ratio of sums")  # ann's 100 + 50
    assert value(found, "old_customer_repurchase_rate", "2025") == (float("nan"), "no base")


def test_months_between_two_order_files_are_unknown_not_zero(store):
    spring = [("A1", "交易成功", "ann", "1", "Tent", 9.0, 9.0, day) for day in ("2026-01-05",)]
    spring += [("A2", "交易成功", "ann", "1", "Tent", 9.0, 9.0, "2026-03-05")]
    autumn = [("A3", "交易成功", "ann", "1", "Tent", 9.0, 9.0, "2026-09-05")]
    found = store(orders(spring), orders(autumn))
    assert value(found, "ta_amount", "2026-02") == (0, "sum of orders, from orders")  # inside the first file
    assert value(found, "ta_amount", "2026-04") == (float("nan"), "no source")
    assert value(found, "ta_amount", "2026") == (27, "sum of months: 4 of 12")


def test_last_years_products_are_told_only_where_its_orders_are_known(store):
    # The list begins in March 2025: two months of that year are not known.
    assert all(math.isnan(product.prior) for product in store(orders(order_rows())).top_products)
    first = ("A0", "交易关闭", "zoe", "1", "Tent", 1.0, 1.0, "2025-01-01")
    found = store(orders([first, *order_rows()]))
    assert [(each.name, each.prior) for each in found.top_products] == [
        ("Tent", 200),
        ("Lamp", 100),
        ("Mat", 0),
    ]


def test_an_order_is_parted_among_its_products_as_its_lines_are(store):
    found = store(orders(order_rows()))
    top = [(product.name, product.amount, product.share) for product in found.top_products]
    # Tent: 100 + 300 * 200 / 300 = 300; Lamp: 300 * 100 / 300 = 100; Mat: 50.
    assert top == [("Tent", 300, 300 / 450), ("Lamp", 100, 100 / 450), ("Mat", 50, 50 / 450)]
    assert value(found, "top10_share", "2026") == (1.0, "ratio of sums")


def test_top10_leaves_out_the_eleventh_product(store):
    rows = [(f"C{n}", "交易成功", f"b{n}", str(n), f"P{n}", 10.0, 10.0, "2026-12-31") for n in range(9)]
    rows += [
        ("C9", "交易成功", "b9", "9", "P9", 5.0, 5.0, "2026-12-31"),
        ("C10", "交易成功", "c", "10", "P10", 5.0, 5.0, "2026-12-31"),
    ]
    assert value(store(orders(rows)), "top10_share", "2026-Q4") == (95 / 100, "ratio of sums")


def test_the_shop_overview_counts_before_the_order_list(store):
    amounts = table(
        "shop_overview", [(500.0,)], ("ta_amount_usd",), period=("month", "2026-03-01", "2026-03-31")
    )
    found = store(orders(order_rows()), amounts)
    assert value(found, "ta_amount", "2026-03") == (500, "given")
    assert value(found, "ta_amount", "2026-12") == (50, "sum of orders, from orders")


def test_the_own_order_table_counts_lines_and_its_own_rate(store):
    columns = ("order_id", "product_name", "product_amount_cny", "fx_rate", "amount")
    rows = [
        ("L1", "Tent", 710.0, 7.1, None),
        ("L2", "Lamp", None, None, 30.0),
        ("L3", "Lamp", 50.0, None, None),
    ]
    found = store(table("order_ledger", rows, columns, days=["2026-09-01"] * 3))
    assert value(found, "ta_amount", "2026-09") == (
        130,
        "sum of orders, 1 without amount, from orders",
    )  # 710 / 7.1 + 30; no rate for L3
    assert value(found, "ta_orders", "2026-09") == (3, "sum of orders, from orders")


PERFORMANCE = (
    "product_id",
    "search_impressions",
    "search_clicks",
    "product_visitors",
    "inquiries",
    "tm_buyers",
    "orders_submitted",
)


def test_products_without_effect(store):
    # Window of 31 days to 30 September: the file of September counts. P1 has an effect, P2 none; P3, first seen on
    # 1 September, is one day too new.
    old = ("month", "2026-06-01", "2026-06-30")
    found = store(
        table(
            "product_performance",
            [("P1", 5, 0, 0, 0, 0, 0), ("P2", 5, 3, 0, 0, 0, 0)],
            PERFORMANCE,
            period=old,
        ),
        table(
            "product_performance",
            [("P1", 50, 0, 0, 0, 1, 0), ("P2", 50, 0, 0, 0, 0, 0), ("P3", 0, 0, 0, 0, 0, 0)],
            PERFORMANCE,
            period=MONTH_9,
        ),
        settings=Settings(zero_effect_days=31),
    )
    share, basis = value(found, "zero_effect_share", "2026")
    assert (share, basis) == (0.5, "1 of 2 products; files cover 30 of 31 days")


def test_first_month_of_new_products(store):
    # P1 was there from the start: not new. P2 listed 16 September; its 30 days run to 15 October. Files: September
    # (30 days) counts 15/30 of 4 inquiries = 2, October (31 days) 15/31 of 31 inquiries = 15: 17 in all.
    # P3 listed 20 October: its window ends after the data do, so it is left out.
    listed = table(
        "product_catalog",
        [("P2", "2026-09-16"), ("P3", "2026-10-20")],
        ("product_id", "listed_at"),
        days=["2026-10-31"] * 2,
    )
    rows = [("P1", 0, 0, 0, 9, 0, 0), ("P2", 0, 0, 0, 4, 0, 0)]
    october = [("P1", 0, 0, 0, 9, 0, 0), ("P2", 0, 0, 0, 31, 0, 0), ("P3", 0, 0, 0, 7, 0, 0)]
    found = store(
        table("product_performance", rows, PERFORMANCE, period=MONTH_9),
        table("product_performance", october, PERFORMANCE, period=("month", "2026-10-01", "2026-10-31")),
        listed,
    )
    assert value(found, "new_product_first_month_inquiries", "2026") == (17, "mean of 1 of 2 products")
    assert value(found, "new_products", "2026-09") == (1, "given")


def test_ranks_of_core_words(store):
    # Page size 48: 1.05 is rank 5; 2.10 is 48 + 10 = 58. "tent" moved from 58 to 5: 53 places up.
    columns = ("keyword", "rank", "product_no")
    checks = [("tent", "2.10", "T1"), ("tent", "3.01", "T2"), ("lamp", "1.20", "L1")]
    later = [("tent", "1.05", "T1"), ("lamp", "2.01", "L1")]
    found = store(
        table("keyword_rank", checks, columns, days=["2026-01-10"] * 3),
        table("keyword_rank", later, columns, days=["2026-09-10"] * 2),
        overview([(1, 1, 1, 1, 1, 1, 1)]),
    )
    assert value(found, "keyword_rank_change", "2026", "keyword=tent") == (53, "rank 58 to 5")
    assert value(found, "keyword_rank_change", "2026", "keyword=lamp") == (-29, "rank 20 to 49")
    assert value(found, "keyword_first_page", "2026-Q1") == (1, "last check of 2 words")
    assert value(found, "keyword_first_page", "2026-Q3") == (1, "last check of 2 words")


def test_ad_costs_are_sums_over_sums(store):
    columns = ("plan_name", "cost_cny", "clicks", "impressions", "site_leads")
    rows = [("A", 100.0, 50, 1000, 4), ("A", 20.0, 10, 1000, 0), ("B", 60.0, 0, 100, 1)]
    found = store(table("p4p_plan_daily", rows, columns, days=["2026-09-01", "2026-09-02", "2026-09-02"]))
    assert value(found, "ad_cost", "2026-09") == (180, "sum of days")
    assert value(found, "ad_cpc", "2026-09") == (3, "ratio of sums")  # 180 / 60
    assert value(found, "ad_cpl", "2026-09") == (36, "ratio of sums")  # 180 / 5


def test_an_empty_archive_has_no_figures(store):
    found = store()
    assert (found.as_of, list(found), found.top_products) == (None, [], ())


def test_orders_read_in_parts_say_the_same(tmp_path, monkeypatch):
    days = [f"2025-{1 + n % 12:02}-{1 + n % 28:02}" for n in range(240)]
    platform = table(
        "orders",
        [
            (f"T{n // 2:03}", f"P{n % 9}", f"B{n % 31}", "交易成功", 10.0 + n, 1.0, day)
            for n, day in enumerate(days[:120])
        ],
        ("order_id", "product_id", "buyer_id", "status", "product_amount", "quantity", "paid_at"),
        days=days[:120],
    )
    days = [day.replace("2025", "2026") for day in days[:60]] + days[:60]
    own = table(
        "order_ledger",
        [(f"{'TO'[n % 2]}{n // 2:03}", f"P{n % 9}", f"B{n % 31}", 20.0 + n) for n in range(120)],
        ("order_id", "product_id", "buyer_id", "product_amount_usd"),
        days=days,
    )
    found = []
    for part in (10_000, 7):
        monkeypatch.setattr(data_frames, "PART", part)
        monkeypatch.setattr(data_frames, "_LARGE", part)
        with Archive.open(tmp_path / f"{part}.duckdb", for_writing=True) as archive:
            archive.take_in(
                [reading("platform.csv", platform), reading("own.csv", own)],
                rules="r",
                taken_at=datetime(2026, 12, 31),
            )
            found.append(review(archive, Settings()))
    whole, parts = found
    assert whole.get("ta_amount", "2025").value == sum(
        10 + n for n in range(120)
    )  # the platform's, once each
    assert repr(parts.figures) == repr(whole.figures)
    assert (parts.top_products, parts.reconciliation) == (whole.top_products, whole.reconciliation)
