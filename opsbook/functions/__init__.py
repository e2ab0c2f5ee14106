"""OpsBook's functions: one registry, many hosts.

``FUNCTIONS`` is every function by name; `call` evaluates one on cells; `lambda_names` gives the native Excel
definitions. The bodies (``opsbook.functions.growth.change``, ...) are plain functions on arrays with NaN for
what is undefined; metrics import them directly.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from opsbook.functions.values import ExcelError, FunctionError

if TYPE_CHECKING:
    from opsbook.functions.calling import call
    from opsbook.functions.excel import inline_formula, lambda_names
    from opsbook.functions.plain import plain_formula
    from opsbook.functions.registry import Argument, Function

    FUNCTIONS: Mapping[str, Function]

__all__ = [
    "FUNCTIONS",
    "Argument",
    "ExcelError",
    "Function",
    "FunctionError",
    "call",
    "inline_formula",
    "lambda_names",
    "plain_formula",
]

_HOMES = {
    "call": "calling",
    "lambda_names": "excel",
    "inline_formula": "excel",
    "plain_formula": "plain",
    "Function": "registry",
    "Argument": "registry",
}


def __getattr__(name: str) -> Any:
    """Load on first use, so that importing one body does not read the declarations."""
    if name == "FUNCTIONS":
        return import_module("opsbook.functions.registry").functions()
    if name in _HOMES:
        return getattr(import_module(f"opsbook.functions.{_HOMES[name]}"), name)
    raise AttributeError(name)
