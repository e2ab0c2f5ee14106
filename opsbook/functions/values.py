"""What a cell may hold, and Excel's errors as values."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Values = npt.NDArray[np.float64]
    Cells = npt.NDArray[np.object_]

Cell = object
"""None (blank), float, str, bool or an `ExcelError`."""


class ExcelError(Enum):
    """An error that stands in a cell; ``value`` is how Excel writes it."""

    NULL = "#NULL!"
    DIV0 = "#DIV/0!"
    VALUE = "#VALUE!"
    REF = "#REF!"
    NAME = "#NAME?"
    NUM = "#NUM!"
    NA = "#N/A"
    GETTING_DATA = "#GETTING_DATA"
    SPILL = "#SPILL!"
    CALC = "#CALC!"
    FIELD = "#FIELD!"
    BLOCKED = "#BLOCKED!"

    @property
    def code(self) -> int:
        """The number that VBA's ``CVErr`` takes, such as 2042 for #N/A."""
        return _CODES[self]

    def __str__(self) -> str:
        return self.value


_CODES = {
    ExcelError.NULL: 2000,
    ExcelError.DIV0: 2007,
    ExcelError.VALUE: 2015,
    ExcelError.REF: 2023,
    ExcelError.NAME: 2029,
    ExcelError.NUM: 2036,
    ExcelError.NA: 2042,
    ExcelError.GETTING_DATA: 2043,
    ExcelError.SPILL: 2045,
    ExcelError.BLOCKED: 2047,
    ExcelError.FIELD: 2049,
    ExcelError.CALC: 2050,
}


class FunctionError(Exception):
    """The whole result of a function is an Excel error."""

    def __init__(self, error: ExcelError) -> None:
        super().__init__(error.value)
        self.error = error


def is_missing_mark(text: str) -> bool:
    """Return whether a text says that there is no value: empty, or nothing but hyphens and spaces."""
    return not text.replace("-", "").replace(" ", "")


def is_none(cells: Cells) -> npt.NDArray[np.bool_]:
    """Return where an array of objects holds None."""
    result: npt.NDArray[np.bool_] = cells == None  # noqa: E711  # element by element
    return result


def floats(given: npt.ArrayLike) -> Values:
    """Return numbers as a float array."""
    result: Values = np.asarray(given, dtype=float)
    return result


def pick(condition: npt.ArrayLike, chosen: object, other: object) -> Cells:
    """Return cells from ``chosen`` where the condition holds, else from ``other``; either may be one value."""
    result: Cells = np.where(condition, np.asarray(chosen, dtype=object), np.asarray(other, dtype=object))
    return result
