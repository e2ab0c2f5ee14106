"""The weekly board: traffic, conversion, product, customer; this week, last week, the same week last year, a trend."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from opsbook.domain.basis import Basis, Kind
from opsbook.domain.language import Text
from opsbook.domain.sample import Change, Count, Exact, Mean, Sample, Share, Total
from opsbook.domain.verdict import Verdict
from opsbook.functions.growth import change, point_change
from opsbook.functions.ratios import ratio
from opsbook.metrics.catalogue import metrics
from opsbook.metrics.judge import CARRIED, Judge, is_exact
from opsbook.metrics.monthly import Values
from opsbook.params import Settings
from opsbook.periods import Grain, Period, week

if TYPE_CHECKING:
    import pandas as pd


WEEKS = 12
MODULES: Mapping[str, tuple[str, ...]] = {
    "traffic": ("visitors", "total_impressions", "search_impressions", "natural_impressions", "ad_cost"),
    "conversion": ("inquiries", "tm_buyers", "lead_buyers", "lead_rate", "ta_orders", "ta_amount"),
    "product": ("products_with_leads", "new_products"),
    "customer": ("paying_buyers", "new_buyers", "aov"),
}
# Figures that only the board has: title, unit, which direction is better.
OWN = {
    "products_with_leads": (Text("有商机的产品数", "Products with leads"), "count", "higher"),
    "paying_buyers": (Text("付款买家数", "Paying buyers"), "persons", "higher"),
    "new_buyers": (Text("首次付款买家数", "First-time buyers"), "persons", "higher"),
}
_EVENTS = frozenset({"persons", "count"})  # units of what chance moves, unless it is exact
_SQUARES, _SUM, _NUMBER = "squares", "order rows", "orders"  # of the amounts of a week's paid orders
ALERT, TOO_FEW, UNJUDGED = "alert", "too few", "not judged"


@dataclass(frozen=True)
class BoardRow:
    """One line of the board.

    Attributes:
        module: ``traffic``, ``conversion``, ``product``, ``customer``.
        metric: Id.
        title: For people.
        unit: Of the values.
        this: This week, NaN where unknown.
        last: The week before.
        year_ago: The week 52 weeks before.
        change: This week against the week before: of a ratio in points, else relative.
        yearly: This week against the one a year ago, likewise.
        series: The last 12 weeks, oldest first.
        alert: ``alert``: worse by the setting, and proven; ``too few``: as much worse, but it may be chance;
            ``not judged``: as much worse, and nothing to judge it by.
    """

    module: str
    metric: str
    title: Text
    unit: str
    this: float
    last: float
    year_ago: float
    change: float
    yearly: float
    series: tuple[float, ...]
    alert: str


@dataclass(frozen=True)
class WeeklyBoard:
    """The board of one week, Sunday to Saturday."""

    week: Period
    rows: tuple[BoardRow, ...]


def board(values: Mapping[str, Values], as_of: date, settings: Settings) -> WeeklyBoard | None:
    """Return the board of the last whole week, or None where no figure is known for its twelve weeks.

    Args:
        values: By week, for every id of `MODULES`; `store_weeks`, `order_weeks` and so on make them.
        as_of: Last day of the data.
        settings: ``weekly_alert`` and ``confidence``.
    """
    this = week(as_of)
    if this.end > as_of:
        this = this.previous
    span = [week(this.start - timedelta(days=7 * back)) for back in reversed(range(WEEKS))]
    rows = [
        _row(module, metric, values, span, settings)
        for module, listed in MODULES.items()
        for metric in listed
    ]
    known = any(not math.isnan(value) for row in rows for value in row.series)
    return WeeklyBoard(this, tuple(rows)) if known else None


def _row(
    module: str, metric: str, values_of: Mapping[str, Values], span: list[Period], settings: Settings
) -> BoardRow:
    values = values_of.get(metric, {})
    if metric in OWN:
        title, unit, better = OWN[metric]
    else:
        record = metrics()[metric]
        title, unit, better = record.title, record.unit, record.better
    series = tuple(values.get(when, (math.nan, Basis()))[0] for when in span)
    this, last = series[-1], series[-2]
    year_ago = values.get(span[-1].year_before, (math.nan, Basis()))[0]
    grown = point_change if unit == "ratio" else change
    return BoardRow(
        module=module,
        metric=metric,
        title=title,
        unit=unit,
        this=this,
        last=last,
        year_ago=year_ago,
        change=float(grown(this, last)),
        yearly=float(grown(this, year_ago)),
        series=series,
        alert=_alert(
            float(change(this, last)), better, settings, _moved(metric, unit, values_of, span, settings)
        ),
    )


def _alert(moved: float, better: str, settings: Settings, said: Verdict) -> str:
    """Return the alert of a move, told as a share of the last week also for a rate."""
    worse = -moved if better == "higher" else moved if better == "lower" else math.nan
    if math.isnan(worse) or worse < settings.weekly_alert:
        return ""
    return ALERT if said.proven else TOO_FEW if said is Verdict.TOO_FEW else UNJUDGED


def _moved(
    metric: str, unit: str, values: Mapping[str, Values], span: list[Period], settings: Settings
) -> Verdict:
    """Return whether it is proven that a figure moved from last week to this."""
    last, this = (
        _sample(metric, unit, {name: known[when][0] for name, known in values.items() if when in known})
        for when in span[-2:]
    )
    if last is None or this is None:
        return Verdict.UNJUDGED
    return Judge.of(settings).verdict(Change(this, last))


def _sample(metric: str, unit: str, week: Mapping[str, float]) -> Sample | None:
    """Return what a figure of a week rests on; None where the figures are not known that tell it."""
    if unit == "ratio" and metric in metrics() and (formula := metrics()[metric].formula):
        sides = [week[each] for each in formula.terms if isinstance(each, str) and each in week]
        return Share(*sides) if len(sides) == len(formula.terms) else None
    if metric not in week:
        return None
    value = week[metric]
    if metric in ("ta_amount", "aov"):
        return _money(metric, value, week)
    if is_exact(metric) or unit not in _EVENTS:
        return Exact(value)
    return Count(value)


def _money(metric: str, value: float, week: Mapping[str, float]) -> Sample | None:
    if _SQUARES not in week:
        return None
    known, number = week[_SUM], round(week[_NUMBER])
    if metric == "aov":
        if math.isnan(value) or number < 2:
            return Mean(value, math.inf, number) if number else None
        return Mean(value, max(week[_SQUARES] - number * value**2, 0.0) / (number - 1) / number, number)
    carried = min(known, value) >= CARRIED * max(
        known, value
    )  # the rows of orders are what the amount consists of
    return Total(value, week[_SQUARES], number) if carried else None


def order_weeks(orders: pd.DataFrame, spans: Iterable[tuple[date, date]]) -> dict[str, Values]:
    """Return paid orders, amount, order value, paying and first-time buyers by week, of weeks that the lists cover."""
    paid = orders[(orders["state"] == "paid") & orders["day"].notna()]
    first = paid.groupby("buyer")["day"].transform("min") == paid["day"]
    start = paid["day"].dt.to_period("W-SAT")
    frames = {
        "ta_orders": paid.groupby(start).size(),
        "ta_amount": paid.groupby(start)["amount"].sum(),
        _SQUARES: (paid["amount"] ** 2).groupby(start).sum(),
        _SUM: paid.groupby(start)["amount"].sum(),
        _NUMBER: paid.groupby(start)["amount"].count(),
        "paying_buyers": paid.groupby(start)["buyer"].nunique(),
        "new_buyers": paid[first].groupby(start[first])["buyer"].nunique(),
    }
    sums = {
        name: {when.start_time.date(): float(value) for when, value in found.items()}
        for name, found in frames.items()
    }
    covered = sorted({when for first_day, last_day in spans for when in _whole_weeks(first_day, last_day)})
    found: dict[str, Values] = {
        name: {when: (by.get(when.start, 0.0), Basis.of(Kind.SUM_OF_ORDERS)) for when in covered}
        for name, by in sums.items()
    }
    found["aov"] = {
        when: (
            float(ratio(found["ta_amount"][when][0], found["ta_orders"][when][0])),
            Basis.of(Kind.RATIO_OF_SUMS),
        )
        for when in covered
    }
    return found


def _whole_weeks(first: date, last: date) -> Iterable[Period]:
    when = week(first)
    while when.end <= last:
        if when.start >= first:
            yield when
        when = week(when.end + timedelta(days=1))


def product_weeks(performance: pd.DataFrame, listed: pd.DataFrame) -> dict[str, Values]:
    """Return products with leads, and new products, of the weeks that have a product file.

    Args:
        performance: Rows of ``product_performance``: ``inquiries``, ``tm_buyers``.
        listed: `products.listings`.
    """
    weekly = performance[performance["_grain"] == Grain.WEEK]
    leads = weekly["inquiries"].fillna(0) + weekly["tm_buyers"].fillna(0) > 0
    found: dict[str, Values] = {"products_with_leads": {}, "new_products": {}}
    new = listed.loc[listed["new"], "listed"]
    for (start, end), rows in weekly.assign(leads=leads).groupby(["_start", "_end"]):
        when = Period(start.date(), end.date(), Grain.WEEK)
        with_leads = rows.loc[rows["leads"], "product_id"].nunique()
        found["products_with_leads"][when] = (float(with_leads), Basis.of(Kind.GIVEN))
        found["new_products"][when] = (float(((new >= start) & (new <= end)).sum()), Basis.of(Kind.GIVEN))
    return found
