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


NO, VALUE, NUM = ExcelError.NA, ExcelError.VALUE, ExcelError.NUM
MONTHS = [[45292.0 + day] for day in (0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335)]
YEAR = [[10.0, 12.0, 30.0, 11.0, 9.0, 8.0, 7.0, 12.0, 25.0, 14.0, 13.0, 11.0]]
TWO_YEARS = [*YEAR, [value * 1.5 + at for at, value in enumerate(YEAR[0])]]
LONG = [[value] for row in TWO_YEARS for value in row]
IDS = [["b1"], ["B1"], ["b2"], ["b2"], ["b3"], [None], ["b4"], [17.0], ["17"], ["-"]]
DAYS = [
    [45300.0],
    [45300.4],
    [45301.0],
    [45400.0],
    [45100.0],
    [45310.0],
    [None],
    [45311.0],
    [45312.0],
    [45313.0],
]


def table(*rows):
    return [list(row) for row in rows]


PAIRED_RANGES = [COLUMN, GOOD_COLUMN, [[5.0, 1.0], [3.0, None]], [[1.0], [NUM], ["x"]], [[None], [None]]]

EXTRA = {
    "PARSE_NUM": [
        [text]
        for text in (
            "1,234.5", "US $1,020.50", "USD 5", "¥229.12", "￥３．７５％", "12.3万", "1.2亿", "<1%", "-5", "+5", "5-", "1e3",
            "1/2", "12:30", "abc", "%", "<", "1%%", ".5", "5.", ".", "--5", "1.2.3", "E5", "１２３", "usd 7", "（5）",
            "2024-01-01", "3.75 %", "５００元", 12.5, "1,2,3", "-1.5%", "< 5%", "<-", "万",
        )
    ],
    "FMT_CHANGE": [
        [now, then, kind]
        for kind in ("amount", "rate", "比率")
        for now, then in ((5.0, -5.0), (-5.0, 5.0), (-5.0, -4.0), (1.0125, 1.0), (1.0005, 1.0), (0.9995, 1.0), (0.0, 3.0), (0.0, 0.0), (0.1234, 0.1))
    ],
    "CN_DAY": [[day] for day in (45361.08, 45361.0, 45361.0833, 45599.0833, 45599.083334, 45599.05, 45658.3334, 45658.33, 45474.375, 45474.374, 61.0)],
    "SEASON_INDEX": [[TWO_YEARS], [[*TWO_YEARS, [*YEAR[0][:11], None]]], [[[0.0] * 12]], [YEAR], [[YEAR[0][:6]]]],
    "SEASON_FACTORS": [[LONG], [LONG, 4.0], [LONG, 3.0, "additive"], [LONG, 12.0, "加法"], [[[row[0] for row in LONG]], 5.0], [LONG, 13.0], [[*LONG[:-1], [None]]]],
    "SEASON_ALLOC": [
        [1000.0, table([1.0], [1.0], [1.0])],
        [1000.0, YEAR, 2.0],
        [1234.0, YEAR, -2.0],
        [0.05, table([1.0], [1.0], [1.0]), 2.0],
        [1000.0, table([1.0], [1.0], [1.0]), 0.0, table([None], [500.0], [None])],
        [1000.0, table([0.0], [1.0], [0.0]), 0.0, table([None], [500.0], [None])],
        [1000.0, table([1.0], [1.0]), 0.0, table([400.0], [600.0])],
        [1000.0, table([1.0], [1.0]), 0.0, table([400.0], [500.0])],
        [1000.0, table([1.0], [1.0]), 0.0, table([4000.0], [None])],
        [1000.0, table([1.0], [1.0]), 0.0, table([400.0], [None], [None])],
        [7.0, table([0.0], [0.0], [0.0])],
    ],
    "PACE": [[50.0, 100.0, YEAR, 45474.0], [50.0, 100.0, [[row[0]] for row in zip(*YEAR, strict=True)], 45351.0], [50.0, 0.0, YEAR, 45474.0], [50.0, 100.0, [[0.0] * 12], 45474.0], [50.0, 100.0, [[None, *[1.0] * 11]], 45474.0]],
    "PHASE": [[120.0, 45292.0, 45657.0], [100.0, 45300.0, 45360.0, table([1.0], [2.0], [1.0])], [100.0, 45300.0, 45360.0, table([1.0], [None], [1.0])], [100.0, 45300.0, 45360.0, table([1.0], [2.0])], [100.0, 45300.0, 45360.0, table([0.0], [0.0], [0.0])], [1.0, 45300.0, 45299.0], [1.0, 100.0, 45299.0]],
    "PERIOD_GROWTH": [
        [[[45292.0], [45323.0], [45658.0], [45690.0], [45700.0]], table([10.0], [20.0], [12.0], [15.0], [10.0]), grain, against]
        for grain in ("year", "季", "month", "周", "day")
        for against in ("yoy", "环比")
    ] + [[[[45351.0, 44985.0, 45716.0]], [[3.0, 2.0, 5.0]], "day"], [[[45300.0, 45664.0, 45671.0]], [[3.0, 2.0, 5.0]], "week"]],
    "REPEAT_RATE": [[IDS, DAYS, 45290.0, 45399.0, basis] for basis in ("within", "returning", "老客")] + [[IDS, DAYS, 45300.0, 45300.0], [IDS, DAYS, 45400.0, 45300.0], [IDS, DAYS, 45390.0, 45500.0, "returning"]],
    "RETENTION_RATE": [[IDS, DAYS, 45290.0, 45350.0, 45390.0, 45500.0], [IDS, DAYS, 45000.0, 45200.0, 45290.0, 45350.0], [IDS, DAYS, 45290.0, 45350.0, 45290.0, 45311.0]],
    "RFM_SCORE": [[[row[:1] for row in LONG], [[float(at % 5)] for at in range(24)], LONG, bins] for bins in (5.0, 2.0, 9.0)],
    "DRIVER_BRIDGE": [[table([100.0], [0.02], [50.0]), table([120.0], [0.025], [45.0])], [[[0.0, 2.0]], [[5.0, 3.0]]], [table(*[[2.0]] * 11), table(*[[3.0]] * 11)], [3.0, 5.0], [table([1.0], [2.0]), table([2.0], [1.0])]],
    "ACOS_BRIDGE": [[2.0, 0.1, 50.0, 2.5, 0.08, 55.0], [2.0, 0.1, 50.0, 2.0, 0.1, 50.0]],
    "RATE_MIX": [[table([5.0], [2.0], [None]), table([50.0], [40.0], [None]), table([8.0], [None], [3.0]), table([60.0], [None], [10.0])], [table([5.0], [2.0]), table([50.0], [0.0]), table([8.0], [1.0]), table([60.0], [5.0])], [[[5.0, 2.0]], [[50.0, 40.0]], [[8.0, 0.0]], [[60.0, 0.0]]]],
    "PVM": [[table([10.0], [5.0], [None], [3.0]), table([100.0], [20.0], [None], [7.0]), table([11.0], [None], [8.0], [3.0]), table([90.0], [None], [30.0], [0.0])], [table([10.0]), table([1.0]), table([None]), table([2.0])]],
    "EFFECT_LIFT": [[100.0, 130.0, 100.0, 110.0], [100.0, 130.0, None, 110.0], [table([1.0], [2.0]), table([2.0], [5.0]), table([1.0], [None]), 3.0], [1.0, 2.0, 0.0, 0.0]],
    "FUNNEL": [[[[1000.0, 100.0, None, 5.0, 0.0, 3.0]]], [table([0.0], [5.0])], [table([None], [5.0], [4.0])]],
    "CHANGE_SIGNAL": [[9.0, 500.0, 30.0, 520.0], [30.0, 520.0, 9.0, 500.0], [9.0, 500.0, 12.0, 500.0], [0.0, 10.0, 10.0, 10.0], [5.0, 4.0, 1.0, 4.0]],
    "COUNT_SIGNAL": [[9.0, 12.0], [9.0, 30.0], [30.0, 9.0], [0.0, 6.0], [0.0, 5.0], [0.0, 0.0], [10000.0, 10300.0]],
    "COUNT_CI": [[count, confidence] for count in (0.0, 1.0, 9.0, 54.0, 1000.0) for confidence in (0.95, 0.8)],
    "RATE_CI": [[0.0, 10.0], [10.0, 10.0], [11.0, 10.0], [9.0, 54.0, 0.9]],
    "FX": [[100.0, [[45290.0], [45295.0], [45330.0], [45500.0], [None]], table([45300.0], [45292.0], [45320.0], [None]), table([7.2], [7.1], [7.3], [9.0]), divide, 31.0] for divide in (True, False)] + [[1.0, 45300.0, table([45300.0], [45300.0]), table([7.0], [8.0])]],
    "NEW_ITEM_AVG": [[table([45292.0], [45320.0], [None], [45330.0]), table([5.0], [3.0], [9.0], [None]), 45349.0], [[[45292.0, 45320.0]], [[5.0, 3.0]], 45330.0, 10.0]],
    "SMART_CHECK": [["GMV", 100.0, target, "USD", "Li", 45657.0, "x", [[0.1, 0.2, -0.3]]] for target in (110.0, 125.0, 80.0, 60.0, None)],
    "PAYBACK": [[table([-100.0], [30.0], [30.0], [80.0])], [[[-100.0, 30.0]]], [[[5.0, -2.0]]], [[[-100.0, 100.0]]]],
    "PRODUCT_SET_DIFF": [[table(["a"], ["B"], ["a"], [None], [5.0]), table(["b"], ["c"], ["5"], ["-"])]],
    "ABC_CLASS": [[table([80.0], [15.0], [5.0])], [table([50.0], [30.0], [15.0], [5.0], [0.0], [-1.0], [None])], [[[5.0, 3.0, 2.0]], 0.5, 0.8]],
    "QUADRANT": [[[[1.0, 2.0, 3.0, None]], [[3.0, 1.0, 2.0, 5.0]], 1.5, 2.0]],
    "YTD": [[[[45292.0], [45300.0], [45000.0], [45400.0]], table([1.0], [2.0], [4.0], [8.0]), 45350.0]],
    "LANDING": [[table([1.0], [2.0], [None]), table([5.0], [5.0], [5.0])], [table([1.0], [None]), table([None], [None])]],
    "SLA_RATE": [[table([1.0], [24.0], [25.0], [None]), 24.0, 2.0]],
    "BUDGET_VAR": [[table([1.0], [2.0], [3.0]), 2.0, table(["收入"], ["cost"], ["x"])]],
    "VAR_FLAG": [[105.0, 100.0, "cost", 1.0, 0.05], [106.0, 100.0, "cost", 1.0, 0.05], [106.0, 100.0, "收入", 10.0, 0.05], [3.0, 0.0, "revenue"]],
    "RISK_LEVEL": [[table([1.0], [6.0], [12.0], [20.0])]],
    "CAGR": [[100.0, 161.051, 5.0], [100.0, 0.0, 3.0], [100.0, -1.0, 3.0], [100.0, 110.0, 0.0], [100.0, 110.0, 0.5]],
}  # fmt: skip


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
        ranges = {"range": NASTY_RANGES, "vector": NASTY_RANGES, "scalar": PAIRED_RANGES[2:]}
        values = NASTY + ranges.get(argument.shape, [])
        values = values + (list(argument.choices) if argument.choices else [])
        for value in values:
            yield [*base[:at], value, *base[at + 1 :]]
        if argument.shape == "cells":
            yield [*base[:at], COLUMN, *base[at + 1 :]]
            yield [*base[:at], [NASTY], *base[at + 1 :]]
    cells = [at for at, each in enumerate(arguments) if each.shape == "cells"]
    for one, two in itertools.combinations(cells, 2):
        for first, second in itertools.product([*NASTY[:10:2], ExcelError.NUM], repeat=2):
            yield [first if at == one else second if at == two else value for at, value in enumerate(base)]
        yield [COLUMN if at == one else [[3.0, None, 0.0]] if at == two else v for at, v in enumerate(base)]
        yield [COLUMN if at == one else COLUMN[:4] if at == two else v for at, v in enumerate(base)]
    yield from EXTRA.get(function.name, [])
    ranges = [at for at, each in enumerate(arguments) if each.shape in ("range", "vector")]
    for one, two in itertools.combinations(ranges, 2):
        for first, second in itertools.product(PAIRED_RANGES, repeat=2):
            yield [first if at == one else second if at == two else value for at, value in enumerate(base)]


def same(left, right):
    """Return whether two cells are equal: numbers within rounding, anything else exactly."""
    if isinstance(left, bool) or isinstance(right, bool) or not isinstance(left, float):
        return type(left) is type(right) and left == right
    return isinstance(right, float) and math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-12)


@pytest.mark.parametrize("name", NATIVE)
def test_native_equals_python(name, sheet):
    wrong = []
    bodies = [(each.body, each.excel, each.arguments) for each in FUNCTIONS.values()]
    function = FUNCTIONS[name]
    first = list(FUNCTIONS)[bodies.index((function.body, function.excel, function.arguments))]
    every = list(grid(function)) if first == name else [[ordinary(each) for each in function.arguments]]
    for arguments in {repr(each): each for each in every}.values():
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
