"""What crosses from a reading process to ours: arrays, and texts once each with codes that point to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from opsbook.intake.table import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from opsbook.issues import Issue


@dataclass
class Column:
    """A column as distinct values and codes that point to them."""

    codes: NDArray[np.intp]
    values: NDArray[Any]

    def spread(self) -> NDArray[Any]:
        """Return one value a row."""
        spread: NDArray[Any] = self.values[self.codes]
        return spread

    def taken(self, rows: NDArray[np.intp]) -> Column:
        """Return the column of the chosen rows; values that none of them has are left behind."""
        used, codes = np.unique(self.codes[rows], return_inverse=True)
        return Column(codes.astype(np.int32), self.values[used])


@dataclass
class Parcel:
    """A table on its way: as `Table`, its columns packed."""

    kind: str
    sheet: str
    columns: dict[str, Column | NDArray[Any]]
    grain: Column
    start: NDArray[np.datetime64]
    end: NDArray[np.datetime64]
    row: NDArray[np.int64]
    rows_in: int
    dropped: int
    set_aside: int

    def unpacked(self) -> Table:
        """Return the table."""
        columns = {
            name: column.spread() if isinstance(column, Column) else column
            for name, column in self.columns.items()
        }
        return Table(
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
class Result:
    """What the reading process says of one source."""

    digest: str
    parcels: list[Parcel] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


def packed(column: Column) -> Column | NDArray[Any]:
    """Return what is smaller to send: numbers and moments as they are, texts once each."""
    return column if column.values.dtype == np.object_ else column.spread()
