"""Calls and their results in the form that client.py reads and writes: a kind and a value, numbers exact."""

import json
import math
from pathlib import Path

from wine.windows import windows_path

from opsbook.functions import ExcelError, call

HERE = Path(__file__).parent
CLSID = "{9A1F1C2E-0D3B-4B5A-8C7D-0F5B0B5C0A01}"
UDFS = "opsbook.integrations.xlwings_udfs.zh"


def told(cells):
    """Return an argument as ``Range.Value2`` gives it: rows of cells; of a single cell, the cell."""
    if isinstance(cells, list) and len(cells) == len(cells[0]) == 1:
        return told(cells[0][0])
    if isinstance(cells, list):
        return ["rows", [[told(cell) for cell in row] for row in cells]]
    if cells is None:
        return ["blank", None]
    if isinstance(cells, ExcelError):
        return ["error", cells.code]
    if isinstance(cells, bool):
        return ["bool", cells]
    return ["text", cells] if isinstance(cells, str) else ["number", float(cells).hex()]


def wanted(name, arguments):
    """Return what must come back for a call: what the Python body gives on this machine, in the shape VBA is handed.

    An error travels as its text; a single row is an array of one dimension, a single cell none.
    """
    result = call(name, *arguments)
    rows = result if isinstance(result, list) else [[result]]
    rows = [[_travelling(cell) for cell in row] for row in rows]
    if len(rows) > 1:
        return ["rows", rows]
    return ["array", rows[0]] if len(rows[0]) > 1 else rows[0][0]


def _travelling(cell):
    return ["text", str(cell)] if isinstance(cell, ExcelError) else told(cell)


def alike(left, right):
    """Return whether two results are equal: kinds, shapes and texts exactly, numbers to the last few bits."""
    if left[0] != right[0] or (isinstance(left[1], list) and len(left[1]) != len(right[1])):
        return False
    if left[0] == "rows":
        return all(alike(["array", a], ["array", b]) for a, b in zip(left[1], right[1], strict=True))
    if left[0] == "array":
        return all(map(alike, left[1], right[1]))
    if left[0] == "number":  # exp, log and powers are other code in the C library of Windows
        numbers = [float.fromhex(each[1]) for each in (left, right)]
        return all(map(math.isfinite, numbers)) and math.isclose(*numbers, rel_tol=1e-12, abs_tol=1e-15)
    return left[1] == right[1]


def ask(windows, calls, timeout, folders=()):
    """Start xlwings' COM server, do a list of calls, return their results.

    The server ends with its last client, as it does when Excel is closed: one list is one server. It also knows the
    modules in ``folders``.
    """
    given, back = windows.folder / "calls.jsonl", windows.folder / "results.jsonl"
    given.write_text("".join(json.dumps(each) + "\n" for each in calls), encoding="utf-8")
    with windows.serving(windows_path(HERE / "server.py"), CLSID, *map(windows_path, (HERE, *folders))):
        done = windows.python_run(
            windows_path(HERE / "client.py"), CLSID, given.name, back.name, timeout=timeout
        )
    assert done.returncode == 0, done.stderr.decode("utf-8", errors="replace")
    return [json.loads(line) for line in back.read_text(encoding="utf-8").splitlines()]
