"""The demonstration store: exports of an imaginary shop, in the platform's own formats."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["MARKER_FILE", "write_exports"]

MARKER_FILE = "演示数据-DEMO.txt"


def write_exports(
    folder: Path,
    *,
    seed: int = 2026,
    last_day: date = date(2026, 9, 30),
    progress: Callable[[int, int, str], None] | None = None,
) -> list[Path]:
    """Write the exports of the demonstration store.

    The files cover at least 21 months, from a first of January to ``last_day``. The same arguments give the
    same bytes and the same modification times (the imagined download times).

    Args:
        folder: Where to write; made when missing. Other files in it are left alone.
        seed: Another number is another store.
        last_day: Last day of the data.
        progress: Called before each file with files done, files in all, and the file's name, and once at
            the end.

    Returns:
        The files, in the order written.

    Raises:
        OSError: The folder or a file cannot be written.
    """
    # The simulation needs numpy and the writers need xlsxwriter: the command line must start without them.
    from opsbook.demo.exports import all_exports  # noqa: PLC0415
    from opsbook.demo.formats import save  # noqa: PLC0415
    from opsbook.demo.store import simulate  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    exports = all_exports(simulate(seed, last_day))
    written = []
    for done, export in enumerate(exports):
        if progress:
            progress(done, len(exports), export.name)
        written.append(save(folder, export))
    if progress:
        progress(len(exports), len(exports), "")
    return written
