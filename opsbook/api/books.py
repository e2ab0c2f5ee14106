"""Workbooks from Python: brought up to date, and their figures as a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from opsbook.commands.refresh import RefreshResult


def refresh(
    book: str | Path, *, exports: str | Path | None = None, archive: str | Path | None = None
) -> RefreshResult:
    """Take in new exports, compute every figure and write it into a workbook, as `opsbook refresh` does.

    Args:
        book: A workbook of OpsBook.
        exports: Folder of export files; by default ``exports`` beside the workbook.
        archive: Archive file; by default the workbook's name with ``.duckdb``.

    Returns:
        What was taken in (``receipts``), what is wrong with the data (``issues``), and whether anything changed.

    Raises:
        OpsbookError: The workbook or its archive cannot be used; the message says what to do.
    """
    from opsbook.commands import refresh as journey  # heavy

    return journey.refresh(
        Path(book),
        exports=None if exports is None else Path(exports),
        archive=None if archive is None else Path(archive),
    )


def figures(book: str | Path, *, archive: str | Path | None = None) -> pd.DataFrame:
    """Return every computed figure of a workbook, as `opsbook values` prints them.

    Args:
        book: A workbook that was refreshed.
        archive: Archive file; by default the workbook's name with ``.duckdb``.

    Returns:
        A DataFrame, one row a figure, with the columns ``metric``, ``period`` (``2026``, ``2026-Q3``, ``2026-09`` or
        a week), ``dimension`` (empty or ``market=Middle East``), ``value`` (NaN where it is undefined), ``unit`` and
        ``basis`` (how it was got, or why it is undefined).

    Raises:
        OpsbookError: The workbook or its archive cannot be read.
    """
    import pandas as pd  # heavy

    from opsbook.commands import refresh_report as report

    rows = report.values(Path(book), None if archive is None else Path(archive))
    found = pd.DataFrame(rows, columns=list(report.VALUE_COLUMNS))
    found["value"] = found["value"].astype(float)
    return found
