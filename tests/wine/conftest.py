import os

import pytest
from wine.windows import Windows, missing


@pytest.fixture(scope="session")
def windows(tmp_path_factory):
    if reason := missing():
        pytest.skip(reason)
    machine = Windows(tmp_path_factory.mktemp("windows"), os.environ["OPSBOOK_BUNDLE"])
    yield machine
    machine.close()
