"""Dates in every spelling; month.day tables; nothing is guessed."""

from datetime import date, datetime, timedelta

import numpy as np
import pytest

from opsbook import periods
from opsbook.intake.dates import parse_moments
from opsbook.intake.month_day import parse_month_days, sheet_month
from opsbook.intake.period_column import parse_periods

PACIFIC, BEIJING = "America/Los_Angeles", "Asia/Shanghai"


def moment(cell, clock=PACIFIC):
    parsed = parse_moments([cell], clock=clock)
    assert not parsed.bad[0]
    assert not parsed.undecided[0]
    return parsed.values[0].item()


@pytest.mark.parametrize(
    "cell",
    [
        "1996-07-04",
        "1996/7/4 0:00",
        "1996/07/04",
        "1996年7月4日",
        "1996.7.4",
        "１９９６－０７－０４",
        35250,
        35250.0,
        "35250",
        "19960704",
        19960704,
        "04.07.1996",
        "4-Jul-1996",
        "4 July 1996",
        "July 4, 1996",
        "Jul. 4th, 1996",
        "1996-07-04T00:00:00",
        "1996年7月4日 星期四",
        date(1996, 7, 4),
        datetime(1996, 7, 4),
    ],
)
def test_one_day_in_every_spelling(cell):
    assert moment(cell) == datetime(1996, 7, 4)


@pytest.mark.parametrize(
    ("cell", "clock", "expected"),
    [
        ("Mar. 31, 2026, 17:49:40 PDT.", PACIFIC, datetime(2026, 3, 31, 17, 49, 40)),
        ("Mar. 31, 2026, 17:49:40 PDT.", BEIJING, datetime(2026, 4, 1, 8, 49, 40)),
        ("Jan. 31, 2026, 17:49:40 PST.", BEIJING, datetime(2026, 2, 1, 9, 49, 40)),
        ("Mar. 31, 2026, 17:49:40", BEIJING, datetime(2026, 3, 31, 17, 49, 40)),
        ("2026-04-01T00:49:40Z", PACIFIC, datetime(2026, 3, 31, 17, 49, 40)),
        ("2026-04-01 08:49:40 +0800", PACIFIC, datetime(2026, 3, 31, 17, 49, 40)),
        ("2026-04-01 08:49:40 CST", BEIJING, datetime(2026, 4, 1, 8, 49, 40)),
        ("Wed Apr 01 2026 08:49:40 GMT+0800 (中国标准时间)", BEIJING, datetime(2026, 4, 1, 8, 49, 40)),
        ("2026/3/31 下午5:49:40", BEIJING, datetime(2026, 3, 31, 17, 49, 40)),
        ("2026/3/31 12:05 AM", BEIJING, datetime(2026, 3, 31, 0, 5)),
        (46112.5, BEIJING, datetime(2026, 3, 31, 12)),
        ("20260331174940", BEIJING, datetime(2026, 3, 31, 17, 49, 40)),
    ],
)
def test_times_are_moved_to_the_clock_of_the_schema_when_a_zone_is_stated(cell, clock, expected):
    assert moment(cell, clock) == expected


@pytest.mark.parametrize(
    "cell",
    ["soon", "2026-02-30", "31/12", "7/4/96", 12.0, 500000.0, "99999999", "2026-13-01", True, timedelta(1)],
)
def test_what_is_no_date_is_bad(cell):
    assert parse_moments([cell], clock=PACIFIC).bad[0]


def test_the_order_of_slashed_dates_comes_from_the_column():
    days = parse_moments(["04/07/1996", "25/12/1996"], clock=PACIFIC).values
    assert days.astype("datetime64[D]").tolist() == [date(1996, 7, 4), date(1996, 12, 25)]
    months = parse_moments(["04/07/1996", "12/25/1996 10:30"], clock=PACIFIC).values
    assert months.tolist() == [datetime(1996, 4, 7), datetime(1996, 12, 25, 10, 30)]


