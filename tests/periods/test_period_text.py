"""A text that says a period is understood as a whole, or not at all."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsbook import periods
from opsbook.periods import Grain, Period
from opsbook.periods.points import numbered_week
from opsbook.periods.text import parse, read, search

APRIL = periods.month(2025, 4)
OCTOBER = periods.month(2025, 10)
Q3 = periods.quarter(2025, 3)
# 1 January 2025 is a Wednesday: week 1 runs from Sunday 29 December 2024, week 36 begins 35 weeks later.
WEEK_36 = periods.week(date(2025, 8, 31))
WEEK = periods.week(date(2025, 4, 6))


def span(first, last):
    return periods.from_span(date.fromisoformat(first), date.fromisoformat(last))


FIRST_HALF = span("2025-01-01", "2025-06-30")

CELLS = {
    periods.year(2025): ["2025", "2025年", "2025年度", "统计周期：2025年"],
    Q3: [
        *("2025Q3", "2025-Q3", "2025年Q3", "Q3 2025", "Q3/2025", "3Q25", "Q3'25", "25Q3", "2025年第3季度"),
        *(
            "2025年三季度",
            "2025第三季度",
            "第3季度 2025",
            "third quarter of 2025",
            "2025年7-9月",
            "Jul-Sep 2025",
        ),
        *("２０２５Ｑ３", "2025-07-01~2025-09-30", "202507-202509"),
    ],
    FIRST_HALF: [
        "2025年上半年",
        "H1 2025",
        "2025H1",
        "2025-H1",
        "1H25",
        "first half of 2025",
        "2025年1月至6月",
    ],
    APRIL: [
        *(
            "2025年04月份",
            "2025年4月份",
            "2025年4月",
            "2025年 4 月",
            "25年4月",
            "2025-04",
            "2025/4",
            "2025.04",
        ),
        *("202504", "Apr-25", "Apr 2025", "April 2025", "April, 2025", "2025 Apr", "Apr'25", "04/2025"),
        *("四月 2025", "2025年四月", "二〇二五年四月", "4月 2025", "（2025年4月）", "統計週期：2025年4月"),
        *("2025-04-01 00:00:00 ~ 2025-04-30 23:59:59", "2025-04-01 00:00 ~ 2025-05-01 00:00"),
        *("2025年4月1日至30日", "20250401-20250430", "2025年4月 (2025-04-01~2025-04-30)", "自然月 2025-04"),
    ],
    OCTOBER: ["2025年十月", "十月 2025", "2025.10", "Oct-25", "October 2025"],
    WEEK_36: [
        *(
            "2025年第36周",
            "2025年36周",
            "2025年第36週",
            "2025年第三十六周",
            "第36周 2025",
            "2025W36",
            "2025-W36",
        ),
        *("W36 2025", "WK36 2025", "week 36 2025", "Week 36, 2025", "2025年第36周（8月31日-9月6日）"),
    ],
    WEEK: [
        *(
            "2025/4/6-4/12",
            "2025.4.6~4.12",
            "2025.4.6~2025.4.12",
            "2025-04-06 至 2025-04-12",
            "20250406-20250412",
        ),
        *("250406-250412", "2025-04-06–2025-04-12", "2025-04-06 to 2025-04-12", "2025-04-06 - 04-12"),
        *("Apr 6 - Apr 12, 2025", "Apr 6 - 12, 2025", "6-12 Apr 2025", "6 Apr 2025 - 12 Apr 2025"),
        *(
            "2025年4月6日-12日",
            "2025年4月6日至4月12日",
            "06.04.2025 - 12.04.2025",
            "2025-04-06（周日）~2025-04-12（周六）",
        ),
        "2025-04-06 00:00:00 ~ 2025-04-12 23:59:59",
    ],
    span("2025-12-28", "2026-01-03"): ["2025-12-28~2026-01-03", "2025/12/28-1/3", "2025年12月28日至1月3日"],
    span("2025-04-13", "2025-04-19"): ["13/04/2025 - 19/04/2025", "04/13/2025 - 04/19/2025"],
    span("2025-09-01", "2025-09-15"): ["2025年9月上半月", "2025-09上半月", "first half of Sep 2025"],
    span("2025-09-16", "2025-09-30"): ["2025年9月下半月", "2025年九月下半月"],
    span("2025-09-01", "2025-09-10"): ["2025年9月上旬"],
    span("2025-09-11", "2025-09-20"): ["2025年9月中旬", "2025-09 中旬"],
    span("2025-09-21", "2025-09-30"): ["2025年9月下旬"],
}


@pytest.mark.parametrize(
    ("text", "expected"), [(text, period) for period, texts in CELLS.items() for text in texts]
)
def test_a_cell_says_its_period(text, expected):
    assert parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2025年9月第1周",
            "2025-09 第3周",
            "2025年9月第一周",
            "2025年9月 W2",
        ),  # which days are week 1 of September?
        *("2025年9月初", "2025年9月前10天", "截至2025-09", "2025年9月至今", "2025-04-06~", "2025年第3期"),
        *(
            "2025年第2次导出",
            "2025-09 (2)",
            "2025年9月 2",
            "2025年3组",
            "2025Q5",
            "2025-13",
            "2025-04-31",
            "2025年第60周",
        ),
        *("06/04/2025 - 12/04/2025", "2025年9月 vs 2025年8月", "12 2025-04", "FY2025", "2025-26", "25/04"),
        *(
            "2025-04-06 10:00 ~ 2025-04-12 09:00",
            "2025-04-12~2025-04-06",
            "第36周",
            "4.6-4.12",
            "近30天",
            "abc",
            "",
        ),
        *(
            "2025年1月 第3周",
            "2025Q1第2周",
            "2025/7-9",
            "2025年9月1日起",
            "2025年9月(上)",
            "2025年1-9月累计",
            "2025-2026",
        ),
        "2027年第5周",  # 1 January 2027 is a Friday: ISO and Excel count differently
    ],
)
def test_what_is_not_certain_is_not_a_period(text):
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第36周", WEEK_36),
        ("W36", WEEK_36),
        ("4.6-4.12", WEEK),
        ("4/6-4/12", WEEK),
        ("4月6日-4月12日", WEEK),
        ("12.28-1.3", span("2025-12-28", "2026-01-03")),
        ("9月", periods.month(2025, 9)),
        ("Q3", Q3),
        ("上半年", FIRST_HALF),
        ("9月上半月", span("2025-09-01", "2025-09-15")),
    ],
)
def test_a_text_without_a_year_needs_one(text, expected):
    assert parse(text, year=2025) == expected
    assert read(text).no_year


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("产品分析2025年第3周", span("2025-01-12", "2025-01-18")),
        ("2025年产品第36周", WEEK_36),
        ("products_2025_W36", WEEK_36),
        ("2025年9月上半月产品", span("2025-09-01", "2025-09-15")),
        ("产品2025年9月第2次导出", periods.month(2025, 9)),
        ("产品2025年9月v2", periods.month(2025, 9)),
        ("产品2025年Q3 9月", periods.month(2025, 9)),
        ("产品2025年9月_20251002", periods.month(2025, 9)),  # downloaded in October
        ("2025年9月1日-7日周报", span("2025-09-01", "2025-09-07")),
        ("template 2025-09", periods.month(2025, 9)),  # "late" in it is not a word
        ("2025全年产品", periods.year(2025)),
        ("产品2025年9月TOP50", periods.month(2025, 9)),
        ("2025年9月上新产品", periods.month(2025, 9)),
        ("店铺2产品2025年9月", periods.month(2025, 9)),
        ("产品2025年第二季度第3次导出", periods.quarter(2025, 2)),
    ],
)
def test_a_name_may_hold_other_words(name, expected):
    assert search(name).period == expected


@pytest.mark.parametrize(
    "name",
    [
        *(
            "产品分析2025年9月第2周",
            "9月第1周2025",
            "产品202509-2",
            "2025年9月 1/2",
            "2025年9月3周",
            "2025年9月周报",
        ),
        *(
            "2025年9月对比8月",
            "2025年9月至今",
            "产品2025年9月 20250913",
            "产品第36周",
            "产品Sep-25",
            "产品2-2025",
        ),
    ],
)
def test_a_name_that_says_part_of_a_period_is_unclear(name):
    assert search(name).unclear


@pytest.mark.parametrize(
    "name",
    [
        *(
            "产品2025年第2次导出",
            "产品2025年第2版",
            "产品2025年第3批",
            "产品2025年第2份",
            "product 2025 page 2",
            "产品2025年",
        ),
        *(
            "产品2025-09-19",
            "1601234567890123",
            "2025年3组产品",
            "2025 may day promo",
            "product 2025 (2)",
            "产品",
        ),
    ],
)
def test_a_counter_a_year_or_a_day_in_a_name_is_not_a_period(name):
    assert search(name).period is None


@pytest.mark.parametrize(
    ("year", "number", "start"),
    [
        (2024, 1, date(2023, 12, 31)),  # 1 January 2024 is a Monday
        (2025, 1, date(2024, 12, 29)),
        (2025, 36, date(2025, 8, 31)),
        (2026, 36, date(2026, 8, 30)),
        (2026, 53, date(2026, 12, 27)),
        (2025, 53, None),  # ISO's 2025 has 52 weeks
        (2027, 5, None),
        (2022, 5, None),
    ],
)
def test_a_numbered_week_is_sunday_to_saturday_where_all_count_alike(year, number, start):
    assert numbered_week(year, number) == (periods.week(start) if start else None)


def test_the_iso_spelling_has_the_iso_number():
    # ISO week 5 of 2027 begins on Monday 1 February; the platform's week on the Sunday before.
    assert parse("2027-W05") == periods.week(date(2027, 1, 31))


MONTHS = st.builds(periods.month, st.integers(2015, 2035), st.integers(1, 12))
NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
JOINTS = ("~", " ~ ", "～", "至", " 到 ", " - ", "–", " — ", " to ")
DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%b %d, %Y", "%d %B %Y")


@st.composite
def spelled(draw):
    """Return a period and one way to write it."""
    grain = draw(st.sampled_from([Grain.YEAR, Grain.QUARTER, Grain.MONTH, Grain.WEEK, Grain.RANGE]))
    month = draw(MONTHS)
    year, number = month.start.year, month.start.month
    if grain is Grain.YEAR:
        return periods.year(year), draw(st.sampled_from([f"{year}", f"{year}年", f"{year}年度"]))
    if grain is Grain.QUARTER:
        q = (number + 2) // 3
        ways = [
            f"{year}Q{q}",
            f"{year}-Q{q}",
            f"Q{q} {year}",
            f"{year}年第{q}季度",
            f"{year}年{NUMERALS[q - 1]}季度",
        ]
        return periods.quarter(year, q), draw(st.sampled_from(ways))
    if grain is Grain.MONTH:
        ways = [f"{year}年{number}月", f"{year}年{number:02}月份", f"{year}-{number:02}", f"{year}/{number}"]
        ways += [f"{year}{number:02}", f"{NAMES[number - 1]} {year}", f"{year}年{NUMERALS[number - 1]}月"]
        return month, draw(st.sampled_from(ways))
    if grain is Grain.WEEK:
        week = draw(st.integers(1, 52))
        found = numbered_week(year, week)
        if found:
            ways = [f"{year}年第{week}周", f"{year}-W{week:02}", f"W{week} {year}", f"week {week}, {year}"]
            return found, draw(st.sampled_from(ways))
    start = month.start + timedelta(days=draw(st.integers(0, 27)))
    end = start + timedelta(days=draw(st.integers(1, 60)))
    form, joint = draw(st.sampled_from(DAYS)), draw(st.sampled_from(JOINTS))
    return periods.from_span(start, end), f"{start.strftime(form)}{joint}{end.strftime(form)}"


@given(spelled(), st.sampled_from(["{}", " {} ", "统计周期：{}", "（{}）", "{} 数据", "Period: {}"]))
def test_every_spelling_of_a_period_says_it(pair, frame):
    period, text = pair
    assert parse(frame.format(text)) == period


@given(
    spelled(),
    st.integers(100, 999),
    st.sampled_from(["{n} {}", "{} {n}", "{n}号店 {}", "{} 共{n}条", "第{n}次 {}"]),
)
def test_a_stray_number_is_never_passed_over(pair, number, frame):
    text = frame.format(pair[1], n=number)
    assert parse(text) is None


@given(st.text("0123456789年月周季第QW-/.~ 上下半旬", max_size=14))
def test_whatever_is_read_has_a_beginning_before_its_end(text):
    found = parse(text, year=2025)
    assert found is None or (isinstance(found, Period) and found.start <= found.end)
