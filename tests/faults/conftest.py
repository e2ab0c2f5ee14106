"""One small store for all faults."""

import pytest
from faults import small_store as store
from faults.healing import Victims

from opsbook.commands.refresh import refresh


@pytest.fixture(scope="session")
def before(tmp_path_factory):
    """Return a store whose exports and paste sheet were changed since its last refresh; not to be changed."""
    folder = tmp_path_factory.mktemp("before") / "store"
    store.make(folder)
    return folder


@pytest.fixture
def book(before, tmp_path):
    """Return the workbook of a copy of that store."""
    return store.copy(before, tmp_path / "store")


@pytest.fixture(scope="session")
def victims():
    found = Victims()
    yield found
    found.close()


@pytest.fixture(scope="session")
def after(before, tmp_path_factory):
    """Return the same store refreshed, undisturbed."""
    book = store.copy(before, tmp_path_factory.mktemp("after") / "store")
    assert refresh(book, now=store.NOW).changed
    assert store.rows(book) == (store.ROWS_AFTER, store.MONEY_AFTER)
    figures = store.figures(book)
    assert {month: figures["visitors", month, ""] for month in store.VISITORS_AFTER} == store.VISITORS_AFTER
    return book.parent


@pytest.fixture(scope="session")
def states(before, after):
    """Return the only states that may be met: (rows, money) of the archive, bytes of the workbook."""
    archives = [(store.ROWS_BEFORE, store.MONEY_BEFORE), (store.ROWS_AFTER, store.MONEY_AFTER)]
    books = [(folder / store.BOOK).read_bytes() for folder in (before, after)]
    return archives, books, (before / store.BACKUP).read_bytes()
