"""Ids keep every digit or are refused; texts keep every word on one line."""

from datetime import datetime

import pytest

from opsbook.intake.texts import parse_ids, parse_texts


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
