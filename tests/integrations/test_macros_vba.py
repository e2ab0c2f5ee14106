"""The VBA between a cell and Python, run by an interpreter: every function, every kind of argument, every failure."""

import datetime as dt

import pytest
from integrations.vba_runner import OURS, Excel, noticed, texts
from pyopenvba.interpreter import NOTHING, VBARuntimeError

from opsbook import __version__
from opsbook.functions import FUNCTIONS, ExcelError, call
from opsbook.integrations.vba import build_templates

NA, DIV0 = ExcelError.NA, ExcelError.DIV0


@pytest.fixture(scope="module")
def addin(tmp_path_factory):
    """The modules of a built add-in, as another program reads them; its ribbon module under the book's name."""
    path = tmp_path_factory.mktemp("macros") / "opsbook.xlam"
    path.write_bytes(build_templates.addin("zh"))
    found = texts(path)
    return {**found, "OpsBookRibbon": found["OpsBookRibbonAddin"]}


@pytest.fixture
def excel(addin):
    return Excel(addin)


def sample(argument, at):
    """Return an ordinary cell for an argument."""
    if argument.choices:
        return next(iter(argument.choices))
    if argument.type in ("text", "key"):
        return f"P{at}"
    if argument.type == "flag":
        return True
    if argument.type == "date":
        return 45000.0 + 31 * at
    low = max(x for x in (argument.minimum, argument.above, 0) if x is not None)
    if argument.maximum is not None:
        return low + (argument.maximum - low) * (at + 1) / 20
    return float(low + 2 + at)


def ordinary(function):
    """Return rows of cells for each argument."""
    heights = {"scalar": 1, "cells": 2, "vector": 12, "range": 12}
    return [
        [[sample(argument, at)] for at in range(heights[argument.shape])] for argument in function.arguments
    ]


def nasty(function):
    """The same with an error, a gap, a text and a zero in it."""
    given = ordinary(function)
    for number, odd in enumerate((DIV0, None, "abc", 0.0)):
        if number < len(given):
            given[number][-1] = [odd]
    return given


@pytest.mark.parametrize("arguments", [ordinary, nasty], ids=["ordinary", "nasty"])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_gives_through_vba_what_python_gives(excel, name, arguments):
    function = FUNCTIONS[name]
    given = arguments(function)
    for count in {function.required, len(given)}:
        ranges = [excel.place(cells) for cells in given[:count]]
        assert excel.run(name, *ranges) == call(name, *given[:count])
    assert set(excel.server.calls) == {("opsbook.integrations.xlwings_udfs.zh", name)}


def test_the_ordinary_arguments_are_not_all_errors():
    failing = [name for name in FUNCTIONS if isinstance(call(name, *ordinary(FUNCTIONS[name])), ExcelError)]
    assert len(failing) < len(FUNCTIONS) / 5, failing


def test_a_growth_by_hand(excel):
    assert excel.run("YOY_GROWTH", 120.0, 100.0) == pytest.approx(0.2)
    assert excel.run("YOY_GROWTH", excel.place([[120.0, DIV0, None]]), 100.0) == [
        [pytest.approx(0.2), DIV0, NA]
    ]
    column = excel.place([[DIV0], [120.0], [None]])
    assert excel.run("YOY_GROWTH", column, 100.0) == [[DIV0], [pytest.approx(0.2)], [NA]]
    assert excel.run("YOY_GROWTH", 5.0, 0.0) is NA
    assert excel.run("CPC", -1.0, 5.0) is ExcelError.NUM


def test_dates_and_money_arrive_as_numbers(excel):
    cells = excel.place([[dt.datetime(2025, 1, 31)], [45000.0]])
    assert excel.run("PP_CHANGE", cells, 1.0) == [[45688.0 - 1], [45000.0 - 1]]


def test_a_range_of_several_areas_is_a_wrong_argument(excel):
    excel.place([[1.0, 2.0, 3.0]])
    assert excel.run("PP_CHANGE", excel.vba.run("RangeOf", ["A1,C1"]), 1.0) is ExcelError.VALUE


def test_python_is_started_once_for_many_cells(excel):
    for base in (1.0, 2.0, 4.0):
        assert excel.run("SHARE", 1.0, base) == 1 / base
    assert excel.server_starts == 1


def test_a_python_that_was_ended_is_started_again_once(excel):
    excel.run("SHARE", 1.0, 2.0)
    excel.server.broken = [VBARuntimeError(462, "The remote server machine does not exist")]
    assert excel.run("SHARE", 1.0, 4.0) == 0.25
    assert excel.server_starts == 2


