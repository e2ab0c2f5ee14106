"""Finds the workbook that somebody means who names none: the only one of OpsBook in a folder."""

from __future__ import annotations

import zipfile
from pathlib import Path

from opsbook.domain.errors import OpsbookError
from opsbook.domain.language import Text

_KINDS = (".xlsx", ".xlsm")
_OURS, _COPY = b'"ops.format"', b'"ops.frozen"'
_SHOWN = 5


def workbooks(folder: Path) -> list[Path]:
    """Return the workbooks of OpsBook that lie in a folder, by name.

    Backups, copies to hand on, and files that a program holds open under a passing name are none.
    """
    if not folder.is_dir():
        return []
    return [path for path in sorted(folder.iterdir()) if _is_candidate(path) and is_workbook(path)]


def is_workbook(path: Path) -> bool:
    """Return whether a file is a workbook that OpsBook can refresh."""
    try:
        with zipfile.ZipFile(path) as package:
            book = package.read("xl/workbook.xml")
    except (OSError, KeyError, zipfile.BadZipFile, RuntimeError):  # no package, or one with a password
        return False
    return _OURS in book and _COPY not in book


def only_workbook(folder: Path) -> Path:
    """Return the workbook of OpsBook in a folder.

    Raises:
        OpsbookError: There is none, or more than one.
    """
    found = workbooks(folder)
    if len(found) == 1:
        return found[0]
    if not found:
        raise OpsbookError(
            Text(
                f"{folder} 里没有 OpsBook 工作簿：请写明工作簿的路径，或用 opsbook new 新建。",
                f"There is no workbook of OpsBook in {folder}: name one, or make one with opsbook new.",
            )
        )
    names = [path.name for path in found[:_SHOWN]] + ["…"] * (len(found) > _SHOWN)
    raise OpsbookError(
        Text(
            f"{folder} 里有 {len(found)} 个 OpsBook 工作簿（{'、'.join(names)}）：请写明是哪一个。",
            f"There are {len(found)} workbooks of OpsBook in {folder} ({', '.join(names)}): name the one you mean.",
        )
    )


def _is_candidate(path: Path) -> bool:
    hidden = path.name.startswith((".", "~$"))
    return (
        path.suffix.lower() in _KINDS and not hidden and not path.stem.endswith(".backup") and path.is_file()
    )
