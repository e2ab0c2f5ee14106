"""Intervals, verdicts, the weekly board and reconciliation, worked by hand."""

import math

import pytest
from metrics.test_review import (
    store,  # noqa: F401 - the fixture
    value,
)
from metrics.test_work import month, orders, overview
from tables import table

from opsbook.domain.verdict import Verdict
from opsbook.metrics.reconciliation import texts
from opsbook.params import Settings
from opsbook.review.basis_text import plain


def test_bounds_and_verdicts(store):  # noqa: F811
    rows = [("2025-03", 9.0, 100.0), ("2026-03", 12.0, 160.0)]
    found = store(*(overview(when, ta_orders=count, inquiries=asked) for when, count, asked in rows))
    # Garwood's interval of 9 events: 4.115 to 17.085 (published tables).
    assert value(found, "ta_orders.low", "2025-03")[0] == pytest.approx(4.115, abs=1e-3)
    assert value(found, "ta_orders.high", "2025-03")[0] == pytest.approx(17.085, abs=1e-3)
    # 9 to 12 orders may be chance; 100 to 160 inquiries are not (two-sided binomial p < 0.001).
    assert found.verdict("ta_orders", "2026-03") is Verdict.TOO_FEW
    assert found.verdict("inquiries", "2026-03") is Verdict.UP
    assert found.verdict("inquiries", "2025-03") is Verdict.UNJUDGED  # nothing to compare with
    assert value(found, "inquiries.yoy.verdict", "2026-03") == (1, "up, whole periods")


def test_a_rate_is_judged_by_its_sample(store):  # noqa: F811
    found = store(
        overview("2026-02", store_visitors=1000.0, lead_buyers=30.0),
        overview("2026-03", store_visitors=1000.0, lead_buyers=60.0),
        overview("2026-04", store_visitors=1000.0, lead_buyers=55.0),
    )
    assert found.verdict("lead_rate", "2026-03", against="pop") is Verdict.UP
    assert found.verdict("lead_rate", "2026-04", against="pop") is Verdict.TOO_FEW
    # Wilson for 30 of 1,000: (0.03 + z2/2000 -+ z sqrt(0.03 x 0.97 / 1000 + z2 / 4e6)) / (1 + z2/1000)
    z2 = 1.959964**2
    half = math.sqrt(z2) * math.sqrt(0.03 * 0.97 / 1000 + z2 / 4e6)
    low = (0.03 + z2 / 2000 - half) / (1 + z2 / 1000)
    assert value(found, "lead_rate.low", "2026-02")[0] == pytest.approx(low, abs=1e-7)


def test_an_amount_is_judged_by_its_orders(store):  # noqa: F811
    # One order of 1,000 against one of 3,000: the spread is sqrt(1e6 + 9e6) = 3,162, twice that is needed.
    few = orders(
        ("1", "a", "DE", None, "P", 1, 1000, "2026-02-03"), ("2", "b", "DE", None, "P", 1, 3000, "2026-03-03")
    )
    assert (
        store(few, overview("2026-03", store_visitors=1.0)).verdict("ta_amount", "2026-03", against="pop")
        is Verdict.TOO_FEW
    )
    # Plus 50 orders of 100 in March: 8,000 against 1,000; spread sqrt(1e6 + 9e6 + 50 x 1e4) = 3,240, times 1.96 = 6,351.
    more = orders(*[(f"m{n}", "c", "DE", None, "P", 1, 100, "2026-03-09") for n in range(50)])
    assert store(more).verdict("ta_amount", "2026-03", against="pop") is Verdict.UP


def test_what_chance_does_not_touch_is_judged_by_its_sign(store):  # noqa: F811
    plans = table(
        "p4p_plan_daily",
        [("A", 100.0), ("A", 90.0)],
        ("plan_name", "cost_cny"),
        days=["2026-02-01", "2026-03-01"],
    )
    found = store(plans, overview("2026-03", store_visitors=1.0))
    assert found.verdict("ad_cost", "2026-03", against="pop") is Verdict.DOWN
    assert found.verdict("peer_gap", "2026-03", "metric=visitors") is Verdict.UNJUDGED


def week(start, end, **columns):
    return table("shop_overview", [tuple(columns.values())], tuple(columns), period=("week", start, end))


