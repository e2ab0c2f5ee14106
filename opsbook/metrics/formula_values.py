"""The declared metrics: from the formula of a row of the catalogue to its values by month and week, and its measure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from opsbook.domain.basis import Basis, Kind
from opsbook.functions.ratios import ratio
from opsbook.metrics.catalogue import Metric, metrics
from opsbook.metrics.figures import Figure
from opsbook.metrics.formula import PAID_ORDERS, ArchiveColumn, FormulaForm, MetricFormula, Term
from opsbook.metrics.measure import Growth, Measure, additive, compare, dimension, rate
from opsbook.metrics.monthly import Values, first_of, minus, running_sum

if TYPE_CHECKING:
    from opsbook.metrics.archive_series import ArchiveSeries

WEEKLY = "shop_overview"
"""The kind whose rows of days and weeks give figures by week."""
_STAND_INS = {
    PAID_ORDERS: Kind.FROM_ORDERS,
    "shop_ledger": Kind.FROM_OWN_TABLE,
    WEEKLY: Kind.FROM_OVERVIEW_COLUMN,
}


class Declared:
    """Values of the terms of formulas, each made once.

    Args:
        series: Columns of the archive.
        orders: Totals of orders by month, by the fields of `opsbook.metrics.formula.ORDER_FIELDS`.
    """

    def __init__(self, series: ArchiveSeries, orders: Mapping[str, Values]) -> None:
        self._series = series
        self._orders = orders
        self._months: dict[Term, Values] = {}
        self._weeks: dict[Term, Values] = {}

    def months(self, of: Term) -> Values:
        """Return the values by month of a metric or a column, with what stands in for months without one."""
        if of not in self._months:
            self._months[of] = self._column(of) if isinstance(of, ArchiveColumn) else self._made(_formula(of))
        return self._months[of]

    def _column(self, of: ArchiveColumn) -> Values:
        return self._orders[of.field] if of.kind == PAID_ORDERS else self._series.months(of)

    def _made(self, formula: MetricFormula) -> Values:
        if formula.form is FormulaForm.LAST:
            return self._series.last(formula.columns[0])
        values = [self.months(each) for each in formula.terms]
        if formula.form is FormulaForm.DIFFERENCE:
            made = minus(*values)
        elif formula.form is FormulaForm.RUNNING:
            made = running_sum(values[0])
        elif formula.form is FormulaForm.RATIO:
            made = _quotients(*values)
        else:
            made = values[0]
        stand_ins = ((_STAND_INS[each.kind], self.months(each)) for each in formula.otherwise)
        return first_of(made, *stand_ins)

    def weeks(self, of: Term) -> Values:
        """Return the values by week of a metric or a column; nothing stands in for weeks without one."""
        if of not in self._weeks:
            self._weeks[of] = (
                self._series.weeks(of) if isinstance(of, ArchiveColumn) else self._made_by_week(_formula(of))
            )
        return self._weeks[of]

    def _made_by_week(self, formula: MetricFormula) -> Values:
        values = [self.weeks(each) for each in formula.terms]
        joined = {FormulaForm.DIFFERENCE: minus, FormulaForm.RATIO: _quotients}.get(formula.form)
        return joined(*values) if joined else values[0]

    def split(self, kind: str, by: str, grain: str) -> Iterator[Measure]:
        """Yield the declared metrics of a kind for each word of a column, without what stands in for months.

        Args:
            kind: Of export.
            by: Column of its relation.
            grain: Names the split in the grains of a metric and in dimensions, such as ``plan``.
        """
        chosen = [metric for metric in declared(kind) if grain in metric.grains and metric.formula]
        columns = {column: None for each in chosen if each.formula for column in each.formula.columns}
        fields = tuple(column.field for column in columns if column.kind == kind)
        for word, found in self._series.split(kind, fields, by=by).items():
            part = Declared(self._series, {})
            part._months = {column: found[column.field] if column.kind == kind else {} for column in columns}
            for metric in chosen if word else ():
                yield replace(part.measure(metric), dimension=dimension(**{grain: word}))

    def measure(self, metric: Metric) -> Measure:
        """Return the measure of a declared metric."""
        formula = _formula(metric.id)
        if formula.form is FormulaForm.RATIO:
            return rate(metric.id, metric.unit, *(self.months(each) for each in formula.terms))
        values = self.months(metric.id)
        if formula.form not in (FormulaForm.LAST, FormulaForm.RUNNING):
            return additive(metric.id, metric.unit, values)
        return Measure(
            metric.id,
            metric.unit,
            {when: basis for when, (_, basis) in values.items()},
            lambda months: values[months[0]][0] if len(months) == 1 else math.nan,
            Growth.RELATIVE,
            Kind.LAST_VALUE,
        )

    def weekly(self, metric: Metric, as_of: date) -> Iterator[Figure]:
        """Yield a metric by week, each with its change against the week before."""
        values = self.weeks(metric.id)
        growth = Growth.POINTS if metric.unit == "ratio" else Growth.RELATIVE
        for when, (value, basis) in sorted(values.items()):
            yield Figure(metric.id, when.label, "", value, metric.unit, basis)
            before = values.get(when.previous)
            if when.end > as_of:
                change, how = math.nan, Basis.of(Kind.INCOMPLETE)
            elif before is None:
                change, how = math.nan, Basis.of(Kind.NO_BASE)
            else:
                change, how = compare(value, before[0], growth, Basis.of(Kind.WHOLE_PERIODS))
            yield Figure(f"{metric.id}.pop", when.label, "", change, "ratio", how)


def declared(kind: str) -> list[Metric]:
    """Return the declared metrics whose first column is of a kind, in the order of the catalogue."""
    return [metric for metric in metrics().values() if metric.formula and _source(metric.id).kind == kind]


def sources() -> tuple[str, ...]:
    """Return the kinds that declared metrics are made from first."""
    return tuple(dict.fromkeys(_source(metric.id).kind for metric in metrics().values() if metric.formula))


def by_week() -> list[Metric]:
    """Return the metrics that are told by week: sums, differences and ratios of the shop overview."""
    return [metric for metric in declared(WEEKLY) if _is_weekly(metric.id)]


def _is_weekly(of: Term) -> bool:
    if isinstance(of, ArchiveColumn):
        return of.kind == WEEKLY
    formula = _formula(of)
    return formula.form in (FormulaForm.SUM, FormulaForm.DIFFERENCE, FormulaForm.RATIO) and all(
        map(_is_weekly, formula.terms)
    )


def _source(of: Term) -> ArchiveColumn:
    """Return the first column that a term is made from."""
    return of if isinstance(of, ArchiveColumn) else _source(_formula(of).terms[0])


def _formula(metric: str) -> MetricFormula:
    found = metrics()[metric].formula
    if found is None:
        raise ValueError(f"{metric} is computed by own code: it is no term of a formula")
    return found


def _quotients(above: Values, below: Values) -> Values:
    basis = Basis.of(Kind.RATIO_OF_SUMS)
    return {
        when: (float(ratio(value, below[when][0])), basis)
        for when, (value, _) in above.items()
        if when in below
    }
