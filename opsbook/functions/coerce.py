"""From cells to arrays and back: the one place where a cell's content is judged.

Rules, the same as in the native formulas that `opsbook.functions.excel` builds:
a number is a number; blank, empty text and text of hyphens (``-``, ``--``) are missing; any other text and
TRUE/FALSE in place of a number are #VALUE!; an error stays itself; a number outside the declared limits is
#NUM!. Cells that work element by element are spread over the larger shape, and what a smaller range does not
cover is #N/A, as everywhere in Excel.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from opsbook.domain.excel_dates import number_of
from opsbook.functions.values import ExcelError, FunctionError, is_missing_mark, is_none, pick

if TYPE_CHECKING:
    import numpy.typing as npt

    from opsbook.functions.registry import Argument
    from opsbook.functions.values import Cells, Values

_PLAIN = frozenset((float, int, type(None)))  # never a bool, whose type is its own
_NUMERIC = ("number", "integer", "date")


@dataclass(frozen=True)
class Coerced:
    """An argument as the body takes it.

    Attributes:
        value: Array or Python scalar; NaN, None or empty where missing or in error.
        errors: Errors by cell (None elsewhere), 2-D; or None when there are none.
        is_row: Whether a vector was given as a row of two cells or more.
    """

    value: Any
    errors: Cells | None
    is_row: bool = False


def grid(given: object) -> Cells:
    """Return a cell, a nested sequence or an array as a 2-D array of cells; a flat sequence is a row."""
    if isinstance(given, np.ndarray):
        cells = given.astype(object)
    elif isinstance(given, list | tuple):
        nested = given and all(issubclass(kind, list | tuple) for kind in set(map(type, given)))
        rows: Sequence[Any] = given if nested else [given]
        if len(set(map(len, rows))) != 1:
            raise FunctionError(ExcelError.VALUE)
        flat = list(chain.from_iterable(rows))
        cells = np.empty(len(flat), dtype=object)
        cells[:] = flat
        cells = cells.reshape(len(rows), -1)
    else:
        cells = np.empty((1, 1), dtype=object)
        cells[0, 0] = given
    if cells.ndim < 2:
        cells = cells.reshape(1, -1)
    if cells.ndim != 2 or cells.size == 0:
        raise FunctionError(ExcelError.VALUE)
    return cells


def coerce(given: object, argument: Argument) -> Coerced:
    """Return the argument as its declaration wants it.

    Raises:
        FunctionError: What was given is no grid of cells.
    """
    if not isinstance(given, list | tuple | np.ndarray):
        return _alone(given, argument)
    cells = grid(given)
    if argument.optional and all(cell is None for cell in cells.flat):
        return Coerced(_default(argument), None)
    if argument.shape == "scalar" and cells.size > 1:
        return _failed(ExcelError.VALUE)
    if argument.shape == "vector" and min(cells.shape) > 1:
        return _failed(ExcelError.VALUE)
    found, errors = _convert(cells, argument)
    missing = np.isnan(found) if found.dtype == float else is_none(found)
    if argument.blank_as is not None:
        found, missing = _filled(found, missing, errors, argument.blank_as)
    if argument.shape in ("cells", "scalar") and missing.any():
        errors = np.full(cells.shape, None, dtype=object) if errors is None else errors
        errors[missing & is_none(errors)] = ExcelError.NA
    if argument.shape in ("range", "vector") and errors is not None:
        return _failed(next(each for each in errors.flat if each is not None))
    if argument.shape == "vector":
        return Coerced(found.ravel(), errors, is_row=cells.shape[1] > 1)
    if argument.shape == "scalar":
        single = found[0, 0]
        single = single.item() if isinstance(single, np.generic) else single
        if isinstance(single, float) and math.isnan(single):
            single = None
        whole = argument.type == "integer" and single is not None
        return Coerced(int(single) if whole else single, errors)
    return Coerced(found, errors)


def _alone(cell: object, argument: Argument) -> Coerced:
    """Return a single cell as `coerce` does, without an array for each question: most calls are of this kind."""
    if argument.optional and cell is None:
        return Coerced(_default(argument), None)
    value = _one(cell, argument)
    error = value if isinstance(value, ExcelError) else None
    if error is not None:
        value = None
    elif value is None and argument.blank_as is not None:
        value = None if argument.blank_as == "" else argument.blank_as
    elif value is None and argument.shape in ("cells", "scalar"):
        error = ExcelError.NA
    if error is not None and argument.shape in ("range", "vector"):
        return _failed(error)
    errors = None if error is None else _failed(error).errors
    if argument.shape == "scalar":
        return Coerced(int(value) if argument.type == "integer" and value is not None else value, errors)  # type: ignore[call-overload]  # a number by its type
    found = np.empty((1, 1), dtype=float if argument.type in _NUMERIC else object)
    found[0, 0] = np.nan if value is None and argument.type in _NUMERIC else value
    return Coerced(found.ravel() if argument.shape == "vector" else found, errors)


def _filled(
    found: Any, missing: npt.NDArray[np.bool_], errors: Cells | None, blank_as: float | str
) -> tuple[Any, npt.NDArray[np.bool_]]:
    """Return the cells with what stands for a missing one; an empty text lets it be missing without error."""
    blank = missing if errors is None else missing & is_none(errors)
    if blank_as != "":
        found = np.where(blank, blank_as, found)
    return found, missing & ~blank


def _failed(error: object) -> Coerced:
    errors = np.empty((1, 1), dtype=object)
    errors[0, 0] = error
    return Coerced(None, errors)


def _default(argument: Argument) -> Any:
    if argument.shape == "scalar" or argument.default is None:
        return argument.default
    return grid(argument.default).astype(float if argument.type in _NUMERIC else object)


def _convert(cells: Cells, argument: Argument) -> tuple[Any, Cells | None]:
    """Return the converted cells and, if there are any, their errors."""
    numeric = argument.type in _NUMERIC
    if numeric and _PLAIN.issuperset(map(type, cells.ravel().tolist())):
        return _numbers(cells.astype(float), argument)
    found: Any = np.full(cells.shape, None, dtype=object)
    errors: Cells = np.full(cells.shape, None, dtype=object)
    rest = np.ones(cells.shape, dtype=bool)
    if numeric:  # columns of numbers, a hundred times faster than one by one
        rest = np.array([type(cell) not in _PLAIN for cell in cells.ravel().tolist()]).reshape(cells.shape)
        found, outside = _numbers(pick(rest, None, cells).astype(float), argument)
        errors = errors if outside is None else outside
    for at in zip(*np.nonzero(rest), strict=True):
        value = _one(cells[at], argument)
        if isinstance(value, ExcelError):
            errors[at] = value
        else:
            found[at] = value
    if numeric:
        found = found.astype(float)
    return found, None if is_none(errors).all() else errors


def _one(cell: object, argument: Argument) -> object:
    """Return a converted cell, or its error."""
    return cell if isinstance(cell, ExcelError) else _CONVERTERS[argument.type](cell, argument)


def _numbers(numbers: Values, argument: Argument) -> tuple[Values, Cells | None]:
    """Return numbers as `_number` does, all at once."""
    if argument.type == "integer":
        numbers = np.trunc(numbers)
    elif argument.type == "date":
        numbers = np.floor(numbers)
    outside = np.isinf(numbers)
    for limit, beyond in (
        (argument.minimum, np.less),
        (argument.maximum, np.greater),
        (argument.above, np.less_equal),
    ):
        if limit is not None:
            outside |= beyond(numbers, limit)
    if not outside.any():
        return numbers, None
    return np.where(outside, np.nan, numbers), pick(outside, ExcelError.NUM, None)


def _number(cell: object, argument: Argument) -> object:
    if isinstance(cell, str):
        return None if is_missing_mark(cell) else ExcelError.VALUE
    if cell is None:
        return None
    if isinstance(cell, bool | np.bool_) or not isinstance(cell, int | float | np.number):
        return ExcelError.VALUE
    number = float(cell)
    if math.isnan(number):
        return None
    if argument.type in ("integer", "date"):
        number = float(math.trunc(number)) if argument.type == "integer" else float(math.floor(number))
    low, high, above = argument.minimum, argument.maximum, argument.above
    outside = (
        (low is not None and number < low)
        or (high is not None and number > high)
        or (above is not None and number <= above)
    )
    return ExcelError.NUM if outside or math.isinf(number) else number


def _date(cell: object, argument: Argument) -> object:
    if isinstance(cell, date):
        cell = number_of(cell)
    return _number(cell, argument)


def _text(cell: object, argument: Argument) -> object:
    if cell is None or (isinstance(cell, str) and not cell.replace(" ", "")):
        return None
    if not argument.choices:
        return cell if isinstance(cell, str) else as_text(cell)
    if not isinstance(cell, str):
        return ExcelError.VALUE
    return argument.choices.get(cell.strip(" ").lower(), ExcelError.VALUE)


def _flag(cell: object, argument: Argument) -> object:
    number = float(cell) if isinstance(cell, bool | np.bool_) else _number(cell, argument)
    return bool(number) if isinstance(number, float) else number


def _key(cell: object, _argument: Argument) -> object:
    if cell is None or (isinstance(cell, str) and is_missing_mark(cell)):
        return None
    return as_text(cell).lower()


def as_text(cell: object) -> str:
    """Return how ``&`` writes a cell: 15 digits of a number, TRUE and FALSE in capitals."""
    if isinstance(cell, bool | np.bool_):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float | np.number):
        return f"{float(cell):.15g}"
    return str(cell)


_CONVERTERS: dict[str, Callable[[object, Argument], object]] = {
    "number": _number,
    "integer": _number,
    "date": _date,
    "text": _text,
    "flag": _flag,
    "key": _key,
}
