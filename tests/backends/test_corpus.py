"""Real workbooks: cells are put into the first sheet, every other part must stay as it was."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from backends.packages import changed, grid, parts

from opsbook.backends.ooxml import refusals
from opsbook.backends.ooxml.file_workbook import Workbook
from opsbook.backends.ooxml.list_objects import tables_of
from opsbook.book.model import NA, Cell
from opsbook.domain.errors import BookError

SHARED = os.environ.get("OPSBOOK_SHARED", "")
DATA = Path(SHARED) / "data"
BOOKS = (
    sorted(each for room in ("spreadsheets", "formulas") for each in DATA.glob(f"{room}/**/*.xls[xm]"))
    if SHARED
    else []
)
# Refused for a reason that stands in the message: two passwords, CDATA in rows, a broken zip, strict, an empty file.
REFUSED = {
    "tests__pass_protected.xlsx",
    "tests__data__password.xlsx",
    "tests__inlineStr_cdata.xlsx",
    "tests__issue252.xlsx",
    "tests__strict_iso_paths.xlsx",
    "tests__data__empty_file.xlsx",
}
VALUES = [1.5, "文本 <&>", True, NA, 7, "=1+1", -2.25e-7]


@pytest.mark.skipif(not SHARED, reason="OPSBOOK_SHARED names no folder of workbooks")
@pytest.mark.parametrize("source", BOOKS, ids=lambda path: path.name)
def test_a_real_workbook_keeps_everything_else(source, tmp_path):
    path = Path(shutil.copy(source, tmp_path / source.name))
    path.chmod(0o644)
    try:
        content = refusals.check_readable(path)
        refusals.check_package(path.name, content, for_writing=True)
        book = Workbook(path, content)
        session = book._session
        entry = next(each for each in session.book.sheets if each.worksheet)
        taken = [
            *session.arrays(entry.title),
            *(table.place for table in tables_of(session.parts, entry.part)),
        ]
    except BookError:
        assert source.name in REFUSED
        return
    assert source.name not in REFUSED
    spots = [(row, column) for row in (0, 1, 3, 7, 60) for column in (0, 2, 3, 30)]
    spots = [spot for spot in spots if not any(place.holds(*spot) for place in taken)]
    new = {spot: Cell(VALUES[at % 7], formula="1+0.5" if at == 7 else "") for at, spot in enumerate(spots)}
    before, shown = parts(path), grid(path, entry.title)
    book.write_cells(entry.title, new)
    book.save()
    after = parts(path)
    rewritten = {entry.part, session.book.part, "xl/sharedStrings.xml", "xl/SharedStrings.xml"}
    chain = {"xl/calcChain.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"}
    charts = {name for name in before if "/charts/chart" in name}
    assert changed(before, after) <= rewritten | charts | (
        chain if "xl/calcChain.xml" not in after else set()
    )
    assert list(after) == [name for name in before if name in after]
    # What calamine makes of the other cells is unchanged, and ours are there.
    now = grid(path, entry.title)
    assert {at: value for at, value in now.items() if at not in new} == {
        at: value for at, value in shown.items() if at not in new
    }
    texts = {at for at, cell in new.items() if isinstance(cell.value, str)}
    assert all(now[at] == new[at].value for at in texts)
    once = path.read_bytes()
    again = Workbook(path, once)
    again.write_cells(entry.title, new)
    again.save()
    assert path.read_bytes() == once
