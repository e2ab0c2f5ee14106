"""Stands for an open Excel: the part of its object model that OpsBook uses, filled from a real .xlsx by openpyxl.

It is strict where Excel is: what is entered is read as by a keyboard, text formats make texts of numbers, blocks skip
rows that a filter hides, protected sheets and a cell being edited refuse calls, arrays must fit their range.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path

import openpyxl
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import to_excel

from opsbook.backends.ooxml.file_workbook import Workbook as File
from opsbook.backends.ooxml.shifting import Shift
from opsbook.book.address import Place
from opsbook.domain.errors import BookError

ERRORS = {
    "#NULL!": 2000, "#DIV/0!": 2007, "#VALUE!": 2015, "#REF!": 2023, "#NAME?": 2029, "#NUM!": 2036, "#N/A": 2042,
}  # fmt: skip
ERROR_CELL = -2146828288
EDITING, REJECTED, REFUSED = -2146777998, -2147418111, -2146827284
_NUMBER = re.compile(r"\s*[-+(]?\s*[$¥￥€]?\s*\d[\d,]*\.?\d*(e[-+]?\d+)?\s*%?\)?\s*", re.IGNORECASE)
_DATE = re.compile(r"\s*\d{1,4}([-/.年:时]\d{1,2}.*|月.*|\s*[ap]m)", re.IGNORECASE)


class com_error(Exception):  # noqa: N801, N818 - pywintypes' own name
    """As pywin32 raises it: a number of its own, and Excel's in ``excepinfo``."""

    def __init__(self, hresult, scode=None):
        super().__init__(hresult, "Exception occurred.", None, None)
        self.hresult = hresult
        self.excepinfo = None if scode is None else (0, "Microsoft Excel", "1004", None, 0, scode)


def refused():
    """Return what Excel answers to what it cannot do: error 1004."""
    return com_error(-2147352567, REFUSED)


class Com:
    """An object of Excel: every use of a property or method is a call, which Excel may refuse."""

    def __init__(self, app):
        self._app = app

    def __getattribute__(self, name):
        if name[0].isupper():
            object.__getattribute__(self, "_app")._called(type(self).__name__, name)
        return object.__getattribute__(self, name)

    def __setattr__(self, name, value):
        if name[0].isupper():
            self._app._called(type(self).__name__, f"{name}=")
        object.__setattr__(self, name, value)


class App(Com):
    """Excel's Application."""

    def __init__(self):
        self._app = self
        self._calls = []  # object and member of every call
        self._fault = None  # called with them; may raise
        self._editing = False
        self._dynamic_arrays = False  # Excel 365, which has Formula2
        self.ScreenUpdating = self.EnableEvents = self.DisplayAlerts = True
        self.Calculation = -4105
        self.StatusBar = self.CutCopyMode = False
        self.Workbooks = Workbooks(self)
        self._calls.clear()

    def _called(self, owner, member):
        self._calls.append((owner, member))
        if self._editing:
            raise com_error(EDITING)
        if self._fault:
            self._fault(owner, member)

    def settings(self):
        """Return what must be as it was afterwards."""
        return (
            self.__dict__["ScreenUpdating"],
            self.__dict__["EnableEvents"],
            self.__dict__["DisplayAlerts"],
            self.__dict__["Calculation"],
            self.__dict__["StatusBar"],
        )


class Workbooks(Com):
    def Open(self, path, links, read_only):  # noqa: N802
        assert (links, read_only) == (0, True)
        return Workbook(path, self._app)


class Windows(Com):
    def Item(self, number):  # noqa: N802
        assert number == 1
        return self


class Items(Com):
    """A collection, counted from 1 or asked by name."""

    def __init__(self, app, entries):
        super().__init__(app)
        self._entries = entries  # a list; names are compared without case

    @property
    def Count(self):  # noqa: N802
        return len(self._entries)

    def Item(self, key):  # noqa: N802
        if isinstance(key, int):
            return self._entries[key - 1]
        for entry in self._entries:
            if entry.__dict__["Name"].casefold() == key.casefold():
                return entry
        raise refused()


class Names(Items):
    def Add(self, name, refers_to):  # noqa: N802
        assert refers_to.startswith("=")
        assert "_xlfn" not in refers_to
        self._entries.append(Name(self._app, name, refers_to, self))


