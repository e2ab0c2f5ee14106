"""The data map of a poor store, worked out by hand."""

from datetime import date, datetime

import pytest
from tables import reading, table

from opsbook.archive.archive_file import Archive
from opsbook.review.data_map import data_map
from opsbook.schemas import schemas

TODAY = date(2026, 6, 10)
SUMMARY = ("store_visitors", "inquiries")
MONTH = ("month", "2026-01-01", "2026-01-31")
STORE = [
    table("shop_overview", [(900.0, 18.0)], SUMMARY, period=MONTH),
    table("shop_overview", [(30.0, 1.0)] * 28, SUMMARY, days=[f"2026-02-{day:02d}" for day in range(1, 29)]),
    table("shop_overview", [(30.0, 1.0)] * 2, SUMMARY, days=["2026-03-01", "2026-03-02"]),
    table("shop_window", [(900.0, 18.0)], SUMMARY, period=("range", "2026-04-01", "2026-04-30")),
    table("product_sample", [("1", 5.0, 382.0)], ("product_id", "search_impressions", "of_rows"), period=("month", "2026-05-01", "2026-05-31")),
    table("shop_ledger", [(800.0,)], ("store_visitors",), period=("month", "2026-03-01", "2026-03-31")),
]  # fmt: skip


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    with Archive.open(tmp_path_factory.mktemp("map") / "a.duckdb", for_writing=True) as archive:
        readings = [reading(f"{place}.csv", part) for place, part in enumerate(STORE)]
        archive.take_in(readings, rules="r", taken_at=datetime(2026, 6, 9))
        return data_map(archive, year=2026, today=TODAY)


@pytest.mark.parametrize(
    ("kind", "states"),
    [
        ("shop_overview", ["there", "there", "estimated", "sample only", "missing"]),
        ("product_performance", ["missing", "missing", "missing", "missing", "sample only"]),
        ("p4p_plan_daily", ["missing"] * 5),
    ],
)
def test_what_there_is_by_month(found, kind, states):
    months = [(entry.when.label, str(entry.state)) for entry in found.entries if entry.kind == kind]
    assert months == [(f"2026-0{at}", state) for at, state in enumerate(states, start=1)]


def test_what_the_platform_drops_soon_and_has_dropped(found):
    products = {entry.when.label: entry for entry in found.entries if entry.kind == "product_performance"}
    assert products["2026-03"].until == date(2026, 6, 29)  # 90 days after 31 March
    assert [label for label, entry in products.items() if entry.is_gone(TODAY)] == ["2026-01", "2026-02"]
    assert [label for label, entry in products.items() if entry.is_urgent(TODAY)] == ["2026-03"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_gap_says_how_to_get_it(found, language):
    lines = [line[language] for line in found.lines()]
    assert len(lines) == len({entry.kind for entry in found.entries})
    overview, products = (
        lines[0],
        next(line for line in lines if line.startswith(schemas()["product_performance"].title[language])),
    )
    assert "data_advisor_shop_summary" in overview
    assert "2026-06-29" in products
    assert "2026-01~2026-02" in products


def test_the_document_has_every_kind_and_month(found):
    document = found.as_document()
    assert len(document) == 5 * len({entry.kind for entry in found.entries})
    assert document[0] == {
        "kind": "shop_overview",
        "month": "2026-01",
        "state": "there",
        "until": "2026-07-30",
        "urgent": False,
    }
