"""Parts of a target that add up to it exactly: months beside those that people fixed, quarters, people."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opsbook.functions.seasons import allocate
from opsbook.functions.values import FunctionError

MOST_DIGITS = 6


@dataclass(frozen=True)
class Split:
    """A target by month.

    Attributes:
        months: Twelve; NaN throughout where it cannot be split.
        missing: What the months that people fixed leave open or exceed the target by; 0 where all is well.
    """

    months: tuple[float, ...]
    missing: float = 0.0

    @property
    def quarters(self) -> tuple[float, ...]:
        """Sums of three months each."""
        return tuple(math.fsum(self.months[at : at + 3]) for at in range(0, 12, 3))


def split(target: float, weights: Sequence[float], locked: Mapping[int, float]) -> Split:
    """Return the months of a target.

    Args:
        target: Of the year.
        weights: Of the months, in any scale.
        locked: What people fixed, by month from 0.
    """
    if math.isnan(target) or target < 0 or any(value < 0 for value in locked.values()):
        return Split((math.nan,) * 12)
    fixed = [locked.get(at, math.nan) for at in range(12)]
    try:
        parts = allocate(target, weights, digits_of(target, *locked.values()), fixed)
    except FunctionError:
        months = tuple(fixed)
        return Split(months, target - math.fsum(value for value in fixed if not math.isnan(value)))
    return Split(tuple(float(part) for part in parts))


def digits_of(*numbers: float) -> int:
    """Return how many decimals the numbers have, at most 6."""
    return next(
        (digits for digits in range(MOST_DIGITS) if all(round(each, digits) == each for each in numbers)),
        MOST_DIGITS,
    )


def among(amounts: Sequence[float], shares: Sequence[float]) -> list[tuple[float, ...]]:
    """Return what each of several people takes of each amount, by their shares; each amount is parted exactly.

    Args:
        amounts: Such as the four quarters.
        shares: In any scale, not below 0.

    Returns:
        One tuple a person, as long as the amounts; NaN where an amount or all shares are missing.
    """
    if not shares or not sum(shares) > 0:
        return [(math.nan,) * len(amounts) for _ in shares]
    columns = [
        [math.nan] * len(shares)
        if math.isnan(amount)
        else [float(part) for part in allocate(amount, shares, digits_of(amount))]
        for amount in amounts
    ]
    return list(zip(*columns, strict=True))
