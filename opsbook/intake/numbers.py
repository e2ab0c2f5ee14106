"""Columns of numbers and rates. Columns come as their distinct values: each is parsed once.

Missing is NaN: an empty cell, ``-``, ``--``, ``NA``, ``N/A``, ``null``, ``无``, an error such as ``#N/A``. A bad
value is NaN too and is marked, so that it becomes an issue and never a zero.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from opsbook.intake.spelled import DOT, Mark, Spelled, spelled

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The share of plain numbers above 1 from which a column without any % sign is one of percent numbers.
_PERCENT_NUMBERS = 0.2
_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")


@dataclass
class ParsedNumbers:
    """The distinct values of a column, parsed.

    Attributes:
        values: Float64; NaN where missing, bad or doubtful; infinite where the number is too large for any.
        bad: Cells that are not numbers.
        doubtful: Cells whose mark may part thousands or decimals.
        rough: Cells that say that their number is not exact: ``约100``, ``10万+``.
        scaled: Cells with a scale of their own: ``1.5万``.
        limits: Cells that only give a limit: ``<5``.
        codes: Currencies that a cell's own sign or word may mean, by its place.
        parts: 100 for a cell with ``%``, 1000 with ``‰``, else 0.
    """

    values: NDArray[np.float64]
    bad: NDArray[np.bool_]
    doubtful: NDArray[np.bool_]
    rough: NDArray[np.bool_]
    scaled: NDArray[np.bool_]
    limits: NDArray[np.bool_]
    codes: dict[int, tuple[str, ...]] = field(default_factory=dict)
    parts: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, count: int) -> ParsedNumbers:
        """Return ``count`` missing numbers."""
        return cls(np.full(count, np.nan), *np.zeros((5, count), dtype=np.bool_))


def parse_numbers(
    values: Sequence[object], mark: Mark = DOT, unit: str = "", *, rates: bool = False
) -> ParsedNumbers:
    """Return the numbers of a column.

    Args:
        values: Distinct cells: str, int, float, bool, dates or None.
        mark: Which mark parts the decimals.
        unit: Unit of the field: ``30分钟`` is 0.5 hours.
        rates: Cells may be written with ``%`` or ``‰``; elsewhere such a cell is bad.

    Returns:
        Arrays of the length of ``values``. A censored ``<10`` is half its limit, the usual practice; ``12.3万`` is
        123000; ``(123)`` and ``100-`` are negative; ``$ -`` is an accountant's zero.
    """
    found = ParsedNumbers.of(len(values))
    numbers, bad = found.values, found.bad
    plain = mark == DOT
    for place, value in enumerate(values):
        if type(value) is str:
            try:
                number = float(value)
            except ValueError:
                number = None
            if number is None and _GROUPED.fullmatch(value) and (plain or "." in value):
                numbers[place] = float(value.replace(",", ""))  # frequent in large files
                continue
            # float() also takes "nan", "inf" and "1_000", and knows one mark only.
            if number is None or number - number != 0 or "_" in value or not (plain or value.isdigit()):
                text = spelled(value, mark, unit)
                if text is None or (text.around.parts and not rates):
                    bad[place] = True
                else:
                    _note(found, place, text)
                continue
            numbers[place] = number
        elif isinstance(value, int | float) and not isinstance(value, bool):
            numbers[place] = _float(value)
        elif value is not None:
            bad[place] = True
    return found


def _note(found: ParsedNumbers, place: int, text: Spelled) -> None:
    found.values[place] = np.nan if text.doubtful else text.number
    found.doubtful[place] = text.doubtful
    found.rough[place] = text.around.rough
    found.scaled[place] = text.around.power > 0
    found.limits[place] = text.censored
    if text.around.codes:
        found.codes[place] = text.around.codes
    if text.around.parts:
        found.parts[place] = text.around.parts


def _float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:  # a whole number of more than 308 digits
        return float("inf")


def parse_percents(values: Sequence[object], mark: Mark = DOT, *, headed: bool = False) -> ParsedNumbers:
    """Return rates as fractions: ``1.62%`` is 0.0162.

    A cell with a % sign says what it is; ``<1%`` is 0.005. Plain numbers are read by their column:

    - none above 1: fractions, as Excel stores a percent cell;
    - some cells of the column carry a % sign: those above 1 are percent numbers, the others fractions;
    - no % sign, and at least a fifth of those that are not zero are above 1: percent numbers, all of them;
    - no % sign and only a few above 1: fractions; the few stay above 100 % and get a warning by the caller.

    Under a header with a % sign, plain numbers are percent numbers. Numbers of a workbook that are all below 1 may be
    fractions under such a header as well, which Excel shows with their own % sign: they are doubtful.

    Args:
        values: Distinct cells of a column.
        mark: Which mark parts the decimals.
        headed: The header has a % sign.

    Returns:
        As `parse_numbers`.
    """
    found = parse_numbers(values, mark, "ratio", rates=True)
    numbers = found.values
    signed = np.zeros(len(values), dtype=np.bool_)
    signed[list(found.parts)] = True
    with np.errstate(invalid="ignore"):
        plain = ~signed & (numbers != 0) & ~np.isnan(numbers)
        above = plain & (numbers > 1)
        if headed:
            texts = np.array([isinstance(value, str) for value in values], dtype=np.bool_)
            percent = signed | plain
            if not above.any():
                found.doubtful = plain & ~texts
                numbers[found.doubtful] = np.nan
                percent &= ~found.doubtful
        elif signed.any():
            percent = signed | above
        elif above.sum() >= max(1.0, _PERCENT_NUMBERS * plain.sum()):
            percent = plain
        else:
            percent = signed
    for place in np.flatnonzero(percent).tolist():
        places = 3 if found.parts.get(place) == 1000 else 2
        numbers[place] = _shifted(float(numbers[place]), places)
    return found


def _shifted(number: float, places: int) -> float:
    """Return the double nearest to the decimal moved by some places: 1.62 gives 0.0162, which 1.62 / 100 may not."""
    text = repr(number)
    return number / 10**places if "e" in text or "n" in text else float(f"{text}e-{places}")
