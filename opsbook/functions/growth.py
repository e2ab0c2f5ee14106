"""Change against an earlier period.

A base of zero has no growth: from 0 to 0 is 0, from 0 to anything else is undefined. A negative base is taken
by its amount, so that a better result has a positive growth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from opsbook.functions.ratios import ratio
from opsbook.functions.values import floats

if TYPE_CHECKING:
    import numpy.typing as npt

    from opsbook.functions.values import Values


def change(current: npt.ArrayLike, base: npt.ArrayLike) -> Values:
    """Return (current - base) / |base|, element by element.

    Args:
        current: Values of this period, NaN where missing.
        base: Values of the period compared with.

    Returns:
        Fractions (0.05 is 5 %). NaN where either value is missing or the base is 0; 0 where both are 0.
    """
    now, then = floats(current), floats(base)
    with np.errstate(all="ignore"):
        return np.where(
            then == 0,
            np.where(now == 0, 0.0, np.nan),
            (now - then) / np.abs(then),
        )


def point_change(current: npt.ArrayLike, base: npt.ArrayLike) -> Values:
    """Return current - base of two rates, as a fraction: 0.012 is 1.2 percentage points."""
    return floats(floats(current) - floats(base))


def compound_growth(first: npt.ArrayLike, last: npt.ArrayLike, periods: npt.ArrayLike) -> Values:
    """Return the growth per period that leads from ``first`` to ``last``.

    Args:
        first: Values at the start; growth from 0 or below is undefined.
        last: Values at the end; 0 is -100 %, below 0 undefined.
        periods: How many periods lie between, above 0, fractions allowed.

    Returns:
        (last / first) ** (1 / periods) - 1, as Excel's RRI.
    """
    start, stop, count = (floats(given) for given in (first, last, periods))
    with np.errstate(all="ignore"):
        return np.where((start > 0) & (stop >= 0), (stop / start) ** (1 / count) - 1, np.nan)


def growth_contribution(
    part_current: npt.ArrayLike, part_base: npt.ArrayLike, total_base: npt.ArrayLike
) -> Values:
    """Return by how much a part has moved its total: (part_current - part_base) / total_base.

    The contributions of all parts add up to the growth of the total.
    """
    return ratio(point_change(part_current, part_base), total_base)


def growth_share(
    part_current: npt.ArrayLike,
    part_base: npt.ArrayLike,
    total_current: npt.ArrayLike,
    total_base: npt.ArrayLike,
) -> Values:
    """Return a part's share of the total's change; the shares of all parts add up to 1.

    Undefined where the total has not changed. Above 1 or below 0 where other parts moved against it.
    """
    return ratio(point_change(part_current, part_base), point_change(total_current, total_base))
