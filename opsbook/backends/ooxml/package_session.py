"""An opened package: its sheets as they are taken apart, and every pending change put into its part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from opsbook.backends.ooxml import (
    cell_formulas,
    chart_caches,
    dynamic_arrays,
    ignored_errors,
    legacy_fixes,
    workbook_part,
    xml_spans,
)
from opsbook.backends.ooxml import package_parts as kinds
from opsbook.backends.ooxml.cell_strings import SharedStrings
from opsbook.backends.ooxml.package_parts import Parts
from opsbook.backends.ooxml.sheet_part import WorksheetPart
from opsbook.backends.ooxml.workbook_part import BookPart
from opsbook.backends.ooxml.zip_container import Container
from opsbook.book import address
from opsbook.book.address import Place
from opsbook.book.model import Scalar

INPUT_STYLE = "ops_input"
OURS = "ops."  # defined names of blocks begin so


class Session:
    """The package of a workbook and what was changed in it.

    Attributes:
        parts: Content of every part.
        book: What ``workbook.xml`` says.
        strings: The shared texts, None when the workbook has no such part.
        date1904: Whether dates count from 1904.
        stretched: Charts whose references were changed.
        written: Parts of the sheets that blocks were put into.
    """

    def __init__(self, content: bytes) -> None:
        self.parts = Parts(Container(content))
        with xml_spans.understood("workbook"):
            self.book = BookPart(self.parts)
        self.date1904 = self.book.date1904
        shared = self.parts.related(self.book.part, "sharedStrings")
        self._strings_part = shared[0] if shared else ""
        self.strings = SharedStrings(self._sound(shared[0])) if shared else None
        self.stretched: set[str] = set()
        self.written: set[str] = set()
        self._inputs = workbook_part.input_styles(self.parts, self.book.part, INPUT_STYLE)
        self._dynamic = ""
        self._sheets: dict[str, WorksheetPart] = {}
        self._arrays: dict[str, list[Place]] = {}

    @property
    def dynamic(self) -> str:
        """What ``cm`` is of cells with dynamic-array formulas in this workbook."""
        if not self._dynamic:
            self._dynamic = dynamic_arrays.number(self.parts, self.book.part)
        return self._dynamic

    def _sound(self, part: str) -> bytes:
        """Return a part that is taken apart by patterns, once a parser has found it well-formed."""
        data = self.parts.read(part)
        xml_spans.check(data)
        return data

    def part(self, title: str) -> str:
        """Return the part of a worksheet, empty when there is none of that title."""
        entry = self.book.sheet(title)
        return entry.part if entry else ""

    def sheet(self, title: str) -> WorksheetPart:
        """Return a worksheet.

        Raises:
            KeyError: There is none of that title.
        """
        part = self.part(title)
        if not part:
            titles = ", ".join(each.title for each in self.book.sheets)
            raise KeyError(f"no worksheet {title!r}; there are {titles}")
        if part not in self._sheets:
            self._sheets[part] = WorksheetPart(self._sound(part), self)
        return self._sheets[part]

    def replace_sheet(self, title: str, data: bytes, changed: Iterable[tuple[int, int]] = ()) -> None:
        """Put a whole worksheet in the place of one.

        Args:
            title: Of the sheet.
            data: Its part.
            changed: Cells whose content is no longer the file's.
        """
        part = self.part(title)
        self.parts.write(part, data)
        self._sheets[part] = WorksheetPart(data, self)
        self._sheets[part].changed = set(changed)
        self._sheets[part].formulas_changed = True
        self._arrays.pop(part, None)

    def reread(self) -> None:
        """Look again at the tabs and at the styles of cells for people: some were added."""
        self.book.sheets = self.book.listed()
        self._inputs = workbook_part.input_styles(self.parts, self.book.part, INPUT_STYLE)

    def place(self, name: str) -> Place | None:
        """Return where a defined name is, or None unless it is one plain rectangle of a worksheet."""
        found = self.book.name(name)
        place = address.parse(found.text) if found else None
        entry = self.book.sheet(place.sheet) if place else None
        return replace(place, sheet=entry.title) if place and entry else None

    def constant(self, name: str) -> str:
        """Return the text of a defined name that is a constant, without its quotes; empty without the name."""
        found = self.book.name(name)
        return found.text.strip('"') if found else ""

    def blocks(self, title: str) -> list[Place]:
        """Return our blocks on a sheet, cells for people included."""
        names = [each.name for each in self.book.names if each.name.casefold().startswith(OURS)]
        return [place for name in names if (place := self.place(name)) and place.sheet == title]

    def arrays(self, title: str) -> list[Place]:
        """Return the array formulas, spills and data tables of a sheet; we never make any."""
        part = self.part(title)
        if part not in self._arrays:
            self._arrays[part] = cell_formulas.arrays(self.sheet(title))
        return self._arrays[part]

    def protected(self, title: str, row: int, column: int) -> bool:
        """Whether the cell follows the style of cells for people."""
        return bool(self._inputs) and self.sheet(title).style(row, column) in self._inputs

    def changed(self) -> dict[str, frozenset[tuple[int, int]]]:
        """Return the cells whose content is no longer the file's, by the title of their sheet."""
        titles = {entry.part: entry.title for entry in self.book.sheets}
        return {
            titles[part]: frozenset(sheet.changed) for part, sheet in self._sheets.items() if sheet.changed
        }

    def finish(self) -> dict[str, bytes]:
        """Put every pending change into its part; return the parts that differ from the file."""
        self.book.store()
        if any(sheet.modified for sheet in self._sheets.values()):
            self._tidy()
        for part, sheet in self._sheets.items():
            if sheet.modified:
                self.parts.write(part, sheet.data())
        if self.strings is not None and self.strings.changed:
            self.parts.write(self._strings_part, self.strings.data())
        self._refresh_charts()
        if any(sheet.formulas_changed for sheet in self._sheets.values()):
            for part in self.parts.related(self.book.part, "calcChain"):
                self.parts.drop(part, self.book.part)
        # Our formulas carry computed values; the user's own over our cells would show stale ones until Excel
        # recalculates. Without such formulas the flag would only make Excel ask about saving on close.
        if any(sheet.changed for sheet in self._sheets.values()) and self._has_foreign_formulas():
            self.book.calculate_on_load()
        container = self.parts.container
        return {
            name: data
            for name, data in self.parts.changed.items()
            if not container.find(name) or data != container.read(name)
        }

    def _tidy(self) -> None:
        """Let Excel point at nothing in the blocks of every sheet that was written, and put right what is old."""
        for entry in self.book.sheets:
            if entry.part in self.written:
                sheet = self._sheets[entry.part]
                sheet.set_frame(ignored_errors.covered(sheet.frame, self.blocks(entry.title)))
        legacy_fixes.put_right(self.parts, self.book.part, self.written)

    def _has_foreign_formulas(self) -> bool:
        for entry in self.book.sheets:
            if not entry.worksheet:
                continue
            ours = self.blocks(entry.title)
            if ours:
                if cell_formulas.any_outside(self.sheet(entry.title), ours):
                    return True
            elif cell_formulas.any_in(self.parts.read(entry.part)):
                return True
        return False

    def _refresh_charts(self) -> None:
        changed = {part: sheet.changed for part, sheet in self._sheets.items() if sheet.changed}
        for part in self.parts.of_type(kinds.CHART) if changed or self.stretched else ():
            all_of_it = part in self.stretched

            def concerns(place: Place, *, always: bool = all_of_it) -> bool:
                sheet = self.part(place.sheet)
                if always:
                    return bool(sheet)
                return _any_inside(place, changed.get(sheet, set()))

            with xml_spans.understood(part):
                data = chart_caches.refreshed(self.parts.read(part), concerns, self.drawn)
            self.parts.write(part, data)

    def drawn(self, place: Place, visible_only: bool) -> list[Scalar]:
        """Return the values that a chart draws of a rectangle, row by row."""
        sheet = self.sheet(place.sheet)
        rows, columns = sheet.hidden(place) if visible_only else ((), ())
        return [
            value
            for down, row in enumerate(sheet.read(place), place.row)
            for right, value in enumerate(row, place.column)
            if down not in rows and right not in columns
        ]


def _any_inside(place: Place, cells: set[tuple[int, int]]) -> bool:
    """Whether any of the cells lies in the rectangle; whichever of the two is smaller is gone through."""
    if place.rows * place.columns < len(cells):
        rows, columns = range(place.row, place.last_row + 1), range(place.column, place.last_column + 1)
        return any((row, column) in cells for row in rows for column in columns)
    return any(place.holds(row, column) for row, column in cells)
