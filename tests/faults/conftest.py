"""One small store for all faults."""

import os

import pytest
from faults import small_store as store


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


@pytest.fixture
def sweep():
    """Skip unless the long sweeps are asked for."""
    if not os.environ.get("OPSBOOK_SWEEP"):
        pytest.skip("a long sweep: OPSBOOK_SWEEP=1 runs it")
