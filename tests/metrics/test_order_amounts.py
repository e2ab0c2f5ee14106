"""What an order brought in, and what is asked about it, from its lines."""

import math

import pandas as pd
import pytest

from opsbook.metrics.orders import ledger_lines, orders_of, platform_lines
from opsbook.metrics.unresolved import unresolved
from opsbook.metrics.usd_amounts import Rates
from opsbook.schemas import schemas

NO_INQUIRIES = pd.DataFrame({"country": []}, dtype=object)


def rows(kind, *cells):
    """Return rows of the archive; what a row does not say is missing."""
    frame = pd.DataFrame([{"order_id": "A1", "status": None, "_absent": "", **each} for each in cells])
    for each in schemas()[kind].stored:
        if each.name not in frame:
            frame[each.name] = math.nan if each.type in ("number", "money", "percent") else None
    frame["_start"] = frame["created_at"] = frame["paid_at"] = pd.Timestamp("2025-03-05")
    return frame


def line(name="Cup", amount=50.0, **more):
    return {"product_name": name, "product_amount": amount, "status": "交易成功"} | more


def own(amount=100.0, **more):
    return {"total_amount": amount, "received_amount": amount, "status": "交易成功"} | more


# state, amount, refund, lines
CASES = {
    "the order's row above its lines is not a line": ([own(), line(), line("Bowl")], ("paid", 100, 0, 2)),
    "a refund with a minus sign": ([own(refund_amount=-20.0)], ("paid", 80, 20, 1)),
    "a refund of which a part was taken back": (
        [line(refund_amount=30.0), line("Bowl", refund_amount=-10.0)], ("paid", 80, 20, 2)),
    "refunded in part, whatever the status says": ([own(status="已退款", refund_amount=30.0)], ("paid", 70, 30, 1)),
    "refunded, received before": ([own(status="已退款", refund_amount=100.0)], ("refunded", 0, 100, 1)),
    "refunded, nothing left": (
        [own(status="已退款", received_amount=0.0, refund_amount=100.0)], ("refunded", 0, 100, 1)),
    "a part went back, received says what stayed": ([own(status="部分退款", received_amount=60.0)], ("paid", 60, 0, 1)),
}  # fmt: skip


@pytest.mark.parametrize(("cells", "expected"), CASES.values(), ids=CASES)
def test_an_order(cells, expected):
    made = orders_of(platform_lines(rows("orders", *cells), Rates()))
    assert made.loc[0, ["state", "amount", "refund", "lines"]].tolist() == list(expected)
    assert list(unresolved(made, NO_INQUIRIES)) == []


def test_a_partial_refund_without_its_amount_is_asked_about():
    made = orders_of(platform_lines(rows("orders", own(status="部分退款")), Rates()))
    (asked,) = unresolved(made, NO_INQUIRIES)
    assert (asked.question, asked.words, asked.money) == ("refund", (("部分退款", 1),), (("USD", 100.0),))


@pytest.mark.parametrize(
    ("more", "question", "money"),
    [
        ({"currency": "EUR"}, "rate", ("EUR", 50.0)),
        ({"currency": "bla"}, "currency", ("bla", 50.0)),
        ({"status": "Handled"}, "status", ("USD", 50.0)),
    ],
)
def test_money_in_question_is_that_of_all_lines_also_where_only_the_price_is_known(more, question, money):
    cells = [
        {"product_name": name, "quantity": 1.0, "unit_price": price} | more
        for name, price in (("Cup", 20.0), ("Bowl", 30.0))
    ]
    (asked,) = unresolved(orders_of(ledger_lines(rows("order_ledger", *cells), Rates())), NO_INQUIRIES)
    assert (asked.question, asked.money) == (question, (money,))
