"""Merges staged rows into the archive by states: what one table says of one unit is a state of it.

A unit is an order with all its lines, or a single row where the schema names no unit. Of two states the newer counts.
A state's age is its own last change (``_version``) where the export has one, else the time of the export
(``_stamp``: the download time in the file's name, else the file's own time); then the later stamp, then the table that
was taken in later. The newest state replaces all lines of the unit; a column that it does not have keeps the value
of the newest state that has it. States that can still contribute a column are kept in the table ``<kind>_states``,
so that the result does not depend on the order in which files come in.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opsbook.archive import table_layout
from opsbook.archive.staging import STAGED, listed, numbers, same
from opsbook.archive.unit_rows import combined_lines, combined_rows
from opsbook.schemas import Schema

if TYPE_CHECKING:
    import duckdb


# Last changes are on the schema's clock, stamps on the clock of the team's computers in China: 15 or 16 hours apart.
_CLOCK_SHIFT = {"America/Los_Angeles": "INTERVAL 15 HOUR", "Asia/Shanghai": "INTERVAL 0 HOUR"}
_TEMPORARY = ("contested", "pool", "state", "kept", "covers", "several", "final", "changed", "gone", STAGED)


@dataclass(frozen=True)
class Merged:
    """What merging one kind did.

    Attributes:
        counts: Rows (added, replaced, unchanged) by receipt.
        contradictions: Receipt outdone, receipt that counts, number of rows: tables of one age that differ.
        changed: Whether the archive holds other rows than before.
    """

    counts: dict[int, tuple[int, int, int]]
    contradictions: list[tuple[int, int, int]]
    changed: bool


def merge_states(
    connection: duckdb.DuckDBPyConnection,
    schema: Schema,
    *,
    outdated: Collection[int],
) -> Merged:
    """Merge the rows of the temporary table ``staged`` into the archive's table of the kind.

    Args:
        connection: The archive's, inside a transaction.
        schema: The kind.
        outdated: Receipts whose content is read again by this merge: their states count no more. The temporary
            table ``gone`` (unit and ``_state``) names further states that a newer table replaced.
    """
    units, archive = table_layout.unit(schema), f'"{schema.kind}"'
    _contest(connection, schema, units, outdated)
    _pool(connection, schema, units)
    _drop_outdated(connection, units, outdated)
    contradictions = _contradictions(connection, schema)
    _judge(connection, schema, units)
    _combine(connection, schema, units)
    counts = _counts(connection, schema, units)
    row = connection.execute("SELECT count(*) FROM changed").fetchone()
    fresh = connection.execute(
        f"SELECT count(*) FROM {STAGED} s ANTI JOIN contested c ON {same(units, 's', 'c')}"
    ).fetchone()
    every = listed(table_layout.columns(schema))
    connection.execute(f"DELETE FROM {archive} USING changed w WHERE {same(units, archive, 'w')}")
    connection.execute(
        f"INSERT INTO {archive} ({every}) SELECT {every} FROM final f SEMI JOIN changed w ON {same(units, 'f', 'w')} "
        f"UNION ALL SELECT {every} FROM {STAGED} s ANTI JOIN contested c ON {same(units, 's', 'c')}"
    )
    # An export that repeats what is known makes it newer, not different.
    connection.execute(
        f"UPDATE {archive} SET _stamp = k.s, _version = k.v FROM "
        f"(SELECT {listed(units)}, last(s ORDER BY age, s, _state) AS s, last(v ORDER BY age, s, _state) AS v "
        f"FROM kept GROUP BY ALL) AS k "
        f"WHERE {same(units, archive, 'k')} "
        f"AND ({archive}._stamp < k.s OR {archive}._version IS DISTINCT FROM k.v)"
    )
    _drop_former_names(connection, schema)
    _keep_states(connection, schema, units)
    for name in _TEMPORARY:
        connection.execute(f"DROP TABLE IF EXISTS {name}")
    return Merged(counts, contradictions, bool((row and row[0]) or (fresh and fresh[0])))


def no_gone(schema: Schema) -> str:
    """Return the SQL that creates the temporary table of the states that a newer table replaced, empty."""
    return f'CREATE TEMP TABLE gone AS SELECT {listed(table_layout.unit(schema))}, _receipt AS _state FROM "{schema.kind}" LIMIT 0'


def states_table(schema: Schema) -> str:
    """Return the name of the table that keeps the states of units with several."""
    return f"{schema.kind}_states"


def has_states(connection: duckdb.DuckDBPyConnection, schema: Schema) -> bool:
    """Return whether some unit of the kind has several states."""
    found = connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE table_name = ?", [states_table(schema)]
    ).fetchone()
    return bool(found and found[0])


def _contest(
    connection: duckdb.DuckDBPyConnection, schema: Schema, units: tuple[str, ...], outdated: Collection[int]
) -> None:
    """Find the units that need a choice: in the archive already, in more than one new table, or replaced."""
    parts = [
        f"SELECT {listed(units)} FROM {STAGED} GROUP BY ALL HAVING min(_receipt) < max(_receipt)",
        f'SELECT {listed(units)} FROM {STAGED} s SEMI JOIN "{schema.kind}" a ON {same(units, "s", "a")}',
        f"SELECT {listed(units)} FROM gone",
    ]
    tables = [schema.kind] + ([states_table(schema)] if has_states(connection, schema) else [])
    parts += [
        f'SELECT {listed(units)} FROM "{table}" WHERE _receipt IN {numbers(outdated)}' for table in tables
    ]
    connection.execute(f"CREATE TEMP TABLE contested AS {' UNION '.join(parts)}")


def _pool(connection: duckdb.DuckDBPyConnection, schema: Schema, units: tuple[str, ...]) -> None:
    """Collect all rows of the contested units, each with the state it belongs to."""
    every = listed(table_layout.columns(schema))
    contested = f"contested c ON {same(units, 's', 'c')}"
    parts = [f"SELECT {every}, _receipt AS _state, TRUE AS _new FROM {STAGED} s SEMI JOIN {contested}"]
    single = f'"{schema.kind}" s SEMI JOIN {contested}'
    if has_states(connection, schema):
        states = f'"{states_table(schema)}"'
        parts.append(f"SELECT {every}, _receipt, FALSE FROM {states} s SEMI JOIN {contested}")
        single = f"(SELECT * FROM {single}) s ANTI JOIN {states} m ON {same(units, 's', 'm')}"
    whole = f"max(_receipt) OVER (PARTITION BY {listed(units)})"
    parts.append(f"SELECT {every}, {whole}, FALSE FROM {single}")
    connection.execute(f"CREATE TEMP TABLE pool AS {' UNION ALL '.join(parts)}")


def _drop_outdated(
    connection: duckdb.DuckDBPyConnection, units: tuple[str, ...], outdated: Collection[int]
) -> None:
    if outdated:
        connection.execute(f"DELETE FROM pool WHERE NOT _new AND _state IN {numbers(outdated)}")
    connection.execute(
        f"DELETE FROM pool USING gone g WHERE NOT pool._new AND {same((*units, '_state'), 'pool', 'g')}"
    )


def _contradictions(connection: duckdb.DuckDBPyConnection, schema: Schema) -> list[tuple[int, int, int]]:
    """Return where two new tables of one age say different things of one row."""
    hashed = _hash(schema)
    rows = connection.execute(
        f"WITH new AS (SELECT *, {hashed} AS _hash FROM pool WHERE _new) "
        f"SELECT a._receipt, b._receipt, count(*) FROM new a JOIN new b ON {same(table_layout.key(schema), 'a', 'b')} "
        "WHERE a._receipt < b._receipt AND a._hash <> b._hash AND a._stamp = b._stamp "
        "AND a._version IS NOT DISTINCT FROM b._version GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return [(int(loser), int(winner), int(number)) for loser, winner, number in rows]


def _hash(schema: Schema) -> str:
    keys = table_layout.key(schema)
    content = [name for name in table_layout.columns(schema) if name not in (*keys, *table_layout.MARKS)]
    return f"hash({listed((*keys, *content))}, coalesce(_absent, ''))"


def _judge(connection: duckdb.DuckDBPyConnection, schema: Schema, units: tuple[str, ...]) -> None:
    """Find the age of each state, and drop those that repeat another or can contribute nothing any more."""
    shift = _CLOCK_SHIFT[schema.clock]
    identity = [name for name in schema.line_fields if name in schema.key]
    lined = " OR ".join(f"bool_or(\"{name}\" <> '')" for name in identity) or "TRUE"
    connection.execute(
        f"CREATE TEMP TABLE state AS SELECT {listed(units)}, _state, bool_or(_new) AS new, max(_version) AS v, "
        f"max(_stamp) AS s, coalesce(max(_version) + {shift}, max(_stamp)) AS age, min(coalesce(_absent, '')) AS absent, "
        f"sum({_hash(schema)}) AS content, count(*) AS n, {lined} AS lined FROM pool GROUP BY {listed(units)}, _state"
    )
    connection.execute(
        f"CREATE TEMP TABLE kept AS SELECT {listed(units)}, min_by(_state, (new, _state)) AS _state, max(v) AS v, "
        f"max(s) AS s, coalesce(max(v) + {shift}, max(s)) AS age, absent, lined "
        f"FROM state GROUP BY {listed(units)}, content, n, absent, lined"
    )
    absents = [text for (text,) in connection.execute("SELECT DISTINCT absent FROM kept").fetchall()]
    pairs = [(old, new) for old in absents for new in absents if _names(new) <= _names(old)]
    connection.execute("CREATE TEMP TABLE covers (older VARCHAR, newer VARCHAR)")
    if pairs:
        connection.executemany("INSERT INTO covers VALUES (?, ?)", pairs)
    # Pages of one export have one age: what both hold of an order is put together, so neither is dropped.
    later = (
        "(n.age, n.s) > (kept.age, kept.s)"
        if schema.unit
        else "(n.age, n.s, n._state) > (kept.age, kept.s, kept._state)"
    )
    connection.execute(
        f"DELETE FROM kept USING kept AS n, covers c WHERE {same(units, 'kept', 'n')} AND {later} "
        "AND c.older = kept.absent AND c.newer = n.absent AND (n.lined OR NOT kept.lined)"
    )


def _names(absent: str) -> frozenset[str]:
    return frozenset(absent.split(",")) - {""}


def _combine(connection: duckdb.DuckDBPyConnection, schema: Schema, units: tuple[str, ...]) -> None:
    """Make the rows that count, ``final``, and find the units in which these differ from the archive's, ``changed``."""
    every = listed(table_layout.columns(schema))
    plain = [name for name in table_layout.columns(schema) if name not in ("_stamp", "_version")]
    connection.execute(
        f"CREATE TEMP TABLE several AS SELECT {listed(units)} FROM kept GROUP BY ALL HAVING count(*) > 1"
    )
    connection.execute(
        f"CREATE TEMP TABLE final AS SELECT {listed(plain, 'p')}, k.s AS _stamp, k.v AS _version "
        f"FROM pool p JOIN kept k ON {same((*units, '_state'), 'p', 'k')} ANTI JOIN several m ON {same(units, 'p', 'm')}"
    )
    there = connection.execute("SELECT count(*) FROM several").fetchone()
    if there and there[0]:
        made = combined_lines(schema, units) if schema.unit else combined_rows(schema, units)
        connection.execute(f"INSERT INTO final ({every}) {made}")
    hashed = _hash(schema)
    connection.execute(
        f"CREATE TEMP TABLE changed AS SELECT {listed(units)} FROM ("
        f"SELECT {listed(units)}, CAST({hashed} AS HUGEINT) AS h, 1 AS side FROM final UNION ALL "
        f'SELECT {listed(units, "a")}, CAST({hashed} AS HUGEINT), -1 FROM "{schema.kind}" a SEMI JOIN contested c ON {same(units, "a", "c")}'
        f") GROUP BY {listed(units)} HAVING sum(h * side) <> 0 OR sum(side) <> 0"
    )


