"""Store level: traffic, leads, Trade Assurance, conversion. Source: shop overview; own table where it lacks a month."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from opsbook.domain.basis import Basis, Kind
from opsbook.functions.growth import change as relative_change
from opsbook.functions.ratios import ratio
from opsbook.metrics.catalogue import metrics
from opsbook.metrics.figures import Figure
from opsbook.metrics.measure import Growth, Measure, additive, compare, rate
from opsbook.metrics.monthly import Values, first_of, latest, minus, running_sum, totals, weeks
from opsbook.periods import month

if TYPE_CHECKING:
    import pandas as pd

# Metric -> column of the shop overview, and of the seller's own table where it has one.
COLUMNS = {
    "visitors": ("store_visitors", "store_visitors"),
    "inquiries": ("inquiries", ""),
    "inquiry_buyers": ("inquiry_buyers", ""),
    "tm_buyers": ("tm_buyers", ""),
    "lead_buyers": ("lead_buyers", ""),
    "search_impressions": ("search_impressions", ""),
    "total_impressions": ("total_impressions", "total_impressions"),
    "marketing_impressions": ("marketing_impressions", ""),
    "ta_orders": ("ta_orders", ""),
    "ta_amount": ("ta_amount_usd", ""),
}
# Rate -> numerator over denominator.
RATES = {
    "visit_rate": ("visitors", "total_impressions"),
    "inquiry_rate": ("inquiry_buyers", "visitors"),
    "lead_rate": ("lead_buyers", "visitors"),
    "lead_order_rate": ("ta_orders", "lead_buyers"),
    "visitor_order_rate": ("ta_buyers", "visitors"),
}


def monthly(overview: pd.DataFrame, ledger: pd.DataFrame, orders: dict[str, Values]) -> dict[str, Values]:
    """Return every store-level total by month.

    Args:
        overview: Rows of ``shop_overview``, with ``_grain``, ``_start``, ``_end``.
        ledger: Rows of ``shop_ledger``, likewise.
        orders: ``ta_amount`` and ``ta_orders`` by month from order rows, for months the overview lacks.
    """
    found: dict[str, Values] = {}
    for metric, (column, own) in COLUMNS.items():
        persons = metrics()[metric].unit == "persons"
        sources = [(Kind.FROM_OVERVIEW, totals(overview, column, persons=persons))]
        if own:
            sources.append((Kind.FROM_OWN_TABLE, totals(ledger, own, persons=persons)))
        if metric in orders:
            sources.append((Kind.FROM_ORDERS, orders[metric]))
        found[metric] = first_of(*sources)
    found["ta_buyers"] = totals(overview, "ta_buyers", persons=True)
    found["natural_impressions"] = first_of(
        (
            Kind.FROM_OVERVIEW,
            minus(totals(overview, "total_impressions"), totals(overview, "marketing_impressions")),
        ),
        (Kind.FROM_OVERVIEW_COLUMN, totals(overview, "natural_impressions")),
        (Kind.FROM_OWN_TABLE, totals(ledger, "natural_impressions")),
    )
    return found


def measures(values: dict[str, Values], overview: pd.DataFrame) -> Iterator[Measure]:
    """Yield the measures of store level, from `monthly` totals."""
    catalogue = metrics()
    for metric in (*COLUMNS, "natural_impressions"):
        yield additive(metric, catalogue[metric].unit, values[metric])
    yield _cumulative(values["ta_amount"])
    for metric, (above, below) in RATES.items():
        yield rate(metric, "ratio", values[above], values[below])
    yield _monthly_only("avg_reply_hours", latest(overview, "avg_reply_hours"))


def _cumulative(amounts: Values) -> Measure:
    return _monthly_only("ta_amount_cumulative", running_sum(amounts))


def _monthly_only(metric: str, values: Values) -> Measure:
    """Return a measure that has no value over several months."""
    return Measure(
        metric,
        metrics()[metric].unit,
        {when: basis for when, (_, basis) in values.items()},
        lambda months: values[months[0]][0] if len(months) == 1 else math.nan,
        Growth.RELATIVE,
        Kind.LAST_VALUE,
    )


def by_week(overview: pd.DataFrame) -> dict[str, Values]:
    """Return every store-level total and rate by week."""
    found: dict[str, Values] = {
        metric: weeks(overview, column, persons=metrics()[metric].unit == "persons")
        for metric, (column, _) in COLUMNS.items()
    }
    found["ta_buyers"] = weeks(overview, "ta_buyers", persons=True)
    found["natural_impressions"] = minus(found["total_impressions"], found["marketing_impressions"])
    for metric, (above, below) in RATES.items():
        found[metric] = {
            when: (float(ratio(value, found[below][when][0])), Basis.of(Kind.RATIO_OF_SUMS))
            for when, (value, _) in found[above].items()
            if when in found[below]
        }
    return found


def weekly(weekly_values: dict[str, Values], as_of: date) -> Iterator[Figure]:
    """Yield totals and rates `by_week`, each with its change against the week before."""
    found = {metric: known for metric, known in weekly_values.items() if metric != "ta_buyers"}
    for metric, values in found.items():
        unit = metrics()[metric].unit
        growth = Growth.POINTS if unit == "ratio" else Growth.RELATIVE
        for when, (value, basis) in sorted(values.items()):
            yield Figure(metric, when.label, "", value, unit, basis)
            before = values.get(when.previous)
            if when.end > as_of:
                change, how = math.nan, Basis.of(Kind.INCOMPLETE)
            elif before is None:
                change, how = math.nan, Basis.of(Kind.NO_BASE)
            else:
                change, how = compare(value, before[0], growth, Basis.of(Kind.WHOLE_PERIODS))
            yield Figure(f"{metric}.pop", when.label, "", change, "ratio", how)


def natural_slowdown(natural: Values, as_of: date) -> Iterator[Figure]:
    """Yield the year's growth of natural impressions in the second half less that in the first half.

    Args:
        natural: Natural impressions by month.
        as_of: Last day of the data; of a running second half the whole months are compared with the same ones.
    """
    for number in sorted({when.start.year for when in natural}):
        changes: list[float] = []
        why = Kind.NO_BASE
        running = Basis()
        for half in (1, 7):
            months = [month(number, at) for at in range(half, half + 6)]
            whole = [when for when in months if when.end <= as_of]
            before = [when.year_before for when in whole]
            if (
                not whole
                or (half == 1 and len(whole) < len(months))
                or any(when not in natural for when in whole)
            ):
                why = Kind.INCOMPLETE
            elif all(when in natural for when in before):
                now, then = (sum(natural[when][0] for when in chosen) for chosen in (whole, before))
                changes.append(float(relative_change(now, then)))
                if len(whole) < len(months):
                    running = Basis.of(Kind.SECOND_HALF, len(whole), len(months))
        both = len(changes) == len((1, 7))
        value = changes[1] - changes[0] if both else math.nan
        basis = Basis.of(Kind.GROWTH_POINTS) + running if both else Basis.of(why)
        yield Figure("natural_growth_slowdown", str(number), "", value, "ratio", basis)
