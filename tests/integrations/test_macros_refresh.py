"""The macros behind the buttons, run by an interpreter: which Python they call, and what is left when it fails."""

import ast

import pytest
from integrations.vba_runner import Excel, noticed, texts
from pyopenvba.interpreter import MISSING, NOTHING, VBAObject, VBARuntimeError, method
from vba_builder import vba_sources

from opsbook.book import layout
from opsbook.book.compose import compose
from opsbook.commands import excel_buttons
from opsbook.integrations.vba import build_templates
from opsbook.integrations.vba.ribbon import RIBBON_MODULE
from opsbook.metrics.review import Review
from opsbook.params import Settings

RUN_PYTHON = """
Public Function RunPython(PythonCommand As String)
    RunPython = CreateObject("OpsTest.Python").Run(PythonCommand)
End Function
Public Function Kept() As String
    Kept = Application.Calculation & " " & Application.EnableEvents & " " & Application.ScreenUpdating & " " & _
        Application.DisplayAlerts & " " & Application.StatusBar
End Function
Public Sub Disturb()
    Application.Calculation = -4135
    Application.EnableEvents = False
    Application.ScreenUpdating = False
    Application.DisplayAlerts = False
    Application.StatusBar = "OpsBook: 3/9"
End Sub
Public Sub NameSheet(ByVal title As String)
    ActiveWorkbook.Worksheets.Add.Name = title
    ActiveWorkbook.Worksheets(2).Activate
End Sub
Public Function InFront() As String
    InFront = ActiveSheet.Name
End Function
"""
BUTTONS = {
    "RefreshPressed": "refresh",
    "ExportsPressed": "check",
    "FreezePressed": "freeze",
    "DeckPressed": "deck",
    "DoctorPressed": "doctor",
}
TRACEBACK = "Traceback (most recent call last):\r\n  File \"<string>\", line 1, in <module>\r\nModuleNotFoundError: No module named 'opsbook'\r\n\r\n"


class Python(VBAObject):
    """Stands for the Python that xlwings' RunPython starts."""

    vba_type_name = "Python"

    def __init__(self):
        self.commands = []
        self.does = lambda: 0

    @method
    def Run(self, Command=MISSING):  # noqa: N802, N803
        self.commands.append(str(Command))
        return self.does()


@pytest.fixture(scope="module", params=["book", "addin"])
def modules(request, tmp_path_factory):
    """The modules of a built .xlsm and .xlam, as another program reads them, under the workbook's names."""
    if request.param == "book":
        path = tmp_path_factory.mktemp("macros") / "b.xlsm"
        plan = compose(Review(year=0, as_of=None), Settings(language="zh"))
        path.write_bytes(build_templates.workbook(plan))
    else:
        path = tmp_path_factory.mktemp("macros") / "opsbook.xlam"
        path.write_bytes(build_templates.addin("zh"))
    found = texts(path)
    for each in (RIBBON_MODULE, vba_sources.REFRESH_MODULE):
        found[each["book"]] = found[each[request.param]]
    return found


def started(modules):
    """Return Excel with the macros, and Python behind it."""
    excel = Excel(modules)
    excel.vba.add_module(modules["OpsBookRefresh"], name="OpsBookRefresh")
    excel.vba.add_module(RUN_PYTHON, name="RunPythonStandIn")
    excel.python = Python()
    other = excel.vba.host.create
    excel.vba.host.create = lambda name: excel.python if name == "OpsTest.Python" else other(name)
    return excel


@pytest.fixture
def excel(modules):
    return started(modules)


def test_every_button_calls_its_python(excel):
    for button, function in BUTTONS.items():
        excel.run(button, NOTHING)
        command = excel.python.commands.pop()
        assert excel.python.commands == []
        assert command == f"from opsbook.commands import excel_buttons; excel_buttons.{function}()"
        ast.parse(command)
        assert callable(getattr(excel_buttons, function))
        assert not set(command) & set("\"'%&^")  # it stands in quotes on a command line
    assert excel.shell.shown == []


def test_the_button_on_the_sheets_calls_refresh(excel):
    excel.run("RefreshAll")
    assert excel.python.commands == ["from opsbook.commands import excel_buttons; excel_buttons.refresh()"]


def test_a_python_that_was_ended_leaves_excel_as_it_was(excel):
    before = excel.run("Kept")

    def ended():
        excel.run("Disturb")
        assert excel.run("Kept") != before
        excel.run("OpsFailed", "")
        return -1

    excel.python.does = ended
    excel.run("RefreshAll")
    assert excel.run("Kept") == before
    (told,) = excel.shell.shown
    assert told.startswith("Python 没有运行成功。")
    assert ".backup" in told
    assert told.endswith("Python 没有说明原因就结束了。")


