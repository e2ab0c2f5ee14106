"""Which days can be: after trade on the web began, and not after the export that tells of them was made."""

from __future__ import annotations

from datetime import date, timedelta

from opsbook.schemas.schema import Schema

EARLIEST = date(1995, 1, 1)
"""Before this day nobody sold on the web: an earlier day is a slip."""
ZONES = timedelta(days=2)
"""A day may be so far ahead of the export's own: the clocks of the platform, the store and the computer differ."""
PLANNED = timedelta(days=731)
"""What a team notes (rates, plans, tasks) may be so far ahead."""


def latest(schema: Schema, made: date) -> date:
    """Return the last day on which a row may begin.

    Args:
        schema: Of the row.
        made: Day of its export.
    """
    return made + (PLANNED if schema.noted else ZONES)
