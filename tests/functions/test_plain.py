"""Formulas written out without checks: the text as a person reads it, and its value by another program."""

import itertools

import pytest

from opsbook.functions import ExcelError, call, plain_formula

TEXTS = {
    "growth": (("YOY_GROWTH", "C5", "B5"), "IF(B5=0,IF(C5=0,0,#N/A),(C5-B5)/ABS(B5))"),
    "points": (("PP_CHANGE", "C5", "B5"), "C5-B5"),
    "growth of sums": (
        ("YOY_GROWTH", "SUM({0})", "SUM({1})"),
        "IF(SUM({1})=0,IF(SUM({0})=0,0,#N/A),(SUM({0})-SUM({1}))/ABS(SUM({1})))",
    ),
    "points of ratios": (
        ("PP_CHANGE", "SUM({0})/SUM({1})", "SUM({2})/SUM({3})"),
        "(SUM({0})/SUM({1}))-(SUM({2})/SUM({3}))",
    ),
    "the word decides the branch": (("BUDGET_VAR", "C5", "B5", '"cost"'), "B5-C5"),
    "a Chinese word does too": (("BUDGET_VAR", "C5", "B5", '"收入"'), "C5-B5"),
    "a branch in brackets": (("BUDGET_VAR_PCT", "C5", "B5", '"cost"'), "IF(B5=0,#N/A,(B5-C5)/ABS(B5))"),
    "a default": (("ATTAIN", "C5", "B5"), "IF(B5=0,#N/A,C5/B5)"),
    "a flag": (("ATTAIN", "C5", "B5", "TRUE"), "IF(C5=0,#N/A,B5/C5)"),
}


@pytest.mark.parametrize(("arguments", "text"), TEXTS.values(), ids=TEXTS)
def test_the_text(arguments, text):
    assert plain_formula(*arguments) == text


def test_a_cell_that_people_fill_may_be_empty_or_out_of_range():
    text = plain_formula("ATTAIN", "C5", "B5", open_cells=["B5"])
    assert text == 'IF(B5="",#N/A,IF(B5<0,#NUM!,IF(B5=0,#N/A,C5/B5)))'


def test_what_only_the_full_checks_can_decide_has_them():
    assert "TRIM(D5)" in plain_formula("BUDGET_VAR", "C5", "B5", "D5")


def test_what_older_excel_cannot_say_is_none():
    assert plain_formula("PERIOD_GROWTH", "A1:A5", "B1:B5", '"month"') is None


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("YOY_GROWTH", ()),
        ("PP_CHANGE", ()),
        ("ATTAIN", ()),
        ("ATTAIN", (True,)),
        ("BUDGET_VAR", ("cost",)),
        ("BUDGET_VAR_PCT", ("revenue",)),
        ("SHARE", ()),
    ],
)
def test_the_value_is_that_of_the_function(name, more):
    pytest.importorskip("formulon")
    from functions.native_engine import Sheet

    sheet = Sheet(())
    written = ["TRUE" if each is True else f'"{each}"' for each in more]
    text = plain_formula(name, "A1", "B1", *written, open_cells=["A1", "B1"])
    for given in itertools.product((12.0, 0.5, 0.0, None, ExcelError.NA), repeat=2):
        assert sheet.formula("=" + text, list(given)) == [[pytest.approx(call(name, *given, *more))]], given