def test_a_macro_error_leaves_excel_as_it_was_and_is_told(excel):
    before = excel.run("Kept")

    def broken():
        excel.run("Disturb")
        raise VBARuntimeError(1000, "Could not load the DLL")

    excel.python.does = broken
    excel.run("RefreshAll")
    assert excel.run("Kept") == before
    assert excel.shell.shown[0].endswith("\r\n\r\nCould not load the DLL")


def test_people_see_the_last_line_and_no_traceback_and_only_once(excel):
    excel.python.does = lambda: excel.run("OpsFailed", TRACEBACK) or -1
    excel.run("RefreshAll")
    (told,) = excel.shell.shown
    assert told.endswith("\r\n\r\nModuleNotFoundError: No module named 'opsbook'")
    assert "Traceback" not in told
    assert "opsbook install" in told
    excel.python.does = lambda: 0
    excel.run("RefreshAll")
    assert len(excel.shell.shown) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_help_shows_the_guide(excel, language):
    excel.run("NameSheet", layout.title("guide", language))
    assert excel.run("InFront") != layout.title("guide", language)
    excel.run("HelpPressed", NOTHING)
    assert excel.run("InFront") == layout.title("guide", language)


def test_help_tells_when_the_guide_is_gone(excel):
    excel.run("HelpPressed", NOTHING)
    assert excel.shell.shown[0].startswith("没有找到“使用说明”表")


def test_a_workbook_refreshes_itself_and_the_addin_the_one_in_front(modules):
    own = "OpsBookRibbonAddin" not in modules
    assert ("ThisWorkbook" in modules["OpsBookRefresh"]) is own
    assert ("ActiveWorkbook" in modules["OpsBookRefresh"]) is not own


def test_without_a_workbook_the_addin_says_so(modules):
    if "OpsBookRibbonAddin" not in modules:
        pytest.skip("a workbook with macros is itself open")
    faulty = modules["OpsBookRefresh"].replace("ActiveWorkbook", "Nothing")  # what it then is
    excel = started({**modules, "OpsBookRefresh": faulty})
    excel.run("RefreshAll")
    assert excel.python.commands == []
    assert excel.shell.shown == ["请先打开一个 OpsBook 工作簿，再点这个按钮。"]


def test_the_texts_of_xlwings_reach_our_macros(modules):
    text = modules["xlwings"]
    body = text.partition("Sub ShowError(")[2].partition("End Sub")[0]
    assert "OpsFailed Message" in body
    assert "Popup" not in body
    assert "Could not find Interpreter" not in text
    assert 'PYTHONPATH = "false;;;"' in text


FAULTS = [
    ("OpsBookRefresh", 'OpsRun "refresh"', 'OpsRun "refesh"'),
    ("OpsBookRefresh", 'OpsRun "check"', 'OpsRun "doctor"'),
    ("OpsBookRefresh", '& "()"', '& "("'),
    ("OpsBookRefresh", "If Application.Calculation <> mode Then Application.Calculation = mode", ""),
    ("OpsBookRefresh", "Application.EnableEvents = events", ""),
    ("OpsBookRefresh", "Application.ScreenUpdating = True", ""),
    ("OpsBookRefresh", "Application.StatusBar = False", ""),
    ("OpsBookRefresh", "On Error GoTo failed", ""),
    ("OpsBookRefresh", 'If fault <> "" Then', 'If fault = "" Then'),
    ("OpsBookRefresh", "                    sheet.Activate\n", ""),
    ("OpsBookRibbon", "    RefreshAll\n", "    CheckExports\n"),
    ("OpsBookRibbon", "    FreezeValues\n", "\n"),
    ("OpsBookRefresh", 'OpsRun "deck"', 'OpsRun "freeze"'),
    ("OpsBookCalls", "For at = UBound(lines) To LBound(lines) Step -1", "For at = LBound(lines) To UBound(lines)"),
    ("OpsBookCalls", '    runFault = OpsText("', '    lastFault = OpsText("'),
    ("OpsBookCalls", '    runFault = ""\n', ""),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=[f"{old.strip()[:40]}" for _, old, _ in FAULTS])
def test_a_planted_fault_is_found(modules, fault):
    checks = (
        test_every_button_calls_its_python,
        test_the_button_on_the_sheets_calls_refresh,
        test_a_python_that_was_ended_leaves_excel_as_it_was,
        test_a_macro_error_leaves_excel_as_it_was_and_is_told,
        test_people_see_the_last_line_and_no_traceback_and_only_once,
        lambda excel: test_help_shows_the_guide(excel, "zh"),
    )
    assert noticed(modules, fault, checks, started)
