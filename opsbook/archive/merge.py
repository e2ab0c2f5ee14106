"""Merging tables into the archive by key: the newest version of each row counts, nothing is added twice.

The newer of two rows with one key is the one whose own last change (``_version``) is later; where the export
has none, the one exported later (``_stamp``); then the one taken in later. A column that the newer table does
not have keeps the older value. Where rows carry their own last change, it is the order's: lines of the order
from an older state are gone. So the result does not depend on the order in which files are handed in, as far as
the files tell their age.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from opsbook.archive import layout
from opsbook.archive.receipts import Receipt
from opsbook.issues import Issue
from opsbook.schemas import Repeats, Schema, schemas

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    from numpy.typing import NDArray

    from opsbook.intake.table import Reading, Table

    Entry = tuple[int, Reading, Table]  # number of the receipt, where the table comes from, the table

BATCH = 200_000  # rows of one kind that are held before they are staged
_PRECEDENCE = '"_version" NULLS FIRST, "_stamp", "_receipt"'


@dataclass(frozen=True)
class _Taken:
    """A table that was staged; its rows are let go."""

    reading: Reading
    sheet: str
    kind: str
    period: str
    rows_in: int
    dropped: int
    set_aside: int


class Merger:
    """Merges tables into the archive inside the caller's transaction; holds the rows of one batch at most."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, *, first_id: int, taken_at: datetime) -> None:
        self._connection = connection
        self._first = first_id
        self._taken_at = taken_at
        self._taken: list[_Taken] = []
        self._waiting: dict[str, list[Entry]] = defaultdict(list)
        self._staged: set[str] = set()

    def add(self, reading: Reading) -> None:
        """Take the tables of a reading; what the reading does with its own afterwards does not matter."""
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
        entries = self._waiting.pop(kind)
        _stage(self._connection, schemas()[kind], entries, self._taken_at, new=kind not in self._staged)
        self._staged.add(kind)

    def finish(self) -> list[Receipt]:
        """Merge what was added; return a receipt for each table, in order."""
        counts: dict[int, tuple[int, int, int]] = {}
        for kind in list(self._waiting):
            self._stage(kind)
        for kind in sorted(self._staged):
            merged, contradictions = _merge_kind(self._connection, schemas()[kind])
            counts |= merged
            for loser, winner, rows in contradictions:
                _tell(self._taken[winner - self._first], self._taken[loser - self._first], rows)
        return [
            self._receipt(number, taken, counts.get(number, (0, 0, 0)))
            for number, taken in enumerate(self._taken, start=self._first)
        ]

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


def _tell(winner: _Taken, loser: _Taken, rows: int) -> None:
    """Add to the winner's issues that another table of the same age says otherwise."""
    other = " · ".join(part for part in (loser.reading.source.name, loser.sheet) if part)
    issue = Issue("table.contradiction", winner.reading.source.name, winner.sheet, value=other, times=rows)
    winner.reading.issues.append(issue)


