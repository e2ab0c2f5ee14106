"""How much of the whole a few products are, and which they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from opsbook.functions.ratios import ratio
from opsbook.functions.values import floats, pick

if TYPE_CHECKING:
    import numpy.typing as npt

    from opsbook.functions.values import Cells, Values


def _known(values: npt.ArrayLike) -> Values:
    """Return the values that are not missing, as a vector in reading order."""
    every: Values = floats(values).ravel()
    known: Values = every[~np.isnan(every)]
    return known


def top_share(values: npt.ArrayLike, n: int) -> float:
    """Return the share of the ``n`` largest values in the sum of all.

    Args:
        values: Amounts by product, NaN where missing; refunds (negative) count in the sum.
        n: At least 1; more than there are values means all of them.

    Returns:
        A fraction; NaN where the sum is not above 0.
    """
    known = _known(values)
    total = known.sum()
    if not total > 0:
        return float("nan")
    return float(np.sort(known)[::-1][:n].sum() / total)


def rank_and_cumulative_share(values: npt.ArrayLike) -> Values:
    """Return each value's place, largest first, and the share of all up to it, n x 2.

    Equal values take places in the order of the rows. NaN in rows without a value; no shares where the sum is
    not above 0.
    """
    every = floats(values)
    known = np.flatnonzero(~np.isnan(every))
    order = known[np.argsort(-every[known], kind="stable")]
    found = np.full((len(every), 2), np.nan)
    found[order, 0] = np.arange(1, len(order) + 1)
    total = every[known].sum()
    if total > 0:
        found[order, 1] = np.cumsum(every[order]) / total
    return found


def abc_class(values: npt.ArrayLike, a_share: float = 0.8, b_share: float = 0.95) -> Cells:
    """Return A, B or C by row: A are the largest that make up ``a_share`` of the sum, B those up to ``b_share``.

    The item that crosses a cut stays in the upper class; values of 0 or less are C. None where there is no
    value, and everywhere if the sum is not above 0.
    """
    every = floats(values)
    share = rank_and_cumulative_share(every)[:, 1]
    total = np.nansum(every)
    before = np.round(share - ratio(every, total), 12)  # a cut met exactly is not missed by rounding
    found = pick(before < a_share, "A", pick(before < b_share, "B", "C"))
    found[every <= 0] = "C"
    found[np.isnan(share)] = None
    return found


def herfindahl(values: npt.ArrayLike, scale: float = 1.0) -> float:
    """Return the sum of squared shares times ``scale``: 1/n for n equal values, ``scale`` for one alone.

    References:
        Herfindahl-Hirschman index; merger guidelines use a scale of 10,000.
    """
    known = _known(values)
    return float((ratio(known, known.sum()) ** 2).sum() * scale) if known.size else float("nan")


def new_item_average(
    published: npt.ArrayLike, counts: npt.ArrayLike, as_of: float, window: int = 30
) -> Values:
    """Return the mean of the counts of items with a full window, 1 x 3.

    Args:
        published: Day each item was listed.
        counts: What each item got within ``window`` days of listing, such as inquiries.
        as_of: Last day that the counts know.
        window: Days.

    Returns:
        Mean (NaN without items), number of items in it, number of items still too young.
    """
    day, count = floats(published), floats(counts)
    rows = ~np.isnan(day) & ~np.isnan(count)
    full = rows & (day + window - 1 <= as_of)
    mean = float(ratio(count[full].sum(), full.sum()))
    return np.array([[mean, full.sum(), (rows & ~full).sum()]])


def quadrant(
    x: npt.ArrayLike, y: npt.ArrayLike, x_cut: float | None = None, y_cut: float | None = None
) -> Values:
    """Return 1 (both high), 2 (only y high), 3 (both low) or 4 (only x high) by row; at a cut is low.

    Args:
        x: Such as impressions.
        y: Such as the click-through rate.
        x_cut: Where high begins; the median if left out.
        y_cut: The same for y.
    """
    across, up = floats(x), floats(y)
    known = ~np.isnan(across) & ~np.isnan(up)
    if not known.any():
        return np.full(across.shape, np.nan)
    right = across > (np.nanmedian(across) if x_cut is None else x_cut)
    high = up > (np.nanmedian(up) if y_cut is None else y_cut)
    return np.where(known, np.where(right, np.where(high, 1.0, 4.0), np.where(high, 2.0, 3.0)), np.nan)


def set_difference(before: npt.ArrayLike, now: npt.ArrayLike) -> Values:
    """Return how many ids were added, removed and kept, 1 x 3; repeated ids count once."""
    old, new = (
        {key for key in np.asarray(ids, dtype=object).flat if key is not None} for ids in (before, now)
    )
    return np.array([[float(len(new - old)), float(len(old - new)), float(len(new & old))]])
