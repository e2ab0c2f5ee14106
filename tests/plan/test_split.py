"""Parts of a target: whatever the target, the weights and the months that people fixed, they add up to it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsbook.plan.split import among, digits_of, split

WEIGHTS = st.lists(st.floats(0, 5), min_size=12, max_size=12)
LOCKS = st.dictionaries(st.integers(0, 11), st.integers(0, 400_000), max_size=11)


@given(target=st.integers(0, 50_000_000), weights=WEIGHTS, locks=LOCKS)
def test_months_and_quarters_add_up_exactly_and_fixed_months_stay(target, weights, locks):
    found = split(target, weights, locks)
    if sum(locks.values()) > target:
        assert found.missing == target - sum(locks.values())
        return
    assert sum(found.months) == target
    assert sum(found.quarters) == target
    assert {at: found.months[at] for at in locks} == locks
    assert all(value >= 0 for value in found.months)


@given(cents=st.integers(0, 5_000_000_00), weights=WEIGHTS)
def test_cents_add_up_to_the_cent(cents, weights):
    assert sum(round(value * 100) for value in split(cents / 100, weights, {}).months) == cents


@given(
    quarters=st.lists(st.integers(0, 10_000_000), min_size=4, max_size=4),
    shares=st.lists(st.floats(0, 3), min_size=1, max_size=7),
)
def test_what_people_take_adds_up_quarter_by_quarter(quarters, shares):
    found = among(quarters, shares)
    if sum(shares) > 0:
        assert [sum(column) for column in zip(*found, strict=True)] == quarters
    else:
        assert all(math.isnan(part) for person in found for part in person)


def test_largest_remainder_on_paper():
    # 100 by weights 1 1 1 and nine of nothing: 33.33 each; the unit left goes to the first of the equal remainders.
    assert split(100, [1, 1, 1] + [0] * 9, {}).months[:4] == (34, 33, 33, 0)
    # March fixed at 50: the others share 50 in halves.
    assert split(100, [1, 1, 1] + [0] * 9, {2: 50}).months[:4] == (25, 25, 50, 0)


def test_all_months_fixed_say_what_is_missing():
    found = split(1300, [1] * 12, dict.fromkeys(range(12), 100.0))
    assert (found.missing, found.months) == (100, (100,) * 12)
    assert split(1200, [1] * 12, dict.fromkeys(range(12), 100.0)).missing == 0


@pytest.mark.parametrize(("target", "locked"), [(math.nan, {}), (-5, {}), (100, {3: -1})])
def test_what_cannot_be_split_is_undefined(target, locked):
    assert all(math.isnan(value) for value in split(target, [1] * 12, locked).months)


def test_shares_on_paper():
    assert among([100, 50, 0, 7], [2, 1]) == [(67, 33, 0, 5), (33, 17, 0, 2)]
    assert digits_of(12.0, 3.25) == 2
