"""What the parts of an upgrade share: the workbook, the template, both layouts, what was done and what was not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from opsbook.backends.ooxml import drawings, style_transfer
from opsbook.backends.ooxml.package_session import Session
from opsbook.backends.ooxml.shifting import Shift
from opsbook.backends.upgrade.editor import Editor
from opsbook.backends.upgrade.pointing import is_ours
from opsbook.backends.upgrade.template import CHART, Template
from opsbook.book import address
from opsbook.book.address import Place
from opsbook.book.versions import Layout, chart_mark
from opsbook.domain.issues import Issue

_PRINT_AREA = "_xlnm.Print_Area"


@dataclass
class Upgrade:
    """A workbook on its way to the layout of this version.

    Attributes:
        file: Name of the workbook, for messages.
        editor: Does the steps.
        before: Layout that the workbook was made with.
        layout: That of this version.
        people: Names of cells for people.
        prepared: Rows that the template keeps for blocks that grow, by defined name.
        done: How many of each kind were added or removed.
        issues: What stood in the way.
        failed: Names of blocks that could not be added or changed.
        charts: Charts that came, with the title of their sheet in the template: they refer to cells that may come later.
        added: Titles of the sheets that came.
    """

    file: str
    editor: Editor
    before: Layout
    layout: Layout
    people: Collection[str]
    prepared: dict[str, int]
    done: Counter[str] = field(default_factory=Counter)
    issues: list[Issue] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)
    charts: list[tuple[drawings.ChartFrame, str, str, int, int]] = field(default_factory=list)
    added: list[str] = field(default_factory=list)

    @property
    def session(self) -> Session:
        """The workbook."""
        return self.editor.session

    @property
    def template(self) -> Template:
        """The template beside it."""
        return self.editor.template

    @cached_property
    def looks(self) -> list[bytes]:
        """What each cell format of the workbook looked like before it got those of the template."""
        return style_transfer.looks(self.session.parts, self.session.book.part)

    # --- what was done -------------------------------------------------------------------------

    def count(self, kind: str, number: int) -> None:
        """Note that something came or went."""
        self.done[kind] += number

    def shift(self, shift: Shift, name: str) -> bool:
        """Insert or delete lines for a block; return whether it was done."""
        if blocked := self.editor.shift(shift):
            self.blocked(name, blocked)
            return False
        return True

    def blocked(self, name: str, place: Place) -> None:
        """Note what stands in the way of a block."""
        self.failed.add(name)
        self.issues.append(
            Issue(
                "book.upgrade_blocked",
                file=self.file,
                sheet=place.sheet,
                row=place.row + 1,
                value=address.spell(replace(place, sheet="")),
                detail=name.removeprefix("ops.").removeprefix(CHART),
            )
        )

    def kept(self, name: str, place: Place) -> None:
        """Note cells that the layout no longer has and that stay, for something of the user's needs them."""
        self.issues.append(
            Issue(
                "book.upgrade_kept",
                file=self.file,
                sheet=place.sheet,
                row=place.row + 1,
                value=address.spell(replace(place, sheet="")),
                detail=name.removeprefix("ops."),
            )
        )

    # --- where things are ----------------------------------------------------------------------

    def is_new(self, name: str, title: str) -> bool:
        """Whether the workbook never had an item of a sheet of the template.

        A name whose cells were deleted is still a name: what people took away stays away.
        """
        if not name.startswith(CHART):
            return not self.template.has(name) and name not in self.before.shapes
        here = self.template.titles[title]
        if any(CHART + frame.name == name for frame in drawings.frames(self.session, here)):
            return False
        return chart_mark(name.removeprefix(CHART)) not in self.before.charts

    def items_here(self, title: str) -> list[Place]:
        """Return blocks, cells for people and charts of ours on a sheet of the workbook."""
        charts = [frame.place for frame in drawings.frames(self.session, title) if is_ours(frame.name)]
        return [*self.session.blocks(title), *charts]

    def homes(self, title: str) -> dict[str, Place]:
        """Return blocks and cells for people of a sheet of the template."""
        return {name: self.template.names[name] for name in self.template.names_on(title)}

    def places(self, title: str) -> dict[str, Place]:
        """Return the same as the workbook has them on that sheet now."""
        here = self.template.titles[title]
        found = {name: self.session.place(name) for name in self.template.names_on(title)}
        return {name: place for name, place in found.items() if place and place.sheet == here}

    def charts_over(self, place: Place) -> bool:
        """Whether a chart lies over cells."""
        return any(frame.place.meets(place) for frame in drawings.frames(self.session, place.sheet))

    def current(self, title: str) -> dict[str, Place]:
        """Return the items of a sheet of the template as they are in the workbook, growing blocks with their room."""
        return {name: self.extent(name, place) for name, place in self.template.current(title).items()}

    def extent(self, name: str, place: Place) -> Place:
        """Return a place with the rows that are kept for it."""
        return replace(place, rows=max(place.rows, self.prepared.get(name, 0)))

    def width(self, title: str) -> int:
        """Return how many columns of a sheet the template uses."""
        rows = self.template.session.sheet(title).rows_between(0, address.LAST_ROW)
        return 1 + max((column for _, row in rows for column in row.cells), default=0)

    def column(self, title: str, column: int) -> int:
        """Return the column of the workbook for one of the template: people may have inserted some."""
        now, home = self.places(title), self.homes(title)
        steps = [
            (abs(home[name].column - column), now[name].column - home[name].column)
            for name in now
            if home[name].column <= column <= home[name].last_column
            and home[name].columns == now[name].columns
        ] or [
            (abs(home[name].column - column), now[name].column - home[name].column)
            for name in now
            if home[name].column <= column
        ]
        return column + min(steps, default=(0, 0))[1]

    def columns(self, title: str, width: int) -> Iterator[tuple[tuple[int, int], int]]:
        """Yield runs of columns of the template, first and length, and the first column of each in the workbook."""
        start = 0
        for column in range(1, width + 1):
            if column == width or self.column(title, column) != self.column(title, column - 1) + 1:
                yield (start, column - start), self.column(title, start)
                start = column

    # --- more steps ----------------------------------------------------------------------------

    def add_chart(self, frame: drawings.ChartFrame, source: str, title: str, down: int, right: int) -> None:
        """Note a chart that is to come once all cells are there."""
        self.charts.append((frame, source, title, down, right))

    def print_area(self, title: str, last: int, now: int) -> None:
        """Let the printed area of a sheet reach a row that the template prints.

        Args:
            title: Of the sheet in the template.
            last: Row of the template.
            now: The same row in the workbook.
        """
        wanted = _printed(self.template.session, title)
        area = _printed(self.session, self.template.titles[title])
        if wanted and area and wanted.last_row >= last and area.last_row < now:
            number = next(
                at for at, entry in enumerate(self.session.book.sheets) if entry.title == area.sheet
            )
            for each in self.session.book.names:
                if each.scope == number and each.name.casefold() == _PRINT_AREA.casefold():
                    each.text = address.spell(replace(area, rows=now - area.row + 1), absolute=True)


def _printed(session: Session, title: str) -> Place | None:
    for at, entry in enumerate(session.book.sheets):
        if entry.title == title:
            for each in session.book.names:
                if each.scope == at and each.name.casefold() == _PRINT_AREA.casefold():
                    return address.parse(each.text)
    return None
