"""How a workbook's VBA starts Python: xlwings' own procedures as we patch them, run by an interpreter."""

import re

import pytest
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.interpreter import VBARuntimeError
from vba_builder import vba_sources

from opsbook.deploy.windows import checks_addin
from opsbook.integrations import shared_names

STAND_INS = r"""
#Const App = "Microsoft Excel"
Const XLPyDLLName As String = "opsbook64.dll"
Public paths As String, debugging As String, loaded As String, there As Long
Public Function GetConfig(ByVal key As String, Optional ByVal default As Variant = "") As Variant
    GetConfig = default
    If key = "INTERPRETER_WIN" Then GetConfig = "C:\py\python.exe"
    If key = "PYTHONPATH" Then GetConfig = paths
    If key = "DEBUG UDFS" And debugging <> "" Then GetConfig = True
End Function
Public Sub Put(ByVal name As String, ByVal given As Variant)
    If name = "paths" Then paths = given
    If name = "debugging" Then debugging = given
    If name = "there" Then there = given
End Sub
Public Function Loaded_() As String
    Loaded_ = loaded
End Function
Private Function ExpandEnvironmentStrings(ByVal text As String)
    ExpandEnvironmentStrings = Replace(text, "%LOCALAPPDATA%", "C:\Users\u\AppData\Local")
End Function
Private Function LoadLibrary(ByVal path As String) As Long
    loaded = path
    LoadLibrary = there
End Function
"""


@pytest.fixture(params=["book", "addin"])
def vba(request):
    text = next(each.text for each in vba_sources.modules(request.param, "zh", []) if each.name == "xlwings")
    text = text.replace("\r\n", "\n")
    procedures = [
        re.search(rf"(?ms)^(?:Private |Public )?(Function|Sub) {name}\(.*?^End \1$", text)[0]
        for name in ("XLPyCommand", "XLPyLoadDLL")
    ]
    app = ExcelApplication()
    app.add_workbook()
    app.interpreter.add_module("\n".join([STAND_INS, *procedures, ""]), name="xlwings")
    return app.interpreter


def test_the_command_names_no_workbook_and_is_as_long_as_the_doctor_reckons(vba):
    command = vba.run("XLPyCommand", [])
    assert command == (
        r'cmd.exe  /K ""C:\py\python.exe" -B -c "import sys, os;import xlwings.utils;'
        r"""xlwings.utils.prepare_sys_path(\"false;;;;;;\");import xlwings; xlwings.serve('$(CLSID)')"""
        '""'
    )
    assert len(command) == len(checks_addin.COMMAND) + len(r"C:\py\python.exe")


def test_a_command_that_would_end_excel_is_refused(vba):
    room = shared_names.LONGEST_COMMAND - len(vba.run("XLPyCommand", []))
    vba.run("Put", ["paths", "店" * room])
    assert len(vba.run("XLPyCommand", [])) == shared_names.LONGEST_COMMAND
    assert 3 * shared_names.LONGEST_COMMAND + len("{506e67c3-55b5-48c3-a035-eed5deea7d6d}") < 2010
    vba.run("Put", ["paths", "店" * (room + 1)])
    with pytest.raises(VBARuntimeError, match="opsbook doctor"):
        vba.run("XLPyCommand", [])


def test_a_resident_python_is_asked_for_by_our_own_number(vba):
    vba.run("Put", ["debugging", "yes"])
    assert vba.run("XLPyCommand", []) == shared_names.SERVER_CLSID


def test_the_dll_is_our_copy_and_its_absence_says_what_to_do(vba):
    place = r"C:\Users\u\AppData\Local\OpsBook\opsbook64.dll"
    vba.run("Put", ["there", 1.0])
    vba.run("XLPyLoadDLL", [])
    assert vba.run("Loaded_", []) == place
    vba.run("Put", ["there", 0.0])
    with pytest.raises(
        VBARuntimeError, match=re.escape(f"Could not load {place}. Close Excel and run: opsbook install")
    ):
        vba.run("XLPyLoadDLL", [])


@pytest.mark.parametrize("target", ["book", "addin"])
def test_no_name_of_xlwings_own_is_left(target):
    text = next(each.text for each in vba_sources.modules(target, "zh", []) if each.name == "xlwings")
    assert not re.search(r"xlwings(32|64)|506e67c3", text)
    assert set(re.findall(r'Lib "([^"]*)"', text)) == {"libc.dylib", "KERNEL32", *shared_names.DLLS.values()}
