"""How a function of the registry takes numbers, lists, arrays, Series and DataFrames, and gives the same back."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from opsbook.functions.calling import evaluate
from opsbook.functions.values import ExcelError, FunctionError

if TYPE_CHECKING:
    from opsbook.functions import Function

_TABLES = (pd.Series, pd.DataFrame)
_REASONS = {
    ExcelError.VALUE: "an argument is of the wrong kind or shape",
    ExcelError.NUM: "a number is out of range",
}


def bound(function: Function) -> Callable[..., Any]:
    """Return a function of the registry under its Python name, with signature and documentation."""
    parameters = [
        inspect.Parameter(
            each.name,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            default=None if each.optional else inspect.Parameter.empty,
        )
        for each in function.arguments
    ]
    signature = inspect.Signature(parameters)

    def called(*arguments: Any, **named: Any) -> Any:
        given = signature.bind(*arguments, **named)
        given.apply_defaults()
        return _call(function, given.args)

    called.__name__ = called.__qualname__ = function.name.lower()
    called.__doc__ = documentation(function)
    called.__module__ = "opsbook.api"
    called.__signature__ = signature  # type: ignore[attr-defined]  # what help() and editors read
    return called


def documentation(function: Function) -> str:
    """Return the docstring of a function, from its declaration."""
    lines = [
        f"{function.title.en}: {function.help.en}",
        "",
        f"{function.title.zh}：{function.help.zh}",
        "",
        "Args:",
    ]
    lines += [f"    {each.name}: {each.help.en}." for each in function.arguments]
    rules = dict.fromkeys((function.zero.en, function.negative.en, function.missing.en))
    lines += ["", "In Excel's words:", *(f"    {rule}." for rule in rules)]
    lines += ["", "Here #N/A is NaN, and #NUM! and #VALUE! raise ValueError."]
    return "\n".join(lines)


def _call(function: Function, arguments: Sequence[Any]) -> Any:
    """Return the result in the form of the arguments.

    Raises:
        ValueError: An argument is of the wrong kind or out of range; the message says what Excel would show.
    """
    aligned = list(arguments)
    for shape in ("cells", "vector"):  # a table of rates has labels of its own
        places = [at for at, each in enumerate(function.arguments) if each.shape == shape]
        for at, value in zip(places, _aligned([arguments[at] for at in places]), strict=True):
            aligned[at] = value
    try:
        with np.errstate(all="ignore"):  # an overflow is infinite, which is #NUM! in the end
            result = evaluate(function, *map(_cells, aligned))
    except FunctionError as error:
        result = error.error
    leading = "cells" if function.result == "cells" else "vector"
    models = [
        value
        for value, each in zip(aligned, function.arguments, strict=True)
        if each.shape == leading and isinstance(value, (*_TABLES, np.ndarray, list, tuple))
    ]
    if isinstance(result, list):
        rows = [[_value(function, cell) for cell in row] for row in result]
        return _formed(rows, models, function)
    only = _value(function, result)
    return _formed([[only]], models, function) if models and function.result in ("cells", "same") else only


def _aligned(arguments: Sequence[Any]) -> list[Any]:
    """Return the arguments with the same labels in the same order, wherever they have labels.

    Labels that one of them lacks are missing there.
    """
    series = [each for each in arguments if isinstance(each, pd.Series)]
    frames = [each for each in arguments if isinstance(each, pd.DataFrame)]
    if len(series) + len(frames) < 2:
        return list(arguments)
    index = _union([each.index for each in (*frames, *series)])
    columns = _union([each.columns for each in frames]) if frames else None
    found = []
    for each in arguments:
        if isinstance(each, pd.DataFrame):
            found.append(each.reindex(index=index, columns=columns))
        else:
            found.append(each.reindex(index) if isinstance(each, pd.Series) else each)
    return found


def _union(labels: list[Any]) -> Any:
    first, *rest = labels
    for other in rest:
        if not first.equals(other):
            if not (first.is_unique and other.is_unique):
                raise ValueError("labels that occur more than once cannot be aligned")
            first = first.union(other, sort=False)
    return first


def _cells(given: Any) -> Any:
    """Return an argument as cells: a column of Series, lists and flat arrays; None where something is missing."""
    if isinstance(given, pd.DataFrame):
        return [[_cell(each) for each in row] for row in given.to_numpy(dtype=object).tolist()]
    if isinstance(given, pd.Series):
        return [[_cell(each)] for each in given.astype(object).tolist()]
    if isinstance(given, np.ndarray) and given.ndim == 2:
        return [[_cell(each) for each in row] for row in given.astype(object).tolist()]
    if isinstance(given, np.ndarray | list | tuple):
        flat = given.astype(object).tolist() if isinstance(given, np.ndarray) else given
        nested = bool(len(flat)) and all(isinstance(each, list | tuple) for each in flat)
        return [[_cell(each) for each in row] if nested else [_cell(row)] for row in flat]
    return _cell(given)


def _cell(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    if isinstance(value, pd.Period):
        return value.start_time.to_pydatetime()
    return value if isinstance(value, str | bool | int | float | date | datetime) else str(value)


def _value(function: Function, cell: Any) -> Any:
    """Return a cell of the result; what is undefined is NaN."""
    if cell is ExcelError.NA:
        return math.nan
    if isinstance(cell, ExcelError):
        reason = _REASONS.get(cell, "it cannot be computed")
        raise ValueError(f"{function.name.lower()}: {reason} ({cell.value}). {function.signature()}")  # noqa: TRY004
    return cell


def _formed(rows: list[list[Any]], arguments: Sequence[Any], function: Function) -> Any:
    """Return rows of results in the form of the arguments: DataFrame, Series, array or list."""
    frame = next((each for each in arguments if isinstance(each, pd.DataFrame)), None)
    series = next((each for each in arguments if isinstance(each, pd.Series)), None)
    height, width = len(rows), len(rows[0])
    if frame is not None and frame.shape == (height, width):
        return pd.DataFrame(rows, index=frame.index, columns=frame.columns)
    if frame is not None or series is not None:
        labels = frame.index if series is None else series.index  # type: ignore[union-attr]
        if function.result == "row":
            return pd.Series(rows[0])
        index = labels if len(labels) == height else None
        if width == 1:
            return pd.Series([row[0] for row in rows], index=index)
        return pd.DataFrame(rows, index=index)
    flat = [row[0] for row in rows] if width == 1 else rows[0] if function.result == "row" else rows
    arrays = [each for each in arguments if isinstance(each, np.ndarray)]
    if arrays:
        keeps = any(each.ndim == 2 for each in arrays) and function.result == "cells"
        return np.array(rows if keeps else flat)
    return flat
