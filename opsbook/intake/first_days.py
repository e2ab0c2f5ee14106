"""Whether first days of months are meant as the months: what Excel and other programs make of ``2025-03``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import Enum, auto
from itertools import pairwise

from opsbook.periods import Grain, Period, containing

_MONTH_HEADER = re.compile(r"月份|年月|自然月|统计月|^月$|(?<![a-z])months?(?![a-z])")
_PROOF = 3  # so many months in a row, each with its first day and no other


class DateRole(Enum):
    """What the days of a column are."""

    DAYS = auto()
    MONTHS = auto()
    UNKNOWN = auto()


def says_months(header: str) -> bool:
    """Whether a header says that its column holds months."""
    return bool(_MONTH_HEADER.search(unicodedata.normalize("NFKC", header).casefold()))


def role_of_days(spans: Sequence[Period], *, header: str, figures: bool = True) -> DateRole:
    """Return what the days of a column are.

    Args:
        spans: Its distinct periods.
        header: Its header; ``月份`` says months.
        figures: Whether the rows hold figures of periods; events may well all fall on first days.
    """
    days = sorted({span.start for span in spans if span.grain is Grain.DAY})
    if not days:
        return DateRole.DAYS
    months = [containing(day, Grain.MONTH) for day in days]
    first = all(day == month.start for day, month in zip(days, months, strict=True))
    last = all(day == month.end for day, month in zip(days, months, strict=True))
    if says_months(header):
        return DateRole.MONTHS if (first or last) and len(set(months)) == len(months) else DateRole.DAYS
    if not figures or not (first or last):
        return DateRole.DAYS
    others = [span for span in spans if span.grain is not Grain.DAY]
    if others:
        if all(span.grain is Grain.MONTH for span in others) and not set(months) & set(others):
            return DateRole.MONTHS
        return DateRole.UNKNOWN if any(span.grain is Grain.MONTH for span in others) else DateRole.DAYS
    if len(days) == 1:
        return DateRole.DAYS
    row = all(
        before.end < after.start and (after.start - before.end).days == 1
        for before, after in pairwise(months)
    )
    return DateRole.MONTHS if row and len(days) >= _PROOF else DateRole.UNKNOWN