class Name(Com):
    def __init__(self, app, name, refers_to, home):
        super().__init__(app)
        self.__dict__.update(Name=name, RefersTo=refers_to, Comment="")
        self._home = home

    def Delete(self):  # noqa: N802
        self._home._entries.remove(self)


class Content:
    """What a cell holds: a value as Value2 gives it, and the formula with its ``=``."""

    __slots__ = ("formula", "number_format", "value")

    def __init__(self, value=None, formula="", number_format="General"):
        self.value, self.formula, self.number_format = value, formula, number_format

    def enter(self, given):
        """Take what a program assigns, as Excel reads it."""
        assert given is None or type(given) in (str, float, bool), (
            f"{given!r} is nothing that COM takes safely"
        )
        self.formula = ""
        if given is None or given == "":
            self.value = None
        elif isinstance(given, str) and given.startswith("'"):
            self.value = given[1:]
        elif self.number_format == "@":
            self.value = given if isinstance(given, str) else f"{given:g}"
        elif isinstance(given, str):
            self._read(given)
        else:
            self.value = given

    def _read(self, text):
        if text in ERRORS:
            self.value = ERROR_CELL + ERRORS[text]
        elif text[0] in "+-@" and not _NUMBER.fullmatch(text):
            raise refused()  # taken for a formula, and a wrong one
        elif text[0] == "=":
            assert not re.search(r"_xl(fn|pm|ws)\.", re.sub(r'".*?"', "", text)), text
            self.formula, self.value = text, 0.0
        elif text.casefold() in ("true", "false"):
            self.value = text.casefold() == "true"
        elif _NUMBER.fullmatch(text):
            self.value = float(re.sub(r"[^\d.]", "", text).rstrip(".") or 0)
        elif _DATE.fullmatch(text) or text == "三月":
            self.value = 45000.0
        else:
            self.value = text


