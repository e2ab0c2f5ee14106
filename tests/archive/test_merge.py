"""Merging: pasting twice changes nothing, corrections replace, day and week files never add up."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from tables import reading, table

from opsbook.archive import data_frames
from opsbook.archive.archive_file import Archive
from opsbook.domain.errors import ArchiveError

NOON = datetime(2026, 10, 1, 12)


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "shop.duckdb", for_writing=True) as opened:
        yield opened


def take(archive, *readings):
    return archive.take_in(readings, rules="r", taken_at=NOON)


PRODUCTS = ("product_id", "search_impressions", "inquiries")


def products(archive):
    frame = archive.table("product_performance", ("product_id", "_grain", "search_impressions", "inquiries"))
    return [
        tuple(None if value != value else value for value in row) for row in frame.itertuples(index=False)
    ]


def test_the_same_export_twice_changes_nothing(archive):
    september = table("product_performance", [("1601", 100, 2), ("1602", 50, 0)], PRODUCTS)
    first = take(archive, reading("a.xls", september))
    serial = archive.serial
    second = take(archive, reading("b.xls", september))
    assert [(r.added, r.replaced, r.unchanged) for r in first + second] == [(2, 0, 0), (0, 0, 2)]
    assert products(archive) == [("1601", "month", 100, 2), ("1602", "month", 50, 0)]
    assert archive.serial == serial


def test_the_later_export_replaces_whatever_the_order(archive):
    old = reading("old.xls", table("product_performance", [("1601", 100, 2)], PRODUCTS), stamp="2026-10-02")
    new = reading("new.xls", table("product_performance", [("1601", 110, 3)], PRODUCTS), stamp="2026-10-05")
    take(archive, new)
    receipts = take(archive, old)
    assert (receipts[0].added, receipts[0].replaced, receipts[0].unchanged) == (0, 0, 1)
    assert products(archive) == [("1601", "month", 110, 3)]


def test_a_paste_that_is_read_again_is_no_newer_for_that(archive):
    pasted = reading("book.xlsx", table("product_performance", [("1601", 100, 2)], PRODUCTS))
    pasted.stamp = None
    take(archive, pasted)
    corrected = table("product_performance", [("1601", 110, 3)], PRODUCTS)
    take(archive, reading("new.xls", corrected, stamp="2026-10-05"))
    pasted.stamp = None
    archive.take_in([pasted], rules="others", taken_at=datetime(2026, 12, 1))
    assert products(archive) == [("1601", "month", 110, 3)]


def test_a_correction_counts_as_replaced(archive):
    take(archive, reading("old.xls", table("product_performance", [("1601", 100, 2)], PRODUCTS)))
    receipts = take(
        archive,
        reading("new.xls", table("product_performance", [("1601", 100, 3)], PRODUCTS), stamp="2026-10-05"),
    )
    assert (receipts[0].added, receipts[0].replaced, receipts[0].unchanged) == (0, 1, 0)


def test_month_and_week_stand_apart(archive):
    week = table(
        "product_performance", [("1601", 20, 1)], PRODUCTS, period=("week", "2026-09-06", "2026-09-12")
    )
    month = table("product_performance", [("1601", 100, 2)], PRODUCTS)
    take(archive, reading("a.xls", month), reading("b.xls", week))
    assert products(archive) == [("1601", "month", 100, 2), ("1601", "week", 20, 1)]


def test_a_column_the_newer_file_lacks_keeps_its_value(archive):
    take(archive, reading("a.xls", table("product_performance", [("1601", 100, 2)], PRODUCTS)))
    narrow = table("product_performance", [("1601", 105)], PRODUCTS[:2])
    take(archive, reading("b.xls", narrow, stamp="2026-10-05"))
    assert products(archive) == [("1601", "month", 105, 2)]


def test_a_missing_cell_in_the_newer_file_is_missing(archive):
    take(archive, reading("a.xls", table("product_performance", [("1601", 100, 2)], PRODUCTS)))
    take(
        archive,
        reading("b.xls", table("product_performance", [("1601", 100, None)], PRODUCTS), stamp="2026-10-05"),
    )
    assert products(archive) == [("1601", "month", 100, None)]


LINES = ("order_id", "product_name", "amount")


def test_equal_lines_of_an_order_are_kept_and_overlaps_merge(archive):
    lines = [("10248", "Tofu", 5.0), ("10248", "Tofu", 5.0), ("10249", "Chang", 7.0)]
    first = table("order_ledger", lines, LINES, days=["2026-09-01", "2026-09-01", "2026-09-30"])
    second = table(
        "order_ledger", [*lines[2:], ("10250", "Chai", 9.0)], LINES, days=["2026-09-30", "2026-10-01"]
    )
    take(archive, reading("september.csv", first), reading("october.csv", second))
    assert archive.rows("order_ledger") == 4
    assert archive.table("order_ledger", ("amount",))["amount"].sum() == 26.0


def test_an_order_whose_date_was_corrected_is_the_same_order(archive):
    take(
        archive, reading("a.csv", table("order_ledger", [("10248", "Tofu", 5.0)], LINES, days=["2026-09-01"]))
    )
    corrected = table("order_ledger", [("10248", "Tofu", 5.0)], LINES, days=["2026-09-02"])
    take(archive, reading("b.csv", corrected, stamp="2026-10-05"))
    frame = archive.table("order_ledger", ("_start",))
    assert [str(day.date()) for day in frame["_start"]] == ["2026-09-02"]


def test_the_orders_own_last_change_decides(archive):
    columns = ("order_id", "product_name", "received_amount", "modified_at")
    newer = table("orders", [("2341934", "Tent", 80.0, "2026-09-20")], columns, days=["2026-09-01"])
    older = table(
        "orders",
        [("2341934", "Tent", 100.0, "2026-09-10"), ("2341934", "Pegs", 20.0, "2026-09-10")],
        columns,
        days=["2026-09-01"] * 2,
    )
    for order in ([newer, older], [older, newer]):
        take(archive, *(reading(f"{number}.csv", part) for number, part in enumerate(order)))
        assert archive.table("orders", ("received_amount",))["received_amount"].tolist() == [80.0]


def test_a_failed_refresh_leaves_the_archive_as_it_was(archive):
    take(archive, reading("a.xls", table("product_performance", [("1601", 100, 2)], PRODUCTS)))
    broken = table("product_performance", [("1602", 1, 1)], PRODUCTS)
    broken.columns["inquiries"] = np.array(["not a number"], dtype=object)
    with pytest.raises(Exception, match="not a number"):
        take(archive, reading("b.xls", broken))
    assert products(archive) == [("1601", "month", 100, 2)]
    assert len(archive.receipts()) == 1


def test_a_newer_layout_is_refused_with_a_sentence(tmp_path):
    path = tmp_path / "shop.duckdb"
    with Archive.open(path, for_writing=True) as opened:
        opened._connection.execute("UPDATE opsbook_meta SET value = '99' WHERE key = 'layout'")
    with pytest.raises(ArchiveError, match="newer OpsBook"):
        Archive.open(path, for_writing=False)


def test_a_file_that_is_no_archive_is_refused_with_a_sentence(tmp_path):
    path = tmp_path / "shop.duckdb"
    path.write_bytes(b"PK\x03\x04" + bytes(5000))
    with pytest.raises(ArchiveError, match="shop.duckdb"):
        Archive.open(path, for_writing=True)


def test_two_tables_of_one_age_that_contradict_are_told(archive):
    first = reading("a.xls", table("product_performance", [("1601", 100, 2)], PRODUCTS))
    second = reading("b.xls", table("product_performance", [("1601", 90, 2)], PRODUCTS))
    take(archive, first, second)
    told = [(issue.code, issue.file, issue.value, issue.times) for issue in second.issues]
    assert (first.issues, told) == ([], [("table.contradiction", "b.xls", "a.xls", 1)])


def test_a_large_table_is_read_in_parts_of_whole_orders_and_is_the_same(archive, monkeypatch):
    monkeypatch.setattr(data_frames, "_LARGE", 10)
    monkeypatch.setattr(data_frames, "PART", 50)
    columns = ["order_id", "product_id", "product_name", "received_amount", "buyer_id"]
    rows = [[f"A{n // 3:03}", f"P{n % 3}", "", float(n), None if n % 5 else "B"] for n in range(300)]
    take(archive, reading("a", table("orders", rows, columns)))
    chosen = ("order_id", "product_id", "received_amount", "buyer_id", "status", "_start")
    whole = archive.table("orders", chosen)
    parts = list(archive.parts("orders", chosen))
    assert len(parts) > 3
    ids = [set(part["order_id"]) for part in parts]
    assert sum(map(len, ids)) == len(set().union(*ids)) == 100
    pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), whole)
    assert whole["received_amount"].tolist() == [float(n) for n in range(300)]
    assert whole["buyer_id"].notna().sum() == 60
