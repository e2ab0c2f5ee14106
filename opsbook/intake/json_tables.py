"""The tables of a JSON file: rows of one kind and one kind of period together, cleaned like those of a spreadsheet.

Which figure counts where several sources have it is one order for all exports:

1. A list of all products before a reply that has only a part of them, however new: a part is kept as a kind of its own.
2. A natural day, week or month before a rolling window: windows are a kind of their own, and no figure adds them up.
3. Of two states of one row, JSON or spreadsheet, the newer: by the row's own last change, else by the time of the
   export. A field that the newer one lacks keeps the older one's value (see `opsbook.archive.states`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from opsbook.intake import json_issues, zones
from opsbook.intake.clean import clean_table
from opsbook.intake.clean_tables import Source
from opsbook.intake.file_period import Surroundings
from opsbook.intake.grid import Grid
from opsbook.intake.ipc import CodedColumn, Parcel
from opsbook.intake.issue_collector import IssueCollector
from opsbook.intake.json_cells import Trouble, cell, currency_of
from opsbook.intake.json_groups import OBJECT, PERIOD, Rows, grouped
from opsbook.intake.json_kinds import owner_of
from opsbook.intake.recognise import Header
from opsbook.periods import Grain
from opsbook.schemas import Field, FieldType, PeriodRule, Schema, schemas

if TYPE_CHECKING:
    from opsbook.intake.json_answers import Answers

_PAGES = frozenset(
    {10, 20, 50, 100, 200, 500}
)  # rows of a page; so many without a count may be the first page
_ROWS = "@rows"


def read_answers(
    found: Answers, source: Source, stamp: datetime | None, tally: IssueCollector
) -> list[Parcel]:
    """Return every table of a JSON file.

    Args:
        found: What its documents say.
        source: Where they come from.
        stamp: When the file was made.
        tally: Takes the issues.
    """
    json_issues.report_reading(found, tally)
    around = Surroundings(
        "" if source.sheet else source.name, "", (), source.period, stamp, bool(source.sheet)
    )
    trouble = Trouble()
    parcels = []
    for group in grouped(found, around, tally):
        schema = group.schema
        group.rows = _once(schema, group.rows)
        _report_part(group, tally)
        if schema.json.samples and _is_part(group):
            group.schema = schemas()[schema.json.samples]
        parcel = _clean(group, around, trouble, tally)
        if parcel is not None and len(parcel.row):
            parcels.append(parcel)
    json_issues.report_fields(found, trouble, tally)
    return parcels


def _once(schema: Schema, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows that come on two pages once; of an order that changed between them, the newer state."""
    if not schema.unit:
        return rows
    ids = [path for path, owner in schema.by_json.items() if owner.name == schema.unit]
    versions = [path for path, owner in schema.by_json.items() if owner.name == schema.version_field]
    orders: dict[str, tuple[str, int, list[dict[str, Any]]]] = {}
    for place, row in enumerate(rows):
        name = str(next((row[path] for path in ids if row.get(path)), f"@{place}"))
        version = str(next((row[path] for path in versions if row.get(path)), ""))
        known = orders.get(name)
        if known is not None and known[1] == row[OBJECT]:
            known[2].append(row)
        elif known is None or version > known[0]:
            orders[name] = (version, row[OBJECT], [row])
    return [row for _, _, lines in orders.values() for row in lines]


def _count(group: Rows) -> int:
    """Return how many things the rows are of: orders, not their lines; a product on two pages is one."""
    schema = group.schema
    name = schema.unit or (schema.key[0] if schema.key else "")
    paths = [path for path, owner in schema.by_json.items() if owner.name == name]
    found = {
        str(next((row[path] for path in paths if row.get(path)), place))
        for place, row in enumerate(group.rows)
    }
    return len(found)


def _is_part(group: Rows) -> bool:
    count = _count(group)
    if group.part is not None:
        return group.part
    if group.total is not None:
        return count < group.total
    return count in _PAGES


def _report_part(group: Rows, tally: IssueCollector) -> None:
    """Report that a reply has a part of the rows only, or that nothing says whether it has all."""
    schema, count = group.schema, _count(group)
    if group.part is False or (group.total is not None and count >= group.total and not group.part):
        return
    title = f"{schema.title.zh} / {schema.title.en}"
    if group.total is None and not group.part:
        if schema.json.samples:
            code = "json.page" if count in _PAGES else "json.uncounted"
            tally.add(code, value=title, detail=str(count))
        return
    of = f"{group.total:,}" if group.total is not None else "?"
    code = "json.sample" if schema.json.samples else "json.incomplete"
    tally.add(code, value=title, detail=f"{count:,} / {of}")