def _counts(
    connection: duckdb.DuckDBPyConnection, schema: Schema, units: tuple[str, ...]
) -> dict[int, tuple[int, int, int]]:
    """Return (added, replaced, unchanged) by receipt; a row that counts for nothing is unchanged."""
    contested = f"contested c ON {same(units, 's', 'c')}"
    keys = table_layout.key(schema)
    rows = connection.execute(
        f"""SELECT receipt, count(*) FILTER (what = 'added'), count(*) FILTER (what = 'replaced'),
                   count(*) FILTER (what = 'unchanged') FROM (
            SELECT _receipt AS receipt, 'added' AS what FROM {STAGED} s ANTI JOIN {contested}
            UNION ALL
            SELECT p._receipt, CASE
                WHEN k._state IS NULL OR w."{units[0]}" IS NULL OR f.known IS NULL THEN 'unchanged'
                WHEN a.known IS NULL THEN 'added' ELSE 'replaced' END
            FROM (SELECT * FROM pool WHERE _new) p
            LEFT JOIN kept k ON {same((*units, "_state"), "p", "k")}
            LEFT JOIN changed w ON {same(units, "p", "w")}
            LEFT JOIN (SELECT {listed(units)}, _receipt, 1 AS known FROM final GROUP BY ALL) f
                ON {same((*units, "_receipt"), "p", "f")}
            LEFT JOIN (SELECT {listed(keys)}, 1 AS known FROM "{schema.kind}") a ON {same(keys, "p", "a")})
        GROUP BY 1"""
    ).fetchall()
    return {
        receipt: (int(added), int(replaced), int(unchanged)) for receipt, added, replaced, unchanged in rows
    }


