"""Numbers and rates: expected values are what a person reads in the cell."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsbook.intake.numbers import decimal_comma, parse_numbers, parse_percents


def number(cell, *, comma=False):
    values, bad = parse_numbers([cell], comma=comma)
    return "bad" if bad[0] else values[0]


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
        ("-$5.50", -5.5),
        ("$-5.50", -5.5),
        ("1.0E7", 1e7),
        ("0.0", 0),
        ("12.3万", 123000),
        ("1.2亿", 1.2e8),
        ("3万元", 30000),
        ("96分", 96),
        ("2.5小时", 2.5),
        ("(123)", -123),
        ("（1,234.5）", -1234.5),
        ("−5", -5),
        ("+3", 3),
        ("<10", 5),
        ('="12"', 12),
        (7, 7),
        (7.25, 7.25),
    ],
)
def test_a_number_is_what_a_person_reads(cell, expected):
    assert number(cell) == pytest.approx(expected, rel=1e-15)


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
        "1_000",
        "inf",
        "1.2.3",
        "(12",
        "--5",
        "2026-03-01",
        "12 34",
        True,
        "1;2",
    ],
)
def test_what_is_no_number_is_bad_and_never_zero(cell):
    assert number(cell) == "bad"


def test_a_decimal_comma_is_seen_from_the_table_and_only_then_used():
    assert decimal_comma([["14,0000", "1.696,0000"], ["12"]])
    assert not decimal_comma([["1,234", "12,345"]])  # thousands, or three decimals: no evidence
    assert not decimal_comma([["14,50"], ["3.25"]])  # evidence of both
    assert not decimal_comma([["1,234.50"]])
    assert number("1.696,0000", comma=True) == 1696
    assert number("0,15", comma=True) == 0.15
    assert number("1.696", comma=True) == 1696
    assert number("14,50") == "bad"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1.62%", "0%", "150％"], [0.0162, 0, 1.5]),
        (["<1%", "<0.1%"], [0.005, 0.0005]),
        ([0.15, 0.25, 0], [0.15, 0.25, 0]),  # Excel's percent cells
        (["3.75", "0.5", "1"], [0.0375, 0.005, 0.01]),  # percent numbers: most are above 1
        (["16.67%", 20, 0.2], [0.1667, 0.2, 0.2]),  # a sign somewhere: what is above 1 is a percent number
        ([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 1.5], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 1.5]),  # one rate above 100 %
        (["+11.1%", "-3%"], [0.111, -0.03]),
    ],
)
def test_rates_are_fractions_whatever_the_column_writes(cells, expected):
    values, bad = parse_percents(cells)
    assert not bad.any()
    assert values.tolist() == expected


@given(st.decimals(min_value=0, max_value=10_000, places=2))
def test_a_percent_text_is_the_double_nearest_to_its_decimal(value):
    parsed, _ = parse_percents([f"{value}%"])
    assert parsed[0] == float(value.scaleb(-2))


@given(st.text(max_size=12))
def test_no_text_stops_the_parser(text):
    values, bad = parse_numbers([text])
    assert math.isfinite(values[0]) or math.isnan(values[0])
    assert not (bad[0] and not math.isnan(values[0]))