def _clean(group: Rows, around: Surroundings, trouble: Trouble, tally: IssueCollector) -> Parcel | None:
    """Return the rows of a group as a clean table."""
    schema = group.schema
    columns: dict[str, Field] = {}
    for row in group.rows:
        for path in row:
            if (
                path not in columns
                and (owner := owner_of(schema, path))
                and owner.type is not FieldType.PERIOD
            ):
                columns[path] = owner
    chosen: dict[str, str] = {}  # of several names of one field in one reply the first counts, row by row
    for path, owner in columns.items():
        chosen.setdefault(owner.name, path)
    paths: dict[str, list[str]] = defaultdict(list)
    for path, owner in columns.items():
        paths[owner.name].append(path)
    for name, several in paths.items():
        several.sort(key=lambda path: _place(schema.by_name[name].json, path))
        chosen[name] = several[0]
    names = list(chosen)
    if not names:
        return None
    money = "currency" in schema.by_name
    zone = _zone(schema, around, group, tally)
    rows = [_cells(row, names, paths, schema, trouble, money=money) for row in group.rows]
    if money and "currency" not in names:
        names.append("currency")
        chosen["currency"] = "currency"
    if schema.unit:
        _amounts_once(rows, names, schema)
    if group.each:
        names.insert(0, schema.period_field)
        chosen[schema.period_field] = next(
            (
                path
                for path, owner in schema.by_json.items()
                if owner.name == schema.period_field and path in group.rows[0]
            ),
            "statDate",
        )
        rows = [[row.get(PERIOD), *cells] for row, cells in zip(group.rows, rows, strict=True)]
    if _ROWS in schema.by_json:
        names.append(schema.by_json[_ROWS].name)
        chosen[names[-1]] = _ROWS
        for cells in rows:
            cells.append(group.total)
    header = Header(
        schema,
        -1,
        -1,
        {column: schema.by_name[name] for column, name in enumerate(names)},
        {
            column: chosen[name] + (zone if schema.by_name[name].type is FieldType.DATETIME else "")
            for column, name in enumerate(names)
        },
        (),
        (),
    )
    mine = replace(around, exact=True)
    if group.said.text and schema.period is PeriodRule.SNAPSHOT:
        mine = replace(mine, stamp=datetime.fromisoformat(group.said.text))
    elif group.said.text:
        mine = replace(mine, above=(f"统计周期: {group.said.text}",))
    parcel = clean_table(Grid("", rows), header, range(len(rows)), mine, tally)
    if parcel is not None and group.window:
        parcel.grain = CodedColumn(
            np.zeros(len(parcel.row), dtype=np.intp), np.array([str(Grain.RANGE)], dtype=np.object_)
        )
    return parcel


def _place(names: Sequence[str], path: str) -> int:
    """Return how early a name of a field is declared: of several in one row the first that is filled counts."""
    return names.index(path) if path in names else len(names)


def _cells(
    row: dict[str, Any],
    names: Sequence[str],
    paths: Mapping[str, Sequence[str]],
    schema: Schema,
    trouble: Trouble,
    *,
    money: bool,
) -> list[object]:
    currency = currency_of(row, schema, trouble) if money else ""
    cells: list[object] = []
    for name in names:
        owner = schema.by_name[name]
        found = (
            cell(row[path], path, owner, schema, trouble) for path in paths[name] if row.get(path) is not None
        )
        value = next((each for each in found if each is not None), None)
        cells.append(currency or value if name == "currency" and money else value)
    if money and "currency" not in names:
        cells.append(currency or None)
    return cells


def _amounts_once(rows: list[list[object]], names: Sequence[str], schema: Schema) -> None:
    """Keep the amounts of an order on its first line: on every line they might be taken for the lines' own."""
    unit = names.index(schema.unit)
    of_order = [
        place
        for place, name in enumerate(names)
        if schema.by_name[name].type in (FieldType.MONEY, FieldType.NUMBER) and name not in schema.line_fields
    ]
    for above, row in zip([None, *rows], rows, strict=False):
        if above is not None and above[unit] == row[unit]:
            for place in of_order:
                row[place] = None


def _zone(schema: Schema, around: Surroundings, group: Rows, tally: IssueCollector) -> str:
    """Return what the file's name says of the clock, as a header says it; ask where months depend on it."""
    paths = [path for path, owner in schema.by_json.items() if owner.name == schema.period_field]
    if schema.period is not PeriodRule.EVENT or schema.json.only:
        return ""
    stem = around.name.rpartition("/")[2].rpartition(".")[0]
    if zones.in_header(stem) is not None:
        return f" {stem}"
    open_rows = {
        str(row[path]) for row in group.rows for path in paths if json_issues.near_month_start(row.get(path))
    }
    if open_rows:
        tally.add("json.zone", column=paths[0], value=min(open_rows), times=len(open_rows))
    return ""
