"""Parts that fill a month exactly make it; whatever else is no month is in no figure, and is named."""

from datetime import date, datetime

import pytest
from tables import reading, table

from opsbook.archive.archive_file import Archive
from opsbook.metrics.compute_review import review
from opsbook.params import Settings
from opsbook.periods import from_span
from opsbook.review.basis_text import plain

COLUMNS = ("inquiries", "store_visitors", "lead_buyers")


def found_of(tmp_path, *spans, kind="shop_overview"):
    """Return the review of a table with a row for each span: 10 inquiries, 100 visitors, 5 leads a part."""
    parts = []
    for first, last in spans:
        grain = str(from_span(date.fromisoformat(first), date.fromisoformat(last)).grain)
        parts.append(table(kind, [(10.0, 100.0, 5.0)], COLUMNS, period=(grain, first, last)))
    with Archive.open(tmp_path / "a.duckdb", for_writing=True) as archive:
        archive.take_in(
            [reading(f"{at}.csv", each) for at, each in enumerate(parts)],
            rules="r",
            taken_at=datetime(2026, 1, 1),
        )
        return review(archive, Settings())


HALVES = [("2025-03-01", "2025-03-15"), ("2025-03-16", "2025-03-31")]
TENS = [("2025-03-01", "2025-03-10"), ("2025-03-11", "2025-03-20"), ("2025-03-21", "2025-03-31")]


@pytest.mark.parametrize(
    ("spans", "value", "basis"),
    [
        (HALVES, 20, "sum of parts"),
        (TENS, 30, "sum of parts"),
        ([*HALVES, *TENS], 20, "sum of parts"),  # the longest parts; nothing is counted twice
        ([HALVES[0], ("2025-03-16", "2025-03-20"), TENS[2]], 30, "sum of parts"),
        ([*HALVES, ("2025-03-01", "2025-03-31")], 10, "given"),
        ([("2025-03-01", "2025-03-30"), ("2025-03-31", "2025-03-31")], 20, "sum of parts"),
        (
            [("2026-02-01", "2026-02-07"), ("2026-02-08", "2026-02-14"), ("2026-02-15", "2026-02-28")],
            30,
            "sum of parts",
        ),
    ],
    ids=["halves", "tens", "both", "mixed", "a month of its own", "a last day", "weeks of a February"],
)
def test_parts_make_a_month(tmp_path, spans, value, basis):
    found = found_of(tmp_path, *spans)
    month = spans[0][0][:7]
    figure = found.get("inquiries", month)
    assert (figure.value, plain(figure.basis)) == (value, basis)
    visitors = found.get("visitors", month)
    assert plain(visitors.basis) == (basis if basis == "given" else f"{basis}, upper bound")
    assert found.get("lead_rate", month).value == pytest.approx(0.05)  # sum over sum
    assert found.unused == {}


@pytest.mark.parametrize(
    "spans",
    [
        [HALVES[0]],
        [HALVES[1]],
        [HALVES[0], ("2025-03-17", "2025-03-31")],  # a day lacks
        [HALVES[0], ("2025-03-15", "2025-03-31")],  # a day twice
        [("2025-02-15", "2025-03-14"), ("2025-03-15", "2025-03-31")],  # across months
        [("2025-01-01", "2025-03-31")],  # a quarter
    ],
    ids=["first half", "second half", "gap", "overlap", "across months", "quarter"],
)
def test_what_makes_no_month_is_named(tmp_path, spans):
    found = found_of(tmp_path, *spans)
    assert not found.get("inquiries", "2025-03").defined
    assert [
        (each.start.isoformat(), each.end.isoformat()) for each in found.unused["shop_overview"]
    ] == sorted(spans)


def test_a_quarter_beside_its_months_is_no_news(tmp_path):
    months = [("2025-01-01", "2025-01-31"), ("2025-02-01", "2025-02-28"), ("2025-03-01", "2025-03-31")]
    assert found_of(tmp_path, *months, ("2025-01-01", "2025-03-31")).unused == {}
