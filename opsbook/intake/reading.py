"""Reads sources in order: each file read and cleaned in a child process, what is known already not at all."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import TYPE_CHECKING

from opsbook.intake import export_time, zips
from opsbook.intake.clean_tables import Source, SourceReading
from opsbook.intake.limits import Limits, Unreadable

if TYPE_CHECKING:
    from opsbook.intake.header_map import HeaderMap
    from opsbook.intake.ipc import ReadingResult

_AHEAD = 24  # files under way or finished before their turn; their tables are in memory
_AHEAD_BYTES = 128 << 20  # so much of them at most, as `_size` counts


def read(
    sources: Sequence[Source],
    maps: HeaderMap,
    *,
    known: Collection[tuple[str, str]] = (),
    found: Sequence[str] = (),
    limits: Limits | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> Iterator[SourceReading]:
    """Yield one reading per source, in the order of ``sources``.

    Args:
        sources: What to read, as `opsbook.intake.export_files.find` gives it, and paste sheets.
        maps: What people said about headers.
        known: Digest and name of what was taken in already: such a source comes back with its digest and stamp
            only. The same content under another name is read: a name may carry the period.
        found: What `digests` said of the sources, where it was asked before.
        limits: Memory and time for one file.
        progress: Called with (readings done, all, name of the last one).

    Raises:
        OpsbookError: No reading process can be started. Trouble with a file is an issue of its reading.
    """
    limits = limits or Limits()
    taken = frozenset(known)
    times = _stamps(sources)
    found = found or (digests(sources) if taken else [""] * len(sources))
    if all((digest, source.name) in taken for source, digest in zip(sources, found, strict=True)):
        # Nothing to read: no process, and not even the code that starts one.
        for done, (source, stamp, digest) in enumerate(zip(sources, times, found, strict=True), 1):
            if progress:
                progress(done, len(sources), source.name)
            yield SourceReading(source, digest, stamp)
        return
    from opsbook.intake.process_pool import Pool  # starting a program must not cost its workers
    from opsbook.intake.reading_process import Setup, Task

    of_sheets = {source.name for source in sources if source.sheet}
    setup = Setup(maps, limits, frozenset(digest for digest, name in taken if name in of_sheets))
    waiting: deque[tuple[Source, datetime | None, SourceReading | Future[ReadingResult]]] = deque()
    rest = deque(zip(sources, times, found, strict=True))
    done = ahead = 0
    with Pool(setup) as pool:
        while True:
            while rest and len(waiting) < _AHEAD and (ahead < _AHEAD_BYTES or not waiting):
                source, stamp, digest = rest.popleft()
                if (digest, source.name) in taken:
                    waiting.append((source, stamp, SourceReading(source, digest, stamp)))
                else:
                    ahead += _size(source)
                    waiting.append((source, stamp, pool.submit(Task(source, stamp), _size(source))))
            if not waiting:
                return
            source, stamp, answer = waiting.popleft()
            ahead -= 0 if isinstance(answer, SourceReading) else _size(source)
            reading = (
                answer if isinstance(answer, SourceReading) else _reading(source, stamp, answer.result())
            )
            done += 1
            if progress:
                progress(done, len(sources), source.name)
            yield reading


def digests(sources: Sequence[Source]) -> list[str]:
    """Return the SHA-256 of each file; empty for paste sheets and what cannot be read."""
    return ["" if source.sheet else _digest(source) for source in sources]


def _reading(source: Source, stamp: datetime | None, result: ReadingResult) -> SourceReading:
    tables = [parcel.unpacked() for parcel in result.parcels]
    # A process that was ended told no digest; with one, the file is not tried again at every refresh.
    digest = result.digest or ("" if source.sheet else _digest(source))
    return SourceReading(source, digest, stamp, tables, result.issues)


def _digest(source: Source) -> str:
    try:
        if source.member:
            with zips.opened(source.path, source.member) as packed:
                return hashlib.file_digest(packed, "sha256").hexdigest()  # type: ignore[arg-type]
        with source.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (Unreadable, OSError):
        return ""  # the reading process says what is wrong


def _size(source: Source) -> int:
    """Return bytes to read, roughly: what is packed counts more."""
    try:
        size = source.path.stat().st_size
    except OSError:
        return 0
    if source.member:
        return size // 4
    return size * 4 if source.path.suffix.lower() in (".xlsx", ".xlsm", ".xlsb", ".ods", ".parquet") else size


def _stamps(sources: Sequence[Source]) -> list[datetime | None]:
    """Return when each export was made; None for paste sheets."""
    return export_time.in_order(
        [
            (
                source.name,
                None if source.sheet else export_time.download_time(source.name) or _written(source),
            )
            for source in sources
        ]
    )


def _written(source: Source) -> datetime | None:
    if source.member and (packed := zips.written_at(source.path, source.member)):
        return packed
    try:
        # As the clock on the wall says, like the times in names.
        return datetime.fromtimestamp(source.path.stat().st_mtime).astimezone().replace(tzinfo=None)
    except (OSError, OverflowError, ValueError):
        return None