def test_slashed_dates_without_evidence_or_with_both_are_a_question():
    assert parse_moments(["04/07/1996", "05/07/1996"], clock=PACIFIC).undecided.all()
    both = parse_moments(["04/07/1996", "25/12/1996", "12/26/1996", "05/05/1996"], clock=PACIFIC)
    assert both.undecided.tolist() == [True, False, False, False]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-09-13", periods.day(date(2026, 9, 13))),
        ("2026-09-13 00:00:00", periods.day(date(2026, 9, 13))),
        ("2026-09-13~2026-09-19", periods.week(date(2026, 9, 13))),
        ("2026-09-13 ～ 2026-09-19", periods.week(date(2026, 9, 13))),
        ("2026-03", periods.month(2026, 3)),
        ("2026年3月", periods.month(2026, 3)),
        ("202603", periods.month(2026, 3)),
        (46112.0, periods.day(date(2026, 3, 31))),
        (date(2026, 3, 1), periods.day(date(2026, 3, 1))),
        ("20260913-20260919", periods.week(date(2026, 9, 13))),
    ],
)
def test_a_period_cell_says_its_grain(cell, expected):
    assert parse_periods([cell], header="统计日期").found == [expected]


def test_under_a_month_header_the_first_of_a_month_is_the_month_that_excel_made_a_date_of():
    cells = [date(2026, 1, 1), date(2026, 2, 1)]
    assert parse_periods(cells, header="月份").found == [periods.month(2026, 1), periods.month(2026, 2)]
    assert parse_periods([*cells, date(2026, 2, 2)], header="月份").found[0] == periods.day(date(2026, 1, 1))


def days(cells, year=2026, month=None):
    parsed, no_year = parse_month_days(cells, year=year, month=month)
    assert not parsed.doubts
    assert not no_year
    return [(period.start.month, period.start.day) if period else None for period in parsed.found]


def typed(first, last):
    """Return the numbers that Excel keeps of 5.1, 5.2, ... typed for the days of a month."""
    return [float(f"5.{day}") for day in range(first, last + 1)]


def test_a_month_of_typed_numbers_gives_every_day_once():
    assert days(typed(1, 31)) == [(5, day) for day in range(1, 32)]
    assert days(typed(1, 31)[::-1]) == [(5, day) for day in range(31, 0, -1)]
    assert days(["合计-", None, *typed(8, 11)][1:]) == [None, (5, 8), (5, 9), (5, 10), (5, 11)]


def test_weekly_numbers_and_a_month_that_starts_late():
    assert days([5.3, 5.1, 5.17, 5.24, 5.31]) == [(5, 3), (5, 10), (5, 17), (5, 24), (5, 31)]
    assert days([5.1, 5.11, 5.12]) == [(5, 10), (5, 11), (5, 12)]
    assert days([5.1, 5.2, 5.3]) == [(5, 1), (5, 2), (5, 3)]
    assert days([4.3, 5.1]) == [(4, 3), (5, 1)]


def test_texts_of_month_and_day_are_explicit():
    assert days(["5.10", "5月1日", "5.01", "5/20"]) == [(5, 10), (5, 1), (5, 1), (5, 20)]
    found = parse_month_days(["05.04 - 05.10", "12.28-1.3"], year=2026, month=None)[0].found
    assert found[0] == periods.from_span(date(2026, 5, 4), date(2026, 5, 10))
    assert found[1] == periods.from_span(date(2026, 12, 28), date(2027, 1, 3))


def test_the_year_turns_with_the_months_in_either_direction():
    forwards = parse_month_days(["12.30", "12.31", "1.01", "1.02"], year=2025, month=None)[0].found
    assert [period.start.year for period in forwards] == [2025, 2025, 2026, 2026]
    backwards = parse_month_days(["1.02", "1.01", "12.31", "12.30"], year=2026, month=None)[0].found
    assert [period.start.year for period in backwards] == [2026, 2026, 2025, 2025]


def test_a_sheet_of_one_month_may_hold_days_alone_and_whole_dates_need_no_year():
    assert sheet_month("5月店铺数据") == 5
    assert sheet_month("12月") == 12
    assert days([1.0, 2.0], month=5) == [(5, 1), (5, 2)]
    parsed, no_year = parse_month_days(["2026-05-01", date(2026, 5, 2)], year=None, month=None)
    assert [period.start for period in parsed.found] == [date(2026, 5, 1), date(2026, 5, 2)]
    assert not no_year


def test_a_missing_year_is_said_and_bad_cells_are_marked():
    assert parse_month_days([5.1], year=None, month=None)[1]
    assert parse_month_days([5.32, "x", 13.1, 5.0], year=2026, month=None)[0].doubts["cell.date"].all()


def test_missing_moments_are_nat():
    parsed = parse_moments(["-", "", None], clock=PACIFIC)
    assert np.isnat(parsed.values).all()
    assert not parsed.bad.any()
