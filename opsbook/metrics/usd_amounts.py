"""Amounts of any currency in US dollars, at the rate that holds on their day; unknown where no rate is known."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from opsbook.params.currency import currency_code

USD = "USD"
PER_USD = "_per_usd"
"""Ending of the columns of ``fx_rates``, after the currency's code in lower case."""


@dataclass(frozen=True)
class Rates:
    """Units of each currency for one US dollar.

    Attributes:
        dated: By currency, the rate by the day from which it holds.
        always: By currency, the rate of days for which no dated one holds, as the settings give it.
    """

    dated: Mapping[str, Mapping[date, float]] = field(default_factory=dict)
    always: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def _sorted(self) -> dict[str, tuple[list[date], list[float]]]:
        return {
            code: (sorted(rates), [rates[day] for day in sorted(rates)])
            for code, rates in self.dated.items()
            if rates
        }

    def per_usd(self, code: str, day: date) -> float:
        """Return how much of a currency one dollar is on a day; NaN where that is not known."""
        if code == USD:
            return 1.0
        days, values = self._sorted.get(code, ([], []))
        place = bisect_right(days, day)
        if place:
            return values[place - 1]
        return self.always.get(code, np.nan) if not days else np.nan


def per_dollar(currency: pd.Series[str], days: pd.Series[pd.Timestamp], rates: Rates) -> pd.Series[float]:
    """Return for each row how much of its currency one dollar is on its day; NaN where that is not known.

    Args:
        currency: ISO codes or words; a missing one is USD, the platform's own currency.
        days: Day of each row.
        rates: What is known.
    """
    words = currency.fillna(USD)
    found = pd.Series(np.nan, index=currency.index)
    for word in words.unique():
        code = currency_code(word)
        rows = words == word
        if code == USD:
            found[rows] = 1.0
        elif code is not None:
            dates = days[rows].dt.normalize()
            known = {when: rates.per_usd(code, when.date()) for when in dates.dropna().unique()}
            found[rows] = dates.map(known)
    return found


def rates_of(rows: pd.DataFrame, cny_per_usd: float | None) -> Rates:
    """Return the rates that are known.

    Args:
        rows: Rows of ``fx_rates``; a rate holds from its day until the next one.
        cny_per_usd: Rate of the settings, for yuan where the team keeps no dated rates.
    """
    dated = {}
    for column in rows.columns:
        if column.endswith(PER_USD):
            known = rows[rows[column] > 0].sort_values("_start", kind="stable")
            dated[column.removesuffix(PER_USD).upper()] = {
                day.date(): float(value) for day, value in zip(known["_start"], known[column], strict=True)
            }
    return Rates(dated, {"CNY": cny_per_usd} if cny_per_usd else {})
