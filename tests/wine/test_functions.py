"""Every function on Windows' Python, called through xlwings' own COM server as the workbook's VBA calls it."""

import pytest

pytest.importorskip("formulon", reason="the arguments are those of the parity test, which needs formulon")

from functions.test_parity import grid
from functions.test_worked_examples import SCALARS
from integrations.test_macros_vba import nasty
from integrations.test_macros_vba import ordinary as small
from integrations.vba_runner import Excel, Server, leaving, texts
from pyopenvba.interpreter import method
from wine.seen import SEEN
from wine.told import UDFS, alike, ask, told, wanted

from opsbook.functions import FUNCTIONS, ExcelError
from opsbook.integrations.vba import build_templates

LARGE = 100_000
ERRORS = [str(error) for error in ExcelError]
UNREACHED = {
    "DRIVER_BRIDGE",
    "PACE",
    "SEASON_INDEX",
    "SEASON_ALLOC",
    "PHASE",
}  # refuse so many cells, or these


def large(function):
    """Return told arguments of 100,000 cells in all, and the same as cells; the last key is a Chinese one."""
    many = [each.shape != "scalar" for each in function.arguments]
    told_arguments, given = [], []
    for argument, rows, is_many in zip(function.arguments, small(function), many, strict=True):
        if not is_many:
            told_arguments.append(told(rows[0][0]))
            given.append(rows[0][0])
            continue
        height, last = LARGE // sum(many), rows[-1][0]
        if argument.type in ("text", "key") and not argument.choices:
            last = "客户·甲"
        told_arguments.append(["column", [[told(row[0]) for row in rows], height, told(last)]])
        given.append([[rows[at % len(rows)][0]] for at in range(height - 1)] + [[last]])
    return told_arguments, given


def variety(function):
    """Yield argument lists: ordinary, every kind of odd cell in every place, ranges of every shape."""
    seen = set()
    for given in [*grid(function), small(function), nasty(function)]:
        if repr(given) not in seen:
            seen.add(repr(given))
            yield given


def full(function, given):
    """Return all arguments as the VBA wrapper sends them: what is left out is an empty cell."""
    return [told(each) for each in given] + [["blank", None]] * (len(function.arguments) - len(given))


@pytest.fixture(scope="module")
def answers(windows):
    """What came back, by function: for each call its arguments and its result."""
    plan = [(name, given) for name, function in FUNCTIONS.items() for given in variety(function)]
    plan += [(name, list(given)) for name, given, _ in SCALARS]
    calls = [(UDFS, name, full(FUNCTIONS[name], given)) for name, given in plan]
    for name, function in FUNCTIONS.items():
        arguments, given = large(function)
        plan.append((name, given))
        calls.append((UDFS, name, arguments))
    calls += [("seen", "SEEN", arguments) for _, arguments in arriving()]
    results = ask(windows, calls, timeout=900)
    found = {name: [] for name in FUNCTIONS}
    for (name, given), result in zip(plan, results[: len(plan)], strict=True):
        found[name].append((given, result))
    return {**found, "SEEN": results[len(plan) :]}


def arriving():
    """Yield names with told arguments, for the comparison with VBA."""
    for name, function in FUNCTIONS.items():
        for given in (small(function), nasty(function)):
            yield name, [told(each) for each in given]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_windows_gives_what_python_gives(name, answers):
    wrong = [
        (short(given), short(result), short(wanted(name, given)))
        for given, result in answers[name]
        if not alike(result, wanted(name, given))
    ]
    assert not wrong, f"{len(wrong)} of {len(answers[name])}: {wrong[:4]}"


def short(value):
    text = repr(value)
    return text if len(text) < 500 else text[:400] + "..."


def test_worked_examples(answers):
    for name, given, expected in SCALARS:
        result = next(result for arguments, result in answers[name] if arguments == list(given))
        if isinstance(expected, float):
            assert float.fromhex(result[1]) == pytest.approx(expected, rel=1e-12), (name, given)
        else:
            assert result[1] == (expected if isinstance(expected, str | bool) else str(expected)), (
                name,
                given,
            )


def test_large_arguments_are_no_errors(answers):
    failing = {name for name in FUNCTIONS if answers[name][-1][1][1] in ERRORS}
    assert failing == UNREACHED


class Recorder(Server):
    """Stands for xlwings' COM server, and keeps what it is handed."""

    @method
    def CallUDF(self, Module, Function, Arguments):  # noqa: ARG002, N802, N803
        self.calls.append((Function, [leaving(each) for each in Arguments.items]))
        return 0.0


def test_vba_hands_over_what_the_client_hands_over(answers, tmp_path):
    path = tmp_path / "opsbook.xlam"
    path.write_bytes(build_templates.addin("zh"))
    modules = texts(path)
    recorder = Recorder()
    for name, function in FUNCTIONS.items():
        excel = Excel({**modules, "OpsBookRibbon": modules["OpsBookRibbonAddin"]})  # its sheets are short
        excel.server = recorder
        for given in (small(function), nasty(function)):
            excel.run(name, *map(excel.place, given))
    by_vba = [(name, SEEN(*arguments)) for name, arguments in recorder.calls]
    by_client = [(name, seen[1]) for (name, _), seen in zip(arriving(), answers["SEEN"], strict=True)]
    assert by_vba == by_client
    assert len(by_vba) == 2 * len(FUNCTIONS)
