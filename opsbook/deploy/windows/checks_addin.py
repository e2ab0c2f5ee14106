"""Checks of what `opsbook install` put in place."""

from __future__ import annotations

import re
from pathlib import Path

from opsbook import __version__
from opsbook.deploy.windows import office_settings, xlwings_conf
from opsbook.deploy.windows.checks import CheckSubject, Facts, look
from opsbook.deploy.windows.machine import Machine
from opsbook.domain.language import LANGUAGES, Text
from opsbook.integrations import shared_names

_GONE = Text("不存在", "is missing")
_OTHER = Text("是另一个版本的", "is of another version")
COMMAND = (
    'cmd.exe  /K """ -B -c "import sys, os;import xlwings.utils;xlwings.utils.prepare_sys_path'
    r"""(\"false;;;;;;\");import xlwings; xlwings.serve('$(CLSID)')"""
    '""'
)
"""What xlwings' VBA builds to start Python, without the path of Python and the configured paths."""
_PATH_KEYS = ("ONEDRIVE_CONSUMER_WIN", "ONEDRIVE_COMMERCIAL_WIN", "SHAREPOINT_WIN", "PYTHONPATH")


@look
def not_installed(case: CheckSubject) -> Facts | None:
    """Whether nothing was installed yet."""
    return None if case.machine.places.ledger.exists() else {}


@look
def dll_outdated(case: CheckSubject) -> Facts | None:
    """Whether our copies of the DLLs are missing, or of another xlwings."""
    machine = case.machine
    for bits in shared_names.DLLS:
        path, shipped = machine.places.dll(bits), machine.dll(bits)
        if not path.exists():
            return {"path": str(path), "state": _GONE}
        if shipped and path.read_bytes() != shipped.read_bytes():
            return {"path": str(path), "state": _OTHER}
    return None


@look
def addin_outdated(case: CheckSubject) -> Facts | None:
    """Whether the add-in is missing, or not the one this version builds."""
    from opsbook.integrations.vba.build_templates import addin

    path = case.machine.places.addin
    if not path.exists():
        return {"path": str(path), "state": _GONE}
    found = path.read_bytes()
    return None if any(found == addin(each) for each in LANGUAGES) else {"path": str(path), "state": _OTHER}


@look
def addin_disabled(case: CheckSubject) -> Facts | None:
    """Whether Excel put the add-in on its list of those it does not open any more."""
    return {} if office_settings.switched_off(case.machine, case.machine.places.addin.name) else None


@look
def addin_twice(case: CheckSubject) -> Facts | None:
    """Whether Excel opens a second copy of the add-in."""
    machine = case.machine
    mine = machine.places.addin
    listed = machine.registry.values(rf"{office_settings.settings(machine)}\Options")
    for name, content in listed.items():
        path = str(content).removeprefix("/R ").strip('"')
        if name.upper().startswith("OPEN") and path.casefold().endswith(mine.name):
            return {"path": path}
    return None


@look
def conf_missing(case: CheckSubject) -> Facts | None:
    """Whether the configuration names no Python."""
    path = case.machine.places.conf
    return None if _configured(case.machine).get("INTERPRETER_WIN") else {"path": str(path)}


@look
def conf_mark(case: CheckSubject) -> Facts | None:
    """Whether the configuration begins with the mark of UTF-8."""
    path = case.machine.places.conf
    return {"path": str(path)} if xlwings_conf.has_mark(_content(case.machine)) else None


@look
def conf_odd_line(case: CheckSubject) -> Facts | None:
    """Whether a line of the configuration shifts those after it."""
    line = xlwings_conf.odd_line(_content(case.machine))
    return {"path": str(case.machine.places.conf), "line": line} if line else None


@look
def conf_python_missing(case: CheckSubject) -> Facts | None:
    """Whether the configured Python is not there."""
    machine = case.machine
    path = _python(machine)
    return None if path.is_file() else {"path": str(path), "python": str(machine.python)}


@look
def conf_other_python(case: CheckSubject) -> Facts | None:
    """Whether Excel uses another Python than the one that asks."""
    machine = case.machine
    path = _python(machine)
    if _same(path, machine.python):
        return None
    found = _version_in(path)
    version = Text(f" OpsBook 的版本是 {found}", f"OpsBook {found}") if found else _NONE
    return {"path": str(path), "version": version, "mine": __version__, "python": str(machine.python)}


_NONE = Text("没有找到 OpsBook", "no OpsBook that could be found")


@look
def command_too_long(case: CheckSubject) -> Facts | None:
    """Whether the command that starts Python would be longer than the VBA lets pass."""
    machine = case.machine
    values = _configured(machine)
    # Backslashes and quotes are doubled on the way.
    paths = [machine.expanded(values.get(key, "")) for key in _PATH_KEYS]
    length = len(COMMAND) + len(str(_python(machine)))
    length += sum(len(each) + sum(each.count(sign) for sign in "\\'&") for each in paths)
    if length <= shared_names.LONGEST_COMMAND or values.get("DEBUG UDFS", "").casefold() == "true":
        return None
    return {"length": length, "longest": shared_names.LONGEST_COMMAND, "path": str(machine.places.conf)}


@look
def server_absent(case: CheckSubject) -> Facts | None:
    """Whether Excel waits for a Python that does not run."""
    machine = case.machine
    wanted = _configured(machine).get("DEBUG UDFS", "").casefold() == "true"
    return {} if wanted and not machine.serving() else None


def _content(machine: Machine) -> bytes:
    path = machine.places.conf
    return path.read_bytes() if path.exists() else b""


def _configured(machine: Machine) -> dict[str, str]:
    return xlwings_conf.values(_content(machine), machine.code_page)


def _python(machine: Machine) -> Path:
    return Path(machine.expanded(_configured(machine).get("INTERPRETER_WIN", "")))


def _same(one: Path, other: Path) -> bool:
    """Tell whether two names mean one program, or its twin without a console."""
    first, second = (
        str(each.with_name(each.name.lower().replace("pythonw", "python"))) for each in (one, other)
    )
    return first.casefold() == second.casefold()


def _version_in(python: Path) -> str | None:
    """Return the version of OpsBook in another Python, without running it."""
    for folder in (python.parent, python.parent.parent):
        libraries = folder / "Lib" / "site-packages"
        for found in libraries.glob("opsbook-*.dist-info"):
            return found.name.removeprefix("opsbook-").removesuffix(".dist-info")
        unpacked = libraries / "opsbook" / "__init__.py"  # put there without pip
        if unpacked.exists():
            match = re.search(r'__version__ = "([^"]+)"', unpacked.read_text(encoding="utf-8"))
            return match[1] if match else None
    return None
