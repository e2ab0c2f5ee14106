"""Terms of formulas as DuckDB SQL over the archive: one query a kind for months, one for weeks, one for last values.

Rows stay in the database; what leaves it is one line a month, week or other period that was given. Sums are exact, so
that a figure depends neither on the order of files nor on threads.
"""

from __future__ import annotations

from collections.abc import Sequence

from opsbook.archive.table_layout import key
from opsbook.schemas import schemas

SPARSE = frozenset({"p4p_plan_daily"})
"""Kinds with several rows a day, and with none on a day without business: there is no gap to count."""
_WHOLE = frozenset({"persons", "count", "times"})  # units of whole numbers
_MONTH = "date_trunc('month', _start)"
_WEEK = "_start - CAST(dayofweek(_start) AS INTEGER)"  # Sunday to Saturday, the platform's own week


def by_month(kind: str, fields: Sequence[str], relation: str, by: str = "") -> str:
    """Return the SQL of sums by period: days by their month, every other period as it was given.

    Args:
        kind: Of export.
        fields: Columns to add up.
        relation: The SELECT whose rows are added.
        by: A column of the relation that splits the sums; empty for none.

    Returns:
        A query with the columns ``by``, grain, first and last day, and for each field its sum (NULL where no row has
        it) and the number of days or other periods that have it.
    """
    bounds = (
        f"CASE WHEN _grain = 'day' THEN CAST({_MONTH} AS DATE) ELSE _start END, "
        "CASE WHEN _grain = 'day' THEN last_day(_start) ELSE _end END"
    )
    return _grouped(kind, fields, relation, by, bounds)


def by_span(kind: str, fields: Sequence[str], relation: str, by: str = "") -> str:
    """Return the same of months that hold weeks or ranges, with every period as it was given."""
    parts = (
        f"SELECT {_MONTH} FROM ({relation}) WHERE _grain IN ('week', 'range') AND _end <= last_day(_start)"
    )
    return _grouped(
        kind, fields, f"SELECT * FROM ({relation}) WHERE {_MONTH} IN ({parts})", by, "_start, _end"
    )


def by_week(kind: str, fields: Sequence[str], relation: str) -> str:
    """Return the same for weeks: days by their week, and weeks as they were given."""
    bounds = (
        f"CASE WHEN _grain = 'day' THEN {_WEEK} ELSE _start END, "
        f"CASE WHEN _grain = 'day' THEN {_WEEK} + 6 ELSE _end END"
    )
    return _grouped(kind, fields, f"SELECT * FROM ({relation}) WHERE _grain IN ('day', 'week')", "", bounds)


def last_in_month(kind: str, fields: Sequence[str], relation: str) -> str:
    """Return the SQL of the last value of each field by the month in which its period ends."""
    order = ", ".join(("_end", *_key(kind)))
    lasts = ", ".join(f'last("{name}" ORDER BY {order}) FILTER ("{name}" IS NOT NULL)' for name in fields)
    return f"SELECT CAST(date_trunc('month', _end) AS DATE), {lasts} FROM ({relation}) GROUP BY 1 ORDER BY 1"


def events_by_month(kind: str, fields: Sequence[str], relation: str) -> str:
    """Return the SQL of the sums of a list of events by the month of each."""
    sums = ", ".join(_sum(kind, name) for name in fields)
    return f"SELECT CAST({_MONTH} AS DATE), {sums} FROM ({relation}) GROUP BY 1 ORDER BY 1"


def counted(relation: str, field: str = "") -> str:
    """Return the SQL of the number of rows by month and, where a field is given, by its word."""
    word = f'"{field}"' if field else "NULL"
    return f"SELECT CAST({_MONTH} AS DATE), {word}, count(*) FROM ({relation}) GROUP BY 1, 2 ORDER BY 1, 2"


def _grouped(kind: str, fields: Sequence[str], relation: str, by: str, bounds: str) -> str:
    split = f'"{by}"' if by else "''"
    group = "GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"
    if kind in SPARSE:
        sums = ", ".join(
            f'{_sum(kind, name)}, count(DISTINCT _start) FILTER ("{name}" IS NOT NULL)' for name in fields
        )
        return f"SELECT {split}, _grain, {bounds}, {sums} FROM ({relation}) {group}"
    # A day is a row of the inner query, so that the outer one counts the days that have a value.
    inner = ", ".join(f'{_sum(kind, name)} AS "{name}"' for name in fields)
    days = f"SELECT {split} AS _by, _grain, _start, _end, {inner} FROM ({relation}) GROUP BY ALL"
    outer = ", ".join(f'{_sum(kind, name)}, count("{name}")' for name in fields)
    return f"SELECT _by, _grain, {bounds}, {outer} FROM ({days}) {group}"


def _sum(kind: str, name: str) -> str:
    """Return the SQL of a sum that does not depend on the order of rows.

    Counts are whole numbers, whose sums are exact. An amount is taken apart into a decimal of six places and what is left
    of it, and both are added as decimals.
    """
    if schemas()[kind].by_name[name].unit in _WHOLE:
        return f'sum("{name}")'
    decimal = f'CAST("{name}" AS DECIMAL(38, 6))'
    left = f'CAST("{name}" - CAST({decimal} AS DOUBLE) AS DECIMAL(38, 20))'
    return f"CAST(sum({decimal}) AS DOUBLE) + CAST(sum({left}) AS DOUBLE)"


def _key(kind: str) -> list[str]:
    return [f'"{name}"' for name in key(schemas()[kind])]
