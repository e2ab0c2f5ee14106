"""OpsBook's functions: one registry, many hosts.

``FUNCTIONS`` is every function by name; `call` evaluates one on cells; `lambda_names` gives the native Excel
definitions. The bodies (``opsbook.functions.growth.change``, ...) are plain functions on arrays with NaN for
what is undefined; metrics import them directly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opsbook.functions.values import ExcelError, FunctionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opsbook.functions.calling import call
    from opsbook.functions.excel import inline_formula, lambda_names
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
]


def __getattr__(name: str) -> Any:
    """Load on first use, so that importing one body does not read the declarations."""
    if name == "FUNCTIONS":
        from opsbook.functions.registry import functions

        return functions()
    if name == "call":
        from opsbook.functions.calling import call

        return call
    if name in ("lambda_names", "inline_formula"):
        from opsbook.functions import excel

        return getattr(excel, name)
    if name in ("Function", "Argument"):
        from opsbook.functions import registry

        return getattr(registry, name)
    raise AttributeError(name)
