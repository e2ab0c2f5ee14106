"""Tables of the archive as pandas frames: large ones in parts, texts that repeat as one Python object each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

from opsbook.archive import table_layout, window
from opsbook.archive.window import Window
from opsbook.schemas import schemas

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


PART = 250_000  # rows of a large table that are read at once
_SAMPLE = 10_000  # rows among which the cuts between parts are chosen
_LARGE = 20_000  # rows from which repeated texts are read once each
_REPEATED = 8  # times at least that a text stands in a column, for that


class Frames:
    """Reads by a connection what is in view.

    Args:
        connection: To the archive.
        columns: Those that the file holds of each kind.
        view: Which rows.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        columns: Mapping[str, Collection[str]],
        view: Window,
    ) -> None:
        self._connection = connection
        self._columns = columns
        self._view = view

    def table(self, kind: str, columns: tuple[str, ...], *, ordered: bool = True) -> pd.DataFrame:
        """Return columns of a kind, as `Archive.table`."""
        with self._coded(kind, columns) as coded:
            return self._select(kind, columns, coded, ordered=ordered)

    def relation(self, kind: str, columns: Collection[str]) -> str:
        """Return the SELECT of the rows and values of `table`, in no order, for a query that adds them up."""
        return self._query(kind, columns, {})

    def _rows(self, kind: str) -> int:
        if not self._columns[kind]:
            return 0
        found = self._connection.execute(f'SELECT count(*) FROM "{kind}"').fetchone()
        return int(found[0]) if found else 0

    def parts(self, kind: str, columns: tuple[str, ...]) -> Iterator[pd.DataFrame]:
        """Yield a table in parts of about `PART` rows, as `Archive.parts`."""
        first = table_layout.key(schemas()[kind])[0]
        with self._coded(kind, columns) as coded:
            for low, high in pairwise([None, *self._cuts(kind, first), None]):
                bounds = [f'"{first}" >= ?'] * (low is not None) + [f'"{first}" < ?'] * (high is not None)
                values = [value for value in (low, high) if value is not None]
                yield self._select(kind, columns, coded, bounds, values)

    def _cuts(self, kind: str, name: str) -> list[str]:
        """Return values between which there are about `PART` rows; where they lie changes nothing that is read."""
        count = self._rows(kind)
        if count <= PART:
            return []
        sample = self._connection.execute(
            f'SELECT DISTINCT name FROM (SELECT "{name}" AS name FROM "{kind}" USING SAMPLE {_SAMPLE} ROWS) ORDER BY 1'
        ).fetchall()
        step = max(1, len(sample) * PART // count)
        return [value for (value,) in sample[step::step]]

    @contextmanager
    def _coded(self, kind: str, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
        """Give the type of every text column whose texts repeat: each is made a Python object once, not in every row."""
        rows = self._rows(kind)
        if rows < _LARGE:
            yield {}
            return
        types = table_layout.columns(schemas()[kind])
        texts = [
            name for name in columns if name in self._columns[kind] and types[name].startswith("VARCHAR")
        ]
        counts = self._connection.execute(
            f'SELECT {", ".join(f"""approx_count_distinct("{name}")""" for name in texts)} FROM "{kind}"'
        ).fetchone()
        few = [name for name, count in zip(texts, counts or (), strict=True) if 0 < count < rows / _REPEATED]
        coded = {name: f'"_texts_{name}"' for name in few}
        for name, own in coded.items():
            self._connection.execute(
                f'CREATE TEMP TYPE {own} AS ENUM (SELECT DISTINCT "{name}" FROM "{kind}" '
                f'WHERE "{name}" IS NOT NULL ORDER BY 1)'
            )
        try:
            yield coded
        finally:
            for own in coded.values():
                self._connection.execute(f"DROP TYPE {own}")

    def _select(
        self,
        kind: str,
        columns: tuple[str, ...],
        coded: Mapping[str, str],
        bounds: Sequence[str] = (),
        values: Sequence[str] = (),
        *,
        ordered: bool = True,
    ) -> pd.DataFrame:
        query = self._query(kind, columns, coded, bounds)
        if ordered and self._columns[kind]:
            query += " ORDER BY " + ", ".join(
                f'"{kind}"."{column}"' for column in table_layout.key(schemas()[kind])
            )
        frame = self._connection.execute(query, list(values)).df()
        for name in coded:
            frame[name] = frame[name].astype(frame[name].cat.categories.dtype)
        return frame

    def _query(
        self, kind: str, columns: Collection[str], coded: Mapping[str, str], bounds: Sequence[str] = ()
    ) -> str:
        """Return the SELECT of columns of a kind in view, in no order."""
        there = self._columns[kind]
        schema = schemas()[kind]
        types = table_layout.columns(schema)
        # An archive that an older version wrote, opened to read only, may lack what a newer schema brings.
        chosen = ", ".join(
            f'CAST("{name}" AS {coded[name]}) AS "{name}"'
            if name in coded
            else f'{window.value(schema, name)} AS "{name}"'
            if name in there
            else f'CAST(NULL AS {types[name].split()[0]}) AS "{name}"'
            for name in columns
        )
        if not there:
            return f"SELECT {chosen} WHERE FALSE"
        return f'SELECT {chosen} FROM "{kind}" WHERE {" AND ".join([self._view.condition(schema), *bounds])}'
