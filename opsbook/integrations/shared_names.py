"""Names on which the workbooks' VBA and the installer agree."""

from __future__ import annotations

from collections.abc import Mapping

FOLDER = "OpsBook"
"""Our folder inside ``%LOCALAPPDATA%``."""

PROJECT = "opsbook"
"""The configuration is ``%USERPROFILE%\\.opsbook\\opsbook.conf``, apart from the user's own xlwings."""

DLLS: Mapping[int, str] = {32: "opsbook32.dll", 64: "opsbook64.dll"}
"""Our copies of xlwings' DLLs, by the bits of Excel: the same place and name for every Python and every release."""

SERVER_CLSID = "{883112ec-ead5-4111-9c62-00162d98aebd}"
"""Of the Python that runs since logon, where one does; xlwings' own may be served by another program of the user."""

LONGEST_COMMAND = 650
"""Characters of the command that starts Python. The DLL copies it into 2048 bytes and takes Excel down when it is
longer; in no code page has a character more than three."""
