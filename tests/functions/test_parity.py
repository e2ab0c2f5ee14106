"""Every native formula, evaluated by another engine, equals the Python body cell for cell."""

from __future__ import annotations

import itertools
import math

import pytest

from opsbook.functions import FUNCTIONS, ExcelError, call

pytest.importorskip("formulon", reason="formulon evaluates the native formulas")

from functions.native_engine import Sheet

NATIVE = [name for name, function in FUNCTIONS.items() if function.excel]

ORDINARY = {
    "number": [120.0, 100.0],
    "integer": [2.0, 3.0],
    "date": [45292.0, 45657.0],
    "flag": [True, False],
    "key": ["a", "b"],
}
NASTY = [None, 0.0, -50.0, 0.5, "text", "-", " -- ", "", True, ExcelError.DIV0, ExcelError.NA, 1e6]
COLUMN = [[120.0], [None], [30.0], [0.0], ["-"], [50.0]]
GOOD_COLUMN = [[120.0], [80.0], [30.0], [50.0], [20.0], [10.0]]
NASTY_RANGES = [
    COLUMN,
    GOOD_COLUMN,
    [[120.0, 80.0, 30.0, 50.0]],
    [[5.0, 1.0], [3.0, None], [2.5, 4.0]],
    [[1.0], [ExcelError.NUM], ["x"]],
    [[1.0], ["x"], [ExcelError.NUM]],
    [[1.0], [2.0], [3.0], [3.0], [3.0]],
    [[None], [None]],
    [[0.0], [0.0]],
    [[-5.0], [10.0], [-5.0]],
    [[True], [3.0]],
    7.0,
    None,
]


@pytest.fixture(scope="module")
def sheet():
    return Sheet()


def ordinary(argument, which=0):
    """Return one harmless value of an argument."""
    if argument.shape in ("range", "vector"):
        if argument.type == "key":
            return [["a"], ["b"], ["A"], ["c"], ["b"], ["d"]]
        if argument.type == "date":
            return [[45292.0 + 31 * at] for at in range(6)]
        return GOOD_COLUMN
    if argument.choices:
        return list(argument.choices)[which % len(argument.choices)]
    if argument.type == "text":
        return ["12.3%", "1,234"][which]
    value = ORDINARY[argument.type][which]
    if argument.type in ("number", "integer"):
        limits = [each for each in (argument.minimum, argument.maximum, argument.above) if each is not None]
        if argument.maximum is not None and value > argument.maximum:
            value = argument.maximum * (0.3 if which else 0.6)
        if limits and argument.minimum is not None and value < argument.minimum:
            value = argument.minimum
    return value


def grid(function):
    """Yield argument lists: each argument in turn nasty, pairs of nasty ones, ranges, and left out."""
    arguments = function.arguments
    base = [ordinary(each) for each in arguments]
    yield base
    yield [ordinary(each, 1) for each in arguments]
    for count in range(function.required, len(arguments)):
        yield base[:count]
    for at, argument in enumerate(arguments):
        values = NASTY + (NASTY_RANGES if argument.shape in ("range", "vector", "scalar") else [])
        values = values + (list(argument.choices) if argument.choices else [])
        for value in values:
            yield [*base[:at], value, *base[at + 1 :]]
        if argument.shape == "cells":
            yield [*base[:at], COLUMN, *base[at + 1 :]]
            yield [*base[:at], [NASTY], *base[at + 1 :]]
    cells = [at for at, each in enumerate(arguments) if each.shape == "cells"]
    for one, two in itertools.combinations(cells, 2):
        for first, second in itertools.product(NASTY[:10:2] + [ExcelError.NUM], repeat=2):
            yield [first if at == one else second if at == two else value for at, value in enumerate(base)]
        yield [COLUMN if at == one else [[3.0, None, 0.0]] if at == two else v for at, v in enumerate(base)]
        yield [COLUMN if at == one else COLUMN[:4] if at == two else v for at, v in enumerate(base)]
    ranges = [at for at, each in enumerate(arguments) if each.shape in ("range", "vector")]
    for one, two in itertools.combinations(ranges, 2):
        for first, second in itertools.product(NASTY_RANGES[:8], repeat=2):
            yield [first if at == one else second if at == two else value for at, value in enumerate(base)]


def same(left, right):
    """Return whether two cells are equal: numbers within rounding, anything else exactly."""
    if isinstance(left, bool) or isinstance(right, bool) or not isinstance(left, float):
        return type(left) is type(right) and left == right
    return isinstance(right, float) and math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-12)


@pytest.mark.parametrize("name", NATIVE)
def test_native_equals_python(name, sheet):
    wrong = []
    for arguments in grid(FUNCTIONS[name]):
        python = call(name, *arguments)
        rows = python if isinstance(python, list) else [[python]]
        native = sheet.evaluate(name, arguments)
        alike = len(rows) == len(native) and all(
            len(a) == len(b) and all(map(same, a, b)) for a, b in zip(rows, native, strict=True)
        )
        if not alike:
            wrong.append((arguments, rows, native))
    assert not wrong, (
        "\n".join(f"{a}: python {p}, native {n}" for a, p, n in wrong[:8]) + f"\n{len(wrong)} in all"
    )
