"""Clean tables as intake hands them on, made in a test."""

from datetime import datetime
from pathlib import Path

import numpy as np

from opsbook.intake.clean_tables import CleanTable, Source, SourceReading


def table(kind, rows, columns, *, period=("month", "2026-09-01", "2026-09-30"), days=None):
    """Return a clean table of ``rows`` under ``columns``; ``days`` gives each row its own day."""
    size = len(rows)
    starts = days or [period[1]] * size
    ends = days or [period[2]] * size
    values = {}
    for index, name in enumerate(columns):
        cells = [row[index] for row in rows]
        if name.endswith("_at"):
            values[name] = np.array(cells, dtype="datetime64[s]")
        elif all(cell is None or isinstance(cell, str) for cell in cells):
            values[name] = np.array(cells, dtype=object)
        else:
            values[name] = np.array([np.nan if cell is None else cell for cell in cells], dtype=float)
    return CleanTable(
        kind=kind,
        sheet="",
        columns=values,
        grain=np.array(["day" if days else period[0]] * size, dtype=object),
        start=np.array(starts, dtype="datetime64[D]"),
        end=np.array(ends, dtype="datetime64[D]"),
        row=np.arange(2, size + 2),
        rows_in=size,
    )


def reading(name, *tables, stamp="2026-10-01T00:00"):
    return SourceReading(
        Source(Path(name), name), digest=name, stamp=datetime.fromisoformat(stamp), tables=list(tables)
    )
