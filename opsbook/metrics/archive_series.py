"""Columns of the archive by month and week: a month given as one row counts before its parts and its days.

Every column of a kind that the catalogue names is added up in one query; own code asks for further columns with `totals`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from opsbook.archive.table_layout import PERIOD_COLUMNS, key
from opsbook.domain.basis import Basis, Kind
from opsbook.metrics import ad_plans, compile_sql, parts, product_pages
from opsbook.metrics.catalogue import metrics
from opsbook.metrics.formula import PAID_ORDERS, ArchiveColumn, FormulaForm, is_persons
from opsbook.metrics.monthly import Values, reached
from opsbook.params.export_words import marks, plain
from opsbook.periods import Grain, Period, month
from opsbook.schemas import schemas

if TYPE_CHECKING:
    from opsbook.archive.archive_file import Archive

LISTS = frozenset({"content_log", "inquiry_list"})
"""Lists of single events: in a month that a list reaches into and has no row of, nothing happened."""
Rows = list[tuple[Any, ...]]
Sums = list[tuple[str, date, date, float, int]]
"""Grain, first and last day, sum, and number of days that have a value."""
_ROWS = Basis.of(Kind.SUM_OF_ROWS)


class ArchiveSeries:
    """Reads lazily, and each query once.

    Args:
        archive: Open archive.
        until: The cut-off day, as of `opsbook.metrics.archive_tables.Tables`.
        wanted: Further columns by kind that own code asks for, so that they are in the same query.
    """

    def __init__(
        self, archive: Archive, until: date | None = None, wanted: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self._archive = archive
        self._view = archive.view(until)
        self._until = until
        self._wanted = wanted or {}
        self._sums: dict[str, dict[str, tuple[Sums, Sums]]] = {}
        self._made: dict[tuple[object, ...], Any] = {}

    def months(self, column: ArchiveColumn) -> Values:
        """Return the values by month of a column of the catalogue, only of months that have one."""
        if not column.field:
            return self._counts(column)
        if column.kind in LISTS:
            return self._listed(column)
        return self.totals(column.kind, (column.field,))[column.field]

    def weeks(self, column: ArchiveColumn) -> Values:
        """Return its values by week: the week's own row, else the sum of its seven days if all are there."""
        return self._weeks(column.kind, self._terms[column.kind])[column.field]

    def last(self, column: ArchiveColumn) -> Values:
        """Return the last value inside each month: rolling columns and snapshots are never summed."""
        return self.latest(column.kind, (column.field,))[column.field]

    def totals(self, kind: str, fields: Sequence[str], *, grain: str = "") -> dict[str, Values]:
        """Return the values by month of some columns.

        Args:
            kind: Of export.
            fields: Columns of numbers.
            grain: Only of rows of this grain, where given.
        """
        found: dict[str, Values] = {}
        sums = self._sums_of(kind, fields)
        for name in fields:
            known = ("totals", kind, name, grain)
            if known not in self._made:
                rows, spans = ([row for row in side if grain in ("", row[0])] for side in sums[name])
                self._made[known] = _values(rows, spans, kind, name)
            found[name] = self._made[known]
        return found

    def _sums_of(self, kind: str, fields: Sequence[str]) -> Mapping[str, tuple[Sums, Sums]]:
        """Return the sums of columns by period, and by part of a month; the first time of all that are wanted."""
        found = self._sums.setdefault(kind, {})
        wanted = () if found else (*self._terms.get(kind, ()), *self._wanted.get(kind, ()))
        missing = [name for name in dict.fromkeys((*wanted, *fields)) if name not in found]
        if missing:
            rows, spans = self._summed(kind, missing)
            found |= {name: (_of(rows, "", at), _of(spans, "", at)) for at, name in enumerate(missing)}
        return found

    def _summed(self, kind: str, fields: Sequence[str], by: str = "", where: str = "") -> tuple[Rows, Rows]:
        relation = self._relation(kind, fields, where)
        rows = self._archive.query(compile_sql.by_month(kind, fields, relation, by))
        if not any(_is_part(row) for row in rows):
            return rows, []
        return rows, self._archive.query(compile_sql.by_span(kind, fields, relation, by))

    def split(
        self, kind: str, fields: Sequence[str], *, by: str, where: str = ""
    ) -> dict[str, dict[str, Values]]:
        """Return the same for each word of a column, in the order of the words.

        Args:
            kind: Of export.
            fields: Columns of numbers.
            by: The column whose words split the sums.
            where: SQL condition of the rows.
        """
        rows, spans = self._summed(kind, fields, by, where)
        return {
            word: {
                name: _values(_of(rows, word, at), _of(spans, word, at), kind, name)
                for at, name in enumerate(fields)
            }
            for word in dict.fromkeys(row[0] for row in rows)
        }

    def latest(self, kind: str, fields: Sequence[str], *, grain: str = "") -> dict[str, Values]:
        """Return the last values by month of some columns, as `last`."""
        relation = self._relation(kind, fields, f"_grain = '{grain}'" if grain else "")
        found: dict[str, Values] = {name: {} for name in fields}
        last = Basis.of(Kind.LAST_VALUE)
        for start, *values in self._archive.query(compile_sql.last_in_month(kind, fields, relation)):
            for name, value in zip(fields, values, strict=True):
                if value is not None:
                    found[name][month(start.year, start.month)] = (value, last)
        return found

    def periods(self, kind: str) -> dict[parts.Span, str]:
        """Return the grain of every period that rows of a kind are of."""
        rows = self._archive.query(f"SELECT DISTINCT _start, _end, _grain FROM ({self._relation(kind, ())})")
        return {(start, end): grain for start, end, grain in sorted(rows)}

    @cached_property
    def _terms(self) -> Mapping[str, Sequence[str]]:
        """The fields of each kind that the catalogue adds up."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for metric in metrics().values():
            if metric.formula is None or metric.formula.form is FormulaForm.LAST:
                continue
            for column in metric.formula.columns:
                if column.kind not in (PAID_ORDERS, *LISTS) and column.field:
                    found[column.kind][column.field] = None
        return {kind: tuple(fields) for kind, fields in found.items()}

    def _relation(self, kind: str, fields: Iterable[str], where: str = "") -> str:
        """Return the SELECT of the rows in view with some fields, what names them, and their period."""
        if kind == ad_plans.KIND:
            chosen = ad_plans.plans(self._view.relation(kind, ad_plans.columns(fields)))
        else:
            columns = tuple(dict.fromkeys((*key(schemas()[kind]), *PERIOD_COLUMNS, *fields)))
            chosen = self._view.relation(kind, columns)
            if kind == "product_performance":
                pages = self._view.relation(
                    "product_sample", dict.fromkeys((*columns, "product_id", "of_rows"))
                )
                chosen = product_pages.whole_lists(chosen, pages, columns)
        return f"SELECT * FROM ({chosen}) WHERE {where}" if where else chosen

    def _weeks(self, kind: str, fields: Sequence[str]) -> dict[str, Values]:
        known = ("weeks", kind, *fields)
        if known not in self._made:
            rows = self._archive.query(compile_sql.by_week(kind, fields, self._relation(kind, fields)))
            self._made[known] = {
                name: _week_values(_of(rows, "", at), persons=is_persons(ArchiveColumn(kind, name)))
                for at, name in enumerate(fields)
            }
        found: dict[str, Values] = self._made[known]
        return found

    def _listed(self, column: ArchiveColumn) -> Values:
        """Return the sums of a column of a list of events, of the rows that have it, and what stands beside it."""
        fields = sorted({column.field, column.beside} - {""})  # the two sides of a ratio are one query
        where = " AND ".join(f'"{name}" IS NOT NULL' for name in fields)
        relation = self._relation(column.kind, fields, where)
        known = ("listed", relation)
        if known not in self._made:
            self._made[known] = self._archive.query(
                compile_sql.events_by_month(column.kind, fields, relation)
            )
        at = 1 + fields.index(column.field)
        return self._filled(
            column.kind, {month(row[0].year, row[0].month): (row[at], _ROWS) for row in self._made[known]}
        )

    def _counts(self, column: ArchiveColumn) -> Values:
        """Return how many rows fall into each month, of those whose word is of the column's class."""
        field, *named = column.only or ("",)
        relation = self._relation(column.kind, (field,) if field else ())
        words = marks(*named) if named else frozenset()
        found: Values = {}
        for start, word, number in self._archive.query(compile_sql.counted(relation, field)):
            if not field or plain(word or "") in words:
                when = month(start.year, start.month)
                found[when] = (found.get(when, (0.0, Basis()))[0] + number, _ROWS)
        return self._filled(column.kind, found) if column.kind in LISTS else found

    def _filled(self, kind: str, values: Values) -> Values:
        """Return values of the months that the lists of a kind reach into; 0 where there is no row."""
        if not self._archive.query(f"SELECT 1 FROM ({self._relation(kind, ())}) LIMIT 1"):
            return {}
        months = reached(self._archive.spans(kind, until=self._until))
        return {when: values.get(when, (0.0, _ROWS)) for when in months}


