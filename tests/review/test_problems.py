"""Rules that find problems: what is one, what is none, and what the sample cannot say."""

from __future__ import annotations

import math
from datetime import date

import pytest

from opsbook.metrics.figures import Figure, Review, index
from opsbook.params import Settings
from opsbook.params import declared as settings_declared
from opsbook.review.problems import declared, find, slots

RULES = [key for key, entry in declared().items() if "part" in entry]


def review(*figures):
    made = [
        Figure(metric, "2026", dimension, value, "ratio", basis)
        for metric, dimension, value, basis in figures
    ]
    return Review(2026, date(2026, 12, 31), index(made))


def market(name, orders, asked, verdict):
    rate = orders / asked
    return (
        ("market_order_rate", f"market={name}", rate, f"ratio of sums, {orders} orders of {asked} inquiries"),
        ("market_order_rate.verdict", f"market={name}", verdict, "below mean"),
    )


@pytest.mark.parametrize("rule", RULES)
def test_without_data_every_rule_says_so_and_claims_nothing(rule) -> None:
    for problem in find(rule, review()):
        assert problem.state == "unknown"
        assert math.isnan(problem.money)


def test_a_market_is_a_problem_only_where_the_interval_says_so() -> None:
    figures = [
        *market("Europe", 60, 200, 1.0),
        *market("Africa", 2, 100, -1.0),
        *market("Oceania", 1, 10, 0.0),
    ]
    found = find("market", review(*figures, ("aov", "", 1000.0, "")))
    states = {each.id: each.state for each in found}
    assert states == {"market/Africa": "found", "market/Oceania": "few", "market/Europe": "fine"}
    africa = found[0]
    # 63 orders of 310 inquiries; at that rate Africa's 100 inquiries would have given 18.3226 orders more than its 2.
    assert africa.reference == pytest.approx(63 / 310)
    assert africa.money == pytest.approx((63 / 310 - 0.02) * 100 * 1000)
    assert all(math.isnan(each.money) for each in found[1:])


@pytest.mark.parametrize(("share", "rise", "asked", "state"), [
    (0.31, math.nan, 500, "found"), (0.20, 0.08, 500, "found"), (0.20, 0.01, 500, "fine"), (0.9, 0.5, 12, "few"),
])  # fmt: skip
def test_inquiries_of_low_quality(share, rise, asked, state) -> None:
    figures = [
        ("low_quality_inquiry_share", "", share, "ratio of sums"),
        ("low_quality_inquiry_share.yoy", "", rise, "whole periods"),
        ("inquiries", "", asked, "sum of months"),
    ]
    assert [each.state for each in find("low_quality", review(*figures))] == [state]


def test_a_gap_to_the_peers_is_worth_what_is_missing() -> None:
    figures = [("peer_gap", "metric=ta_amount", -0.6, "given"), ("ta_amount", "", 400.0, "sum of months")]
    found = {each.id: each for each in find("peer_gap", review(*figures))}
    amount = found["peer_gap/ta_amount"]
    assert (amount.state, amount.reference, amount.money) == (
        "found",
        pytest.approx(1000.0),
        pytest.approx(600.0),
    )
    assert found["peer_gap/visitors"].state == "unknown"


def test_few_records_of_a_department_say_nothing() -> None:
    figures = [
        ("collab_cycle_days", "department=design;quantile=50", 20.0, "2 items, 1 open"),
        ("collab_cycle_days", "department=product;quantile=50", 9.0, "12 items, 1 open"),
        ("collab_cycle_days", "department=product;quantile=90", 21.0, "12 items, 1 open"),
    ]
    states = {each.id: each.state for each in find("collaboration", review(*figures))}
    assert states == {"collaboration/product": "found", "collaboration/design": "few"}


@pytest.mark.parametrize("rule", RULES)
def test_no_rule_takes_more_lines_than_the_sheet_keeps(rule) -> None:
    figures = [each for number in range(20) for each in market(f"M{number}", 1, 50, -1.0)]
    assert len(find(rule, review(*figures))) <= slots(rule)


@pytest.mark.parametrize(("settings", "state"), [
    (Settings(), "fine"), (Settings(low_quality_most=0.2), "found"), (Settings(low_quality_rise=0.009), "found"),
])  # fmt: skip
def test_the_team_sets_from_when_on_something_is_a_problem(settings, state) -> None:
    figures = [
        ("low_quality_inquiry_share", "", 0.25, "ratio of sums"),
        ("low_quality_inquiry_share.yoy", "", 0.01, "whole periods"),
        ("inquiries", "", 500, "sum of months"),
    ]
    assert [each.state for each in find("low_quality", review(*figures), settings)] == [state]


def test_every_limit_of_a_rule_is_a_setting() -> None:
    for rule in RULES:
        for name in declared()[rule].get("limits", {}).values():
            assert settings_declared()[name].default == getattr(Settings(), name)
