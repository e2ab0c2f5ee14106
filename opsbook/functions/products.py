"""How much of the whole a few products are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from opsbook.functions.values import Values


def _known(values: npt.ArrayLike) -> Values:
    """Return the values that are not missing, as a vector in reading order."""
    every = np.asarray(values, dtype=float).ravel()
    return every[~np.isnan(every)]


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
