"""Inquiries one by one: how many are of low quality, and which markets order after they asked."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from opsbook.domain.basis import Basis, Kind
from opsbook.domain.sample import Share
from opsbook.functions.ratios import ratio
from opsbook.metrics.figures import Figure
from opsbook.metrics.judge import Judge
from opsbook.metrics.measure import Measure, Months, dimension, figures, rate
from opsbook.metrics.monthly import Values, counted, reached
from opsbook.params import Settings
from opsbook.params.export_words import low_levels, market, marks, plain
from opsbook.periods import Grain, Period, containing

if TYPE_CHECKING:
    import pandas as pd


VERDICTS = {-1.0: Kind.BELOW_MEAN, 0.0: Kind.TOO_FEW, 1.0: Kind.ABOVE_MEAN}


def low_quality(inquiries: pd.DataFrame, spans: Iterable[tuple[date, date]]) -> Iterator[Measure]:
    """Yield the share of inquiries whose buyer is below L1, or which the team marked as low.

    Args:
        inquiries: Rows of ``inquiry_list``: ``buyer_level``, ``quality_mark``, ``_start``.
        spans: First and last day of each list taken in.

    An inquiry without level and without mark says nothing and is left out; the basis tells how many.
    """
    if inquiries.empty:
        return
    level = inquiries["buyer_level"].fillna("").map(plain)
    mark = inquiries["quality_mark"].fillna("").map(plain)
    low = level.isin(low_levels()) | mark.isin(marks("inquiry_quality", "low"))
    known = ~level.isin(marks("buyer_level", "unknown")) | (mark != "")
    if not known.any():
        return
    months = reached(spans)
    every = counted(inquiries["_start"], months)
    judged = counted(inquiries.loc[known, "_start"], months)

    def told(chosen: Months) -> Basis:
        left_out = sum(every[when][0] - judged[when][0] for when in chosen)
        return Basis.of(Kind.WITHOUT_LEVEL, left_out) if left_out else Basis()

    share = rate(
        "low_quality_inquiry_share", "ratio", counted(inquiries.loc[low & known, "_start"], months), judged
    )
    yield replace(share, label=told)


def by_market(
    inquiries: pd.DataFrame,
    spans: Iterable[tuple[date, date]],
    orders: pd.DataFrame,
    months: Iterable[Period],
) -> dict[str, tuple[Values, Values]]:
    """Return paid orders and inquiries by market and month, of the months that both lists know.

    Args:
        inquiries: Rows of ``inquiry_list``: ``country``, ``_start``.
        spans: First and last day of each list taken in.
        orders: `orders.orders_of`.
        months: Months that the order lists know.
    """
    known = set(months)
    both = [when for when in reached(spans) if when in known]
    paid = orders[(orders["state"] == "paid") & orders["country"].notna()]
    asked = inquiries[inquiries["country"].notna()]
    if paid.empty or asked.empty or not both:
        return {}
    market_of = {country: market(country) for country in {*paid["country"], *asked["country"]}}
    bought_in, asked_in = paid["country"].map(market_of), asked["country"].map(market_of)
    return {
        name: (
            counted(paid.loc[bought_in == name, "day"], both),
            counted(asked.loc[asked_in == name, "_start"], both),
        )
        for name in sorted({*bought_in, *asked_in})
    }


def market_rates(
    markets: Mapping[str, tuple[Values, Values]], as_of: date, settings: Settings
) -> Iterator[Figure]:
    """Yield orders over inquiries by market with growth, bounds and verdict, by quarter and year.

    ``.low`` and ``.high`` are Wilson's bounds; ``.verdict`` is -1 (below mean), 1 (above) only where they leave out
    the pooled rate of all markets, else 0 (too few).
    """
    made = {name: _measure(name, bought, asked) for name, (bought, asked) in markets.items()}
    for name, measure in made.items():
        for figure in figures(measure, as_of, ("quarter", "year")):
            yield figure
            if figure.metric == "market_order_rate":
                yield from _bounds(figure, markets, name, settings)


def _measure(name: str, bought: Values, asked: Values) -> Measure:
    def told(months: Months) -> Basis:
        sums = (sum(side[when][0] for when in months) for side in (bought, asked))
        return Basis.of(Kind.ORDERS_OF_INQUIRIES, *sums)

    return replace(
        rate("market_order_rate", "ratio", bought, asked), dimension=dimension(market=name), label=told
    )


def _bounds(
    figure: Figure, markets: Mapping[str, tuple[Values, Values]], name: str, settings: Settings
) -> Iterator[Figure]:
    def sums(market_name: str) -> tuple[float, float]:
        bought, asked = markets[market_name]
        inside = [when for when in asked if _inside(when, figure.period)]
        return sum(bought[when][0] for when in inside), sum(asked[when][0] for when in inside)

    orders, asked = sums(name)
    low = high = verdict = math.nan
    basis = Basis.of(Kind.MORE_ORDERS if orders > asked else Kind.ZERO_BASE)
    judge, sample = Judge.of(settings), Share(orders, asked)
    if bounds := judge.interval(sample):
        low, high = bounds
        pooled_orders, pooled_asked = np.sum([sums(each) for each in markets], axis=0)
        pooled = float(ratio(pooled_orders, pooled_asked))
        verdict = judge.verdict(sample, pooled).number
        basis = Basis.of(Kind.WILSON).plus(Kind.INQUIRIES, asked)
    told = basis
    if not math.isnan(verdict):
        told = Basis.of(VERDICTS[verdict]).plus(Kind.ALL_MARKETS_RATE, pooled * 100)
    for suffix, value, unit, how in (
        ("low", low, "ratio", basis),
        ("high", high, "ratio", basis),
        ("verdict", verdict, "verdict", told),
    ):
        yield Figure(f"market_order_rate.{suffix}", figure.period, figure.dimension, value, unit, how)


def _inside(when: Period, label: str) -> bool:
    return label in (containing(when.start, grain).label for grain in (Grain.QUARTER, Grain.YEAR))
