"""Dates in every spelling; month.day tables; nothing is guessed."""

from datetime import date, datetime, timedelta

import numpy as np
import pytest

from opsbook import periods
from opsbook.intake import zones
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
        ("2026-04-01 08:49:40 (GMT+8)", PACIFIC, datetime(2026, 3, 31, 17, 49, 40)),
        ("2026-04-01 08:49:40（北京时间）", PACIFIC, datetime(2026, 3, 31, 17, 49, 40)),
        ("北京时间 2026-04-01 08:49:40", PACIFIC, datetime(2026, 3, 31, 17, 49, 40)),
        ("(UTC+08:00) 2026-04-01 08:49:40", PACIFIC, datetime(2026, 3, 31, 17, 49, 40)),
        ("2026-04-01 08:49:40 +0800 CST", PACIFIC, datetime(2026, 3, 31, 17, 49, 40)),
        ("2026-04-01 08:49:40 Asia/Shanghai", PACIFIC, datetime(2026, 3, 31, 17, 49, 40)),
        ("2026/4/1 上午8:49:40 [UTC+8]", PACIFIC, datetime(2026, 3, 31, 17, 49, 40)),
        ("20260401084940 (GMT+8)", PACIFIC, datetime(2026, 3, 31, 17, 49, 40)),
        ("Apr 1, 2026 8:49:40 AM (GMT+8)", PACIFIC, datetime(2026, 3, 31, 17, 49, 40)),
        ("2026-03-31 17:49:40 (UTC-7)", PACIFIC, datetime(2026, 3, 31, 17, 49, 40)),
        ("2026-03-31 17:49:40 太平洋时间", PACIFIC, datetime(2026, 3, 31, 17, 49, 40)),
        ("2026-03-31 17:49:40 (Wed)", PACIFIC, datetime(2026, 3, 31, 17, 49, 40)),
        ("2026-04-01 (GMT+8)", PACIFIC, datetime(2026, 4, 1)),  # a day without a time is that day
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
    [
        *("2026-04-01 08:00 (Mars)", "2026-04-01 08:00 XYZ", "2026-04-01 08:00 (补录)", "2026-04-01 (2)"),
        *("2026-04-01 08:00 GMT+8 (PST)", "2026-04-01 08:00 (GMT+99)"),
        *(
            "soon",
            "2026-02-30",
            "31/12",
            "7/4/96",
            12.0,
            500000.0,
            "99999999",
            "2026-13-01",
            True,
            timedelta(1),
        ),
    ],
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


def read_days(*cells):
    """Return the days of a column; None where one has to be asked about."""
    parsed = parse_moments(cells, clock=PACIFIC)
    assert not parsed.bad.any()
    return parsed.values.astype("datetime64[D]").tolist()


MARCH = [date(2025, 3, day) for day in (4, 25, 28, 7)]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        # 25/03 has day 25: the texts are day/month, an Excel of month/day made 3 April of 04/03 and 3 July of 07/03.
        ((datetime(2025, 4, 3), "25/03/2025", "28/03/2025", datetime(2025, 7, 3)), MARCH),
        (("2025-04-03", "25/03/2025", "28/03/2025", "2025-07-03"), MARCH),
        (("2025/4/3", "25-03-2025", "28-03-2025 10:30", "2025/7/3"), MARCH),
        ((45750, "25/03/2025", "28/03/2025", 45841), MARCH),  # Excel's numbers of 3 April and 3 July
        ((datetime(2025, 4, 3), "03/25/2025", "03/28/2025", datetime(2025, 7, 3)), MARCH),
        # Five days, none above 12, among texts of a whole year: 3 January was 1 March, 4 February was 2 April ...
        (
            (*(date(2025, month, month + 2) for month in (1, 2, 3, 4, 5)), "20/01/2025", "20/11/2025"),
            [
                *(date(2025, month + 2, month) for month in (1, 2, 3, 4, 5)),
                date(2025, 1, 20),
                date(2025, 11, 20),
            ],
        ),
        # The first days of April beside a text of March: exchanged they would lie all over the year.
        ((*(date(2025, 4, day) for day in (1, 2, 3, 5, 6)), "25/03/2025"), [*[None] * 5, date(2025, 3, 25)]),
        # Five times of one day are one day.
        (
            (*(datetime(2025, 3, 4, hour) for hour in range(5)), "25/03/2025", "26/04/2025"),
            [*[None] * 5, date(2025, 3, 25), date(2025, 4, 26)],
        ),
        ((datetime(2025, 4, 3), "25/03/2025"), [None, date(2025, 3, 25)]),  # one proves nothing
        ((datetime(2025, 3, 4), "25/03/2025", datetime(2025, 3, 5)), [None, date(2025, 3, 25), None]),
        (
            (datetime(2025, 4, 3), "25/03/2025", datetime(2025, 4, 25)),
            [None, date(2025, 3, 25), date(2025, 4, 25)],
        ),
        ((datetime(2025, 4, 4), "25/03/2025"), [date(2025, 4, 4), date(2025, 3, 25)]),  # exchanged or not
        (
            ("2025-04-03", "25.03.2025"),
            [date(2025, 4, 3), date(2025, 3, 25)],
        ),  # dots are day.month everywhere
        (("2025-04-03", "2025-03-25"), [date(2025, 4, 3), date(2025, 3, 25)]),
        ((datetime(2025, 4, 3), datetime(2025, 7, 3)), [date(2025, 4, 3), date(2025, 7, 3)]),
    ],
)
def test_days_that_excel_exchanged_are_put_back_or_asked_about(cells, expected):
    assert read_days(*cells) == expected


