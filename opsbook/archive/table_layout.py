"""The archive's tables, generated from the schemas. Any DuckDB client can open and query them.

One table a kind of export, named as the kind, with the schema's fields and these columns:

========== ========= ==================================================================================
``_grain`` VARCHAR   ``day``, ``week``, ``month``, ``quarter``, ``year`` or ``range``: never add two of them
``_start`` DATE      first day of the row's period
``_end``   DATE      last day
``_n``     INTEGER   0, 1, 2 ... for rows of one file that share key and period (order lines, stripped words)
``_version`` TIMESTAMP the row's own last change where the export tells it, else NULL
``_stamp`` TIMESTAMP when the export was made: the later one counts
``_receipt`` INTEGER the receipt that brought the row
``_absent`` VARCHAR  fields that no table with the row had: ``,ctr,,clicks,``; their NULL says nothing
========== ========= ==================================================================================

Kind's key fields, period and ``_n`` name a row; key fields are never NULL (an absent one is ''). Events (orders,
inquiries) are named without their period: an order whose date was corrected is still the same order. The rows of an
order are its newest state (`opsbook.archive.states`): they share ``_version``, ``_stamp`` and ``_receipt``. Where an older
state of a row or an order still gives a column that the newest one lacks, the table ``<kind>_states`` keeps all these
states, one ``_receipt`` each; it has the same columns and exists only where it is needed.
Numbers are DOUBLE, percents fractions, ids VARCHAR; NULL is missing, never zero.

``opsbook_receipts`` tells what came from which table; ``opsbook_readings`` which content was read under which
rules, with its issues; ``opsbook_meta`` holds ``layout`` (this version), ``serial`` (one more at each change), ``id``,
and ``forgotten``, the last number of a receipt that was given when one was taken back; ``opsbook_books`` the state in which
a refresh left each workbook, so that an unchanged one is known at a glance;
``opsbook_pastes`` digests of the rows that each paste sheet held.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from opsbook.schemas import FieldType, PeriodRule, Schema, schemas

LAYOUT = 2
"""Version of this layout. A newer file is refused; `opsbook.archive.migration` brings an older one up to date."""

_SQL_TYPE = {
    FieldType.NUMBER: "DOUBLE",
    FieldType.MONEY: "DOUBLE",
    FieldType.PERCENT: "DOUBLE",
    FieldType.DATE: "DATE",
    FieldType.DATETIME: "TIMESTAMP",
}
PERIOD_COLUMNS = ("_grain", "_start", "_end")
OWN_COLUMNS = {
    "_grain": "VARCHAR NOT NULL",
    "_start": "DATE NOT NULL",
    "_end": "DATE NOT NULL",
    "_n": "INTEGER NOT NULL",
    "_version": "TIMESTAMP",
    "_stamp": "TIMESTAMP NOT NULL",
    "_receipt": "INTEGER NOT NULL",
    "_absent": "VARCHAR",
}
MARKS = ("_version", "_stamp", "_receipt", "_absent")
"""Columns that say where a row comes from, not what it says."""


def columns(schema: Schema) -> dict[str, str]:
    """Return the SQL type of every column of a kind's table, in order."""
    own = {
        field.name: _SQL_TYPE.get(field.type, "VARCHAR") + (" NOT NULL" if field.name in schema.key else "")
        for field in schema.stored
    }
    return own | OWN_COLUMNS


def key(schema: Schema) -> tuple[str, ...]:
    """Return the columns that name a row."""
    period = () if schema.period is PeriodRule.EVENT else PERIOD_COLUMNS
    return (*schema.key, *period, "_n")


def unit(schema: Schema) -> tuple[str, ...]:
    """Return the columns that name the thing whose newest state counts: an order, else the row."""
    return (schema.unit,) if schema.unit else key(schema)


def statements(there: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Yield the SQL that makes an empty archive, or adds what a newer schema brings to an existing one.

    Args:
        there: Columns of the tables that the file has.
    """
    yield "CREATE TABLE IF NOT EXISTS opsbook_meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL)"
    yield """CREATE TABLE IF NOT EXISTS opsbook_receipts (
        id INTEGER PRIMARY KEY, taken_at TIMESTAMP NOT NULL, file VARCHAR NOT NULL, sheet VARCHAR NOT NULL,
        kind VARCHAR NOT NULL, period VARCHAR NOT NULL, rows_in INTEGER NOT NULL, added INTEGER NOT NULL,
        replaced INTEGER NOT NULL, unchanged INTEGER NOT NULL, dropped INTEGER NOT NULL,
        set_aside INTEGER NOT NULL, digest VARCHAR NOT NULL)"""
    yield """CREATE TABLE IF NOT EXISTS opsbook_readings (
        digest VARCHAR NOT NULL, file VARCHAR NOT NULL, rules VARCHAR NOT NULL, issues VARCHAR NOT NULL,
        PRIMARY KEY (digest, file, rules))"""
    yield """CREATE TABLE IF NOT EXISTS opsbook_books (
        book VARCHAR PRIMARY KEY, digest VARCHAR NOT NULL, inputs VARCHAR NOT NULL, issues VARCHAR NOT NULL)"""
    yield """CREATE TABLE IF NOT EXISTS opsbook_pastes (
        book VARCHAR NOT NULL, sheet VARCHAR NOT NULL, kind VARCHAR NOT NULL, first_day DATE NOT NULL,
        last_day DATE NOT NULL, taken_at TIMESTAMP NOT NULL, rows VARCHAR NOT NULL,
        PRIMARY KEY (book, sheet, kind, first_day, last_day))"""
    for schema in schemas().values():
        typed = columns(schema)
        if schema.kind not in there:
            body = ", ".join(f'"{name}" {kind}' for name, kind in typed.items())
            yield f'CREATE TABLE "{schema.kind}" ({body})'
            continue
        for name, kind in typed.items():
            if name not in there[schema.kind] and not kind.endswith("NOT NULL"):
                yield f'ALTER TABLE "{schema.kind}" ADD COLUMN "{name}" {kind}'
