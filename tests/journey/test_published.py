"""Real data that nobody here wrote: the fourteen spellings of Northwind, and Online Retail."""

import json
import os
import shutil
from pathlib import Path

import pytest
from sweeps import long

SHARED = os.environ.get("OPSBOOK_SHARED")
pytestmark = pytest.mark.skipif(not SHARED, reason="needs the folder of real data named in OPSBOOK_SHARED")
DIRTY = Path(SHARED or "") / "data/orders/northwind_dirty"
# 1996, 1997, 1998: the totals that Northwind's publishers and every tutorial give.
YEARS = {"1996": 208_083.97, "1997": 617_085.20, "1998": 440_623.87}
GERMAN = """[[map]]
files = "12_*.csv"
kind = "order_ledger"
headers = { Bestellnr = "order_id", Datum = "date", KdNr = "buyer_id", Kunde = "buyer_name", Land = "country", Artikel = "product_name", Preis = "unit_price", Menge = "quantity", Rabatt = "discount", Betrag = "amount" }
"""


def spellings():
    if not SHARED:
        return []
    return [entry["file"] for entry in json.loads((DIRTY / "MANIFEST.json").read_text(encoding="utf-8"))]


@pytest.mark.parametrize("spelling", spellings())
def test_every_spelling_of_northwind_gives_the_published_totals(spelling, tmp_path, run, values):
    exports = tmp_path / "exports"
    exports.mkdir()
    shutil.copy2(DIRTY / spelling, exports)
    (exports / "opsbook.toml").write_text(GERMAN, encoding="utf-8")
    book = tmp_path / "northwind.xlsx"
    run("new", book)
    status, out = run("refresh", book, "--json")
    assert status == 0
    rows = sum(receipt["added"] for receipt in json.loads(out)["receipts"])
    found = values(book)

    def total(metric):
        return sum(found[metric, year, ""][0] for year in YEARS)

    assert rows == (2255 if spelling.startswith("11") else 2155)
    assert total("order_lines") == 2155
    assert total("ta_orders") == 830
    assert total("ta_amount") == pytest.approx(1_265_793.0395, abs=1e-4)
    assert {year: round(found["ta_amount", year, ""][0], 2) for year in YEARS} == YEARS
    if spelling.startswith("11"):
        assert total("refund_amount") == pytest.approx(31_653.0675, abs=1e-4)


@long
def test_online_retail_as_an_order_table(tmp_path, run, values):
    """541,909 lines, 25,900 invoices, 9,747,747.934 in all, as its publishers count; cancellations are refunds."""
    book = tmp_path / "retail.xlsx"
    run("new", book)
    status, out = run("refresh", book, "--exports", Path(SHARED) / "data/orders/online_retail", "--json")
    assert status == 0
    receipt = json.loads(out)["receipts"][0]
    assert (receipt["kind"], receipt["rows_in"], receipt["added"]) == ("order_ledger", 541_909, 541_909)
    found = values(book)
    sold = sum(found["ta_amount", year, ""][0] for year in ("2010", "2011"))
    returned = sum(found["refund_amount", year, ""][0] for year in ("2010", "2011"))
    assert sold - returned == pytest.approx(9_747_747.934, abs=1e-2)
