"""Published data that nobody here wrote, where definitions agree."""

import os
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest
from tables import reading, table

from opsbook.archive.archive_file import Archive
from opsbook.metrics.compute_review import review
from opsbook.params import Settings
from opsbook.review.basis_text import plain

SHARED = os.environ.get("OPSBOOK_SHARED")
pytestmark = pytest.mark.skipif(not SHARED, reason="needs the folder of real data named in OPSBOOK_SHARED")
DATA = Path(SHARED or "") / "data/orders"


def reviewed(path, rows, names, days):
    """Return the figures of an order table."""
    with Archive.open(path, for_writing=True) as archive:
        part = table("order_ledger", rows, names, days=days)
        archive.take_in([reading("orders", part)], rules="r", taken_at=datetime(2026, 1, 1))
        return review(archive, Settings())


@pytest.fixture(scope="module")
def cdnow(tmp_path_factory):
    """Return the review of CDNOW: a row is a transaction, hence an order; amounts are dollars."""
    rows = pd.read_csv(
        DATA / "cdnow/CDNOW_master.txt",
        sep=r"\s+",
        header=0,
        names=["who", "day", "cds", "dollars"],
        dtype={"who": str},
    )
    cells = [
        (f"{n:06d}", who, "CD", float(cds), float(usd))
        for n, (who, cds, usd) in enumerate(zip(rows.who, rows.cds, rows.dollars, strict=True))
    ]
    days = [f"{str(day)[:4]}-{str(day)[4:6]}-{str(day)[6:]}" for day in rows.day]
    names = ("order_id", "buyer_id", "product_name", "quantity", "amount")
    found = reviewed(tmp_path_factory.mktemp("cdnow") / "a.duckdb", cells, names, days)
    return found, rows


def test_cdnow_transactions(cdnow):
    """Fader and Hardie: 69,659 transactions of 23,570 customers who first bought in January to March 1997."""
    found, _ = cdnow
    assert sum(found.get("ta_orders", year).value for year in ("1997", "1998")) == 69_659


def test_cdnow_customers_are_all_new_in_1997_and_old_in_1998(cdnow):
    """The cohort: nobody bought first after March 1997, so all money of 1998 is of returning customers."""
    found, rows = cdnow
    assert found.get("returning_revenue_share", "1998").value == 1
    # Repurchase is over all buyers of the year before, who are the whole cohort; counted by hand with pandas.
    later = rows[rows.day >= 19980101]["who"].nunique()
    assert (
        plain(found.get("old_customer_repurchase_rate", "1998").basis)
        == f"{later} of 23570 buyers, to 1998-06-30"
    )
    split = {
        figure.dimension: figure.value
        for figure in found
        if (figure.metric, figure.period) == ("growth_split", "1998-Q1")
    }
    assert split["by=customer;part=new"] == 0


def test_rfm_orders_of_its_customers(tmp_path):
    """The R package rfm: 4,906 orders of 995 customers."""
    file = next((DATA / "rfm_r").glob("*.csv"))
    rows = pd.read_csv(file)
    who = next(name for name in rows.columns if "customer" in name.lower())
    day = next(name for name in rows.columns if "date" in name.lower())
    money = next(name for name in rows.columns if "revenue" in name.lower())
    days = pd.to_datetime(rows[day]).dt.strftime("%Y-%m-%d").tolist()
    cells = [
        (f"{n:06d}", str(name), float(usd))
        for n, (name, usd) in enumerate(zip(rows[who], rows[money], strict=True))
    ]
    found = reviewed(tmp_path / "a.duckdb", cells, ("order_id", "buyer_id", "amount"), days)
    years = sorted({day[:4] for day in days})
    assert sum(found.get("ta_orders", year).value for year in years) == 4906
    assert rows[who].nunique() == 995
