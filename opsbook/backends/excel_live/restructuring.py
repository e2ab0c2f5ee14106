"""The steps of an upgrade, done to a workbook that is open in Excel: lines come and go, cells of the template are copied.

Excel lets every reference follow by itself. The template is opened beside the workbook, hidden and read-only; it holds
values alone, so that no copied formula leads back to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from opsbook.backends.excel_live import cell_writer, excel_errors
from opsbook.backends.ooxml.file_workbook import Workbook
from opsbook.backends.ooxml.package_session import OURS
from opsbook.backends.ooxml.shifting import ROWS, Shift
from opsbook.backends.ooxml.zip_container import Container
from opsbook.backends.upgrade.steps import (
    AddChart,
    AddSheet,
    Clear,
    ConnectCharts,
    DropChart,
    Formats,
    MoveChart,
    Paint,
    ShiftLines,
    Step,
    Texts,
)
from opsbook.book import address
from opsbook.book.address import Place
from opsbook.domain.errors import BookError
from opsbook.domain.language import Text

Undo = Callable[[Callable[[], object]], None]
At = tuple[int, int]
_DOWN, _UP, _TO_RIGHT, _TO_LEFT = (
    -4121,
    -4162,
    -4161,
    -4159,
)  # Excel's XlInsertShiftDirection, XlDeleteShiftDirection


_FORMULA_CELL = re.compile(rb'<c( r="[A-Z]+[0-9]+"(?: s="[0-9]+")?)[^<>]*><f[ >].*?</c>', re.DOTALL)
_PRINT_AREA = "_xlnm.Print_Area"


class NotUndoneError(Exception):
    """A step cannot be taken back: the backup has what it removed."""


def titles(steps: list[Step]) -> list[str]:
    """Return the titles of the sheets that steps change."""
    found = []
    for step in steps:
        if isinstance(step, ShiftLines):
            found.append(step.shift.sheet)
        elif isinstance(step, Paint | Texts | Formats | AddChart | MoveChart | DropChart):
            found.append(step.title)
        elif isinstance(step, Clear):
            found.append(step.place.sheet)
    added = {step.title for step in steps if isinstance(step, AddSheet)}
    return [title for title in dict.fromkeys(found) if title not in added]


def check(book: Any, steps: list[Step]) -> None:
    """Make sure that sheets can be added where one is to come.

    Args:
        book: Excel's Workbook.
        steps: What is to be done.

    Raises:
        BookError: The structure of the workbook is protected; nothing was changed.
    """
    if any(isinstance(step, AddSheet) for step in steps) and excel_errors.insist(
        lambda: book.ProtectStructure
    ):
        raise BookError(
            Text(
                "工作簿结构受保护，新版本的工作表无法加入，未写入任何内容：请在“审阅”中撤消工作簿保护，刷新后再重新保护。",
                "The structure of the workbook is protected, and the new version brings a sheet; nothing was written: on the tab "
                "Review choose Protect Workbook to end the protection, refresh, then protect it again.",
            )
        )


@contextmanager
def opened(book: Any, path: Path) -> Iterator[Any]:
    """Open the template beside a workbook, hidden, and close it.

    Args:
        book: Excel's Workbook.
        path: File of the template.
    """
    app = book.Application
    template = excel_errors.insist(
        lambda: app.Workbooks.Open(str(path), 0, True)
    )  # links are not updated; read-only
    try:
        template.Windows.Item(1).Visible = False
        excel_errors.insist(book.Activate)
        yield template
    finally:
        app.CutCopyMode = False
        excel_errors.insist(partial(template.Close, False))


def apply(book: Any, template: Any, steps: list[Step], source: Workbook, undo: Undo) -> None:
    """Do steps in their order.

    Args:
        book: Excel's Workbook.
        template: Excel's Workbook of the template.
        steps: As the upgrade of the copy did them.
        source: The template as a package: it tells heights and where charts are.
        undo: Takes a step that undoes the one just taken.
    """
    for step in steps:
        if isinstance(step, ShiftLines):
            _lines(book.Worksheets.Item(step.shift.sheet), step.shift, undo)
        elif isinstance(step, Paint):
            _paint(book, template, step, source, undo)
        elif isinstance(step, Texts):
            sheet, cells = book.Worksheets.Item(step.title), step.cells
            _copy(sheet, template.Worksheets.Item(step.source), cells, undo, kept=True)
        elif isinstance(step, Formats):
            _format(book.Worksheets.Item(step.title), template.Worksheets.Item(step.source), step, undo)
        elif isinstance(step, Clear):
            undo(_lost)
            excel_errors.insist(book.Worksheets.Item(step.place.sheet).Range(_spelled(step.place)).Clear)
        elif isinstance(step, AddSheet):
            _sheet(book, template, step, undo)
        elif isinstance(step, ConnectCharts):
            for frame in _items(book.Worksheets.Item(step.title).ChartObjects()):
                _connect(frame.Chart, step.formulas, template)
        elif isinstance(step, AddChart | MoveChart | DropChart):
            _chart(book, template, step, source, undo)


def _items(collection: Any) -> Iterator[Any]:
    for number in range(1, int(collection.Count) + 1):
        yield collection.Item(number)


def _spelled(place: Place) -> str:
    return address.spell(replace(place, sheet=""))


def _lost() -> None:
    raise NotUndoneError


def _lines(sheet: Any, shift: Shift, undo: Undo) -> None:
    rows, count = shift.axis == ROWS, abs(shift.count)
    if shift.strip:
        _strip(sheet, shift, undo)
        return
    last = shift.at + count - 1
    text = f"{shift.at + 1}:{last + 1}" if rows else f"{address.letters(shift.at)}:{address.letters(last)}"
    insert, delete = (_DOWN, _UP) if rows else (_TO_RIGHT, _TO_LEFT)
    if shift.count > 0:
        undo(lambda: sheet.Range(text).Delete(delete))
        excel_errors.insist(lambda: sheet.Range(text).Insert(insert))
    else:
        undo(_lost)
        excel_errors.insist(lambda: sheet.Range(text).Delete(delete))


def _strip(sheet: Any, shift: Shift, undo: Undo) -> None:
    """Move part of some lines: Excel moves cells with everything that refers to them when they are cut and pasted."""
    first, last = shift.moved
    low, high = shift.strip or (0, 0)
    area = _area(shift, first, last, low, high)
    to = _area(shift, first + shift.count, last + shift.count, low, high)
    if shift.count < 0:
        undo(_lost)
        gone = _area(shift, shift.at, first - 1, low, high)
        excel_errors.insist(sheet.Range(_spelled(gone)).Clear)
    else:
        undo(lambda: sheet.Range(_spelled(to)).Cut(sheet.Range(_spelled(area))))
    if first <= last:
        excel_errors.insist(lambda: sheet.Range(_spelled(area)).Cut(sheet.Range(_spelled(to))))


def _area(shift: Shift, first: int, last: int, low: int, high: int) -> Place:
    if shift.axis == ROWS:
        return Place("", first, low, last - first + 1, high - low + 1)
    return Place("", low, first, high - low + 1, last - first + 1)


def _paint(book: Any, template: Any, step: Paint, source: Workbook, undo: Undo) -> None:
    sheet, ours = book.Worksheets.Item(step.title), template.Worksheets.Item(step.source.sheet)
    down, right = step.row - step.source.row, step.column - step.source.column
    cells = {(row, column): (row - down, column - right) for row, column in step.written}
    _copy(sheet, ours, cells, undo, kept=False)
    if step.heights:
        for row, height in source.heights(step.source.sheet, step.source.row, step.source.last_row).items():
            number = row + down + 1
            excel_errors.insist(
                partial(setattr, sheet.Range(f"{number}:{number}"), "RowHeight", float(height))
            )


def _copy(sheet: Any, ours: Any, cells: Mapping[At, At], undo: Undo, *, kept: bool) -> None:
    """Copy cells of the template with formats, rules and merged cells, in rectangles."""
    steps: dict[At, set[At]] = {}
    for to, at in cells.items():
        steps.setdefault((at[0] - to[0], at[1] - to[1]), set()).add(to)
    for (down, right), targets in steps.items():
        for place in cell_writer.rectangles(targets):
            origin = replace(place, row=place.row + down, column=place.column + right)
            area = sheet.Range(_spelled(place))
            undo(_lost if kept else area.Clear)
            excel_errors.insist(partial(ours.Range(_spelled(origin)).Copy, area))


def _format(sheet: Any, ours: Any, step: Formats, undo: Undo) -> None:
    """Give cells the number formats of the template; the rest of their look stays."""
    for (row, column), (down, right) in step.cells.items():
        area, model = sheet.Cells(row + 1, column + 1), ours.Cells(down + 1, right + 1)
        if area.NumberFormat != model.NumberFormat:
            undo(partial(setattr, area, "NumberFormat", area.NumberFormat))
            excel_errors.insist(partial(setattr, area, "NumberFormat", model.NumberFormat))


def _sheet(book: Any, template: Any, step: AddSheet, undo: Undo) -> None:
    ours = template.Worksheets.Item(step.title)
    undo(lambda: book.Worksheets.Item(step.title).Delete())
    if step.before:
        excel_errors.insist(partial(ours.Copy, book.Worksheets.Item(step.before)))
    else:
        excel_errors.insist(partial(ours.Copy, None, book.Worksheets.Item(int(book.Worksheets.Count))))


def _chart(
    book: Any, template: Any, step: AddChart | MoveChart | DropChart, source: Workbook, undo: Undo
) -> None:
    sheet = book.Worksheets.Item(step.title)
    if isinstance(step, DropChart):
        undo(_lost)
        excel_errors.insist(lambda: sheet.ChartObjects().Item(step.name).Delete())
        return
    if isinstance(step, MoveChart):
        frame = sheet.ChartObjects().Item(step.name)
        corner = frame.TopLeftCell
        cell = sheet.Cells(int(corner.Row) + step.down, int(corner.Column) + step.right)
        for side in ("Left", "Top"):
            old = getattr(frame, side)
            undo(partial(setattr, frame, side, old))
            new = old - getattr(corner, side) + getattr(cell, side)
            excel_errors.insist(partial(setattr, frame, side, new))
        return
    place = source.charts(step.source)[step.name]
    cell = sheet.Cells(place.row + step.down + 1, place.column + step.right + 1)
    model = template.Worksheets.Item(step.source).ChartObjects().Item(step.name)
    corner = model.TopLeftCell
    undo(lambda: sheet.ChartObjects().Item(step.name).Delete())
    excel_errors.insist(model.Copy)
    excel_errors.insist(partial(sheet.Paste, cell))
    frame = sheet.ChartObjects().Item(int(sheet.ChartObjects().Count))
    frame.Name = step.name
    for side in ("Left", "Top"):
        new = getattr(model, side) - getattr(corner, side) + getattr(cell, side)
        excel_errors.insist(partial(setattr, frame, side, new))
    _connect(frame.Chart, step.formulas, template)


def _connect(chart: Any, formulas: tuple[tuple[str, str], ...], template: Any) -> None:
    """Let the series of a chart that was copied refer to the workbook instead of the template."""
    new = {old.replace("'", ""): text for old, text in formulas}
    mark = f"[{template.Name}]"
    for series in _items(chart.SeriesCollection()):
        text = str(series.Formula)
        parts = text.replace(mark, "").removeprefix("=SERIES(").removesuffix(")").split(",")
        renamed = [new.get(part.replace("'", ""), part) for part in parts]
        excel_errors.insist(partial(setattr, series, "Formula", f"=SERIES({','.join(renamed)})"))


def without_formulas(content: bytes) -> bytes:
    """Return a workbook of OpsBook in which every cell with a formula is empty: figures are written by their blocks."""
    container = Container(content)
    changed = {}
    for name in container.names:
        if name.startswith("xl/worksheets/sheet"):
            changed[name] = _FORMULA_CELL.sub(rb"<c\1/>", container.read(name))
    return container.rebuilt(changed)


def name(book: Any, upgraded: Workbook, undo: Undo) -> None:
    """Let the names of blocks, and what sheets print, be as they are in the copy that was upgraded.

    Args:
        book: Excel's Workbook.
        upgraded: The copy.
        undo: Takes a step that undoes the one just taken.
    """
    comments = upgraded.comments()
    wanted = {said: text for sheet, said, text in upgraded.defined() if not sheet and said.startswith(OURS)}
    found = {}
    for entry in list(_items(book.Names)):
        _, mark, bare = str(entry.Name).rpartition("!")
        if not bare.startswith(OURS):
            continue
        if mark or bare not in wanted:  # brought by a sheet that was copied, or of a block that is gone
            undo(_lost)
            excel_errors.insist(entry.Delete)
        else:
            found[bare.casefold()] = entry
    for said, text in wanted.items():
        entry = found.get(said.casefold())
        if entry is None:
            undo(partial(_forget, book, said))
            excel_errors.insist(partial(book.Names.Add, said, cell_writer.formula(text)))
            entry = book.Names.Item(said)
        elif not address.same_formula(str(entry.RefersTo).removeprefix("="), text):
            undo(partial(setattr, entry, "RefersTo", entry.RefersTo))
            excel_errors.insist(partial(setattr, entry, "RefersTo", cell_writer.formula(text)))
        comment = comments.get(said, "")
        if comment and entry.Comment != comment:
            excel_errors.insist(partial(setattr, entry, "Comment", comment))
    for sheet, said, text in upgraded.defined():
        if sheet and said.casefold() == _PRINT_AREA.casefold():
            own = book.Worksheets.Item(sheet).Names
            entry = next((each for each in _items(own) if str(each.Name).endswith("Print_Area")), None)
            if entry is not None and not address.same_formula(str(entry.RefersTo).removeprefix("="), text):
                undo(partial(setattr, entry, "RefersTo", entry.RefersTo))
                excel_errors.insist(partial(setattr, entry, "RefersTo", cell_writer.formula(text)))


def _forget(book: Any, said: str) -> None:
    book.Names.Item(said).Delete()
