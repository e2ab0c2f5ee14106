"""A workbook as PDF, printed by the program that the computer has: Excel on Windows, else LibreOffice."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from opsbook.domain.errors import BookError
from opsbook.domain.language import Text
from opsbook.support import atomic_files as files

Printer = Callable[[Path, Path], None]
"""Prints a workbook into a PDF; both are files in a folder of their own."""
_PATIENCE = 300.0  # seconds that a program has for a workbook
_PDF = 0  # xlTypePDF


def printer() -> Printer:
    """Return what prints here.

    Raises:
        BookError: There is neither Excel nor LibreOffice, with what to do.
    """
    if _has_excel():
        return by_excel
    if office := libreoffice():
        return lambda book, target: by_libreoffice(office, book, target)
    raise BookError(
        Text(
            "本机没有 Excel（Windows）也没有 LibreOffice，无法生成 PDF：请安装其中一个，或不加 --pdf，把 .xlsx 副本在别处打开后另存为 PDF。",
            "This computer has neither Excel (on Windows) nor LibreOffice, so no PDF can be made: install one of them, or leave --pdf out and save the .xlsx copy as PDF elsewhere.",
        ),
        "computer",
    )


def check_target(target: Path, *, overwrite: bool) -> None:
    """Make sure that a PDF may be written.

    Raises:
        BookError: There is a file of that name that may not be replaced.
    """
    if target.exists() and not overwrite:
        raise BookError(
            Text(
                f"{target} 已存在，不会覆盖：请换一个名字，或加 --overwrite。",
                f"{target} exists and is not overwritten: choose another name, or say --overwrite.",
            )
        )


def write(book: Path, target: Path, how: Printer, *, overwrite: bool = False) -> None:
    """Write a workbook as PDF, whole or not at all.

    Args:
        book: The .xlsx; it is only read.
        target: The .pdf, as `check_target` passed it.
        how: As `printer` gives it.
        overwrite: Whether a file that is there may be replaced.

    Raises:
        BookError: It could not be printed or saved.
    """
    with tempfile.TemporaryDirectory(prefix="opsbook-pdf-") as folder:
        copy, made = Path(folder) / "book.xlsx", Path(folder) / "book.pdf"
        shutil.copyfile(book, copy)
        how(copy, made)
        if not made.exists():
            raise _failed(target, "")
        content = made.read_bytes()
    try:
        files.write(target, content, overwrite=overwrite)
    except OSError as error:
        raise _failed(target, error.strerror or str(error)) from None


def by_libreoffice(office: str, book: Path, target: Path) -> None:
    """Print with LibreOffice, in a profile of its own: one that is open is not disturbed.

    Raises:
        BookError: It failed, or took too long.
    """
    profile = book.parent / "profile"
    command = [
        office,
        f"-env:UserInstallation={profile.as_uri()}",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(target.parent),
        str(book),
    ]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_PATIENCE)  # noqa: S603 - LibreOffice as found
    except (OSError, subprocess.SubprocessError) as error:
        raise _failed(target, type(error).__name__) from None


def by_excel(book: Path, target: Path) -> None:
    """Print with an Excel of our own, which is closed again.

    Raises:
        BookError: Excel failed.
    """
    import xlwings  # Windows, and heavy

    app: Any = None
    try:
        app = xlwings.App(visible=False, add_book=False)
        app.display_alerts = False
        opened = app.books.open(str(book), update_links=False, read_only=True)
        opened.api.ExportAsFixedFormat(_PDF, str(target))
        opened.close()
    except Exception as error:  # noqa: BLE001 - Excel's faults are of many kinds
        raise _failed(target, type(error).__name__) from None
    finally:
        if app is not None:
            app.quit()


def libreoffice() -> str:
    """Return the program of LibreOffice; empty where there is none."""
    for name in ("soffice", "libreoffice"):
        if found := shutil.which(name):
            return found
    return next((str(path) for path in _usual_places() if path.exists()), "")


def _usual_places() -> Iterator[Path]:
    if sys.platform == "darwin":
        yield Path("/Applications/LibreOffice.app/Contents/MacOS/soffice")
    for folder in ("ProgramFiles", "ProgramFiles(x86)"):
        if root := os.environ.get(folder):
            yield Path(root) / "LibreOffice" / "program" / "soffice.com"


def _has_excel() -> bool:
    if sys.platform != "win32":
        return False
    import winreg  # Windows only

    try:
        winreg.CloseKey(winreg.OpenKey(winreg.HKEY_CLASSES_ROOT, r"Excel.Application\CLSID"))
    except OSError:
        return False
    return True


def _failed(target: Path, why: str) -> BookError:
    detail = f"（{why}）" if why else ""
    details = f" ({why})" if why else ""
    return BookError(
        Text(
            f"PDF {target} 没有生成{detail}，.xlsx 副本不受影响：请用 Excel 或 LibreOffice 打开副本后另存为 PDF。",
            f"The PDF {target} was not made{details}; the .xlsx copy is not affected: open it in Excel or LibreOffice and save it as PDF.",
        ),
        "computer",
    )
