"""OpsBook from Python: the functions on numbers, lists, arrays, Series and DataFrames; refreshes; figures.

>>> from opsbook import api
>>> api.yoy_growth(120, 100)
0.2

Each function has the name of the one in Excel, in small letters, and gives back what it was given: a number for
numbers, a list for lists, an array, a Series or a DataFrame. Series and DataFrames are aligned by their labels.
What is undefined is NaN. `refresh` brings a workbook up to date, `figures` gives what it holds as a DataFrame.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from opsbook.api.books import figures, refresh

__all__ = ["figures", "refresh"]  # and every function: see `__dir__`


def __getattr__(name: str) -> Callable[..., Any]:
    """Return a function of the registry; its declaration is read on first use."""
    from opsbook.api.registry_calls import bound
    from opsbook.functions import FUNCTIONS

    if not name.islower() or name.upper() not in FUNCTIONS:
        raise AttributeError(f"module 'opsbook.api' has no attribute {name!r}")
    globals()[name] = made = bound(FUNCTIONS[name.upper()])
    return made


def __dir__() -> list[str]:
    """Return every public name."""
    from opsbook.functions import FUNCTIONS

    return sorted([*__all__, *(name.lower() for name in FUNCTIONS)])
