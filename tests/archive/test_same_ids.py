"""One id in two spellings is one order, whichever file comes first."""

from datetime import datetime

import pytest
from tables import reading, table

from opsbook.archive.archive_file import Archive
from opsbook.archive.same_ids import plain

NOON = datetime(2026, 10, 1, 12)
COLUMNS = ("order_id", "product_id", "product_name", "amount")


def ledger(name, *ids):
    rows = [(each, None, "Boot", 50) for each in ids]
    return reading(name, table("order_ledger", rows, COLUMNS, days=["2026-09-05"] * len(ids)))


def orders(archive):
    return sorted(archive.table("order_ledger", ("order_id",))["order_id"])


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        (["00123"], ["123"], ["00123"]),
        (["123"], ["00123"], ["123"]),
        (["12E5"], ["1200000"], ["12E5"]),
        (["1200000", "7"], ["12e5"], ["1200000", "7"]),
        (["00123"], ["124"], ["00123", "124"]),
        (["00123"], ["00124", "123A"], ["00123", "00124", "123A"]),
        (["234193410001028893"], ["0234193410001028893"], ["0234193410001028893", "234193410001028893"]),
        (["00123", "123"], ["00123"], ["00123", "123"]),  # one table keeps them apart
        (["A00123"], ["A123"], ["A00123", "A123"]),
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_spellings(tmp_path, first, second, kept, together):
    with Archive.open(tmp_path / "a.duckdb", for_writing=True) as archive:
        one, two = ledger("one.csv", *first), ledger("two.xlsx", *second)
        for readings in [[one, two]] if together else [[one], [two]]:
            archive.take_in(readings, rules="r", taken_at=NOON)
        assert orders(archive) == kept
        merged = len({*first, *second}) - len(kept)
        assert [(each.code, each.times) for each in two.issues] == ([("id.same", merged)] if merged else [])
        assert one.issues == []


def test_reading_again_changes_nothing(tmp_path):
    with Archive.open(tmp_path / "a.duckdb", for_writing=True) as archive:
        for rules in ("r", "s"):
            archive.take_in(
                [ledger("one.csv", "00123"), ledger("two.xlsx", "123")], rules=rules, taken_at=NOON
            )
            assert orders(archive) == ["00123"]


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("00123", "123"),
        ("000", "0"),
        ("12E5", "1200000"),
        ("1e99", "1e99"),
        ("E5", "E5"),
        ("12E", "12E"),
        ("", ""),
    ],
)
def test_what_excel_makes_of_an_id(spelling, expected):
    assert plain(spelling) == expected


def test_an_id_of_a_reply_is_named_by_its_field(tmp_path):
    pages = [
        table("product_sample", [(number, 5.0, 9.0)], ("product_id", "search_impressions", "of_rows"))
        for number in ("0123456", "123456")
    ]
    with Archive.open(tmp_path / "a.duckdb", for_writing=True) as archive:
        readings = [reading(f"{place}.json", part) for place, part in enumerate(pages)]
        archive.take_in(readings, rules="r", taken_at=datetime(2026, 10, 1))
        assert [issue.column for each in readings for issue in each.issues] == ["id"]
