"""Numbers and rates: expected values are what a person reads in the cell."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsbook.intake.numbers import parse_numbers, parse_percents
from opsbook.intake.spelled import COMMA, DOT, Mark


def number(cell, mark=DOT, unit=""):
    found = parse_numbers([cell], mark, unit)
    if found.doubtful[0]:
        return "doubtful"
    return "bad" if found.bad[0] else found.values[0]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("4378", 4378),
        (" 12 ", 12),
        ("12\t", 12),
        ("1,234", 1234),
        ("1,234,567.5", 1234567.5),
        ("１６８．００００", 168),
        ("¥229.12", 229.12),
        ("￥ 1,000", 1000),
        ("CNY 12", 12),
        ("US $1,234.00", 1234),
        ("US$1,234.00", 1234),
        ("1,234.00 USD", 1234),
        ("U.S. $ 5", 5),
        ("Rs. 500", 500),
        ("Rs.500", 500),
        ("-$5.50", -5.5),
        ("$-5.50", -5.5),
        ("- $5.50", -5.5),
        ("$.50", 0.5),
        (".5", 0.5),
        ("5.", 5),
        ("1.0E7", 1e7),
        ("0.0", 0),
        ("12.3万", 123000),
        ("1.5w", 15000),
        ("1.5W", 15000),
        ("3千", 3000),
        ("2百万", 2e6),
        ("1.2k", 1200),
        ("1.2M", 1.2e6),
        ("1.2亿", 1.2e8),
        ("3万元", 30000),
        ("1.5万美元", 15000),
        ("(123)", -123),
        ("（1,234.5）", -1234.5),
        ("$ (1,234.00)", -1234),
        ("($1,234.00)", -1234),
        ("(1,234.00) USD", -1234),
        ("(1,234.00 USD)", -1234),
        ("(-5)", -5),
        ("100.00-", -100),
        ("1,234.00-", -1234),
        ("100 USD-", -100),
        ("−5", -5),
        ("+3", 3),
        ("1'234.50", 1234.5),
        ("1’234’567.50", 1234567.5),
        ("1 234,50", 1234.5),
        ("1\u00a0234.50", 1234.5),
        ("1\u202f234\u2009567", 1234567),
        ("1.234,50", 1234.5),  # two marks: the last one is the decimal mark
        ("1.234.567", 1234567),
        ("1,23,456.00", 123456),
        ("12,34,567", 1234567),
        ("$ -", 0),  # an accountant's zero
        ("¥ -  ", 0),
        ("-   €", 0),
        ("<10", 5),
        ("≤10", 5),
        ("<$10", 5),
        ("约100", 100),
        ("≈ 1,000", 1000),
        ("10万+", 100000),
        ("100左右", 100),
        ('="12"', 12),
        ("'12", 12),
        (7, 7),
        (7.25, 7.25),
    ],
)
def test_a_number_is_what_a_person_reads(cell, expected):
    assert number(cell) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(
    ("unit", "cell", "expected"),
    [
        ("score", "96分", 96),
        ("score", "96%", 96),
        ("hours", "2.5小时", 2.5),
        ("hours", "30分钟", 0.5),
        ("hours", "1小时30分", 1.5),
        ("hours", "1天 2小时", 26),
        ("hours", "2h 15min", 2.25),
        ("minutes", "2小时", 120),
        ("count", "5 个", 5),
        ("times", "1.2万次", 12000),
        ("kg", "500g", 0.5),
        ("kg", "5千克", 5),
        ("units", "12 pcs", 12),
    ],
)
def test_a_unit_in_the_cell_is_turned_into_the_one_of_the_field(unit, cell, expected):
    assert number(cell, unit=unit) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(
    ("unit", "cell"),
    [
        ("count", "5天"),
        ("count", "5%"),
        ("USD", "5%"),
        ("USD", "5个"),
        ("hours", "5kg"),
        ("kg", "5小时"),
        ("hours", "30分1小时"),
        ("hours", "1小时2小时"),
        ("minutes", "5m"),
    ],
)
def test_a_unit_that_the_field_cannot_have_is_bad(unit, cell):
    assert number(cell, unit=unit) == "bad"


@pytest.mark.parametrize(
    "cell", ["", " ", "-", "--", "—", "NA", "N/A", "null", "nan", "无", "#N/A", "#DIV/0!", None]
)
def test_a_missing_number_is_nan_and_no_trouble(cell):
    assert math.isnan(number(cell))


@pytest.mark.parametrize(
    "cell",
    [
        "abc",
        "12a",
        "1,23",
        "1,2345",
        "0,125",
        "1_000",
        "inf",
        "1.2.3",
        "1,234,56",
        "1 23",
        "(12",
        "12)",
        "--5",
        "-(5)",
        "(5-)",
        "-5-",
        "+-5",
        "100 -",
        "5.-",
        "100-200",
        "100~200",
        ">1000",
        "1000以上",
        "5..",
        "5,",
        "USD.50",
        "USD 100 EUR",
        "$",
        "元",
        "100元/件",
        "5²",
        "5①",
        "½",
        "2026-03-01",
        "12 34",
        "5 USD 6",
        "1e5万",
        "1.2m",
        "=1+2",
        True,
        "1;2",
    ],
)
def test_what_is_no_number_is_bad_and_never_zero(cell):
    assert number(cell) == "bad"


def test_the_mark_of_the_table_decides_what_a_cell_alone_does_not():
    assert number("1.696,0000", COMMA) == 1696
    assert number("0,15", COMMA) == 0.15
    assert number("1.696", COMMA) == 1696
    assert number("1,696", COMMA) == 1.696
    assert number("14.50", COMMA) == "bad"
    assert number("1,234.50", COMMA) == 1234.5  # clear on its own
    assert number("14,50") == "bad"
    assert number("1.234", Mark(doubtful=True)) == "doubtful"
    assert number("$ (1,234)", Mark(doubtful=True)) == "doubtful"
    assert number("12.34", Mark(doubtful=True)) == 12.34


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("$5", "USD"),
        ("5 €", "EUR"),
        ("C$ 5", "CAD"),
        ("3万元", "CNY"),
        ("$ -", "USD"),
        ("HK$5", "HKD"),
        ("CA$99", "CAD"),  # Canadian, and not "circa"
        ("CA $99.00", "CAD"),
        ("ca. $99", "USD"),
        ("5.00 (USD)", "USD"),
        ("1,234.50（欧元）", "EUR"),
        ("5", ""),
    ],
)
def test_the_currency_of_a_cell_is_kept(cell, code):
    assert parse_numbers([cell]).codes.get(0, ("",))[0] == code


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1.62%", "0%", "150％"], [0.0162, 0, 1.5]),
        (["5 %", "0.5‰", "(5%)"], [0.05, 0.0005, -0.05]),
        (["<1%", "<0.1%"], [0.005, 0.0005]),
        ([0.15, 0.25, 0], [0.15, 0.25, 0]),  # Excel's percent cells
        (["3.75", "0.5", "1"], [0.0375, 0.005, 0.01]),  # percent numbers: most are above 1
        (["16.67%", 20, 0.2], [0.1667, 0.2, 0.2]),  # a sign somewhere: what is above 1 is a percent number
        (["5%", 0.05, 5], [0.05, 0.05, 0.05]),
        ([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 1.5], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 1.5]),  # one rate above 100 %
        (["+11.1%", "-3%"], [0.111, -0.03]),
    ],
)
def test_rates_are_fractions_whatever_the_column_writes(cells, expected):
    found = parse_percents(cells)
    assert not found.bad.any()
    assert found.values.tolist() == expected


@given(st.decimals(min_value=0, max_value=10_000, places=2))
def test_a_percent_text_is_the_double_nearest_to_its_decimal(value):
    assert parse_percents([f"{value}%"]).values[0] == float(value.scaleb(-2))


STYLES = {  # the mark of decimals, and the one between thousands
    "1234.5": (".", ""),
    "1,234.5": (".", ","),
    "1'234.5": (".", "'"),
    "1 234.5": (".", " "),
    "1\u202f234,5": (",", "\u202f"),
    "1.234,5": (",", "."),
    "1234,5": (",", ""),
}
SIGNS = ["{}", "-{}", "({})", "{}-", "${}", "-${}", "$ ({})", "{} USD", "US$ {}", "¥{}", "{}元", "+{}"]
spelling = st.tuples(
    st.decimals(min_value=0, max_value=10**9, places=2), st.sampled_from(list(STYLES)), st.sampled_from(SIGNS)
)


def written(value, style, sign):
    decimal, group = STYLES[style]
    text = f"{value:,.2f}".translate({ord(","): group, ord("."): decimal})
    return sign.format(text), COMMA if decimal == "," else DOT


@given(spelling)
def test_every_spelling_of_a_number_is_read_back(chosen):
    value, _, sign = chosen
    text, mark = written(*chosen)
    negative = "-" in sign or "(" in sign
    assert number(text, mark) == (-float(value) if negative else float(value))


@given(spelling, st.text(st.characters(codec="utf-8"), min_size=1, max_size=3))
def test_a_number_with_junk_is_never_half_read(chosen, junk):
    """Whatever follows: the number is as before, is one with that text as its digits or unit, or is bad."""
    text, mark = written(*chosen)
    found = parse_numbers([f"{text}x{junk}", f"{text}; {junk}x", f"x{junk} {text}"], mark)
    assert found.bad.all()


@given(st.text(max_size=12))
def test_no_text_stops_the_parser(text):
    for mark in (DOT, COMMA, Mark(doubtful=True)):
        found = parse_numbers([text], mark)
        assert not (found.bad[0] and not math.isnan(found.values[0]))


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["0.83", "0.95", "1"], [0.0083, 0.0095, 0.01]),  # texts under 点击率(%)
        ([0.83, 1.2, 0], [0.0083, 0.012, 0]),
        (["0.83%", "2"], [0.0083, 0.02]),
    ],
)
def test_under_a_header_with_a_percent_sign_plain_numbers_are_percent_numbers(cells, expected):
    found = parse_percents(cells, headed=True)
    assert not found.doubtful.any()
    assert found.values.tolist() == expected


def test_numbers_of_a_workbook_below_one_under_such_a_header_are_doubtful():
    found = parse_percents([0.0162, 0.5, 0], headed=True)
    assert found.doubtful.tolist() == [True, True, False]
