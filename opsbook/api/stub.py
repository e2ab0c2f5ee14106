"""Writes the types of `opsbook.api` for editors and type checkers: ``python -m opsbook.api.stub``.

``ruff format opsbook/api`` breaks its lines afterwards.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from opsbook.functions import FUNCTIONS

if TYPE_CHECKING:
    from opsbook.functions import Argument, Function

PATH = Path(__file__).with_name("__init__.pyi")
_HEAD = """# Types of opsbook.api; made by "python -m opsbook.api.stub" from the registry of functions.

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeAlias, overload

import numpy.typing as npt
import pandas as pd

from opsbook.api.books import figures as figures
from opsbook.api.books import refresh as refresh

Number: TypeAlias = float | int | None
Text: TypeAlias = str | float | None
Day: TypeAlias = date | float | None
Flag: TypeAlias = bool | None
Many: TypeAlias = Sequence[Any] | npt.NDArray[Any] | pd.Series | pd.DataFrame
"""
_TYPES = {
    "number": "Number",
    "integer": "Number",
    "date": "Day",
    "text": "Text",
    "key": "Text",
    "flag": "Flag",
}


def text() -> str:
    """Return the stub."""
    return "\n".join([_HEAD, *(_declared(function) for function in FUNCTIONS.values())]) + "\n"


def _declared(function: Function) -> str:
    name = function.name.lower()
    many = ", ".join(_parameter(each, f"{_TYPES[each.type]} | Many") for each in function.arguments)
    elementwise = function.result == "cells" and all(
        each.shape in ("cells", "scalar") for each in function.arguments
    )
    if not elementwise:
        return f"def {name}({many}) -> Any: ..."
    one = ", ".join(_parameter(each, _TYPES[each.type]) for each in function.arguments)
    result = "str" if function.words else "float"
    return f"@overload\ndef {name}({one}) -> {result}: ...\n@overload\ndef {name}({many}) -> Any: ..."


def _parameter(argument: Argument, kind: str) -> str:
    return f"{argument.name}: {kind}{' = None' if argument.optional else ''}"


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
