"""Risks and options, scored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from opsbook.functions.ratios import ratio
from opsbook.functions.values import ExcelError, floats, pick

if TYPE_CHECKING:
    import numpy.typing as npt

    from opsbook.functions.values import Cells


def risk_score(probability: npt.ArrayLike, impact: npt.ArrayLike, scale: int = 5) -> Cells:
    """Return probability x impact; #NUM! where either is above ``scale``."""
    likely, severe = floats(probability), floats(impact)
    outside = (likely > scale) | (severe > scale)
    return pick(outside, ExcelError.NUM, likely * severe)


def risk_level(
    score: npt.ArrayLike, medium: float = 6.0, high: float = 12.0, *, words: Mapping[str, str]
) -> Cells:
    """Return the word for low, medium (from ``medium`` on) or high (from ``high`` on)."""
    points = floats(score)
    level = pick(points >= high, words["high"], pick(points >= medium, words["medium"], words["low"]))
    return pick(np.isnan(points), None, level)


def weighted_score(scores: npt.ArrayLike, weights: npt.ArrayLike) -> float:
    """Return the weighted mean of the scores; pairs with a missing value are left out of both sums."""
    given, weight = floats(scores), floats(weights)
    both = ~np.isnan(given) & ~np.isnan(weight)
    return float(ratio((given[both] * weight[both]).sum(), weight[both].sum()))
