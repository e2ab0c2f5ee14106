"""The period of every row, by the rule of its schema."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from opsbook import periods
from opsbook.periods import Period

if TYPE_CHECKING:
    from numpy.typing import NDArray


_DAY = np.dtype("datetime64[D]")


@dataclass
class RowPeriods:
    """Periods, one a row; NaT and None where there is none."""

    start: NDArray[np.datetime64]
    end: NDArray[np.datetime64]
    grain: NDArray[np.object_]

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Rows without a period."""
        return np.isnat(self.start)


def whole(period: Period, rows: int) -> RowPeriods:
    """Return one period for every row."""
    return spread([period], np.zeros(rows, dtype=np.intp))


def spread(found: Sequence[Period | None], codes: NDArray[np.intp]) -> RowPeriods:
    """Return the period that each row's code points to."""
    nat = np.datetime64("NaT", "D")
    start = np.array([period.start if period else nat for period in found], dtype=_DAY)
    end = np.array([period.end if period else nat for period in found], dtype=_DAY)
    grain = np.empty(len(found), dtype=np.object_)
    grain[:] = [str(period.grain) if period else None for period in found]
    return RowPeriods(start[codes], end[codes], grain[codes])


def of_days(days: NDArray[np.datetime64]) -> RowPeriods:
    """Return each row's own day."""
    days = days.astype(_DAY)
    grain = np.full(len(days), str(periods.Grain.DAY), dtype=np.object_)
    grain[np.isnat(days)] = None
    return RowPeriods(days, days, grain)
