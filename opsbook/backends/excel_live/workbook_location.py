"""Where an open workbook lies on disk: its archive and its exports stand beside it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from opsbook.domain.errors import BookError
from opsbook.domain.language import Text

# Addresses whose path is the one inside the synchronised folder; those of team sites are told by the registry alone.
_ADDRESSES = (
    (re.compile(r"https://d\.docs\.live\.net/[^/]+/(.+)", re.IGNORECASE), ("OneDriveConsumer", "OneDrive")),
    (
        re.compile(r"https://[^/]+-my\.sharepoint\.[^/]+/personal/[^/]+/[^/]+/(.+)", re.IGNORECASE),
        ("OneDriveCommercial", "OneDrive"),
    ),
)


def local_path(book: Any) -> Path:
    """Return the workbook's file; of one in OneDrive or SharePoint, that in the synchronised folder.

    Args:
        book: Excel's Workbook. Of one in the cloud Excel tells an address, ``https://…``.

    Raises:
        BookError: It was never saved, or no synchronised folder holds it; the sentence says what to do.
    """
    name, full = str(book.Name), str(book.FullName)
    if not str(book.Path):
        raise BookError(
            Text(
                f"工作簿 {name} 还没有保存过：请先另存到本机的一个文件夹（归档和 exports 文件夹会放在它旁边），再刷新。",
                f"The workbook {name} was never saved: save it into a folder of this computer first (its archive and the "
                "folder 'exports' stand beside it), then refresh.",
            )
        )
    if "://" not in full:
        return Path(full)
    for address in dict.fromkeys((full, unquote(full))):
        for path in _synchronised(address):
            if path.is_file():
                return path
    raise BookError(
        Text(
            f"工作簿 {name} 在云端（{full}），本机找不到它的同步文件：请在 OneDrive 中同步所在文件夹后从该文件夹打开，"
            "或另存到本机文件夹再刷新；归档和 exports 文件夹也放在那里。",
            f"The workbook {name} is in the cloud ({full}) and no synchronised file of it was found on this computer: let "
            "OneDrive synchronise its folder and open it from there, or save it into a local folder, then refresh; the "
            "archive and the folder 'exports' belong there too.",
        )
    )


def _synchronised(address: str) -> Iterator[Path]:
    """Yield where the file may be: by what OneDrive wrote into the registry, then by its variables.

    xlwings has a search of its own; where that finds no path it takes any file of the same name in any synchronised
    folder, and another store's archive would be beside it.
    """
    for prefix, folder in _mounts():
        if address.casefold().startswith(prefix.casefold()):
            yield Path(folder, *address[len(prefix) :].strip("/").split("/"))
    for pattern, variables in _ADDRESSES:
        if match := pattern.fullmatch(address):
            for variable in variables:
                if folder := os.environ.get(variable, ""):
                    yield Path(folder, *match[1].split("/"))


def _mounts() -> Iterator[tuple[str, str]]:
    """Yield address and local folder of everything that OneDrive synchronises, from the user's registry."""
    if sys.platform != "win32":
        return
    import winreg  # only there

    root = r"Software\SyncEngines\Providers\OneDrive"
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, root) as providers:
            for number in range(winreg.QueryInfoKey(providers)[0]):
                with winreg.OpenKey(providers, winreg.EnumKey(providers, number)) as entry:
                    try:
                        address, _ = winreg.QueryValueEx(entry, "UrlNamespace")
                        folder, _ = winreg.QueryValueEx(entry, "MountPoint")
                    except FileNotFoundError:
                        continue
                yield str(address), str(folder)
    except OSError:
        return
