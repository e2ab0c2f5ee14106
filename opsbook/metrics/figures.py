"""Computed figures: a value, or NaN with the reason why there is none."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from opsbook.domain.basis import Basis
from opsbook.domain.sample import Sample
from opsbook.domain.verdict import Verdict


@dataclass(frozen=True)
class Figure:
    """One figure.

    Attributes:
        metric: Id of the catalogue; ``.yoy`` and ``.pop`` follow it for growth, ``.base`` for last year's value that
            a quarter or year is compared with (of a running one, the same months).
        period: Label such as ``2025``, ``2025-Q3``, ``2025-03``, ``2025-09-07/2025-09-13``.
        dimension: Empty, or ``key=value`` pairs joined by ``;``, keys sorted.
        value: NaN when undefined; rates and growth are fractions (0.05 is 5 % or 5 percentage points).
        unit: ``persons``, ``count``, ``USD``, ``CNY``, ``ratio``, ...
        basis: How it was got, or why it is undefined.
        sample: What it rests on, for `opsbook.metrics.judge`; None where there is nothing to judge it by.
        pair: Of a growth, or of a gap, the two values that it was computed on: now and base, own and other. They
            are there too where only the growth is undefined, for it grew from 0.
        verdict: Where it was judged when it was made.
    """

    metric: str
    period: str
    dimension: str
    value: float
    unit: str
    basis: Basis
    sample: Sample | None = field(default=None, compare=False, repr=False)
    pair: tuple[float, float] | None = field(default=None, compare=False, repr=False)
    verdict: Verdict | None = field(default=None, compare=False, repr=False)

    @property
    def defined(self) -> bool:
        """Whether there is a value."""
        return not math.isnan(self.value)


def index(figures: Iterable[Figure]) -> dict[tuple[str, str, str], Figure]:
    """Return figures by (metric, period, dimension)."""
    return {(figure.metric, figure.period, figure.dimension): figure for figure in figures}
