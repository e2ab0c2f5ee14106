"""Which rows a newer table takes the place of, although it does not have them any more.

A file of a period and a table that the team keeps are states: given again, they replace what they gave before.

- A file that covers one period replaces the older file of the same kind and period. Pages of one export, which have
  other names and were made within a second, are one list; so are files that have no row in common (each salesperson's).
- A table under a name that gave one before replaces the days that both cover. Of a table that the team keeps, what lies
  outside these days goes too where the two are mostly the same; where they are not, it may be the next month's table
  under the old name: then the old rows stay, and a warning says so.
- On a paste sheet only a table that the team keeps replaces anything, and only where the two have rows in common.

Lists of events that the platform exports (orders, inquiries) never lose a row: an export may cover any days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from opsbook.archive import table_layout
from opsbook.archive.staging import STAGED, listed, numbers, same
from opsbook.archive.states import has_states, no_gone, states_table
from opsbook.domain.issues import Issue
from opsbook.domain.language import Text
from opsbook.schemas import FieldType, PeriodRule, Schema

if TYPE_CHECKING:
    import duckdb

_TOGETHER = timedelta(seconds=1)  # files of one download, written one after another


@dataclass(frozen=True)
class Given:
    """A table that was taken in, now or before.

    Attributes:
        receipt: Its number.
        file: As the user knows it.
        sheet: Sheet of the file, or empty.
        digest: Of the content.
        pasted: Whether it was pasted on a sheet that takes any export.
    """

    receipt: int
    file: str
    sheet: str
    digest: str
    pasted: bool = False

    @property
    def place(self) -> tuple[str, str]:
        """The name under which it was given."""
        return self.file, self.sheet


def find_replaced(
    connection: duckdb.DuckDBPyConnection, schema: Schema, new: Sequence[Given], old: Sequence[Given]
) -> list[Issue]:
    """Create the temporary table ``gone`` and fill it with the states that the staged tables replace.

    Args:
        connection: The archive's, inside a transaction.
        schema: The kind.
        new: The staged tables.
        old: Tables of the kind that were taken in before, without those whose content is staged again.

    Returns:
        One issue for each table that lost rows, or kept rows that may have been deleted on purpose.
    """
    connection.execute(no_gone(schema))
    if schema.period is PeriodRule.FILE:
        return list(_older_files(connection, schema, new, old))
    if schema.period is PeriodRule.EVENT and not schema.kept:
        return []
    return list(_same_names(connection, schema, new, old))


def _older_files(
    connection: duckdb.DuckDBPyConnection, schema: Schema, new: Sequence[Given], old: Sequence[Given]
) -> Iterator[Issue]:
    """Drop the rows of a period that the newest file of that period does not have."""
    names = {given.receipt: given for given in (*old, *new)}
    period, keys = table_layout.PERIOD_COLUMNS, table_layout.key(schema)
    archive = f'"{schema.kind}"'
    connection.execute(
        f"CREATE TEMP TABLE candidate AS SELECT {listed(keys)}, _receipt, _stamp, TRUE AS new FROM {STAGED} UNION ALL "
        f"SELECT {listed(keys)}, _receipt, _stamp, FALSE FROM {archive} a SEMI JOIN {STAGED} s ON {same(period, 'a', 's')}"
    )
    files: dict[tuple[object, ...], list[tuple[datetime, int]]] = defaultdict(list)
    for *when, receipt, stamp in connection.execute(
        f"SELECT {listed(period)}, _receipt, max(_stamp) FROM candidate GROUP BY ALL"
    ).fetchall():
        files[tuple(when)].append((stamp, receipt))
    for when, parts in files.items():
        if len(parts) > 1:
            newest, older = _newest(parts, names)
            for receipt in older:
                same_name = _place(receipt, names) in {_place(page, names) for page in newest}
                gone = _outdone(connection, schema, when, receipt, newest, same_name=same_name)
                if gone and receipt in {given.receipt for given in old}:
                    yield _gone(names[max(newest)], names[receipt], gone, "")
    connection.execute("DROP TABLE candidate")


def _newest(parts: list[tuple[datetime, int]], names: dict[int, Given]) -> tuple[list[int], list[int]]:
    """Part the files of one period into the newest one with its pages, and the older ones, newest first."""
    ordered = sorted(parts, reverse=True)
    stamp, first = ordered[0]
    pages, places = [first], {_place(first, names)}
    older = []
    for made, receipt in ordered[1:]:
        if stamp - made <= _TOGETHER and _place(receipt, names) not in places:
            pages.append(receipt)
            places.add(_place(receipt, names))
        else:
            older.append(receipt)
    return pages, older


def _place(receipt: int, names: dict[int, Given]) -> tuple[str, str]:
    given = names.get(receipt)
    return given.place if given else (str(receipt), "")


def _outdone(
    connection: duckdb.DuckDBPyConnection,
    schema: Schema,
    when: tuple[object, ...],
    receipt: int,
    newest: list[int],
    *,
    same_name: bool,
) -> int:
    """Drop the rows of an older file that the newest does not have; return how many of the archive's these are."""
    keys, period = table_layout.key(schema), table_layout.PERIOD_COLUMNS
    here = " AND ".join(f'c."{name}" = ?' for name in period)
    both = f"(SELECT * FROM candidate WHERE _receipt IN {numbers(newest)}) n ON {same(keys, 'c', 'n')}"
    if not same_name:
        shared = connection.execute(
            f"SELECT count(*) FROM candidate c SEMI JOIN {both} WHERE c._receipt = ? AND {here}",
            [receipt, *when],
        ).fetchone()
        if not shared or not shared[0]:  # another part of the same list
            return 0
    rows = f"candidate c ANTI JOIN {both} WHERE c._receipt = ? AND {here}"
    values = [receipt, *when]
    found = connection.execute(
        f"INSERT INTO gone SELECT {listed(keys)}, _receipt FROM {rows} AND NOT c.new", values
    ).fetchone()
    connection.execute(
        f"DELETE FROM {STAGED} USING (SELECT {listed(keys)} FROM {rows} AND c.new) x "
        f"WHERE {STAGED}._receipt = ? AND {same(keys, STAGED, 'x')}",
        [*values, receipt],
    )
    return int(found[0]) if found else 0


