"""The cells of one sheet, by rows or by columns, and the distinct values of a column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


Merged = tuple[int, int, int, int]
"""First row and column of a merged range, then last row and column."""
Remark = tuple[str, int, str, int]


@dataclass
class Grid:
    """One sheet as it was read, nothing cleaned. Rows and columns count from 0; row 0 is the file's first.

    Attributes:
        name: The sheet, or empty for a file that has none.
        rows: Lists of cells, all of one length.
        unended: Cells that the last row has in a text that stops without a line end; 0 otherwise.
        currencies: What the formats of the cells show, by column and row: ISO codes, the usual one first.
        delimiter: What parts the cells of a text, or empty for a workbook.
        merged: Merged ranges.
        joined: Rows that a quotation mark without a partner made out of several, with their lines in the file.
        crowded: Rows with more cells than their header, which nothing puts right for certain.
        uncalculated: Cells whose formula has no result, with their addresses; they are empty.
        remarks: What is to be said of the file: code of the issue, row (1 is the first, 0 is none), facts, count.
    """

    name: str
    rows: Sequence[Sequence[object]]
    unended: int = field(default=0, kw_only=True)
    merged: Sequence[Merged] = field(default=(), kw_only=True)
    joined: Mapping[int, tuple[int, int]] = field(default_factory=dict, kw_only=True)
    currencies: dict[int, dict[int, tuple[str, ...]]] = field(default_factory=dict, kw_only=True)
    delimiter: str = field(default="", kw_only=True)
    crowded: Sequence[int] = field(default=(), kw_only=True)
    uncalculated: dict[tuple[int, int], str] = field(default_factory=dict, kw_only=True)
    remarks: Sequence[Remark] = field(default=(), kw_only=True)

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.rows)

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.rows[0]) if self.rows else 0

    def only(self, row: int, column: int, last_row: int, last_column: int) -> Grid:
        """Return a rectangle as a sheet of its own; its first row is row 0."""
        rows = [cells[column : last_column + 1] for cells in self.rows[row : last_row + 1]]
        merged = [
            (top - row, left - column, bottom - row, right - column)
            for top, left, bottom, right in self.merged
            if row <= top <= last_row and column <= left <= last_column
        ]
        currencies = {
            number - column: {at - row: codes for at, codes in cells.items() if row <= at <= last_row}
            for number, cells in self.currencies.items()
            if column <= number <= last_column
        }
        uncalculated = {
            (at[0] - row, at[1] - column): address
            for at, address in self.uncalculated.items()
            if row <= at[0] <= last_row and column <= at[1] <= last_column
        }
        return Grid(self.name, rows, merged=merged, currencies=currencies, uncalculated=uncalculated)

    def picking(self, columns: Sequence[int]) -> Grid:
        """Return a sheet of some columns, each row in its place."""
        places = {column: place for place, column in enumerate(columns)}
        chosen = itemgetter(*columns) if len(columns) > 1 else lambda cells: (cells[columns[0]],)
        merged = [
            (top, places[left], bottom, max(places[each] for each in columns if left <= each <= right))
            for top, left, bottom, right in self.merged
            if left in places
        ]
        return replace(
            self,
            rows=list(map(chosen, self.rows)),
            merged=merged,
            currencies={
                places[number]: cells for number, cells in self.currencies.items() if number in places
            },
            uncalculated={
                (row, places[column]): address
                for (row, column), address in self.uncalculated.items()
                if column in places
            },
        )

    def row(self, number: int) -> Sequence[object]:
        """Return the cells of one row."""
        return self.rows[number]

    def column(self, number: int, start: int, stop: int) -> Sequence[object] | NDArray[Any]:
        """Return the cells of one column in rows ``start`` to ``stop`` (not included)."""
        return list(map(itemgetter(number), self.rows[start:stop]))

    def columns(self, start: int, stop: int) -> Sequence[Sequence[object] | NDArray[Any]]:
        """Return every column in rows ``start`` to ``stop`` (not included): three times as fast as one by one."""
        return list(zip(*self.rows[start:stop], strict=True)) if stop > start else [()] * self.width


@dataclass
class ColumnGrid(Grid):
    """A sheet that was read by columns: row 0 holds the names, the arrays the rest."""

    arrays: list[NDArray[Any]] = field(default_factory=list)

    def picking(self, columns: Sequence[int]) -> ColumnGrid:
        """Return a sheet of some columns."""
        names = [[self.rows[0][column] for column in columns]]
        return replace(self, rows=names, arrays=[self.arrays[column] for column in columns])

    @property
    def height(self) -> int:
        """Number of rows, the names included."""
        return 1 + (len(self.arrays[0]) if self.arrays else 0)

    def row(self, number: int) -> Sequence[object]:
        """Return the cells of one row."""
        return self.rows[0] if number == 0 else [array[number - 1] for array in self.arrays]

    def column(self, number: int, start: int, stop: int) -> Sequence[object] | NDArray[Any]:
        """Return the cells of one column; the names are not among them."""
        return self.arrays[number][start - 1 : stop - 1]

    def columns(self, start: int, stop: int) -> Sequence[Sequence[object] | NDArray[Any]]:
        """Return every column; the names are not among the cells."""
        return [array[start - 1 : stop - 1] for array in self.arrays]


def distinct(column: Sequence[object] | NDArray[Any]) -> tuple[NDArray[np.intp], list[object]]:
    """Return the place of each cell among the distinct values, and these.

    Args:
        column: Cells; numpy arrays of numbers or moments are kept from becoming objects one by one.

    Returns:
        Codes of the length of ``column`` and the list they point into. True, 1 and 1.0 stay apart.
    """
    if isinstance(column, np.ndarray) and column.dtype != np.object_:
        values, codes = np.unique(column, return_inverse=True)
        if values.dtype.kind == "M":
            values = values.astype("datetime64[us]")
        return codes.astype(np.intp, copy=False), values.tolist()
    places: defaultdict[object, int] = defaultdict(count().__next__)
    codes = np.fromiter(map(places.__getitem__, column), dtype=np.intp, count=len(column))
    found = list(places)
    if (0 in places or 1 in places) and bool in set(map(type, column)):  # True == 1 is one key of a dict
        keys: defaultdict[tuple[type, object], int] = defaultdict(count().__next__)
        codes = np.fromiter((keys[(type(cell), cell)] for cell in column), dtype=np.intp, count=len(column))
        found = [cell for _, cell in keys]
    return codes, found
