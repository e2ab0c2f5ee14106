"""Dates whose day and month Excel exchanged where it could.

An Excel that expects month/day makes 3 April of a typed 04/03/2025 and leaves 25/03/2025 a text. A column of such texts
in which no real date has a day above 12 was converted by halves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_YEAR_FIRST = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]")
_SHORT_YEAR = re.compile(r"\d{1,2}[-/]\d{1,2}[-/]\d{2}(?:\s.*)?")
_PROOF = 5  # so many real dates without a day above 12 are no accident among dates of whole months
_SOME = 2  # fewer prove nothing by where they lie
_MANY = 5  # one text among so many real dates makes them doubtful


def settle(
    values: Sequence[object],
    found: list[datetime | None],
    slashed: Mapping[int, tuple[int, int]],
    bad: NDArray[np.bool_],
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Put the exchanged dates right, or take them out where that is not certain.

    Args:
        values: Distinct cells of the column.
        found: Their moments; changed in place.
        slashed: The first two numbers of the texts such as ``25/03/2025``, by place.
        bad: Cells that could not be read.

    Returns:
        Which dates were put right, and which ones remain in doubt.
    """
    swapped = np.zeros(len(values), dtype=np.bool_)
    mixed = np.zeros(len(values), dtype=np.bool_)
    texts = [place for place, cell in slashed.items() if max(cell) > 12]
    short = [
        place for place in np.flatnonzero(bad).tolist() if _SHORT_YEAR.fullmatch(str(values[place]).strip())
    ]
    if not texts and not short:
        return swapped, mixed
    real = [place for place, value in enumerate(values) if found[place] and _converted(value)]
    moments = {place: moment for place in real if (moment := found[place])}
    low = [place for place in real if moments[place].day <= 12]
    unequal = [place for place in low if moments[place].day != moments[place].month]
    if len(low) < len(real):  # real dates as such; some typed ones may be among them
        mixed[unequal] = True
        if (len(texts) + len(short)) * _MANY >= len(real):
            for place in unequal:
                found[place] = None
        return swapped, mixed
    turned = {
        place: moments[place].replace(month=moments[place].day, day=moments[place].month) for place in low
    }
    sides = {slashed[place][0] > 12 for place in texts}
    whole = [moment for place in texts if (moment := found[place])]
    sure = len(sides) == 1 and not short and len(texts) == len(slashed) and bool(whole)
    if sure and _fits(whole, list(turned.values()), [moments[place] for place in low]):
        for place in unequal:
            found[place] = turned[place]
        swapped[unequal] = True
    else:
        mixed[unequal] = True
        for place in unequal:
            found[place] = None
    return swapped, mixed


def _converted(value: object) -> bool:
    """Whether a cell is a date that Excel may have made, or its text in a file saved afterwards."""
    return not isinstance(value, str) or bool(_YEAR_FIRST.match(value.strip()))


def _fits(texts: list[datetime], turned: list[datetime], as_is: list[datetime]) -> bool:
    """Whether the dates with day and month exchanged lie about the days that the texts say, and as they are do not.

    Where they lie there both ways, so many days without one above 12 decide.
    """
    month = timedelta(days=31)
    start, end = min(texts) - month, max(texts) + month
    if not all(start <= moment <= end for moment in turned):
        return False
    apart = any(not start <= moment <= end for moment in as_is)
    return len({moment.date() for moment in as_is}) >= (_SOME if apart else _PROOF)
