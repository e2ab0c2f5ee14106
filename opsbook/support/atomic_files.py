"""Files put in their place in one step: complete and on the disk under a passing name first, then renamed.

Whenever the program is killed or the power fails, a file is the old one or the new one. A passing name that was
left behind is recognised by its form and cleared away by the next refresh.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

_MARK, _END = ".opsbook-", ".tmp"


def beside(path: Path, content: bytes | None = None) -> Path:
    """Return a new file in the folder of ``path``, under a passing name; its bytes are on the disk.

    Args:
        path: The file that it is to become.
        content: What it holds; None reserves the name alone, and no file is there.
    """
    made = path.with_name(f".{_short(path)}{_MARK}{secrets.token_hex(6)}{_END}")
    handle = os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            if content is not None:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        if content is None:
            made.unlink()
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    return made


def put(made: Path, path: Path) -> None:
    """Give a finished file its name; one that has the name already is replaced.

    Raises:
        OSError: It cannot be replaced; both files are as they were.
    """
    os.replace(made, path)  # noqa: PTH105 - named as what it is: the atomic step
    _sync_folder(path.parent)


def put_new(made: Path, path: Path) -> None:
    """Give a finished file its name unless another file has it.

    Raises:
        FileExistsError: Another program was faster; nothing was changed.
        OSError: The folder cannot be written.
    """
    try:
        os.link(made, path)  # a rename would replace, save on Windows
    except FileExistsError:
        raise
    except OSError:  # some memory sticks and network folders know no second name of a file
        if path.exists():
            raise FileExistsError(path) from None
        made.rename(path)
    else:
        made.unlink()
    _sync_folder(path.parent)


def create(path: Path, content: bytes) -> None:
    """Write a new file, whole or not at all.

    Raises:
        FileExistsError: There is one of that name.
        OSError: The folder cannot be written, or the disk is full.
    """
    made = beside(path, content)
    try:
        put_new(made, path)
    finally:
        made.unlink(missing_ok=True)


def write(path: Path, content: bytes, *, overwrite: bool) -> None:
    """Write a file, whole or not at all.

    Args:
        path: Its place.
        content: All of it.
        overwrite: A file that has the name already is replaced.

    Raises:
        FileExistsError: There is one of that name, and it is not to be replaced.
        OSError: The folder cannot be written, or the disk is full.
    """
    if not overwrite:
        create(path, content)
        return
    made = beside(path, content)
    try:
        put(made, path)
    finally:
        made.unlink(missing_ok=True)


def clear(path: Path) -> None:
    """Remove what a killed refresh left under passing names of ``path``; nobody else may be writing it."""
    begin = f".{_short(path)}{_MARK}"
    with contextlib.suppress(OSError), os.scandir(path.parent) as entries:
        for entry in entries:
            # A database under a passing name has companions that begin with its own.
            if entry.name.startswith(begin) and _END in entry.name and entry.is_file(follow_symlinks=False):
                with contextlib.suppress(OSError):
                    os.unlink(entry.path)  # noqa: PTH108 - scandir gives a str


def _short(path: Path) -> str:
    """Return the name, cut where the passing one would become too long for a file system."""
    return os.fsencode(path.name)[:180].decode("utf-8", "ignore")


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):  # some network folders cannot
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
