"""Files of one folder, read together."""

import pytest

from opsbook.intake import read
from opsbook.intake.export_files import find
from opsbook.intake.header_map import HeaderMap


@pytest.fixture
def folder(tmp_path):
    """Return a function that writes files and reads them all: name to (tables, issues)."""

    def put(files, maps=None, **options):
        for name, content in files.items():
            (tmp_path / name).write_bytes(content)
        sources, issues = find([tmp_path])
        readings = {reading.source.name: reading for reading in read(sources, maps or HeaderMap(), **options)}
        readings[""] = issues
        return readings

    return put
