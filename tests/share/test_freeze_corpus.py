"""Copies of real workbooks: what stays keeps its values, and every relationship leads to a part that is there."""

from __future__ import annotations

import io
import zipfile

import pytest
from backends.packages import grid, untied
from backends.test_corpus import BOOKS, REFUSED, SHARED

from opsbook.backends.ooxml import refusals
from opsbook.backends.ooxml.package_session import Session
from opsbook.domain.errors import BookError
from opsbook.share.freeze import freeze_copy

# A namespace prefix on rows that the reader of sheets does not take.
ALSO_REFUSED = {"tests__richtext-namespaced.xlsx"}


@pytest.mark.skipif(not SHARED, reason="OPSBOOK_SHARED names no folder of workbooks")
@pytest.mark.parametrize("source", BOOKS, ids=lambda path: path.name)
def test_a_copy_without_the_first_sheet_keeps_the_others(source):
    content = source.read_bytes()
    try:
        refusals.check_package(source.name, content, for_writing=False)
        session = Session(content)
        titles = [each.title for each in session.book.sheets]
        made = freeze_copy.of(source.name, session, without=titles[:1] if len(titles) > 1 else ())
    except BookError:
        assert source.name in REFUSED | ALSO_REFUSED
        return
    with zipfile.ZipFile(io.BytesIO(made.content)) as package:
        assert untied({name: package.read(name) for name in package.namelist()}) == []
    for entry in made.choice.kept:
        before = grid(content, entry.title) if entry.worksheet else None
        if before is not None:
            assert grid(made.content, entry.title) == before
