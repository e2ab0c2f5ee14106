"""What the certification changed, with the season taken out: worked by hand, month by month."""

from datetime import date

import pytest

from opsbook.domain.basis import Basis, Kind
from opsbook.domain.verdict import Verdict
from opsbook.metrics.certification import effect
from opsbook.metrics.figures import index
from opsbook.metrics.judge import Judge
from opsbook.periods import month
from opsbook.review.basis_text import plain

DAY = date(2026, 4, 12)
JANUARY_TO_MARCH, MAY_TO_JULY = (1, 2, 3), (5, 6, 7)


def monthly(year, before, after):
    """Return values of January to March and of May to July."""
    return {
        month(year, number): (float(value), Basis.of(Kind.GIVEN))
        for numbers, values in ((JANUARY_TO_MARCH, before), (MAY_TO_JULY, after))
        for number, value in zip(numbers, values, strict=True)
    }


def net(own, peers=None, metric="visitors"):
    found = index(effect(DAY, {metric: own}, {metric: peers} if peers else {}, date(2026, 7, 31), Judge()))
    told = found["verified_supplier_effect.net", "2026-04", f"metric={metric}"]
    return told, told.verdict


RISEN = monthly(2026, (100, 110, 90), (150, 160, 140))  # the means are 100 and 150: +50 %


def test_without_a_season_there_is_no_effect():
    told, said = net(RISEN)
    assert not told.defined
    assert said is Verdict.UNJUDGED
    assert told.basis.has(Kind.SEASON_UNKNOWN)


def test_the_same_rise_a_year_before_leaves_no_effect():
    # The store rose by half in the same months of the year before too: 60 to 90.
    told, said = net(RISEN | monthly(2025, (60, 66, 54), (90, 96, 84)))
    assert told.value == pytest.approx(0)
    assert told.basis.has(Kind.OWN_YEAR_BEFORE)
    assert said is Verdict.TOO_FEW


def test_a_rise_beyond_that_of_the_year_before_is_proven():
    told, said = net(RISEN | monthly(2025, (100, 110, 90), (100, 107, 93)))
    assert told.value == pytest.approx(0.5)
    # log(own / year before) is 0, 0, 0 and 0.405, 0.402, 0.409.
    assert said is Verdict.UP


def test_peers_come_before_the_own_year_before():
    own = RISEN | monthly(2025, (100, 110, 90), (150, 160, 140))
    told, said = net(own, monthly(2026, (200, 200, 200), (240, 240, 240)))
    assert told.value == pytest.approx(0.5 - 0.2)
    assert plain(told.basis) == "difference in differences, proven"
    assert said is Verdict.UP


def test_months_that_scatter_prove_nothing():
    # 13.9 % less than before, but the months themselves lie between 60 and 140.
    told, said = net(
        monthly(2026, (60, 140, 100), (50, 130, 78.3)) | monthly(2025, (100, 90, 110), (100, 110, 90))
    )
    assert told.value == pytest.approx(-0.139)
    assert said is Verdict.TOO_FEW


def test_a_rate_changes_in_points():
    own = monthly(2026, (0.05, 0.051, 0.049), (0.06, 0.061, 0.059))
    told, said = net(own | monthly(2025, (0.05, 0.05, 0.05), (0.052, 0.052, 0.052)), metric="lead_rate")
    assert told.value == pytest.approx(0.01 - 0.002)
    assert said is Verdict.UP


def test_two_months_after_are_too_few():
    own = dict(list(RISEN.items())[:5]) | monthly(2025, (100, 110, 90), (100, 107, 93))
    told, said = net(own)
    assert not told.defined
    assert said is Verdict.UNJUDGED