class Range(Com):
    def __init__(self, sheet, row, column, last_row, last_column):
        super().__init__(sheet._app)
        self._sheet = sheet
        self._box = row, column, last_row, last_column

    @property
    def Address(self):  # noqa: N802
        row, column, last_row, last_column = self._box
        first, last = f"${get_column_letter(column)}${row}", f"${get_column_letter(last_column)}${last_row}"
        return first if first == last else f"{first}:{last}"

    @property
    def Row(self):  # noqa: N802
        return self._box[0]

    @property
    def Column(self):  # noqa: N802
        return self._box[1]

    def _cells(self):
        row, column, last_row, last_column = self._box
        return [
            [self._sheet._cell(down, right) for right in range(column, last_column + 1)]
            for down in range(row, last_row + 1)
        ]

    @property
    def Value2(self):  # noqa: N802
        rows = tuple(tuple(cell.value for cell in line) for line in self._cells())
        return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows

    @Value2.setter
    def Value2(self, given):  # noqa: N802
        self._enter(given)

    @property
    def Formula(self):  # noqa: N802
        raise AssertionError("not needed: values are read back")

    @Formula.setter
    def Formula(self, given):  # noqa: N802
        self._enter(given)

    @property
    def Formula2(self):  # noqa: N802
        if not self._app._dynamic_arrays:
            raise AttributeError("Range.Formula2")  # as pywin32 says of an Excel before 365
        return self._cells()[0][0].formula

    @Formula2.setter
    def Formula2(self, given):  # noqa: N802
        assert self._app._dynamic_arrays
        self._enter(given)

    def _enter(self, given):
        self._sheet._check()
        lines = self._cells()
        single = len(lines) == len(lines[0]) == 1
        if not isinstance(given, tuple):
            assert single, "one value would be written into every cell"
            given = ((given,),)
        assert [len(line) for line in given] == [len(line) for line in lines], (
            "the array does not fit the range"
        )
        for down, (values, cells) in enumerate(zip(given, lines, strict=True)):
            for right, (value, cell) in enumerate(zip(values, cells, strict=True)):
                at = self._box[0] + down, self._box[1] + right
                if not single and (at[0] in self._sheet._hidden or self._sheet._covered(*at)):
                    continue
                if not self._sheet._covered(*at):
                    cell.enter(value)
                    self._sheet._edited.add(at)

    @property
    def NumberFormat(self):  # noqa: N802
        return self._cells()[0][0].number_format

    @NumberFormat.setter
    def NumberFormat(self, code):  # noqa: N802
        self._cells()[0][0].number_format = code

    @property
    def MergeCells(self):  # noqa: N802
        return self._sheet._merge(*self._box[:2]) is not None

    @property
    def MergeArea(self):  # noqa: N802
        return Range(self._sheet, *self._sheet._merge(*self._box[:2]))

    def _place(self):
        row, column, last_row, last_column = self._box
        return Place("", row - 1, column - 1, last_row - row + 1, last_column - column + 1)

    def _lines(self, count_sign):
        row, column, last_row, last_column = self._box
        if last_column >= 16384:
            return Shift(self._sheet.__dict__["Name"], "rows", row - 1, count_sign * (last_row - row + 1))
        return Shift(
            self._sheet.__dict__["Name"], "columns", column - 1, count_sign * (last_column - column + 1)
        )

    def Insert(self, direction):  # noqa: N802
        self._sheet._check()
        shift = self._lines(1)
        assert direction == (-4121 if shift.axis == "rows" else -4161)
        self._sheet._book._shift(self._sheet, shift)

    def Delete(self, direction):  # noqa: N802
        self._sheet._check()
        shift = self._lines(-1)
        assert direction == (-4162 if shift.axis == "rows" else -4159)
        self._sheet._book._shift(self._sheet, shift)

    def Cut(self, target):  # noqa: N802
        """Move cells; what refers to them, or ends with them, follows."""
        self._sheet._check()
        old, new = self._place(), target._place()
        down, right = new.row - old.row, new.column - old.column
        assert not (down and right)
        title = self._sheet.__dict__["Name"]
        if down:
            at = old.row + min(0, down)
            shift = Shift(title, "rows", at, down, (old.column, old.last_column), old.last_row)
        else:
            at = old.column + min(0, right)
            shift = Shift(title, "columns", at, right, (old.row, old.last_row), old.last_column)
        self._sheet._book._shift(self._sheet, shift)

    def Copy(self, target):  # noqa: N802
        target._sheet._check()
        for down, line in enumerate(self._cells()):
            for right, cell in enumerate(line):
                assert not cell.formula, "a copied formula would lead back to the template"
                at = target._box[0] + down, target._box[1] + right
                target._sheet._contents[at] = Content(cell.value, "", cell.number_format)
                target._sheet._edited.add(at)
        place = self._place()
        for box in self._sheet._merged:
            if place.holds(box[0] - 1, box[1] - 1) and place.holds(box[2] - 1, box[3] - 1):
                down, right = target._box[0] - self._box[0], target._box[1] - self._box[1]
                target._sheet._merged.append((box[0] + down, box[1] + right, box[2] + down, box[3] + right))

    def Clear(self):  # noqa: N802
        self.ClearContents()
        for line in self._cells():
            for cell in line:
                cell.number_format = "General"

    @property
    def RowHeight(self):  # noqa: N802
        return self._sheet._heights.get(self._box[0])

    @RowHeight.setter
    def RowHeight(self, points):  # noqa: N802
        for row in range(self._box[0], self._box[2] + 1):
            self._sheet._heights[row] = points

    @property
    def Left(self):  # noqa: N802
        return self._box[1] * 50.0

    @property
    def Top(self):  # noqa: N802
        return self._box[0] * 15.0

    def FillDown(self):  # noqa: N802
        self._sheet._check()
        first, *rest = self._cells()
        for line in rest:
            for model, cell in zip(first, line, strict=True):
                cell.value, cell.formula, cell.number_format = model.value, model.formula, model.number_format

    def ClearContents(self):  # noqa: N802
        self._sheet._check()
        for line in self._cells():
            for cell in line:
                cell.value, cell.formula = None, ""


class Cells(Com):
    def __init__(self, sheet):
        super().__init__(sheet._app)
        self._sheet = sheet

    def __call__(self, row, column):
        self._app._called("Cells", "()")
        return Range(self._sheet, row, column, row, column)

    @property
    def FormatConditions(self):  # noqa: N802
        return Items(self._app, self._sheet._rules)

    @property
    def SparklineGroups(self):  # noqa: N802
        return Items(self._app, self._sheet._sparklines)


class Areas(Com):
    """A range of several rectangles, of which only the address is asked."""

    def __init__(self, app, address):
        super().__init__(app)
        self.__dict__["Address"] = address


