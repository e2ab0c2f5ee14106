"""Months put together from parts: half months, ten days, single weeks that cover a month exactly and never overlap."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from opsbook.periods import Grain, Period, containing, month

if TYPE_CHECKING:
    import pandas as pd

    from opsbook.metrics.archive_tables import Tables

Span = tuple[date, date]
_SHORT = frozenset({Grain.DAY, Grain.WEEK, Grain.RANGE})
_WHOLE = frozenset({Grain.RANGE, Grain.QUARTER, Grain.YEAR})
_KINDS = ("shop_overview", "shop_ledger", "p4p_plan_daily", "ad_revenue")


def spans(rows: pd.DataFrame) -> dict[Span, str]:
    """Return the grain of every period that rows are of."""
    known = rows[["_start", "_end", "_grain"]].drop_duplicates()
    return {
        (start.date(), end.date()): grain
        for start, end, grain in zip(known["_start"], known["_end"], known["_grain"], strict=True)
    }


def tiled(known: Mapping[Span, str]) -> dict[Period, tuple[Span, ...]]:
    """Return the months that periods of days, weeks and ranges cover from the first day to the last.

    Days alone are left out: what they lack is told in another way.

    Args:
        known: Grain of each period.
    """
    inside: dict[Period, list[Span]] = {}
    for (start, end), grain in known.items():
        when = containing(start, Grain.MONTH)
        if grain in _SHORT and end <= when.end:
            inside.setdefault(when, []).append((start, end))
    found = {}
    for when, parts in inside.items():
        if any(known[part] != Grain.DAY for part in parts) and (path := _path(when, parts)):
            found[when] = path
    return found


def _path(when: Period, parts: Collection[Span]) -> tuple[Span, ...]:
    """Return parts from the first to the last day of a month, the longest first; none where a day is missing."""
    by_start: dict[date, list[Span]] = {}
    for part in sorted(parts, key=lambda each: each[1], reverse=True):
        by_start.setdefault(part[0], []).append(part)

    @cache
    def onward(first: date) -> tuple[Span, ...] | None:
        if first > when.end:
            return ()
        for part in by_start.get(first, ()):
            rest = onward(part[1] + timedelta(days=1))
            if rest is not None:
                return (part, *rest)
        return None

    return onward(when.start) or ()


def unused(tables: Tables) -> Iterator[tuple[str, list[Period]]]:
    """Yield the kinds of export with the periods that are in no figure, because they are no month and make none.

    Args:
        tables: The archive's.
    """
    for kind in _KINDS:
        rows: pd.DataFrame = getattr(tables, kind)
        if rows.empty:
            continue
        known = spans(rows)
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
