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
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from opsbook.intake import json_issues, json_periods, zones
from opsbook.intake.clean import clean_table
from opsbook.intake.file_period import Surroundings, stated
from opsbook.intake.grid import Grid
from opsbook.intake.json_cells import Trouble, cell, currency_of, rows_of
from opsbook.intake.json_kinds import owner_of
from opsbook.intake.recognise import Header
from opsbook.intake.transport import Column
from opsbook.periods import Grain
from opsbook.schemas import Field, FieldType, PeriodRule, Schema, schemas

if TYPE_CHECKING:
    from opsbook.intake.json_answers import Answers, Batch, Facts
    from opsbook.intake.json_periods import Said
    from opsbook.intake.table import Source
    from opsbook.intake.tally import Tally
    from opsbook.intake.transport import Parcel

_PAGES = frozenset(
    {10, 20, 50, 100, 200, 500}
)  # rows of a page; so many without a count may be the first page
_ROWS = "@rows"
_PERIOD = "@period"


@dataclass
class _Rows:
    """Rows of one kind whose period is said in one way.

    Attributes:
        schema: The kind that takes them.
        said: The period of all of them where the envelope says it; nothing where each row or the file does.
        each: Whether each row says its own.
        window: Whether the periods are rolling windows.
        rows: Values by path, with ``@period`` where each says its own.
        total: How many rows the platform has, or None.
        part: Whether the reply calls itself a part, or None.
    """

    schema: Schema
    said: Said
    each: bool
    window: bool = False
    rows: list[dict[str, Any]] = field(default_factory=list)
    total: int | None = None
    part: bool | None = None


def read_answers(found: Answers, source: Source, stamp: datetime | None, tally: Tally) -> list[Parcel]:
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
    groups: dict[tuple[object, ...], _Rows] = {}
    for batch in found.batches:
        _sort(batch, found, around, groups, tally)
    parcels = []
    for group in groups.values():
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


def _sort(
    batch: Batch, found: Answers, around: Surroundings, groups: dict[tuple[object, ...], _Rows], tally: Tally
) -> None:
    """Put the rows of a list into the groups of their kind and way of saying a period."""
    schema, facts = batch.match.schema, batch.facts
    dates = [path for path, owner in batch.match.fields.items() if owner.name == schema.period_field]
    rows = [
        row
        for record in batch.records
        for row in rows_of(record, schema, batch.key)
        if not _is_total(row, schema)
    ]
    if batch.match.schema.kind == "buyer_region" and batch.key not in schema.json.keys:
        _name_metric(rows, facts, around, tally)
    by_row = schema.period is PeriodRule.COLUMN
    grain = schema.json.grain or (
        "day" if by_row and json_periods.follow_one_another(_days(rows, dates)) else ""
    )
    unclear: list[str] = []
    for row in rows:
        said = (
            json_periods.of_row(row, dates or ("statDate",), facts, grain)
            if schema.period in _STATED
            else _NOTHING
        )
        each = by_row and bool(said.text)
        if not said.text and not said.unclear and schema.period in _STATED:
            said = json_periods.of_envelope(facts)
        if by_row and facts.report and not said.text and not said.unclear and not stated(around):
            said = json_periods.of_report(_own_day(row, dates) or _newest(found, facts))
        if schema.period is PeriodRule.SNAPSHOT and facts.report and (newest := _newest(found, facts)):
            said = json_periods.Said(newest.isoformat())
        if said.unclear and not stated(around):
            unclear.append(said.unclear)
            continue
        target = schema
        if said.window and not schema.json.only:
            if not schema.json.windows:
                json_issues.report_window(schema, said, tally)
                continue
            target = schemas()[schema.json.windows]
        if each:
            row[_PERIOD] = said.text
        shared = _NOTHING if each else replace(said, unclear="")
        key = (target.kind, shared, each, said.window, facts.total, facts.part)
        made = _Rows(target, shared, each, said.window, total=facts.total, part=facts.part)
        group = groups.setdefault(key, made)
        group.rows.append(row)
    if unclear:
        tally.add("period.unclear_file", detail=unclear[0], times=len(unclear))


_NOTHING = json_periods.NOTHING
_STATED = (PeriodRule.COLUMN, PeriodRule.FILE)


def _days(rows: Sequence[Mapping[str, Any]], dates: Sequence[str]) -> list[date | None]:
    return [_own_day(row, dates) for row in rows]


def _own_day(row: Mapping[str, Any], dates: Sequence[str]) -> date | None:
    return next((day for name in dates if (day := json_periods.day_of(row.get(name)))), None)


def _newest(found: Answers, facts: Facts) -> date | None:
    """Return the newest day that any row of the same report has."""
    days = [
        json_periods.day_of(record.get(name))
        for batch in found.batches
        if batch.facts.report == facts.report
        for record in batch.records
        for name in ("statDate", "statsDate")
    ]
    return max((day for day in days if day), default=None)


def _is_total(row: Mapping[str, Any], schema: Schema) -> bool:
    return bool(schema.json.totals) and any(
        row.get(path) in schema.json.totals
        for path, owner in schema.by_json.items()
        if owner.name in schema.key and isinstance(row.get(path), str)
    )


def _name_metric(rows: list[dict[str, Any]], facts: Facts, around: Surroundings, tally: Tally) -> None:
    metric = json_issues.metric_of(facts.metric, around.name)
    if metric is None:
        tally.add("json.metric", times=len(rows))
    for row in rows:
        row["@key"] = metric


def _once(schema: Schema, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows that come on two pages once; of an order that changed between them, the newer state."""
    if not schema.unit:
        return rows
    ids = [path for path, owner in schema.by_json.items() if owner.name == schema.unit]
    versions = [path for path, owner in schema.by_json.items() if owner.name == schema.version_field]
    orders: dict[object, tuple[str, list[dict[str, Any]]]] = {}
    last: object = None
    for place, row in enumerate(rows):
        unit = next((row[path] for path in ids if row.get(path)), f"@{place}")
        version = str(next((row[path] for path in versions if row.get(path)), ""))
        name = str(unit)
        if name == last and name in orders:
            orders[name][1].append(row)
        elif name not in orders or version > orders[name][0]:
            orders[name] = (version, [row])
            last = name
        else:
            last = None
    return [row for _, lines in orders.values() for row in lines]


def _count(group: _Rows) -> int:
    """Return how many things the rows are of: orders, not their lines; a product on two pages is one."""
    schema = group.schema
    name = schema.unit or (schema.key[0] if schema.key else "")
    paths = [path for path, owner in schema.by_json.items() if owner.name == name]
    found = {
        str(next((row[path] for path in paths if row.get(path)), place))
        for place, row in enumerate(group.rows)
    }
    return len(found)


def _is_part(group: _Rows) -> bool:
    count = _count(group)
    if group.part is not None:
        return group.part
    if group.total is not None:
        return count < group.total
    return count in _PAGES


def _report_part(group: _Rows, tally: Tally) -> None:
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


def _clean(group: _Rows, around: Surroundings, trouble: Trouble, tally: Tally) -> Parcel | None:
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
        rows = [[row.get(_PERIOD), *cells] for row, cells in zip(group.rows, rows, strict=True)]
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
        parcel.grain = Column(
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


def _zone(schema: Schema, around: Surroundings, group: _Rows, tally: Tally) -> str:
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
