"""The functions in LibreOffice Calc equal the Python bodies; where Calc itself differs from Excel is told here."""

import io
import json
import math
import os
import subprocess
import sys
import zipfile
from xml.etree import ElementTree as ET

import pytest
from functions.test_parity import grid
from integrations.calc_files import Calls, add_basic, converted, shown, source, why_not

from opsbook.functions import FUNCTIONS, ExcelError, call
from opsbook.integrations.libreoffice.build_extension import SERVICE, basic, extension, method

needs_office = pytest.mark.skipif(bool(why_not()), reason=why_not() or "LibreOffice is here")
MOST = 25  # cases of a function; the first are ordinary, then each argument in turn is nasty
OOR = "{http://openoffice.org/2001/registry}"


def seen(argument):
    """Return an argument as Calc hands it over: TRUE is 1, a single empty cell is 0."""
    if isinstance(argument, list):
        return [[float(cell) if isinstance(cell, bool) else cell for cell in row] for row in argument]
    return float(argument or 0) if argument is None or isinstance(argument, bool) else argument


def same(cell, python):
    if isinstance(python, ExcelError):
        return cell == python.value
    if isinstance(python, str):
        return (cell or "") == python
    return isinstance(cell, int | float) and math.isclose(cell, float(python), rel_tol=1e-9, abs_tol=1e-12)


