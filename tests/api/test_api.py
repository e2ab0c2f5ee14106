"""`opsbook.api`: what goes in comes out in the same form; expected values are worked out by hand."""

import ast
import inspect
import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

from opsbook import api
from opsbook.api import stub
from opsbook.functions import FUNCTIONS

NAN = math.nan
A = pd.Series({"x": 10.0, "y": 20.0})
B = pd.Series({"y": 10.0, "z": 5.0})


def equal(found, expected):
    if isinstance(expected, pd.Series):
        pd.testing.assert_series_equal(found, expected, check_names=False)
    elif isinstance(expected, pd.DataFrame):
        pd.testing.assert_frame_equal(found, expected)
    elif isinstance(expected, np.ndarray):
        assert isinstance(found, np.ndarray)
        np.testing.assert_allclose(found, expected)
    else:
        assert type(found) is type(expected)
        assert found == pytest.approx(expected, nan_ok=True)


FORMS = {
    "numbers": (lambda: api.yoy_growth(120, 100), 0.2),
    "undefined is NaN": (lambda: api.yoy_growth(120, 0), NAN),
    "missing is NaN": (lambda: api.yoy_growth(None, 100), NAN),
    "named arguments": (lambda: api.attain(target=50, actual=100, lower_better=True), 0.5),
    "lists": (lambda: api.yoy_growth([120, None, 90], [100, 5, 100]), [0.2, NAN, -0.1]),
    "a list of one": (lambda: api.yoy_growth([120], [100]), [0.2]),
    "an array and a number": (lambda: api.share(np.array([1.0, 3.0]), 4), np.array([0.25, 0.75])),
    "a table": (
        lambda: api.share(np.array([[1.0, 2.0], [3.0, 4.0]]), 4.0),
        np.array([[0.25, 0.5], [0.75, 1.0]]),
    ),
    "Series are aligned by label": (
        lambda: api.yoy_growth(A, B),
        pd.Series({"x": NAN, "y": 1.0, "z": NAN}),
    ),
    "a Series and a number": (lambda: api.share(A, 40.0), pd.Series({"x": 0.25, "y": 0.5})),
    "equal labels in another order": (
        lambda: api.pp_change(pd.Series({"a": 0.5, "b": 0.2}), pd.Series({"b": 0.1, "a": 0.1})),
        pd.Series({"a": 0.4, "b": 0.1}),
    ),
    "DataFrames": (
        lambda: api.yoy_growth(pd.DataFrame({"p": A, "q": A}), pd.DataFrame({"q": A * 2, "p": A})),
        pd.DataFrame({"p": {"x": 0.0, "y": 0.0}, "q": {"x": -0.5, "y": -0.5}}),
    ),
    "one value for each of a Series": (
        lambda: api.moving_avg(pd.Series([1.0, 3.0, 5.0], index=["a", "b", "c"]), 2),
        pd.Series([NAN, 2.0, 4.0], index=["a", "b", "c"]),
    ),
    "a table for a Series": (
        lambda: api.funnel(pd.Series([100, 50], index=["view", "click"])),
        pd.DataFrame([[1.0, 1.0, 0.0, 0.0], [0.5, 0.5, 50.0, 0.5]], index=["view", "click"]),
    ),
    "rates have labels of their own": (
        lambda: api.fx(
            pd.Series([100.0, 10.0], index=["o1", "o2"]),
            pd.Series(pd.to_datetime(["2026-09-03", "2026-09-20"]), index=["o1", "o2"]),
            pd.Series(pd.to_datetime(["2026-09-01", "2026-09-15"])),
            pd.Series([7.0, 7.2]),
        ),
        pd.Series([700.0, 72.0], index=["o1", "o2"]),
    ),
    "months": (lambda: api.phase(90, date(2026, 1, 5), date(2026, 3, 1)), [30.0, 30.0, 30.0]),
    "a text": (lambda: api.fmt_change(110, 100), "+10.0%"),
}


@pytest.mark.parametrize(("call", "expected"), FORMS.values(), ids=FORMS)
def test_what_goes_in_comes_out(call, expected):
    equal(call(), expected)


WRONG = {
    "out of range": (lambda: api.cpc(-1, 3), "cpc: a number is out of range"),
    "one of many": (lambda: api.cpc([1, -1], [3, 3]), "out of range"),
    "text for a number": (lambda: api.yoy_growth("much", 1), "wrong kind"),
    "labels twice": (
        lambda: api.yoy_growth(pd.Series([1.0, 2.0], index=["a", "a"]), B),
        "more than once",
    ),
}


@pytest.mark.parametrize(("call", "words"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_an_error_and_never_nan(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_a_wrong_name_or_number_of_arguments_is_pythons_error():
    with pytest.raises(TypeError):
        api.yoy_growth(1)
    with pytest.raises(AttributeError):
        api.no_such_function  # noqa: B018
    with pytest.raises(AttributeError):
        api.YOY_GROWTH  # noqa: B018


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_there_with_signature_and_help(name):
    function = getattr(api, name.lower())
    declared = FUNCTIONS[name]
    assert list(inspect.signature(function).parameters) == [each.name for each in declared.arguments]
    assert declared.title.zh in function.__doc__
    assert name.lower() in dir(api)


def test_the_types_are_those_of_the_registry():
    assert ast.dump(ast.parse(stub.PATH.read_text(encoding="utf-8"))) == ast.dump(ast.parse(stub.text()))


def test_a_workbook_is_refreshed_and_its_figures_are_a_table(tmp_path):
    from click.testing import CliRunner

    from opsbook.cli import main

    book = tmp_path / "book.xlsx"
    assert CliRunner().invoke(main, ["new", str(book)]).exit_code == 0
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports/a.csv").write_text(
        "统计日期,店铺访问人数,询盘个数\n2026-08,4000,60\n2026-09,5000,75\n", encoding="utf-8"
    )
    done = api.refresh(str(book))
    assert (done.changed, len(done.receipts), api.refresh(book).changed) == (True, 1, False)
    table = api.figures(book)
    assert list(table.columns) == ["metric", "period", "dimension", "value", "unit", "basis"]
    found = table.set_index(["metric", "period", "dimension"])["value"].sort_index()
    assert (found["visitors", "2026-09", ""], found["visitors.pop", "2026-09", ""]) == (5000, 0.25)
    assert math.isnan(found["visitors.yoy", "2026-09", ""])
