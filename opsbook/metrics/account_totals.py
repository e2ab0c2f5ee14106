"""The account's own total by day among the plans of the ad reports: it is no plan, and is not added to them.

A report of the whole account has no plan column, so intake names its rows after the file. Where such rows equal the sum of
the other plans of the same days, in spend, impressions and clicks, they are that total.
"""

from __future__ import annotations

import pandas as pd

_MEASURES = ("cost_cny", "impressions", "clicks")
_SLACK = 0.011  # sums of amounts rounded to cents


def without_account_totals(plans: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of ad reports without totals of the account.

    Args:
        plans: Rows of ``p4p_plan_daily``: ``plan_id``, ``plan_name``, spend, impressions, clicks, and their periods.

    Returns:
        The same rows; those of a plan without an id are left out on the days on which they are the sum of all others,
        if that is so on every day that has others and on which money was spent.
    """
    names = plans["plan_name"].fillna("").where(plans["plan_id"].fillna("") == "")
    days = [plans[column] for column in ("_grain", "_start", "_end")]
    whole = plans[list(_MEASURES)].groupby(days).transform("sum")
    others = plans["cost_cny"].groupby(days).transform("size") > 1
    dropped = pd.Series(False, index=plans.index)
    for name in sorted(names.dropna().unique()):
        mine = (names == name) & others & (plans["cost_cny"] > 0)
        # A total is half of a sum that holds the parts and the total.
        half = (whole[mine] - 2 * plans.loc[mine, list(_MEASURES)]).abs() <= _SLACK
        if mine.any() and half.all().all() and plans.loc[mine, list(_MEASURES)].notna().all().all():
            dropped |= (names == name) & others
    return plans[~dropped]
