"""The template of this version beside a workbook: where its cells are there, and what its formats are called there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property

from opsbook.backends.ooxml import drawings, part_transfer, style_transfer
from opsbook.backends.ooxml.format_numbers import FormatNumbers
from opsbook.backends.ooxml.package_session import OURS, Session
from opsbook.book.address import Place

CHART = "chart:"
"""In front of the name of a chart, among the items of a sheet."""
_OUR_PARTS = re.compile(r"[a-z_0-9]+\.[a-z_0-9.]+")


class Template:
    """The template as a package, and the workbook that is brought up to date.

    Attributes:
        session: The template.
        target: The workbook.
        titles: Title of each sheet of the template that the workbook has, and what it is called there.
    """

    def __init__(self, content: bytes, target: Session) -> None:
        self.session = Session(content)
        self.target = target
        self.titles: dict[str, str] = {}
        self.find_titles()

    def find_titles(self) -> None:
        """Find every sheet of ours again, by the names of its cells, for people rename tabs."""
        for entry in self.session.book.sheets:
            votes: dict[str, int] = {}
            for name in self.names_on(entry.title):
                if place := self.target.place(name):
                    votes[place.sheet] = votes.get(place.sheet, 0) + 1
            if votes:
                self.titles[entry.title] = max(votes, key=lambda title: votes[title])
            elif not self.names_on(entry.title) and self.target.book.sheet(entry.title):
                self.titles[entry.title] = entry.title

    @cached_property
    def names(self) -> Mapping[str, Place]:
        """Blocks and cells for people of the template, by defined name."""
        found = {}
        for each in self.session.book.names:
            if each.scope is None and is_place(each.name) and (place := self.session.place(each.name)):
                found[each.name] = place
        return found

    def names_on(self, title: str) -> list[str]:
        """Return the names of a sheet of the template."""
        return [name for name, place in self.names.items() if place.sheet == title]

    def has(self, name: str) -> bool:
        """Whether the workbook has a name, be it one whose cells were deleted."""
        return self.target.book.name(name) is not None

    def items(self, title: str) -> dict[str, Place]:
        """Return everything of a sheet of the template that has a place: blocks, cells for people, charts."""
        found = {name: place for name, place in self.names.items() if place.sheet == title}
        for frame in drawings.frames(self.session, title):
            found[CHART + frame.name] = frame.place
        return found

    def current(self, title: str) -> dict[str, Place]:
        """Return the same items as the workbook has them now.

        Args:
            title: Of the sheet in the template; items that were moved to another sheet are left out.
        """
        here = self.titles.get(title)
        if here is None:
            return {}
        found = {}
        for name in self.names_on(title):
            place = self.target.place(name)
            if place and place.sheet == here:
                found[name] = place
        charts = {CHART + frame.name: frame.place for frame in drawings.frames(self.target, here)}
        wanted = self.items(title)
        return found | {name: place for name, place in charts.items() if name in wanted}

    def locate(self, place: Place) -> Place | None:
        """Return where cells of a block of the template are in the workbook, None where that is not known."""
        for name, home in self.names.items():
            if home.sheet == place.sheet and home.meets(place) and home.holds(place.row, place.column):
                now = self.target.place(name)
                if now is None:
                    return None
                return replace(
                    place,
                    sheet=now.sheet,
                    row=now.row + place.row - home.row,
                    column=now.column + place.column - home.column,
                )
        title = self.titles.get(place.sheet)
        return replace(place, sheet=title) if title else None

    # --- formats and texts ---------------------------------------------------------------------

    @cached_property
    def numbers(self) -> FormatNumbers:
        """What the template's formats are called in the workbook; those that it lacks are added to it."""
        numbers = style_transfer.known(self.target.parts, self.target.book.part, self.session)
        if numbers is None:
            numbers = style_transfer.add(self.target.parts, self.target.book.part, self.session)
        self.target.reread()
        return numbers

    @cached_property
    def looks(self) -> list[bytes]:
        """What each cell format of the template looks like."""
        return style_transfer.looks(self.session.parts, self.session.book.part)

    @cached_property
    def text(self) -> Callable[[int], int]:
        """What numbers the template's shared texts anew."""
        return part_transfer.texts(self.target, self.session)


def is_place(name: str) -> bool:
    """Whether a defined name is that of a block or of cells for people."""
    return name.startswith(OURS) and bool(_OUR_PARTS.fullmatch(name.removeprefix(OURS)))
