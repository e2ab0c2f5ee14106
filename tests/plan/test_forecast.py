"""The forecast ladder: its recursion against R, its accuracy against last year's months on real series."""

import csv
import gzip
import math
import os
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsbook.functions.seasons import classical_season_factors
from opsbook.plan.forecast import ForecastState, ahead, forecast, run
from opsbook.review.basis_text import plain

SHARED = os.environ.get("OPSBOOK_SHARED")
needs_series = pytest.mark.skipif(not SHARED, reason="OPSBOOK_SHARED names no folder of reference data")


@given(st.lists(st.floats(0, 1e9), max_size=60), st.integers(0, 27))
def test_it_never_fails_and_never_falls_below_zero(history, months):
    found = forecast(history, months)
    assert len(found.values) == (months if len(history) >= 4 else 0)
    for value, low, high in zip(found.values, found.low, found.high, strict=True):
        assert math.isfinite(value)
        assert 0 <= low <= value <= high


@pytest.mark.parametrize("count", range(61))
def test_every_length_of_a_growing_season_has_its_rung(count):
    history = [(100 + month) * (1.5 if month % 12 == 8 else 1.0) for month in range(count)]
    basis = plain(forecast(history, 3).basis)
    if count < 4:
        assert basis == "too few"
    elif count < 12:
        assert basis == "level of last months"
    elif count < 24:
        assert basis == "last year at this level"
    else:
        assert basis == "damped Holt-Winters"


def test_the_lower_rungs_on_paper():
    assert forecast([5, 10, 20, 30], 2).values == (20, 20)
    # Fifteen months: the last three came to 330 beside 300 a year before, so last year's April is lifted by a tenth.
    history = [100, 100, 100, 200, *[50] * 8, 110, 110, 110]
    assert forecast(history, 2).values == pytest.approx((220, 55))


def test_a_month_without_business_takes_the_rung_that_bears_zeros():
    history = [0.0] * 3 + [10.0] * 33
    assert plain(forecast(history, 12).basis) == "last year at this level"


def test_a_series_that_repeats_itself_goes_on_so():
    year = [80, 60, 110, 100, 105, 95, 100, 100, 120, 110, 115, 105]
    assert forecast(year * 3, 12).values == pytest.approx(year, rel=1e-6)


@needs_series
def test_the_recursion_is_that_of_r():
    # R: HoltWinters(AirPassengers, seasonal = "multiplicative"), whose parameters R prints to seven digits; it starts
    # after the first year, from a straight line through the trend of the first two years and their season factors.
    values = _column("airpassengers.csv")
    wanted = _column("R_airpassengers_hw_mult_fc12.csv")
    weights = np.concatenate([[0.5], np.ones(11), [0.5]]) / 12
    trend = np.convolve(values[:24], weights, mode="valid")
    slope, level = np.polyfit(np.arange(1, len(trend) + 1), trend, 1)
    one = np.ones(1)
    begin = ForecastState(level * one, slope * one, np.outer(classical_season_factors(values[:24]), one))
    end, _ = run(values[12:], begin, 0.2755925 * one, 0.03269295 * one, 0.8707292 * one, one)
    assert ahead(end, 12, one)[:, 0] == pytest.approx(wanted, rel=1e-7)


def _column(name):
    with (Path(SHARED) / "data/series" / name).open(encoding="utf-8") as file:
        return np.array([float(row["value"]) for row in csv.DictReader(file)])


@needs_series
@pytest.mark.parametrize("length", [24, 36, 48, 60])
def test_it_beats_last_years_months_on_retail_sales(length):
    """Mean absolute error of the year ahead, by its size, over 60 branches of trade and several years each."""
    mine, naive, inside = [], [], []
    for series in _retail().values():
        for end in range(length, len(series) - 12, 71):
            history, truth = series[end - length : end], series[end : end + 12]
            found = forecast(history, 12)
            mine.append(np.abs(np.array(found.values) - truth).sum() / truth.sum())
            naive.append(np.abs(history[-12:] - truth).sum() / truth.sum())
            inside += [
                low <= value <= high for low, value, high in zip(found.low, truth, found.high, strict=True)
            ]
    assert len(mine) >= 200
    assert np.mean(mine) < 0.9 * np.mean(naive)
    assert np.median(mine) < 0.9 * np.median(naive)
    assert 0.8 < np.mean(inside) < 1.0  # asked for 0.95, over years that hold two crises


def _retail():
    found = defaultdict(dict)
    with gzip.open(Path(SHARED) / "data/series/us_retail_sales.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["sales"].replace(".", "").isdigit():
                found[row["naics_code"], row["kind_of_business"]][row["sales_month"]] = float(row["sales"])
    return {key: np.array([of[month] for month in sorted(of)]) for key, of in found.items() if len(of) >= 300}
