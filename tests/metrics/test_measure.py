"""Periods put together and compared. Expected values are worked by hand in the comments."""

from datetime import date

import pytest

from opsbook.domain.basis import Basis, Kind
from opsbook.metrics.figures import index
from opsbook.metrics.measure import additive, figures, rate
from opsbook.periods import month
from opsbook.review.basis_text import plain

YEAR_END = date(2026, 12, 31)


def months(year, *values):
    return {
        month(year, number): (value, Basis.of(Kind.GIVEN))
        for number, value in enumerate(values, 1)
        if value is not None
    }


def get(measure, as_of, metric, period):
    found = index(figures(measure, as_of))
    figure = found[metric, period, ""]
    return pytest.approx(figure.value, nan_ok=True), plain(figure.basis)


def test_year_and_quarter_are_sums_of_months():
    visitors = additive("visitors", "persons", months(2026, *range(1, 13)))
    assert get(visitors, YEAR_END, "visitors", "2026-Q2") == (4 + 5 + 6, "sum of months")
    assert get(visitors, YEAR_END, "visitors", "2026") == (78, "sum of months")


def test_a_missing_month_is_told_and_not_taken_as_zero():
    visitors = additive("visitors", "persons", months(2026, 10, None, 30))
    assert get(visitors, YEAR_END, "visitors", "2026-Q1") == (40, "sum of months: 2 of 3")


@pytest.mark.parametrize(
    ("now", "then", "value", "basis"),
    [
        (120, 100, 0.2, "whole periods"),  # (120 - 100) / 100
        (0, 100, -1.0, "whole periods"),
        (0, 0, 0.0, "whole periods"),
        (5, 0, float("nan"), "new"),
        (5, None, float("nan"), "no base"),
        (50, -100, 1.5, "whole periods"),  # (50 + 100) / |-100|
    ],
)
def test_growth_of_amounts(now, then, value, basis):
    amount = additive("ta_amount", "USD", months(2026, now) | months(2025, then))
    assert get(amount, YEAR_END, "ta_amount.yoy", "2026-01") == (value, basis)


def test_a_ratio_grows_in_points_and_is_a_sum_over_a_sum():
    # 2025 Q1: (2 + 6) / (100 + 100) = 4 %; 2026 Q1: (3 + 9) / (100 + 140) = 5 %: one point up, not 25 %.
    buyers = months(2025, 2, 6, 0) | months(2026, 3, 9, 0)
    visitors = months(2025, 100, 100, 0) | months(2026, 100, 140, 0)
    inquiry_rate = rate("inquiry_rate", "ratio", buyers, visitors)
    assert get(inquiry_rate, YEAR_END, "inquiry_rate", "2026-Q1") == (0.05, "ratio of sums")
    assert get(inquiry_rate, YEAR_END, "inquiry_rate.yoy", "2026-Q1") == (
        0.01,
        "whole periods, percentage points",
    )


def test_a_rate_without_base_is_undefined():
    inquiry_rate = rate("inquiry_rate", "ratio", months(2026, 0), months(2026, 0))
    assert get(inquiry_rate, YEAR_END, "inquiry_rate", "2026-01") == (float("nan"), "zero base")


def test_a_running_year_is_compared_with_the_same_months():
    # As of 10 March only January and February are whole: (10 + 20) against (8 + 16), +25 %.
    amount = additive("ta_amount", "USD", months(2025, 8, 16, 24, 99) | months(2026, 10, 20, 5))
    as_of = date(2026, 3, 10)
    assert get(amount, as_of, "ta_amount.yoy", "2026") == (0.25, "same 2 months")
    assert get(amount, as_of, "ta_amount.base", "2026") == (24, "same 2 months")
    assert get(amount, as_of, "ta_amount.yoy", "2026-03") == (float("nan"), "incomplete")
    assert get(amount, as_of, "ta_amount.pop", "2026-03") == (float("nan"), "incomplete")
    assert get(amount, as_of, "ta_amount.pop", "2026-02") == (1.0, "whole periods")
    assert get(amount, as_of, "ta_amount.pop", "2026-Q1") == (float("nan"), "incomplete")


def test_a_gap_in_a_finished_year_leaves_its_growth_undefined():
    amount = additive("ta_amount", "USD", months(2025, *[1] * 12) | months(2026, *[2] * 11))
    assert get(amount, YEAR_END, "ta_amount.yoy", "2026") == (float("nan"), "incomplete")


def test_a_base_with_a_gap_is_no_base():
    amount = additive("ta_amount", "USD", months(2025, *[1] * 11) | months(2026, *[2] * 12))
    assert get(amount, YEAR_END, "ta_amount.yoy", "2026") == (float("nan"), "no base")
