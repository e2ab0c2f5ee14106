"""Runs the VBA of a built workbook in pyOpenVBA's Excel, with the UDFs behind it as xlwings' server calls them."""

import datetime as dt
import re
from importlib import import_module

from pyopenvba import ExcelFile
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.interpreter import EMPTY, MISSING, VBAArray, VBADate, VBAErrorValue, VBAObject, method

from opsbook.functions import ExcelError

STAND_INS = """
Public Function XLPy() As Variant
    Set XLPy = CreateObject("OpsTest.Server")
End Function
Public Function RangeOf(ByVal address As String) As Variant
    Set RangeOf = Range(address)
End Function
Public Sub PutError(ByVal address As String, ByVal number As Long)
    Range(address).Value = CVErr(number)
End Sub
Public Sub PutDate(ByVal address As String, ByVal year As Long, ByVal month As Long, ByVal day As Long)
    Range(address).Value = DateSerial(year, month, day)
End Sub
"""
ERROR_CELL = -2146828288  # what Windows hands over for an error cell, plus VBA's number
OURS = ("OpsBookCalls", "OpsBookFunctions", "OpsBookRibbon")


def texts(path):
    """Return the modules of a workbook as pyOpenVBA reads them, lines ended by LF."""
    with ExcelFile(path) as book:
        return {name: text.replace("\r\n", "\n") for name, text in book.vba_modules().items()}


class Server(VBAObject):
    """Stands for xlwings' COM server."""

    vba_type_name = "Server"

    def __init__(self):
        self.calls = []
        self.broken = []  # what to fail with, one for each call

    @method
    def CallUDF(self, Module, Function, Arguments):  # noqa: N802, N803  # names of the COM server
        self.calls.append((Module, Function))
        if self.broken:
            raise self.broken.pop(0)
        function = getattr(import_module(str(Module)), str(Function))
        return arriving(function(*[leaving(each) for each in Arguments.items]))

    @method
    def Module(self, Name):  # noqa: N802, N803
        if self.broken:
            raise self.broken.pop(0)
        return Name

    @method
    def GetAttr(self, Module, Name):  # noqa: N802, N803
        return getattr(import_module(str(Module)), str(Name))

    @method
    def Str(self, Value):  # noqa: N802, N803
        return str(Value)


class Shell(VBAObject):
    """Stands for Windows' WScript.Shell."""

    vba_type_name = "Shell"

    def __init__(self):
        self.shown = []

    @method
    def Popup(self, Text, Seconds=MISSING, Title=MISSING, Kind=MISSING):  # noqa: ARG002, N802, N803
        self.shown.append(str(Text))
        return 1


class Excel:
    """A workbook with our macros, and Python behind them."""

    def __init__(self, modules):
        self.server, self.shell = Server(), Shell()
        self.server_starts = 0
        self.app = ExcelApplication()
        self.app.add_workbook()
        self.vba = self.app.interpreter
        for name in OURS:
            # The interpreter knows no attributes of procedures; what they say is tested by itself.
            text = re.sub(r"(?m)^Attribute \w+\..*\n", "", modules[name])
            self.vba.add_module(text, name=name)
        self.vba.add_module(STAND_INS, name="StandIns")
        other = self.vba.host.create

        def create(name):
            if name == "OpsTest.Server":
                self.server_starts += 1
                return self.server
            return self.shell if name == "WScript.Shell" else other(name)

        self.vba.host.create = create
        self.row = 1
        self.app.sheet(1).set_value("Z999", 0.0)  # the interpreter reads no further than the last filled cell

    def run(self, name, *arguments):
        """Return what the macro or function gives, errors as `ExcelError`, arrays as rows."""
        return plain(self.vba.run(name, list(arguments)))

    def place(self, cells):
        """Write rows of cells below what stands on the sheet; return their range."""
        sheet, top = self.app.sheet(1), self.row
        for down, row in enumerate(cells):
            for right, cell in enumerate(row):
                address = f"{chr(65 + right)}{top + down}"
                if isinstance(cell, ExcelError):
                    self.vba.run("PutError", [address, float(cell.code)])
                elif isinstance(cell, dt.date):
                    self.vba.run("PutDate", [address, float(cell.year), float(cell.month), float(cell.day)])
                elif cell is not None:
                    sheet.set_value(address, cell)
        self.row += len(cells)
        return self.vba.run("RangeOf", [f"A{top}:{chr(64 + len(cells[0]))}{self.row - 1}"])


def leaving(value):
    """Return a VBA value as pywin32 hands it to Python."""
    if value is EMPTY or value is None:
        return None
    if isinstance(value, VBAErrorValue):
        return ERROR_CELL + value.number
    if isinstance(value, VBAArray):
        return tuple(tuple(leaving(each) for each in row) for row in rows(value))
    assert not isinstance(value, VBADate), "a date must leave as its number"
    return value


def rows(array):
    """Return a VBA array as rows; it is stored column by column."""
    if len(array.bounds) == 1:
        return [list(array.items)]
    height, width = (upper - lower + 1 for lower, upper in array.bounds)
    return [[array.items[column * height + row] for column in range(width)] for row in range(height)]


def arriving(result):
    """Return a Python result as xlwings' CallUDF and pywin32 hand it to VBA: a single row has one dimension."""
    if not isinstance(result, list):
        return result
    if len(result) == 1:
        return VBAArray([(0, len(result[0]) - 1)], items=list(result[0]))
    height, width = len(result), len(result[0])
    items = [result[row][column] for column in range(width) for row in range(height)]
    return VBAArray([(0, height - 1), (0, width - 1)], items=items)


def plain(value):
    if isinstance(value, VBAErrorValue):
        return next(error for error in ExcelError if error.code == value.number)
    if isinstance(value, VBAArray):
        return [[plain(each) for each in row] for row in rows(value)]
    return value


def noticed(modules, fault, checks, start):
    """Return how many of the checks fail with a planted fault.

    Args:
        modules: Texts by name.
        fault: Module, text that stands there once, and what stands there instead.
        checks: Tests that take what ``start`` gives.
        start: Makes an Excel of modules.
    """
    module, old, new = fault
    assert modules[module].count(old) == 1, "the planted place has changed"
    found = 0
    for check in checks:
        try:
            check(start({**modules, module: modules[module].replace(old, new)}))
        except Exception:  # noqa: BLE001  # a test that fails, or VBA that does not run
            found += 1
    return found
