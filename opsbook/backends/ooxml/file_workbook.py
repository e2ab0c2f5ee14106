"""A workbook on disk: cells, names and blocks read and written, everything else carried over untouched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from opsbook.backends.ooxml import (
    block_resizing,
    cell_element,
    cell_formulas,
    drawings,
    list_objects,
    refusals,
    safe_save,
    xml_spans,
)
from opsbook.backends.ooxml.package_session import Session
from opsbook.backends.ooxml.workbook_part import DefinedName
from opsbook.book import address
from opsbook.book.address import Place
from opsbook.book.model import Cell, Scalar
from opsbook.domain.errors import BookError
from opsbook.domain.language import Text

if TYPE_CHECKING:
    from opsbook.backends.upgrade.outcome import UpgradeOutcome


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
    """

    def __init__(self, path: Path, content: bytes) -> None:
        self.path = path
        self.digest = safe_save.digest(content)
        self._session = Session(content)

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
        try:
            refusals.check_package(path.name, content, for_writing=for_writing)
            book = cls(path, content)
        except xml_spans.DamagedError as error:
            raise xml_spans.DamagedError(error.detail, path.name) from error
        refusals.check_ours(path.name, book._session.book)
        return book

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the work; changes that were not saved are lost. The file itself was never held open."""

    # --- what it holds -------------------------------------------------------------------------

    @property
    def readable(self) -> Path:
        """The file itself: it holds the cells as they are until `save`."""
        return self.path

    @property
    def date1904(self) -> bool:
        """Whether its dates count from 1904."""
        return self._session.date1904

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """Titles of the tabs in order, chart sheets included."""
        return tuple(each.title for each in self._session.book.sheets)

    def names(self) -> dict[str, str]:
        """Return every workbook-scoped defined name and its text, without ``=``."""
        return {each.name: each.text for each in self._session.book.names if each.scope is None}

    def place(self, name: str) -> Place | None:
        """Return where a defined name is, or None unless it is one plain rectangle of a worksheet."""
        return self._session.place(name)

    def read(self, place: Place) -> list[list[Scalar]]:
        """Return the values of a rectangle, rows by columns: dates as serial numbers, errors as `Error`."""
        return self._session.sheet(place.sheet).read(place)

    def content(self, title: str, cells: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Cell]:
        """Return value and formula of cells of one sheet, as `write_cells` takes them."""
        sheet = self._session.sheet(title)
        return {at: cell_formulas.read(sheet, *at) for at in cells}

    def plain_calls(self, title: str, cells: Iterable[tuple[int, int]]) -> frozenset[tuple[int, int]]:
        """Return the cells of one sheet that call a function of ours in a formula which Excel 365 shows with ``@``."""
        sheet = self._session.sheet(title)
        return frozenset(at for at in cells if cell_formulas.plain_call(sheet, *at))

    def changed(self) -> dict[str, frozenset[tuple[int, int]]]:
        """Return the cells whose content is no longer the file's, by sheet."""
        return self._session.changed()

    def defined(self) -> tuple[tuple[str, str, str], ...]:
        """Return every defined name in order: sheet that it belongs to or empty, name, text without ``=``."""
        book = self._session.book
        return tuple(
            ("" if each.scope is None else book.sheets[each.scope].title, each.name, each.text)
            for each in book.names
        )

    def protected(self, sheet: str, row: int, column: int) -> bool:
        """Whether the cell is for people (cell style ``ops_input``): nothing is written there."""
        return self._session.protected(sheet, row, column)

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
        values = {at: cell_element.plain(each.value, date1904=self.date1904) for at, each in cells.items()}
        if blocked := self.obstacle(title, values):
            raise ObstructedError(blocked)
        session = self._session
        sheet = session.sheet(title)
        session.written.add(session.part(title))
        headers = [
            (table, names)
            for table in list_objects.tables_of(session.parts, session.part(title))
            if (names := list_objects.headers_after(table, values))
        ]
        for (row, column), each in cells.items():
            if not session.protected(title, row, column):
                cell_formulas.write(sheet, row, column, values[row, column], each.formula)
        for table, names in headers:
            list_objects.rename(session.parts, table, names)

    def obstacle(self, title: str, cells: Mapping[tuple[int, int], Scalar]) -> Place | None:
        """Return what of the user's would break if these cells were written, or None."""
        session = self._session
        for place in session.arrays(title):
            if any(place.holds(row, column) for row, column in cells):
                return replace(place, sheet=title)
        for table in list_objects.tables_of(session.parts, session.part(title)):
            names = list_objects.headers_after(table, cells)
            if names and not list_objects.headers_fit(session.parts, table, names):
                return replace(table.place, sheet=title, rows=1)
        return None

    def define(self, name: str, text: str, comment: str = "") -> None:
        """Set or make a workbook-scoped defined name that is no range.

        Args:
            name: The name.
            text: A constant or a LAMBDA as the file stores it (``_xlfn.LAMBDA(_xlpm.x,…)``), without ``=``.
            comment: What Excel shows of it; a comment that is there stays.
        """
        found = self._session.book.name(name)
        if found:
            found.text, found.comment = text, found.comment or comment
        else:
            self._session.book.names.append(DefinedName(name, text, None, comment=comment))

    def resize_obstacle(self, name: str, rows: int) -> Place | None:
        """Return what of the user's stands in the way of `resize`, or None."""
        return block_resizing.obstacle(self._session, self._block(name), rows)

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
        if blocked := block_resizing.obstacle(self._session, block, rows):
            raise ObstructedError(blocked)
        own = range(block.column, block.last_column + 1) if columns is None else columns
        block_resizing.resize(self._session, name, block, rows, own)

    def upgrade(self) -> UpgradeOutcome | None:
        """Bring a workbook that an earlier version made to the layout of this one; None when it has that.

        Raises:
            BookError: Something in it is not as Excel writes it; nothing was written.
        """
        from opsbook.backends.upgrade import upgrade  # the writer of new workbooks comes with it

        return upgrade(self._session, self.path.name)

    def heights(self, title: str, first: int, last: int) -> dict[int, str]:
        """Return the heights, in points, of rows that have one of their own."""
        rows = self._session.sheet(title).rows_between(first, last)
        return {number: said["ht"] for number, row in rows if "ht" in (said := xml_spans.attributes(row.tag))}

    def charts(self, title: str) -> dict[str, Place]:
        """Return the cells that each chart of a sheet lies over, by the chart's name."""
        return {frame.name: frame.place for frame in drawings.frames(self._session, title)}

    def content_now(self) -> bytes:
        """Return the file as `save` would write it; the workbook is to be opened anew from it."""
        changed = self._session.finish()
        return self._session.parts.container.rebuilt(changed, self._session.parts.dropped)

    def comments(self) -> dict[str, str]:
        """Return the comment of each workbook-scoped defined name that has one."""
        return {
            each.name: each.comment
            for each in self._session.book.names
            if each.scope is None and each.comment
        }

    def _block(self, name: str) -> Place:
        if not (found := self.place(name)):
            raise KeyError(f"{name!r} is no defined name of one rectangle")
        return found

    def save(self) -> None:
        """Write the file in one step and keep the old one as a backup; without a change nothing is written.

        Raises:
            BookError: The file changed since it was opened, or cannot be written; it is as it was.
        """
        changed = self._session.finish()
        parts = self._session.parts
        if not changed and not parts.dropped:
            return
        content = parts.container.rebuilt(changed, parts.dropped)
        safe_save.replace(self.path, content, changed, self.digest)
        self.digest = safe_save.digest(content)
        self._session = Session(content)
