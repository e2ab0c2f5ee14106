"""The gap to the best peers, wherever the platform or the team tells theirs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from opsbook.domain.basis import Basis, Kind
from opsbook.domain.sample import Gap
from opsbook.functions.ratios import ratio
from opsbook.metrics.judge import sample_of
from opsbook.metrics.measure import Growth, Measure, Months, dimension
from opsbook.metrics.monthly import Values, latest, totals
from opsbook.metrics.shop import COLUMNS
from opsbook.schemas import Field, FieldType, schemas

if TYPE_CHECKING:
    import pandas as pd

    from opsbook.metrics.verdicts import Amounts

_TOP = "peer_top_"
_METRICS = {column: metric for metric, (column, _) in COLUMNS.items()}


def compared_fields() -> tuple[str, ...]:
    """Return the fields of the shop overview that have a column of top peers."""
    names = schemas()["shop_overview"].by_name
    return tuple(name.removeprefix(_TOP) for name in names if name.startswith(_TOP))


def gaps(
    overview: pd.DataFrame, log: Values, competitors: pd.DataFrame, as_of: date, amounts: Amounts
) -> Iterator[Measure]:
    """Yield own value over the top peers' less 1, by metric.

    Args:
        overview: Rows of ``shop_overview`` with every field and its ``peer_top_`` column.
        log: Own content interactions by month.
        competitors: Rows of ``competitors``: ``hot_products``, ``content_interactions``, ``_start``; their mean
            stands for the peers where the platform tells none.
        as_of: Last day of the data.
        amounts: Amounts of the orders, by which a gap in money is judged.
    """
    fields = schemas()["shop_overview"].by_name
    for name in compared_fields():
        if overview[_TOP + name].notna().any() and overview[name].notna().any():
            own, top = (_monthly(overview, fields[name], column) for column in (name, _TOP + name))
            yield _gap(_METRICS.get(name, name), own, top, fields[name], amounts)
    named = competitors[competitors["_end"] <= str(as_of)]
    if not overview["peer_top_hot_products"].notna().any():
        theirs = _mean(named, "hot_products")
        yield _gap("hot_products", latest(overview, "hot_products"), theirs, fields["hot_products"], amounts)
    interactions = _mean(named, "content_interactions")
    yield _gap("content_interactions", log, interactions, fields["store_visits"], amounts)


def _monthly(overview: pd.DataFrame, field: Field, column: str) -> Values:
    if field.rolling or field.type is FieldType.PERCENT:
        return latest(overview[overview["_grain"] == "month"], column) or latest(overview, column)
    return totals(overview, column, persons=field.unit == "persons")


def _mean(competitors: pd.DataFrame, column: str) -> Values:
    """Return the mean over the named competitors by month."""
    known = competitors[competitors[column].notna() & (competitors["_grain"] == "month")]
    means = totals(known, column)
    counts = known.groupby("_start")["competitor"].nunique()
    size = {(day.year, day.month): int(count) for day, count in counts.items()}
    return {
        when: (
            value / size[when.start.year, when.start.month],
            Basis.of(Kind.COMPETITORS, size[when.start.year, when.start.month]),
        )
        for when, (value, _) in means.items()
    }


def _gap(metric: str, own: Values, top: Values, field: Field, amounts: Amounts) -> Measure:
    both = {when: Basis.of(Kind.RATIO_OF_SUMS) for when in own if when in top}
    # A rate or a state cannot be summed; the mean of the months stands for the year.
    means = field.rolling or field.type is FieldType.PERCENT

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