def _merge_kind(
    connection: duckdb.DuckDBPyConnection, schema: Schema
) -> tuple[dict[int, tuple[int, int, int]], list[tuple[int, int, int]]]:
    """Merge the staged tables of one kind.

    Returns:
        (added, replaced, unchanged) by receipt; and where two tables of one age contradict each other, the receipt
        outdone, the one that counts, and in how many rows.
    """
    connection.execute(f'ALTER TABLE "{_staged(schema)}" RENAME TO staged')
    keys = layout.key(schema)
    every = list(layout.columns(schema))
    content = [name for name in every if name not in (*keys, "_version", "_stamp", "_receipt", "_absent")]
    fields = {field.name for field in schema.stored}
    archive, key_list, all_list = f'"{schema.kind}"', _list(keys), _list(every)
    hashed = f"hash({_list(content)}, coalesce(_absent, ''))"

    # Keys that need a choice: in the archive already, or more than once among the new rows.
    connection.execute(
        f"CREATE TEMP TABLE contested AS SELECT {key_list} FROM staged GROUP BY ALL HAVING count(*) > 1 "
        f"UNION SELECT {key_list} FROM staged s SEMI JOIN {archive} a ON {_same(keys, 's', 'a')}"
    )
    contested = f"contested c ON {_same(keys, 's', 'c')}"
    connection.execute(
        f"CREATE TEMP TABLE candidates AS "
        f"SELECT {all_list}, {hashed} AS _hash, TRUE AS _new FROM staged s SEMI JOIN {contested} "
        f"UNION ALL SELECT {all_list}, {hashed}, FALSE FROM {archive} s SEMI JOIN {contested}"
    )
    newest = [
        f'last("{name}" ORDER BY {_PRECEDENCE}) AS "{name}"'
        for name in every
        if name not in (*keys, *fields, "_absent")
    ]
    told = [name for name in content if name in fields]
    present = [
        f'last("{name}" ORDER BY {_PRECEDENCE}) FILTER (NOT {_lacks(name)}) AS "{name}"' for name in told
    ]
    lacking = [f"CASE WHEN bool_and({_lacks(name)}) THEN ',{name},' ELSE '' END" for name in told]
    present.append(f"concat({', '.join(lacking)}) AS _absent" if lacking else "'' AS _absent")
    connection.execute(
        f"CREATE TEMP TABLE winners AS SELECT *, {hashed} AS _hash FROM ("
        f"SELECT {key_list}, {', '.join(newest + present)}, any_value(_hash) FILTER (NOT _new) AS _old_hash "
        f"FROM candidates GROUP BY {key_list})"
    )
    counts = _count(connection, keys, contested)
    contradictions = connection.execute(
        f"SELECT a._receipt, b._receipt, count(*) FROM candidates a JOIN candidates b ON {_same(keys, 'a', 'b')} "
        "WHERE a._new AND b._new AND a._receipt < b._receipt AND a._hash <> b._hash AND a._stamp = b._stamp "
        "AND a._version IS NOT DISTINCT FROM b._version GROUP BY ALL ORDER BY ALL"
    ).fetchall()

    # Only rows that say something new touch the archive: taking the same export in twice changes nothing.
    connection.execute("DELETE FROM winners WHERE _hash = _old_hash")
    connection.execute(f"DELETE FROM {archive} USING winners w WHERE {_same(keys, archive, 'w')}")
    connection.execute(
        f"INSERT INTO {archive} ({all_list}) SELECT {all_list} FROM winners "
        f"UNION ALL SELECT {all_list} FROM staged s ANTI JOIN {contested}"
    )
    if schema.version_field:
        _drop_superseded(connection, schema)
    for name in ("staged", "contested", "candidates", "winners"):
        connection.execute(f"DROP TABLE {name}")
    return counts, contradictions


def _lacks(name: str) -> str:
    """Return the condition that a row's table had no such column; rows of older archives had all."""
    return f"contains(coalesce(_absent, ''), ',{name},')"


