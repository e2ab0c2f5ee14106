"""From the parts of a sheet to addresses: parts flow below each other, stacks are placed beside each other.

No other module computes a row or a column of a sheet.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from opsbook.book.address import Place
from opsbook.book.spots import A3, A4, Frame, Input, PageSetup, Spot
from opsbook.domain.language import Text
from opsbook.sheets.sheet_parts import (
    CHART_GAP,
    UNTITLED,
    Anchor,
    ChartLines,
    InputForm,
    InputTable,
    SheetDeclaration,
    SheetPart,
    SheetSection,
    SideBySide,
    TextTable,
)

_TITLE_ROW, _NOTE_ROW = 1, 2


@dataclass(frozen=True)
class TextLabel:
    """A text of the template, in both languages.

    Attributes:
        sheet: Id.
        row: Counted from 0.
        column: Counted from 0.
        text: Its content.
        style: A name of `opsbook.book.formats`.
    """

    sheet: str
    row: int
    column: int
    text: Text
    style: str


@dataclass
class SheetLayout:
    """The addresses of everything on a sheet, and its look.

    Attributes:
        spots: Blocks, by name.
        inputs: Cells for people, by name.
        frames: Of charts, by name.
        merges: Cells that are joined to one.
        labels: Texts of the template.
        page: Look and print-out.
    """

    spots: dict[str, Spot] = field(default_factory=dict)
    inputs: dict[str, Input] = field(default_factory=dict)
    frames: dict[str, Frame] = field(default_factory=dict)
    merges: list[Place] = field(default_factory=list)
    labels: list[TextLabel] = field(default_factory=list)
    page: PageSetup = field(default_factory=lambda: PageSetup(()))


class _Flow:
    """Places the parts of one sheet from the top."""

    def __init__(self, sheet: SheetDeclaration) -> None:
        self.sheet = sheet
        self.placed = SheetLayout()
        self.heights: dict[int, int] = dict(enumerate(sheet.top))
        self.breaks: list[int] = []
        self.lists: list[int] = []  # rows with the headings of columns
        self.ends: dict[int, int] = {}  # last row of the parts that begin in a column

    def stack(self, parts: tuple[SheetPart, ...], row: int, column: int, *, whole: bool = True) -> int:
        """Place parts below each other.

        Args:
            parts: From the top.
            row: Of the first one, that of its title where it has one.
            column: In which they begin.
            whole: They take the sheet's width, so that rows of titles and gaps are theirs alone.

        Returns:
            The row below the last one.
        """
        for number, part in enumerate(parts):
            if part.page_break and number:
                self.breaks.append(row)
            if part.heading:
                if whole and self.sheet.heading_height is not None:
                    self.heights[row] = self.sheet.heading_height
                row += 1
            end = self._place(part, row, column)
            row = end + (part.gap if number + 1 < len(parts) else 0)
            if whole and self.sheet.gap_height is not None:
                self.heights |= dict.fromkeys(range(end, row), self.sheet.gap_height)
        return row

    def _place(self, part: SheetPart, row: int, column: int) -> int:
        """Place a part, its first row below its title; return the row below it."""
        if isinstance(part, SideBySide):
            return max(self._beside(stack, row, at) for at, stack in part.stacks)
        if isinstance(part, ChartLines):
            end = self._charts(part, row, column)
        elif isinstance(part, TextTable):
            end = self._words(part, row, column)
        elif isinstance(part, InputTable):
            end = self._inputs(part, row, column)
        elif isinstance(part, InputForm):
            end = self._form(part, row, column)
        elif isinstance(part, SheetSection):
            end = self._section(part, row, column)
        else:
            raise TypeError(f"no part of a sheet: {part!r}")
        self.ends[column] = end - 1
        return end

    def _beside(self, stack: tuple[SheetPart, ...], row: int, column: int) -> int:
        return self.stack(stack, row - stack[0].heading, column, whole=False)

    def _heading(self, text: Text, row: int, column: int) -> None:
        self.placed.labels.append(TextLabel(self.sheet.id, row, column, text, "heading"))

    def _section(self, section: SheetSection, row: int, column: int) -> int:
        end = row + section.rows
        spot = Spot(self.sheet.id, row, column, int(section.heading), section.prepared)
        self.placed.spots[section.name] = spot
        if section.heading:
            self._heading(section.title, row - 1, column)
        self.lists.append(row)
        self._row_heights(section, row)
        self._joined(section, row, column)
        self.breaks += [row + offset for offset in section.breaks]
        return end

    def _row_heights(self, section: SheetSection, row: int) -> None:
        rows = range(row, row + section.rows)
        if section.cycle:
            self.heights |= {at: section.cycle[(at - row) % len(section.cycle)] for at in rows}
        if section.head_height is not None:
            self.heights[row] = section.head_height
        if section.row_height is not None:
            self.heights |= dict.fromkeys(rows[1:], section.row_height)

    def _joined(self, section: SheetSection, row: int, column: int) -> None:
        self.placed.merges += [
            Place(self.sheet.id, row + down, column + right, 1, columns)
            for down, right, columns in section.joined
        ]

    def _column_heads(self, section: SheetSection, row: int, column: int) -> None:
        at = column
        for each in section.columns:
            for step in range(each.span):
                text = each.heading if each.heading and not step else None
                self._label(row, at + step, text, each.head)
            at += each.span

    def _label(self, row: int, column: int, text: Text | None, style: str) -> None:
        self.placed.labels.append(TextLabel(self.sheet.id, row, column, text or UNTITLED, style))

    def _inputs(self, inputs: InputTable, row: int, column: int) -> int:
        if inputs.heading:
            self._heading(inputs.title, row - 1, column)
        for text in inputs.lead:
            self._label(row, column, text, "pagenote")
            row += 1
        self._column_heads(inputs, row, column)
        self.lists.append(row)
        row += 1
        self.placed.inputs[inputs.name] = Input(
            inputs.name, self.sheet.id, row, column, inputs.rows, inputs.width
        )
        self._joined(inputs, row, column)
        return row + inputs.rows

    def _form(self, form: InputForm, row: int, column: int) -> int:
        if any(each.heading for each in form.columns):
            self._column_heads(form, row, column)
            self.lists.append(row)
            row += 1
        label, cell, explanation = form.columns
        for each in form.questions:
            self._label(row, column, each.label, label.look)
            self.placed.inputs[each.name] = Input(each.name, self.sheet.id, row, column + label.span)
            self._label(row, column + label.span + cell.span, each.help, explanation.look)
            row += 1
        return row

    def _words(self, words: TextTable, row: int, column: int) -> int:
        if words.heading:
            self._heading(words.title, row - 1, column)
        if words.head:
            for at, text in enumerate(words.head, start=column):
                self._label(row, at, text, "head")
            row += 1
        for line in words.lines:
            for at, (text, look) in enumerate(zip(line, words.looks, strict=True), start=column):
                self._label(row, at, text, look)
            row += 1
        return row

    def _charts(self, charts: ChartLines, row: int, column: int) -> int:
        self._under(charts, row, column)
        sizes = self.sheet.widths[column : column + charts.span if charts.span else None]
        room = sum(sizes) - charts.margin - (charts.per_line - 1) * CHART_GAP
        width = room // charts.per_line
        height = charts.line_rows * self.sheet.height - charts.below
        lines = -(-len(charts.names) // charts.per_line)
        for number, name in enumerate(charts.names):
            line, place = divmod(number, charts.per_line)
            self.placed.frames[name] = Frame(
                self.sheet.id,
                row + line * charts.line_rows,
                column,
                place * (width + CHART_GAP),
                0,
                width,
                height,
            )
        if charts.lines_a_page:
            firsts = range(charts.lines_a_page, lines, charts.lines_a_page)
            self.breaks += [row + line * charts.line_rows for line in firsts]
        return row + lines * charts.line_rows

    def _under(self, charts: ChartLines, row: int, column: int) -> None:
        """Place the cells that the charts cover: one row below their edge, so that no edge touches them."""
        free: dict[int, int] = {}
        if charts.titles:
            heading = 2 if charts.heading else 0
            self.placed.spots[charts.titles.name] = Spot(self.sheet.id, row + 1, column, heading)
            free[0] = row + 1 + charts.titles.rows
            if charts.heading:
                self._heading(charts.titles.title, row - 1, column)
        for right, section in charts.under:
            at = free.get(right, row + 1)
            self.placed.spots[section.name] = Spot(self.sheet.id, at, column + right)
            free[right] = at + max(section.rows, section.room)


def place_sheet(sheet: SheetDeclaration) -> SheetLayout:
    """Return the addresses of everything on a sheet, and its look.

    Args:
        sheet: Its parts in reading order.
    """
    flow = _Flow(sheet)
    _head(sheet, flow)
    end = flow.stack(sheet.parts, sheet.first_row, sheet.first_column)
    anchors = {
        Anchor.HEAD: sheet.first_row - 1,
        Anchor.LIST: flow.lists[0] + 1 if flow.lists else 0,
        Anchor.END: end + (sheet.parts[-1].gap if sheet.parts else 0),
    }
    flow.placed.page = PageSetup(
        columns=sheet.widths,
        heights=flow.heights,
        height=sheet.height,
        freeze=(anchors[sheet.scroll_below], sheet.fixed_columns) if sheet.scroll_below in anchors else None,
        paper=A3 if sheet.large else A4,
        landscape=sheet.landscape,
        tall=int(sheet.one_page),
        repeat=_repeat(sheet, flow),
        breaks=tuple(sorted(flow.breaks)),
        tab=sheet.tab,
        printed=_printed(sheet, flow),
    )
    return flow.placed


def _head(sheet: SheetDeclaration, flow: _Flow) -> None:
    if sheet.page_title:
        flow.placed.labels.append(TextLabel(sheet.id, _TITLE_ROW, 1, sheet.title, "pagetitle"))
    for row, text in enumerate(sheet.notes, start=_NOTE_ROW):
        flow.placed.labels.append(TextLabel(sheet.id, row, 1, text, "pagenote"))
    if sheet.head:
        row = _NOTE_ROW + 1 - sheet.head.rows
        flow.placed.spots[sheet.head.name] = Spot(sheet.id, row, 1)


def _repeat(sheet: SheetDeclaration, flow: _Flow) -> tuple[int, int] | None:
    if sheet.repeat is None:
        return None
    first, last = sheet.repeat
    return (
        _TITLE_ROW if first is Anchor.HEAD else flow.lists[0],
        _NOTE_ROW if last is Anchor.HEAD else flow.lists[0],
    )


def _printed(sheet: SheetDeclaration, flow: _Flow) -> tuple[int, int] | None:
    if sheet.printed is None:
        return None
    columns, spare = sheet.printed
    last = max(end for column, end in flow.ends.items() if column <= columns)
    return last + spare, columns
