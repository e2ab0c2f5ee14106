"""From cells to arrays and back: the one place where a cell's content is judged.

Rules, the same as in the native formulas that `opsbook.functions.excel` builds:
a number is a number; blank, empty text and text of hyphens (``-``, ``--``) are missing; any other text and
TRUE/FALSE in place of a number are #VALUE!; an error stays itself; a number outside the declared limits is
#NUM!. Cells that work element by element are spread over the larger shape, and what a smaller range does not
cover is #N/A, as everywhere in Excel.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import numpy as np

from opsbook.functions.values import ExcelError, FunctionError, is_missing_mark, is_none

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from opsbook.functions.registry import Argument
    from opsbook.functions.values import Cells

_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # Excel's days carry no zone


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
        rows = [list(row) if isinstance(row, list | tuple) else None for row in given]
        whole = [given] if not rows or None in rows else rows
        if len({len(row) for row in whole}) != 1:  # type: ignore[arg-type]  # None would be in rows
            raise FunctionError(ExcelError.VALUE)
        cells = np.empty((len(whole), len(whole[0])), dtype=object)  # type: ignore[arg-type]
        for at, row in enumerate(whole):
            cells[at, :] = row
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
    cells = grid(given)
    if argument.optional and all(cell is None for cell in cells.flat):
        return Coerced(_default(argument), None)
    if argument.shape == "scalar" and cells.size > 1:
        return _failed(ExcelError.VALUE)
    if argument.shape == "vector" and min(cells.shape) > 1:
        return _failed(ExcelError.VALUE)
    convert: Callable[[object, Argument], object] = _CONVERTERS[argument.type]
    plain = {float, int, type(None)} if argument.type == "number" else set()
    limits = (argument.minimum, argument.maximum, argument.above)
    if plain and limits == (None, None, None) and set(map(type, cells.flat)) <= plain:
        found, errors = cells.astype(float), None  # the common case, a hundred times faster
    else:
        found, errors = _convert(cells, argument, convert)
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
    return grid(argument.default).astype(float if argument.type in ("number", "integer", "date") else object)


def _convert(
    cells: Cells, argument: Argument, convert: Callable[[object, Argument], object]
) -> tuple[Any, Cells | None]:
    """Return the converted cells and, if there are any, their errors."""
    found = np.full(cells.shape, None, dtype=object)
    errors: Cells | None = None
    for at, cell in np.ndenumerate(cells):
        value = cell if isinstance(cell, ExcelError) else convert(cell, argument)
        if isinstance(value, ExcelError):
            if errors is None:
                errors = np.full(cells.shape, None, dtype=object)
            errors[at] = value
        else:
            found[at] = value
    if argument.type in ("number", "integer", "date"):
        return found.astype(float), errors
    return found, errors


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
        moment = cell if isinstance(cell, datetime) else datetime.combine(cell, time())
        cell = (moment.replace(tzinfo=None) - _EPOCH) / (datetime(1900, 1, 2) - datetime(1900, 1, 1))  # noqa: DTZ001
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
