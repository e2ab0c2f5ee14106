"""A sum over a sum. Rates are never averaged: divide the sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from opsbook.functions.values import floats

if TYPE_CHECKING:
    import numpy.typing as npt

    from opsbook.functions.values import Values


def ratio(numerator: npt.ArrayLike, denominator: npt.ArrayLike) -> Values:
    """Return numerator / denominator, element by element, NaN where the denominator is 0 or either is NaN."""
    above, below = floats(numerator), floats(denominator)
    with np.errstate(all="ignore"):
        return np.where(below == 0, np.nan, above / below)


def share(part: npt.ArrayLike, total: npt.ArrayLike) -> Values:
    """Return part / total; NaN where the total is 0."""
    return ratio(part, total)


def coverage(done: npt.ArrayLike, applicable: npt.ArrayLike) -> Values:
    """Return done / applicable; NaN, not 100 %, where nothing is applicable."""
    return ratio(done, applicable)
