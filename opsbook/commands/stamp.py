"""The stamp of a refresh: what every file looked like, so that the next refresh sees without reading that nothing is new.

A stamp holds size, times, inode and mode of the workbook, the archive and everything in the folder of exports, with
what was reported. It lies in the user's cache, not beside the workbook: a copied folder has none. As in git, a file
that was written at the very moment of the stamp counts as changed. A stamp misses an edit that keeps the size and sets
the times back, which on Linux and Mac it cannot (the inode's own time moves); `opsbook refresh --verify` reads all.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opsbook import __version__

_TICK, _COARSE = 20_000_000, 2_000_000_000  # nanoseconds between two times of a file system: most, and FAT
_MOST_FILES = 20_000


@dataclass(frozen=True)
class Stamp:
    """What a refresh of unchanged files reports.

    Attributes:
        lines: For people.
        document: For programs.
        status: Exit status.
    """

    lines: list[str]
    document: dict[str, Any]
    status: int


def look(book: Path, exports: Path | None, archive: Path | None) -> str | None:
    """Return a digest of how all files look now, None where a stamp would not be safe.

    Args:
        book: The workbook.
        exports: Folder or zip of exports, as given; by default ``exports`` beside the workbook.
        archive: As given; by default the workbook's name with ``.duckdb``.
    """
    folder, store = exports or book.parent / "exports", archive or book.with_suffix(".duckdb")
    now = time.time_ns()
    digest = hashlib.sha256(repr((__version__, str(book), str(folder), str(store))).encode())
    try:
        for path in (book, store, *_below(folder)):
            found = path.stat()
            grain = _TICK if found.st_mtime_ns % 1_000_000_000 else _COARSE
            if (
                now - max(found.st_mtime_ns, 0) < grain
            ):  # it may change again and look the same; or its time is ahead
                return None
            facts = (
                str(path),
                found.st_size,
                found.st_mtime_ns,
                found.st_ctime_ns,
                found.st_ino,
                found.st_mode,
            )
            digest.update(repr(facts).encode("utf-8", "surrogateescape"))
        for beside in (book.with_name(f"~${book.name}"), Path(f"{store}.wal")):
            if beside.exists():  # open in Excel, or left by a killed refresh
                return None
    except OSError:
        return None
    return digest.hexdigest()


def _below(folder: Path) -> Iterator[Path]:
    """Yield a folder with everything in it, in a fixed order.

    Raises:
        OSError: There are too many files.
    """
    if not folder.exists():
        return
    yield folder
    count = 0
    for root, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted([*folders, *files]):
            count += 1
            if count > _MOST_FILES:
                raise OSError(folder)
            yield Path(root, name)


def recall(book: Path, looks: str) -> Stamp | None:
    """Return the stamp of a refresh whose files looked like this, None where there is none."""
    try:
        known = json.loads(_place(book).read_text(encoding="utf-8"))
        if known["looks"] != looks:
            return None
        return Stamp(list(known["lines"]), dict(known["document"]), int(known["status"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep(book: Path, exports: Path | None, archive: Path | None, stamp: Stamp) -> None:
    """Keep a stamp of the files as they are now; where that is not possible the next refresh reads them."""
    looks = look(book, exports, archive)
    if looks is None:
        time.sleep(_TICK / 1e9)  # the archive was written a moment ago
        looks = look(book, exports, archive)
    if looks is None:
        return
    place = _place(book)
    text = json.dumps(
        {"looks": looks, "lines": stamp.lines, "document": stamp.document, "status": stamp.status},
        default=str,
    )
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        passing = place.with_suffix(f".{os.getpid()}")
        handle = os.open(passing, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        passing.replace(place)


def _place(book: Path) -> Path:
    key = hashlib.sha256(str(book.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:24]
    return _cache() / f"{key}.json"


def _cache() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "OpsBook" / "stamps"
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/opsbook/stamps"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "opsbook" / "stamps"
