"""Writes zip files whose bytes depend on nothing but their content."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from typing import IO

Moment = tuple[int, int, int, int, int, int]
OLDEST: Moment = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can hold; it stands for no time."""


def write_zip(
    stream: IO[bytes],
    members: Iterable[tuple[str, bytes]],
    *,
    unix: bool = False,
    at: Moment = OLDEST,
) -> None:
    """Write members in their order.

    Args:
        stream: A seekable file, open for writing.
        members: Names and contents. They are taken one by one, so contents need not be in memory together.
        unix: The zip is marked as packed on Unix, with files that everybody may read. Some programs read names in
            UTF-8 only then. Else it is marked as packed on Windows, as office programs do it.
        at: Year, month, day, hour, minute and second of every member.
    """
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            entry = zipfile.ZipInfo(name, at)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3 if unix else 0
            entry.external_attr = (0o644 if unix else 0o600) << 16
            archive.writestr(entry, content)


def zipped(members: Iterable[tuple[str, bytes]]) -> bytes:
    """Return the zip of `write_zip` as bytes."""
    stream = io.BytesIO()
    write_zip(stream, members)
    return stream.getvalue()
