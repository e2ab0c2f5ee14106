"""The SQL that puts several states of one unit together: which state gives which column.

The temporary tables are those of `opsbook.archive.states`: ``pool`` holds the rows, ``kept`` the states that count
(unit, ``_state``, ``age``, ``s``, ``v``, ``absent``, ``lined``), ``several`` the units that have more than one.
"""

from __future__ import annotations

from collections.abc import Iterable

from opsbook.archive import table_layout
from opsbook.archive.staging import listed, same
from opsbook.schemas import FieldType, Schema

_BY_AGE = "age, s, _state"
_NUMERIC = (FieldType.NUMBER, FieldType.MONEY, FieldType.PERCENT)


def lacks(name: str, absent: str = "absent") -> str:
    """Return the condition that a state has no such column; rows of older archives had all."""
    return f"contains({absent}, ',{name},')"


def _rows(units: tuple[str, ...]) -> str:
    """Return the rows of all states of the units that have several, each with its state's age."""
    return (
        f"SELECT p.*, k.age, k.s, k.v, k.absent, k.lined FROM pool p JOIN kept k ON {same((*units, '_state'), 'p', 'k')} "
        f"SEMI JOIN several m ON {same(units, 'p', 'm')}"
    )


def _absent_everywhere(names: Iterable[str]) -> str:
    """Return an aggregate: the columns that none of the states has."""
    marks = [f"CASE WHEN bool_and({lacks(name)}) THEN ',{name},' ELSE '' END" for name in names]
    return f"concat({', '.join(marks)})" if marks else "''"


def _newest(name: str) -> str:
    """Return an aggregate: the value of the newest state that has the column, also where that is NULL."""
    return f'last("{name}" ORDER BY {_BY_AGE}) FILTER (NOT {lacks(name)})'


def combined_rows(schema: Schema, units: tuple[str, ...]) -> str:
    """Return the query of one row for each unit: of each column the value of the newest state that has it."""
    fields = [field.name for field in schema.stored if field.name not in units]
    special = {
        "_absent": _absent_everywhere(fields),
        "_stamp": f"last(s ORDER BY {_BY_AGE})",
        "_version": f"last(v ORDER BY {_BY_AGE})",
    }
    chosen = [
        f'"{name}"'
        if name in units
        else f'{special.get(name) or (_newest(name) if name in fields else _last(name))} AS "{name}"'
        for name in table_layout.columns(schema)
    ]
    return f"SELECT {', '.join(chosen)} FROM ({_rows(units)}) GROUP BY {listed(units)}"


def _last(name: str) -> str:
    return f'last("{name}" ORDER BY {_BY_AGE})'


def combined_lines(schema: Schema, units: tuple[str, ...]) -> str:
    """Return the query of the lines of each unit.

    The lines are those of the newest state that has any. What belongs to the unit comes from the newest state that has
    the column: where that is the state of the lines, as it is on each line; else texts and days on every line and
    amounts on the first line only. A column of the lines that their state lacks is filled from the newest older state
    that has the same product.
    """
    every = table_layout.columns(schema)
    stored = [field.name for field in schema.stored if field.name not in units]
    of_unit = [name for name in stored if name not in schema.line_fields]
    identity = [name for name in schema.key if name not in units]
    numeric = {field.name for field in schema.stored if field.type in _NUMERIC}
    line = (*units, *identity, "_n")
    unit = listed(units)

    of_state = "".join(
        f'CASE WHEN count(DISTINCT "{name}") > 1 THEN sum("{name}") ELSE any_value("{name}") END AS "{name}", '
        if name in numeric
        else f'first("{name}" ORDER BY ("{name}" IS NULL), _n) AS "{name}", '
        for name in of_unit
    )
    of_newest = "".join(
        f'{_newest(name)} AS "{name}", last((age, s) ORDER BY {_BY_AGE}) FILTER (NOT {lacks(name)}) AS "{name}_age", '
        for name in of_unit
    )
    nearest = "(o._n = l._n), o.age, o.s, o._state"
    from_older = [
        f'last(o."{name}" ORDER BY {nearest}) FILTER ({_known(name, identity)}) AS "older_{name}"'
        for name in schema.line_fields
    ]
    alike = " OR ".join(f'(l."{name}" <> \'\' AND l."{name}" = o."{name}")' for name in identity)
    # Two products that both have an id are the same only by it.
    certain = (
        f'(l."{identity[0]}" = \'\' OR o."{identity[0]}" = \'\' OR l."{identity[0]}" = o."{identity[0]}")'
    )
    chosen = [
        f'{_chosen(name, schema, identity=identity, of_unit=of_unit, numeric=name in numeric)} AS "{name}"'
        for name in every
    ]
    return f"""
        WITH rows_ AS ({_rows(units)}),
        lined AS (SELECT * FROM rows_ QUALIFY (lined, age, s) = max((lined, age, s)) OVER (PARTITION BY {unit})),
        lines AS (
            SELECT *, row_number() OVER (PARTITION BY {unit} ORDER BY {listed(line)}) AS place FROM (
                SELECT * FROM lined QUALIFY row_number() OVER (PARTITION BY {listed(line)} ORDER BY _state DESC) = 1)),
        by_state AS (
            SELECT {unit}, _state, age, s, v, absent, {of_state}
                first(_grain ORDER BY _n) AS _grain, first(_start ORDER BY _n) AS _start, first(_end ORDER BY _n) AS _end
            FROM rows_ GROUP BY {unit}, _state, age, s, v, absent),
        u AS (
            SELECT {unit}, {of_newest}
                {_last("_grain")} AS _grain, {_last("_start")} AS _start, {_last("_end")} AS _end,
                {_last("s")} AS _stamp, {_last("v")} AS _version, {_last("_state")} AS _receipt,
                {_absent_everywhere(name for name in stored if name not in identity)} AS _absent
            FROM by_state GROUP BY {unit}),
        older AS (
            SELECT {listed(line, "l")}, {", ".join(from_older)}
            FROM lines l JOIN rows_ o ON {same(units, "l", "o")} AND o.lined AND (o.age, o.s) < (l.age, l.s)
                AND ({alike}) AND {certain}
            GROUP BY {listed(line, "l")})
        SELECT {", ".join(chosen)} FROM lines l JOIN u ON {same(units, "l", "u")} LEFT JOIN older f ON {same(line, "l", "f")}"""


def _known(name: str, identity: list[str]) -> str:
    return f"o.\"{name}\" <> ''" if name in identity else f"NOT {lacks(name, 'o.absent')}"


def _chosen(name: str, schema: Schema, *, identity: list[str], of_unit: list[str], numeric: bool) -> str:
    """Return from where a column of the combined lines comes."""
    if name in (schema.unit, "_n"):
        return f'l."{name}"'
    if name in identity:
        return f'CASE WHEN l."{name}" = \'\' THEN coalesce(f."older_{name}", \'\') ELSE l."{name}" END'
    if name in schema.line_fields:
        return f'CASE WHEN {lacks(name, "l.absent")} THEN f."older_{name}" ELSE l."{name}" END'
    if name in of_unit:
        other = f'CASE WHEN l.place = 1 THEN u."{name}" END' if numeric else f'u."{name}"'
        return f'CASE WHEN u."{name}_age" = (l.age, l.s) THEN l."{name}" ELSE {other} END'
    return f'u."{name}"'
