"""A workbook on disk: cells, names and blocks read and written, everything else carried over untouched."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Self

from opsbook.book import address
from opsbook.book.address import Place
from opsbook.errors import BookError
from opsbook.hosts.package import book_part, cell, charts, formulas, refusals, saving, tables
from opsbook.hosts.package import parts as kinds
from opsbook.hosts.package.book_part import BookPart, DefinedName
from opsbook.hosts.package.container import Container
from opsbook.hosts.package.growth import Growth
from opsbook.hosts.package.parts import Parts
from opsbook.hosts.package.sheet import Sheet
from opsbook.hosts.package.strings import SharedStrings
from opsbook.language import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from opsbook.book.model import Cell, Scalar

INPUT_STYLE = "ops_input"
OURS = "ops."  # defined names of blocks begin so


class ObstructedError(BookError):
    """Cells that hold something of the user's stand in the way; ``place`` is where."""

    def __init__(self, place: Place) -> None:
        self.place = place
        where = address.spell(place)
        super().__init__(
            Text(
                f"单元格 {where} 有用户自己的内容（数组、表格或数据），未写入：请移开后再刷新。",
                f"Cells {where} hold something of yours (an array, a table, data), not written: move it away and refresh again.",
            )
        )


class Workbook:
    """An .xlsx or .xlsm. Changes are kept in memory until `save`; nothing of the file stays open.

    Attributes:
        path: The file.
        digest: SHA-256 of the file's bytes when it was opened or last saved.
        strings: The shared texts, None when the workbook has no such part.
        date1904: Whether dates count from 1904.
    """

    def __init__(self, path: Path, content: bytes, *, for_writing: bool) -> None:
        self.path = path
        self.for_writing = for_writing
        self._load(content)

    @classmethod
    def open(cls, path: Path, *, for_writing: bool) -> Self:
        """Return the workbook.

        Args:
            path: An .xlsx or .xlsm made by OpsBook.
            for_writing: Also refuse what may be read but not written: open elsewhere, read-only, signed.

        Raises:
            BookError: With a sentence for people; nothing was written.
        """
        content = refusals.check_readable(path)
        if for_writing:
            refusals.check_writable(path)
        book = cls(path, content, for_writing=for_writing)
        refusals.check_ours(path.name, book._book)
        return book

    def _load(self, content: bytes) -> None:
        self.digest = saving.digest(content)
        self._parts = Parts(Container(content))
        refusals.check_package(self.path.name, self._parts, for_writing=self.for_writing)
        self._book = BookPart(self._parts)
        refusals.check_strict(self.path.name, self._book)
        self.date1904 = self._book.date1904
        shared = self._parts.related(self._book.part, "sharedStrings")
        self._strings_part = shared[0] if shared else ""
        self.strings = SharedStrings(self._parts.read(shared[0])) if shared else None
        self._inputs = book_part.input_styles(self._parts, self._book.part, INPUT_STYLE)
        self._sheets: dict[str, Sheet] = {}
        self._arrays: dict[str, list[Place]] = {}
        self._stretched: set[str] = set()  # charts whose references were changed

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Forget unsaved changes; the file itself was never held open."""
        self._sheets.clear()

    # --- what it holds -------------------------------------------------------------------------

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """Titles of the tabs in order, chart sheets included."""
        return tuple(each.title for each in self._book.sheets)

    def names(self) -> dict[str, str]:
        """Return every workbook-scoped defined name and its text, without ``=``."""
        return {each.name: each.text for each in self._book.names if each.scope is None}

    def place(self, name: str) -> Place | None:
        """Return where a defined name is, or None unless it is one plain rectangle of a worksheet."""
        found = self._book.name(name)
        place = address.parse(found.text) if found else None
        entry = self._book.sheet(place.sheet) if place else None
        return replace(place, sheet=entry.title) if place and entry else None

    def read(self, place: Place) -> list[list[Scalar]]:
        """Return the values of a rectangle, rows by columns: dates as serial numbers, errors as `Error`."""
        return self._sheet(place.sheet).read(place)

    def protected(self, sheet: str, row: int, column: int) -> bool:
        """Whether the cell is for people (cell style ``ops_input``): nothing is written there."""
        return bool(self._inputs) and self._sheet(sheet).style(row, column) in self._inputs

    def _sheet(self, title: str) -> Sheet:
        entry = self._book.sheet(title)
        if entry is None:
            raise KeyError(f"no worksheet {title!r}; there are {', '.join(self.sheet_names)}")
        if entry.part not in self._sheets:
            self._sheets[entry.part] = Sheet(self._parts.read(entry.part), self)
        return self._sheets[entry.part]

    def _part(self, title: str) -> str:
        entry = self._book.sheet(title)
        return entry.part if entry else ""

    # --- writing -------------------------------------------------------------------------------

    def write(self, place: Place, cells: Sequence[Sequence[Cell]]) -> None:
        """Write a rectangle; formats stay, cells for people are left alone.

        Args:
            place: Where; only its corner counts.
            cells: Rows by columns; formulas are as the file stores them (no placeholders), without ``=``.

        Raises:
            ObstructedError: An array formula or a table of the user's is in the way; nothing was written.
            ValueError: A value that no cell can hold (NaN, infinity); nothing was written.
        """
        self.write_cells(
            place.sheet,
            {
                (place.row + down, place.column + right): cell
                for down, row in enumerate(cells)
                for right, cell in enumerate(row)
            },
        )

    def write_cells(self, title: str, cells: Mapping[tuple[int, int], Cell]) -> None:
        """Write cells of one sheet by row and column (from 0); see `write`."""
        values = {at: cell.plain(each.value, date1904=self.date1904) for at, each in cells.items()}
        if blocked := self.obstacle(title, values):
            raise ObstructedError(blocked)
        sheet = self._sheet(title)
        headers = [
            (table, names)
            for table in tables.tables_of(self._parts, self._part(title))
            if (names := tables.headers_after(table, values))
        ]
        for (row, column), each in cells.items():
            if not self.protected(title, row, column):
                formulas.write(sheet, row, column, values[row, column], each.formula)
        for table, names in headers:
            tables.rename(self._parts, table, names)

    def obstacle(self, title: str, cells: Mapping[tuple[int, int], Scalar]) -> Place | None:
        """Return what of the user's would break if these cells were written, or None."""
        part = self._part(title)
        if part not in self._arrays:
            self._arrays[part] = formulas.arrays(self._sheet(title))
        for place in self._arrays[part]:
            if any(place.holds(row, column) for row, column in cells):
                return replace(place, sheet=title)
        for table in tables.tables_of(self._parts, part):
            names = tables.headers_after(table, cells)
            if names and not tables.headers_fit(self._parts, table, names):
                return replace(table.place, sheet=title, rows=1)
        return None

    def define(self, name: str, text: str) -> None:
        """Set or make a workbook-scoped defined name that is no range.

        Args:
            name: The name.
            text: A constant or a LAMBDA as the file stores it (``_xlfn.LAMBDA(_xlpm.x,…)``), without ``=``.
        """
        found = self._book.name(name)
        if found:
            found.text = text
        else:
            self._book.names.append(DefinedName(name, text, None))

    # --- blocks that grow ----------------------------------------------------------------------

    def resize_obstacle(self, name: str, rows: int) -> Place | None:
        """Return what of the user's stands in the way of `resize`, or None."""
        block = self._block(name)
        sheet, part = self._sheet(block.sheet), self._part(block.sheet)
        last = block.row + max(rows, block.rows) - 1
        if last > address.LAST_ROW:
            return replace(block, row=address.LAST_ROW, rows=1)
        # The rows that come or go, over the whole width of the block.
        first = block.row + min(rows, block.rows)
        span = replace(block, row=first, rows=last - first + 1)
        if span.rows <= 0:
            return None
        for place in formulas.arrays(sheet):
            if place.meets(span):
                return replace(place, sheet=block.sheet)
        for table in tables.tables_of(self._parts, part):
            inside = table.place.row >= block.row and table.place.last_row == block.last_row
            if table.place.meets(span) and (table.totals or not inside):
                return replace(table.place, sheet=block.sheet)
            if table.totals and table.place.meets(block):
                return replace(table.place, sheet=block.sheet)
        if rows <= block.rows:
            return None
        for node in sheet.frame_root.find("mergeCell"):
            merged = address.parse(node.attributes.get("ref", ""))
            if merged and merged.meets(span):
                return replace(merged, sheet=block.sheet)
        for other in self._blocks(block.sheet):
            if other != block and other.meets(span):
                return other
        for number, row in sheet.rows_between(span.row, span.last_row):
            for column, mark in row.cells.items():
                if span.holds(number, column) and not mark.empty:
                    return Place(block.sheet, number, column)
        return None

    def resize(self, name: str, rows: int, columns: Collection[int] | None = None) -> None:
        """Make a growing block longer or shorter, with everything that refers to its data.

        Rows that go are emptied and keep their format; rows that come take the format of the last one. Charts,
        conditional formats, validations, sparklines, filters, tables, print areas, pivot sources and other names
        whose range ends with the block's last row follow.

        Args:
            name: Defined name of the block.
            rows: Its rows from now on, the header included, at least 1.
            columns: Columns of the sheet that are ours; None for the block's whole width.

        Raises:
            ObstructedError: Something of the user's stands below; nothing was changed.
        """
        block = self._block(name)
        if rows == block.rows:
            return
        if blocked := self.resize_obstacle(name, rows):
            raise ObstructedError(blocked)
        sheet = self._sheet(block.sheet)
        width = range(block.column, block.last_column + 1)
        for row in range(block.row + rows, block.last_row + 1):
            for column in width if columns is None else columns:
                if not self.protected(block.sheet, row, column):
                    formulas.write(sheet, row, column, None, "")
        for row in range(block.last_row + 1, block.row + rows):
            sheet.set_row_height_like(row, block.last_row)
            for column in width:
                style = sheet.style(block.last_row, column)
                if sheet.style(row, column) != style:
                    mark = sheet.own_mark(row, column)
                    mark.attributes["s"] = str(style)
                    mark.raw = b""
        self._follow(name, Growth(block, rows))

    def _follow(self, name: str, growth: Growth) -> None:
        """Stretch what refers to the block."""
        block = replace(growth.block, rows=growth.rows)
        for each in self._book.names:
            if each.scope is None and each.name.casefold() == name.casefold():
                each.text = address.spell(block, absolute=True, colon=True)
            elif not each.name.casefold().startswith(OURS):
                each.text = growth.in_name(each.name, each.text)
        for entry in self._book.sheets:
            if entry.worksheet:
                sheet = self._sheet(entry.title)
                sheet.set_frame(growth.in_worksheet(sheet.frame, entry.title))
        for table in tables.tables_of(self._parts, self._part(growth.block.sheet)):
            self._parts.write(table.part, growth.in_table(self._parts.read(table.part)))
        for part in self._parts.of_type(kinds.CHART):
            old = self._parts.read(part)
            new = growth.in_chart(old)
            if new != old:
                self._parts.write(part, new)
                self._stretched.add(part)
        for part in self._parts.of_type(kinds.PIVOT_CACHE):
            self._parts.write(part, growth.in_pivot_cache(self._parts.read(part)))

    def _block(self, name: str) -> Place:
        if not (found := self.place(name)):
            raise KeyError(f"{name!r} is no defined name of one rectangle")
        return found

    def _blocks(self, title: str) -> list[Place]:
        """Return our blocks on a sheet."""
        places = [self.place(each) for each in self.names() if each.casefold().startswith(OURS)]
        return [place for place in places if place and place.sheet == title]

    # --- saving --------------------------------------------------------------------------------

    def save(self) -> None:
        """Write the file in one step and keep the old one as a backup; without a change nothing is written.

        Raises:
            BookError: The file changed since it was opened, or cannot be written; it is as it was.
        """
        self._finish()
        changed = {
            name: data
            for name, data in self._parts.changed.items()
            if data != self._parts.container.read(name)
        }
        if not changed and not self._parts.dropped:
            return
        content = self._parts.container.rebuilt(changed, self._parts.dropped)
        saving.replace(self.path, content, changed, self.digest)
        self._load(content)

    def _finish(self) -> None:
        """Put every pending change into its part."""
        self._book.store()
        for part, sheet in self._sheets.items():
            self._parts.write(part, sheet.data())
        if self.strings is not None and self.strings.changed:
            self._parts.write(self._strings_part, self.strings.data())
        self._refresh_charts()
        if any(sheet.formulas_changed for sheet in self._sheets.values()):
            for part in self._parts.related(self._book.part, "calcChain"):
                self._parts.drop(part, self._book.part)
        # Our formulas carry computed values; the user's own over our cells would show stale ones until Excel
        # recalculates. Without such formulas the flag would only make Excel ask about saving on close.
        if any(sheet.changed for sheet in self._sheets.values()) and self._has_foreign_formulas():
            self._book.calculate_on_load()

    def _has_foreign_formulas(self) -> bool:
        for entry in self._book.sheets:
            if not entry.worksheet:
                continue
            ours = self._blocks(entry.title)
            if ours:
                if formulas.any_outside(self._sheet(entry.title), ours):
                    return True
            elif formulas.any_in(self._parts.read(entry.part)):
                return True
        return False

    def _refresh_charts(self) -> None:
        changed = {part: sheet.changed for part, sheet in self._sheets.items() if sheet.changed}
        for part in self._parts.of_type(kinds.CHART) if changed or self._stretched else ():
            all_of_it = part in self._stretched

            def concerns(place: Place, *, always: bool = all_of_it) -> bool:
                sheet = self._part(place.sheet)
                if always:
                    return bool(sheet)
                return any(place.holds(row, column) for row, column in changed.get(sheet, ()))

            data = self._parts.read(part)
            self._parts.write(part, charts.refreshed(data, concerns, self._drawn))

    def _drawn(self, place: Place, visible_only: bool) -> list[Scalar]:
        """Return the values that a chart draws of a rectangle, row by row."""
        rows, columns = self._sheet(place.sheet).hidden(place) if visible_only else ((), ())
        return [
            value
            for down, row in enumerate(self.read(place), place.row)
            for right, value in enumerate(row, place.column)
            if down not in rows and right not in columns
        ]
