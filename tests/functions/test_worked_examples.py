"""Every first function on figures worked by hand; the arithmetic stands beside the expected value."""

from __future__ import annotations

import math

import pytest

from opsbook.functions import ExcelError, call

NA, VALUE, NUM = ExcelError.NA, ExcelError.VALUE, ExcelError.NUM


def column(*values):
    return [[value] for value in values]


SCALARS = [
    # (120 - 100) / 100; a base of -50 counts as 50: (-40 + 50) / 50
    ("YOY_GROWTH", (120, 100), 0.2),
    ("YOY_GROWTH", (-40, -50), 0.2),
    ("YOY_GROWTH", (10, -50), 1.2),
    ("YOY_GROWTH", (0, 0), 0.0),
    ("YOY_GROWTH", (5, 0), NA),
    ("YOY_GROWTH", (0, 5), -1.0),
    ("YOY_GROWTH", (None, 5), NA),
    ("YOY_GROWTH", (5, "--"), NA),
    ("YOY_GROWTH", ("five", 5), VALUE),
    ("YOY_GROWTH", (True, 5), VALUE),
    ("YOY_GROWTH", (ExcelError.REF, 5), ExcelError.REF),
    ("MOM_GROWTH", (90, 120), -0.25),
    ("QOQ_GROWTH", (150, 120), 0.25),
    ("WOW_GROWTH", (7, 8), -0.125),
    # rates by difference: 0.05 - 0.04 is one percentage point
    ("PP_CHANGE", (0.05, 0.04), 0.01),
    # 1.1 ** 3 = 1.331
    ("CAGR", (1000, 1331, 3), 0.1),
    ("CAGR", (1000, 0, 3), -1.0),
    ("CAGR", (0, 100, 3), NA),
    ("CAGR", (100, 110, 0), NUM),
    # a part grew by 30 of a total that was 200
    ("CONTRIB_GROWTH", (80, 50, 200), 0.15),
    # 30 of the 40 that the total grew by
    ("CONTRIB_SHARE", (80, 50, 240, 200), 0.75),
    ("CTR", (25, 1000), 0.025),
    ("CTR", (0, 0), NA),
    ("CTR", (-1, 100), NUM),
    ("CPC", (300, 120), 2.5),
    ("CPC", (300, 0), NA),
    ("CPM", (30, 6000), 5.0),
    ("CVR", (6, 120), 0.05),
    ("COST_PER_INQUIRY", (600, 8), 75.0),
    ("COST_PER_INQUIRY", (600, 0), NA),
    # 4,000 brought by 1,000: ratio 4, net (4000 - 1000) / 1000 = 3
    ("ROAS", (4000, 1000), 4.0),
    ("ROI", (4000, 1000), 3.0),
    ("ROI", (0, 1000), -1.0),
    ("ROI", (500, 0), NA),
    ("ACOS_RATE", (1000, 4000), 0.25),
    ("BREAKEVEN_ROAS", (0.25,), 4.0),
    ("BREAKEVEN_ROAS", (0,), NA),
    ("BREAKEVEN_ROAS", (1.2,), NUM),
    ("SHARE", (30, 120), 0.25),
    ("SHARE", (-30, 120), -0.25),
    ("AOV", (1000, 8), 125.0),
    ("REV_PER_BUYER", (1000, 5), 200.0),
    # 50 + 30 of 50 + 30 + 15 + 5 = 100; the blank is left out
    ("TOP_SHARE", (column(5, 50, None, 15, 30), 2), 0.8),
    ("TOP_SHARE", (column(5, 5), 10), 1.0),
    ("TOP_SHARE", (column(0, 0), 1), NA),
    ("TOP_SHARE", (column(1, 2), 0), NUM),
    ("RANK_CHANGE", (15, 4), 11.0),
    ("RANK_CHANGE", (None, 4), NA),
    ("ATTAIN", (90, 120), 0.75),
    ("ATTAIN", (24, 18, True), 0.75),
    ("ATTAIN", (90, 0), NA),
    # 1200 - 450 over 5 periods
    ("REQUIRED_RUN_RATE", (1200, 450, 5), 150.0),
    ("REQUIRED_RUN_RATE", (1200, 1300, 0), 0.0),
    ("REQUIRED_RUN_RATE", (1200, 450, 0), NA),
    ("BUDGET_VAR", (110, 100, "revenue"), 10.0),
    ("BUDGET_VAR", (110, 100, "费用"), -10.0),
    ("BUDGET_VAR", (110, None, "cost"), NA),
    ("BUDGET_VAR", (110, 100, "profitt"), VALUE),
    # 1 January to 31 January 2024 are days 45292 to 45322. On the 20th the rate of the 15th holds: 100 x 7.2
    ("FX", (100, 45311, column(45292, 45306), column(7.1, 7.2)), 720.0),
    ("FX", (710, 45300, column(45292, 45306), column(7.1, 7.2), True), 100.0),
    ("FX", (100, 45291, column(45292, 45306), column(7.1, 7.2)), NA),
    ("FX", (100, 45306 + 32, column(45292, 45306), column(7.1, 7.2)), NA),
    # b1 orders on two days, b2 twice on one day, b3 once: 1 of 3
    ("REPEAT_RATE", (column("b1", "B1", "b2", "b2", "b3"), column(45292, 45293, 45300, 45300, 45310), 45292, 45322), 1 / 3),
    # only b1 of b1, b2 has an order before
    ("REPEAT_RATE", (column("b1", "b1", "b2"), column(45200, 45293, 45300), 45292, 45322, "returning"), 0.5),
    ("REPEAT_RATE", (column("b1"), column(45200), 45292, 45322), NA),
    # due by 31 January of equal months: 1/12 of 1200 is 100; 110 are reached
    ("PACE", (110, 1200, [[1] * 12], 45322), 1.1),
    # -100 + 30 + 30 = -40, of the next 80 half a period
    ("PAYBACK", (column(-100, 30, 30, 80),), 2.5),
    # shares 0.5, 0.3, 0.2: 0.25 + 0.09 + 0.04
    ("HHI", (column(50, 30, 20),), 0.38),
    # 100 x 0.05 x 200 = 1000
    ("BREAKEVEN_CPC", (0.05, 200, 0.3), 3.0),
    ("KEYWORD_RANK", (2, 5), 53.0),
    ("KEYWORD_RANK", (2, 49), NUM),
    ("FIRST_PAGE", (48,), True),
    ("FIRST_PAGE", (None,), False),
    ("PARSE_NUM", ("US $1,020.5",), 1020.5),
    ("PARSE_NUM", ("12.3万",), 123000.0),
    ("PARSE_NUM", ("<1%",), 0.005),
    ("PARSE_NUM", ("abc",), VALUE),
    ("FMT_CHANGE", (1.123, 1), "+12.3%"),
    ("FMT_CHANGE", (0.05, 0.038, "rate"), "+1.2pp"),
    ("FMT_CHANGE", (5, 0), "新增"),
    ("RISK_SCORE", (4, 5), 20.0),
    ("RISK_SCORE", (6, 5), NUM),
    ("RISK_LEVEL", (12,), "高"),
    # 9 of the 9 to 12 orders of the platform's small shops is no change
    ("COUNT_SIGNAL", (9, 12), 0.0),
    # 20 to 60: 2 x P(at most 20 of 80) is far below 5 %
    ("COUNT_SIGNAL", (20, 60), 1.0),
    ("CHANGE_SIGNAL", (9, 500, 12, 500), 0.0),
    ("CHANGE_SIGNAL", (100, 1000, 50, 1000), -1.0),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "expected"), SCALARS)
