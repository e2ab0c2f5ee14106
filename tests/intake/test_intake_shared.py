"""Real and odd files kept outside the repository: run with OPSBOOK_SHARED naming their folder."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from opsbook.intake import read
from opsbook.intake.export_files import find
from opsbook.intake.header_map import HeaderMap, from_rows

SHARED = os.environ.get("OPSBOOK_SHARED", "")
pytestmark = pytest.mark.skipif(not SHARED, reason="OPSBOOK_SHARED does not name the folder of shared data")
DATA = Path(SHARED, "data")
GERMAN = {
    "Bestellnr": "order_id",
    "Datum": "date",
    "KdNr": "buyer_id",
    "Kunde": "buyer_name",
    "Land": "country",
    "Artikel": "product_name",
    "Preis": "unit_price",
    "Menge": "quantity",
    "Rabatt": "discount",
    "Betrag": "amount",
}


def test_fourteen_spellings_of_one_table_are_one_table():
    folder = DATA / "orders" / "northwind_dirty"
    expected = {
        entry["file"]: entry for entry in json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))
    }
    maps, issues = from_rows([("12_*", header, "", field) for header, field in GERMAN.items()])
    assert issues == []
    monthly = []
    for reading in read(find([folder])[0], maps):
        if reading.source.name == "MANIFEST.json":  # of the collection itself: it holds no rows
            assert reading.tables == []
            continue
        (table,) = reading.tables
        # In one file the prices show a yuan sign and the amounts show none: a warning, the amounts are as published.
        fine = {"table.ignored", "column.price_currency"}
        assert [issue for issue in reading.issues if issue.code not in fine] == []
        assert table.kind == "order_ledger"
        assert str(table.start.min()) >= "1996-07-04"
        assert str(table.end.max()) <= "1998-05-06"
        assert not np.isnan(table.columns["amount"]).any()
        if "!" in reading.source.name:
            columns = (table.columns[name].tolist() for name in ("order_id", "product_name", "amount"))
            monthly += zip(*columns, strict=True)
            continue
        entry = expected[reading.source.name]
        amount = entry["sum_amount"] + entry.get("closed_sum", 0) - entry.get("refund_sum", 0)
        assert len(table) == entry["rows"]
        assert table.columns["amount"].sum() == pytest.approx(amount, abs=1e-4)
    assert len(monthly) == 2584
    assert len(set(monthly)) == 2155
    assert sum(amount for _, _, amount in set(monthly)) == pytest.approx(1265793.0395, abs=1e-4)


def test_half_a_million_lines_of_parquet():
    (reading,) = read(find([DATA / "orders" / "online_retail" / "online_retail.parquet"])[0], HeaderMap())
    (table,) = reading.tables
    assert reading.issues == []
    assert (table.kind, len(table)) == ("order_ledger", 541_909)
    assert (table.columns["quantity"] * table.columns["unit_price"]).sum() == pytest.approx(
        9747747.934, abs=1e-3
    )


def test_no_odd_file_stops_the_reading_and_each_has_one_clear_issue():
    sources, _ = find([DATA / "spreadsheets", DATA / "formulas"])
    stopped = {
        reading.source.name: [issue.code for issue in reading.issues if issue.stops]
        for reading in read(sources, HeaderMap())
    }
    assert len(stopped) == len(sources) > 400
    assert {name: codes for name, codes in stopped.items() if len(codes) != 1} == {}
    (loop,) = [name for name in stopped if "oleloop" in name]
    assert stopped[loop] == ["file.too_large"]
    assert {code for name, codes in stopped.items() if "pass" in name for code in codes} == {"file.encrypted"}
