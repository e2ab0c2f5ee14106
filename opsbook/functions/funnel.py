"""The way from impression to order, and how fast inquiries are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from opsbook.functions.ratios import ratio
from opsbook.functions.values import floats

if TYPE_CHECKING:
    import numpy.typing as npt

    from opsbook.functions.values import Values


def funnel(counts: npt.ArrayLike) -> Values:
    """Return rates from stage to stage, n x 4.

    Args:
        counts: Stages in order, such as impressions, visitors, leads, orders.

    Returns:
        Columns: rate from the stage before, rate from the first stage, lost since the stage before (count,
        and as a rate). The first stage is compared with itself. More than the stage before is possible where
        stages are not nested, and is shown as it is.
    """
    now = floats(counts)
    before = np.concatenate([now[:1], now[:-1]])
    step = ratio(now, before)
    return np.column_stack([step, ratio(now, np.full(now.shape, now[0])), before - now, 1 - step])


def answered_in_time(hours: npt.ArrayLike, limit: float = 24.0, unanswered: float = 0.0) -> float:
    """Return the share of inquiries answered within ``limit`` hours; the unanswered count as late."""
    known = floats(hours)
    known = known[~np.isnan(known)]
    return float(ratio((known <= limit).sum(), known.size + unanswered))


def response_statistics(hours: npt.ArrayLike) -> Values:
    """Return median, 90th percentile and mean of the hours, 1 x 3; percentiles as Excel's PERCENTILE.INC."""
    known = floats(hours)
    known = known[~np.isnan(known)]
    if not known.size:
        return np.full((1, 3), np.nan)
    return np.array([[np.median(known), np.percentile(known, 90), known.mean()]])
