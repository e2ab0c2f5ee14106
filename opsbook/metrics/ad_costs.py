"""Advertising: what it brought. Money is CNY, orders are USD."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

import pandas as pd

from opsbook.domain.basis import Basis, Kind
from opsbook.functions.ratios import ratio
from opsbook.metrics.figures import Figure
from opsbook.metrics.measure import Growth, Measure, Months, rate
from opsbook.metrics.monthly import Values


def attributed(
    leads: Values,
    orders: Mapping[str, Values],
    given: Values,
) -> Values:
    """Return the USD that ads brought by month: the team's own figure, else order leads x order value of the month.

    Args:
        leads: ``site_leads_order`` of the ad report by month.
        orders: Totals of orders by month: ``amount`` and ``priced``.
        given: The team's own figure by month.
    """
    estimated = Basis.of(Kind.ESTIMATED)
    found: Values = {when: (value, Basis.of(Kind.GIVEN)) for when, (value, _) in given.items()}
    for when, (count, _) in leads.items():
        if when in found:
            continue
        sold, number = orders["amount"].get(when), orders["priced"].get(when)
        if count == 0:
            found[when] = (0.0, estimated)
        elif sold and number and number[0] > 0:
            found[when] = (count * float(ratio(sold[0], number[0])), estimated)
    return found


def returns(
    cost: Values, revenue: Values, rates: Mapping[date, float], margin: float | None
) -> Iterator[Measure | Figure]:
    """Yield ad_roas and ad_roi; where the spend is known and they are not, a figure a year that tells why.

    Args:
        cost: Spend by month, CNY.
        revenue: `attributed`, USD.
        rates: CNY per USD by the day from which it holds.
        margin: Gross margin as a fraction, or None.
    """
    money: dict[object, tuple[float, Basis]] = {}
    sold: Values = {}
    for when, (value, how) in revenue.items():
        day = max((start for start in rates if start <= when.end), default=None)
        if day is not None and when in cost:
            sold[when] = (value * rates[day], how)
            money[when] = (rates[day], how)

    def told(months: Months) -> Basis:
        estimated = any(sold[when][1].has(Kind.ESTIMATED) for when in months)
        label = Basis.of(Kind.ESTIMATED if estimated else Kind.GIVEN)
        lowest, highest = min(money[when][0] for when in months), max(money[when][0] for when in months)
        same = lowest == highest
        return label.plus(Kind.FX_RATE, lowest) if same else label.plus(Kind.FX_RATES, lowest, highest)

    def roi(months: Months) -> float:
        spent = sum(cost[when][0] for when in months)
        earned = sum(sold[when][0] for when in months) * (margin or 0.0)
        return float(ratio(earned - spent, spent))

    both = rate("ad_roas", "ratio", sold, cost, share=False)
    yield replace(both, label=told)
    if margin is not None:
        yield Measure("ad_roi", "ratio", both.months, roi, Growth.POINTS, Kind.RATIO_OF_SUMS, label=told)
    for number in sorted({when.start.year for when in cost}):
        if not any(when.start.year == number for when in sold):
            known = any(when.start.year == number for when in revenue)
            why = Basis.of(Kind.NO_RATE if known else Kind.NO_REVENUE)
            yield Figure("ad_roas", str(number), "", math.nan, "ratio", why)
            yield Figure("ad_roi", str(number), "", math.nan, "ratio", why)
        elif margin is None:
            yield Figure("ad_roi", str(number), "", math.nan, "ratio", Basis.of(Kind.NO_MARGIN))


def rates(rows: pd.DataFrame) -> dict[date, float]:
    """Return CNY per USD by the day from which it holds, from rows of ``fx_rates``."""
    known = rows[rows["cny_per_usd"] > 0].sort_values("_start", kind="stable")
    return {
        day.date(): float(value) for day, value in zip(known["_start"], known["cny_per_usd"], strict=True)
    }
