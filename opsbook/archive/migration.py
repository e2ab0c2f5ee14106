"""Brings an archive of an older layout up to date, inside the transaction that opens it for writing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from opsbook.archive import table_layout
from opsbook.archive.staging import listed, same
from opsbook.schemas import schemas

if TYPE_CHECKING:
    import duckdb


def migrate(connection: duckdb.DuckDBPyConnection, there: Mapping[str, Collection[str]]) -> None:
    """Change an archive of an older layout into one of today's; do nothing where it is one.

    Args:
        connection: The archive's, inside a transaction, with every table that today's layout has.
        there: Columns of the tables that the file had before.
    """
    row = connection.execute("SELECT value FROM opsbook_meta WHERE key = 'layout'").fetchone()
    version = int(row[0]) if row else table_layout.LAYOUT
    if version < 2:
        _units_are_whole(connection, there)
    connection.execute(
        "INSERT OR REPLACE INTO opsbook_meta VALUES ('layout', ?)", [str(max(version, table_layout.LAYOUT))]
    )


def _units_are_whole(connection: duckdb.DuckDBPyConnection, there: Mapping[str, Collection[str]]) -> None:
    """Layout 1 merged order lines one by one; since layout 2 the lines of an order are one state with one age."""
    for schema in schemas().values():
        if schema.unit and schema.kind in there:
            units, table = table_layout.unit(schema), f'"{schema.kind}"'
            connection.execute(
                f"UPDATE {table} SET _stamp = w.s, _version = w.v, _receipt = w.r FROM ("
                f"SELECT {listed(units)}, max(_stamp) AS s, max(_version) AS v, max(_receipt) AS r "
                f"FROM {table} GROUP BY ALL HAVING count(*) > 1) AS w "
                f"WHERE {same(units, table, 'w')}"
            )
