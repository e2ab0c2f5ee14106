"""Against other programs: Excel's cached values, R's figures. The folder is named by OPSBOOK_SHARED."""

from __future__ import annotations

import csv
import json
import os
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from opsbook.functions import ExcelError, call
from opsbook.functions.customers import rfm_scores
from opsbook.functions.growth import compound_growth
from opsbook.functions.seasons import classical_season_factors
from opsbook.functions.series import moving_average

if not os.environ.get("OPSBOOK_SHARED"):
    pytest.skip("OPSBOOK_SHARED names no folder of reference data", allow_module_level=True)
DATA = Path(os.environ["OPSBOOK_SHARED"]) / "data"


def values(name):
    with (DATA / "series" / name).open(encoding="utf-8") as file:
        return np.array([float(row["value"].replace("NA", "nan")) for row in csv.DictReader(file)])


def vectors(group, name):
    found = json.loads((DATA / "formulas/phpspreadsheet/vectors.json").read_text(encoding="utf-8"))[group][
        name
    ]
    return list(found.values()) if isinstance(found, dict) else found


def test_cagr_is_rri_of_phpspreadsheet():
    cases = [case for case in vectors("Financial", "RRI") if isinstance(case[0], float | int)]
    assert len(cases) >= 3
    for expected, (periods, first, last) in cases:
        assert float(compound_growth(first, last, periods)) == pytest.approx(expected, rel=1e-9)


def test_cagr_is_rri_of_excel():
    from openpyxl import load_workbook

    sheet = load_workbook(DATA / "formulas/ironcalc/FINANCIAL/RRI.xlsx", data_only=True)["Sheet1"]
    compared = 0
    for periods, first, last, expected in sheet.iter_rows(min_row=2, max_col=4, values_only=True):
        if not isinstance(expected, int | float) or not all(
            isinstance(each, int | float) for each in (periods, first, last)
        ):
            continue
        if first < 0 or last < 0:
            continue  # growth between negative values is undefined here, Excel divides them
        assert call("CAGR", first, last, periods) == pytest.approx(expected, rel=1e-9)
        compared += 1
    assert compared >= 3


def test_percentile_is_percentrank_of_excel():
    # the vectors round where Excel cuts off (their fault, known): compared within one unit of the last digit
    compared = 0
    for case in vectors("Statistical", "PERCENTRANK"):
        expected, peers, value, *digits = case
        if isinstance(expected, str) or digits or any(isinstance(each, str) for each in peers):
            continue
        found = call("PCTL_VS_PEERS", value, [[each] for each in peers])
        assert expected - 0.0010001 <= found <= expected
        compared += 1
    assert compared >= 5


def test_percentile_cached_by_excel():
    from openpyxl import load_workbook

    # Excel's own answer for PERCENTRANK.INC(A1:A10, 7) in this workbook is 0.666: cut off, not rounded
    sheet = load_workbook(DATA / "formulas/ironcalc/STATISTICAL/PERCENTIL_QUARTIL.xlsx", data_only=True)[
        "Sheet1"
    ]
    peers = [[row[0]] for row in sheet.iter_rows(min_row=1, max_row=10, max_col=1, values_only=True)]
    assert call("PCTL_VS_PEERS", 7, peers) == sheet["I2"].value == 0.666


@pytest.mark.parametrize(
    ("series", "reference", "period", "kind"),
    [
        ("airpassengers", "R_airpassengers_mult_figure", 12, "multiplicative"),
        ("airpassengers", "R_airpassengers_add_figure", 12, "additive"),
        ("co2", "R_co2_add_figure", 12, "additive"),
        ("johnsonjohnson", "R_jj_mult_figure", 4, "multiplicative"),
        ("ukgas", "R_ukgas_mult_figure", 4, "multiplicative"),
    ],
)
def test_season_factors_are_those_of_r(series, reference, period, kind):
    found = classical_season_factors(values(f"{series}.csv"), period, kind)
    np.testing.assert_allclose(found, values(f"{reference}.csv")[:period], rtol=1e-9, atol=1e-9)


def test_moving_average_gives_the_trend_of_r():
    # R's trend is the mean of two neighbouring 12-month averages, centred
    twelve = moving_average(values("airpassengers.csv"), 12)
    trend = values("R_airpassengers_mult_trend.csv")
    centred = (twelve[11:-1] + twelve[12:]) / 2
    np.testing.assert_allclose(centred, trend[6:-6], rtol=1e-12)


def test_rfm_scores_are_those_of_the_r_package():
    customers = {}
    with (DATA / "orders/rfm_r/rfm_data_orders.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            orders = customers.setdefault(row["customer_id"], [])
            orders.append((date.fromisoformat(row["order_date"]), float(row["revenue"])))
    names = list(customers)
    last = date(2006, 12, 31)
    recency = [(last - max(day for day, _ in customers[name])).days for name in names]
    amounts = [sum(amount for _, amount in customers[name]) for name in names]
    scores = rfm_scores(recency, [len(customers[name]) for name in names], amounts)
    found = dict(zip(names, scores[:, 3], strict=True))
    # printed in the package's README (rfm_table_order of the same data on 2006-12-31)
    printed = {
        "Abbey O'Reilly": 343, "Add Senger": 412, "Aden Lesch": 323, "Admiral Senger": 433, "Agness O'Keefe": 555,
        "Aileen Barton": 555, "Ailene Hermann": 355, "Aiyanna Bruen": 321, "Ala Schmidt": 212, "Alannah Borer": 121,
    }  # fmt: skip
    assert len(found) == 995
    assert {name: found[name] for name in printed} == printed


def test_negative_values_have_no_compound_growth():
    assert call("CAGR", -100, 200, 3) is ExcelError.NA