def _list(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _same(names: Iterable[str], one: str, other: str) -> str:
    return " AND ".join(f'{one}."{name}" = {other}."{name}"' for name in names)


def _count(
    connection: duckdb.DuckDBPyConnection, keys: tuple[str, ...], contested: str
) -> dict[int, tuple[int, int, int]]:
    """Return (added, replaced, unchanged) by receipt; a row outdone in the same refresh counts as unchanged."""
    rows = connection.execute(
        f"""SELECT receipt, sum(added), sum(replaced), sum(unchanged) FROM (
            SELECT _receipt AS receipt, count(*) AS added, 0 AS replaced, 0 AS unchanged
            FROM staged s ANTI JOIN {contested} GROUP BY 1
            UNION ALL
            SELECT receipt, count(*) FILTER (state = 'added'), count(*) FILTER (state = 'replaced'),
                   count(*) FILTER (state = 'unchanged')
            FROM (SELECT s._receipt AS receipt, CASE
                      WHEN s._receipt <> w._receipt OR w._hash = w._old_hash THEN 'unchanged'
                      WHEN w._old_hash IS NULL THEN 'added' ELSE 'replaced' END AS state
                  FROM staged s JOIN winners w ON {_same(keys, "s", "w")})
            GROUP BY 1)
        GROUP BY 1"""
    ).fetchall()
    return {
        receipt: (int(added), int(replaced), int(unchanged)) for receipt, added, replaced, unchanged in rows
    }


def _drop_superseded(connection: duckdb.DuckDBPyConnection, schema: Schema) -> None:
    """Drop lines of an older state of an order: the last change is the order's, not the line's."""
    kind, name = schema.kind, schema.key[0]
    connection.execute(
        f'DELETE FROM "{kind}" USING (SELECT "{name}" AS id, max(_version) AS newest FROM "{kind}" '
        f"GROUP BY 1 HAVING count(DISTINCT _version) > 1) AS latest "
        f'WHERE "{kind}"."{name}" = latest.id AND "{kind}"._version < latest.newest'
    )


def _staged(schema: Schema) -> str:
    return f"staged_{schema.kind}"


def _stage(
    connection: duckdb.DuckDBPyConnection,
    schema: Schema,
    entries: list[Entry],
    taken_at: datetime,
    *,
    new: bool,
) -> None:
    """Put rows into the temporary table of their kind, with ``_absent``: the fields that their table lacks."""
    if new:
        body = ", ".join(
            f'"{name}" {kind.removesuffix(" NOT NULL")}' for name, kind in layout.columns(schema).items()
        )
        connection.execute(f'CREATE TEMP TABLE "{_staged(schema)}" ({body})')
    stored = [field.name for field in schema.stored]
    named = [name for name in layout.key(schema) if name != "_n"]
    repeats = f"row_number() OVER (PARTITION BY {_list(named)}, _receipt ORDER BY _order) - 1"
    number = repeats if schema.repeats is Repeats.DISTINCT else "0"
    # Tables with the same columns go in together: few large inserts instead of many small ones.
    alike: dict[frozenset[str], list[Entry]] = defaultdict(list)
    for entry in entries:
        if len(entry[2]):
            alike[frozenset(entry[2].columns)].append(entry)
    for names, group in alike.items():
        incoming = _columns(schema, group, taken_at)  # noqa: F841 - DuckDB finds it by its name in the query
        given = [name for name in stored if name in names and name not in schema.key]
        marks = [*layout.PERIOD_COLUMNS, "_version", "_stamp", "_receipt"]
        keys = [
            f'coalesce("{name}", \'\') AS "{name}"' if name in names else f"'' AS \"{name}\""
            for name in schema.key
        ]
        absent = "".join(f",{name}," for name in stored if name not in names and name not in schema.key)
        connection.execute(
            f'INSERT INTO "{_staged(schema)}" '
            f"({_list([*schema.key, *given, *marks, '_n'])}, _absent) "
            f"SELECT {_list([*schema.key, *given, *marks])}, {number}, {absent!r} "
            f"FROM (SELECT {', '.join([*keys, _list([*given, *marks, '_order'])])} FROM incoming)"
        )


def _columns(schema: Schema, group: list[Entry], taken_at: datetime) -> dict[str, NDArray[np.generic]]:
    """Return the rows of several tables as one array a column; DuckDB takes NaN, NaT and None as NULL."""
    import numpy as np  # noqa: PLC0415 - heavy

    def moments(values: NDArray[np.generic]) -> NDArray[np.generic]:
        return values.astype("datetime64[us]") if values.dtype.kind == "M" else values

    tables = [table for _, _, table in group]
    lengths = [len(table) for table in tables]
    found = {
        field.name: moments(np.concatenate([table.columns[field.name] for table in tables]))
        for field in schema.stored
        if field.name in tables[0].columns
    }
    nothing = np.full(sum(lengths), np.datetime64("NaT", "us"), dtype="datetime64[us]")
    stamps = [np.datetime64(reading.stamp or taken_at, "us") for _, reading, _ in group]
    return found | {
        "_grain": np.concatenate([table.grain for table in tables]),
        "_start": moments(np.concatenate([table.start for table in tables])),
        "_end": moments(np.concatenate([table.end for table in tables])),
        "_version": found.get(schema.version_field, nothing),
        "_stamp": np.repeat(np.array(stamps, dtype="datetime64[us]"), lengths),
        "_receipt": np.repeat(np.array([number for number, _, _ in group], dtype=np.int64), lengths),
        "_order": np.arange(sum(lengths)),
    }
