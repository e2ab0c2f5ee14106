"""Why a figure moved: splits whose parts add up to the change."""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING

import numpy as np

from opsbook.functions.growth import change
from opsbook.functions.ratios import ratio
from opsbook.functions.values import ExcelError, FunctionError, floats

if TYPE_CHECKING:
    import numpy.typing as npt

    from opsbook.functions.values import Values

_MOST_FACTORS = 10  # 2 ** 10 subsets; more factors mean nothing to a reader


def shapley_parts(base_factors: npt.ArrayLike, current_factors: npt.ArrayLike) -> Values:
    """Return how much each factor moved their product, by Shapley's value.

    A factor's part is its effect averaged over every order in which the factors could have changed one after
    another: exact, without a residue, free of any order, and defined with factors of 0.

    Args:
        base_factors: k factors before, such as visitors, rates and order value.
        current_factors: The same factors now.

    Returns:
        k parts; their sum is product(current) - product(base).

    Raises:
        FunctionError: #NUM! for more than 10 factors.

    References:
        Shapley, L. S. (1953), A value for n-person games.
    """
    before, now = floats(base_factors), floats(current_factors)
    count = len(before)
    if count > _MOST_FACTORS:
        raise FunctionError(ExcelError.NUM)
    masks = np.arange(2**count)
    bits = (masks // 2 ** np.arange(count)[:, None]) % 2
    level = bits.sum(axis=0)
    weight_by_level = np.array([1 / (count * comb(count - 1, size)) for size in range(count)] + [0.0])
    mixed = bits * now[:, None] + (1 - bits) * before[:, None]
    parts = np.empty(count)
    for at in range(count):
        rest = mixed.copy()
        rest[at] = 1
        weight = np.where(bits[at] == 0, weight_by_level[level], 0.0)
        parts[at] = (weight * rest.prod(axis=0)).sum() * (now[at] - before[at])
    return parts


def _with_total(parts: Values, total: float) -> Values:
    """Return parts and total, each with its share of the total."""
    amounts = np.append(parts, total)
    return np.column_stack([amounts, ratio(amounts, total)])


def driver_bridge(base_factors: npt.ArrayLike, current_factors: npt.ArrayLike) -> Values:
    """Return the parts of `shapley_parts` and their total, (k + 1) x 2: amount and share of the change.

    Raises:
        FunctionError: #N/A where a factor is missing; #NUM! for more than 10 factors.
    """
    before, now = floats(base_factors), floats(current_factors)
    parts = shapley_parts(before, now)
    if np.isnan(parts).any():
        raise FunctionError(ExcelError.NA)
    return _with_total(parts, float(now.prod() - before.prod()))


def acos_bridge(  # noqa: PLR0917  # as in the cell
    cpc_base: float,
    cvr_base: float,
    aov_base: float,
    cpc_current: float,
    cvr_current: float,
    aov_current: float,
) -> Values:
    """Return what moved ACOS = CPC / (CVR x AOV): 4 x 2, rows CPC, CVR, AOV, total; amount and share."""
    before = ratio(np.array([cpc_base, 1, 1]), np.array([1, cvr_base, aov_base]))
    now = ratio(np.array([cpc_current, 1, 1]), np.array([1, cvr_current, aov_current]))
    if np.isnan(before.sum() + now.sum()):
        raise FunctionError(ExcelError.NA)
    return driver_bridge(before, now)


def _both(values: npt.ArrayLike, other: npt.ArrayLike) -> tuple[Values, Values]:
    """Return two columns with 0 where both are missing: the item was not there that year.

    Raises:
        FunctionError: #N/A where only one of the two is missing.
    """
    one, two = floats(values), floats(other)
    if np.any(np.isnan(one) != np.isnan(two)):
        raise FunctionError(ExcelError.NA)
    return np.nan_to_num(one), np.nan_to_num(two)


def rate_mix(
    num_base: npt.ArrayLike, den_base: npt.ArrayLike, num_current: npt.ArrayLike, den_current: npt.ArrayLike
) -> Values:
    """Return how each segment moved the overall rate: n x 3, by its own rate, by its weight, and both.

    With weight w = den / sum(den), rate r = num / den, R the overall rate and bars for means of the two years:
    rate effect = w_bar x (r1 - r0); mix effect = (w1 - w0) x (r_bar - R_bar). The last column adds up to the
    change of the overall rate. A segment of one year only (the other blank or 0) has a mix effect only.

    Raises:
        FunctionError: #N/A where a year has no denominator at all, or a numerator stands without one.
    """
    (nb, db), (nc, dc) = _both(num_base, den_base), _both(num_current, den_current)
    if db.sum() == 0 or dc.sum() == 0 or np.any((db == 0) & (nb != 0)) or np.any((dc == 0) & (nc != 0)):
        raise FunctionError(ExcelError.NA)
    weight_base, weight_current = db / db.sum(), dc / dc.sum()
    own_base, own_current = np.nan_to_num(ratio(nb, db)), np.nan_to_num(ratio(nc, dc))
    rate_base, rate_current = (
        np.where(db == 0, own_current, own_base),
        np.where(dc == 0, own_base, own_current),
    )
    whole = (nb.sum() / db.sum() + nc.sum() / dc.sum()) / 2
    rate = (weight_base + weight_current) / 2 * (rate_current - rate_base)
    mix = (weight_current - weight_base) * ((rate_base + rate_current) / 2 - whole)
    return np.column_stack([rate, mix, rate + mix])


def price_volume_mix(
    price_base: npt.ArrayLike,
    qty_base: npt.ArrayLike,
    price_current: npt.ArrayLike,
    qty_current: npt.ArrayLike,
) -> Values:
    """Return how each item moved revenue: n x 5, by volume, mix, price, as new item, as lost item.

    Items of both years: volume = (q1 - q0) x mean base price of these items; mix = (q1 - q0) x (p0 - that mean);
    price = (p1 - p0) x q1. Items without quantity in one year (blank or 0) are new (p1 x q1) or lost
    (-p0 x q0), never a matter of price. All 5 n cells add up to the change of revenue.

    Raises:
        FunctionError: #N/A where a price or quantity stands alone.
    """
    (pb, qb), (pc, qc) = _both(price_base, qty_base), _both(price_current, qty_current)
    stays = (qb != 0) & (qc != 0)
    mean = (pb * qb)[stays].sum() / qb[stays].sum() if stays.any() else 0.0
    more = np.where(stays, qc - qb, 0.0)
    return np.column_stack(
        [
            more * mean,
            more * (pb - mean),
            np.where(stays, (pc - pb) * qc, 0.0),
            np.where(qb == 0, pc * qc, 0.0),
            np.where(qc == 0, -pb * qb, 0.0),
        ]
    )


def effect_lift(
    before: npt.ArrayLike,
    after: npt.ArrayLike,
    control_before: npt.ArrayLike | None = None,
    control_after: npt.ArrayLike | None = None,
) -> Values:
    """Return the growth from ``before`` to ``after``, less the control's growth if a control is given.

    Raises:
        FunctionError: #VALUE! where only one of the control's values is given.
    """
    grown = change(after, before)
    if control_before is None and control_after is None:
        return grown
    if control_before is None or control_after is None:
        raise FunctionError(ExcelError.VALUE)
    return grown - change(control_after, control_before)