def test_scalar(name, arguments, expected):
    found = call(name, *arguments)
    if isinstance(expected, float):
        assert isinstance(found, float)
        assert found == pytest.approx(expected, rel=1e-12)
    else:
        assert found is expected or (isinstance(expected, str) and found == expected)


def test_growth_over_ranges_keeps_the_shape_and_fails_cell_by_cell():
    found = call("YOY_GROWTH", [[120, None], ["x", 0]], [[100, 1], [1, 0]])
    assert found == [[pytest.approx(0.2), NA], [VALUE, 0.0]]


def test_one_base_for_many_cells():
    assert call("SHARE", [[1, 3]], 4) == [[0.25, 0.75]]


def test_ranges_of_other_lengths_end_in_na():
    assert call("SHARE", column(1, 2, 3), column(2, 4)) == [[0.5], [0.5], [NA]]


def test_driver_bridge_of_two_factors():
    # 10 x 20 = 200 to 12 x 25 = 300. First factor: 2 x (20 + 25) / 2 = 45; second: 5 x (10 + 12) / 2 = 55
    found = call("DRIVER_BRIDGE", column(10, 20), column(12, 25))
    assert found == [
        [pytest.approx(45), pytest.approx(0.45)],
        [pytest.approx(55), pytest.approx(0.55)],
        [100.0, 1.0],
    ]


def test_rate_mix_of_two_segments():
    # weights 0.5, 0.5 to 0.8, 0.2; rates 0.10, 0.20 to 0.10, 0.30; overall 0.15 to 0.14, mean 0.145
    # second segment: rate 0.35 x 0.1 = 0.035, mix -0.3 x (0.25 - 0.145) = -0.0315; first: mix 0.3 x (0.1 - 0.145)
    found = call("RATE_MIX", column(10, 20), column(100, 100), column(16, 12), column(160, 40))
    assert found[0] == [pytest.approx(0.0), pytest.approx(-0.0135), pytest.approx(-0.0135)]
    assert found[1] == [pytest.approx(0.035), pytest.approx(-0.0315), pytest.approx(0.0035)]


def test_price_volume_mix_with_new_and_lost():
    # A: 10 x 100 to 11 x 120; B lost 5 x 20; C new 8 x 30. Mean base price of items of both years: 10 (A alone)
    found = call(
        "PVM", column(10, 5, None), column(100, 20, None), column(11, None, 8), column(120, None, 30)
    )
    assert found == [[200.0, 0.0, 120.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, -100.0], [0.0, 0.0, 0.0, 240.0, 0.0]]


