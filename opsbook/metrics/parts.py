"""Months put together from parts: half months, ten days, single weeks that cover a month exactly and never overlap."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from functools import cache

from opsbook.periods import Grain, Period, containing

Span = tuple[date, date]
_SHORT = frozenset({Grain.DAY, Grain.WEEK, Grain.RANGE})


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