def test_the_board_of_the_last_whole_week(store):  # noqa: F811
    # 2026-09-30 is a Wednesday: the last whole week is 20 to 26 September; a year before it 21 to 27 September 2025.
    found = store(
        week("2026-09-20", "2026-09-26", store_visitors=700.0, inquiries=7.0, tm_buyers=50.0),
        week("2026-09-13", "2026-09-19", store_visitors=1000.0, inquiries=10.0, tm_buyers=49.0),
        week("2025-09-21", "2025-09-27", store_visitors=600.0, inquiries=9.0, tm_buyers=1.0),
        overview("2026-09", store_visitors=3000.0),
    )
    board = found.week
    assert board.week.label == "2026-09-20/2026-09-26"
    rows = {row.metric: row for row in board.rows}
    visitors = rows["visitors"]
    assert (visitors.module, visitors.this, visitors.last, visitors.year_ago) == ("traffic", 700, 1000, 600)
    assert visitors.change == pytest.approx(-0.3)
    assert [value for value in visitors.series if not math.isnan(value)] == [1000, 700]
    assert len(visitors.series) == 12
    assert visitors.alert == "alert"  # 30 % less, far from chance
    assert rows["inquiries"].alert == "too few"  # 10 to 7 is 30 % less too, but may be chance
    assert rows["tm_buyers"].alert == ""
    assert {row.module for row in board.rows} == {"traffic", "conversion", "product", "customer"}
    assert {row.alert for row in store(settings=Settings(weekly_alert=0.5)).week.rows} == {""}


def board_of(found):
    return {row.metric: row for row in found.week.rows}


def test_a_rate_of_the_board_changes_in_points_and_is_judged_as_a_share(store):  # noqa: F811
    # 35 of 700 is 5 %, 60 of 1,000 was 6 %, 20 of 500 a year before was 4 %: a point less than last week, a point more.
    weeks = [
        week("2026-09-20", "2026-09-26", store_visitors=700.0, lead_buyers=35.0),
        week("2026-09-13", "2026-09-19", store_visitors=1000.0, lead_buyers=60.0),
        week("2025-09-21", "2025-09-27", store_visitors=500.0, lead_buyers=20.0),
    ]
    rate = board_of(store(*weeks, overview("2026-09", store_visitors=3000.0)))["lead_rate"]
    assert (rate.change, rate.yearly) == (pytest.approx(-0.01), pytest.approx(0.01))
    assert rate.alert == ""  # a sixth less
    # 7 of 700 is 1 %: five points less, far beyond chance.
    weeks[0] = week("2026-09-20", "2026-09-26", store_visitors=700.0, lead_buyers=7.0)
    rate = board_of(store(*weeks, overview("2026-09", store_visitors=3000.0)))["lead_rate"]
    assert (rate.change, rate.alert) == (pytest.approx(-0.05), "alert")


def test_an_amount_of_the_board_is_not_judged_without_its_orders(store):  # noqa: F811
    weeks = [
        week("2026-09-20", "2026-09-26", ta_amount_usd=100.0),
        week("2026-09-13", "2026-09-19", ta_amount_usd=900.0),
        overview("2026-09", store_visitors=3000.0),
    ]
    assert board_of(store(*weeks))["ta_amount"].alert == "not judged"
    # With the orders: one of 100 against three of 300 is too few; against ninety of 10, spread 138, it is proven.
    ends = [
        (f"e{day}", "a", "DE", None, "P", 1, 1, day) for day in ("2026-09-12", "2026-09-27")
    ]  # of the list
    one = [*ends, ("0", "a", "DE", None, "P", 1, 100, "2026-09-21")]
    few = [(f"{n}", "b", "DE", None, "P", 1, 300, "2026-09-14") for n in (1, 2, 3)]
    many = [(f"{n}", "b", "DE", None, "P", 1, 10, "2026-09-14") for n in range(1, 91)]
    assert board_of(store(*weeks, orders(*one, *few)))["ta_amount"].alert == "too few"
    assert board_of(store(*weeks, orders(*one, *many)))["ta_amount"].alert == "alert"


