"""The rows of a JSON file put together by their kind and by the way in which their period is said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from opsbook.intake import json_issues, json_periods
from opsbook.intake.file_period import Surroundings, stated
from opsbook.intake.json_cells import rows_of
from opsbook.intake.json_kinds import KEY
from opsbook.schemas import PeriodRule, Schema, schemas

if TYPE_CHECKING:
    from opsbook.intake.json_answers import Answers, Batch, Facts
    from opsbook.intake.json_periods import Said
    from opsbook.intake.tally import Tally

PERIOD = "@period"
OBJECT = "@object"
"""The field of a row that says which object of the reply it is from."""
_NOTHING = json_periods.NOTHING
_STATED = (PeriodRule.COLUMN, PeriodRule.FILE)


@dataclass
class Rows:
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


def grouped(found: Answers, around: Surroundings, tally: Tally) -> Iterable[Rows]:
    """Return the rows of a file in groups.

    Args:
        found: What its documents say.
        around: What may say a period for the whole file.
        tally: Takes the issues.
    """
    groups: dict[tuple[object, ...], Rows] = {}
    for batch in found.batches:
        _sort(batch, found, around, groups, tally)
    return groups.values()


def _sort(
    batch: Batch, found: Answers, around: Surroundings, groups: dict[tuple[object, ...], Rows], tally: Tally
) -> None:
    """Put the rows of a list into the groups of their kind and way of saying a period."""
    schema, facts = batch.match.schema, batch.facts
    dates = [path for path, owner in batch.match.fields.items() if owner.name == schema.period_field]
    rows = [
        row | {OBJECT: id(record)}
        for record in batch.records
        for row in rows_of(record, schema, batch.key)
        if not _is_total(row, schema)
    ]
    if KEY in schema.by_json and batch.key not in schema.json.keys:
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
        if schema.period is PeriodRule.SNAPSHOT and (state := _state_day(found, facts)):
            said = json_periods.Said(state.isoformat())
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
            row[PERIOD] = said.text
        shared = _NOTHING if each else replace(said, unclear="")
        key = (target.kind, shared, each, said.window, facts.total, facts.part)
        made = Rows(target, shared, each, said.window, total=facts.total, part=facts.part)
        group = groups.setdefault(key, made)
        group.rows.append(row)
    if unclear:
        tally.add("period.unclear_file", detail=unclear[0], times=len(unclear))


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


def _state_day(found: Answers, facts: Facts) -> date | None:
    """Return the day whose state a reply without dates of its own shows."""
    return (_newest(found, facts) if facts.report else None) or json_periods.day_of(facts.end)


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
        row[KEY] = metric
