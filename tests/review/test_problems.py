"""Rules that find problems: what is one, what is none, and what the sample cannot say."""

from __future__ import annotations

import math
from datetime import date

import pytest

from opsbook.domain.basis import Basis, Kind
from opsbook.domain.sample import Change, Count, Exact, Gap, Share, Total
from opsbook.metrics.figures import Figure, index
from opsbook.metrics.review import Review
from opsbook.params import Settings
from opsbook.params import declared as settings_declared
from opsbook.review.problems import declared, find, slots

RATIO = Basis.of(Kind.RATIO_OF_SUMS)
RULES = [key for key, entry in declared().items() if "part" in entry]


def review(*figures):
    """Return a review of figures told by metric, dimension, value, basis, and the sample where they have one."""
    made = [
        Figure(metric, "2026", dimension, value, "ratio", basis, *sample)
        for metric, dimension, value, basis, *sample in figures
    ]
    return Review(2026, date(2026, 12, 31), index(made))


def market(name, orders, asked, verdict):
    rate = orders / asked
    return (
        ("market_order_rate", f"market={name}", rate, RATIO, Share(orders, asked)),
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


def low_quality(share, asked, before=math.nan, asked_before=0):
    """Return the figures of a share of so many inquiries, this year and last."""
    now = Share(share * asked, asked)
    figures = [("low_quality_inquiry_share", "", share, RATIO, now)]
    if asked_before:
        change = Change(now, Share(before * asked_before, asked_before))
        figures.append(
            ("low_quality_inquiry_share.yoy", "", share - before, Basis.of(Kind.WHOLE_PERIODS), change)
        )
    return figures


# Wilson's 95 % intervals: 161 of 500 is 28.2 to 36.4 %, 185 of 500 is 32.9 to 41.3 %, 100 of 500 is 16.7 to 23.7 %,
# 9 of 12 is 46.8 to 91.1 %, 4 of 4 is too few whatever the interval. Newcombe's of 20 % less 8 % of 500 each is 7.8 to
# 16.2 points, and of 20 % less 14 % 1.4 to 10.6 points: more than 5 points only in the first case.
@pytest.mark.parametrize(("figures", "state"), [
    (low_quality(161 / 500, 500), "few"),
    (low_quality(0.37, 500), "found"),
    (low_quality(0.20, 500), "fine"),
    (low_quality(0.75, 12), "found"),
    (low_quality(1.0, 4), "few"),
    (low_quality(0.20, 500, 0.08, 500), "found"),
    (low_quality(0.20, 500, 0.14, 500), "fine"),
    ([("low_quality_inquiry_share", "", 0.4, RATIO)], "unjudged"),
], ids=["limit_inside", "above", "below", "few_but_clear", "too_few", "risen", "risen_unproven", "no_sample"])  # fmt: skip
def test_inquiries_of_low_quality(figures, state) -> None:
    assert [each.state for each in find("low_quality", review(*figures))] == [state]


def gap(metric, own, top, sample):
    return ("peer_gap", f"metric={metric}", own / top - 1, RATIO, Gap(sample, top), (own, top))


# 79 of 100 inquiries is 21 % behind; Poisson's interval of 79 is 62.5 to 98.5, which holds the limit of 80.
@pytest.mark.parametrize(("figure", "state"), [
    (gap("inquiries", 79, 100, Count(79)), "few"),
    (gap("inquiries", 40, 100, Count(40)), "found"),
    (gap("inquiries", 120, 100, Count(120)), "fine"),
    (gap("search_impressions", 79, 100, Exact(79)), "found"),
    (gap("ta_amount", 700, 1000, None)[:4], "unjudged"),
    # Seven orders of 100 each: 700 with a spread of sqrt(7 x 100^2) = 265, twice that holds 800.
    (gap("ta_amount", 700, 1000, Total(700, 70_000, 7)), "few"),
], ids=["count_unproven", "count_behind", "count_ahead", "exact", "amount_without_orders", "amount_of_few_orders"])  # fmt: skip
def test_a_gap_is_a_problem_only_where_it_is_proven(figure, state) -> None:
    found = {each.id: each for each in find("peer_gap", review(figure))}
    assert found["peer_gap/" + figure[1].partition("=")[2]].state == state


def test_a_gap_to_the_peers_is_worth_what_is_missing() -> None:
    # A hundred orders of 4: 400 with a spread of sqrt(100 x 16) = 40.
    figures = gap("ta_amount", 400.0, 1000.0, Total(400.0, 1600.0, 100))
    found = {each.id: each for each in find("peer_gap", review(figures))}
    amount = found["peer_gap/ta_amount"]
    assert (amount.state, amount.reference, amount.money) == (
        "found",
        pytest.approx(1000.0),
        pytest.approx(600.0),
    )
    assert found["peer_gap/visitors"].state == "unknown"


def test_few_records_of_a_department_say_nothing() -> None:
    figures = [
        ("collab_cycle_days", "department=design;quantile=50", 20.0, "2 items", Share(2, 2)),
        # Seven of twelve took longer than the limit of the median: Wilson's interval is 32 to 81 %.
        ("collab_cycle_days", "department=sales;quantile=50", 8.0, "12 items", Share(7, 12)),
        ("collab_cycle_days", "department=product;quantile=50", 9.0, "12 items", Share(11, 12)),
        # Six of twelve took longer than nine of ten should: 25 to 75 %.
        ("collab_cycle_days", "department=stock;quantile=50", 6.0, "12 items", Share(5, 12)),
        ("collab_cycle_days", "department=stock;quantile=90", 21.0, "12 items", Share(6, 12)),
    ]
    states = {each.id.partition("/")[2]: each.state for each in find("collaboration", review(*figures))}
    assert states == {"product": "found", "stock": "found", "design": "few", "sales": "few"}


@pytest.mark.parametrize("rule", RULES)
def test_no_rule_takes_more_lines_than_the_sheet_keeps(rule) -> None:
    figures = [each for number in range(20) for each in market(f"M{number}", 1, 50, -1.0)]
    assert len(find(rule, review(*figures))) <= slots(rule)


@pytest.mark.parametrize(("settings", "state"), [
    (Settings(), "fine"), (Settings(low_quality_most=0.2), "found"), (Settings(low_quality_rise=0.009), "found"),
])  # fmt: skip
def test_the_team_sets_from_when_on_something_is_a_problem(settings, state) -> None:
    figures = low_quality(0.25, 5000, 0.22, 5000)
    assert [each.state for each in find("low_quality", review(*figures), settings)] == [state]


def test_every_limit_of_a_rule_is_a_setting() -> None:
    for rule in RULES:
        for name in declared()[rule].get("limits", {}).values():
            assert settings_declared()[name].default == getattr(Settings(), name)