def holds_error(argument):
    return isinstance(argument, list) and any(
        isinstance(cell, ExcelError) for row in argument for cell in row
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("calc")


@pytest.fixture(scope="module")
def calls(folder):
    """Return every case with what Python says and what LibreOffice shows."""
    book = Calls(folder / "calls.xlsx")
    cases = []
    for name, function in FUNCTIONS.items():
        for arguments in list({repr(each): each for each in grid(function)}.values())[:MOST]:
            if any(isinstance(each, list) and len({len(row) for row in each}) > 1 for each in arguments):
                continue  # no range of cells has rows of different length
            python = call(name, *map(seen, arguments), language="en")
            rows = python if isinstance(python, list) else [[python]]
            shape = len(rows), len(rows[0])
            row = book.add(f"{SERVICE}.{method(function)}".upper(), arguments, shape)
            cases.append((name, arguments, rows, row, shape))
    book.close()
    result, cache = converted(book.path, folder), {}
    return [(name, given, rows, shown(result, row, shape, cache)) for name, given, rows, row, shape in cases]


@needs_office
def test_every_function_equals_python(calls):
    plain = [
        case
        for case in calls
        if not any(isinstance(each, ExcelError) or holds_error(each) for each in case[1])
    ]
    wrong = [
        case
        for case in plain
        if not all(
            same(a, b) for x, y in zip(case[3], case[2], strict=True) for a, b in zip(x, y, strict=True)
        )
    ]
    assert {case[0] for case in plain} == set(FUNCTIONS)
    assert len(plain) > 1000
    assert not wrong, "\n".join(f"{n}{a}: python {p}, Calc {c}" for n, a, p, c in wrong[:8])


@needs_office
def test_calc_passes_errors_itself(calls):
    """An error as an argument is the result; one inside a range never reaches the function (Err:504)."""
    single = [case for case in calls if any(isinstance(each, ExcelError) for each in case[1])]
    inside = [case for case in calls if case not in single and any(map(holds_error, case[1]))]
    assert single
    assert inside
    for _, arguments, _, cells in single:
        given = next(each for each in arguments if isinstance(each, ExcelError))
        assert cells[0][0] == ("#VALUE!" if given is ExcelError.NUM else given.value)  # SQRT(-1) is Err:502
    assert {case[3][0][0] for case in inside} == {"#VALUE!"}  # how an .xlsx holds Err:504


@needs_office
def test_plain_names_work_with_the_basic_functions(calls, folder):
    """What an .xlsx from Excel holds: ``YOY_GROWTH(...)``, not the long name of the extension."""
    add_basic(folder)
    book = Calls(folder / "plain.xlsx")
    cases = [
        ("YOY_GROWTH", [110.0, 100.0]),
        ("YOY_GROWTH", [[[110.0], [None], [5.0]], [[100.0], [3.0], [0.0]]]),
        ("ATTAIN", [80.0, 100.0]),
        ("FUNNEL", [[[1000.0], [100.0], [5.0]]]),
        ("FMT_CHANGE", [5.0, 4.0]),
        ("YOY_GROWTH", [1.0, 0.0]),
    ]
    rows = []
    for name, arguments in cases:
        python = call(name, *arguments, language="en")
        expected = python if isinstance(python, list) else [[python]]
        shape = len(expected), len(expected[0])
        rows.append((expected, book.add(name, arguments, shape), shape))
    book.close()
    result, cache = converted(book.path, folder), {}
    for expected, row, shape in rows:
        cells = shown(result, row, shape, cache)
        assert all(
            same(a, b) for x, y in zip(cells, expected, strict=True) for a, b in zip(x, y, strict=True)
        )


@needs_office
@pytest.mark.skipif(os.name != "posix", reason="the stand-in for Python is a shell script")
def test_a_python_of_its_own_answers_where_libreoffice_has_no_opsbook(tmp_path):
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{source()}" exec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (tmp_path / ".opsbook").mkdir()
    (tmp_path / ".opsbook" / "opsbook.conf").write_text(f'"INTERPRETER","{python}"\n')
    book = Calls(tmp_path / "plain.xlsx")
    row = book.add(f"{SERVICE}.YOYGROWTH".upper(), [110.0, 100.0], (1, 1))
    missing = book.add(f"{SERVICE}.YOYGROWTH".upper(), [1.0, 0.0], (1, 1))
    book.close()
    result = converted(book.path, tmp_path, python_path=False, HOME=str(tmp_path))
    cache = {}
    assert shown(result, row, (1, 1), cache)[0][0] == pytest.approx(0.1)
    assert shown(result, missing, (1, 1), cache)[0][0] == "#N/A"


def test_the_worker_answers_line_by_line():
    asked = [
        ["ATTAIN", [80, 100], "zh"],
        ["YOY_GROWTH", [1, 0], "en"],
        ["FMT_CHANGE", [3, 0], "zh"],
        ["NO", [], "zh"],
    ]
    done = subprocess.run(
        [sys.executable, "-m", "opsbook.integrations.libreoffice.calc_worker"],
        input="".join(json.dumps(each) + "\n" for each in asked),
        capture_output=True, encoding="utf-8", check=True, timeout=60,
    )  # fmt: skip
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        0.8,
        {"error": "#N/A"},
        "新增",
        {"error": "#NAME?"},
    ]


def test_the_extension_names_every_function_and_argument_in_both_languages():
    assert extension() == extension()
    with zipfile.ZipFile(io.BytesIO(extension())) as package:
        content = {name: package.read(name).decode() for name in package.namelist()}
    for name, text in content.items():
        if name.endswith((".xml", ".xcu", ".components")):
            ET.fromstring(text)
        if name.endswith(".py"):
            compile(text, name, "exec")
    listed = [
        node for node in ET.fromstring(content["CalcAddIns.xcu"]).iter("node") if node.find(f"prop[@{OOR}name='CompatibilityName']") is not None
    ]  # fmt: skip
    assert [node.find("prop/value").text for node in listed] == list(FUNCTIONS)
    methods = {node.get(f"{OOR}name") for node in listed}
    assert len(methods) == len(FUNCTIONS)
    assert all(f" {name}(" in content["opsbook.idl"] for name in methods)
    for node, function in zip(listed, FUNCTIONS.values(), strict=True):
        texts = [value.text for value in node.iter("value")]
        assert all(each.help.zh in texts and each.help.en in texts for each in function.arguments)
    assert all(f"Function {name}(" in basic() for name in FUNCTIONS)
