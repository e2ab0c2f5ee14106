"""Folders in which Excel runs macros without asking: the user's trusted locations."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from opsbook.deploy.windows import office_settings
from opsbook.domain.errors import OpsbookError
from opsbook.domain.language import Text

if TYPE_CHECKING:
    from opsbook.deploy.windows.install_ledger import Ledger
    from opsbook.deploy.windows.machine import Machine


def add(machine: Machine, book: Ledger, folders: Sequence[Path]) -> Iterator[Text]:
    """Trust folders that are not trusted yet; tell each."""
    key = rf"{office_settings.settings(machine)}\Security\Trusted Locations"
    for folder in folders:
        if is_trusted(machine, folder):
            continue
        taken = {name.casefold() for name in machine.registry.keys(key)}
        number = next(each for each in range(1, len(taken) + 2) if f"location{each}" not in taken)
        place = rf"{key}\Location{number}"
        book.set(place, "Path", f"{folder}{os.sep}")
        book.set(place, "AllowSubfolders", 1)
        book.set(place, "Description", "OpsBook")
        yield Text(
            f"已信任文件夹 {folder}：其中工作簿的宏不再询问。",
            f"Trusted: macros of workbooks in {folder} run without asking.",
        )


def is_trusted(machine: Machine, path: Path) -> bool:
    """Tell whether Excel runs the macros of what lies in a folder without asking."""
    trusted = office_settings.trusted_folders(machine)
    around = [str(each).casefold() for each in (path, *path.parents)]
    return any(
        around[0] == each.casefold() or (inside and each.casefold() in around)
        for each, inside in trusted.items()
    )


def trustable(machine: Machine, folder: Path) -> Path:
    """Return the folder's full path.

    Raises:
        OpsbookError: It is missing, on the network, or one into which downloads come.
    """
    whole = folder.resolve()
    if not whole.is_dir():
        raise OpsbookError(Text(f"文件夹 {whole} 不存在。", f"There is no folder {whole}."))
    if str(whole).startswith("\\\\"):
        raise OpsbookError(
            Text(
                f"{whole} 在网络上：Excel 不接受网络文件夹作为受信任位置，请改用本机文件夹。",
                f"{whole} is on the network, and Excel trusts no such folder; choose one on this computer.",
            )
        )
    home = Path(machine.env["USERPROFILE"]).resolve()
    open_to_all = [home / "Downloads", Path(machine.env.get("TEMP", home / "Downloads")).resolve()]
    if any(whole == each or whole in each.parents or each in whole.parents for each in open_to_all):
        raise OpsbookError(
            Text(
                f"不能信任 {whole}：下载的文件也会进入这里，其中的宏会不经询问就运行。请为工作簿单独建一个文件夹。",
                f"{whole} is not trusted: downloads land there too, and their macros would run unasked. "
                "Make a folder for the workbooks alone.",
            )
        )
    return whole
