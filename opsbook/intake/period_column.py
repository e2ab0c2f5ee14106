"""The periods of a column that says one in each row. What the cells leave open, the column's order may decide."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from opsbook import periods
from opsbook.intake.dates import parse_moments
from opsbook.intake.first_days import DateRole, role_of_days, says_months
from opsbook.intake.lost_zero import decide
from opsbook.periods import Grain, Period
from opsbook.periods.statements import NOTHING
from opsbook.periods.text import read

if TYPE_CHECKING:
    from numpy.typing import NDArray


_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d(?: 00:00:00)?")
_SHORT_YEAR = re.compile(r"[A-Za-z]{3,9}\.?-\d\d")
_FEW = 3


@dataclass
class ParsedPeriods:
    """A period column.

    Attributes:
        found: Periods by place; the first ones belong to the distinct cells.
        codes: The place of every row's period.
        doubts: Which rows wait for an answer or a correction, by the code of their issue.
        notes: Which rows were put right, by the code of their issue.
    """

    found: list[Period | None]
    codes: NDArray[np.intp]
    doubts: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    notes: dict[str, NDArray[np.bool_]] = field(default_factory=dict)

    def doubt(self, code: str, marks: NDArray[np.bool_]) -> None:
        """Take the periods from rows that have to be asked about."""
        self._mark(self.doubts, code, marks)

    def note(self, code: str, marks: NDArray[np.bool_]) -> None:
        """Keep which rows were put right."""
        self._mark(self.notes, code, marks)

    def among(self, rows: NDArray[np.intp], count: int) -> ParsedPeriods:
        """Return the same periods as the given rows of a longer column, whose other rows have none."""
        codes = np.full(count, len(self.found), dtype=np.intp)
        codes[rows] = self.codes
        longer = ParsedPeriods([*self.found, None], codes)
        for marked, target in ((self.doubts, longer.doubts), (self.notes, longer.notes)):
            for code, marks in marked.items():
                target[code] = np.zeros(count, dtype=np.bool_)
                target[code][rows] = marks
        return longer

    @staticmethod
    def _mark(where: dict[str, NDArray[np.bool_]], code: str, marks: NDArray[np.bool_]) -> None:
        if marks.any():
            where[code] = where[code] | marks if code in where else marks


def parse_periods(
    values: Sequence[object],
    codes: NDArray[np.intp] | None = None,
    *,
    header: str,
    alive: NDArray[np.bool_] | None = None,
    year: int | None = None,
    clock: str = "UTC",
    zone: tzinfo | None = None,
    figures: bool = True,
) -> ParsedPeriods:
    """Return the periods of a column: ``2026-09-13~2026-09-19``, ``2026年3月``, ``W36 2025``, Excel dates.

    Args:
        values: Distinct cells.
        codes: The place of every row's cell among them; each cell once by default.
        header: The column's header. Under ``月份`` Excel's first days of months are the months themselves: that is
            what it makes of a typed ``2026-03``.
        alive: Rows that are data; all by default.
        year: Year of cells that name none.
        clock: Clock of the days.
        zone: The clock that the header states.
        figures: Whether the rows hold figures of periods; rows that note events fall on any day.
    """
    codes = np.arange(len(values)) if codes is None else codes
    alive = np.ones(len(codes), dtype=np.bool_) if alive is None else alive
    found: list[Period | None] = [None] * len(values)
    cells: list[object] = list(values)
    unclear, no_year, numbered = (np.zeros(len(values), dtype=np.bool_) for _ in range(3))
    for place, value in enumerate(values):
        text = _text(value)
        if not text or _ISO_DAY.fullmatch(text):
            continue
        said = read(text, year=year)
        if said is NOTHING or (said.period and said.period.grain is Grain.DAY):
            continue
        if said.unclear and not said.no_year and _dated(value):
            continue
        if said.period and said.period.grain is Grain.YEAR and text.isdigit():
            continue  # a bare year, or a number of four digits, is too little in a column of days
        found[place], cells[place] = said.period, None
        unclear[place], no_year[place] = said.unclear and not said.no_year, said.no_year
        numbered[place] = said.numbered
    unclear |= _days_or_months(values, found)
    moments = parse_moments(cells, clock=clock, zone=zone, days=True)
    for place, moment in enumerate(moments.values.astype("datetime64[D]").tolist()):
        if moment is not None:
            found[place] = periods.day(moment)
    parsed = ParsedPeriods(found, codes)
    asked = moments.mixed & np.isnat(moments.values)
    for code, marks in (
        ("cell.date", moments.bad),
        ("cell.date_order", moments.undecided),
        ("cell.date_mixed", asked),
        ("period.unclear", unclear),
        ("period.year", no_year),
    ):
        parsed.doubt(code, marks[codes])
    for code, marks in (
        ("cell.date_swapped", moments.swapped),
        ("cell.date_perhaps", moments.mixed & ~asked),
        ("period.week_number", numbered),
    ):
        parsed.note(code, marks[codes])
    if year is not None:
        parsed.doubt("period.year", _turning(values, found, codes, alive))
    _restore_zeros(parsed, values, alive)
    _months_of_days(parsed, alive, header=header, figures=figures)
    return parsed


def _text(value: object) -> str:
    if isinstance(value, str):
        return unicodedata.normalize("NFKC", value).strip().lstrip("'")
    if isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value):
        return f"{value:.0f}" if value == int(value) else f"{value:.10g}" if 1990 <= value < 2200 else ""
    return ""


def _dated(value: object) -> bool:
    """Whether one cell is a day with something beside it that the dates know: a time, a zone."""
    return not parse_moments([value], clock="UTC").bad[0]


def _days_or_months(values: Sequence[object], found: list[Period | None]) -> NDArray[np.bool_]:
    """Return the cells such as Apr-24, Apr-25, Apr-26 that may be days of one month rather than months of years."""
    years: dict[int, set[int]] = {}
    places = []
    for place, value in enumerate(values):
        period = found[place]
        if period and isinstance(value, str) and _SHORT_YEAR.fullmatch(value.strip()):
            places.append(place)
            years.setdefault(period.start.month, set()).add(period.start.year)
    marks = np.zeros(len(values), dtype=np.bool_)
    if any(len(found) >= _FEW for found in years.values()) and len(years) < _FEW:
        marks[places] = True
        for place in places:
            found[place] = None
    return marks


def _turning(
    values: Sequence[object], found: list[Period | None], codes: NDArray[np.intp], alive: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return the rows of cells without a year where their order says that there is more than one."""
    without = np.array(
        [
            period is not None and isinstance(value, str) and read(_text(value)).no_year
            for value, period in zip(values, found, strict=True)
        ],
        dtype=np.bool_,
    )
    rows = np.flatnonzero(without[codes] & alive) if len(values) else np.zeros(0, dtype=np.intp)
    starts = [period.start for row in rows if (period := found[codes[row]])]
    down = any(later < before for before, later in pairwise(starts))
    up = any(later > before for before, later in pairwise(starts))
    marks = np.zeros(len(codes), dtype=np.bool_)
    if up and down and len({start.month for start in starts}) > 1 and _turns(starts):
        marks[rows] = True
    return marks


