"""The demonstration files: as the product writes them, and as the simulation makes them anew."""

import pytest
from demo.generator.__main__ import LAST_DAY, SEED
from demo.generator.exports import all_exports
from demo.generator.store import simulate

from opsbook.demo import write_exports


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    write_exports(folder)
    return folder


@pytest.fixture(scope="session")
def exports():
    return all_exports(simulate(SEED, LAST_DAY))
