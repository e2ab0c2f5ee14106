"""The Python that runs from logon on and calculates for Excel: ``pythonw -m opsbook.deploy.windows.calculation_server``.

Excel then starts no program, which company rules may forbid, and the first formula does not wait.
"""

from __future__ import annotations

import threading
from typing import Any

from opsbook.deploy.windows.running_programs import SERVER_EVENT
from opsbook.integrations import shared_names

_ALREADY_EXISTS = 183
_QUIT = 0x0012  # WM_QUIT
_LEAVE = 0  # PM_NOREMOVE


def main() -> None:
    """Serve until logoff, or until the installer asks us to end; a second one leaves at once."""
    import win32api  # type: ignore[import-untyped]
    import win32com.server.util  # type: ignore[import-untyped]
    import win32event  # type: ignore[import-untyped]
    import win32gui  # type: ignore[import-untyped]
    import xlwings.com_server

    import opsbook.integrations.xlwings_udfs.en  # now, not at the first formula
    import opsbook.integrations.xlwings_udfs.zh  # noqa: F401

    win32gui.PeekMessage(None, 0, 0, _LEAVE)  # from now on this thread can be sent a message
    event = win32event.CreateEvent(None, True, False, SERVER_EVENT)
    if win32api.GetLastError() == _ALREADY_EXISTS:
        return
    threading.Thread(target=_end_when_asked, args=(event, win32api.GetCurrentThreadId()), daemon=True).start()
    # xlwings' server ends with its last client, when Excel closes: one object of our own keeps it for the next.
    held = win32com.server.util.wrap(xlwings.com_server.XLPython())
    xlwings.serve(shared_names.SERVER_CLSID)
    del held


def _end_when_asked(event: Any, thread: int) -> None:
    import win32api
    import win32event

    win32event.WaitForSingleObject(event, win32event.INFINITE)
    win32api.PostThreadMessage(thread, _QUIT, 0, 0)


if __name__ == "__main__":
    main()
