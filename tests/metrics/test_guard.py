"""One cell, or one function that fails, leaves every other figure right; and what failed leaves the archive as it was."""

import math
from datetime import date, datetime

import pytest
from tables import reading, table

from opsbook.archive.archive_file import Archive
from opsbook.functions.intervals import count_interval, count_signal
from opsbook.functions.values import FunctionError
from opsbook.metrics import keywords, product_effects
from opsbook.metrics.compute_review import review
from opsbook.params import Settings
from opsbook.plan.annual_plan import plan
from opsbook.review.basis_text import plain

MONTHS = [("2025-01-01", "2025-01-31"), ("2025-02-01", "2025-02-28"), ("2025-03-01", "2025-03-31")]


def archive_of(tmp_path, odd):
    """Return an archive as version 0.1.0 left it: with an odd number of inquiries in February."""
    archive = Archive.open(tmp_path / "a.duckdb", for_writing=True)
    counts = zip(MONTHS, (20.0, odd, 30.0), strict=True)
    parts = [
        table(
            "shop_overview", [(inquiries, 1000.0)], ("inquiries", "store_visitors"), period=("month", *span)
        )
        for span, inquiries in counts
    ]
    archive.take_in(
        [reading(f"{at}", each) for at, each in enumerate(parts)], rules="r", taken_at=datetime(2026, 1, 1)
    )
    return archive


@pytest.mark.parametrize("odd", [-5.0, math.inf, -math.inf, 1e308, 1e18, 5e-324], ids=str)
def test_an_odd_number_of_an_older_archive_stops_nothing(tmp_path, odd):
    with archive_of(tmp_path, odd) as archive:
        found = review(archive, Settings())
        assert plan(found, Settings(), {}).figures
    assert found.failed == {}
    assert [found.get("inquiries", f"2025-0{at}").value for at in (1, 3)] == [20, 30]
    assert [found.get("visitors", period).value for period in ("2025-02", "2025")] == [1000, 3000]
    february = found.get("inquiries", "2025-02")
    assert february.value == odd if 0 < odd < 1 else not february.defined
    assert all(math.isfinite(each.value) or math.isnan(each.value) for each in found)


def test_a_metric_that_fails_is_undefined_and_named(tmp_path, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError

    with archive_of(tmp_path, 25.0) as archive:
        whole = review(archive, Settings())
        monkeypatch.setattr(keywords, "first_page", broken)
        monkeypatch.setattr(product_effects, "hot_products", broken)
        found = review(archive, Settings())
    assert found.failed == {"hot_products": "ZeroDivisionError", "keyword_first_page": "ZeroDivisionError"}
    assert found.failed_titles.en == "Hot products, Core keywords on page 1"
    figure = found.get("hot_products", "2025")
    assert (figure.defined, plain(figure.basis)) == (False, "not computed")
    mine = ("hot_products", "keyword_first_page")
    kept, before = (
        {repr(each) for each in it if each.metric.split(".")[0] not in mine} for it in (found, whole)
    )
    assert kept == before


def test_a_slip_of_an_older_archive_makes_no_year_of_its_own(tmp_path):
    names = ("order_id", "status", "received_amount", "created_at")
    rows = [
        ("1", "已完成", 100.0, "2025-03-05"),
        ("2", "已完成", 70.0, "2062-03-05"),
        ("3", "已完成", 60.0, "1925-03-05"),
    ]
    orders = table("orders", rows, names, days=[row[-1] for row in rows])
    with Archive.open(tmp_path / "a.duckdb", for_writing=True) as archive:
        archive.take_in(
            [reading("orders", orders, stamp="2025-06-01T00:00")], rules="r", taken_at=datetime(2025, 6, 1)
        )
        found = review(archive, Settings())
    assert (found.year, found.as_of) == (2025, date(2025, 3, 5))
    assert {each.period[:4] for each in found if each.metric == "ta_amount"} == {"2025"}
    assert found.get("ta_amount", "2025").value == 100


def test_a_transaction_around_the_taking_in_takes_it_back(tmp_path):
    with archive_of(tmp_path, 25.0) as archive:
        serial, rows = archive.serial, archive.rows("shop_overview")
        late = table(
            "shop_overview",
            [(40.0, 1000.0)],
            ("inquiries", "store_visitors"),
            period=("month", "2025-04-01", "2025-04-30"),
        )

        def take_and_fail():
            with archive.transaction():
                archive.take_in([reading("late", late)], rules="r", taken_at=datetime(2026, 1, 1))
                assert review(archive, Settings()).get("inquiries", "2025-04").value == 40
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            take_and_fail()
        assert (archive.serial, archive.rows("shop_overview")) == (serial, rows)
        assert ("late", "late") not in archive.known("r")
        archive.take_in([reading("late", late)], rules="r", taken_at=datetime(2026, 1, 1))
        assert review(archive, Settings()).get("inquiries", "2025-04").value == 40


def test_intervals_of_what_is_no_count_and_of_huge_counts():
    with pytest.raises(FunctionError):
        count_interval(-1)
    # The square root of 10^18 is 10^9: 1.96 of them on each side.
    low, high = count_interval(10**18)[0]
    assert ((high - low) / 2e9) == pytest.approx(1.96, abs=0.001)
    assert count_signal([1e18, 1e18, -5, math.inf], [1e18 + 3e9, 1e18 + 2e9, 3, 4]).tolist()[:2] == [1, 0]
    assert [math.isnan(each) for each in count_signal([-5.0, math.inf], [3.0, 4.0])] == [True, True]
