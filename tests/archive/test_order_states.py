"""The newest state of an order counts, in whatever order, parts, formats and columns its exports come in."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import reading, table

from opsbook.archive.archive_file import Archive

FIRST = datetime(2026, 9, 1, 12)
LINE = ("order_id", "product_id", "product_name", "quantity", "product_amount")


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "shop.duckdb", for_writing=True) as opened:
        yield opened


def take(archive, *readings):
    return archive.take_in(readings, rules="r", taken_at=datetime(2026, 10, 1))


def orders(archive, *columns, kind="orders"):
    frame = archive.table(kind, columns)
    return [tuple(None if cell != cell else cell for cell in row) for row in frame.itertuples(index=False)]


def day(number):
    return (FIRST + timedelta(days=number)).isoformat()


def export(name, rows, columns, number, kind="orders"):
    return reading(name, table(kind, rows, columns, days=["2026-08-05"] * len(rows)), stamp=day(number))


def test_a_line_that_was_removed_is_gone(archive):
    columns = (*LINE, "received_amount")
    three = [("A1", "1", "Cup", 1, 10, 60), ("A1", "2", "Bowl", 2, 20, 60), ("A1", "3", "Vase", 3, 30, 60)]
    two = [("A1", "1", "Cup", 1, 10, 40), ("A1", "3", "Vase", 3, 30, 40)]
    take(archive, export("a.csv", three, columns, 0))
    take(archive, export("b.csv", two, columns, 1))
    assert orders(archive, "product_name", "received_amount") == [("Cup", 40), ("Vase", 40)]


def test_an_export_of_orders_alone_keeps_the_lines_and_gives_its_amount_once(archive):
    lines = [("A1", "1", "Cup", 1, 10, 20), ("A1", "2", "Bowl", 2, 20, 20)]
    take(archive, export("lines.csv", lines, (*LINE, "received_amount"), 0))
    take(archive, export("orders.csv", [("A1", 30, "paid")], ("order_id", "received_amount", "status"), 1))
    assert orders(archive, "product_name", "quantity", "received_amount", "status") == [
        ("Cup", 1, 30, "paid"),
        ("Bowl", 2, None, "paid"),
    ]


def test_lines_that_come_later_than_their_order_keep_what_only_the_order_had(archive):
    take(archive, export("orders.csv", [("A1", 30, "Peru")], ("order_id", "received_amount", "country"), 0))
    take(archive, export("lines.csv", [("A1", "1", "Cup", 1, 30)], LINE, 1))
    assert orders(archive, "product_name", "received_amount", "country") == [("Cup", 30, "Peru")]


def test_lines_without_an_id_keep_the_id_and_the_quantity_that_an_older_export_had(archive):
    take(archive, export("wide.csv", [("A1", "1", "Cup", 4, 10), ("A1", "2", "Bowl", 5, 20)], LINE, 0))
    narrow = [("A1", "Bowl", 25.0), ("A1", "Cup", 15.0)]
    take(archive, export("narrow.csv", narrow, ("order_id", "product_name", "product_amount"), 1))
    assert sorted(orders(archive, "product_id", "product_name", "quantity", "product_amount")) == [
        ("1", "Cup", 4, 15),
        ("2", "Bowl", 5, 25),
    ]


def test_pages_of_one_export_are_put_together(archive):
    first = export("page 1.csv", [("A1", "1", "Cup", 1, 10), ("A2", "1", "Cup", 1, 10)], LINE, 0)
    second = export("page 2.csv", [("A2", "2", "Bowl", 2, 20), ("A3", "1", "Cup", 1, 10)], LINE, 0)
    for arrival in ([first, second], [second, first]):
        take(archive, *arrival)
        assert sorted(orders(archive, "order_id", "product_name")) == [
            ("A1", "Cup"), ("A2", "Bowl"), ("A2", "Cup"), ("A3", "Cup")
        ]  # fmt: skip


def test_an_export_without_change_times_is_as_new_as_its_stamp(archive):
    changed = export(
        "a.csv", [("A1", 100.0, "2026-09-02")], ("order_id", "received_amount", "modified_at"), 3
    )
    refunded = export("b.csv", [("A1", 0.0, "refunded")], ("order_id", "received_amount", "status"), 9)
    take(archive, refunded)
    take(archive, changed)
    assert orders(archive, "received_amount", "status") == [(0, "refunded")]


@pytest.mark.parametrize(
    ("later", "left", "code"),
    [
        pytest.param([("A1", "Cup", 5.0), ("A3", "Bowl", 7.0)], ["A1", "A3"], "table.replaced", id="number corrected"),
        pytest.param([("A1", "Cup", 5.0)], ["A1"], "table.replaced", id="last row deleted"),
        pytest.param([("A1", "Cup", 6.0), ("A2", "Bowl", 7.0)], ["A1", "A2"], "", id="amount corrected"),
    ],
)  # fmt: skip
def test_a_table_that_the_team_keeps_replaces_what_its_name_gave(archive, later, left, code):
    columns = ("order_id", "product_name", "amount")
    take(archive, export("台账.xlsx", [("A1", "Cup", 5.0), ("A2", "Bowl", 7.0)], columns, 0, "order_ledger"))
    corrected = export("台账.xlsx", later, columns, 1, "order_ledger")
    corrected.digest = "another"
    take(archive, corrected)
    assert [order for (order,) in orders(archive, "order_id", kind="order_ledger")] == left
    assert [issue.code for issue in archive.replaced] == ([code] if code else [])


def test_a_daily_table_under_its_old_name_replaces_the_days_that_both_cover(archive):
    columns = ("store_visitors",)
    days = [f"2026-09-0{number}" for number in range(1, 6)]
    first = table("shop_overview", [(float(number),) for number in range(1, 6)], columns, days=days)
    take(archive, reading("店铺.csv", first, stamp=day(0)))
    # 1 and 2 September are before the newer table and stay; 4 September is inside it and gone.
    later = reading(
        "店铺.csv", table("shop_overview", [(3.0,), (50.0,)], columns, days=[days[2], days[4]]), stamp=day(1)
    )
    later.digest = "another"
    take(archive, later)
    assert [visitors for (visitors,) in orders(archive, "store_visitors", kind="shop_overview")] == [
        1,
        2,
        3,
        50,
    ]
    assert [(issue.code, issue.times) for issue in archive.replaced] == [("table.replaced", 1)]


def test_next_months_table_under_the_old_name_leaves_the_old_rows(archive):
    columns = ("order_id", "product_name", "amount")
    september = table("order_ledger", [("A1", "Cup", 5.0)], columns, days=["2026-09-05"])
    october = table("order_ledger", [("A2", "Cup", 6.0)], columns, days=["2026-10-05"])
    take(archive, reading("台账.xlsx", september))
    later = reading("台账.xlsx", october)
    later.digest = "another"
    take(archive, later)
    assert [order for (order,) in orders(archive, "order_id", kind="order_ledger")] == ["A1", "A2"]


@pytest.mark.parametrize(
    ("kind", "columns", "first", "later"),
    [
        pytest.param("p4p_plan_daily", ("plan_id", "cost_cny"), [("1", 5.0), ("2", 7.0)], [("1", 6.0)], id="ads"),
        pytest.param("customers", ("buyer_name", "tier"), [("Bob", "A"), ("Eve", "B")], [("Bob", "B")], id="customers"),
        pytest.param("core_keywords", ("keyword", "group"), [("cup", "a"), ("bowl", "b")], [("cup", "b")], id="words"),
    ],
)  # fmt: skip
def test_a_row_that_a_corrected_table_does_not_have_is_gone(archive, kind, columns, first, later):
    take(archive, export("a.csv", first, columns, 0, kind))
    corrected = export("a.csv", later, columns, 1, kind)
    corrected.digest = "another"
    take(archive, corrected)
    assert orders(archive, *columns, kind=kind) == later
    assert [(issue.code, issue.times) for issue in archive.replaced] == [("table.replaced", 1)]


def test_content_that_is_read_again_by_other_rules_replaces_what_it_gave(archive):
    wrong = table(
        "orders", [("A1", 5.0), ("合计", 5.0)], ("order_id", "received_amount"), days=["2026-09-05"] * 2
    )
    right = table("orders", [("A1", 5.0)], ("order_id", "received_amount"), days=["2026-09-05"])
    take(archive, reading("orders.csv", wrong))
    archive.take_in([reading("orders.csv", right)], rules="newer", taken_at=datetime(2026, 10, 2))
    assert orders(archive, "order_id") == [("A1",)]
    archive.take_in([reading("orders.csv")], rules="newest", taken_at=datetime(2026, 10, 3))
    assert orders(archive, "order_id") == []


def test_a_plan_that_was_renamed_is_the_same_plan(archive):
    columns = ("plan_id", "plan_name", "cost_cny")
    take(archive, export("a.csv", [("7", "Sofas", 10.0), ("", "Chairs", 4.0)], columns, 0, "p4p_plan_daily"))
    take(archive, export("b.csv", [("7", "Sofas, new", 12.0)], columns, 1, "p4p_plan_daily"))
    assert sorted(orders(archive, "plan_name", "cost_cny", kind="p4p_plan_daily")) == [
        ("Chairs", 4),
        ("Sofas, new", 12),
    ]


# A state of an order: its lines (none in an export of orders alone), what was received, its status, and whether
# the export has the columns of the status and of the last change.
STATE = st.tuples(
    st.lists(st.sampled_from(["Cup", "Bowl", "Cup, blue", "Vase"]), max_size=3, unique=True),
    st.integers(1, 90),
    st.sampled_from(["paid", "refunded", "awaited"]),
    st.booleans(),
    st.booleans(),
)


def made(number, state):
    lines, received, status, with_status, with_change = state
    columns = ["order_id", "received_amount"]
    columns += ["status"] * with_status + ["modified_at"] * with_change + ["product_name"] * bool(lines)
    change = (FIRST + timedelta(days=number, hours=-20)).isoformat()
    rows = []
    for name in lines or [""]:
        cells = {
            "order_id": "A1",
            "received_amount": float(received),
            "status": status,
            "modified_at": change,
        }
        rows.append(tuple({**cells, "product_name": name}[column] for column in columns))
    return export(f"{number}.csv", rows, tuple(columns), number)


def expected(states):
    """Return lines, amount and status by the rule: of each the newest state that has it."""
    lines, status = [], None
    for names, received, word, with_status, _ in states:
        lines = names or lines
        status = word if with_status else status
        amount = received
    return sorted(lines or [""]), amount, status


@settings(max_examples=150 if os.environ.get("OPSBOOK_SWEEP") else 15, deadline=None)
@given(st.lists(STATE, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_any_life_of_an_order_ends_in_its_newest_state(states, chance):
    numbered = list(enumerate(states))
    shuffled = chance.sample(numbered, len(numbered))
    cut = chance.randint(0, len(numbered))
    for batches in (
        [numbered],
        [shuffled],
        [shuffled[:cut], shuffled[cut:]],
        [[each] for each in shuffled + numbered],
    ):
        with Archive.open(Path("nowhere.duckdb"), for_writing=False) as archive:
            for batch in batches:
                take(archive, *(made(number, state) for number, state in batch))
            rows = orders(archive, "product_name", "received_amount", "status")
        amounts = {amount for _, amount, _ in rows} - {None}
        assert len(amounts) == 1
        assert (sorted(name for name, _, _ in rows), amounts.pop(), rows[0][2]) == expected(states)
