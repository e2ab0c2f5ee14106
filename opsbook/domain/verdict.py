"""What can be said of a change, or of a value against a limit."""

from __future__ import annotations

import math
from enum import StrEnum


class Verdict(StrEnum):
    """What can be said of a change, or of a value against a limit."""

    UP = "up"  # risen, or above the limit
    DOWN = "down"  # fallen, or below it
    TOO_FEW = "too few"  # judged, and it may be chance
    UNJUDGED = "not judged"  # nothing to judge by

    @property
    def number(self) -> float:
        """As a figure: 1, -1, 0, and NaN for what is not judged."""
        return _NUMBERS[self]

    @property
    def proven(self) -> bool:
        """Whether it is up or down."""
        return self in (Verdict.UP, Verdict.DOWN)


_NUMBERS = {Verdict.UP: 1.0, Verdict.DOWN: -1.0, Verdict.TOO_FEW: 0.0, Verdict.UNJUDGED: math.nan}


def verdict_of(number: float) -> Verdict:
    """Return the verdict that a figure tells as a number."""
    return next((each for each, value in _NUMBERS.items() if value == number), Verdict.UNJUDGED)
