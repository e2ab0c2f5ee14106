"""Forward and backward: what a change brings, and what a goal needs, are one identity read in two directions."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsbook.plan.whatif import FACTORS, GOAL, Flow, forward, solve

PAPER = {"visitors": 50_000.0, "lead_rate": 0.04, "lead_order_rate": 0.1, "order_value": 2_000.0}


def test_on_paper():
    # 50,000 x 4 % = 2,000 leads; x 10 % = 200 orders; x 2,000 = 400,000 USD. 30 % more are 520,000: 260 orders,
    # 2,600 leads, 65,000 visitors, 15,000 more than there are; at 4 CNY a click 60,000 CNY. A visitor brings
    # 0.004 x 2,000 x 7 = 56 CNY, of which 30 % are 16.80.
    assert forward(PAPER) == pytest.approx(400_000)
    found = solve({**PAPER, GOAL: 520_000.0}, margin=0.3, rate=7.0, cpc=4.0)
    assert (found.orders, found.leads, found.visitors, found.more) == pytest.approx(
        (260, 2_600, 65_000, 15_000)
    )
    assert (found.spend, found.even_cpc, found.even_spend) == pytest.approx((60_000, 16.8, 252_000))


@given(
    visitors=st.floats(1, 1e7),
    lead_rate=st.floats(1e-4, 1),
    lead_order_rate=st.floats(1e-4, 1),
    order_value=st.floats(1, 1e6),
    growth=st.floats(-0.9, 5),
)
def test_what_is_needed_brings_the_goal(growth, **factors):
    goal = forward(factors) * (1 + growth)
    found = solve({**factors, GOAL: goal}, margin=0.3, rate=7.0, cpc=4.0)
    assert forward({**factors, "visitors": found.visitors}) == pytest.approx(goal, rel=1e-9)
    assert found.leads * factors["lead_order_rate"] * factors["order_value"] == pytest.approx(goal, rel=1e-9)
    assert found.more == pytest.approx(max(found.visitors - factors["visitors"], 0), rel=1e-9)


def test_without_an_order_rate_nothing_can_be_told():
    found = solve({**PAPER, "lead_order_rate": 0.0, GOAL: 520_000.0}, margin=0.3, rate=7.0, cpc=4.0)
    assert math.isnan(found.visitors)
    assert math.isnan(found.more)
    assert math.isnan(solve(dict.fromkeys((*FACTORS, GOAL), math.nan), margin=0.3, rate=7.0, cpc=4.0).orders)


def test_what_visitors_carry():
    flow = Flow(12, 50_000, 0.04, 0.1, 2_000, 400_000)
    assert flow.carries(60_000) == pytest.approx(480_000)
    assert math.isnan(flow.carries(math.nan))
    assert math.isnan(Flow().carries(60_000))
