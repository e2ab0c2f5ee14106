"""Checks of Python, its packages and the folders it stands in."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, requires

from opsbook.deploy.windows import office_settings
from opsbook.deploy.windows.checks import CheckSubject, Facts, look
from opsbook.deploy.windows.machine import Machine

# Modules that work is impossible without, and the package that brings each.
_MODULES = {
    "duckdb": "duckdb",
    "numpy": "numpy",
    "pandas": "pandas",
    "lxml.etree": "lxml",
    "openpyxl": "openpyxl",
    "python_calamine": "python-calamine",
    "xlsxwriter": "xlsxwriter",
    "xlwings": "xlwings",
}
_NO_LIBRARY = "DLL load failed"  # what Python says when Windows lacks a library that a module was built with


@look
def python_store(case: CheckSubject) -> Facts | None:
    """Whether Python came from the Microsoft Store."""
    paths = (str(case.machine.python), str(case.machine.base))
    return next(({"path": each} for each in paths if office_settings.in_store(each)), None)


@look
def python_32bit(case: CheckSubject) -> Facts | None:
    """Whether Python has 32 bits."""
    return {"path": str(case.machine.python)} if case.machine.bits == 32 else None


@look
def runtime_missing(case: CheckSubject) -> Facts | None:
    """Whether a module cannot load for want of a Windows library."""
    found = _broken(case.machine)
    return found if found and _NO_LIBRARY in str(found["error"]) else None


@look
def package_broken(case: CheckSubject) -> Facts | None:
    """Whether a module cannot load."""
    return _broken(case.machine)


def _broken(machine: Machine) -> Facts | None:
    for module, package in _MODULES.items():
        if error := machine.fault(module):
            return {"module": module, "package": package, "error": error, "python": str(machine.python)}
    return None


@look
def pywin32_missing(case: CheckSubject) -> Facts | None:
    """Whether Python can talk to other programs of Windows."""
    machine = case.machine
    faults = (machine.fault(module) for module in ("pythoncom", "win32com.client"))
    return next(({"error": each, "python": str(machine.python)} for each in faults if each), None)


@look
def xlwings_version(case: CheckSubject) -> Facts | None:
    """Whether xlwings is the one whose VBA stands in our workbooks."""
    machine, wanted = case.machine, wanted_xlwings()
    found = machine.version("xlwings") or "-"
    if wanted is None or found == wanted:
        return None
    return {"found": found, "wanted": wanted, "python": str(machine.python)}


@cache
def wanted_xlwings() -> str | None:
    """Return the version of xlwings that this OpsBook asks for."""
    try:
        asked = requires("opsbook") or []
    except PackageNotFoundError:  # run from its sources
        return None
    return next((each.partition("==")[2].strip() for each in asked if each.startswith("xlwings==")), None)


@look
def dll_not_shipped(case: CheckSubject) -> Facts | None:
    """Whether the xlwings package brought its DLLs."""
    machine = case.machine
    missing = next((bits for bits in (64, 32) if machine.dll(bits) is None), None)
    if missing is None:
        return None
    return {
        "bits": missing,
        "wanted": wanted_xlwings() or machine.version("xlwings") or "",
        "python": str(machine.python),
    }


@look
def path_not_ansi(case: CheckSubject) -> Facts | None:
    """Whether a path holds letters that the ANSI code page lacks; VBA and the DLL know no others."""
    machine = case.machine
    places = machine.places
    for path in (str(machine.python), str(places.home), str(places.conf)):
        strange = "".join(each for each in path if not _in_code_page(each, machine.code_page))
        if strange:
            return {"path": path, "letters": strange}
    return None


def _in_code_page(letter: str, code_page: str) -> bool:
    try:
        letter.encode(code_page)
    except UnicodeEncodeError:
        return False
    return True
