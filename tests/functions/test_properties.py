"""What must hold for any numbers: parts add up, scale does not matter, order does not matter."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from opsbook.functions.drivers import price_volume_mix, rate_mix, shapley_parts
from opsbook.functions.growth import change, growth_contribution
from opsbook.functions.intervals import count_interval, wilson_bounds
from opsbook.functions.products import abc_class, herfindahl, rank_and_cumulative_share, top_share
from opsbook.functions.seasons import allocate, season_index

AMOUNT = st.floats(-1e6, 1e6).map(lambda value: round(value, 2))
POSITIVE = st.floats(0.01, 1e6).map(lambda value: round(value, 2))
COUNT = st.integers(0, 100000).map(float)
FEW = settings(max_examples=60, deadline=None)


@FEW
@given(st.lists(st.tuples(AMOUNT, AMOUNT), min_size=1, max_size=6))
def test_driver_parts_add_up(pairs):
    before, now = np.array(pairs).T
    scale = max(np.abs(np.concatenate([before, now])).max(), 1) ** len(before)
    assert abs(shapley_parts(before, now).sum() - (now.prod() - before.prod())) <= 1e-9 * scale


@FEW
@given(st.lists(st.tuples(POSITIVE, POSITIVE), min_size=2, max_size=5), st.randoms())
def test_driver_parts_do_not_depend_on_the_order(pairs, random):
    order = list(range(len(pairs)))
    random.shuffle(order)
    before, now = np.array(pairs).T
    np.testing.assert_allclose(
        shapley_parts(before[order], now[order]),
        shapley_parts(before, now)[order],
        rtol=1e-7,
        atol=1e-6 * (1 + now.prod()),
    )


@FEW
@given(st.lists(st.tuples(COUNT, COUNT, COUNT, COUNT), min_size=1, max_size=8))
def test_rate_mix_adds_up_to_the_change_of_the_rate(rows):
    table = np.array(rows) + np.array([0, 1, 0, 1])
    nb, db, nc, dc = table.T
    found = rate_mix(nb, db, nc, dc)
    expected = nc.sum() / dc.sum() - nb.sum() / db.sum()
    assert abs(found[:, 2].sum() - expected) <= 1e-9 * (1 + found.__abs__().sum())


@FEW
@given(st.lists(st.tuples(POSITIVE, COUNT, POSITIVE, COUNT), min_size=1, max_size=8))
def test_price_volume_mix_adds_up_to_the_change_of_revenue(rows):
    pb, qb, pc, qc = np.array(rows).T
    assert np.isclose(price_volume_mix(pb, qb, pc, qc).sum(), (pc * qc - pb * qb).sum(), rtol=1e-9, atol=1e-3)


@FEW
@given(st.integers(0, 10**9), st.lists(st.floats(0, 1e3), min_size=1, max_size=14), st.integers(-2, 2))
def test_allocation_adds_up_exactly(cents, weights, digits):
    scale = 10.0**digits
    parts = allocate(cents / scale, np.array(weights), digits)
    units = np.round(parts * scale)
    assert units.sum() == cents
    np.testing.assert_allclose(parts * scale, units, atol=1e-6)
    total = sum(weights)
    if total > 0:  # no part is a whole unit away from its quota
        assert np.all(np.abs(units - cents * np.array(weights) / total) < 1 + 1e-6)


@FEW
@given(st.integers(1, 10**6), st.lists(st.integers(1, 50), min_size=2, max_size=12), st.integers(0, 11))
def test_allocation_keeps_a_locked_part(target, weights, at):
    at %= len(weights)
    locked = np.full(len(weights), np.nan)
    locked[at] = target // 3
    parts = allocate(target, np.array(weights, dtype=float), 0, locked)
    assert parts[at] == target // 3
    assert parts.sum() == target


@FEW
@given(POSITIVE, POSITIVE, st.floats(0.001, 1000))
def test_growth_has_no_scale(current, base, factor):
    assert np.isclose(change(current * factor, base * factor), change(current, base), rtol=1e-9, atol=1e-12)


@FEW
@given(st.lists(st.tuples(AMOUNT, AMOUNT), min_size=1, max_size=10))
def test_contributions_add_up_to_the_growth(pairs):
    now, then = np.array(pairs).T
    assume(then.sum() > 1)
    found = growth_contribution(now, then, then.sum()).sum()
    assert np.isclose(found, change(now.sum(), then.sum()), rtol=1e-6, atol=1e-6)


@FEW
@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=20), st.integers(1, 25))
def test_concentration(values, n):
    assume(sum(values) > 1)
    share = top_share(values, n)
    assert 0 < share <= 1 + 1e-12
    assert share <= top_share(values, n + 1) + 1e-12
    assert 1 / len(values) - 1e-9 <= herfindahl(values) <= 1 + 1e-9


@FEW
@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=20))
def test_pareto_ends_at_one_and_classes_follow_the_order(values):
    assume(sum(values) > 1)
    found = rank_and_cumulative_share(np.array(values))
    assert sorted(found[:, 0]) == list(range(1, len(values) + 1))
    assert np.isclose(found[:, 1].max(), 1)
    by_place = "".join(abc_class(np.array(values))[np.argsort(found[:, 0])])
    assert by_place == "".join(sorted(by_place))
    assert by_place[0] == "A"


@FEW
@given(st.lists(st.lists(st.floats(1, 1e5), min_size=12, max_size=12), min_size=1, max_size=4))
def test_season_indices_have_mean_one(years):
    assert np.isclose(season_index(np.array(years)).sum(), 12)


@FEW
@given(st.integers(0, 500), st.integers(1, 500))
def test_intervals_hold_the_estimate(successes, more):
    trials = successes + more
    lower, upper = wilson_bounds(successes, trials)
    assert 0 <= lower <= successes / trials + 1e-12
    assert successes / trials - 1e-12 <= upper <= 1
    low, high = count_interval(successes)[0]
    assert low <= successes <= high
