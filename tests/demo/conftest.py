"""The demonstration files, written once."""

from datetime import date

import pytest

from opsbook.demo import write_exports
from opsbook.demo.exports import all_exports
from opsbook.demo.store import simulate

LAST_DAY = date(2026, 9, 30)


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    write_exports(folder)
    return folder


@pytest.fixture(scope="session")
def exports():
    return all_exports(simulate(2026, LAST_DAY))
