"""Opening the archive, keeping it whole, and what is read back from it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

from opsbook.archive import pastes, same_ids, window
from opsbook.archive.data_frames import Frames
from opsbook.archive.foreign_files import Print, Span, prints_of
from opsbook.archive.merge import Merger
from opsbook.archive.opening import (
    backup_of,
    connect,
    copy_to,
    damaged,
    every_column,
    fault,
    private_files,
    wal,
)
from opsbook.archive.receipts import Receipt
from opsbook.archive.states import resolve_units
from opsbook.archive.window import Window
from opsbook.domain.errors import ArchiveError
from opsbook.domain.issues import Issue
from opsbook.domain.language import Text
from opsbook.schemas import PeriodRule, schemas
from opsbook.schemas.possible import EARLIEST
from opsbook.support import atomic_files

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from opsbook.intake.clean_tables import SourceReading


@dataclass(frozen=True)
class BookState:
    """In which state a refresh left a workbook.

    Attributes:
        digest: SHA-256 of the workbook's bytes after the refresh.
        inputs: What it was computed from: sources, archive serial, rules, version.
        issues: What it had to say.
    """

    digest: str
    inputs: str
    issues: tuple[Issue, ...]


class Archive:
    """An open archive file. Use as a context manager; `take_in` and `take_back` change it, each in one transaction.

    With `transaction` a caller puts more into one.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path, *, writes: bool = True) -> None:
        self._connection = connection
        self._writes = writes
        self._inside = False  # a transaction
        self._columns: dict[str, set[str]] | None = None
        self.path = path
        self.replaced: list[Issue] = []  # by the last `take_in`

    @classmethod
    def open(cls, path: Path, *, for_writing: bool) -> Self:
        """Open the archive at ``path``; see `opsbook.archive.opening.connect`."""
        return cls(connect(path, for_writing=for_writing), path, writes=for_writing)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, raised: BaseException | None, *_: object) -> None:
        import duckdb  # heavy

        try:
            with private_files():
                self._connection.close()
        except duckdb.Error as error:
            if kind is None:
                raise fault(self.path, error) from error
        if isinstance(raised, Exception) and damaged(raised):
            raise fault(self.path, raised) from raised
        if kind is None and self._writes and (log := wal(self.path)).exists():
            raise ArchiveError(
                Text(
                    f"本次内容已保存，但磁盘空间不足，一部分还在 {log.name} 里：请把它和归档 {self.path.name} 放在一起，腾出空间后再刷新一次。",
                    f"Everything was saved, but the disk is full and a part is still in {log.name}: keep it with the "
                    f"archive {self.path.name}, make room and refresh once more.",
                ),
                "computer",
            )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all of it or nothing, whatever stops it; one inside another is a part of it.

        Raises:
            ArchiveError: The disk is full, the file went away, and the like; the archive is as it was.
        """
        import duckdb  # heavy

        if self._inside:
            yield
            return
        self._inside = True
        try:
            with private_files():
                self._connection.execute("BEGIN")
                yield
                self._connection.execute("COMMIT")
        except BaseException as error:
            with contextlib.suppress(duckdb.Error):  # a commit that failed has ended it already
                self._connection.execute("ROLLBACK")
            if isinstance(error, Exception) and damaged(error):
                raise fault(self.path, error) from error
            raise
        finally:
            self._inside = False

    @property
    def id(self) -> str:
        """What tells this archive from every other; a workbook remembers it."""
        row = self._connection.execute("SELECT value FROM opsbook_meta WHERE key = 'id'").fetchone()
        return str(row[0]) if row else ""

    @property
    def serial(self) -> int:
        """A number that grows with every change of the data."""
        row = self._connection.execute("SELECT value FROM opsbook_meta WHERE key = 'serial'").fetchone()
        return int(row[0]) if row else 0

    def take_in(self, readings: Iterable[SourceReading], *, rules: str, taken_at: datetime) -> list[Receipt]:
        """Merge readings into the archive, all of them or none.

        Args:
            readings: What intake made of the sources, taken one after another; those without tables only leave
                their issues.
            rules: Digest of the rules they were read under.
            taken_at: Time of the refresh, also the stamp of pasted tables.

        Returns:
            A receipt for each table, in order.
        """
        taken = []
        with self.transaction():
            first = self._connection.execute(
                "SELECT greatest((SELECT coalesce(max(id), 0) FROM opsbook_receipts), "
                "(SELECT coalesce(max(CAST(value AS INTEGER)), 0) FROM opsbook_meta WHERE key = 'forgotten')) + 1"
            ).fetchone()
            merger = Merger(self._connection, first_id=first[0] if first else 1, taken_at=taken_at)
            first_taken = dict(
                self._connection.execute(
                    "SELECT digest, min(taken_at) FROM opsbook_receipts GROUP BY digest"
                ).fetchall()
            )
            spellings = same_ids.SameIds(self._connection)
            remembered = pastes.Pastes(self._connection)
            for reading in readings:
                if reading.stamp is None:  # what was pasted long ago and is read again is no newer for that
                    reading.stamp = first_taken.get(reading.digest)
                reading.issues += spellings.unify(reading)
                merger.add(reading)
                reading.issues += remembered.look(reading, taken_at)
                taken.append(reading)
            receipts = merger.finish()
            self._insert("opsbook_receipts", [astuple(receipt) for receipt in receipts])
            self._insert(
                "opsbook_readings",
                [(reading.digest, reading.source.name, rules, _dump(reading.issues)) for reading in taken],
            )
            self.replaced = merger.issues
            if merger.changed:
                self._count_change()
        return receipts

    def take_back(self, receipts: Collection[Receipt], *, read_again: Collection[str]) -> int:
        """Drop the rows that tables brought, and the tables' receipts, all of them or none.

        Args:
            receipts: Of the tables.
            read_again: Digests of other contents that the next refresh is to read although they were read before.

        Returns:
            How many rows there were.
        """
        ids, digests = [each.id for each in receipts], {each.digest for each in receipts}
        rows = 0
        with self.transaction():
            for kind in sorted({each.kind for each in receipts}):
                if self.columns(kind):
                    rows += self._delete(f'"{kind}" WHERE _receipt', ids)
                    resolve_units(self._connection, schemas()[kind], ids)
            self._connection.execute(  # the number of a receipt that is gone is never another's
                "INSERT OR REPLACE INTO opsbook_meta SELECT 'forgotten', CAST(max(id) AS VARCHAR) FROM opsbook_receipts"
            )
            self._delete("opsbook_receipts WHERE id", ids)
            pastes.Pastes(self._connection).forget((each.file, each.sheet) for each in receipts)
            self._delete("opsbook_readings WHERE digest", sorted(digests.union(read_again)))
            self._count_change()
        return rows

    def _delete(self, where: str, values: list[int] | list[str]) -> int:
        found = self._connection.execute(f"DELETE FROM {where} IN (SELECT unnest(?))", [values]).fetchone()
        return int(found[0]) if found else 0

    def _count_change(self) -> None:
        self._connection.execute(
            "UPDATE opsbook_meta SET value = CAST(CAST(value AS BIGINT) + 1 AS VARCHAR) WHERE key = 'serial'"
        )

    def back_up(self) -> Path:
        """Copy the archive as it stands beside itself, in place of an earlier backup; return where it is.

        Raises:
            ArchiveError: The disk is full, the folder may not be written, and the like.
        """
        import duckdb  # heavy

        backup = backup_of(self.path)
        try:
            made = atomic_files.beside(self.path)
            try:
                copy_to(self._connection, made)
                atomic_files.put(made, backup)
            finally:
                for rest in (made, wal(made)):
                    rest.unlink(missing_ok=True)
        except (duckdb.Error, OSError) as error:
            raise fault(self.path, error) from error
        return backup

    def _insert(self, table: str, rows: list[tuple[object, ...]]) -> None:
        """Insert rows in one statement: `executemany` runs one a row."""
        if rows:
            marks = ", ".join(["(" + ", ".join("?" * len(rows[0])) + ")"] * len(rows))
            self._connection.execute(
                f"INSERT OR REPLACE INTO {table} VALUES {marks}", [cell for row in rows for cell in row]
            )

    def known(self, rules: str) -> dict[tuple[str, str], tuple[Issue, ...]]:
        """Return the issues of every content already read under ``rules``, by (digest, file)."""
        rows = self._connection.execute(
            "SELECT digest, file, issues FROM opsbook_readings WHERE rules = ?", [rules]
        ).fetchall()
        return {(digest, file): _load(text) for digest, file, text in rows}

    def receipts(self) -> list[Receipt]:
        """Return every receipt, newest first."""
        rows = self._connection.execute("SELECT * FROM opsbook_receipts ORDER BY id DESC").fetchall()
        return [Receipt(*row) for row in rows]

    def book_state(self, book: str) -> BookState | None:
        """Return the state in which a refresh left the workbook of that file name."""
        row = self._connection.execute(
            "SELECT digest, inputs, issues FROM opsbook_books WHERE book = ?", [book]
        ).fetchone()
        return BookState(row[0], row[1], _load(row[2])) if row else None

    def keep_book_state(self, book: str, state: BookState) -> None:
        """Remember the state of a workbook after a refresh."""
        with self.transaction():
            self._connection.execute(
                "INSERT OR REPLACE INTO opsbook_books VALUES (?, ?, ?, ?)",
                [book, state.digest, state.inputs, _dump(state.issues)],
            )

    def rows(self, kind: str) -> int:
        """Return how many rows the archive holds of a kind."""
        if not self.columns(kind):
            return 0
        found = self._connection.execute(f'SELECT count(*) FROM "{kind}"').fetchone()
        return int(found[0]) if found else 0

    def table(
        self, kind: str, columns: tuple[str, ...], *, ordered: bool = True, until: date | None = None
    ) -> pd.DataFrame:
        """Return columns of a kind as a tidy table.

        Args:
            kind: Schema.
            columns: Fields, or ``_grain``, ``_start``, ``_end`` and the like.
            ordered: In the order of its key, so that sums of money do not depend on the order of files in their last
                digit. Counts need no order.
            until: The cut-off day; see `opsbook.archive.window`.

        Returns:
            One row per archived row; numbers float64 (NaN missing), days datetime64.
        """
        return self.view(until).table(kind, columns, ordered=ordered)

    def parts(
        self, kind: str, columns: tuple[str, ...], *, until: date | None = None
    ) -> Iterator[pd.DataFrame]:
        """Yield `table` in parts, so that a large one is never in memory whole.

        The rows are in the order of the key; those that share the key's first field stand in one part.
        """
        return self.view(until).parts(kind, columns)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT."""
        return cast("list[tuple[Any, ...]]", self._connection.execute(sql).fetchall())

    def prints(self, kind: str, span: Span) -> list[Print]:
        """Return what the archive holds of one of `strangers.KINDS` in some days, by the file that brought it."""
        return prints_of(self._connection, kind, self.columns(kind), span)

    def view(self, until: date | None) -> Frames:
        """Return the reader of the rows in view, for as long as nothing is taken in or back."""
        columns = {kind: self.columns(kind) for kind in schemas()}
        return Frames(self._connection, columns, self._window(until))

    def _window(self, until: date | None = None) -> Window:
        row = self._connection.execute("SELECT max(CAST(taken_at AS DATE)) FROM opsbook_receipts").fetchone()
        return Window(until, row[0] if row else None)

    def columns(self, kind: str) -> frozenset[str]:
        """Return the columns that the file holds of a kind; none where an older version made it."""
        if self._columns is None:
            self._columns = every_column(self._connection)
        return frozenset(self._columns.get(kind, ()))

    def spans(self, kind: str, *, until: date | None = None) -> list[tuple[date, date]]:
        """Return first and last day of each table of a kind that was taken in.

        Args:
            kind: Schema.
            until: The cut-off day. A table that reaches beyond it ends with the last row before it, as if it had been
                exported then.
        """
        rows = self._connection.execute(
            "SELECT DISTINCT period FROM opsbook_receipts WHERE kind = ? AND period <> '' ORDER BY period",
            [kind],
        ).fetchall()
        parts = (period.split("~") for (period,) in rows)
        found = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in parts]
        view = self._window(until)
        last = min(until or date.max, view.taken or date.max)
        if all(first >= EARLIEST and end <= last for first, end in found):
            return found
        low, high = self._reach(kind, view)
        if low is None or high is None:
            return []
        cut = [
            (first if first >= EARLIEST else low, end if end <= last else min(end, high))
            for first, end in found
        ]
        return [(first, end) for first, end in cut if first <= end]

    def _reach(self, kind: str, view: Window) -> tuple[date | None, date | None]:
        """Return first and last day of the rows in view."""
        if not self.columns(kind):
            return None, None
        row = self._connection.execute(
            f'SELECT min(_start), max(_end) FROM "{kind}" WHERE {view.condition(schemas()[kind])}'
        ).fetchone()
        return row or (None, None)

    def last_day(self) -> date | None:
        """Return the last day that any export's period covers; snapshots, the team's own notes and kinds without figures do not count.

        Where there is nothing else, theirs does. A row that begins after its export was taken in does
        not count either (a slip), and a running period ends with the day of its export.
        """
        view = self._window()
        dated = [schema for schema in schemas().values() if schema.period is not PeriodRule.SNAPSHOT]
        for noted in (False, True):
            there = [
                each for each in dated if (each.noted or each.json.only) is noted and self.columns(each.kind)
            ]
            if not there:
                continue
            latest = " UNION ALL ".join(
                f'SELECT max({window.REACHED}) AS day FROM "{each.kind}" WHERE {view.condition(each)}'
                for each in there
            )
            row = self._connection.execute(f"SELECT max(day) FROM ({latest})").fetchone()
            if row and row[0]:
                return cast("date", row[0])
        return None


def _dump(issues: Iterable[Issue]) -> str:
    return json.dumps([asdict(issue) for issue in issues], ensure_ascii=False)


def _load(text: str) -> tuple[Issue, ...]:
    raw: list[Mapping[str, Any]] = json.loads(text)
    return tuple(Issue(**entry) for entry in raw)
