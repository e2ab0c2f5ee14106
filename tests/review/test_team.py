"""The team's tables are read by their headers, whichever language the workbook has."""

from __future__ import annotations

import csv

import pytest

from opsbook.intake import read
from opsbook.intake.clean_tables import Source
from opsbook.intake.header_map import HeaderMap
from opsbook.review.team import tables


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_table_is_recognised_by_the_headers_of_the_sheet(tmp_path, language) -> None:
    sources = []
    for table in tables():
        assert len(table.example) == len(table.fields)
        assert set(table.lists) <= {field.name for field in table.fields}
        path = tmp_path / f"{table.kind}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([table.headers(language), table.example])
        sources.append(Source(path, path.name))
    for table, found in zip(tables(), read(sources, HeaderMap()), strict=True):
        assert [(each.kind, len(each)) for each in found.tables] == [(table.kind, 1)], found.issues
        assert found.issues == []