def test_funnel():
    # 50 / 1000, 10 / 50 and 10 / 1000
    found = call("FUNNEL", column(1000, 50, 10))
    assert found[0] == [1.0, 1.0, 0.0, 0.0]
    assert found[1] == [pytest.approx(0.05), pytest.approx(0.05), 950.0, pytest.approx(0.95)]
    assert found[2] == [pytest.approx(0.2), pytest.approx(0.01), 40.0, pytest.approx(0.8)]


def test_a_row_of_stages_gives_a_row_for_each_column():
    assert call("FUNNEL", [[1000, 50]])[0] == [1.0, pytest.approx(0.05)]


def test_season_allocation_by_largest_remainder():
    # 100 by 1 : 1 : 1 is 33.3 each; the unit left goes to the first. 10 by 5 : 3 : 1 is 5.56, 3.33, 1.11
    assert call("SEASON_ALLOC", 100, column(1, 1, 1)) == [[34.0], [33.0], [33.0]]
    assert call("SEASON_ALLOC", 10, column(5, 3, 1)) == [[6.0], [3.0], [1.0]]


def test_season_allocation_keeps_what_is_locked():
    assert call("SEASON_ALLOC", 100, column(1, 1, 1), 0, column(None, 50, None)) == [[25.0], [50.0], [25.0]]
    assert call("SEASON_ALLOC", 100, column(1, 1, 1), 0, column(None, 150, None)) is NUM


def test_period_growth_goes_by_calendar_not_by_row():
    # January 2024 and 2025 are 12 rows apart in a full year; here February 2024 is missing
    dates = column(45292, 45352, 45658, 45689, 45717)  # Jan 24, Mar 24, Jan 25, Feb 25, Mar 25
    found = call("PERIOD_GROWTH", dates, column(100, 50, 110, 70, 60), "month")
    assert found == [[NA], [NA], [pytest.approx(0.1)], [NA], [pytest.approx(0.2)]]
    found = call("PERIOD_GROWTH", dates, column(100, 50, 110, 70, 60), "month", "pop")
    assert found == [[NA], [NA], [NA], [pytest.approx(-40 / 110)], [pytest.approx(-10 / 70)]]


def test_smart_check_names_the_letters_that_fail():
    good = ("信保额", 100, 110, "USD", "李", 45657, "GMV", column(0.05, 0.2))
    assert call("SMART_CHECK", *good) == [[True] * 5 + [""]]
    unreached = ("信保额", 100, 150, "USD", None, 45657, "GMV", column(0.05, 0.2))
    assert call("SMART_CHECK", *unreached) == [[False, True, False, True, True, "S A"]]


def test_abc_keeps_the_item_that_crosses_a_cut_in_the_upper_class():
    # cumulative 0.5, 0.8, 0.95, 1.0; before each: 0, 0.5, 0.8, 0.95
    assert call("ABC_CLASS", column(50, 30, 15, 5, 0)) == [["A"], ["A"], ["B"], ["C"], ["C"]]


def test_wilson_interval_of_a_textbook():
    # 10 of 20 at 95 %: z = 1.959964, middle 0.5, half z x sqrt(0.25 / 20 + z^2 / 1600) / (1 + z^2 / 20) = 0.20070
    lower, upper = call("RATE_CI", 10, 20)[0]
    assert (lower, upper) == (pytest.approx(0.29930, abs=5e-5), pytest.approx(0.70070, abs=5e-5))


def test_poisson_interval_of_a_table():
    # printed tables: 0: (0, 3.69); 9: (4.12, 17.08); 100: (81.36, 121.63)
    for count, low, high in ((0, 0.0, 3.689), (9, 4.115, 17.085), (100, 81.364, 121.627)):
        found = call("COUNT_CI", count)[0]
        assert found == [pytest.approx(low, abs=5e-4), pytest.approx(high, abs=6e-4)]


def test_too_few_or_too_many_arguments():
    assert call("YOY_GROWTH", 1) is VALUE
    assert call("YOY_GROWTH", 1, 2, 3) is VALUE
    assert call("NO_SUCH_NAME", 1) is ExcelError.NAME


def test_overflow_is_num():
    assert call("TARGET_FROM_GROWTH", 1e308, 1e308) is NUM


def test_a_fault_of_ours_is_value_and_logged(monkeypatch, caplog):
    from opsbook.functions import calling

    def broken(*_, **__):
        raise RuntimeError("broken")

    monkeypatch.setattr(calling, "evaluate", broken)
    assert call("YOY_GROWTH", 1, 2) is VALUE
    assert "YOY_GROWTH failed" in caplog.text


def test_nan_and_dates_from_python_hosts():
    from datetime import date

    assert call("YOY_GROWTH", math.nan, 5) is NA
    assert call("YTD", [[date(2024, 1, 5)], [date(2024, 3, 1)]], column(10, 20), date(2024, 2, 1)) == 10.0
