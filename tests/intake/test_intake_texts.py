"""Ids keep every digit or are refused; texts keep every word on one line."""

from datetime import datetime

import pytest

from opsbook.intake.text_columns import parse_ids, parse_texts


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("234193410001028893", "234193410001028893"),
        ('="10248"', "10248"),
        ("10248\t", "10248"),
        ("'10248", "10248"),
        ("10248.0", "10248"),
        (10248.0, "10248"),
        (999999999999999.0, "999999999999999"),
        ("007", "007"),
        ("Ｃ５３６", "C536"),
        ("VINET\t", "VINET"),
        ("1.05", "1.05"),
        (1.05, "1.05"),
        ("1.10", "1.10"),
        ("12E5", "12E5"),
        ("1,601,234,567,890", "1601234567890"),
        ("1,601,234,567,890.00", "1601234567890"),
        ("1.601.234.567.890", "1601234567890"),
        ("1'601'234", "1601234"),
        ("1601 2345 67890", "1601234567890"),
        ("1601\u00a0234\u00a0567\u00a0890", "1601234567890"),
        ("ID:1601234567890", "1601234567890"),
        ("id：1601234567890", "1601234567890"),
        ("产品ID: 1,601,234,567,890", "1601234567890"),
        ("订单号：234193410001028893", "234193410001028893"),
        ("No. 1601", "1601"),
        ("Order #1601", "1601"),
        ("Order No.: 00160", "00160"),
        ("#1601", "1601"),
        ("＃１６０１", "1601"),
        ("'00123", "00123"),
        ('"00123"', "00123"),
        ("“00123”", "00123"),
        # What looks alike and is another id.
        ("1.601.23", "1.601.23"),
        ("12,34", "12,34"),
        ("NO-1601", "NO-1601"),
        ("No1601", "No1601"),
        ("ID:A1601", "ID:A1601"),
        ("#A1", "#A1"),
        ("Boot 1601", "Boot 1601"),
        ("10 20", "10 20"),
        ("SO#1601", "SO#1601"),
        ("-", None),
        ("", None),
        (None, None),
        ("无产品ID", None),
    ],
)
def test_an_id_is_its_text(cell, expected):
    ids, bad = parse_ids([cell])
    assert not bad[0]
    assert ids[0] == expected


def test_a_number_takes_the_zeros_of_its_text():
    assert parse_ids(["00123", 123, 124, "0124", "125", "00125"])[0].tolist() == [
        "00123",
        "00123",
        "0124",
        "0124",
        "125",  # two texts are two ids
        "00125",
    ]


@pytest.mark.parametrize("cell", [2.34193410001028e17, 1e15, "2.34193E+17", "2.34193410001028E+17", "1e+16"])
def test_an_id_that_lost_digits_is_refused(cell):
    ids, bad = parse_ids([cell])
    assert bad[0]
    assert ids[0] is None


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("  Sir Rodney's \r\n Marmalade ", "Sir Rodney's Marmalade"),
        ("a\x00b\x07c", "abc"),
        ("一\u3000二", "一\u3000二"),
        (38.0, "38"),
        (1.5, "1.5"),
        (True, "Y"),
        (datetime(2026, 3, 1), "2026-03-01"),
        ("--", None),
        ("x" * 40_000, "x" * 32_767),
    ],
)
def test_a_text_is_one_clean_line(cell, expected):
    assert parse_texts([cell])[0] == expected


def test_words_that_mean_missing_elsewhere_are_words_in_a_keyword_column():
    assert parse_texts(["NA", "-", ""], literal=True).tolist() == ["NA", "-", None]