def _keep_states(connection: duckdb.DuckDBPyConnection, schema: Schema, units: tuple[str, ...]) -> None:
    """Replace the kept states of the contested units by those that can still contribute something."""
    states = f'"{states_table(schema)}"'
    if has_states(connection, schema):
        connection.execute(f"DELETE FROM {states} USING contested c WHERE {same(units, states, 'c')}")
    there = connection.execute("SELECT count(*) FROM several").fetchone()
    if not there or not there[0]:
        return
    every = table_layout.columns(schema)
    body = ", ".join(f'"{name}" {kind}' for name, kind in every.items())
    connection.execute(f"CREATE TABLE IF NOT EXISTS {states} ({body})")
    plain = [name for name in every if name not in ("_stamp", "_version", "_receipt")]
    connection.execute(
        f"INSERT INTO {states} ({listed(plain)}, _stamp, _version, _receipt) "
        f"SELECT {listed(plain, 'p')}, k.s, k.v, k._state FROM pool p "
        f"JOIN kept k ON {same((*units, '_state'), 'p', 'k')} SEMI JOIN several m ON {same(units, 'p', 'm')}"
    )


def _drop_former_names(connection: duckdb.DuckDBPyConnection, schema: Schema) -> None:
    """Drop the rows of a thing with an id under the names that it had in older exports."""
    if not schema.identity:
        return
    table, named = f'"{schema.kind}"', (*schema.identity, *table_layout.PERIOD_COLUMNS, "_n")
    connection.execute(
        f"DELETE FROM {table} USING (SELECT {listed(named)}, max(_stamp) AS newest FROM {table} "
        f"WHERE \"{schema.identity[0]}\" <> '' GROUP BY ALL HAVING min(_stamp) < max(_stamp)) AS n "
        f"WHERE {same(named, table, 'n')} AND {table}._stamp < n.newest"
    )


