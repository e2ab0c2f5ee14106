"""Days and Excel's numbers for them; the numbers are what Excel shows for the day under the format General."""

from datetime import UTC, date, datetime

import pytest

from opsbook.domain.excel_dates import day_number, day_of, moment_of, number_of


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(1900, 3, 1), 61),
        (date(1970, 1, 1), 25569),
        (date(2000, 2, 29), 36585),
        (date(2026, 9, 30), 46295),
    ],
    ids=str,
)
def test_a_day_and_its_number(day, number):
    assert (day_number(day), number_of(day), day_of(number + 0.75)) == (number, number, day)


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        (datetime(2026, 9, 30, 6), 46295.25),
        (datetime(2026, 9, 30, 18, tzinfo=UTC), 46295.75),
        (datetime(2026, 9, 30, 23, 59, 59), 46295 + 86399 / 86400),
    ],
    ids=str,
)
def test_a_moment_and_its_number(moment, number):
    assert number_of(moment) == number
    assert moment_of(number) == moment.replace(tzinfo=None)
