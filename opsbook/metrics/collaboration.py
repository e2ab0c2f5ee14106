"""How long other departments take: days from raising a matter to its solution."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date

import pandas as pd

from opsbook.domain.basis import Basis, Kind
from opsbook.domain.sample import Share
from opsbook.metrics.figures import Figure
from opsbook.metrics.measure import dimension
from opsbook.params import Settings

QUANTILES = (50, 90)


def cycles(log: pd.DataFrame, as_of: date, settings: Settings) -> Iterator[Figure]:
    """Yield the median and the 90th percentile of the days by department and over all, by year of raising.

    Args:
        log: Rows of ``collaboration_log``: ``department``, ``_start`` (raised), ``resolved_on``.
        as_of: The review's day; what is open then, or solved later, counts as open until it.
        settings: ``least_sample`` is what a 90th percentile needs; by the limits of response the quantiles are judged.
    """
    until = pd.Timestamp(as_of)
    rows = log[log["_start"] <= until]
    open_ = rows["resolved_on"].isna() | (rows["resolved_on"] > until)
    rows = rows.assign(open=open_, days=(rows["resolved_on"].where(~open_, until) - rows["_start"]).dt.days)
    rows = rows[rows["days"] >= 0]  # solved before it was raised: a slip of the pen
    for number, of_year in rows.groupby(rows["_start"].dt.year):
        yield from _quantiles(of_year, str(number), {}, settings)
        for department, group in of_year.groupby(of_year["department"].fillna("")):
            if department:
                yield from _quantiles(group, str(number), {"department": str(department)}, settings)


def _quantiles(rows: pd.DataFrame, label: str, pairs: dict[str, str], settings: Settings) -> Iterator[Figure]:
    limits = {50: settings.response_days, 90: settings.response_days_slow}
    basis = Basis.of(Kind.ITEMS, len(rows)).plus(Kind.OPEN, int(rows["open"].sum()))
    for quantile in QUANTILES:
        enough = quantile == QUANTILES[0] or len(rows) >= settings.least_sample
        value = float(rows["days"].quantile(quantile / 100)) if enough else math.nan
        told = basis if enough else Basis.of(Kind.TOO_FEW) + basis
        # A quantile lies beyond a limit where more of the items do than the quantile leaves above itself.
        beyond = Share(float((rows["days"] > limits[quantile]).sum()), len(rows))
        yield Figure(
            "collab_cycle_days",
            label,
            dimension(**pairs, quantile=quantile),
            value,
            "days",
            told,
            sample=beyond,
        )
