"""Does the steps of an upgrade to the package of a workbook."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from opsbook.backends.ooxml import cell_formulas, drawings, part_transfer, structure, tab_transfer, xml_spans
from opsbook.backends.ooxml.package_session import Session
from opsbook.backends.ooxml.shifting import Shift, rewritten
from opsbook.backends.ooxml.workbook_part import DefinedName
from opsbook.backends.upgrade import rules
from opsbook.backends.upgrade.steps import (
    AddChart,
    AddSheet,
    Clear,
    ConnectCharts,
    Define,
    DropChart,
    Formats,
    MoveChart,
    Paint,
    ShiftLines,
    Step,
    Texts,
)
from opsbook.backends.upgrade.template import Template
from opsbook.book import address, versions
from opsbook.book.address import Place
from opsbook.book.model import LAYOUT_NAME


class Editor:
    """Does steps and keeps them.

    Attributes:
        session: The workbook.
        template: The template beside it.
        steps: What was done, in order.
    """

    def __init__(self, session: Session, template: Template) -> None:
        self.session = session
        self.template = template
        self.steps: list[Step] = []

    # --- lines ---------------------------------------------------------------------------------

    def shift(self, shift: Shift) -> Place | None:
        """Insert or delete lines; return what of the user's they would cut, in which case nothing is done."""
        if blocked := structure.obstacle(self.session, shift):
            return blocked
        structure.apply(self.session, shift)
        self.steps.append(ShiftLines(shift))
        return None

    def free(self, place: Place, but: Collection[str] = ()) -> Place | None:
        """Return the first thing in a rectangle that is not to be written over, None when there is none.

        Args:
            place: Where cells are to come.
            but: Texts of OpsBook that may be there.
        """
        session, sheet = self.session, self.session.sheet(place.sheet)
        for other in session.blocks(place.sheet):
            if other.meets(place):
                return other
        for array in session.arrays(place.sheet):
            if array.meets(place):
                return replace(array, sheet=place.sheet)
        for node in sheet.frame_root.find("mergeCell"):
            merged = address.parse(node.attributes.get("ref", ""))
            if merged and merged.meets(place):
                return replace(merged, sheet=place.sheet)
        for number, row in sheet.rows_between(place.row, place.last_row):
            for column, mark in row.cells.items():
                if place.holds(number, column) and not mark.empty:
                    value = sheet.read(Place("", number, column))[0][0]
                    if mark.formula or str(value) not in but:
                        return Place(place.sheet, number, column)
        return None

    # --- cells of the template -----------------------------------------------------------------

    def paint(
        self, source: Place, title: str, row: int, column: int, *, heights: bool = False, over: bool = False
    ) -> None:
        """Put cells of the template into a sheet with formats, texts, rules and merged cells.

        Args:
            source: Cells of the template.
            title: Of the sheet of the workbook.
            row: Where the first row goes.
            column: Where the first column goes.
            heights: Rows get the heights of the template.
            over: Texts that are there are replaced; otherwise cells that hold something stay as they are.
        """
        written = frozenset(self._paint_cells(source, title, row, column, over=over))
        if heights:
            self._heights(source, title, row)
        rules.copy(self.template, source, title, row, column)
        self.steps.append(Paint(source, title, row, column, heights, written))

    def write_texts(self, source: str, title: str, cells: Mapping[tuple[int, int], tuple[int, int]]) -> None:
        """Put single cells of the template into a sheet, over what is there.

        Args:
            source: Title of their sheet in the template.
            title: Of the sheet in the workbook.
            cells: Row and column in the template of each cell of the workbook.
        """
        for to, at in cells.items():
            self._paint_cells(Place(source, *at), title, *to, over=True)
        self.steps.append(Texts(source, title, cells))

    def _paint_cells(
        self, source: Place, title: str, row: int, column: int, *, over: bool
    ) -> list[tuple[int, int]]:
        ours, sheet = self.template.session.sheet(source.sheet), self.session.sheet(title)
        numbers, written = self.template.numbers, []
        for number, line in list(ours.rows_between(source.row, source.last_row)):
            for at, mark in line.cells.items():
                if not source.column <= at <= source.last_column:
                    continue
                to = number - source.row + row, at - source.column + column
                there = sheet.mark(*to)
                if there is not None and not there.empty and not over:
                    continue
                own = sheet.own_mark(*to)
                own.attributes["s"] = str(numbers.cells[mark.style])
                own.raw = b""
                if not mark.formula:
                    cell_formulas.write(sheet, *to, ours.read(Place("", number, at))[0][0], "")
                written.append(to)
        return written

    def _heights(self, source: Place, title: str, row: int) -> None:
        ours, sheet = self.template.session.sheet(source.sheet), self.session.sheet(title)
        for number, line in ours.rows_between(source.row, source.last_row):
            values = xml_spans.attributes(line.tag)
            if "ht" in values:
                sheet.set_row_height(number - source.row + row, values["ht"])

    def set_heights(self, source: Place, title: str, row: int) -> None:
        """Give rows of a sheet the heights of rows of the template."""
        self._heights(source, title, row)
        self.steps.append(Paint(source, title, row, source.column, heights=True, written=frozenset()))

    def restyle(self, source: str, title: str, cells: Mapping[tuple[int, int], tuple[int, int]]) -> None:
        """Give cells the formats of cells of the template.

        Args:
            source: Title of their sheet in the template.
            title: Of the sheet in the workbook.
            cells: Row and column in the template of each cell of the workbook.
        """
        ours, sheet = self.template.session.sheet(source), self.session.sheet(title)
        for to, at in cells.items():
            mark = sheet.own_mark(*to)
            mark.attributes["s"] = str(self.template.numbers.cells[ours.style(*at)])
            mark.raw = b""
        self.steps.append(Formats(source, title, cells))

    def clear(self, place: Place) -> None:
        """Take content and format from cells."""
        sheet = self.session.sheet(place.sheet)
        for number in range(place.row, place.last_row + 1):
            for column in range(place.column, place.last_column + 1):
                if sheet.mark(number, column) is not None:
                    cell_formulas.write(sheet, number, column, None, "")
                    mark = sheet.own_mark(number, column)
                    mark.attributes.pop("s", None)
                    mark.raw = b""
        rules.clear(self.session, place)
        self.steps.append(Clear(place))

    # --- names, charts, sheets -----------------------------------------------------------------

    def define(self, name: str, place: Place | None, comment: str = "") -> None:
        """Let a name mean some cells, or (None) take it away."""
        names = self.session.book.names
        found = self.session.book.name(name)
        if place is None:
            if found is not None:
                names.remove(found)
        else:
            text = address.spell(place, absolute=True, colon=True)
            if found is None:
                names.append(DefinedName(name, text, None, comment=comment))
            else:
                found.text, found.comment = text, comment or found.comment
        self.steps.append(Define(name, place, comment))

    def comment(self, name: str, comment: str) -> None:
        """Let a workbook remember the form of a block."""
        found = self.session.book.name(name)
        if found is not None and found.comment != comment and (place := self.session.place(name)):
            found.comment = comment
            self.steps.append(Define(name, place, comment))

    def remember(self, mark: str, charts: Collection[str]) -> None:
        """Let the workbook remember its layout."""
        found = self.session.book.name(LAYOUT_NAME)
        text, comment = f'"{mark}"', versions.said(charts)
        if found is None:
            self.session.book.names.append(DefinedName(LAYOUT_NAME, text, None, comment=comment))
        else:
            found.text, found.comment = text, comment

    def add_chart(self, frame: drawings.ChartFrame, source: str, title: str, down: int, right: int) -> None:
        """Put a chart of the template over a sheet.

        Args:
            frame: Of the template.
            source: Title of its sheet there.
            title: Of the sheet in the workbook.
            down: Rows from its place there to that in the workbook.
            right: The same of columns.
        """
        data = self.template.session.parts.read(frame.chart)
        data, changed = self._translated(data)
        part = part_transfer.carry(self.template.session.parts, self.session.parts, frame.chart, data)
        drawings.put(self.session, title, drawings.moved(frame.anchor, down, right), part)
        self.session.stretched.add(part)
        self.steps.append(AddChart(frame.name, source, title, down, right, changed))

    def _translated(self, data: bytes) -> tuple[bytes, tuple[tuple[str, str], ...]]:
        """Return a chart of the template that refers to the cells of the workbook, and what was changed."""
        edits, changed = [], []
        for node in xml_spans.parse(data).find("f"):
            new = rewritten(node.text, "", self.template.locate) if node.text else node.text
            changed.append((node.text, new))
            if new != node.text:
                edits.append((node.inner, node.inner_end, xml_spans.escape(new)))
        return xml_spans.splice(data, edits), tuple(changed)

    def move_chart(self, frame: drawings.ChartFrame, title: str, down: int, right: int) -> None:
        """Move a chart over its sheet."""
        drawings.replace_anchor(self.session, frame, drawings.moved(frame.anchor, down, right))
        self.steps.append(MoveChart(frame.name, title, down, right))

    def drop_chart(self, frame: drawings.ChartFrame, title: str) -> None:
        """Take a chart away."""
        drawings.drop(self.session, frame)
        self.steps.append(DropChart(frame.name, title))

    def add_sheet(self, title: str, before: str | None) -> None:
        """Bring a sheet of the template with its charts, rules and names.

        Args:
            title: In both workbooks.
            before: Title of the sheet that it comes before, None for the end.
        """
        ours, session = self.template.session, self.session
        number, entry = next(
            (number, each) for number, each in enumerate(ours.book.sheets) if each.title == title
        )
        numbers = self.template.numbers
        data = part_transfer.renumbered(ours.parts.read(entry.part), numbers, self.template.text, session)
        part = part_transfer.carry(ours.parts, session.parts, entry.part, data)
        at = tab_transfer.insert(session, title, part, before)
        session.reread()
        self.template.titles[title] = title
        for each in ours.book.names:
            if each.scope == number:
                session.book.names.append(replace(each, scope=at))
        self.steps.append(AddSheet(title, before))

    def connect(self, title: str) -> None:
        """Let the charts of a sheet that came refer to the cells of the workbook, once all of them are there."""
        for frame in drawings.frames(self.session, title):
            data, changed = self._translated(self.session.parts.read(frame.chart))
            if any(old != new for old, new in changed):
                self.session.parts.write(frame.chart, data)
            self.session.stretched.add(frame.chart)
            self.steps.append(ConnectCharts(title, changed))
