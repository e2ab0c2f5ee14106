"""The made-up samples kept outside the repository: run with OPSBOOK_SHARED naming their folder."""

import os
from collections import Counter
from pathlib import Path

import pytest

from opsbook.intake import read
from opsbook.intake.export_files import find
from opsbook.intake.header_map import HeaderMap

SHARED = os.environ.get("OPSBOOK_SHARED", "")
pytestmark = pytest.mark.skipif(not SHARED, reason="OPSBOOK_SHARED does not name the folder of shared data")
MODULES = {
    "shop_window": 1, "traffic_channel": 2, "conversion_daily": 2, "buyer_region": 2, "product_tier_summary": 2,
    "staff_performance": 1, "star_rating": 1, "star_ability": 1, "action_task": 1,
}  # fmt: skip
ROWS = {
    "shop_summary_day": {"shop_overview": 3},
    "shop_summary_30d": {"shop_window": 1},
    "shop_product_month": {"product_sample": 2},
    "shop_product_noperiod": {},
    "shop_product_week": {"product_sample": 1},
    "trade_list": {"orders": 5},
    "week_report": MODULES,
    "diagnose_brief": {"diagnose_indicator": 5, "action_task": 1},
    "shop_channel_month": {"traffic_channel": 3},
    "shop_region_uv": {"buyer_region": 2},
    "account_summary_week": {"staff_performance": 1},
    "none": {},
}


def test_every_sample_gives_its_rows():
    sources, _ = find([Path(SHARED, "exports", "platform_json")])
    found = {}
    for reading in read(sources, HeaderMap()):
        rows = Counter()
        for table in reading.tables:
            rows[table.kind] += len(table)
        found[reading.source.name] = dict(rows)
        if not rows:
            assert reading.issues
    special = {"trade_list.collector.json": {"orders": 4}, "week_report.executing.json": {}}
    assert found == {name: special.get(name, ROWS[name.partition(".")[0]]) for name in found}
    assert len(found) > len(ROWS)
