"""Takes tables into the archive: staged, merged by states, with a receipt for each table."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from opsbook.archive.receipts import Receipt
from opsbook.archive.replacing import Given, find_replaced, outdated_receipts
from opsbook.archive.staging import STAGED, name_of, stage
from opsbook.archive.states import merge_states
from opsbook.domain.issues import Issue
from opsbook.schemas import schemas

if TYPE_CHECKING:
    import duckdb

    from opsbook.archive.staging import Entry
    from opsbook.intake.clean_tables import SourceReading

BATCH = 200_000  # rows of one kind that are held before they are staged


@dataclass(frozen=True)
class _Taken:
    """A table that was staged; its rows are no longer in memory."""

    reading: SourceReading
    sheet: str
    kind: str
    period: str
    rows_in: int
    dropped: int
    set_aside: int


class Merger:
    """Merges tables into the archive inside the caller's transaction; holds the rows of one batch at most.

    Attributes:
        issues: After `finish`, what the new tables replaced.
        changed: After `finish`, whether the archive holds other rows than before.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, *, first_id: int, taken_at: datetime) -> None:
        self._connection = connection
        self._first = first_id
        self._taken_at = taken_at
        self._taken: list[_Taken] = []
        self._contents: set[tuple[str, str]] = set()
        self._waiting: dict[str, list[Entry]] = defaultdict(list)
        self._staged: set[str] = set()
        self.issues: list[Issue] = []
        self.changed = False

    def add(self, reading: SourceReading) -> None:
        """Take the tables of a reading; what the reading does with its own afterwards does not matter."""
        self._contents.add((reading.source.name, reading.digest))
        for table in reading.tables:
            number = self._first + len(self._taken)
            period = f"{table.start.min()}~{table.end.max()}" if len(table) else ""
            self._taken.append(
                _Taken(
                    reading, table.sheet, table.kind, period, table.rows_in, table.dropped, table.set_aside
                )
            )
            waiting = self._waiting[table.kind]
            waiting.append((number, reading, table))
            if sum(len(each) for _, _, each in waiting) >= BATCH:
                self._stage(table.kind)

    def _stage(self, kind: str) -> None:
        entries = self._waiting.pop(kind, [])
        stage(self._connection, schemas()[kind], entries, self._taken_at, new=kind not in self._staged)
        self._staged.add(kind)

    def finish(self) -> list[Receipt]:
        """Merge what was added; return a receipt for each table, in order."""
        before = self._given_before()
        outdated = {kind: outdated_receipts(tables, self._contents) for kind, tables in before.items()}
        counts: dict[int, tuple[int, int, int]] = {}
        for kind in list(self._waiting) + [kind for kind, ids in outdated.items() if ids]:
            if kind in self._waiting or kind not in self._staged:
                self._stage(kind)
        for kind in sorted(self._staged):
            counts |= self._merge(kind, before.get(kind, []), outdated.get(kind, []))
        return [
            self._receipt(number, taken, counts.get(number, (0, 0, 0)))
            for number, taken in enumerate(self._taken, start=self._first)
        ]

    def _merge(self, kind: str, before: list[Given], outdated: list[int]) -> dict[int, tuple[int, int, int]]:
        schema = schemas()[kind]
        self._connection.execute(f'ALTER TABLE "{name_of(schema)}" RENAME TO {STAGED}')
        new = [
            _given(number, taken)
            for number, taken in enumerate(self._taken, start=self._first)
            if taken.kind == kind
        ]
        read_again = set(outdated)
        old = [given for given in before if given.receipt not in read_again]
        self.issues += find_replaced(self._connection, schema, new, old)
        merged = merge_states(self._connection, schema, outdated=outdated)
        for loser, winner, rows in merged.contradictions:
            _report_contradiction(self._taken[winner - self._first], self._taken[loser - self._first], rows)
        self.changed = self.changed or merged.changed
        return merged.counts

    def _given_before(self) -> dict[str, list[Given]]:
        """Return the tables taken in before, by kind."""
        rows = self._connection.execute(
            "SELECT kind, id, file, sheet, digest FROM opsbook_receipts WHERE id < ? ORDER BY id",
            [self._first],
        ).fetchall()
        found: dict[str, list[Given]] = defaultdict(list)
        for kind, *facts in rows:
            if kind in schemas():
                found[kind].append(Given(*facts))
        return found

    def _receipt(self, number: int, taken: _Taken, counts: tuple[int, int, int]) -> Receipt:
        added, replaced, unchanged = counts
        return Receipt(
            id=number,
            taken_at=self._taken_at,
            file=taken.reading.source.name,
            sheet=taken.sheet,
            kind=taken.kind,
            period=taken.period,
            rows_in=taken.rows_in,
            added=added,
            replaced=replaced,
            unchanged=unchanged,
            dropped=taken.dropped,
            set_aside=taken.set_aside,
            digest=taken.reading.digest,
        )


def _given(number: int, taken: _Taken) -> Given:
    source = taken.reading.source
    pasted = bool(source.sheet) and source.cells is None
    return Given(number, source.name, taken.sheet, taken.reading.digest, pasted)


def _report_contradiction(winner: _Taken, loser: _Taken, rows: int) -> None:
    """Add to the issues of the table that counts that another one of the same age differs."""
    other = " · ".join(part for part in (loser.reading.source.name, loser.sheet) if part)
    issue = Issue("table.contradiction", winner.reading.source.name, winner.sheet, value=other, times=rows)
    winner.reading.issues.append(issue)
