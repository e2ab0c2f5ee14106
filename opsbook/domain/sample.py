"""What a figure rests on, so that it can be judged: so many events, hits in trials, amounts of orders."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Exact:
    """A value that chance does not touch."""

    value: float


@dataclass(frozen=True)
class Count:
    """So many events."""

    value: float


@dataclass(frozen=True)
class Share:
    """So many hits in so many trials."""

    hits: float
    trials: float

    @property
    def value(self) -> float:
        """The share; NaN without trials."""
        return self.hits / self.trials if self.trials else math.nan


@dataclass(frozen=True)
class Total:
    """A sum of independent amounts: its variance is the sum of their squares."""

    value: float
    variance: float
    number: int


@dataclass(frozen=True)
class Mean:
    """A mean of amounts with its variance (of the mean)."""

    value: float
    variance: float
    number: int


@dataclass(frozen=True)
class Gap:
    """An own value over another's, less 1; the other is exact."""

    own: Sample
    other: float


@dataclass(frozen=True)
class Change:
    """From a base to now, over periods of equal length."""

    now: Sample
    base: Sample


Sample: TypeAlias = Exact | Count | Share | Total | Mean | Gap | Change