class Rule(Com):
    def __init__(self, app, areas):
        super().__init__(app)
        self.__dict__["AppliesTo"] = areas

    def ModifyAppliesToRange(self, areas):  # noqa: N802
        self.__dict__["AppliesTo"] = areas


class Table(Com):
    def __init__(self, app, name, area):
        super().__init__(app)
        self.__dict__.update(Name=name, Range=area)

    def Resize(self, area):  # noqa: N802
        assert area._box[0] == self.__dict__["Range"]._box[0], "the header row must stay"
        self.__dict__["Range"] = area


class Frame(Com):
    def __init__(self, app, chart, name="", cell=None, sheet=None):
        super().__init__(app)
        self.__dict__.update(Chart=chart, Name=name, Left=cell and cell.Left, Top=cell and cell.Top)
        self._sheet = sheet

    @property
    def TopLeftCell(self):  # noqa: N802
        row, column = round(self.__dict__["Top"] // 15), round(self.__dict__["Left"] // 50)
        return Range(self._sheet, row, column, row, column)

    def Copy(self):  # noqa: N802
        self._app._clipboard = self

    def Delete(self):  # noqa: N802
        self._sheet._charts.remove(self)


class Chart(Com):
    def __init__(self, app, series):
        super().__init__(app)
        self._series = series

    def SeriesCollection(self):  # noqa: N802
        return Items(self._app, self._series)


class Series(Com):
    def __init__(self, app, formula):
        super().__init__(app)
        self._formula = formula

    @property
    def Formula(self):  # noqa: N802
        if self._formula is None:
            raise refused()
        return self._formula

    @Formula.setter
    def Formula(self, text):  # noqa: N802
        self._formula = text


class Sparkline(Com):
    def __init__(self, app, source):
        super().__init__(app)
        self.__dict__["SourceData"] = source

    def ModifySourceData(self, source):  # noqa: N802
        self.__dict__["SourceData"] = source


class Sheet(Com):
    def __init__(self, app, title):
        super().__init__(app)
        self._contents = {}
        self._hidden, self._edited, self._merged = set(), set(), []
        self._rules, self._tables, self._charts, self._sparklines = [], [], [], []
        self._heights, self._book = {}, None
        self.__dict__.update(Name=title, ProtectContents=False, ProtectionMode=False)
        self.__dict__["Names"] = Names(app, [])

    def _cell(self, row, column):
        return self._contents.setdefault((row, column), Content())

    def _check(self):
        if self.__dict__["ProtectContents"] and not self.__dict__["ProtectionMode"]:
            raise refused()

    def _merge(self, row, column):
        for box in self._merged:
            if box[0] <= row <= box[2] and box[1] <= column <= box[3]:
                return box
        return None

    def _covered(self, row, column):
        box = self._merge(row, column)
        return box is not None and box[:2] != (row, column)

    def Copy(self, before=None, after=None):  # noqa: N802
        book = (before or after)._book
        new = Sheet(book._app, self.__dict__["Name"])
        new._book = book
        for at, content in self._contents.items():
            assert not content.formula
            new._contents[at] = Content(content.value, "", content.number_format)
        new._merged, new._heights, new._rules = list(self._merged), dict(self._heights), list(self._rules)
        for frame in self._charts:
            self._app._clipboard = frame
            new.Paste(Range(new, *frame.TopLeftCell._box))
        at = book._sheets.index(before) if before else book._sheets.index(after) + 1
        book._sheets.insert(at, new)

    def Delete(self):  # noqa: N802
        self._book._sheets.remove(self)

    def Paste(self, cell):  # noqa: N802
        model = self._app._clipboard
        mark = f"[{model._sheet._book.__dict__['Name']}]"
        series = [
            Series(self._app, re.sub(r"(?<=[(,])'?([^'!,]+)'?!", rf"'{mark}\1'!", each._formula))
            for each in model.__dict__["Chart"]._series
        ]
        self._charts.append(
            Frame(self._app, Chart(self._app, series), f"Chart {len(self._charts)}", cell, self)
        )

    def Range(self, address):  # noqa: N802
        assert len(address) < 256
        if re.fullmatch(r"\d+:\d+", address):
            top, bottom = address.split(":")
            return Range(self, int(top), 1, int(bottom), 16384)
        if re.fullmatch(r"[A-Z]+:[A-Z]+", address):
            left, _, right, _ = range_boundaries(address)
            return Range(self, 1, left, 1048576, right)
        if "," in address:
            return Areas(self._app, address)
        left, top, right, bottom = range_boundaries(address.replace("$", ""))
        return Range(self, top, left, bottom, right)

    @property
    def Cells(self):  # noqa: N802
        return Cells(self)

    @property
    def ListObjects(self):  # noqa: N802
        return Items(self._app, self._tables)

    def ChartObjects(self):  # noqa: N802
        return Items(self._app, self._charts)


class Workbook(Com):
    """Excel's Workbook, as it stands after the file was opened."""

    def __init__(self, path, app=None):
        super().__init__(app or App())
        self._file = Path(path)
        self.__dict__.update(
            Name=self._file.name,
            FullName=str(path),
            Path=str(self._file.parent),
            ReadOnly=False,
            Final=False,
            ProtectStructure=False,
            Windows=Windows(self._app),
        )
        self.__dict__["Application"] = self._app
        self._sheets = []
        self._load()

    def _load(self):
        formulas = openpyxl.load_workbook(self._file)
        values = openpyxl.load_workbook(self._file, data_only=True)
        app = self._app
        for title in formulas.sheetnames:
            sheet, source, shown = Sheet(app, title), formulas[title], values[title]
            for line in source.iter_rows():
                for cell in line:
                    if cell.value is not None or cell.has_style:
                        content = Content(number_format=cell.number_format)
                        content.value = _value2(shown[cell.coordinate])
                        if cell.data_type == "f":
                            content.formula = str(getattr(cell.value, "text", cell.value))
                        sheet._contents[cell.row, cell.column] = content
            sheet._merged = [
                (each.min_row, each.min_col, each.max_row, each.max_col)
                for each in source.merged_cells.ranges
            ]
            sheet._rules = [
                Rule(app, sheet.Range(str(area.sqref).replace(" ", ",")))
                for area in source.conditional_formatting
                if len(str(area.sqref)) < 256
            ]
            sheet._tables = [
                Table(app, table.name, sheet.Range(table.ref)) for table in source.tables.values()
            ]
            sheet._book = self
            names = _chart_names(self._file, title)
            for number, chart in enumerate(source._charts):
                corner = chart.anchor._from
                cell = Range(sheet, corner.row + 1, corner.col + 1, corner.row + 1, corner.col + 1)
                drawn = Chart(app, list(_series(app, chart)))
                sheet._charts.append(
                    Frame(app, drawn, names[number] if number < len(names) else "", cell, sheet)
                )
            own = sheet.__dict__["Names"]
            for name, entry in source.defined_names.items():
                own._entries.append(Name(app, name, f"={entry.attr_text}", own))
            if source.print_area:
                own._entries.append(Name(app, "Print_Area", f"={source.print_area}", own))
            self._sheets.append(sheet)
        self.__dict__["Names"] = Names(app, [])
        names = self.__dict__["Names"]
        for name, entry in formulas.defined_names.items():
            names._entries.append(Name(app, name, f"={entry.attr_text}", names))
        app._calls.clear()

    @property
    def Worksheets(self):  # noqa: N802
        return Items(self._app, self._sheets)

    @property
    def Charts(self):  # noqa: N802
        return Items(self._app, [])

    def Activate(self):  # noqa: N802
        pass

    def Close(self, save):  # noqa: N802
        assert save is False

    def _shift(self, home, shift):
        """Let cells of a sheet move, and everything that refers to them."""
        for sheet in self._sheets:
            title = sheet.__dict__["Name"]
            for content in sheet._contents.values():
                if content.formula:
                    content.formula = "=" + shift.formula(content.formula[1:], title)
            for frame in sheet._charts:
                for series in frame.__dict__["Chart"]._series:
                    series._formula = shift.formula(series._formula, "")
        for name in [
            *self.__dict__["Names"]._entries,
            *(n for s in self._sheets for n in s.__dict__["Names"]._entries),
        ]:
            name.__dict__["RefersTo"] = shift.formula(name.__dict__["RefersTo"], "")
        moved = {}
        for (row, column), content in home._contents.items():
            if at := shift.cell(row - 1, column - 1):
                moved[at[0] + 1, at[1] + 1] = content
        home._contents = moved
        home._edited = {(at[0] + 1, at[1] + 1) for r, c in home._edited if (at := shift.cell(r - 1, c - 1))}
        boxes = [
            (shift.place(Place("", b[0] - 1, b[1] - 1, b[2] - b[0] + 1, b[3] - b[1] + 1)), b)
            for b in home._merged
        ]
        home._merged = [(p.row + 1, p.column + 1, p.last_row + 1, p.last_column + 1) for p, _ in boxes if p]
        if shift.axis == "rows" and not shift.strip:
            home._heights = {
                new + 1: h for r, h in home._heights.items() if (new := shift.line(r - 1)) is not None
            }
        for rule in home._rules:
            old = rule.__dict__["AppliesTo"].Address.replace("$", "").replace(",", " ")
            new = shift.references(old).replace(" ", ",")
            rule.__dict__["AppliesTo"] = home.Range(new) if new and len(new) < 256 else Areas(self._app, new)
        for frame in home._charts:
            cell = frame.TopLeftCell._box
            if not shift.strip and (at := shift.cell(cell[0] - 1, cell[1] - 1)):
                frame.__dict__["Top"] += (at[0] + 1 - cell[0]) * 15.0
                frame.__dict__["Left"] += (at[1] + 1 - cell[1]) * 50.0

    def sheet(self, title):
        """Return a sheet for the test itself."""
        return next(each for each in self._sheets if each.__dict__["Name"] == title)

    def type(self, title, address, value):
        """Let a person type into a cell."""
        column, row, _, _ = range_boundaries(address)
        sheet = self.sheet(title)
        cell = sheet._cell(row, column)
        cell.value, cell.formula = value, ""
        sheet._edited.add((row, column))

    def SaveCopyAs(self, path):  # noqa: N802
        if not any(sheet._edited for sheet in self._sheets):
            shutil.copyfile(self._file, path)
            return
        book = openpyxl.load_workbook(self._file)
        for sheet in self._sheets:
            for row, column in sheet._edited:
                cell, content = book[sheet.__dict__["Name"]].cell(row, column), sheet._cell(row, column)
                value = content.formula or content.value
                if isinstance(value, int) and not isinstance(value, bool):
                    value = next(text for text, code in ERRORS.items() if code == value - ERROR_CELL)
                cell.value = value
                if not content.formula and isinstance(value, str) and value not in ERRORS:
                    cell.data_type = "s"
        for name in self.__dict__["Names"]._entries:
            text = name.__dict__["RefersTo"][1:]
            entry = openpyxl.workbook.defined_name.DefinedName(name.__dict__["Name"], attr_text=text)
            book.defined_names[name.__dict__["Name"]] = entry
        book.save(path)

    # --- for comparing --------------------------------------------------------------------------

    def shown(self):
        """Return formula (or value) of every filled cell by sheet and address."""
        return {
            (sheet.__dict__["Name"], f"{get_column_letter(column)}{row}"): content.formula or content.value
            for sheet in self._sheets
            for (row, column), content in sheet._contents.items()
            if content.formula or content.value is not None
        }

    def name(self, name):
        """Return the text of a defined name."""
        return next(
            each.__dict__["RefersTo"]
            for each in self.__dict__["Names"]._entries
            if each.__dict__["Name"] == name
        )


def _value2(cell):
    value = cell.value
    if isinstance(value, dt.timedelta | dt.time | dt.date):
        return float(to_excel(value))
    if cell.data_type == "e":
        return ERROR_CELL + ERRORS[value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _chart_names(path, title):
    try:
        with File.open(path, for_writing=False) as book:
            return list(book.charts(title))
    except BookError:
        return []  # not ours


def _series(app, chart):
    for number, each in enumerate(chart.series, start=1):
        parts = [
            each.tx.strRef.f if each.tx and each.tx.strRef else "",
            next((ref.f for ref in (each.cat.strRef, each.cat.numRef) if ref), "") if each.cat else "",
            each.val.numRef.f if each.val else "",
        ]
        yield Series(app, f"=SERIES({','.join(parts)},{number})")


class Book:
    """Stands for xlwings' Book: what it shows is kept."""

    def __init__(self, api):
        self.api = api
        self.app = self
        self.shown = []  # message boxes: text and mode

    def alert(self, text, title, mode):
        assert title == "OpsBook"
        self.shown.append((text, mode))
