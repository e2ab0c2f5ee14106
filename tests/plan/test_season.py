"""The season of a plan: worked on paper, the festival moved by its date, events that bring more than usual."""

from datetime import date

import pytest

from opsbook.params.calendar import events, quiet_days
from opsbook.plan.season import Uplift, months_of_festival, quiet_weight, season
from opsbook.review.basis_text import plain


def year_of(year, months):
    return {(year, number): value for number, value in enumerate(months, start=1)}


def test_the_index_is_the_mean_over_years_of_month_by_mean_month():
    # 2019 (festival on 5 February) and 2021: flat but for a December of twice the rest, then a flat year of 130.
    # Mean month 2019: 1300 / 12; December 200 / (1300 / 12) = 24 / 13, the others 12 / 13. 2021: all 1.
    history = year_of(2019, [100] * 11 + [200]) | year_of(2021, [130] * 12)
    found = season(history, 2016)  # a year whose festival is not listed: nothing is moved
    assert plain(found.basis) == "season of 2 years"
    assert found.index[11] == pytest.approx((24 / 13 + 1) / 2)
    assert found.index[4] == pytest.approx((12 / 13 + 1) / 2)
    assert sum(found.index) == pytest.approx(12)


def test_january_and_february_are_parted_by_the_festivals_date():
    # 29 January 2025: 22 to 31 January (10 days) and 1 to 5 February (5) are quiet. Other days bring 10, quiet ones 4:
    # January 21 x 10 + 10 x 4 = 250, February 23 x 10 + 5 x 4 = 250.
    assert quiet_days(2025) == (10, 5)
    assert quiet_weight(250, 250, 2025) == pytest.approx(0.4)
    # 6 February 2027: 30 and 31 January (2 days), 1 to 13 February (13).
    assert quiet_days(2027) == (2, 13)
    # 29 + 2 x 0.4 = 29.8 and 15 + 13 x 0.4 = 20.2: of the 500 that both have, 298 and 202.
    assert months_of_festival(2027, (2, 13), 0.4) == pytest.approx((29.8, 20.2))
    history = year_of(2025, [250, 250] + [310] * 10)
    found = season(history, 2027).index
    assert found[0] / found[1] == pytest.approx(298 / 202)
    assert found[0] + found[1] == pytest.approx(500 / (3600 / 12))
    assert found[5] == pytest.approx(310 / 300)


def test_a_festival_that_shows_no_effect_leaves_days_alone():
    # A January far above February even though it had more quiet days: the weight is kept at 1, days decide.
    assert quiet_weight(400, 210, 2025) == 1.0
    assert months_of_festival(2027, (2, 13), 1.0) == (31, 28)


def test_an_event_lifts_its_days():
    history = year_of(2021, [100] * 12)
    lifted = season(history, 2016, [Uplift(date(2016, 9, 1), date(2016, 9, 15), 0.4)]).index
    # Half of September's days at +40 %: 1.2 beside eleven months of 1, scaled to mean 1.
    assert lifted[8] == pytest.approx(1.2 * 12 / 12.2)
    assert lifted[0] == pytest.approx(12 / 12.2)


def test_without_a_calendar_year_the_last_twelve_months_are_the_year():
    months = [(2024, number) for number in range(7, 13)] + [(2025, number) for number in range(1, 7)]
    found = season({place: 100.0 + place[1] for place in months}, 2016)
    assert plain(found.basis) == "season of the last 12 months"
    assert found.index[0] == pytest.approx(101 / 106.5)
    assert found.index[11] == pytest.approx(112 / 106.5)


@pytest.mark.parametrize(
    "history", [{}, {(2025, 1): 5.0}, year_of(2025, [0] * 12), {(2024, 12): 1.0, (2025, 2): 1.0}]
)
def test_too_little_history_is_even_and_says_so(history):
    found = season(history, 2027)
    assert found.index == (1.0,) * 12
    assert plain(found.basis) == "even: less than 12 months"


def test_events_have_days_in_every_year():
    for event in events().values():
        first, last = event.days(2028)
        assert first <= last
        assert first.year == 2028
