"""The gap to the best peers, wherever the platform or the team tells theirs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from opsbook.domain.basis import Basis, Kind
from opsbook.domain.sample import Gap
from opsbook.functions.ratios import ratio
from opsbook.metrics.catalogue import metrics
from opsbook.metrics.formula import ArchiveColumn, FormulaForm
from opsbook.metrics.judge import sample_of
from opsbook.metrics.measure import Growth, Measure, Months, dimension
from opsbook.metrics.monthly import Values
from opsbook.periods import month
from opsbook.schemas import Field, FieldType, schemas

if TYPE_CHECKING:
    import pandas as pd

    from opsbook.metrics.archive_series import ArchiveSeries
    from opsbook.metrics.verdicts import PaidAmounts

_TOP = "peer_top_"


def compared_fields() -> tuple[str, ...]:
    """Return the fields of the shop overview that have a column of top peers."""
    names = schemas()["shop_overview"].by_name
    return tuple(name.removeprefix(_TOP) for name in names if name.startswith(_TOP))


def compared_sums() -> tuple[str, ...]:
    """Return those of them that are added up, with their columns of top peers."""
    fields = schemas()["shop_overview"].by_name
    return tuple(
        each for name in compared_fields() if not _is_state(fields[name]) for each in (name, _TOP + name)
    )


def _metric(field: str) -> str:
    """Return the metric that is the sum of a field of the shop overview, else the field's own name."""
    sums = (each for each in metrics().values() if each.formula and each.formula.form is FormulaForm.SUM)
    return next(
        (
            each.id
            for each in sums
            if each.formula and each.formula.terms == (ArchiveColumn("shop_overview", field),)
        ),
        field,
    )


def gaps(
    series: ArchiveSeries, competitors: pd.DataFrame, as_of: date, amounts: PaidAmounts
) -> Iterator[Measure]:
    """Yield own value over the top peers' less 1, by metric.

    Args:
        series: Columns of the archive: every field of the shop overview and its ``peer_top_`` column.
        competitors: Rows of ``competitors``: ``hot_products``, ``content_interactions``, ``_start``; their mean
            stands for the peers where the platform tells none.
        as_of: Last day of the data.
        amounts: Amounts of the orders, by which a gap in money is judged.
    """
    fields = schemas()["shop_overview"].by_name
    names = compared_fields()
    values = _monthly(series, (*names, *(_TOP + name for name in names)))
    for name in names:
        if values[name] and values[_TOP + name]:
            yield _gap(_metric(name), values[name], values[_TOP + name], fields[name], amounts)
    named = competitors[competitors["_end"] <= str(as_of)]
    if not values["peer_top_hot_products"]:
        own = series.last(ArchiveColumn("shop_overview", "hot_products"))
        yield _gap("hot_products", own, _mean(named, "hot_products"), fields["hot_products"], amounts)
    log = series.months(ArchiveColumn("content_log", "interactions"))
    yield _gap(
        "content_interactions", log, _mean(named, "content_interactions"), fields["store_visits"], amounts
    )


def _monthly(series: ArchiveSeries, names: tuple[str, ...]) -> dict[str, Values]:
    """Return the values by month: of a rate or a state the month's own, else the last one inside it."""
    fields = schemas()["shop_overview"].by_name
    states = tuple(name for name in names if _is_state(fields[name]))
    of_months, any_last = (series.latest("shop_overview", states, grain=grain) for grain in ("month", ""))
    found = series.totals("shop_overview", compared_sums())
    return found | {name: of_months[name] or any_last[name] for name in states}


def _is_state(field: Field) -> bool:
    return field.rolling or field.type is FieldType.PERCENT


def _mean(competitors: pd.DataFrame, column: str) -> Values:
    """Return the mean over the named competitors by month."""
    known = competitors[competitors[column].notna() & (competitors["_grain"] == "month")]
    by_month = known.groupby("_start")
    sizes = by_month["competitor"].nunique()
    return {
        month(day.year, day.month): (
            float(value) / int(sizes[day]),
            Basis.of(Kind.COMPETITORS, int(sizes[day])),
        )
        for day, value in by_month[column].sum().items()
    }


def _gap(metric: str, own: Values, top: Values, field: Field, amounts: PaidAmounts) -> Measure:
    both = {when: Basis.of(Kind.RATIO_OF_SUMS) for when in own if when in top}
    # A rate or a state cannot be summed; the mean of the months stands for the year.
    means = _is_state(field)

    def sides(months: Months) -> tuple[float, float]:
        mine, theirs = (sum(side[when][0] for when in months) for side in (own, top))
        return (mine / len(months), theirs / len(months)) if means else (mine, theirs)

    def over(months: Months) -> float:
        return float(ratio(*sides(months))) - 1

    def sample(months: Months) -> Gap | None:
        mine, theirs = sides(months)
        of_own = amounts.total(months, mine) if metric == "ta_amount" else sample_of(metric, mine)
        return Gap(of_own, theirs) if of_own and theirs > 0 else None

    def told(months: Months) -> Basis:
        basis = top[months[-1]][1]
        return basis if basis.has(Kind.COMPETITORS) else Basis()

    return Measure(
        "peer_gap",
        "ratio",
        both,
        over,
        Growth.POINTS,
        Kind.MEANS_OF_MONTHS if means else Kind.RATIO_OF_SUMS,
        dimension(metric=metric),
        told,
        sample,
        sides,
    )
