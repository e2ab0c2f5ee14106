"""Growth of natural traffic inside a year: how much slower the second half is than the first."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from opsbook.domain.basis import Basis, Kind
from opsbook.functions.growth import change as relative_change
from opsbook.metrics.figures import Figure
from opsbook.periods import month

if TYPE_CHECKING:
    from opsbook.metrics.monthly import Values


def natural_slowdown(natural: Values, as_of: date) -> Iterator[Figure]:
    """Yield the year's growth of natural impressions in the second half less that in the first half.

    Args:
        natural: Natural impressions by month.
        as_of: Last day of the data; of a running second half the whole months are compared with the same ones.
    """
    for number in sorted({when.start.year for when in natural}):
        changes: list[float] = []
        why = Kind.NO_BASE
        running = Basis()
        for half in (1, 7):
            months = [month(number, at) for at in range(half, half + 6)]
            whole = [when for when in months if when.end <= as_of]
            before = [when.year_before for when in whole]
            if (
                not whole
                or (half == 1 and len(whole) < len(months))
                or any(when not in natural for when in whole)
            ):
                why = Kind.INCOMPLETE
            elif all(when in natural for when in before):
                now, then = (sum(natural[when][0] for when in chosen) for chosen in (whole, before))
                changes.append(float(relative_change(now, then)))
                if len(whole) < len(months):
                    running = Basis.of(Kind.SECOND_HALF, len(whole), len(months))
        both = len(changes) == len((1, 7))
        value = changes[1] - changes[0] if both else math.nan
        basis = Basis.of(Kind.GROWTH_POINTS) + running if both else Basis.of(why)
        yield Figure("natural_growth_slowdown", str(number), "", value, "ratio", basis)