def test_one_typed_text_among_many_real_dates_is_a_warning():
    real = [date(2025, 4, day) for day in range(1, 31)]
    parsed = parse_moments([*real, "25/03/2025"], clock=PACIFIC)
    assert parsed.values[:30].astype("datetime64[D]").tolist() == real
    assert parsed.mixed.sum() == 11  # 1 to 12 April, but 4 April is the same both ways


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("3/25/25", "4/1/25"), [date(2025, 3, 25), date(2025, 4, 1)]),
        (("25.3.25", "1.4.25 08:30"), [date(2025, 3, 25), date(2025, 4, 1)]),
        (("25/3/25", "25/4/3"), [date(2025, 3, 25), date(2025, 4, 3)]),  # 25 April 2003 is not of these years
        (("28-Mar-25", "1-Apr-25"), [date(2025, 3, 28), date(2025, 4, 1)]),  # as Excel shows days
        (("3/4/25", "5/6/25"), [None, None]),  # April or March
        (
            ("2025-03-25 Tue", "2025-04-01 (Tue)", "1 Apr 2025, Tuesday"),
            [date(2025, 3, 25), *[date(2025, 4, 1)] * 2],
        ),
        (("25/3/25",), [date(2025, 3, 25)]),  # the same day whichever of the two is the year
    ],
)
def test_years_of_two_digits_and_weekdays(cells, expected):
    assert read_days(*cells) == expected


def test_an_unknown_order_of_short_years_is_asked_about():
    assert parse_moments(["3/4/25", "5/6/25"], clock=PACIFIC).undecided.all()


@pytest.mark.parametrize(
    "header", ["下单时间（GMT+8）", "(北京时间)下单时间", "下单时间 UTC+8", "下单时间_北京时间"]
)
def test_the_clock_in_a_header_counts_for_the_cells_without_one(header):
    zone = zones.in_header(header)
    moved = parse_moments(["2026-04-01 08:00:00", "2026-04-01 08:00:00 PDT"], clock=PACIFIC, zone=zone)
    assert moved.values.tolist() == [datetime(2026, 3, 31, 17), datetime(2026, 4, 1, 8)]
    assert zones.in_header("金额(USD)") is None


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
        (
            "2026-09-13 00:00:00 GMT+8",
            periods.day(date(2026, 9, 13)),
        ),  # the name of a day, which no zone moves
        ("2026年第36周", periods.week(date(2026, 8, 30))),
        (202603.0, periods.month(2026, 3)),
        (2026.11, periods.month(2026, 11)),
    ],
)
def test_a_period_cell_says_its_grain(cell, expected):
    assert parse_periods([cell], header="统计日期").found == [expected]


def test_under_a_month_header_the_first_of_a_month_is_the_month_that_excel_made_a_date_of():
    cells = [date(2026, 1, 1), date(2026, 2, 1)]
    assert parse_periods(cells, header="月份").found == [periods.month(2026, 1), periods.month(2026, 2)]
    assert parse_periods([*cells, date(2026, 2, 2)], header="月份").found[0] == periods.day(date(2026, 1, 1))


def firsts(year, *months):
    return [date(year, month, 1) for month in months]