def _of(rows: Rows, word: str, at: int) -> Sums:
    """Return the sums of the field at a place, where it has a value."""
    return [
        (grain, start, end, *told[2 * at : 2 * at + 2])
        for own, grain, start, end, *told in rows
        if own == word and told[2 * at + 1]
    ]


def _is_part(row: tuple[Any, ...]) -> bool:
    """Return whether a period is a part of a month that is not a day."""
    _, grain, start, end, *_ = row
    return grain in (Grain.WEEK, Grain.RANGE) and end <= month(start.year, start.month).end


def _values(
    rows: Sums,
    spans: Sums,
    kind: str,
    field: str,
) -> Values:
    """Return the month's own row, else its days, or parts that cover it exactly.

    A quarter or year given as one row cannot be split; the months inside it stay unknown.
    """
    persons = is_persons(ArchiveColumn(kind, field))
    found: Values = {}
    whole: set[Period] = set()
    for grain, start, _, value, days in rows:
        if grain == Grain.DAY:
            when = month(start.year, start.month)
            gaps = kind not in compile_sql.SPARSE and days < when.days
            found[when] = (
                value,
                _summed(Kind.SUM_OF_DAYS, *((days, when.days) if gaps else ()), persons=persons),
            )
            if not gaps:
                whole.add(when)
    sums: dict[parts.Span, float] = defaultdict(float)
    for _, start, end, value, _ in spans:
        sums[start, end] += value
    for when, path in parts.tiled({(start, end): grain for grain, start, end, *_ in spans}).items():
        if when not in whole:
            found[when] = (sum(sums[span] for span in path), _summed(Kind.SUM_OF_PARTS, persons=persons))
    for grain, start, _, value, _ in rows:
        if grain == Grain.MONTH:
            found[month(start.year, start.month)] = (value, Basis.of(Kind.GIVEN))
    return found


def _week_values(rows: Sums, *, persons: bool) -> Values:
    found: Values = {}
    for grain, start, _, value, days in rows:
        if grain == Grain.DAY and days == 7:
            when = Period(start, start + timedelta(days=6), Grain.WEEK)
            found[when] = (value, _summed(Kind.SUM_OF_DAYS, persons=persons))
    for grain, start, end, value, _ in rows:
        if grain == Grain.WEEK:
            found[Period(start, end, Grain.WEEK)] = (value, Basis.of(Kind.GIVEN))
    return found


def _summed(kind: Kind, *some: float, persons: bool) -> Basis:
    basis = Basis.of(kind, *some)
    return basis.plus(Kind.UPPER_BOUND) if persons else basis
