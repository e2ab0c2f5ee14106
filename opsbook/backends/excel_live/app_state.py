"""Excel kept still while it is written: no drawing, no recalculation, no events; put back whatever happens."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from opsbook.backends.excel_live import excel_errors

MANUAL = -4135  # xlCalculationManual
# Calculation is put back last: Excel then calculates at once, with events and drawing as they were.
_STILL = (
    ("Calculation", MANUAL),
    ("EnableEvents", False),
    ("ScreenUpdating", False),
    ("DisplayAlerts", False),
)
_LINE = 120  # characters that a status bar shows


@contextmanager
def quiet(app: Any) -> Iterator[Callable[[int, int, str], None]]:
    """Keep Excel still; give a callback that shows progress in the status bar.

    Args:
        app: Excel's Application.

    Yields:
        Called with done, total and what is being done, as of `opsbook.commands.refresh.Progress`.

    Raises:
        BookError: Excel is busy; nothing was changed.
    """
    kept: list[tuple[str, Any]] = []
    status = excel_errors.insist(lambda: app.StatusBar)  # False while Excel itself speaks there
    try:
        for name, still in _STILL:
            kept.append((name, excel_errors.insist(partial(getattr, app, name))))
            excel_errors.insist(partial(setattr, app, name, still))
        yield lambda done, total, what: _show(app, done, total, what)
    finally:
        for name, value in [*reversed(kept), ("StatusBar", status)]:
            # One that cannot be put back must not keep the others from it.
            with contextlib.suppress(Exception):
                excel_errors.insist(partial(setattr, app, name, value))


def _show(app: Any, done: int, total: int, what: str) -> None:
    share = f" {done}/{total}" if total > 1 else ""
    with contextlib.suppress(Exception):  # progress is a courtesy
        app.StatusBar = f"OpsBook: {what}{share}"[:_LINE]
