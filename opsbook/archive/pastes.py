"""What each paste sheet held, so that a pasting error is noticed: rows left of a longer table, a period not changed.

Kept are digests of rows with their places, by sheet, kind and period, and no cell. Only tables whose period is
written once for all their rows are looked at; a row with a day of its own is the same row wherever it is pasted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from opsbook.domain.issues import Issue
from opsbook.schemas import PeriodRule, schemas

if TYPE_CHECKING:
    import duckdb

    from opsbook.intake.clean_tables import CleanTable, SourceReading

TABLE = "opsbook_pastes"
_TELLING = 10  # a figure that two weeks seldom share by chance
_COMMON = 2  # rows of both tables from which their difference says something
_SETTLED = timedelta(days=3)  # after its end a period's figures change no more


@dataclass(frozen=True)
class _Row:
    key: str
    content: str
    telling: bool


@dataclass(frozen=True)
class _Paste:
    """What a sheet held for one kind and period: rows by their number in the sheet."""

    start: date
    end: date
    taken_at: datetime
    rows: Mapping[int, _Row]

    @property
    def label(self) -> str:
        return str(self.start) if self.start == self.end else f"{self.start}~{self.end}"


class Pastes:
    """The memory of paste sheets in an open archive."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def look(self, reading: SourceReading, now: datetime) -> list[Issue]:
        """Return warnings about the tables of a paste sheet, and remember them.

        Args:
            reading: What was read; anything but a paste sheet is passed over.
            now: Time of the refresh.
        """
        source = reading.source
        if not source.sheet or source.cells:
            return []
        issues: list[Issue] = []
        for table in reading.tables:
            if not len(table) or not _stated(table, source.period):
                continue
            start, end = table.start[0].item(), table.end[0].item()
            paste = _Paste(start, end, now, _rows(table))
            before = list(self._before(source.name, source.sheet, table.kind))
            issues += _compared(paste, before, source.name, source.sheet)
            self._keep(source.name, source.sheet, table.kind, paste)
        return issues

    def _before(self, book: str, sheet: str, kind: str) -> Iterator[_Paste]:
        found = self._connection.execute(
            f"SELECT first_day, last_day, taken_at, rows FROM {TABLE} WHERE book = ? AND sheet = ? AND kind = ?",
            [book, sheet, kind],
        ).fetchall()
        for first, last, taken_at, rows in found:
            listed = {
                int(row): _Row(key, content, telling) for row, key, content, telling in json.loads(rows)
            }
            yield _Paste(first, last, taken_at, listed)

    def _keep(self, book: str, sheet: str, kind: str, paste: _Paste) -> None:
        rows = [[number, row.key, row.content, row.telling] for number, row in paste.rows.items()]
        self._connection.execute(
            f"INSERT OR REPLACE INTO {TABLE} VALUES (?, ?, ?, ?, ?, ?, ?)",
            [book, sheet, kind, paste.start, paste.end, paste.taken_at, json.dumps(rows)],
        )

    def forget(self, sheets: Iterable[tuple[str, str]]) -> None:
        """Forget what sheets held, given as pairs of workbook and sheet."""
        for book, sheet in set(sheets):
            self._connection.execute(f"DELETE FROM {TABLE} WHERE book = ? AND sheet = ?", [book, sheet])


def _stated(table: CleanTable, given: str) -> bool:
    """Whether one period was written for the whole table, above it or in the sheet's own cell."""
    if (table.start != table.start[0]).any() or (table.end != table.end[0]).any():
        return False
    schema = schemas()[table.kind]
    if schema.period is PeriodRule.FILE:
        return True
    if schema.period is PeriodRule.SNAPSHOT:
        return schema.period_field not in table.columns
    from opsbook.intake.file_period import given_period  # loads numpy

    period = given_period(given) if given else None
    return period is not None and (period.start, period.end) == (table.start[0].item(), table.end[0].item())


def _rows(table: CleanTable) -> dict[int, _Row]:
    keys = schemas()[table.kind].key
    names = sorted(table.columns)
    columns = [table.columns[name].tolist() for name in names]
    key_columns = [table.columns[name].tolist() for name in keys if name in table.columns]
    found = {}
    for place, number in enumerate(table.row.tolist()):
        cells = [column[place] for column in columns]
        numbers = [abs(cell) for cell in cells if isinstance(cell, float) and cell == cell]  # noqa: PLR0124 - NaN
        telling = any(each >= _TELLING for each in numbers)
        found[int(number)] = _Row(_digest([column[place] for column in key_columns]), _digest(cells), telling)
    return found


def _digest(cells: list[object]) -> str:
    return hashlib.blake2b(repr(cells).encode("utf-8", "surrogatepass"), digest_size=9).hexdigest()


def _compared(paste: _Paste, before: Iterable[_Paste], book: str, sheet: str) -> Iterator[Issue]:
    longest: tuple[list[int], _Paste] | None = None
    for earlier in before:
        if (earlier.start, earlier.end) == (paste.start, paste.end):
            if count := _replaced(paste, earlier):
                first = min(paste.rows)
                yield Issue("paste.replaced", book, sheet, first, detail=paste.label, times=count)
            continue
        block = _left(paste, earlier)
        if block and (longest is None or len(block) > len(longest[0])):
            longest = block, earlier
    if longest:
        block, earlier = longest
        code = "paste.same" if len(block) == len(paste.rows) else "paste.left"
        span = f"{block[0]}~{block[-1]}" if len(block) > 1 else str(block[0])
        yield Issue(code, book, sheet, block[0], value=span, detail=earlier.label, times=len(block))


def _left(paste: _Paste, earlier: _Paste) -> list[int]:
    """Return the rows at the table's end that are, place and figures, those of another period."""
    block: list[int] = []
    for number in sorted(paste.rows, reverse=True):
        old = earlier.rows.get(number)
        if old is None or old.content != paste.rows[number].content:
            break
        block.insert(0, number)
    return block if any(paste.rows[number].telling for number in block) else []


def _replaced(paste: _Paste, earlier: _Paste) -> int:
    """Return how many rows there are where all have other figures than the same sheet gave for the same period.

    While the period runs, and shortly after it, that is what a later export is for.
    """
    if earlier.taken_at.date() <= paste.end + _SETTLED:
        return 0
    old = {row.key: row.content for row in earlier.rows.values()}
    common = [row for row in paste.rows.values() if row.key in old]
    if len(common) < max(_COMMON, len(paste.rows) // 2) or not any(row.telling for row in common):
        return 0
    return 0 if any(old[row.key] == row.content for row in common) else len(common)
