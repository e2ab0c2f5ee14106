"""The amount of an order out of a column that repeats it on every line, parts it over the lines, or holds it once.

An amount of an order and an amount of a line are two things, and exports do not say which of them a column holds. The
file itself shows it: amounts that equal the lines' own, amounts that add up to the order's total, a row of the order
above the rows of its lines.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

_CENT = 0.011  # amounts are rounded to cents


def order_amounts(
    lines: pd.DataFrame,
    column: str,
    *,
    goods: str = "line_amount",
    total: pd.Series[float] | None = None,
    repeated: bool,
) -> pd.DataFrame:
    """Return what the amounts of a column make for each order.

    Args:
        lines: ``order_id``, ``product_id``, ``product_name``, the column and the column ``goods``.
        column: Amounts, negative where money went back.
        goods: The lines' own amounts.
        total: The order's agreed total by ``order_id``, where it is known from another column.
        repeated: What equal amounts on several lines are where nothing shows it: the order's amount repeated, or
            the lines' own.

    Returns:
        By ``order_id``: ``came``, the amount without what went back (NaN where unknown), and ``back``, what went
        back according to negative amounts (0 where there are none).
    """
    rows = pd.DataFrame(
        {
            "order": lines["order_id"],
            "value": lines[column],
            "goods": lines[goods],
            "named": named_lines(lines),
        }
    )
    back = -rows["value"].where(rows["value"] < 0).groupby(rows["order"]).sum()
    rows["value"] = rows["value"].where(~(rows["value"] < 0))
    grouped = rows.groupby("order", sort=True)
    value = grouped["value"].agg(["count", "sum", "first", "min", "max"])
    size = grouped.size()
    several = value["count"] > 1
    came = value["first"].copy()
    if several.any():
        chosen = rows[rows["order"].map(several)]
        came[several] = _of_several(chosen, value[several], size[several], total, repeated=repeated)
    came[value["count"] == 0] = np.nan
    return pd.DataFrame({"came": came, "back": back.reindex(came.index).fillna(0.0)})


def named_lines(lines: pd.DataFrame) -> pd.Series[bool]:
    """Return whether a line names a product; the order's own row and rows of freight do not."""
    named: pd.Series[bool] = (lines["product_id"].fillna("") != "") | (lines["product_name"].fillna("") != "")
    return named


def refunds(lines: pd.DataFrame) -> pd.Series[float]:
    """Return what went back of each order by the column of refunds, which some exports write with a minus sign."""
    signed = lines["refunded"]
    negative = signed.groupby(lines["order_id"]).transform("max") <= 0
    refunded = order_amounts(
        lines.assign(refunded=signed.where(~negative, -signed)), "refunded", repeated=True
    )
    # Beside amounts that went back, a negative one was taken back again.
    return (refunded["came"] - refunded["back"]).clip(lower=0.0)


def _of_several(
    rows: pd.DataFrame,
    value: pd.DataFrame,
    size: pd.Series[int],
    total: pd.Series[float] | None,
    *,
    repeated: bool,
) -> pd.Series[float]:
    """Return the amount of orders that have a value on several rows."""
    by_order = rows["order"]
    named = rows["named"].groupby(by_order)
    # A row without a product above rows with products is the order's own row.
    own_row = rows["value"].where(~rows["named"]).groupby(by_order).agg(["first", "count"])
    has_own_row = (own_row["count"] == 1) & (named.sum() > 0)
    filled = rows["value"].where(rows["value"] != 0).groupby(by_order).agg(["min", "max"])
    alike = (filled["max"] - filled["min"]).abs() <= _CENT
    gap = (rows["value"] - rows["goods"]).abs() <= _CENT
    of_lines = (gap.groupby(by_order).sum() == value["count"]) & (value["count"] == size)
    goods = rows["goods"].where(rows["named"]).groupby(by_order).sum(min_count=1)
    goods = goods.fillna(rows["goods"].groupby(by_order).sum(min_count=1))
    once, summed = filled["max"].fillna(0.0), value["sum"]
    agreed = goods if total is None else total.reindex(value.index).fillna(goods)

    fits_sum = (summed - agreed).abs() <= _CENT
    fits_once = (once - agreed).abs() <= _CENT
    whole_and_parts = ((2 * value["max"] - summed).abs() <= _CENT) & (value["count"] > 2) & fits_once
    # Equal amounts that are not the lines' own belong to the order, even where they happen to add up: half was paid.
    parts = of_lines | (~(rows["goods"].notna().groupby(by_order).sum() > 0) & fits_sum)
    found = np.select(
        [has_own_row, ~alike & whole_and_parts, ~alike, fits_once, parts],
        [own_row["first"], value["max"], summed, once, summed],
        default=once if repeated else summed,
    )
    return pd.Series(found, index=value.index)
