"""What is in the archive does not depend on how it came: split, repeated, in any order, with older copies after newer."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from tables import reading, table

from opsbook.archive.archive_file import Archive

NOON = datetime(2026, 10, 1, 12)
COLUMNS = ("product_id", "search_impressions", "inquiries")
PERIODS = [
    ("month", "2026-08-01", "2026-08-31"),
    ("month", "2026-09-01", "2026-09-30"),
    ("week", "2026-09-06", "2026-09-12"),
]
NUMBER = st.one_of(st.none(), st.integers(0, 9))
# A file: its period, its rows by product (each product once; 1600 is in all), whether it has the last column.
FILE = st.tuples(
    st.sampled_from(PERIODS),
    st.dictionaries(st.sampled_from(["1601", "1602", "1603"]), st.tuples(NUMBER, NUMBER)).map(
        lambda rows: {"1600": (1, 1), **rows}
    ),
    st.booleans(),
)


def made(number, file):
    period, rows, wide = file
    columns = COLUMNS if wide else COLUMNS[:2]
    cells = [(product, *values)[: len(columns)] for product, values in sorted(rows.items())]
    stamp = (NOON + timedelta(minutes=number)).isoformat()
    return reading(f"{number}.csv", table("product_performance", cells, columns, period=period), stamp=stamp)


def held(*batches):
    """Return (impressions, inquiries) by (product, grain, first day) after the batches were taken in one by one."""
    with Archive.open(Path("nowhere.duckdb"), for_writing=False) as archive:
        for batch in batches:
            archive.take_in([made(number, file) for number, file in batch], rules="r", taken_at=NOON)
        frame = archive.table("product_performance", (*COLUMNS, "_grain", "_start"))
    return {
        (product, grain, str(start)[:10]): tuple(None if cell != cell else cell for cell in cells)
        for product, *cells, grain, start in frame.itertuples(index=False)
    }


def expected(files):
    """Return the same by the rule itself: the newest file of a period says which products there are.

    Of each cell the value is that of the newest file that has the product and the column.
    """
    values, newest = {}, {}
    for period, content, wide in files:
        newest[period] = content
        for product, (impressions, inquiries) in content.items():
            old = values.get((product, period), (None, None))
            values[product, period] = (impressions, inquiries if wide else old[1])
    return {
        (product, period[0], period[1]): cells
        for (product, period), cells in values.items()
        if product in newest[period]
    }


@settings(max_examples=100 if os.environ.get("OPSBOOK_SWEEP") else 6, deadline=None)
@given(st.lists(FILE, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_order_repeats_and_batches_change_nothing(files, chance):
    numbered = list(enumerate(files))
    wanted = expected(files)
    shuffled = chance.sample(numbered, len(numbered))
    cut = chance.randint(0, len(numbered))
    for batches in ([numbered], [shuffled], [shuffled[:cut], shuffled[cut:]], [shuffled, numbered]):
        assert held(*batches) == wanted


def test_an_older_table_fills_what_no_newer_one_could_tell():
    august = PERIODS[0]
    narrow, wide = {"1601": (None, None)}, {"1601": (None, 0)}
    files = [(august, narrow, False), (august, wide, True), (august, narrow, False)]
    numbered = list(enumerate(files))
    newest_first = [[numbered[0], numbered[2]], [numbered[1]]]
    assert held(*newest_first) == expected(files) == {("1601", "month", "2026-08-01"): (None, 0)}
    # A blank that a newer table does tell stays blank.
    told = [(august, wide, True), (august, narrow, True)]
    assert held([(1, told[1])], [(0, told[0])]) == {("1601", "month", "2026-08-01"): (None, None)}
