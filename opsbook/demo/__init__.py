"""The demonstration store: exports of an imaginary shop, in the platform's own formats.

The files lie in the package as one archive. ``tests/demo/generator`` simulates the shop and makes the archive.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

__all__ = ["ARCHIVE", "MARKER_FILE", "write_exports"]

ARCHIVE = "exports.tar.xz"
MARKER_FILE = "演示数据-DEMO.txt"


def write_exports(folder: Path, *, progress: Callable[[int, int, str], None] | None = None) -> list[Path]:
    """Write the exports of the demonstration store.

    The files cover January 2025 to September 2026. Their modification times are the imagined download times.

    Args:
        folder: Where to write; made when missing. Other files in it are left alone.
        progress: Called before each file with files done, files in all, and the file's name, and once at
            the end.

    Returns:
        The files, in the order written.

    Raises:
        OSError: The folder or a file cannot be written.
    """
    import tarfile  # the command line starts without it

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with files(__name__).joinpath(ARCHIVE).open("rb") as stream, tarfile.open(fileobj=stream) as archive:
        members = archive.getmembers()
        for done, member in enumerate(members):
            if progress:
                progress(done, len(members), member.name)
            content = archive.extractfile(member)
            if content is None:
                raise ValueError(f"{ARCHIVE}: {member.name} is no file")
            path = folder / member.name
            path.write_bytes(content.read())
            os.utime(path, (member.mtime, member.mtime))
            written.append(path)
    if progress:
        progress(len(members), len(members), "")
    return written
