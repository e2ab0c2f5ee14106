"""The programs that run here, and the one of ours among them: the Python that serves Excel."""

from __future__ import annotations

import ctypes
import sys
import time
from collections.abc import Sequence
from typing import Any, ClassVar

from opsbook.integrations import shared_names

SERVER_EVENT = f"Local\\OpsBook server {shared_names.SERVER_CLSID}"
"""Exists while Python serves Excel in this session; set, it asks that Python to end."""

_ALL_PROCESSES = 2
_PATIENCE = 30.0  # seconds that the server has to come, and to end


class _ProcessEntry(ctypes.Structure):
    """PROCESSENTRY32W."""

    _fields_: ClassVar = [
        ("size", ctypes.c_uint32),
        ("usage", ctypes.c_uint32),
        ("process", ctypes.c_uint32),
        ("heap", ctypes.c_size_t),
        ("module", ctypes.c_uint32),
        ("threads", ctypes.c_uint32),
        ("parent", ctypes.c_uint32),
        ("priority", ctypes.c_int32),
        ("flags", ctypes.c_uint32),
        ("name", ctypes.c_wchar * 260),
    ]


def running() -> list[str]:
    """Return the file names of the running programs; none where there is no Windows."""
    if sys.platform != "win32":
        return []
    # Not psutil: it asks for more than names, which not every Windows answers.
    kernel: Any = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
    kernel.CreateToolhelp32Snapshot.restype = ctypes.c_void_p
    snapshot = ctypes.c_void_p(kernel.CreateToolhelp32Snapshot(_ALL_PROCESSES, 0))
    entry = _ProcessEntry(size=ctypes.sizeof(_ProcessEntry))
    found = []
    more = kernel.Process32FirstW(snapshot, ctypes.byref(entry))
    while more:
        found.append(entry.name)
        more = kernel.Process32NextW(snapshot, ctypes.byref(entry))
    kernel.CloseHandle(snapshot)
    return found


def serving() -> bool:
    """Tell whether a Python serves Excel."""
    return _server_event() is not None


def end_server() -> None:
    """Ask the Python that serves Excel to end, and wait for it."""
    deadline = time.monotonic() + _PATIENCE
    while (event := _server_event()) is not None and time.monotonic() < deadline:
        import win32event  # type: ignore[import-untyped]

        win32event.SetEvent(event)
        event.Close()
        time.sleep(0.1)


def _server_event() -> Any | None:
    try:
        import pywintypes  # type: ignore[import-untyped]
        import win32event
    except ImportError:  # no Windows, or the doctor's very finding
        return None
    try:
        return win32event.OpenEvent(win32event.EVENT_MODIFY_STATE, False, SERVER_EVENT)
    except pywintypes.error:
        return None


def start_server(command: Sequence[str]) -> None:
    """Start the Python that serves Excel; it outlives us. Return when it is there, or did not come."""
    import subprocess

    flags = getattr(subprocess, "DETACHED_PROCESS", 0) | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
    subprocess.Popen(  # noqa: S603 - our own Python
        command,
        creationflags=flags,
        close_fds=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + _PATIENCE
    while not serving() and time.monotonic() < deadline:
        time.sleep(0.1)