def resolve_units(connection: duckdb.DuckDBPyConnection, schema: Schema, removed: Collection[int]) -> None:
    """Make the rows anew of all units that have kept states of the receipts ``removed``, without these.

    Args:
        connection: The archive's, inside a transaction.
        schema: The kind.
        removed: Receipts that are taken back.
    """
    if not has_states(connection, schema):
        return
    units, states = table_layout.unit(schema), f'"{states_table(schema)}"'
    every = listed(table_layout.columns(schema))
    touched = f"SELECT DISTINCT {listed(units)} FROM {states} WHERE _receipt IN (SELECT unnest(?))"
    connection.execute(f"CREATE TEMP TABLE taken_back AS {touched}", [list(removed)])
    connection.execute(
        f'CREATE TEMP TABLE "{STAGED}" AS SELECT {every} FROM {states} s '
        f"SEMI JOIN taken_back t ON {same(units, 's', 't')} WHERE _receipt NOT IN (SELECT unnest(?))",
        [list(removed)],
    )
    for table in (f'"{schema.kind}"', states):
        connection.execute(f"DELETE FROM {table} USING taken_back t WHERE {same(units, table, 't')}")
    connection.execute("DROP TABLE taken_back")
    connection.execute(no_gone(schema))
    merge_states(connection, schema, outdated=())
