"""Advertising: what was spent and what a click and a lead cost. Money is CNY; the exports carry no revenue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from opsbook.metrics.measure import Measure, additive, rate
from opsbook.metrics.monthly import first_of, totals

if TYPE_CHECKING:
    import pandas as pd


def measures(plans: pd.DataFrame, ledger: pd.DataFrame) -> Iterator[Measure]:
    """Yield spend, cost per click, click rate and cost per lead.

    Args:
        plans: Rows of ``p4p_plan_daily``; a day without a row had no ads.
        ledger: Rows of ``shop_ledger``, whose spend counts where the ad report lacks the month.
    """
    report = {
        name: totals(plans, name, every_day=False)
        for name in ("cost_cny", "clicks", "impressions", "site_leads")
    }
    cost = first_of(("ad report", report["cost_cny"]), ("own shop table", totals(ledger, "ad_cost_cny")))
    yield additive("ad_cost", "CNY", cost)
    yield rate("ad_cpc", "CNY", report["cost_cny"], report["clicks"])
    yield rate("ad_ctr", "ratio", report["clicks"], report["impressions"])
    yield rate("ad_cpl", "CNY", report["cost_cny"], report["site_leads"])