def test_without_python_a_sheet_of_formulas_waits_once(excel):
    excel.app.freeze_clock(dt.datetime(2026, 1, 5, 9, 0, 0))
    excel.server.broken = [VBARuntimeError(1000, "Could not load the DLL") for _ in range(9)]
    assert [excel.run("SHARE", 1.0, 2.0) for _ in range(5)] == [ExcelError.NAME] * 5
    assert len(excel.server.calls) == 1
    assert excel.run("OpsFault") == "Could not load the DLL"
    excel.server.broken = []
    assert excel.run("SHARE", 1.0, 2.0) is ExcelError.NAME
    excel.app.freeze_clock(dt.datetime(2026, 1, 5, 9, 0, 31))
    assert excel.run("SHARE", 1.0, 2.0) == 0.5


def test_check_tells_the_version_or_the_fault(excel):
    excel.run("CheckFunctions", NOTHING)
    assert excel.shell.shown == [f"函数已连接 Python。OpsBook 版本：{__version__}"]
    excel.server.broken = [VBARuntimeError(1000, "Could not load the DLL")]
    excel.run("CheckFunctions", NOTHING)
    assert excel.shell.shown[1].startswith("函数未能连接 Python，公式显示 #NAME?。")
    assert "opsbook install" in excel.shell.shown[1]
    assert excel.shell.shown[1].endswith("\n\nCould not load the DLL".replace("\n", "\r\n"))


def test_recalculate_ends_the_pause(excel):
    excel.app.freeze_clock(dt.datetime(2026, 1, 5, 9, 0, 0))
    excel.server.broken = [VBARuntimeError(1000, "Could not load the DLL")]
    assert excel.run("SHARE", 1.0, 2.0) is ExcelError.NAME
    excel.run("OpsVersion")
    assert excel.run("SHARE", 1.0, 2.0) == 0.5


# What a slip in our VBA would look like; each must be found by the tests of this module.
FAULTS = [
    ("OpsBookFunctions", 'OpsCall("SHARE", Array(OpsCells(part), OpsCells(total)))', 'OpsCall("SHARE", Array(OpsCells(total), OpsCells(part)))'),
    ("OpsBookFunctions", 'OpsCall("SHARE"', 'OpsCall("CTR"'),
    ("OpsBookFunctions", "Array(OpsCells(part), OpsCells(total))", "Array(part, OpsCells(total))"),
    ("OpsBookFunctions", 'SHARE = OpsCall("SHARE"', 'SHARES = OpsCall("SHARE"'),
    ("OpsBookCalls", 'Case "#N/A": OpsCell = CVErr(2042)', 'Case "#N/A": OpsCell = CVErr(2015)'),
    ("OpsBookCalls", "given.Value2", "given.Value"),
    ("OpsBookCalls", 'If Left$(cell, 1) <> "#" Then Exit Function', "Exit Function"),
    ("OpsBookCalls", "For row = LBound(result, 1) To", "For row = LBound(result, 1) + 1 To"),
    ("OpsBookCalls", "given.Areas.Count > 1", "given.Areas.Count > 2"),
    ("OpsBookCalls", "If Not wasConnected Then Set server = XLPy()", "Set server = XLPy()"),
    ("OpsBookCalls", "Resume again", "Resume Next"),
    ("OpsBookCalls", "retryAt = DateAdd", "If False Then retryAt = DateAdd"),
    ("OpsBookCalls", "    retryAt = 0\n", ""),
    ("OpsBookCalls", 'CLng("&H" & Left$(pieces(at), 4))', 'CLng("&H" & Left$(pieces(at), 3))'),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=[f"{old[:40]}..." for _, old, _ in FAULTS])
def test_a_planted_fault_is_found(addin, fault):
    checks = (
        test_a_growth_by_hand,
        test_dates_and_money_arrive_as_numbers,
        test_a_range_of_several_areas_is_a_wrong_argument,
        test_python_is_started_once_for_many_cells,
        test_a_python_that_was_ended_is_started_again_once,
        test_without_python_a_sheet_of_formulas_waits_once,
        test_check_tells_the_version_or_the_fault,
        test_recalculate_ends_the_pause,
        lambda excel: test_every_function_gives_through_vba_what_python_gives(excel, "SHARE", nasty),
    )
    assert noticed(addin, fault, checks, Excel)


def test_the_faults_are_in_modules_of_ours():
    assert {module for module, _, _ in FAULTS} <= set(OURS)
