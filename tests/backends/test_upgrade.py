"""A workbook of an older layout is brought to the present one: as a new workbook is, and with all that is the user's."""

from __future__ import annotations

import shutil

import openpyxl
import pytest
import xlsxwriter
from backends import fake_excel
from backends.changes import (
    BLOCK,
    CHANGES,
    WORK,
    block_at_the_end,
    block_between,
    block_gone,
    column_inside,
    row_inside,
    setting_at_the_end,
)
from backends.layouts import Planted
from backends.pictures import differences
from conform import rules

from opsbook import embed as joined
from opsbook.backends.apply import apply
from opsbook.backends.excel_live.live_workbook import LiveWorkbook
from opsbook.backends.ooxml import cell_formulas, drawings, structure
from opsbook.backends.ooxml.file_workbook import Workbook
from opsbook.backends.ooxml.shifting import Shift
from opsbook.backends.xlsxwriter.new_workbook import build
from opsbook.book import layout, shared, versions
from opsbook.book.address import Place, parse
from opsbook.book.calculation import calculated
from opsbook.params import Settings
from opsbook.plan.table_declarations import tables

pytestmark = [
    pytest.mark.filterwarnings("ignore::UserWarning:openpyxl"),
    pytest.mark.filterwarnings("ignore:Unknown worksheet reference"),
]
SETTINGS = "设置"


@pytest.fixture(scope="module")
def old():
    """Return the bytes of a new workbook of the present layout, which the tests make an older one."""
    return build(calculated(versions.empty("zh"), "inline"))


@pytest.fixture
def planted(monkeypatch):
    yield Planted(monkeypatch)
    Planted.new()


def refreshed(path):
    """Do what a refresh does with a workbook; return the upgrade and what was not written."""
    from opsbook.book.compose import compose
    from opsbook.metrics.review import Review

    with Workbook.open(path, for_writing=True) as book:
        outcome = book.upgrade()
        standing = {
            name: shared.standing(table, book.read(place))
            for name, table in tables().items()
            if (place := book.place(f"ops.{name}"))
        }
        plan = calculated(compose(Review(year=0, as_of=None), Settings(), standing=standing), "inline")
        issues = apply(book, plan, outcome.failed if outcome else ())
        book.save()
    return outcome, issues


