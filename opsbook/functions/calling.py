"""How a host calls a function: cells in, cells out, and errors only as Excel errors."""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from opsbook.domain.language import Language
from opsbook.functions.coerce import Coerced, coerce
from opsbook.functions.registry import Function, functions
from opsbook.functions.values import ExcelError, FunctionError, is_none, pick

if TYPE_CHECKING:
    from opsbook.functions.values import Cell, Cells

_log = logging.getLogger(__name__)


def call(name: str, *arguments: object, language: Language = "zh") -> Cell | list[list[Cell]]:
    """Return what ``=NAME(arguments)`` shows.

    Args:
        name: Of the registry, in any case.
        arguments: Cells (None, number, text, bool, `ExcelError`, date), nested sequences or arrays of cells.
            None counts as left out where the argument is optional.
        language: Of texts in the result.

    Returns:
        A cell, or a list of rows of cells. Whatever goes wrong is an `ExcelError`; a fault of ours is
        #VALUE! and is logged.
    """
    function = functions().get(name.upper())
    if function is None:
        return ExcelError.NAME
    try:
        with np.errstate(all="ignore"):  # an overflow is infinite, which is #NUM! in the end
            return evaluate(function, *arguments, language=language)
    except FunctionError as error:
        return error.error
    except Exception:  # noqa: BLE001  # a cell has no place for a traceback; the log has
        _log.exception("%s failed", function.name)
        return ExcelError.VALUE


def evaluate(function: Function, *arguments: object, language: Language = "zh") -> Cell | list[list[Cell]]:
    """Return the result as `call` does, but let exceptions through.

    Raises:
        FunctionError: The whole result is this error.
    """
    if not function.required <= len(arguments) <= len(function.arguments):
        raise FunctionError(ExcelError.VALUE)
    given = (*arguments, *[None] * (len(function.arguments) - len(arguments)))
    coerced = [coerce(value, argument) for value, argument in zip(given, function.arguments, strict=True)]
    words = {"words": {key: text[language] for key, text in function.words.items()}} if function.words else {}
    vectors = [
        each
        for each, argument in zip(coerced, function.arguments, strict=True)
        if argument.shape == "vector" and not argument.optional
    ]
    lengths = {len(each.value) for each in vectors if each.errors is None}
    if function.result == "cells":
        if len(lengths) > 1:
            raise FunctionError(ExcelError.VALUE)
        return _by_element(function, coerced, words)
    for each in coerced:
        if each.errors is not None:
            return next(error for error in each.errors.flat if error is not None)
    if len(lengths) > 1:
        raise FunctionError(ExcelError.VALUE)
    result = np.asarray(function.body(*(each.value for each in coerced), **words))
    if vectors and vectors[0].is_row and result.ndim and function.result != "row":
        result = (result if result.ndim == 2 else result.reshape(-1, 1)).T
    return _cells(result)


def _by_element(function: Function, coerced: list[Coerced], words: dict[str, Any]) -> Cell | list[list[Cell]]:
    """Return the result over the common shape; the first argument that is missing or an error decides."""
    shapes = [
        each.value.shape
        for each, argument in zip(coerced, function.arguments, strict=True)
        if argument.shape == "cells" and each.value is not None
    ]
    shape = (max(rows for rows, _ in shapes), max(columns for _, columns in shapes))
    if shape == (1, 1):
        error: Cell = next((each.errors[0, 0] for each in coerced if each.errors is not None), None)
        if error is not None:
            return error
        return _cell(np.asarray(function.body(*(each.value for each in coerced), **words)).item())
    values: list[Any] = []
    errors: Any = None
    for each, argument in zip(coerced, function.arguments, strict=True):
        value, own = each.value, each.errors
        if argument.shape == "cells" and value is not None:
            value, own = _spread(value, own, shape)
        elif own is not None:
            own = np.full(shape, own[0, 0], dtype=object)
        if own is not None:
            errors = own if errors is None else np.where(is_none(errors), own, errors)
        values.append(value)
    failed = np.zeros(shape, dtype=bool) if errors is None else ~is_none(errors)
    if failed.all():
        return _cells(errors)
    result = np.broadcast_to(np.asarray(function.body(*values, **words)), shape)
    return _cells(pick(failed, errors, _judged(result)) if failed.any() else result)


def _spread(value: Any, errors: Cells | None, shape: tuple[int, int]) -> tuple[Any, Cells | None]:
    """Return the cells over a larger shape; a row or column repeats, anything else ends in #N/A."""
    if value.shape == shape:
        return value, errors
    if value.size == 1 and errors is None:
        return np.broadcast_to(value, shape), None
    errors = np.full(value.shape, None, dtype=object) if errors is None else errors
    rows = shape[0] if value.shape[0] == 1 else value.shape[0]
    columns = shape[1] if value.shape[1] == 1 else value.shape[1]
    blank = np.nan if value.dtype == float else None
    wide = np.full(shape, blank, dtype=value.dtype)
    wrong = np.full(shape, ExcelError.NA, dtype=object)
    wide[:rows, :columns] = value
    wrong[:rows, :columns] = errors
    return wide, wrong


def _cells(result: Any) -> Cell | list[list[Cell]]:
    """Return a body's result as cells: NaN and None are #N/A, the infinite is #NUM!."""
    array = _judged(np.asarray(result))
    if array.size == 1:
        only: Cell = array.item()
        return only
    rows: list[list[Cell]] = (array.reshape(-1, 1) if array.ndim == 1 else array).tolist()
    return rows


def _judged(array: Any) -> Any:
    """Return the array with errors in place of what is no value; floats all at once."""
    if array.dtype != float:
        return (
            np.frompyfunc(_cell, 1, 1)(array) if array.ndim else np.array(_cell(array.item()), dtype=object)
        )
    if np.isfinite(array).all():
        return array
    return pick(np.isnan(array), ExcelError.NA, pick(np.isinf(array), ExcelError.NUM, array))


def _cell(value: Any) -> Cell:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool | str | ExcelError):
        return value
    if value is None or math.isnan(value):
        return ExcelError.NA
    return ExcelError.NUM if math.isinf(value) else float(value)
