"""Real workbooks given our sheets: every part of theirs stays, every cell says the same, other programs open them."""

from __future__ import annotations

import shutil

import pytest
from backends.test_corpus import BOOKS, REFUSED, SHARED
from embed.joined_corpus import Store, compare, unlike
from sweeps import SWEEP, long

from opsbook.domain.errors import BookError

pytestmark = pytest.mark.skipif(not SHARED, reason="OPSBOOK_SHARED names no folder of workbooks")
DATES_OF_1904 = {
    "tests__date_1904.xlsx",
    "47804.xlsx",
    "FormatChoiceTests.xlsx",
    "GeneralFormatTests.xlsx",
    "NumberFormatTests.xlsx",
    "TextFormatTests.xlsx",
}
# Its shared texts or rows hold CDATA, which only writing into them would hurt: our sheets have rows of their own.
NOT_REFUSED = {"tests__inlineStr_cdata.xlsx"}
TURNED_AWAY = REFUSED - NOT_REFUSED | DATES_OF_1904
# One of each kind: charts, macros, tables, no texts, no styles, prefixes of another writer.
REFRESHED = {
    "WithThreeCharts.xlsx",
    "tests__vba.xlsm",
    "tests__table-multiple.xlsx",
    "50096.xlsx",
    "tests__empty_shared_string_value.xlsx",
    "tests__nonstandard-xml-ns-prefix.xlsx",
    "tests__inlineStr_cdata.xlsx",
}

DRAWN = {"tests__table_with_insertrow_attribute"}  # RAND() in its cells


@pytest.fixture(scope="session")
def store(tmp_path_factory):
    return Store(tmp_path_factory.mktemp("store"))


@pytest.mark.parametrize("own", BOOKS, ids=lambda path: path.name)
def test_a_real_workbook_with_our_sheets_keeps_everything(own, store, tmp_path):
    book = tmp_path / own.name
    try:
        store.joined(own, book)
    except BookError:
        assert own.name in TURNED_AWAY
        return
    assert own.name not in TURNED_AWAY
    compare(own, book)
    if SWEEP or own.name in REFRESHED:
        store.refreshed(book)
        compare(own, book)


@long
@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice (soffice) on the path")
def test_libreoffice_opens_every_one_and_reads_the_same(store, tmp_path):
    made = {own: tmp_path / own.name for own in BOOKS if own.name not in TURNED_AWAY}
    for own, book in made.items():
        store.joined(own, book)
        store.refreshed(book)
    assert unlike(made, store, tmp_path, DRAWN) == []
