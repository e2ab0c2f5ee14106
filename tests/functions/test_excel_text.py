"""The native formulas as text: prefixes, limits, the way through a real file, formulas written out."""

from __future__ import annotations

import itertools
import re

import pytest

from opsbook.domain.language import LANGUAGES
from opsbook.functions import FUNCTIONS, ExcelError, call, inline_formula, lambda_names
from opsbook.functions.formula_text import FormulaError, stored, tokens

formulon = pytest.importorskip("formulon", reason="formulon evaluates the native formulas")


def test_every_function_with_a_body_has_a_name_within_the_limit():
    for language in LANGUAGES:
        names = lambda_names(language)
        assert set(names) == {name for name, function in FUNCTIONS.items() if function.excel}
        assert all(text.startswith("_xlfn.LAMBDA(") and len(text) <= 8192 for text in names.values())


def test_prefixes_as_excel_stores_them():
    source = (
        'LAMBDA(one,[two],LET(sum_of,one+IF(ISOMITTED(two),1,two),SORT(FILTER(sum_of,sum_of<>"LET(x)"))))'
    )
    assert stored(source) == (
        "_xlfn.LAMBDA(_xlpm.one,_xlop.two,_xlfn.LET(_xlpm.sum_of,_xlpm.one+IF(_xlfn.ISOMITTED(_xlpm.two),1,_xlpm.two),"
        '_xlfn._xlws.SORT(_xlfn._xlws.FILTER(_xlpm.sum_of,_xlpm.sum_of<>"LET(x)"))))'
    )


def test_a_bound_lambda_is_called_by_its_name():
    assert (
        stored("LET(twice,LAMBDA(x,x*2),twice(3))")
        == "_xlfn.LET(_xlpm.twice,_xlfn.LAMBDA(_xlpm.x,_xlpm.x*2),_xlpm.twice(3))"
    )


@pytest.mark.parametrize(
    "source", ["LAMBDA(x,y)", "LAMBDA(x,INDIRECT(x))", "LET(a1,2,a1)", "LET(rc,2,rc)", "LAMBDA(x,x?)"]
)
def test_what_excel_would_refuse_is_refused(source):
    with pytest.raises(FormulaError):
        stored(source)


def test_prefixes_agree_with_xlsxwriter():
    from xlsxwriter.worksheet import Worksheet

    for function in FUNCTIONS.values():
        if not function.excel:
            continue
        plain = function.excel.replace("\n", "")
        known = set(
            re.findall(
                r"_xlfn\.(?:_xlws\.)?[A-Z.]+(?=\()",
                Worksheet()._prepare_formula(plain, expand_future_functions=True),
            )
        )
        ours = set(re.findall(r"_xlfn\.(?:_xlws\.)?[A-Z.]+(?=\()", lambda_names()[function.name]))
        assert known <= ours, function.name


def test_strings_survive_the_tokenizer():
    text = 'IF(x="a ""b"", c",#N/A,1.5E-3)'
    assert "".join(piece.text for piece in tokens(text)) == text


def test_through_a_real_file(tmp_path):
    """Names as stored, written by XlsxWriter, read and calculated by another program.

    Only functions without optional arguments: formulon does not know the prefix _xlop.
    """
    xlsxwriter = pytest.importorskip("xlsxwriter")
    path = tmp_path / "names.xlsx"
    row = [[120, 100]]
    cases = [
        ("YOY_GROWTH", "A1,B1", (120, 100)),
        ("TOP_SHARE", "A1:B1,1", (row, 1)),
        ("WEIGHTED_SCORE", "A1:B1,A1:B1", (row, row)),
        ("LANDING", "A1:B1,A1:B1", (row, row)),
        ("LABEL_ACCURACY", "A1:B1,A1:B1", (row, row)),
        ("PAYBACK", "A1:B1", (row,)),
        ("PARSE_NUM", "A1", (120,)),
        ("COVERAGE", "B1,A1", (100, 120)),
    ]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("S")
        sheet.write_row(0, 0, row[0])
        for name, text in lambda_names().items():
            book.define_name(name, "=" + text)
        for at, (name, arguments, _) in enumerate(cases, start=1):
            sheet.write_dynamic_array_formula(at, 0, at, 0, f"={name}({arguments})")
    read = formulon.Workbook.load(path.read_bytes())
    read.recalc()
    for at, (name, _, arguments) in enumerate(cases, start=1):
        assert read.get_value(0, at, 0).to_python() == pytest.approx(call(name, *arguments)), name


NASTY = [120.0, 0.0, None, "-", "text", True, ExcelError.DIV0]


@pytest.mark.parametrize(
    "name",
    [
        "YOY_GROWTH",
        "PP_CHANGE",
        "CTR",
        "ROI",
        "ATTAIN",
        "SHARE",
        "RANK_CHANGE",
        "RISK_LEVEL",
        "REQUIRED_RUN_RATE",
        "CAGR",
        "HHI",
    ],
)
def test_written_out_for_older_excel(name):
    function = FUNCTIONS[name]
    count = min(function.required, 2)
    rest = ["5"] * (function.required - count)
    text = inline_formula(name, *["A1", "B1"][:count], *rest)
    assert text
    assert not re.search(r"LET|LAMBDA|_xlpm|SEQUENCE|ISOMITTED", text)
    from functions.native_engine import Sheet

    sheet = Sheet(())
    for given in itertools.product(NASTY, repeat=count):
        native = sheet.formula("=" + text.replace("_xlfn.", ""), list(given))
        assert native == [[pytest.approx(call(name, *given, *[5.0] * len(rest)))]], given


def test_what_older_excel_cannot_say_is_none():
    assert inline_formula("PERIOD_GROWTH", "A1:A5", "B1:B5", '"month"') is None
