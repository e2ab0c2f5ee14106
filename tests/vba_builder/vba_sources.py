"""The modules of the VBA project: ours, the wrappers, and xlwings' own from the installed package."""

from __future__ import annotations

import re
from importlib.metadata import version
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from opsbook.book import layout
from opsbook.domain.language import LANGUAGES, Language
from opsbook.functions import ExcelError
from opsbook.integrations import shared_names
from opsbook.integrations.vba.ribbon import RIBBON_MODULE, Target, filled, texts
from vba_builder import function_wrappers
from vba_builder.vba_project import Module

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PROJECT = "OpsBookVBA"
# The macros of the refresh too have a module name of their own in each, as the ribbon has.
REFRESH_MODULE: Mapping[Target, str] = {"book": "OpsBookRefresh", "addin": "OpsBookRefreshAddin"}
# A workbook with macros refreshes itself, whichever is in front; the add-in the one that is.
_WORKBOOK: Mapping[Target, str] = {"book": "ThisWorkbook", "addin": "ActiveWorkbook"}
# ExpandEnvironmentStrings is xlwings' own; it reads variables as Unicode, VBA's Environ does not.
_LOAD_DLL = rf"""    Dim place As String
    place = ExpandEnvironmentStrings("%LOCALAPPDATA%\\{shared_names.FOLDER}\\") & XLPyDLLName
    If LoadLibrary(place) = 0 Then Err.Raise 1, Description:="Could not load " & place & ". Close Excel and run: opsbook install"
"""
_SHORT_COMMAND = f"""        If Len(XLPyCommand) > {shared_names.LONGEST_COMMAND} Then
            Err.Raise 1, Description:="The paths in opsbook.conf are too long; run: opsbook doctor"
        End If
"""
_SHOW_ERROR = """    If Message = "" Then Message = ReadFile(FileName)
    OpsFailed Message
"""
_NO_PYTHON = 'OpsFailed "INTERPRETER_WIN: " & PYTHON_WIN & "?"'


def modules(target: Target, language: Language, sheets: Sequence[str]) -> tuple[Module, ...]:
    """Return the modules of a project.

    Args:
        target: A workbook, or the add-in whose functions serve every workbook.
        language: Of messages, and of words in the functions' results.
        sheets: Code names of the sheets, in their order.
    """
    return (
        Module("ThisWorkbook", "workbook"),
        *(Module(name, "sheet") for name in sheets),
        Module("xlwings", "standard", _xlwings(target)),
        Module("Dictionary", "class", _dictionary()),
        Module("OpsBookCalls", "standard", _calls(language)),
        Module("OpsBookFunctions", "standard", function_wrappers.source()),
        Module(REFRESH_MODULE[target], "standard", _refresh(target, language)),
        Module(RIBBON_MODULE[target], "standard", _filled("Ribbon.bas", {}, language)),
    )


def _refresh(target: Target, language: Language) -> str:
    titles = "|".join(layout.title("guide", each) for each in LANGUAGES)
    values = {"workbook": _WORKBOOK[target], "guide_titles": _escaped(titles)}
    return _filled("OpsBookRefresh.bas", values, language)


def _calls(language: Language) -> str:
    cases = [f'        Case "{error}": OpsCell = CVErr({error.code})' for error in ExcelError]
    values = {"udf_module": f"opsbook.integrations.xlwings_udfs.{language}", "error_cases": "\n".join(cases)}
    return _filled("OpsBookCalls.bas", values, language)


def _filled(name: str, values: Mapping[str, str], language: Language) -> str:
    """Return one of our modules with its placeholders filled in."""
    template = files("vba_builder").joinpath(name).read_text(encoding="utf-8")
    return filled(template, values, lambda each: _escaped(texts()[each][language]))


def _escaped(text: str) -> str:
    """Return a text as it stands in VBA between quotes, for OpsText to read."""
    return text.encode("ascii", "backslashreplace").decode().replace('"', '""')


def _xlwings(target: Target) -> str:
    """Return xlwings' stand-alone module with what differs for us; the build stops when its text is another one."""
    installed = version("xlwings")
    text = _shipped("xlwings_custom_addin.bas")
    if f'XLWINGS_VERSION As String = "{installed}"' not in text:
        raise ValueError(f"xlwings {installed} ships the VBA of another version")
    for pattern, new, times in (
        (
            'Attribute VB_Name = "xlwings"',
            "Option Private Module",
            1,
        ),  # else its helpers are offered in cells
        (
            '(PROJECT_NAME As String = )"myaddin"',
            rf'\1"{shared_names.PROJECT}"',
            1,
        ),  # configuration of its own
        # The DLL keeps one Python process for each command text: without paths all workbooks share one.
        (
            re.escape('AddExcelDir & ";" & ActiveWorkbook.FullName & ";" & ThisWorkbook.FullName & ";"'),
            '"false;;;"',
            1,
        ),
        # Nor does a macro's Python look for modules beside the workbook, or fail for one in the cloud.
        (re.escape('AddExcelDir & ";" & ActiveFullName & ";" & ThisFullName & ";"'), '"false;;;"', 2),
        # What goes wrong is told by our own macros, in the user's language and without a traceback.
        (r"(?s)(Sub ShowError\(.*?\)\n).*?(End Sub\n)", rf"\1{_SHOW_ERROR}\2", 1),
        (re.escape('MsgBox "Could not find Interpreter!", vbCritical'), _NO_PYTHON, 1),
        # Our own copies of the DLLs, under names without a version: they outlive upgrades and other Pythons.
        (re.escape(f'"xlwings64-{installed}.dll"'), f'"{shared_names.DLLS[64]}"', 4),
        (re.escape(f'"xlwings32-{installed}.dll"'), f'"{shared_names.DLLS[32]}"', 8),
        (r"(?s)(Private Sub XLPyLoadDLL\(\)\n).*?(End Sub\n)", rf"\1{_LOAD_DLL}\2", 1),
        (r"(?m)^( +XLPyCommand = PYTHON_WIN & tail & Chr\(34\)\n)", rf"\1{_SHORT_COMMAND}", 1),
        (re.escape('"{506e67c3-55b5-48c3-a035-eed5deea7d6d}"'), f'"{shared_names.SERVER_CLSID}"', 1),
    ):
        text, found = re.subn(pattern, new, text)
        if found != times:
            raise ValueError(f"xlwings {installed}: {pattern} fits its VBA {found} times, not {times}")
    return text.replace("ActiveWorkbook", "ThisWorkbook") if target == "book" else text


def _shipped(*path: str) -> str:
    """Return a text file of the xlwings package, without importing it: that takes half a second."""
    found = find_spec("xlwings")
    if found is None or found.origin is None:
        raise ValueError("xlwings is not installed; its VBA goes into every workbook with macros")
    return Path(found.origin).parent.joinpath(*path).read_text(encoding="ascii")


def _dictionary() -> str:
    """Return xlwings' class without the header of an exported file, which a project does not hold."""
    lines = _shipped("addin", "Dictionary.cls").splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith("'"))
    return "\n".join(lines[first:])
