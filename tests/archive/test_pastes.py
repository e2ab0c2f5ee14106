"""What a paste sheet held before gives away a slip of the hand; what is meant gives no warning."""

from datetime import datetime
from pathlib import Path

import pytest
from tables import table

from opsbook.archive.archive_file import Archive
from opsbook.intake.clean_tables import Source, SourceReading

LATER = datetime(2026, 12, 1, 12)
DURING = datetime(2026, 9, 18, 12)
COLUMNS = ("product_id", "search_impressions", "inquiries")
FIRST = ("week", "2026-09-06", "2026-09-12")
SECOND = ("week", "2026-09-13", "2026-09-19")
LONG = [("1601", 200, 9), ("1602", 90, 4), ("1603", 80, 2), ("1604", 70, 2)]
NEXT = [("1601", 100, 5), ("1602", 50, 2), ("1603", 40, 2), ("1604", 30, 1)]


def paste(rows, period, sheet="Paste1", kind="product_performance", columns=COLUMNS):
    held = table(kind, rows, columns, period=period)
    held.sheet = sheet
    source = Source(Path("b.xlsx"), "b.xlsx", sheet=sheet, period="~".join(period[1:]))
    return SourceReading(source, repr((rows, period)), None, [held])


def warnings(archive, *steps):
    """Return the warnings of the last of several refreshes: code, rows, how many, the earlier period."""
    for reading, when in steps:
        archive.take_in([reading], rules="r", taken_at=when)
    return [(issue.code, issue.value, issue.times, issue.detail) for issue in reading.issues]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((LONG, FIRST), (NEXT[:2] + LONG[2:], SECOND), [("paste.left", "4~5", 2, "2026-09-06~2026-09-12")]),
        ((LONG, FIRST), (NEXT[:3] + LONG[3:], SECOND), [("paste.left", "5", 1, "2026-09-06~2026-09-12")]),
        ((LONG, FIRST), (LONG, SECOND), [("paste.same", "2~5", 4, "2026-09-06~2026-09-12")]),
        ((LONG, FIRST), (NEXT, FIRST), [("paste.replaced", "", 4, "2026-09-06~2026-09-12")]),
        ((LONG, FIRST), (NEXT, SECOND), []),
        ((LONG, FIRST), (NEXT[:2], SECOND), []),
        ((LONG, FIRST), (LONG, FIRST), []),
        ((LONG, FIRST), (LONG[:2] + NEXT[2:], FIRST), []),  # a correction of some rows
        ((LONG, FIRST), ([("1701", 7, 1), ("1702", 80, 2)], FIRST), []),  # the next page of one export
        # Rows of small figures are often the same in two weeks.
        (([*LONG[:3], ("1604", 1, 0)], FIRST), ([*NEXT[:3], ("1604", 1, 0)], SECOND), []),
        ((LONG, FIRST), (LONG[2:] + NEXT[:2], SECOND), []),  # the same figures in other places
    ],
    ids=[
        "two rows left",
        "one row left",
        "only the period was changed",
        "the period was not changed",
        "another week",
        "a shorter table",
        "the same again",
        "corrections",
        "another page",
        "small figures",
        "other places",
    ],
)
def test_a_second_paste(tmp_path, first, second, expected):
    with Archive.open(tmp_path / "a.duckdb", for_writing=True) as archive:
        assert warnings(archive, (paste(*first), LATER), (paste(*second), LATER)) == expected


def test_a_later_export_of_a_running_week_is_meant(tmp_path):
    with Archive.open(tmp_path / "a.duckdb", for_writing=True) as archive:
        assert warnings(archive, (paste(NEXT, SECOND), DURING), (paste(LONG, SECOND), LATER)) == []


def test_sheets_are_apart_and_a_table_before_the_last_is_remembered(tmp_path):
    with Archive.open(tmp_path / "a.duckdb", for_writing=True) as archive:
        assert (
            warnings(
                archive, (paste(LONG, FIRST), LATER), (paste(NEXT[:2] + LONG[2:], SECOND, "Paste2"), LATER)
            )
            == []
        )
        third = paste(NEXT[:3] + LONG[3:], ("week", "2026-09-20", "2026-09-26"))
        between = paste([("1", 2, 3)], SECOND)
        assert [each[0] for each in warnings(archive, (between, LATER), (third, LATER))] == ["paste.left"]


def test_rows_with_their_own_days_are_never_left_over(tmp_path):
    def days(*dates):
        held = table("p4p_plan_daily", [("7", float(n), 50.0) for n, _ in enumerate(dates)],
                     ("plan_id", "cost_cny", "impressions"), days=list(dates))  # fmt: skip
        return SourceReading(Source(Path("b.xlsx"), "b.xlsx", sheet="Paste1"), repr(dates), None, [held])

    with Archive.open(tmp_path / "a.duckdb", for_writing=True) as archive:
        steps = (days("2026-09-01", "2026-09-02"), LATER), (days("2026-09-03", "2026-09-02"), LATER)
        assert warnings(archive, *steps) == []


def test_what_was_taken_back_is_not_remembered(tmp_path):
    with Archive.open(tmp_path / "a.duckdb", for_writing=True) as archive:
        archive.take_in([paste(LONG, FIRST)], rules="r", taken_at=LATER)
        archive.take_back(archive.receipts(), read_again=())
        assert warnings(archive, (paste(NEXT, FIRST), LATER)) == []
