"""What LibreOffice loads: its cells in, `opsbook.functions.call`, its cells out. Copied into the extension as it is.

Python of LibreOffice runs this file. Where that Python has opsbook, the functions run in LibreOffice itself; elsewhere
in a process of the Python that ``opsbook.conf`` in the folder ``.opsbook`` of the user's home names, as for Excel:
``"INTERPRETER","/path/to/python"``.
"""

from __future__ import annotations

import json
import logging
import os
import struct
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import opsbook_methods  # generated beside this file
import uno
import unohelper
from org.opsbook import XFunctions

SERVICE = "org.opsbook.Functions"
_CODES = {
    "#NULL!": 521,
    "#DIV/0!": 532,
    "#VALUE!": 519,
    "#REF!": 524,
    "#NAME?": 525,
    "#NUM!": 503,
    "#N/A": 32767,
}
_log = logging.getLogger("opsbook.calc")


def _error(text: str) -> float:
    """Return a number that Calc shows as an error: a NaN that carries the error's code."""
    code = _CODES.get(text, _CODES["#VALUE!"])
    found: float = struct.unpack("<d", struct.pack("<Q", 0x7FF8000000000000 | code))[0]
    return found


def _given(cells: Any) -> Any:
    """Return an argument: Calc gives a range as rows, an empty cell in it as an empty text."""
    if isinstance(cells, tuple):
        return [[None if cell == "" else cell for cell in row] for row in cells]
    return cells


def _shown(result: Any, *, rows: bool) -> Any:
    """Return a result as Calc takes it; errors come as ``{"error": "#N/A"}``, booleans would show as 0."""
    if isinstance(result, list):
        return tuple(tuple(_shown(cell, rows=False) for cell in row) for row in result)
    if result is None:
        found: Any = _error("#N/A")
    elif isinstance(result, dict):
        found = _error(result["error"])
    elif isinstance(result, bool):
        found = float(result)
    else:
        found = result
    return ((found,),) if rows else found


class _Here:
    """The functions in this process."""

    def __init__(self) -> None:
        from opsbook.integrations.libreoffice.calc_worker import answer

        self.call = answer


class _Elsewhere:
    """The functions in another Python's process: a line of JSON there, a line back."""

    def __init__(self) -> None:
        hidden = {"creationflags": 0x08000000} if os.name == "nt" else {}  # no black window
        self._process = subprocess.Popen(  # type: ignore[call-overload]  # noqa: S603 - the user's own Python
            [_interpreter(), "-m", "opsbook.integrations.libreoffice.calc_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env={key: value for key, value in os.environ.items() if not key.startswith("PYTHON")},
            **hidden,
        )

    def call(self, name: str, arguments: list[Any], language: str) -> Any:
        """Return what ``=NAME(arguments)`` shows."""
        self._process.stdin.write(json.dumps([name, arguments, language]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


def _interpreter() -> str:
    """Return the Python that the user's settings name."""
    for line in (Path.home() / ".opsbook" / "opsbook.conf").read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(",")
        if key.strip(' "').startswith("INTERPRETER"):
            return value.strip(' "')
    raise FileNotFoundError("no INTERPRETER in opsbook.conf")


class _Engine:
    """The one way that works here; after three failures no other process is started for cell after cell."""

    def __init__(self) -> None:
        self._way: _Here | _Elsewhere | None = None
        self._failures = 0

    def ask(self, name: str, arguments: list[Any], language: str) -> Any:
        """Return what ``=NAME(arguments)`` shows; #NAME? where no Python with opsbook answers."""
        if self._failures < _PATIENCE:
            try:
                self._way = self._way or _found()
                return self._way.call(name, arguments, language)
            except Exception:  # noqa: BLE001 - Calc would show #VALUE! and nothing else; the log says more
                _log.exception("%s failed", name)
                self._way = None
                self._failures += 1
        return {"error": "#NAME?"}


def _found() -> _Here | _Elsewhere:
    try:
        return _Here()
    except ImportError:
        return _Elsewhere()


_PATIENCE = 3
_engine = _Engine()


class Functions(unohelper.Base, XFunctions):  # type: ignore[misc]
    """The component; its methods are those of `opsbook_methods`."""

    def __init__(self, context: Any) -> None:
        self.language = _language(context)


def _language(context: Any) -> str:
    """Return the language of LibreOffice's windows, for words in results."""
    provider = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.configuration.ConfigurationProvider", context
    )
    where = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    where.Name, where.Value = "nodepath", "/org.openoffice.Setup/L10N"
    found = provider.createInstanceWithArguments("com.sun.star.configuration.ConfigurationAccess", (where,))
    return "zh" if str(found.getByName("ooLocale")).startswith("zh") else "en"


def _method(name: str, *, rows: bool) -> Any:
    def method(self: Functions, *cells: Any) -> Any:
        return _shown(_engine.ask(name, [_given(each) for each in cells], self.language), rows=rows)

    return method


for _name, (_function, _rows) in opsbook_methods.METHODS.items():
    setattr(Functions, _name, _method(_function, rows=_rows))

_log.addHandler(logging.FileHandler(Path(tempfile.gettempdir()) / "opsbook-calc.log", delay=True))
g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 - the name that LibreOffice looks for
g_ImplementationHelper.addImplementation(Functions, SERVICE, (SERVICE,))