def months(year, *numbers):
    return [periods.month(year, number) for number in numbers]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (firsts(2025, 1, 2, 3), months(2025, 1, 2, 3)),
        ([*firsts(2024, 11, 12), *firsts(2025, 1)], [*months(2024, 11, 12), *months(2025, 1)]),
        (["2025/1/1", "2025/2/1", "2025/3/1"], months(2025, 1, 2, 3)),
        (["2025-03-01 00:00:00", "2025-02-01 00:00:00", "2025-01-01 00:00:00"], months(2025, 3, 2, 1)),
        (["Jan 1, 2025", "Feb 1, 2025", "Mar 1, 2025"], months(2025, 1, 2, 3)),
        (["2025-01-31", "2025-02-28", "2025-03-31"], months(2025, 1, 2, 3)),  # last days
        (["2025-01", *firsts(2025, 2)], months(2025, 1, 2)),  # the other cells are months
        (firsts(2025, 3), [periods.day(date(2025, 3, 1))]),  # alone it is a day
        ([*firsts(2025, 1, 2, 3), date(2025, 3, 2)], None),
        (["2025-01-01~2025-01-07", *firsts(2025, 2)], None),
    ],
)
def test_first_days_of_months_alone_are_the_months(cells, expected):
    found = parse_periods(cells, header="统计日期").found
    if expected is None:
        assert periods.day(cells[1] if isinstance(cells[1], date) else cells[0]) in found
    else:
        assert found == expected


@pytest.mark.parametrize("cells", [firsts(2025, 8, 9), firsts(2025, 1, 4, 7), firsts(2025, 1, 2, 4)])
def test_first_days_that_prove_nothing_are_a_question(cells):
    assert parse_periods(cells, header="统计日期").doubts["period.days_or_months"].all()


def test_events_may_all_fall_on_first_days():
    assert parse_periods(firsts(2025, 1, 2, 3), header="日期", figures=False).found[0].days == 1


JAN, OCT = 1, 10


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([2025.1, 2025.2, 2025.3], [JAN, 2, 3]),
        ([2025.8, 2025.9, 2025.1], [8, 9, OCT]),
        (["2025.9", "2025.1", "2025.11"], [9, OCT, 11]),
        ([2025.12, 2025.11, 2025.1, 2025.9], [12, 11, OCT, 9]),
        ([*(2025 + month / 10 for month in range(1, 10)), 2025.1, 2025.11, 2025.12], list(range(1, 13))),
        ([2024.11, 2024.12, 2025.1], [11, 12, JAN]),
        ([2025.1, 2025.11], [OCT, 11]),
        (["2025.1", "2025.10"], [JAN, OCT]),  # a column with 2025.10 keeps its zeros
        (["2025.01", "2025.1"], [JAN, JAN]),
        # Two products, one after the other.
        ([2025.1, 2025.2, 2025.9, 2025.1, 2025.11, 2025.12, 2025.8, 2025.9, 2025.1, 2025.11], None),
        (
            [2025.8, 2025.9, 2025.1, 2025.11, 2025.12, 2025.8, 2025.9, 2025.1, 2025.11],
            [8, 9, 10, 11, 12, 8, 9, 10, 11],
        ),
        ([2025.1], None),
        ([2025.9, 2025.2, 2025.1, 2025.7], None),  # in no order
        ([2025.1, 2025.12], None),
        ([2025.9, 2025.1, 2025.1, 2025.2], None),
    ],
)
def test_october_that_lost_its_zero_is_seen_by_its_neighbours(cells, expected):
    distinct = list(dict.fromkeys(cells))
    codes = np.array([distinct.index(cell) for cell in cells])
    parsed = parse_periods(distinct, codes, header="月份")
    if expected is None:
        assert parsed.doubts["period.lost_zero"].any()
    else:
        assert [parsed.found[code].start.month for code in parsed.codes] == expected
        assert not parsed.doubts


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (["2025年9月第1周", "2025年9月第2周"], "period.unclear"),
        (["Apr-24", "Apr-25", "Apr-26"], "period.unclear"),  # days of April, or three years
        (["第36周", "第37周"], "period.year"),
        (["近30天"], "cell.date"),
        (["2025"], "cell.date"),
    ],
)
def test_labels_without_certain_days_are_set_aside(cells, code):
    parsed = parse_periods(cells, header="统计日期")
    assert parsed.doubts[code].all()


def test_weeks_without_a_year_take_the_one_of_the_file_unless_they_turn_it():
    assert parse_periods(["第36周", "第37周"], header="周期", year=2025).found == [
        periods.week(date(2025, 8, 31)),
        periods.week(date(2025, 9, 7)),
    ]
    assert parse_periods(["第50周", "第51周", "第2周"], header="周期", year=2025).doubts["period.year"].all()


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
    parsed, no_year = parse_month_days(["2025/9/1-9/7", "9/8-9/14"], year=None, month=None)
    assert not no_year  # one row says its year, and is no reason to refuse the table
    assert parsed.doubts["period.year"].tolist() == [False, True]
    assert parse_month_days([5.32, "x", 13.1, 5.0], year=2026, month=None)[0].doubts["cell.date"].all()


def test_missing_moments_are_nat():
    parsed = parse_moments(["-", "", None], clock=PACIFIC)
    assert np.isnat(parsed.values).all()
    assert not parsed.bad.any()