def _same_names(
    connection: duckdb.DuckDBPyConnection, schema: Schema, new: Sequence[Given], old: Sequence[Given]
) -> Iterator[Issue]:
    """Drop what a name gave before and does not give any more."""
    by_place: dict[tuple[str, str], list[Given]] = defaultdict(list)
    for given in new:
        by_place[given.place].append(given)
    for place, tables in by_place.items():
        before = [given for given in old if given.place == place]
        if before and (schema.kept or not tables[0].pasted):
            yield from _same_name(connection, schema, tables, before)


def _same_name(
    connection: duckdb.DuckDBPyConnection, schema: Schema, tables: list[Given], before: list[Given]
) -> Iterator[Issue]:
    units = table_layout.unit(schema)
    ids, olds = [given.receipt for given in tables], [given.receipt for given in before]
    mine = f"(SELECT * FROM {STAGED} WHERE _receipt IN {numbers(ids)})"
    span = connection.execute(f"SELECT min(_start), max(_end) FROM {mine}").fetchone()
    if not span or span[0] is None:
        return
    states = f'"{states_table(schema)}"' if has_states(connection, schema) else ""
    every = listed(
        table_layout.columns(schema)
    )  # a table that was widened later has its columns in another order
    held = f'SELECT {every} FROM "{schema.kind}" h' + (
        f" ANTI JOIN {states} m ON {same(units, 'h', 'm')} UNION ALL SELECT {every} FROM {states}"
        if states
        else ""
    )
    connection.execute(
        f"CREATE TEMP TABLE given_before AS SELECT h.*, n.there, h._start >= ? AND h._end <= ? AS inside "
        f"FROM ({held}) h LEFT JOIN (SELECT DISTINCT {listed(units)}, TRUE AS there FROM {mine}) n ON {same(units, 'h', 'n')} "
        f"WHERE h._receipt IN {numbers(olds)}",
        [*span],
    )
    common, inside, outside = _numbers(connection, units)
    goes = "there" if schema.kept else "FALSE"  # what both have is the newer table's alone
    issue = None
    if not (tables[0].pasted and not common):
        whole = schema.kept and 0 < outside <= common
        lost = "NOT coalesce(there, FALSE)" + ("" if whole else " AND inside")
        goes = f"{goes} OR ({lost})"
        if inside or whole:
            issue = _gone(
                tables[-1], before[-1], inside + (outside if whole else 0), _money(connection, schema, lost)
            )
        if schema.kept and common and outside and not whole:
            yield Issue("table.shorter", tables[-1].file, tables[-1].sheet, value=str(outside), times=outside)
    connection.execute(
        f"INSERT INTO gone SELECT DISTINCT {listed(units)}, _receipt FROM given_before WHERE coalesce({goes}, FALSE)"
    )
    connection.execute("DROP TABLE given_before")
    if issue:
        yield issue


def _numbers(connection: duckdb.DuckDBPyConnection, units: tuple[str, ...]) -> tuple[int, int, int]:
    """Return how many units both tables have, and how many only the older one: inside the newer's days, outside."""
    row = connection.execute(
        f"SELECT count(*) FILTER (there), count(*) FILTER (NOT there AND inside), count(*) FILTER (NOT there AND NOT inside) "
        f"FROM (SELECT {listed(units)}, coalesce(any_value(there), FALSE) AS there, bool_or(inside) AS inside "
        "FROM given_before GROUP BY ALL)"
    ).fetchone()
    return (int(row[0]), int(row[1]), int(row[2])) if row else (0, 0, 0)


def _money(connection: duckdb.DuckDBPyConnection, schema: Schema, condition: str) -> str:
    """Return the money in the rows that go, with its unit; empty where they hold none."""
    for field in schema.stored:
        if field.type is FieldType.MONEY and field.name not in ("unit_price", "freight_usd", "freight_cny"):
            row = connection.execute(
                f'SELECT sum("{field.name}") FROM given_before WHERE coalesce({condition}, FALSE)'
            ).fetchone()
            if row and row[0] is not None:
                return f"{row[0]:,.2f} {field.unit}".strip()
    return ""


def _gone(newer: Given, older: Given, rows: int, money: str) -> Issue:
    """Return the sentence about rows that a table does not have any more."""
    other = "" if older.place == newer.place else " · ".join(part for part in older.place if part)
    detail = Text(f"，金额 {money}" if money else "", f" ({money})" if money else "")
    return Issue(
        "table.replaced",
        newer.file,
        newer.sheet,
        value=other or newer.sheet or newer.file,
        detail=detail,
        times=rows,
    )


def outdated_receipts(old: Collection[Given], read_again: Collection[tuple[str, str]]) -> list[int]:
    """Return the receipts whose content, by (file, digest), is taken in again: it is read by other rules now."""
    return [given.receipt for given in old if (given.file, given.digest) in read_again]