def test_an_amount_is_not_judged_by_orders_that_are_not_its_own(store):  # noqa: F811
    # The shop's table tells ten times what the rows of orders add up to: they say nothing of how it scatters.
    rows = [
        (f"{n}", "b", "DE", None, "P", 1, 10, f"{when}-09")
        for when in ("2025-03", "2026-03")
        for n in range(40)
    ]
    rows = [(f"{row[-1]}{row[0]}", *row[1:]) for row in rows]
    told = [overview("2025-03", ta_amount_usd=400.0), overview("2026-03", ta_amount_usd=800.0)]
    assert store(*told, orders(*rows)).verdict("ta_amount", "2026-03") is Verdict.UNJUDGED
    agreeing = overview("2026-03", ta_amount_usd=400.0)
    assert store(told[0], agreeing, orders(*rows)).verdict("ta_amount", "2026-03") is Verdict.TOO_FEW


def test_every_place_of_a_figure(store):  # noqa: F811
    days = [f"2026-09-{n:02d}" for n in range(1, 31)]
    found = store(
        overview(
            "2026-09",
            store_visitors=100.0,
            inquiries=30.0,
            inquiry_buyers=20.0,
            ta_orders=3.0,
            ta_amount_usd=450.0,
        ),
        table("shop_overview", [(5.0, 1.0)] * 30, ("store_visitors", "inquiries"), days=days),
        table("traffic_channel", [("搜索", 80.0), ("直播", 40.0)], ("channel", "store_visitors")),
        table("product_performance", [("P", 29.0)], ("product_id", "inquiries")),
        table(
            "inquiry_list",
            [(str(n), "L1") for n in range(31)],
            ("inquiry_no", "buyer_level"),
            days=["2026-09-09"] * 31,
        ),
        table(
            "orders",
            [("1", "交易成功", 200.0, 200.0), ("2", "待发货", 100.0, 300.0), ("3", "退款", 150.0, 150.0)],
            ("order_id", "status", "received_amount", "total_amount"),
            days=["2026-09-02", "2026-09-03", "2026-09-04"],
        ),
    )
    lines = {(each.metric, each.place): each for each in found.reconciliation if each.period == "2026-09"}

    def told(metric, place):
        line = lines[metric, place]
        return line.value, line.relation, line.difference, line.holds, line.reason

    assert told("visitors", "overview") == (100, "reference", 0, None, "same")
    assert told("visitors", "overview_days") == (150, "at_most", 50, True, "persons_overlap")  # 30 x 5
    assert told("visitors", "channels") == (120, "not_comparable", 20, None, "channels_overlap")
    assert told("inquiries", "overview_days") == (30, "equal", 0, True, "same")
    assert told("inquiries", "products") == (29, "at_least", -1, True, "shop_level")
    assert told("inquiries", "inquiry_list") == (31, "not_comparable", 1, None, "clock")
    assert lines["inquiries", "inquiry_list"].clock == "Asia/Shanghai"
    assert told("ta_orders", "orders_paid") == (2, "at_least", -1, True, "refunds")
    assert told("ta_amount", "orders_received") == (300, "at_least", -150, True, "refunds")
    # Orders agreed: 200 + 300, against 300 received.
    assert told("ta_amount", "orders_agreed") == (500, "at_most", 200, True, "balance")
    assert lines["ta_amount", "orders_agreed"].against == "orders_received"
    year = [
        each
        for each in found.reconciliation
        if (each.metric, each.place, each.period) == ("visitors", "channels", "2026")
    ]
    assert [(each.value, plain(each.basis)) for each in year] == [(120, "1 months")]
    words = texts()
    for each in found.reconciliation:
        assert each.place in words["place"]
        assert each.relation in words["relation"]
        assert each.reason in words["reason"]


def test_a_broken_relation_is_told(store):  # noqa: F811
    found = store(
        overview("2026-09", inquiries=30.0),
        table("product_performance", [("P", 40.0)], ("product_id", "inquiries")),
        table("shop_overview", [(9.0,)], ("inquiries",), days=["2026-09-01"]),
    )
    lines = {each.place: each for each in found.reconciliation if each.period == "2026-09"}
    assert (lines["products"].holds, lines["products"].reason) == (False, "unexplained")
    assert (lines["overview_days"].relation, lines["overview_days"].reason) == (
        "not_comparable",
        "missing_days",
    )


def test_months_have_their_length():
    assert month("2026-02") == ("month", "2026-02-01", "2026-02-28")