def _turns(starts: list[date]) -> bool:
    """Whether December is followed by January, or January by December."""
    return any(abs(later.month - before.month) >= 9 for before, later in pairwise(starts))


def _restore_zeros(parsed: ParsedPeriods, values: Sequence[object], alive: NDArray[np.bool_]) -> None:
    texts = [_text(value) for value in values]
    if not any(text[4:] == ".1" for text in texts):
        return
    rows = np.flatnonzero(alive)
    months, doubtful = decide(
        [texts[parsed.codes[row]] for row in rows], [parsed.found[parsed.codes[row]] for row in rows]
    )
    marks = np.zeros(len(parsed.codes), dtype=np.bool_)
    marks[rows[doubtful]] = True
    parsed.doubt("period.lost_zero", marks)
    restored = np.zeros(len(parsed.codes), dtype=np.bool_)
    parsed.codes = parsed.codes.copy()
    places: dict[Period, int] = {}
    for row, month in zip(rows.tolist(), months, strict=True):
        if month is not None:
            if month not in places:
                places[month] = len(parsed.found)
                parsed.found.append(month)
            parsed.codes[row] = places[month]
            restored[row] = True
    parsed.note("period.zero_restored", restored)


def _months_of_days(parsed: ParsedPeriods, alive: NDArray[np.bool_], *, header: str, figures: bool) -> None:
    """Make months of first days where header or column say so, or ask."""
    used = np.unique(parsed.codes[alive]).tolist()
    spans = [period for place in used if (period := parsed.found[place])]
    role = role_of_days(spans, header=header, figures=figures)
    if role is DateRole.DAYS:
        return
    places = [place for place in used if (period := parsed.found[place]) and period.grain is Grain.DAY]
    marks = np.isin(parsed.codes, places)
    if role is DateRole.UNKNOWN:
        parsed.doubt("period.days_or_months", marks)
        return
    for place in places:
        if period := parsed.found[place]:
            parsed.found[place] = periods.containing(period.start, Grain.MONTH)
    if not says_months(header):
        parsed.note("period.months_of_days", marks)
