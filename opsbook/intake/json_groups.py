"""The rows of a JSON file put together by their kind and by the way in which their period is said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from opsbook.intake import json_issues, json_periods
from opsbook.intake.file_period import Surroundings, stated
from opsbook.intake.issue_collector import IssueCollector
from opsbook.intake.json_cells import rows_of
from opsbook.intake.json_kinds import KEY
from opsbook.intake.json_periods import JsonPeriod
from opsbook.periods import Period
from opsbook.schemas import PeriodRule, Schema, schemas

if TYPE_CHECKING:
    from opsbook.intake.json_answers import Answers, Batch, Facts

PERIOD = "@period"
OBJECT = "@object"
"""The field of a row that says which object of the reply it is from."""
_DATES = ("statDate",)
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
    said: JsonPeriod
    each: bool
    window: bool = False
    rows: list[dict[str, Any]] = field(default_factory=list)
    total: int | None = None
    part: bool | None = None


def grouped(found: Answers, around: Surroundings, tally: IssueCollector) -> Iterable[Rows]:
    """Return the rows of a file in groups.

    Args:
        found: What its documents say.
        around: What may say a period for the whole file.
        tally: Takes the issues.
    """
    sorting = _Sorting(around, stated(around), _newest_days(found), tally)
    for batch in found.batches:
        sorting.take(batch)
    return sorting.groups.values()


@dataclass
class _Sorting:
    """Groups as they grow.

    Attributes:
        around: What may say a period for the whole file.
        whole: The period that it says for the whole file, or None.
        newest: The newest day that any row of a weekly report has, by report.
        tally: Takes the issues.
    """

    around: Surroundings
    whole: Period | None
    newest: Mapping[int, date]
    tally: IssueCollector
    groups: dict[tuple[object, ...], Rows] = field(default_factory=dict)

    def take(self, batch: Batch) -> None:
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
            _name_metric(rows, facts, self.around, self.tally)
        by_row = schema.period is PeriodRule.COLUMN
        days = [_own_day(row, dates or _DATES) for row in rows]
        grain = schema.json.grain or ("day" if by_row and json_periods.follow_one_another(days) else "")
        unclear: list[str] = []
        for row, day in zip(rows, days, strict=True):
            said = _NOTHING
            if schema.period in _STATED:
                said = json_periods.of_row(row, dates or _DATES, facts, grain)
            each = by_row and bool(said.text)
            if said == _NOTHING:
                said = self._of_list(schema, facts, day)
            if said == _NOTHING and not self._names(schema, day):
                unclear.append(f"{day} / {self.whole.label if self.whole else ''}")
            elif said.unclear and not self.whole:
                unclear.append(said.unclear)
            elif (target := self._target(schema, said)) is not None:
                if each:
                    row[PERIOD] = said.text
                self._add(row, target, said, facts, each=each)
        if unclear:
            self.tally.add("period.unclear_file", detail=unclear[0], times=len(unclear))

    def _of_list(self, schema: Schema, facts: Facts, day: date | None) -> JsonPeriod:
        """Return the period of a row that says none."""
        newest = self.newest.get(facts.report)
        if schema.period is PeriodRule.SNAPSHOT:
            state = newest or json_periods.day_of(facts.end)
            return json_periods.JsonPeriod(state.isoformat()) if state else _NOTHING
        if schema.period not in _STATED:
            return _NOTHING
        said = json_periods.of_envelope(facts, day)
        of_report = schema.period is PeriodRule.COLUMN and (schema.json.only or day is None)
        if said == _NOTHING and of_report and facts.report and not self.whole:
            return json_periods.of_report(day or newest)
        return said

    def _names(self, schema: Schema, day: date | None) -> bool:
        """Whether a row's own date can name the file's period: one in its middle is of something else."""
        if self.whole is None or day is None or schema.period not in _STATED:
            return True
        return day in (self.whole.start, self.whole.end)

    def _target(self, schema: Schema, said: JsonPeriod) -> Schema | None:
        """Return the kind that takes a row; None for a rolling window of a kind that keeps none."""
        if not said.window or schema.json.only:
            return schema
        if schema.json.windows:
            return schemas()[schema.json.windows]
        json_issues.report_window(schema, said, self.tally)
        return None

    def _add(
        self, row: dict[str, Any], schema: Schema, said: JsonPeriod, facts: Facts, *, each: bool
    ) -> None:
        shared = _NOTHING if each else replace(said, unclear="")
        key = (schema.kind, shared, each, said.window, facts.total, facts.part)
        made = Rows(schema, shared, each, said.window, total=facts.total, part=facts.part)
        self.groups.setdefault(key, made).rows.append(row)


def _newest_days(found: Answers) -> dict[int, date]:
    """Return the newest day that any row of a weekly report has, by report."""
    newest: dict[int, date] = {}
    for batch in found.batches:
        report = batch.facts.report
        for record in batch.records if report else ():
            for name in ("statDate", "statsDate"):
                day = json_periods.day_of(record.get(name))
                if day and (report not in newest or day > newest[report]):
                    newest[report] = day
    return newest


def _own_day(row: Mapping[str, Any], dates: Sequence[str]) -> date | None:
    return next((day for name in dates if (day := json_periods.day_of(row.get(name)))), None)


def _is_total(row: Mapping[str, Any], schema: Schema) -> bool:
    return bool(schema.json.totals) and any(
        row.get(path) in schema.json.totals
        for path, owner in schema.by_json.items()
        if owner.name in schema.key and isinstance(row.get(path), str)
    )


def _name_metric(
    rows: list[dict[str, Any]], facts: Facts, around: Surroundings, tally: IssueCollector
) -> None:
    metric = json_issues.metric_of(facts.metric, around.name)
    if metric is None:
        tally.add("json.metric", times=len(rows))
    for row in rows:
        row[KEY] = metric
