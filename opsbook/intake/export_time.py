"""When an export was made: the download time in its name, else the file's own time. Newer copies win later."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import PurePosixPath

DOWNLOADED = re.compile(
    r"(?<!\d)(20\d\d)-?(\d\d)-?(\d\d)[ _T]?([01]\d|2[0-3])[_:.-]?([0-5]\d)[_:.-]?([0-5]\d)(?!\d|[-.]\d\d(?!\d))"
)
_COPY = re.compile(r"\s*[(（](\d{1,3})[)）]$")


def last_part(name: str) -> str:
    """Return the last part of a source's name: ``b.xls`` of ``a.zip!x/b.xls``."""
    return name.replace("!", "/").replace("\\", "/").rpartition("/")[2]


def stem(name: str) -> str:
    """Return the last part without extension and without the `` (1)`` that browsers add to a copy."""
    return _COPY.sub("", PurePosixPath(last_part(name)).stem).strip()


def download_time(name: str) -> datetime | None:
    """Return the time in names such as ``plan2026-05-04 15_39_27.xlsx`` and ``plan20260504153927.xlsx``."""
    for match in DOWNLOADED.finditer(last_part(name)):
        try:
            return datetime(*(int(part) for part in match.groups()))  # type: ignore[arg-type]  # noqa: DTZ001
        except ValueError:  # such as month 13
            continue
    return None


def in_order(stamped: Sequence[tuple[str, datetime | None]]) -> list[datetime | None]:
    """Return the stamps with copies after their originals.

    ``Products (2).xls`` was downloaded after ``Products (1).xls`` and that after ``Products.xls``. Where the times
    do not say so (equal, or lost by copying the files), each copy is put one microsecond after the one before.

    Args:
        stamped: Name and time of each source.
    """
    groups: dict[str, list[tuple[int, int]]] = {}
    for place, (name, _) in enumerate(stamped):
        path = PurePosixPath(name)
        match = _COPY.search(path.stem)
        original = f"{name[: len(name) - len(path.name)]}{_COPY.sub('', path.stem)}{path.suffix}"
        groups.setdefault(original, []).append((int(match[1]) if match else 0, place))
    result = [stamp for _, stamp in stamped]
    for copies in groups.values():
        before: datetime | None = None
        number_before = -1
        for number, place in sorted(copies):
            stamp = result[place]
            if stamp is None:
                continue
            if before is not None and number > number_before and stamp <= before:
                stamp = result[place] = before + timedelta(microseconds=1)
            before, number_before = stamp, number
    return result
