"""The xlwings UDFs: plain functions wherever there is no Excel, equal to the registry's `call`."""

import ast
import datetime as dt
import importlib
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

import opsbook.integrations.xlwings_udfs
from opsbook.functions import FUNCTIONS, ExcelError, call

FOLDER = Path(__file__).parents[2] / "udfs"
NA = ExcelError.NA
ERROR_CELLS = {
    -2146826281: ExcelError.DIV0,
    -2146826246: NA,
    -2146826273: ExcelError.VALUE,
    -2146826252: ExcelError.NUM,
}


@pytest.fixture(params=["opsbook_udfs", "opsbook_udfs_en"])
def udfs(request, monkeypatch):
    """The module as xlwings finds it: by its bare name, from a folder on the path."""
    monkeypatch.syspath_prepend(FOLDER)
    yield importlib.import_module(request.param)
    sys.modules.pop(request.param)


def test_every_function_of_the_registry_is_there(udfs):
    public = {name for name in vars(udfs) if not name.startswith("_")}
    assert public == set(FUNCTIONS)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_udf_is_the_registrys_function(name):
    from opsbook.integrations.xlwings_udfs import en, zh

    function = FUNCTIONS[name]
    columns = [[[cell] for cell in (3.0, None, 0.0, -1.0, "x", "sales")] for _ in function.arguments]
    for arguments in (columns, [0.5] * len(columns), columns[: function.required], []):
        for language, module in (("zh", zh), ("en", en)):
            wanted = call(name, *arguments, language=language)
            if isinstance(wanted, list):
                wanted = [
                    [cell.value if isinstance(cell, ExcelError) else cell for cell in row] for row in wanted
                ]
            elif isinstance(wanted, ExcelError):
                wanted = wanted.value
            assert getattr(module, name)(*arguments) == wanted


def test_by_hand(udfs):
    assert udfs.YOY_GROWTH(120.0, 100.0) == pytest.approx(0.2)
    assert udfs.YOY_GROWTH(((120.0,), (None,)), ((100.0,), (100.0,))) == [[pytest.approx(0.2)], ["#N/A"]]
    assert udfs.CPC(10.0, 0.0) == "#N/A"
    assert udfs.CPC(-10.0, 5.0) == "#NUM!"


@pytest.mark.parametrize("number", ERROR_CELLS)
def test_an_error_cell_stays_that_error(udfs, number):
    assert udfs.PP_CHANGE(number, 1.0) == ERROR_CELLS[number].value
    assert udfs.PP_CHANGE(((number,), (3.0,)), 1.0) == [[ERROR_CELLS[number].value], [2.0]]


def test_dates_and_money_count_as_numbers(udfs):
    assert udfs.PP_CHANGE(dt.datetime(2025, 1, 31), Decimal("45688.5")) == -0.5
    midnight = dt.datetime(2025, 1, 31, 12, tzinfo=dt.UTC)
    assert udfs.PP_CHANGE(midnight, dt.date(2025, 1, 31)) == 0.5


def test_a_word_that_spells_an_error_is_text_on_the_way_in(udfs):
    assert udfs.PP_CHANGE("#N/A", 1.0) == "#VALUE!"


@pytest.mark.parametrize(
    "path", [*FOLDER.glob("*.py"), *Path(opsbook.integrations.xlwings_udfs.__file__).parent.glob("[!_]*.py")]
)
def test_a_door_computes_nothing(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.BinOp | ast.AugAssign | ast.Compare)]


# xlwings' Windows module, with stand-ins for the parts of Windows that it imports.
ON_WINDOWS = """
import sys, types
for name in ("pythoncom", "pywintypes", "win32com", "win32com.client"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["pythoncom"].CoInitialize = lambda: None
sys.modules["pywintypes"].com_error = OSError
sys.modules["win32com.client"].Dispatch = None
import xlwings
from xlwings import udfs as windows
xlwings.func, xlwings.arg = windows.xlfunc, windows.xlarg
from opsbook.integrations.xlwings_udfs import bind
from opsbook.functions import FUNCTIONS
for name, udf in bind("zh").items():
    told, function = udf.__xlfunc__, FUNCTIONS[name]
    assert told["name"] == name and told["category"] == "OpsBook" and not told["volatile"], name
    assert [each["name"] for each in told["args"]] == [each.name for each in function.arguments], name
    assert ["optional" in each for each in told["args"]] == [each.optional for each in function.arguments], name
    assert [each["doc"] for each in told["args"]] == [each.help.zh for each in function.arguments], name
    assert all(each["options"] == {"convert": "raw"} for each in told["args"]), name
    assert told["ret"]["doc"].startswith(function.title.zh), name
windows.get_udf_module("opsbook.integrations.xlwings_udfs.zh", None)
assert windows.udf_modules["opsbook.integrations.xlwings_udfs.zh"]["filetime"] is None  # so it looks at no file before each call
print("ok", len(FUNCTIONS))
"""


def test_xlwings_on_windows_understands_every_udf():
    done = subprocess.run([sys.executable, "-c", ON_WINDOWS], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == f"ok {len(FUNCTIONS)}", done.stderr


def test_without_xlwings_they_are_plain_functions():
    code = (
        "import sys; sys.modules['xlwings'] = None\n"
        "from opsbook.integrations.xlwings_udfs.zh import SHARE\nprint(SHARE(1.0, 4.0))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0.25"


@pytest.mark.parametrize("name", ["opsbook.hosts.udfs.zh", "opsbook.integrations.xlwings_udfs.en"])
def test_an_installed_package_needs_no_folder_on_the_path(name, tmp_path):
    # What xlwings does with each of UDF MODULES: import it, and take its file in small letters.
    code = f"from importlib import import_module as i; m = i({name!r}); m.__file__.lower(); print(m.YOY_GROWTH(120.0, 100.0))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert float(done.stdout) == pytest.approx(0.2)
