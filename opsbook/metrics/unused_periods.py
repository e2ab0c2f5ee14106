"""Periods of exports that are in no figure: they are no month, and make none together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from opsbook.metrics.parts import tiled
from opsbook.periods import Grain, Period, containing, month

if TYPE_CHECKING:
    from opsbook.metrics.archive_series import ArchiveSeries

_WHOLE = frozenset({Grain.RANGE, Grain.QUARTER, Grain.YEAR})
_KINDS = ("shop_overview", "shop_ledger", "p4p_plan_daily", "ad_revenue")


def unused(series: ArchiveSeries) -> Iterator[tuple[str, list[Period]]]:
    """Yield the kinds of export with the periods that are in no figure, because they are no month and make none.

    Args:
        series: Columns of the archive.
    """
    for kind in _KINDS:
        known = series.periods(kind)
        months = set(tiled(known)) | {
            containing(start, Grain.MONTH)
            for (start, _), grain in known.items()
            if grain in (Grain.DAY, Grain.MONTH)
        }
        left = [
            Period(start, end, Grain(grain))
            for (start, end), grain in sorted(known.items())
            if grain in _WHOLE and not _reached(start, end) <= months
        ]
        if left:
            yield kind, left


def _reached(start: date, end: date) -> set[Period]:
    """Return the months that a period reaches into."""
    found, first = set(), date(start.year, start.month, 1)
    while first <= end:
        when = month(first.year, first.month)
        found.add(when)
        first = when.end + timedelta(days=1)
    return found
