"""What intake hands on: clean tables with coordinates, told apart from how they were read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from opsbook.domain.issues import Issue

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Source:
    """Something to read.

    Attributes:
        path: The file on disk; for a member of a zip, the zip.
        name: What the user knows it by: path relative to the folder given, ``orders.zip!march.csv`` for members.
        member: Name inside the zip, or empty.
        sheet: Read this sheet only (a paste sheet of the workbook), or empty for every sheet.
        period: What the paste sheet's own period cell says, or empty.
        covered: The table was pasted over the paste sheet's own lines, so that no cell is the period cell.
        cells: First row and column, then last, of the one table to read on that sheet, counted from 0; None for all.
    """

    path: Path
    name: str
    member: str = ""
    sheet: str = ""
    period: str = ""
    covered: bool = False
    cells: tuple[int, int, int, int] | None = None


@dataclass
class CleanTable:
    """One recognised table, every cell cleaned.

    Attributes:
        kind: Schema that claims it.
        sheet: Sheet of the file, or empty.
        columns: Our field name to values, only of fields the table has, all of one length: float64 arrays for
            number, money and percent (NaN is missing); object arrays of str or None for id, text and flag;
            ``datetime64[D]`` for dates and ``datetime64[s]`` for datetimes (NaT is missing).
        grain: Object array of `opsbook.periods.Grain` values (str), one a row.
        start: ``datetime64[D]``, first day of the row's period.
        end: ``datetime64[D]``, last day.
        row: int64, the row's number in the file as Excel counts.
        rows_in: Rows under the header before anything was dropped.
        dropped: Totals, footers, repeated headers and blank rows: not data.
        set_aside: Rows of data that could not be used; each has an issue.
    """

    kind: str
    sheet: str
    columns: dict[str, NDArray[np.generic]]
    grain: NDArray[np.object_]
    start: NDArray[np.datetime64]
    end: NDArray[np.datetime64]
    row: NDArray[np.int64]
    rows_in: int = 0
    dropped: int = 0
    set_aside: int = 0

    def __len__(self) -> int:
        return len(self.row)


@dataclass
class SourceReading:
    """All that one source gave.

    Attributes:
        source: What was read.
        digest: SHA-256 of the bytes (of the cells, for a paste sheet), in hex.
        stamp: When the export was made: the download time in its name, else the file's modification time; None
            for a paste sheet.
        tables: Recognised tables.
        issues: Everything wrong with it.
    """

    source: Source
    digest: str
    stamp: datetime | None = None
    tables: list[CleanTable] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
