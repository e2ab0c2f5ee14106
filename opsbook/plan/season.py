"""How a year's target is spread over its months: the season of the past, the festival's date, events to come."""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from opsbook.domain.basis import Basis, Kind
from opsbook.functions.seasons import season_index
from opsbook.functions.values import FunctionError
from opsbook.params.calendar import overlap, quiet_days

Month = tuple[int, int]  # year, number


@dataclass(frozen=True)
class Uplift:
    """An event that is expected to bring more (or less) than the past years' same days did.

    Attributes:
        first: First day.
        last: Last day.
        rate: By how much the days of the event exceed others: 0.2 is a fifth more.
    """

    first: date
    last: date
    rate: float


@dataclass(frozen=True)
class Season:
    """Weights of the months of a year.

    Attributes:
        index: Twelve, mean 1.
        basis: Of what they are made.
    """

    index: tuple[float, ...] = (1.0,) * 12
    basis: Basis = Basis.of(Kind.EVEN)  # noqa: RUF009 - frozen


def season(history: Mapping[Month, float], year: int, uplifts: Sequence[Uplift] = ()) -> Season:
    """Return the season index of a year to come.

    Mean over the years of month / mean month of that year. Without a whole calendar year, the last twelve months
    are the year. What January and February have together is parted by the Spring Festival's date.

    Args:
        history: Whole months by year and number.
        year: That is planned.
        uplifts: Events whose effect shall differ from that of the past years.
    """
    years = sorted({of for of, _ in history})
    whole = [of for of in years if all((of, number) in history for number in range(1, 13))]
    rows = [[history[of, number] for number in range(1, 13)] for of in whole]
    several = len(rows) > 1
    basis = Basis.of(Kind.SEASON_OF_YEARS, len(rows)) if several else Basis.of(Kind.SEASON_OF_ONE_YEAR)
    if not rows and (last := _last_twelve(history)):
        rows, basis = [last], Basis.of(Kind.SEASON_OF_LAST_MONTHS)
    try:
        index = season_index(np.array(rows))[0] if rows else None
    except FunctionError:  # nothing but zeros
        index = None
    if index is None:
        index, basis = np.ones(12), Season().basis
    else:
        index = _festival(index, history, whole, year)
    for event in uplifts:
        for number in range(1, 13):
            share = overlap(event.first, event.last, year, number) / monthrange(year, number)[1]
            index[number - 1] *= max(1 + event.rate * share, 0.0)
    mean = index.mean()
    return Season(tuple((index / mean).tolist()), basis) if mean > 0 else Season()


def _last_twelve(history: Mapping[Month, float]) -> list[float]:
    """Return the last twelve months that stand together, January's first; nothing where there are fewer."""
    if not history:
        return []
    of, number = max(history)
    found: dict[int, float] = {}
    for _ in range(12):
        if (of, number) not in history:
            return []
        found[number] = history[of, number]
        of, number = (of, number - 1) if number > 1 else (of - 1, 12)
    return [found[each] for each in range(1, 13)]


def _festival(
    index: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    history: Mapping[Month, float],
    years: Sequence[int],
    year: int,
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Part what January and February have together by the days that the festival makes quiet in each.

    How much a quiet day brings beside another one is what makes past Januaries and Februaries come out right.
    """
    weights = [
        weight for of in years if not math.isnan(weight := quiet_weight(history[of, 1], history[of, 2], of))
    ]
    coming = quiet_days(year)
    if not weights or coming is None:
        return index
    january, february = months_of_festival(year, coming, sum(weights) / len(weights))
    pool = index[0] + index[1]
    index[0] = pool * january / (january + february)
    index[1] = pool - index[0]
    return index


def quiet_weight(january: float, february: float, year: int) -> float:
    """Return what a quiet day brought, as a part of another day: 0 to 1; NaN where it cannot be told."""
    quiet = quiet_days(year)
    if quiet is None:
        return math.nan
    other = (31 - quiet[0], monthrange(year, 2)[1] - quiet[1])
    below = february * quiet[0] - january * quiet[1]
    if below == 0:
        return math.nan
    return min(max((january * other[1] - february * other[0]) / below, 0.0), 1.0)


def months_of_festival(year: int, quiet: tuple[int, int], weight: float) -> tuple[float, float]:
    """Return January and February in days that are not quiet, a quiet one counting ``weight``."""
    lengths = 31, monthrange(year, 2)[1]
    one, other = (length - days + weight * days for length, days in zip(lengths, quiet, strict=True))
    return one, other
