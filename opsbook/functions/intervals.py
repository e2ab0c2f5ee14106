"""What small samples allow to say: intervals, and changes that are more than chance."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from opsbook.functions.ratios import ratio
from opsbook.functions.values import ExcelError, FunctionError, floats, pick

if TYPE_CHECKING:
    import numpy.typing as npt

    from opsbook.functions.values import Cells, Values


_LARGE = 10_000_000  # counts from which the normal approximation is as good as the exact answer


def wilson_bounds(
    successes: npt.ArrayLike, trials: npt.ArrayLike, confidence: float = 0.95
) -> tuple[Values, Values]:
    """Return the lower and upper bound of Wilson's score interval of a rate, NaN where there are no trials.

    References:
        Wilson, E. B. (1927), JASA 22:209-212.
    """
    count = floats(trials)
    rate = ratio(successes, count)
    z = NormalDist().inv_cdf(1 - (1 - confidence) / 2)
    with np.errstate(all="ignore"):
        scale = 1 + z**2 / count
        middle = (rate + z**2 / (2 * count)) / scale
        half = z * np.sqrt(rate * (1 - rate) / count + z**2 / (4 * count**2)) / scale
    return np.maximum(0.0, middle - half), np.minimum(1.0, middle + half)


def rate_interval(successes: float, trials: float, confidence: float = 0.95) -> Values:
    """Return lower and upper bound of the rate, 1 x 2.

    Raises:
        FunctionError: #NUM! for more successes than trials.
    """
    if successes > trials:
        raise FunctionError(ExcelError.NUM)
    lower, upper = wilson_bounds(successes, trials, confidence)
    return np.array([[float(lower), float(upper)]])


def _poisson_tail(count: int, mean: float) -> float:
    """Return the probability of at most ``count`` events where ``mean`` are expected."""
    if mean == 0:
        return 1.0
    top = min(count, int(mean + 40 * math.sqrt(mean) + 60))
    bottom = max(0, int(mean - 40 * math.sqrt(mean) - 60))  # below it nothing counts in double precision
    if top < bottom:
        return 0.0
    first = top * math.log(mean) - mean - math.lgamma(top + 1)
    steps = np.log(np.arange(top, bottom, -1) / mean)
    return float(np.exp(first + np.concatenate([[0.0], np.cumsum(steps)])).sum())


def _poisson_mean(count: int, probability: float) -> float:
    """Return the mean at which at most ``count`` events have the given probability.

    Newton's steps from the Wilson-Hilferty approximation, inside a bracket that bisection keeps. From `_LARGE` on the
    approximation is exact to nine digits, and the tail would be a sum of millions of terms.
    """
    low, high = 0.0, count + 20 * math.sqrt(count + 1) + 50
    z = NormalDist().inv_cdf(1 - probability)
    shape = count + 1.0  # P(X <= count) at mean m is P(G > m) for a gamma of this shape
    mean = min(max(shape * (1 - 1 / (9 * shape) + z / (3 * math.sqrt(shape))) ** 3, 1e-9), high)
    if count > _LARGE:
        return mean
    for _ in range(200):
        excess = _poisson_tail(count, mean) - probability
        if excess > 0:
            low = mean
        else:
            high = mean
        slope = math.exp(count * math.log(mean) - mean - math.lgamma(shape))
        step = mean + excess / slope if slope > 0 else math.inf
        following = step if low < step < high else (low + high) / 2
        if abs(following - mean) <= 1e-15 * mean or following in (low, high):
            return following
        mean = following
    return mean


def count_interval(count: int, confidence: float = 0.95) -> Values:
    """Return the exact Poisson interval of a count, 1 x 2: from 9 orders to 4.1-17.1 orders.

    Raises:
        FunctionError: #NUM! for a count below 0.

    References:
        Garwood, F. (1936), Biometrika 28:437-442.
    """
    if count < 0:
        raise FunctionError(ExcelError.NUM)
    alpha = (1 - confidence) / 2
    lower = _poisson_mean(count - 1, 1 - alpha) if count else 0.0
    return np.array([[lower, _poisson_mean(count, alpha)]])


def rate_difference(
    hits_base: npt.ArrayLike,
    trials_base: npt.ArrayLike,
    hits_current: npt.ArrayLike,
    trials_current: npt.ArrayLike,
    confidence: float = 0.95,
) -> tuple[Values, Values]:
    """Return the bounds of the change of a rate: Newcombe's, from the two Wilson intervals.

    References:
        Newcombe, R. G. (1998), Statistics in Medicine 17:873-890, method 10.
    """
    low_base, high_base = wilson_bounds(hits_base, trials_base, confidence)
    low_now, high_now = wilson_bounds(hits_current, trials_current, confidence)
    before, now = ratio(hits_base, trials_base), ratio(hits_current, trials_current)
    with np.errstate(invalid="ignore"):  # more hits than trials
        lower = now - before - np.sqrt((now - low_now) ** 2 + (high_base - before) ** 2)
        upper = now - before + np.sqrt((high_now - now) ** 2 + (before - low_base) ** 2)
    return lower, upper


def rate_signal(
    hits_base: npt.ArrayLike,
    trials_base: npt.ArrayLike,
    hits_current: npt.ArrayLike,
    trials_current: npt.ArrayLike,
    confidence: float = 0.95,
) -> Cells:
    """Return 1 for a rate that rose, -1 for one that fell, 0 where the samples are too small to say.

    The interval of the difference is that of `rate_difference`.

    Returns:
        None (#N/A) without trials, #NUM! for more hits than trials.
    """
    before, now = ratio(hits_base, trials_base), ratio(hits_current, trials_current)
    lower, upper = rate_difference(hits_base, trials_base, hits_current, trials_current, confidence)
    found = np.where(lower > 0, 1.0, np.where(upper < 0, -1.0, 0.0))
    found = pick((before > 1) | (now > 1), ExcelError.NUM, found)
    return pick(np.isnan(before + now), None, found)


def _half_tail(successes: float, trials: float) -> float:
    """Return the probability of at most ``successes`` in ``trials`` throws of a fair coin."""
    if trials > _LARGE:
        return NormalDist().cdf((2 * successes + 1 - trials) / math.sqrt(trials))
    term = math.lgamma(trials + 1) - math.lgamma(successes + 1) - math.lgamma(trials - successes + 1)
    term -= trials * math.log(2)
    total = 0.0
    at = successes
    while at >= 0 and term > -745:  # exp(-745) is the last number above 0
        total += math.exp(term)
        if at == 0:
            break
        term += math.log(at / (trials - at + 1))
        at -= 1
    return total


def count_signal(count_base: npt.ArrayLike, count_current: npt.ArrayLike, confidence: float = 0.95) -> Values:
    """Return 1 for a count that rose, -1 for one that fell, 0 where it may be chance: 9 to 12 orders is 0.

    Periods of equal length. If nothing changed, each event falls into either period like a fair coin. What is not a
    count (below 0, infinite) has no answer.

    References:
        Przyborowski, J. and Wilenski, H. (1940), Biometrika 31:313-323.
    """
    before, now = np.broadcast_arrays(floats(count_base), floats(count_current))
    found = np.zeros(before.shape)
    for at in np.ndindex(before.shape):
        one, two = float(before[at]), float(now[at])
        if not math.isfinite(one + two) or min(one, two) < 0:
            found[at] = np.nan
        elif one != two and 2 * _half_tail(min(one, two), one + two) < 1 - confidence:
            found[at] = 1.0 if two > one else -1.0
    return found


def t_quantile(probability: float, freedom: float) -> float:
    """Return the quantile of Student's t distribution, of any degrees of freedom from 1 on.

    References:
        Hill, G. W. (1970), Communications of the ACM 13:619-620, algorithm 396.
    """
    tail = 2 * min(probability, 1 - probability)  # two-sided, as the algorithm takes it
    sign = 1.0 if probability >= 0.5 else -1.0
    if freedom < 1 or tail <= 0:
        return math.nan
    a = 1 / (freedom - 0.5)
    b = 48 / a**2
    c = ((20700 * a / b - 98) * a - 16) * a + 96.36
    d = ((94.5 / (b + c) - 3) / b + 1) * math.sqrt(a * math.pi / 2) * freedom
    y = (d * tail) ** (2 / freedom)
    if y > 0.05 + a:
        x = NormalDist().inv_cdf(tail / 2)
        y = x**2
        if freedom < 5:
            c += 0.3 * (freedom - 4.5) * (x + 0.6)
        c += (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b
        y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
        y = math.expm1(a * y**2)
    else:
        y = (
            (
                1 / (((freedom + 6) / (freedom * y) - 0.089 * d - 0.822) * (freedom + 2) * 3)
                + 0.5 / (freedom + 4)
            )
            * y
            - 1
        ) * (freedom + 1) / (freedom + 2) + 1 / y
    return sign * math.sqrt(freedom * y)
