"""Words of currencies."""

from __future__ import annotations

import pytest

from opsbook.params.currency import currency_code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("USD", "USD"),
        ("usd ", "USD"),
        ("$", "USD"),
        ("＄", "USD"),
        ("US $", "USD"),
        ("美金", "USD"),
        ("美金USD", "USD"),
        ("USD(美元)", "USD"),
        ("美元（$）", "USD"),
        ("USD|美元", "USD"),
        ("US Dollar", "USD"),
        ("U.S. dollars", "USD"),
        ("￥", "CNY"),
        ("人民币（元）", "CNY"),
        ("RMB￥", "CNY"),
        ("¥ JPY", "JPY"),
        ("日元", "JPY"),
        ("CAD dollars", "CAD"),
        ("$ CAD", "CAD"),
        ("加元", "CAD"),
        ("港币HKD", "HKD"),
        ("€ (EUR)", "EUR"),
        ("£", "GBP"),
        ("XAF", "XAF"),
    ],
)
def test_word_of_a_currency_is_understood(text: str, code: str) -> None:
    assert currency_code(text) == code


@pytest.mark.parametrize(
    "text", ["", " ", None, 5, "-", "US", "USD/CNY", "USD(¥)", "$ EUR", "USD 100", "USDfoo", "币种", "x" * 99]
)
def test_text_that_is_not_one_currency_means_none(text: object) -> None:
    assert currency_code(text) is None
