"""Workbooks as earlier versions left them, small ones: this version brings them up to date, and keeps what people typed.

The archive of workbooks of 0.1.0 was made by that version from the two exports in it. Into zh-typed a person typed
the cells of TYPED.
"""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

import pytest
from backends import fake_excel
from backends.changes import CHANGES
from backends.layouts import Planted
from backends.pictures import differences
from conform import rules

from opsbook.backends.excel_live.live_workbook import LiveWorkbook
from opsbook.backends.ooxml.file_workbook import Workbook
from opsbook.commands import refresh as journey
from opsbook.commands import refresh_report as report
from opsbook.commands.check import check
from opsbook.plan.table_declarations import tables

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
BOOKS = Path(__file__).with_name("books-0.1.0.tar.xz")
# Name of a block, row and column in it, what was typed.
TYPED = (
    ("actions.list", 2, 13, "我的备注"),
    ("actions.list", 3, 13, "王"),
    ("settings.store", 0, 0, "我的店"),
    ("settings.gross_margin", 0, 0, 0.31),
    ("targets.list", 3, 8, 12345),
)
# A workbook with macros stays with the functions that it has; a new one has its formulas written out.
OWN_NAMES = {"ops.functions", "ops.macros", "ops.archive", "ops.archive_serial", "ops.receipts.log"}
FAULTS = [("font", "xl/theme/theme1.xml")]  # which 0.1.0 wrote so, and people may have chosen another theme
KINDS = {
    "zh-inline.xlsx": ("--functions", "inline"),
    "zh-typed.xlsx": ("--functions", "lambda"),
    "en-macros.xlsm": ("--lang", "en"),
}


@pytest.fixture(scope="session")
def former(tmp_path_factory):
    """Return the folder of the workbooks, their archives and exports; not to be changed."""
    folder = tmp_path_factory.mktemp("former")
    with tarfile.open(BOOKS) as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.fixture
def taken(former, tmp_path):
    """Return a function that copies a workbook with its archive and exports."""

    def copy(name, folder="a"):
        home = tmp_path / folder
        shutil.copytree(former / "exports", home / "exports")
        for file in former.glob(f"{Path(name).stem}.*"):
            shutil.copy2(file, home / file.name)
        return home / name

    return copy


def values(path, name):
    with Workbook.open(path, for_writing=False) as book:
        return book.read(book.place(f"ops.{name}"))


def _formula(cell):
    return isinstance(cell[0], str) and cell[0].startswith("=")


def of_the_plan(path, difference):
    """Whether a difference is meant: of the tables that people write too, which keep their lines, or a rule that stays."""
    title, kind, *_, mine, theirs = difference
    if kind == "charts":
        return [each[:2] for each in mine] == [each[:2] for each in theirs]  # old ones keep their series
    if kind == "format" and mine and theirs and mine > theirs:
        return True  # a rule that this version no longer has
    if kind == "cell" and mine and theirs and _formula(mine) and _formula(theirs):
        return path.suffix == ".xlsm" and mine[1:] == theirs[1:]
    if kind != "cell":
        return False
    with Workbook.open(path, for_writing=False) as book:
        titles = {book.place(f"ops.{name}").sheet for name in (*tables(), "receipts.log", "issues.list")}
    return title in titles


@pytest.mark.parametrize("name", KINDS)
def test_a_workbook_of_0_1_0_becomes_what_a_new_one_is(name, taken, tmp_path, run):
    path = taken(name)
    assert "book.upgrade_coming" in {issue.code for issue in check([path]).issues}
    result = journey.refresh(path)
    assert "from layout 1 to" in result.upgraded["en"]
    assert result.upgraded[result.language] in set(report.lines(result, 1))
    assert "book.upgrade_coming" not in {issue.code for issue in check([path]).issues}
    assert [issue for issue in result.issues if issue.code.startswith("book.")] == []
    assert rules.faults(path) == FAULTS
    content = path.read_bytes()
    again = journey.refresh(path)
    assert (again.changed, path.read_bytes()) == (False, content)
    assert path.with_name(f"{path.stem}.backup{path.suffix}").exists()
    new = tmp_path / "new" / name
    shutil.copytree(path.parent / "exports", new.parent / "exports")
    run("new", new, *KINDS[name])
    journey.refresh(new)
    if name == "zh-typed.xlsx":
        assert [values(path, block)[row][column] for block, row, column, _ in TYPED] == [
            each[3] for each in TYPED
        ]
        return
    found = [
        each for each in differences(path, new) if each[1] not in OWN_NAMES and not of_the_plan(path, each)
    ]
    assert not found, "\n".join(map(str, found[:25]))


def test_a_workbook_of_0_1_0_takes_a_later_layout_in_both_hosts(taken, monkeypatch):
    path, other = taken("zh-typed.xlsx"), taken("zh-typed.xlsx", "b")
    planted = Planted(monkeypatch)
    for change in (*CHANGES["columns and blocks"], *CHANGES["sheet, chart, setting"]):
        change(planted)
    excel = fake_excel.Workbook(other)
    try:
        result = journey.refresh(path)
        live = journey.refresh(other, host=lambda found: LiveWorkbook.open(excel, found))
    finally:
        planted.new()
    assert result.upgraded == live.upgraded
    assert [issue for issue in result.issues if issue.code.startswith("book.")] == []
    assert rules.faults(path) == FAULTS
    for block, row, column, text in TYPED:
        assert values(path, block)[row][column] == text
        with Workbook.open(path, for_writing=False) as book:
            place = book.place(f"ops.{block}")
        cell = excel.sheet(place.sheet)._cell(place.row + row + 1, place.column + column + 1)
        assert cell.value == text
