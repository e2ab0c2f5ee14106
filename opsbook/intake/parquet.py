"""Parquet files, by columns, through DuckDB."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from opsbook.intake.grid import ColumnGrid
from opsbook.intake.limits import Unreadable

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DAMAGED = "Parquet 文件已损坏或有密码 / the Parquet file is damaged or encrypted"


def read_parquet(path: Path) -> ColumnGrid:
    """Return the table of a Parquet file; nulls are None, NaN or NaT.

    Raises:
        Unreadable: Damaged or encrypted.
    """
    import duckdb  # slow to import, and few files need it

    connection = duckdb.connect()
    try:
        connection.execute("SET threads = 1")
        connection.execute("SET preserve_insertion_order = true")
        relation = connection.read_parquet(str(path).replace("[", "[[]"))
        names, types = relation.columns, [str(kind) for kind in relation.types]
        # Decimals and nested values as text: the cleaner knows texts.
        plain = (
            "VARCHAR",
            "DOUBLE",
            "FLOAT",
            "DATE",
            "TIMESTAMP",
            "BOOLEAN",
            "TINYINT",
            "SMALLINT",
            "INTEGER",
            "BIGINT",
        )
        chosen = ", ".join(
            quoted
            if kind in plain or kind.startswith("TIMESTAMP")
            else f"CAST({quoted} AS VARCHAR) AS {quoted}"
            for name, kind in zip(names, types, strict=True)
            for quoted in ['"' + name.replace('"', '""') + '"']
        )
        columns = relation.select(chosen).fetchnumpy()
    except duckdb.Error as error:
        raise Unreadable("file.unreadable", _DAMAGED) from error  # its words may quote a cell
    finally:
        connection.close()
    return ColumnGrid("", [names], [_unmasked(columns[name]) for name in names])


def _unmasked(column: Any) -> NDArray[Any]:
    mask = np.ma.getmaskarray(column)
    array: NDArray[Any] = np.ma.getdata(column)
    if not mask.any():
        return array
    if array.dtype.kind == "f":
        array[mask] = np.nan
    elif array.dtype.kind == "M":
        array[mask] = np.datetime64("NaT", "us")
    else:
        array = array.astype(np.object_)
        array[mask] = None
    return array
