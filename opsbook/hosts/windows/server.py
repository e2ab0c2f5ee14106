"""The Python that runs from logon on and calculates for Excel: ``pythonw -m opsbook.hosts.windows.server``.

Excel then starts no program, which company rules may forbid, and the first formula does not wait.
"""

from __future__ import annotations

from opsbook.hosts.windows import names


def main() -> None:
    """Serve until logoff; a second one leaves at once."""
    import win32api  # type: ignore[import-untyped]  # noqa: PLC0415
    import win32event  # type: ignore[import-untyped]  # noqa: PLC0415
    import xlwings  # noqa: PLC0415

    # Held until we end.
    mutex = win32event.CreateMutex(None, False, f"OpsBook {names.SERVER_CLSID}")
    if win32api.GetLastError() == 183:  # it exists already
        return
    import opsbook.hosts.udfs.en  # noqa: PLC0415
    import opsbook.hosts.udfs.zh  # noqa: F401, PLC0415

    xlwings.serve(names.SERVER_CLSID)
    del mutex


if __name__ == "__main__":
    main()
