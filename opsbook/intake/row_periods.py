"""The period of every row, by the rule of its schema."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np

from opsbook import periods
from opsbook.intake import file_period
from opsbook.intake.dates import parse_moments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from opsbook.intake.file_period import Surroundings
    from opsbook.periods import Period

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


@dataclass(frozen=True)
class ParsedPeriods:
    """Distinct cells of a period column: their periods, which are none, which may be day/month or month/day."""

    found: list[Period | None]
    bad: NDArray[np.bool_]
    undecided: NDArray[np.bool_]


def parse_periods(values: Sequence[object], *, header: str) -> ParsedPeriods:
    """Return the periods of a column: ``2026-09-13``, ``2026-09-13~2026-09-19``, ``2026-03``, ``2026年3月``, Excel dates.

    Args:
        values: Distinct cells.
        header: The column's header. Under ``月份`` Excel's first days of months are the months themselves: that is
            what it makes of a typed ``2026-03``.
    """
    found: list[Period | None] = [None] * len(values)
    dates: list[object] = list(values)
    for place, value in enumerate(values):
        text = ""
        if isinstance(value, str):
            text = unicodedata.normalize("NFKC", value).strip()
        elif isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value):
            text = str(int(value)) if value == int(value) else ""
        if period := _parse(text):
            found[place], dates[place] = period, None
    moments = parse_moments(dates, clock="UTC")
    for place, moment in enumerate(moments.values.astype("datetime64[D]").tolist()):
        if moment is not None:
            found[place] = periods.day(moment)
    days = [value for value in values if isinstance(value, datetime | date)]
    if "月份" in header and days and all(value.day == 1 for value in days):
        for place, value in enumerate(values):
            if isinstance(value, datetime | date):
                found[place] = periods.month(value.year, value.month)
    return ParsedPeriods(found, moments.bad, moments.undecided)


def _parse(text: str) -> Period | None:
    if not text:
        return None
    if len(text) == 6 and text.isdigit():  # 202603
        year, number = int(text[:4]), int(text[4:])
        return periods.month(year, number) if 1990 <= year <= 2199 and 1 <= number <= 12 else None
    found = periods.parse(text) or file_period.span_in(text)
    # A bare year, or a number of four digits, is too little in a column of days.
    return None if found and found.grain is periods.Grain.YEAR and text.isdigit() else found


def snapshot_day(around: Surroundings) -> Period | None:
    """Return the day whose state a file shows: by its name, the paste sheet's cell, or when it was made."""
    if day := file_period.day_in_name(around.name) if not around.given else None:
        return periods.day(day)
    if given := file_period.given_period(around.given):
        return periods.day(given.end)
    return periods.day(around.stamp.date()) if around.stamp else None
