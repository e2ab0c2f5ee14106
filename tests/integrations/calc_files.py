"""LibreOffice with the extension, and workbooks that call every function in it."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import xlsxwriter
from xlsxwriter.utility import xl_range_abs

import opsbook
from opsbook.functions import ExcelError
from opsbook.integrations.libreoffice.build_extension import basic, extension

OFFICE = shutil.which("soffice")
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_RECALCULATE = (
    f'{_XML}<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    '<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">'
    "<value>0</value></prop></item></oor:items>"
)
_PASSES = {ExcelError.NA: "NA()", ExcelError.DIV0: "(1/0)", ExcelError.NUM: "SQRT(-1)"}


def why_not() -> str:
    """Return why LibreOffice cannot run the extension here, or an empty text."""
    if OFFICE is None:
        return "LibreOffice is not installed"
    home = Path(OFFICE).resolve().parent
    if not (home / "pythonloader.py").exists():
        return "LibreOffice has no Python: python3-uno is not installed"
    bridge = home / "libpyuno.so"
    version = re.search(rb"libpython(\d+\.\d+)", bridge.read_bytes()) if bridge.exists() else None
    own = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if version is None or version[1].decode() != own:
        return f"LibreOffice's Python is not {own}, so it cannot load this one's numpy"
    return ""


def converted(book: Path, folder: Path, *, python_path: bool = True, **settings: str) -> Path:
    """Return the workbook as LibreOffice calculates and saves it; the extension is unpacked, not installed.

    Args:
        book: The workbook.
        folder: For the profile and the result.
        python_path: Whether LibreOffice's own Python finds opsbook and what it needs.
        settings: Environment variables.
    """
    bundled = folder / "extensions" / "opsbook.oxt"
    with zipfile.ZipFile(io.BytesIO(extension())) as package:
        package.extractall(bundled)
    profile = folder / "profile"
    settings_file = profile / "user" / "registrymodifications.xcu"
    if not settings_file.exists():
        settings_file.parent.mkdir(parents=True)
        settings_file.write_text(_RECALCULATE, encoding="utf-8")
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    if python_path:
        paths = [source(), *(each for each in sys.path if "site-packages" in each)]
        environment["PYTHONPATH"] = os.pathsep.join(paths)
    environment |= {"TMPDIR": str(folder), **settings}
    command = [
        OFFICE,
        f"-env:UserInstallation={profile.as_uri()}",
        f"-env:BUNDLED_EXTENSIONS={bundled.parent.as_uri()}",
        *("--headless", "--convert-to", "xlsx", "--outdir", folder / "out", book),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300, env=environment)
    return folder / "out" / book.name


def source() -> str:
    """Return the folder that holds the package opsbook."""
    return str(Path(opsbook.__file__).parent.parent)


def add_basic(folder: Path) -> None:
    """Put the Basic functions among a person's own macros, in the profile that `converted` has used before.

    LibreOffice replaces them when it makes the profile.
    """
    home = folder / "profile" / "user" / "basic" / "Standard"
    module = (
        f'{_XML}<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">\n'
        '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="OpsBook" '
        f'script:language="StarBasic">{escape(basic())}</script:module>'
    )
    listing = (home / "script.xlb").read_text(encoding="utf-8")
    listed = listing.replace(
        "</library:library>", '<library:element library:name="OpsBook"/></library:library>'
    )
    (home / "OpsBook.xba").write_text(module, encoding="utf-8")
    (home / "script.xlb").write_text(listed, encoding="utf-8")


class Calls:
    """A workbook of calls: arguments that are ranges stand on one sheet, the formulas on another."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._book = xlsxwriter.Workbook(str(path))
        self._data, self._calls = self._book.add_worksheet("data"), self._book.add_worksheet("calls")
        self._next, self._row = 0, 0

    def add(self, name: str, arguments: list[object], shape: tuple[int, int]) -> int:
        """Add a call whose result has a shape; return its row."""
        row, (height, width) = self._row, shape
        text = f"={name}({','.join(map(self._given, arguments))})"
        if shape == (1, 1):
            self._calls.write_formula(row, 0, text, None, 0)
        else:
            self._calls.write_array_formula(row, 0, row + height - 1, width - 1, f"{{{text}}}", None, 0)
        self._row += height
        return row

    def close(self) -> None:
        """Write the file."""
        self._book.close()

    def _given(self, argument: object) -> str:
        if isinstance(argument, list):
            return self._range(argument)
        if argument is None:
            return "data!$XFD$1"
        if isinstance(argument, bool):
            return f"{argument}()".upper()
        if isinstance(argument, ExcelError):
            return _PASSES[argument]
        return f'"{argument}"' if isinstance(argument, str) else repr(argument)

    def _range(self, rows: list[list[object]]) -> str:
        top = self._next
        for down, line in enumerate(rows, start=top):
            for right, cell in enumerate(line):
                if isinstance(cell, ExcelError):
                    self._data.write_formula(down, right, f"={_PASSES[cell]}", None, cell.value)
                elif cell not in (None, ""):
                    self._data.write(down, right, cell)
        self._next += len(rows)
        return "data!" + xl_range_abs(top, 0, self._next - 1, len(rows[0]) - 1)


def shown(path: Path, row: int, shape: tuple[int, int], cache: dict[Path, object]) -> list[list[object]]:
    """Return the values that stand in the cells of a call."""
    if path not in cache:
        cache[path] = openpyxl.load_workbook(path, data_only=True)["calls"]
    sheet = cache[path]
    return [[sheet.cell(row + 1 + r, 1 + c).value for c in range(shape[1])] for r in range(shape[0])]
