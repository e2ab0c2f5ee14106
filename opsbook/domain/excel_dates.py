"""Converts between days and the numbers by which Excel knows them.

Excel counts from the end of 1899 and takes 1900 for a leap year, so the numbers are right from 1 March 1900 on.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

EPOCH = date(1899, 12, 30)
"""The day with the number 0."""
_START = datetime.combine(EPOCH, time())
_DAY = timedelta(days=1)


def day_number(day: date) -> int:
    """Return the number of a day."""
    return day.toordinal() - EPOCH.toordinal()


def number_of(moment: date) -> float:
    """Return the number of a day or of a moment: whole days, and the time as a fraction. A zone is left out."""
    if not isinstance(moment, datetime):
        return float(day_number(moment))
    return (moment.replace(tzinfo=None) - _START) / _DAY


def day_of(number: float) -> date:
    """Return the day of a number; its time is left out."""
    return EPOCH + timedelta(days=int(number))


def moment_of(number: float) -> datetime:
    """Return the moment of a number, to the second."""
    return _START + timedelta(seconds=round(number * 86_400))
