"""Puts the rows of tables into temporary tables of the archive's connection, one for each kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from opsbook.archive import table_layout
from opsbook.schemas import Repeats, Schema

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    from numpy.typing import NDArray

    from opsbook.intake.clean_tables import CleanTable, SourceReading

    # the receipt's number, the reading that holds the table, the table
    Entry = tuple[int, SourceReading, CleanTable]

STAGED = "staged"


def name_of(schema: Schema) -> str:
    """Return the name of the temporary table in which the rows of a kind wait."""
    return f"{STAGED}_{schema.kind}"


def listed(names: Iterable[str], of: str = "") -> str:
    """Return quoted column names, each with the table's name where one is given."""
    return ", ".join(f'{of}."{name}"' if of else f'"{name}"' for name in names)


def numbers(values: Iterable[int]) -> str:
    """Return numbers of receipts as a list in SQL: not every DuckDB takes a list as a parameter everywhere."""
    return f"({', '.join(map(str, values)) or 'NULL'})"


def same(names: Iterable[str], one: str, other: str) -> str:
    """Return the condition that two tables agree in these columns, none of which is ever NULL."""
    return " AND ".join(f'{one}."{name}" = {other}."{name}"' for name in names)


def stage(
    connection: duckdb.DuckDBPyConnection,
    schema: Schema,
    entries: list[Entry],
    taken_at: datetime,
    *,
    new: bool,
) -> None:
    """Add tables of one kind to its temporary table.

    Args:
        connection: The archive's.
        schema: The kind.
        entries: Tables, each with the number of its receipt.
        taken_at: Stamp of the tables that have none of their own.
        new: Whether the temporary table has to be created first.
    """
    if new:
        body = ", ".join(
            f'"{name}" {kind.removesuffix(" NOT NULL")}'
            for name, kind in table_layout.columns(schema).items()
        )
        connection.execute(f'CREATE TEMP TABLE "{name_of(schema)}" ({body})')
    stored = [field.name for field in schema.stored]
    named = [name for name in table_layout.key(schema) if name != "_n"]
    repeats = f"row_number() OVER (PARTITION BY {listed(named)}, _receipt ORDER BY _order) - 1"
    number = repeats if schema.repeats is Repeats.DISTINCT else "0"
    # Tables with the same columns go in together: few large inserts instead of many small ones.
    alike: dict[frozenset[str], list[Entry]] = defaultdict(list)
    for entry in entries:
        if len(entry[2]):
            alike[frozenset(entry[2].columns)].append(entry)
    for names, group in alike.items():
        incoming = _columns(schema, group, taken_at)  # noqa: F841 - DuckDB finds it by its name in the query
        given = [name for name in stored if name in names and name not in schema.key]
        marks = [*table_layout.PERIOD_COLUMNS, "_version", "_stamp", "_receipt"]
        keys = [
            f'coalesce("{name}", \'\') AS "{name}"' if name in names else f"'' AS \"{name}\""
            for name in schema.key
        ]
        absent = "".join(f",{name}," for name in stored if name not in names and name not in schema.key)
        connection.execute(
            f'INSERT INTO "{name_of(schema)}" '
            f"({listed([*schema.key, *given, *marks, '_n'])}, _absent) "
            f"SELECT {listed([*schema.key, *given, *marks])}, {number}, {absent!r} "
            f"FROM (SELECT {', '.join([*keys, listed([*given, *marks, '_order'])])} FROM incoming)"
        )


def _columns(schema: Schema, group: list[Entry], taken_at: datetime) -> dict[str, NDArray[np.generic]]:
    """Return the rows of several tables as one array a column; DuckDB takes NaN, NaT and None as NULL."""
    import numpy as np  # heavy

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
