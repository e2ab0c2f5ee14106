"""Files of another store are held back with one question; corrections and pages of one export are not."""

from datetime import datetime

import pytest
from tables import reading, table

from opsbook.archive.archive_file import Archive
from opsbook.archive.foreign_files import Sieve

MARCH = ("month", "2025-03-01", "2025-03-31")
SHOP = ("store_visitors", "inquiries")
LATER = "2025-05-01T00:00"


def shop(name, *rows, stamp=LATER, period=MARCH):
    return reading(name, table("shop_overview", rows, SHOP, period=period), stamp=stamp)


def months(name, factor):
    """Return three months of a shop, of which each number differs by a tenth of a factor."""
    days = ["2025-01-01", "2025-02-01", "2025-03-01"]
    rows = [(3000 * factor, 60 * factor), (3100 * factor, 65 * factor), (2900 * factor, 58 * factor)]
    return reading(name, table("shop_overview", rows, SHOP, days=days), stamp=LATER)


def products(name, *ids):
    rows = [(each, 50.0) for each in ids]
    return reading(
        name,
        table("product_performance", rows, ("product_id", "product_visitors"), period=MARCH),
        stamp=LATER,
    )


CASES = {
    "another size": ([shop("a.csv", (3000.0, 60.0)), shop("b.csv", (10.0, 1.0))], 0),
    "another size, the small one first": ([shop("a.csv", (10.0, 1.0)), shop("b.csv", (3000.0, 60.0))], 0),
    "folders of two stores of one size": ([months("甲店/概览.csv", 1.0), months("乙店/概览.csv", 1.1)], 0),
    "other products altogether": (
        [products("甲店产品.xls", "1", "2", "3"), products("乙店产品.xls", "4", "5", "6")],
        0,
    ),
    "a correction": ([shop("a.csv", (3000.0, 60.0)), shop("a corrected.csv", (3100.0, 62.0))], 2),
    "the same again": ([shop("a.csv", (3000.0, 60.0)), shop("b.csv", (3000.0, 60.0))], 2),
    "other months": (
        [
            shop("a.csv", (3000.0, 60.0)),
            shop("b.csv", (10.0, 1.0), period=("month", "2025-04-01", "2025-04-30")),
        ],
        2,
    ),
    "pages of one export": (
        [products("产品-第1页.xls", "1", "2", "3"), products("产品-第2页.xls", "4", "5", "6")],
        2,
    ),
    "copies of one download": (
        [products("Products.xls", "1", "2", "3"), products("Products (1).xls", "4", "5", "6")],
        2,
    ),
    "the month was still running": (
        [shop("a.csv", (10.0, 1.0), stamp="2025-03-02T00:00"), shop("b.csv", (3000.0, 60.0))],
        2,
    ),
    "small counts": ([shop("a.csv", (15.0, 1.0)), shop("b.csv", (3.0, 9.0))], 2),
}


@pytest.mark.parametrize(("given", "kept"), CASES.values(), ids=CASES)
def test_what_is_held_back(given, kept):
    sieve = Sieve()
    assert len(list(sieve.through(given))) == kept
    names = [(each.code, each.file, each.value) for each in sieve.issues]
    one, other = (each.source.name for each in given)
    assert names == ([] if kept else [("table.two_stores", other, one)])


def test_a_correction_is_noted_with_the_newer_file():
    given = [
        shop("new.csv", (3100.0, 62.0), stamp="2025-06-01T00:00"),
        shop("old.csv", (3000.0, 60.0), stamp="2025-05-01T00:00"),
    ]
    list(Sieve().through(given))
    assert [(each.code, each.file, each.value) for each in given[0].issues] == [
        ("table.newer_counts", "new.csv", "old.csv")
    ]
    assert given[1].issues == []


def test_what_the_archive_holds_stays_and_the_newcomer_waits(tmp_path):
    with Archive.open(tmp_path / "a.duckdb", for_writing=True) as archive:
        archive.take_in([shop("a.csv", (3000.0, 60.0))], rules="r", taken_at=datetime(2025, 5, 1))
        sieve = Sieve(archive.prints)
        assert list(sieve.through([shop("b.csv", (10.0, 1.0))])) == []
        assert [(each.code, each.file, each.value) for each in sieve.issues] == [
            ("table.two_stores", "b.csv", "a.csv")
        ]
        # The same file may say anything new: it is the same store's.
        assert len(list(Sieve(archive.prints).through([shop("a.csv", (10.0, 1.0))]))) == 1
