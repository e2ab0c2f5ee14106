"""The workbook from which a macro called Python, and what is said to the person in front of it."""

from __future__ import annotations

import contextlib
import sys
from typing import Any

from opsbook.domain.language import Language, as_language

_ATTEMPTS = 100  # of each call to a busy Excel; xlwings' own default is to try for ever, without a pause
_LONGEST = 1200  # characters that a message box shows on a small screen


def calling_book() -> Any:
    """Return xlwings' Book of the workbook whose macro runs.

    Raises:
        Exception: Not called by a macro.
    """
    import xlwings  # half a second

    if sys.platform == "win32":
        from xlwings import _xlwindows  # there alone

        _xlwindows.N_COM_ATTEMPTS = _ATTEMPTS
    return xlwings.Book.caller()


def language_of(book: Any) -> Language:
    """Return the language of one of our workbooks, Chinese for any other.

    Args:
        book: Excel's Workbook.
    """
    with contextlib.suppress(
        Exception
    ):  # not ours, or Excel is busy: there is something more important to say
        return as_language(str(book.Names.Item("ops.language").RefersTo).strip('="'))
    return "zh"


def tell(book: Any, text: str, *, trouble: bool) -> None:
    """Show a message box over Excel, and wait until it is read.

    Args:
        book: xlwings' Book.
        text: What to say.
        trouble: Whether it is a warning.
    """
    shown = text if len(text) <= _LONGEST else text[:_LONGEST].rpartition("\n")[0] + "\n…"
    book.app.alert(shown, title="OpsBook", mode="critical" if trouble else "info")
