"""Splits sum to the change, shares to one, and the order of rows does not matter, whatever the numbers."""

import math
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import reading, table

from opsbook.archive.archive_file import Archive
from opsbook.metrics import cases, rate_splits
from opsbook.metrics.bridge import divisia_parts
from opsbook.metrics.compute_review import review
from opsbook.params import Settings
from opsbook.periods import month

AMOUNT = st.floats(0.01, 1e7)
AS_OF = date(2026, 3, 31)


@given(st.lists(AMOUNT, min_size=4, max_size=4), st.lists(AMOUNT, min_size=4, max_size=4))
def test_the_bridge_sums_to_the_change(base, current):
    parts = divisia_parts(base, current)
    change = current[-1] - base[-1]
    assert math.fsum(parts) == pytest.approx(change, abs=1e-9 * max(1.0, base[-1], current[-1]))


@given(st.lists(AMOUNT, min_size=4, max_size=4), st.integers(0, 3), st.booleans())
def test_with_zeros_the_first_empty_factor_has_the_change(chain, empty, before):
    none = [*chain[:empty], *[0.0] * (4 - empty)]
    parts = divisia_parts(none, chain) if before else divisia_parts(chain, none)
    change = chain[-1] if before else -chain[-1]
    assert parts == tuple(change if place == empty else 0.0 for place in range(4))


def test_money_without_orders_has_no_bridge():
    assert divisia_parts([10, 2, 0, 50], [10, 2, 1, 50]) is None
    assert divisia_parts([10, 2, 1, 50], [10, 2, 1, -5]) is None


@given(AMOUNT, st.floats(1 - 1e-12, 1 + 1e-12))
def test_the_bridge_is_steady_where_nearly_nothing_changed(amount, factor):
    parts = divisia_parts([100, 10, 5, amount], [100, 10, 5, amount * factor])
    assert math.fsum(parts) == pytest.approx(amount * factor - amount, abs=1e-9)


ORDER = st.tuples(
    st.integers(0, 5),  # buyer; 0 is not known
    st.sampled_from(["Germany", "法国", "UAE", "Atlantis"]),
    st.integers(1, 4),  # product
    st.one_of(st.none(), st.integers(1, 50)),  # quantity
    st.floats(0.5, 5000).map(lambda value: round(value, 2)),
    st.sampled_from(["2025-01-05", "2025-02-11", "2025-03-30", "2026-01-05", "2026-02-11", "2026-03-30"]),
)


def frames(rows):
    days = pd.to_datetime([row[5] for row in rows])
    amounts = [row[4] for row in rows]
    orders = pd.DataFrame(
        {
            "order_id": [f"o{n:03d}" for n in range(len(rows))],
            "buyer": [f"b{row[0]}" if row[0] else None for row in rows],
            "country": [row[1] for row in rows],
            "amount": amounts,
            "day": days,
            "state": "paid",
        }
    )
    sales = pd.DataFrame(
        {
            "product": [f"P{row[2]}" for row in rows],
            "quantity": np.array([np.nan if row[3] is None else row[3] for row in rows], dtype=float),
            "amount": amounts,
            "day": days,
        }
    )
    return orders, sales


MONTHS = [month(year, number) for year in (2025, 2026) for number in (1, 2, 3)]


@settings(max_examples=40, deadline=None)
@given(st.lists(ORDER, min_size=2, max_size=40))
def test_splits_and_cases_sum_to_the_change(rows):
    orders, sales = frames(rows)
    sold = cases.sold(orders, cases.buyer_numbers(orders))
    base = math.fsum(row[4] for row in rows if row[5] < "2026")
    now = math.fsum(row[4] for row in rows if row[5] > "2026")
    split = [
        f
        for f in cases.growth_split(sales, sold, MONTHS, AS_OF)
        if (f.metric, f.period) == ("growth_split", "2026-Q1")
    ]
    for way in ("product", "customer", "market"):
        parts = [figure.value for figure in split if f"by={way};" in figure.dimension]
        assert math.fsum(parts) == pytest.approx(now - base, abs=1e-7)
    points = [
        f
        for f in cases.contributions(sales, sold, MONTHS, AS_OF)
        if (f.metric, f.period) == ("case_contribution", "2026-Q1")
    ]
    if base:
        for key in ("product", "customer", "market"):
            parts = [figure.value for figure in points if figure.dimension.startswith(f"{key}=")]
            assert math.fsum(parts) == pytest.approx((now - base) / base, rel=1e-9, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.floats(0, 1000), st.floats(1, 1000)] * 2), min_size=1, max_size=6))
def test_a_rates_split_sums_to_its_change(segments):
    values = {
        f"s{place}": (
            {month(2025, 1): (nb, ""), month(2026, 1): (nc, "")},
            {month(2025, 1): (db, ""), month(2026, 1): (dc, "")},
        )
        for place, (nb, db, nc, dc) in enumerate(segments)
    }
    found = rate_splits.split("ad_cpc_split", "CNY", values, date(2026, 1, 31), key="plan", own="bid")
    year = {
        figure.dimension: figure.value
        for figure in found
        if (figure.metric, figure.period) == ("ad_cpc_split", "2026")
    }
    nb, db, nc, dc = (sum(column) for column in zip(*segments, strict=True))
    change = nc / dc - nb / db
    assert year["part=bid"] + year["part=mix"] == pytest.approx(change, abs=1e-9)
    parts = [value for pairs, value in year.items() if "plan=" in pairs]
    assert math.fsum(parts) == pytest.approx(change, abs=1e-9)


def archived(path, rows):
    names = ("order_id", "buyer_id", "country", "product_id", "quantity", "received_amount", "created_at")
    cells = [
        (f"o{n:03d}", f"b{row[0]}" if row[0] else None, row[1], f"P{row[2]}", row[3], row[4], row[5])
        for n, row in rows
    ]
    part = table("orders", cells, names, days=[row[5] for _, row in rows])
    with Archive.open(path, for_writing=True) as archive:
        archive.take_in([reading("orders", part)], rules="r", taken_at=datetime(2026, 10, 1))
        return review(archive, Settings(as_of=AS_OF))


@settings(max_examples=4, deadline=None)
@given(st.lists(ORDER, min_size=2, max_size=12), st.randoms())
def test_the_order_of_rows_does_not_matter(tmp_path_factory, rows, random):
    numbered = list(enumerate(rows))
    shuffled = numbered[:]
    random.shuffle(shuffled)
    folder = tmp_path_factory.mktemp("order")
    one, other = archived(folder / "1.duckdb", numbered), archived(folder / "2.duckdb", shuffled)
    assert list(map(repr, one)) == list(map(repr, other))
