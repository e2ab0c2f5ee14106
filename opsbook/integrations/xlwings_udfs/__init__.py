"""Every function of the registry as an xlwings UDF. Nothing is computed here: cells in, `call`, cells out.

Each argument is taken raw, as Windows hands it over: a cell or rows of cells, in which an error is a whole number
and every real number a float. Results that are Excel errors leave as their text (``#N/A``), for the way back knows
no errors; the VBA of ``opsbook.integrations.vba`` turns that text into the error itself.
"""

from __future__ import annotations

import inspect
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any

from opsbook.domain.excel_dates import number_of
from opsbook.functions import FUNCTIONS, ExcelError, call
from opsbook.integrations.vba.ribbon import CATEGORY

try:
    import xlwings as xw
except ImportError:  # the functions are plain functions then, as they are with xlwings on Linux and macOS
    xw = None

from collections.abc import Callable

from opsbook.domain.language import Language

if TYPE_CHECKING:
    from opsbook.functions import Function

_ERRORS = {
    error.code - 2**31 + 0xA0000: error for error in ExcelError
}  # 0x800A0000 and VBA's number of the error
_PLAIN = frozenset((float, str, bool, type(None)))  # passed on as they are
_ROWS = frozenset((list, tuple))


def bind(language: Language) -> dict[str, Callable[..., object]]:
    """Return every function by name, decorated for xlwings.

    Args:
        language: Of help texts, and of words in results.
    """
    return {name: _bound(function, language) for name, function in FUNCTIONS.items()}


def _bound(function: Function, language: Language) -> Callable[..., object]:
    def udf(*cells: object) -> object:
        return shown(call(function.name, *map(given, cells), language=language))

    udf.__name__ = udf.__qualname__ = function.name
    udf.__doc__ = function.comment(language)
    parameters = [
        inspect.Parameter(
            each.name,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            default=None if each.optional else inspect.Parameter.empty,
        )
        for each in function.arguments
    ]
    udf.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # what xlwings reads
    udf.__annotations__ = {}
    if xw is None:
        return udf
    decorated: Any = udf
    for each in function.arguments:
        decorated = xw.arg(each.name, "raw", doc=each.help[language])(decorated)
    result: Callable[..., object] = xw.func(category=CATEGORY)(decorated)  # last: `arg` resets the category
    return result


def given(cells: object) -> object:
    """Return an argument as `call` wants it: a cell, or a list of rows."""
    if isinstance(cells, list | tuple):
        return cells if _passes(cells) else [given(each) for each in cells]
    if type(cells) is int:
        return _ERRORS.get(cells, cells)
    if isinstance(cells, Decimal):  # a cell of the format Currency
        return float(cells)
    if isinstance(cells, date):  # what counts is the cell's number, as in every formula
        return number_of(cells)
    return cells


def _passes(cells: list[Any] | tuple[Any, ...]) -> bool:
    """Return whether cells, or rows of them, are passed on as they are; asked without a call for each."""
    if _ROWS.issuperset(map(type, cells)):
        return _PLAIN.issuperset(map(type, chain.from_iterable(cells)))
    return _PLAIN.issuperset(map(type, cells))


def shown(result: object) -> object:
    """Return a result as it travels back: an error is its text."""
    if isinstance(result, list):
        return result if _passes(result) else [shown(each) for each in result]
    return str(result) if isinstance(result, ExcelError) else result