def fresh(tmp_path):
    """Return a new workbook of the layout as it is now, refreshed once."""
    path = tmp_path / "fresh.xlsx"
    path.write_bytes(build(calculated(versions.empty("zh"), "inline")))
    outcome, issues = refreshed(path)
    assert (outcome, issues) == (None, [])
    return path


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_an_untouched_workbook_becomes_what_a_new_one_is(changes, old, planted, tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(old)
    for change in changes:
        change(planted)
    outcome, issues = refreshed(path)
    assert (list(outcome.issues), issues) == ([], [])
    found = differences(path, fresh(tmp_path))
    assert not found, "\n".join(map(str, found[:25]))
    assert rules.faults(path) == []
    content = path.read_bytes()
    assert refreshed(path) == (None, [])
    assert path.read_bytes() == content


# --- with what people did -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def users(tmp_path_factory):
    """Return a workbook with a sheet of the user's, which reads our blocks in every way that a workbook has."""
    own = tmp_path_factory.mktemp("users") / "own.xlsx"
    book = xlsxwriter.Workbook(str(own))
    mine = book.add_worksheet("我的")
    mine.write_formula("A1", "='重点工作'!D10+SUM('重点工作'!$D$8:$D$12)", None, 3)
    mine.write_formula("A2", "=COUNTA('重点工作'!B:B)+SUM('重点工作'!7:9)", None, 4)
    mine.write_array_formula("A3:A5", "{='重点工作'!D10:D12}", None, 1)
    mine.write("B1", "不动", book.add_format({"bg_color": "#FF00FF"}))
    mine.write_comment("B1", "我的批注")
    mine.conditional_format(
        "A1:A9",
        {"type": "formula", "criteria": "='重点工作'!$D$10>1", "format": book.add_format({"bold": 1})},
    )
    mine.data_validation("C1", {"validate": "list", "source": "='重点工作'!$B$7:$B$12"})
    chart = book.add_chart({"type": "pie"})
    chart.add_series({"values": "='重点工作'!$D$7:$D$12", "categories": "='重点工作'!$B$7:$B$12"})
    mine.insert_chart("E2", chart)
    mine.print_area("A1:F20")
    book.define_name("我的名称", "='重点工作'!$D$10")
    book.close()
    path = own.with_name("book.xlsx")
    path.write_bytes(joined.join(own, lambda: build(calculated(versions.empty("zh"), "inline"))))
    return path


@pytest.fixture
def users_book(users, tmp_path):
    """Return a copy of it, to be changed."""
    path = tmp_path / "book.xlsx"
    shutil.copyfile(users, path)
    return path


def test_what_reads_our_cells_follows_them(users, users_book, planted):
    # A row comes above the sheet row 9, so that what was in row 10 is in row 11 afterwards.
    row_inside(planted)
    outcome, issues = refreshed(users_book)
    assert (list(outcome.issues), issues) == ([], [])
    book = openpyxl.load_workbook(users_book)
    mine = book["我的"]
    assert mine["A1"].value == "='重点工作'!D11+SUM('重点工作'!$D$8:$D$13)"
    assert mine["A2"].value == "=COUNTA('重点工作'!B:B)+SUM('重点工作'!7:10)"
    assert (mine["A3"].value.ref, mine["A3"].value.text) == ("A3:A5", "='重点工作'!D11:D13")
    assert mine["B1"].comment.text == "我的批注"
    assert mine["B1"].fill.fgColor.rgb == "FFFF00FF"
    assert [rule.formula for area in mine.conditional_formatting for rule in area.rules] == [
        ["'重点工作'!$D$11>1"]
    ]
    assert mine.data_validations.dataValidation[0].formula1 == "'重点工作'!$B$7:$B$13"
    (series,) = mine._charts[0].series
    assert (series.val.numRef.f, series.cat.numRef.f) == ("'重点工作'!$D$7:$D$13", "'重点工作'!$B$7:$B$13")
    assert book.defined_names["我的名称"].attr_text == "'重点工作'!$D$11"
    assert mine.print_area == "'我的'!$A$1:$F$20"
    assert rules.faults(users_book) == rules.faults(users)


def cells_of(path, name):
    """Return what a block shows, row by row."""
    with Workbook.open(path, for_writing=False) as book:
        return book.read(book.place(f"ops.{name}"))


def edit(path, *, rows=(), columns=(), cells=()):
    """Insert rows and columns as Excel does, and type."""
    with Workbook.open(path, for_writing=True) as book:
        for shift in (
            *(Shift(title, "rows", at, 1) for title, at in rows),
            *(Shift(title, "columns", at, 1) for title, at in columns),
        ):
            assert structure.obstacle(book._session, shift) is None
            structure.apply(book._session, shift)
        for title, row, column, value in cells:
            cell_formulas.write(book._session.sheet(title), row, column, value, "")
        book.save()


def test_rows_and_columns_of_the_users_stay_in_and_around_blocks(users, users_book, planted, tmp_path):
    top = layout.SPOTS["work.aov"].row
    edit(
        users_book,
        rows=((WORK, top + 4), (WORK, top), (WORK, 1), (SETTINGS, 2)),
        columns=((WORK, 1),),
        cells=((WORK, 1, 2, "我的标题"), (WORK, top + 6, 2, "我的备注"), (SETTINGS, 0, 5, "记")),
    )
    planted.add_rows("work.aov", 2, ["新指标"])
    for change in (block_between, setting_at_the_end):
        change(planted)
    outcome, issues = refreshed(users_book)
    assert (list(outcome.issues), issues) == ([], [])
    book = openpyxl.load_workbook(users_book)
    values = [cell.value for line in book[WORK].iter_rows() for cell in line if cell.value is not None]
    assert [values.count(text) for text in ("我的标题", "我的备注", "新指标", "新区块")] == [1, 1, 1, 1]
    assert book[SETTINGS]["F1"].value == "记"
    other = fresh(tmp_path)
    wanted, found = cells_of(other, "work.aov"), cells_of(users_book, "work.aov")
    assert [row for row in found if row[0] != "我的备注"] == wanted
    assert cells_of(users_book, "work.extra") == cells_of(other, "work.extra")
    assert [row[0] for row in found].index("我的备注") == 5
    assert rules.faults(users_book) == rules.faults(users)


@pytest.mark.parametrize(
    ("stand", "where"),
    [
        pytest.param({"cells": [(WORK, 6, 13, "我的")]}, "N7", id="typed beside a block that gets a column"),
        pytest.param({"cells": [("周看板", 40, 2, "我的")]}, None, id="typed where a block comes below"),
    ],
)
def test_what_stands_in_the_way_is_one_sentence_and_the_rest_goes_on(stand, where, users_book, planted):
    edit(users_book, **stand)
    for change in (column_inside, block_at_the_end, setting_at_the_end):
        change(planted)
    outcome, issues = refreshed(users_book)
    assert issues == []
    assert [each.value for each in outcome.issues] == ([where] if where else [])
    assert outcome.done["blocks_added"] == outcome.done["inputs_added"] == 1
    with Workbook.open(users_book, for_writing=False) as book:
        shown = [
            value
            for title in (WORK, "周看板")
            for row in book.read(Place(title, 0, 0, 80, 20))
            for value in row
        ]
    assert "我的" in shown
    again, _ = refreshed(users_book)
    assert (again is None) == (where is None)


@pytest.mark.parametrize("reads", ["formula", "chart"])
def test_what_people_read_of_a_block_that_goes_stays_as_plain_cells(reads, users_book, planted):
    with Workbook.open(users_book, for_writing=True) as book:
        home = book.place("ops.work.aov")
        if reads == "formula":
            cell_formulas.write(book._session.sheet("我的"), 20, 1, 5, f"'{WORK}'!D{home.row + 2}")
        else:
            (part,) = book._session.parts.related(
                book._session.parts.related(book._session.part("我的"), "drawing")[0], "chart"
            )
            data = book._session.parts.read(part)
            book._session.parts.write(
                part, data.replace(b"$D$7:$D$12", f"$D${home.row + 1}:$D${home.row + 6}".encode())
            )
        book.save()
    before = cells_of(users_book, "work.aov")
    block_gone(planted)
    outcome, issues = refreshed(users_book)
    assert issues == []
    assert [each.code for each in outcome.issues] == ["book.upgrade_kept"]
    with Workbook.open(users_book, for_writing=False) as book:
        assert "ops.work.aov" not in book.names()
        assert book.read(home) == before


def test_what_people_deleted_stays_deleted(users_book, planted):
    with Workbook.open(users_book, for_writing=True) as book:
        home = book.place("ops.work.aov")
        structure.apply(book._session, Shift(WORK, "rows", home.row - 1, -(home.rows + 1)))
        frames = drawings.frames(book._session, "总览")
        drawings.drop(book._session, frames[0])
        book.save()
    row_inside(planted)
    _, issues = refreshed(users_book)
    assert [(each.code, each.detail) for each in issues] == [("book.block_missing", "work.aov")]
    with Workbook.open(users_book, for_writing=False) as book:
        assert [frame.name for frame in drawings.frames(book._session, "总览")] == [frames[1].name]


def test_a_sheet_of_the_users_has_the_title_of_a_new_one(users_book, planted):
    planted.add_sheet("extra", "我的", "weekly")
    planted.add_block("extra.list", 2, 1, BLOCK)
    outcome, issues = refreshed(users_book)
    assert [each.code for each in outcome.issues] == ["book.upgrade_title"]
    assert issues == []


# --- in Excel -----------------------------------------------------------------------------------


def through_excel(path):
    """Do what a refresh does with a workbook that is open in Excel; return it, the upgrade and the issues."""
    from opsbook.book.compose import compose
    from opsbook.metrics.review import Review

    excel = fake_excel.Workbook(path)
    with LiveWorkbook.open(excel, path) as book:
        outcome = book.upgrade()
        standing = {
            name: shared.standing(table, book.read(place))
            for name, table in tables().items()
            if (place := book.place(f"ops.{name}"))
        }
        plan = calculated(compose(Review(year=0, as_of=None), Settings(), standing=standing), "inline")
        issues = apply(book, plan, outcome.failed if outcome else ())
        book.save()
    return excel, outcome, issues


def shown_by(excel):
    """Return what both hosts must agree on: cells, names, charts, merged cells."""
    names = {
        each.__dict__["Name"]: parse(each.__dict__["RefersTo"]) or each.__dict__["RefersTo"]
        for each in excel.__dict__["Names"]._entries
        if each.__dict__["Name"].startswith("ops.")
    }
    sheets = {
        sheet.__dict__["Name"]: (
            sorted(sheet._merged),
            sorted(
                (
                    frame.TopLeftCell._box,
                    [each._formula.replace("'", "") for each in frame.__dict__["Chart"]._series],
                )
                for frame in sheet._charts
            ),
        )
        for sheet in excel._sheets
    }
    return excel.shown(), names, sheets


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_both_hosts_bring_a_workbook_to_the_same_layout(changes, users_book, planted, tmp_path):
    for change in changes:
        change(planted)
    copy = tmp_path / "file" / "book.xlsx"
    copy.parent.mkdir()
    shutil.copyfile(users_book, copy)
    outcome, issues = refreshed(copy)
    excel, live, others = through_excel(users_book)
    assert (live.done, live.issues, others) == (outcome.done, outcome.issues, issues)
    for mine, theirs in zip(shown_by(excel), shown_by(fake_excel.Workbook(copy)), strict=True):
        assert mine == theirs
    assert excel._app.settings() == (True, True, True, -4105, False)
    assert users_book.with_name("book.backup.xlsx").exists()
