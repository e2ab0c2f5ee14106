"""What crosses from a reading process to ours: arrays, and texts once each with codes that point to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from opsbook.domain.issues import Issue
from opsbook.intake.clean_tables import CleanTable

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass
class CodedColumn:
    """A column as distinct values and codes that point to them."""

    codes: NDArray[np.signedinteger[Any]]
    values: NDArray[Any]

    def spread(self) -> NDArray[Any]:
        """Return one value a row."""
        spread: NDArray[Any] = self.values[self.codes]
        return spread


@dataclass
class Parcel:
    """A table on its way: as `CleanTable`, its columns packed."""

    kind: str
    sheet: str
    columns: dict[str, CodedColumn | NDArray[Any]]
    grain: CodedColumn
    start: NDArray[np.datetime64]
    end: NDArray[np.datetime64]
    row: NDArray[np.int64]
    rows_in: int
    dropped: int
    set_aside: int

    def unpacked(self) -> CleanTable:
        """Return the table."""
        columns = {
            name: column.spread() if isinstance(column, CodedColumn) else column
            for name, column in self.columns.items()
        }
        return CleanTable(
            self.kind,
            self.sheet,
            columns,
            self.grain.spread(),
            self.start,
            self.end,
            self.row,
            self.rows_in,
            self.dropped,
            self.set_aside,
        )


@dataclass
class ReadingResult:
    """What the reading process says of one source."""

    digest: str
    parcels: list[Parcel] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


def packed(column: CodedColumn, rows: NDArray[np.intp]) -> CodedColumn | NDArray[Any]:
    """Return the chosen rows as they are cheapest to send: numbers and moments plainly, texts once each.

    Texts that none of the rows has are left behind.
    """
    codes = column.codes[rows]
    if column.values.dtype != np.object_:
        plain: NDArray[Any] = column.values[codes]
        return plain
    used = np.zeros(len(column.values), dtype=np.bool_)
    used[codes] = True
    if used.all():
        return CodedColumn(codes.astype(np.int32), column.values)
    return CodedColumn((np.cumsum(used, dtype=np.int32) - 1)[codes], column.values[used])
