"""What a sheet is declared of. Rows and columns of the sheet are computed from it by `opsbook.book.flow_layout`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property
from itertools import accumulate
from typing import ClassVar

from opsbook.domain.language import Language, Text

UNTITLED = Text("", "")
MARGIN = 14  # pixels of the column left of the first section
CHART_GAP = 12  # pixels between charts
WATERFALL = 5  # columns of what a waterfall draws: name with figure, unseen base, whole, rise, fall
CHART_TITLES = Text("图表标题", "Chart titles")
CHART_DATA = Text("图表数据", "Chart data")


class Anchor(Enum):
    """A row of a sheet, by its content."""

    NONE = auto()
    HEAD = auto()  # title and note of the sheet
    LIST = auto()  # headings of the first section
    END = auto()  # what follows the last section


@dataclass(frozen=True)
class SheetColumn:
    """A column of a section.

    Attributes:
        key: By which the page that delivers the rows names it.
        heading: Text above it; None where it depends on the data, such as a year.
        look: Style of its cells, a name of `opsbook.book.formats`; ``{number}``, ``{growth}`` for what differs by row.
        span: How many columns of the sheet it takes; the first of them holds the cell.
        head: Style of its heading; empty: as the cells ask for.
        below: Styles of its cells in the further lines of a group, such as last year's below this year's.
    """

    key: str
    heading: Text | None = None
    look: str = "text"
    span: int = 1
    head: str = ""
    below: tuple[str, ...] = ()


@dataclass(frozen=True)
class SheetPart:
    """Something that takes rows of a sheet.

    Attributes:
        title: Heading in a row of its own above; empty for none.
        gap: Empty rows below, when something follows.
        page_break: A new page begins with its heading.
    """

    title: Text = UNTITLED
    gap: int = field(default=1, kw_only=True)
    page_break: bool = field(default=False, kw_only=True)

    @property
    def heading(self) -> bool:
        """Whether a row above holds the title."""
        return self.title != UNTITLED


@dataclass(frozen=True)
class SheetSection(SheetPart):
    """A block that Refresh writes, under the defined name ``ops.<name>``.

    Attributes:
        title: What it is called in the list of sections, and above the section where ``show_title`` is set.
        name: ``<sheet>.<block>``.
        requirements: IDs that it answers.
        rows: Rows that it takes, that of its column headings included.
        columns: From the left.
        look: Style of cells between the columns, or that nothing is put into.
        lines: Names of its rows below the headings, where each has its own; then they count the rows.
        ruled: The rule under the headings runs through to the next heading.
        titles: Its lines hold the titles of charts, by the chart's name.
        headed: Its first row holds the headings of the columns.
        grouped: A row above them holds headings of groups of columns.
        group_look: Style of these.
        show_title: A row above it shows the title.
        room: Rows kept for it under charts, where it may take more than now.
        prepared: A block that grows has formats for as many rows; 0: it does not grow into prepared rows.
        head_height: Pixels of its first row; None: as the sheet's.
        row_height: Pixels of its other rows; None: as the sheet's.
        cycle: Pixels of its rows by turns, instead of the two above.
        breaks: Its rows before which a new page begins.
        joined: Cells joined to one: row and column inside the block, columns.
    """

    name: str = ""
    requirements: tuple[str, ...] = ()
    rows: int = 1
    columns: tuple[SheetColumn, ...] = ()
    look: str = field(default="text", kw_only=True)
    lines: tuple[str, ...] = field(default=(), kw_only=True)
    ruled: bool = field(default=True, kw_only=True)
    titles: bool = field(default=False, kw_only=True)
    headed: bool = field(default=True, kw_only=True)
    grouped: bool = field(default=False, kw_only=True)
    group_look: str = field(default="headgroup.right", kw_only=True)
    show_title: bool = field(default=True, kw_only=True)
    room: int = field(default=0, kw_only=True)
    prepared: int = field(default=0, kw_only=True)
    head_height: int | None = field(default=None, kw_only=True)
    row_height: int | None = field(default=None, kw_only=True)
    cycle: tuple[int, ...] = field(default=(), kw_only=True)
    breaks: tuple[int, ...] = field(default=(), kw_only=True)
    joined: tuple[tuple[int, int, int], ...] = field(default=(), kw_only=True)
    input: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if self.lines:
            object.__setattr__(self, "rows", self.top + len(self.lines))

    @property
    def heading(self) -> bool:
        """Whether a row above holds the title."""
        return self.show_title and self.title != UNTITLED

    @property
    def top(self) -> int:
        """Rows with headings."""
        return int(self.headed) + int(self.grouped)

    @property
    def sheet(self) -> str:
        """Id of the sheet."""
        return self.name.partition(".")[0]

    @property
    def block(self) -> str:
        """Its name inside the sheet."""
        return self.name.partition(".")[2]

    @property
    def width(self) -> int:
        """Columns of the sheet that it takes."""
        return sum(column.span for column in self.columns)

    @cached_property
    def _line_rows(self) -> Mapping[str, int]:
        return {key: row for row, key in enumerate(self.lines, start=1)}

    @cached_property
    def _begins(self) -> Mapping[str, int]:
        spans = accumulate((column.span for column in self.columns), initial=0)
        return dict(zip((column.key for column in self.columns), spans, strict=False))

    def line(self, key: str) -> int:
        """Return the row of a line: rows are counted from 1 on, the headings being row 0.

        Raises:
            KeyError: There is no such line.
        """
        return self._line_rows[key]

    def at(self, key: str) -> int:
        """Return where a column begins inside the section.

        Raises:
            KeyError: There is no such column.
        """
        return self._begins[key]

    def heading_of(self, key: str, language: Language) -> str:
        """Return the declared heading of a column."""
        text = next(column.heading for column in self.columns if column.key == key)
        return text[language] if text else ""

    def headings(self, keys: Iterable[str], language: Language) -> list[str]:
        """Return the declared headings of some columns."""
        return [self.heading_of(key, language) for key in keys]


@dataclass(frozen=True)
class SheetHead(SheetSection):
    """Title and note of a sheet.

    Attributes:
        dated: Title of the sheet with the year in it, as ``{year}``.
        empty: The same as long as no year is known.
        note: Line below the title.
    """

    dated: Text = UNTITLED
    empty: Text = UNTITLED
    note: Text = UNTITLED


@dataclass(frozen=True)
class InputTable(SheetSection):
    """Cells for people, under the defined name ``ops.<name>``; the template holds their headings.

    Attributes:
        lead: Lines of text between title and headings.
    """

    lead: tuple[Text, ...] = ()
    input: ClassVar[bool] = True


@dataclass(frozen=True)
class FormLine:
    """A single cell for people between its label and its explanation.

    Attributes:
        name: Defined name ``ops.<name>``.
        label: Left of the cell.
        help: Right of it.
    """

    name: str
    label: Text
    help: Text


@dataclass(frozen=True)
class InputForm(SheetSection):
    """Questions with a cell for people each; ``columns`` are label, cell, explanation, with headings where they have any.

    Attributes:
        questions: From the top.
    """

    questions: tuple[FormLine, ...] = ()
    input: ClassVar[bool] = True


@dataclass(frozen=True)
class TextTable(SheetPart):
    """Texts of the template beside its blocks.

    Attributes:
        lines: From the top, each the texts from the left.
        looks: Styles of the cells of each line, from the left.
        head: Texts in a first line of their own, over the columns.
    """

    lines: tuple[tuple[Text, ...], ...] = ()
    looks: tuple[str, ...] = ()
    head: tuple[Text, ...] = ()


@dataclass(frozen=True)
class ChartLines(SheetPart):
    """Charts in lines, and the blocks that they draw from, which lie under them.

    Attributes:
        names: Of the charts, line by line.
        per_line: Charts beside each other.
        line_rows: Rows of a line.
        titles: Block with the cells of the titles. A row above the charts shows its title where ``show_title`` is set.
        under: Further blocks, each with its column, counted from the first; those of one column under each other.
        span: Columns of the sheet that a line takes; 0: all to the right.
        margin: Pixels left free to the right of the last chart.
        below: Pixels left free below a line.
        lines_a_page: Lines after which a new page begins; 0: never.
    """

    names: tuple[str, ...] = ()
    per_line: int = 1
    line_rows: int = 10
    titles: SheetSection | None = None
    under: tuple[tuple[int, SheetSection], ...] = ()
    span: int = field(default=0, kw_only=True)
    margin: int = field(default=0, kw_only=True)
    below: int = field(default=CHART_GAP, kw_only=True)
    lines_a_page: int = field(default=0, kw_only=True)

    @property
    def heading(self) -> bool:
        """Whether a row above holds the title of the titles' block."""
        return self.titles is not None and self.titles.heading


@dataclass(frozen=True)
class SideBySide(SheetPart):
    """Parts beside each other: each stack begins at its column of the sheet and in the same row.

    Attributes:
        stacks: Column, and the parts under each other that begin there.
    """

    stacks: tuple[tuple[int, tuple[SheetPart, ...]], ...] = ()

    @property
    def heading(self) -> bool:
        """Whether one of the stacks begins with a title; the others begin in the row below too."""
        return any(stack[0].heading for _, stack in self.stacks)


@dataclass(frozen=True)
class SheetDeclaration:
    """A sheet.

    Attributes:
        id: By which code knows it.
        title: On its tab.
        widths: Pixels of its columns.
        parts: In reading order.
        head: Block with title and note; it ends in the row of the note. None: the template holds both.
        notes: Texts in the rows below the title, where no block holds them.
        page_title: The template holds the title of the sheet.
        top: Pixels of the rows above the first part, as far as they differ from ``height``.
        first_row: Row in which the first part begins, that of its title where it has one.
        first_column: Column in which the parts begin.
        height: Pixels of all other rows.
        heading_height: Pixels of a row with a section's title; None: as all.
        gap_height: Pixels of the rows between parts; None: as all.
        scroll_below: Last of the rows that stay in sight when people scroll.
        fixed_columns: Columns that stay in sight.
        repeat: First and last of what every printed page repeats.
        printed: Columns that are printed, and how many empty rows below the last part in them; None: all.
        tab: ``report``, ``input`` or ``log``: colour of the tab.
        large: Printed on A3.
        landscape: Paper the long way.
        one_page: All on one page.
    """

    id: str
    title: Text
    widths: tuple[int, ...]
    parts: tuple[SheetPart, ...] = ()
    head: SheetSection | None = None
    notes: tuple[Text, ...] = ()
    page_title: bool = False
    top: tuple[int, ...] = (8, 32, 20, 8)
    first_row: int = 4
    first_column: int = 1
    height: int = 20
    heading_height: int | None = 28
    gap_height: int | None = None
    scroll_below: Anchor = Anchor.HEAD
    fixed_columns: int = 0
    repeat: tuple[Anchor, Anchor] | None = None
    printed: tuple[int, int] | None = None
    tab: str = "report"
    large: bool = False
    landscape: bool = True
    one_page: bool = False

    def sections(self) -> Iterator[SheetSection]:
        """Yield every block and every table for people, in reading order."""
        if self.head:
            yield self.head
        for part in self.parts:
            yield from _sections(part)


def _sections(part: SheetPart) -> Iterator[SheetSection]:
    if isinstance(part, SheetSection):
        yield from (part,) if part.name else ()
    elif isinstance(part, ChartLines):
        yield from (part.titles,) if part.titles else ()
        yield from (section for _, section in part.under)
    elif isinstance(part, SideBySide):
        for _, stack in part.stacks:
            for each in stack:
                yield from _sections(each)
