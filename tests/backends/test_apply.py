"""A plan finds its blocks wherever the user put them, or leaves them alone."""

from __future__ import annotations

import openpyxl
import pytest
from backends.packages import MINE, REVIEW, build, cells, changed, outside, parts, rewrite

from opsbook.backends.apply import apply
from opsbook.backends.ooxml.file_workbook import Workbook
from opsbook.book.model import NA, Block, BookPlan, Cell, Ref
from opsbook.domain.issues import Issue

MONTHS = ["1月", "2月", "3月"]


def plan(values=(11, 22, 33), *, log=2, extra=()):
    """Return a plan of both blocks; the last month's figure is a formula over the log and its own block."""
    rows = [[Cell("月份"), Cell("今年"), Cell("去年")]]
    rows += [[Cell(month), Cell(value), Cell(None)] for month, value in zip(MONTHS, values, strict=True)]
    refs = (Ref("review.monthly", 1, 1), Ref("receipts.log", 1, 1, log, 1))
    rows[3][2] = Cell(values[0] - sum(range(log)), formula="{0}-SUM({1})", refs=refs)
    lines = [[Cell("文件"), Cell("行数"), Cell("时间")]]
    lines += [[Cell(f"n{at}"), Cell(at), Cell(NA)] for at in range(log)]
    blocks = (
        Block("review.monthly", tuple(map(tuple, rows))),
        Block("receipts.log", tuple(map(tuple, lines)), grows=True),
        *extra,
    )
    return BookPlan("zh", blocks, names={"YOY": "_xlfn.LAMBDA(_xlpm.x,_xlpm.x)"})


def applied(path, what):
    with Workbook.open(path, for_writing=True) as book:
        issues = apply(book, what)
        book.save()
    return issues


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
@pytest.mark.parametrize(("title", "top"), [("业绩回顾", 4), ("业绩 ' 2026", 4), ("业绩回顾", 11)])
def test_blocks_are_found_on_renamed_sheets_and_below_inserted_rows(title, top, tmp_path):
    path = build(tmp_path / "b.xlsx", title=title.replace("'", ""), top=top)
    assert applied(path, plan(log=4)) == []
    sheet = openpyxl.load_workbook(path)[title.replace("'", "")]
    assert [sheet.cell(top + row, 3).value for row in range(1, 5)] == ["今年", 11, 22, 33]
    assert sheet.cell(top + 4, 4).value == f"=C{top + 2}-SUM('刷新记录'!B4:B7)"
    assert openpyxl.load_workbook(path, data_only=True)[sheet.title].cell(top + 4, 4).value == 11 - 6
    assert sheet["G1"].value == f"=SUM(C{top + 2}:C{top + 4})"


def test_applying_twice_equals_applying_once(tmp_path):
    path = build(tmp_path / "b.xlsx")
    for log in (5, 1, 3):
        applied(path, plan(log=log))
        once = path.read_bytes()
        assert applied(path, plan(log=log)) == []
        assert path.read_bytes() == once


def test_overtyped_cells_are_written_again_and_foreign_parts_stay(tmp_path):
    path = build(tmp_path / "b.xlsx")
    applied(path, plan())
    good, before = cells(parts(path)[REVIEW]), parts(path)
    rewrite(path, {REVIEW: lambda data: data.replace(b"<v>22</v>", b"<v>-1</v>")})
    assert b"<v>22</v>" not in parts(path)[REVIEW]
    applied(path, plan())
    assert cells(parts(path)[REVIEW]) == good
    assert changed(before, parts(path)) == set()


def test_a_row_inserted_inside_stays_the_users(tmp_path):
    path = build(tmp_path / "b.xlsx", inside=1)
    before = parts(path)
    assert applied(path, plan()) == []
    after = parts(path)
    ours = {f"{column}{row}" for column in "BCD" for row in (5, 6, 7, 9)}
    assert outside(after[REVIEW], ours) == outside(before[REVIEW], ours)
    found = cells(after[REVIEW])
    assert ">99<" in found["C8"]
    assert ">33<" in found["C9"]
    assert "f>C6-SUM(" in found["D9"]


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
def test_a_column_inserted_inside_stays_the_users(tmp_path):
    path = build(tmp_path / "b.xlsx")
    edits = {
        REVIEW: lambda data: (
            data.replace(b'"D5"', b'"E5"')
            .replace(b'"D6"', b'"E6"')
            .replace(b'"D7"', b'"E7"')
            .replace(b'"D8"', b'"E8"')
        ),
        "xl/workbook.xml": lambda data: data.replace(b"$B$5:$D$8", b"$B$5:$E$8"),
    }
    rewrite(path, edits)
    assert applied(path, plan()) == []
    sheet = openpyxl.load_workbook(path)["业绩回顾"]
    assert [sheet.cell(8, column).value for column in range(2, 6)] == [
        "3月",
        33,
        None,
        "=C6-SUM('刷新记录'!B4:B5)",
    ]


def test_a_block_whose_rows_are_uncertain_is_left_alone_entirely(tmp_path):
    path = build(tmp_path / "b.xlsx")
    shorter = lambda data: data.replace(b"$B$5:$D$8", b"$B$5:$D$7")  # noqa: E731 - a row was deleted
    rewrite(path, {"xl/workbook.xml": shorter})
    before = parts(path)[REVIEW]
    issues = applied(path, plan())
    assert issues == [Issue("book.block_reshaped", file="b.xlsx", sheet="业绩回顾", detail="review.monthly")]
    assert parts(path)[REVIEW] == before


def test_a_missing_block_is_named_and_formulas_over_it_become_values(tmp_path):
    path = build(tmp_path / "b.xlsx")
    lost = lambda data: data.replace("'刷新记录'!$A$3:$C$5".encode(), b"#REF!")  # noqa: E731
    rewrite(path, {"xl/workbook.xml": lost})
    issues = applied(path, plan())
    assert issues == [Issue("book.block_missing", file="b.xlsx", detail="receipts.log")]
    assert cells(parts(path)[REVIEW])["D8"].endswith("v>10</ns0:v></ns0:c>")
    assert "f>" not in cells(parts(path)[REVIEW])["D8"]


def test_a_growing_block_stops_before_what_the_user_wrote_below(tmp_path):
    path = build(tmp_path / "b.xlsx")
    with Workbook.open(path, for_writing=True) as book:
        book.write_cells("刷新记录", {(6, 1): Cell("我的")})
        book.save()
    before = parts(path)
    issues = applied(path, plan(log=9))
    assert [(issue.code, issue.detail, issue.value) for issue in issues] == [
        ("book.block_reshaped", "receipts.log", "B7")
    ]
    assert parts(path)["xl/worksheets/sheet2.xml"] == before["xl/worksheets/sheet2.xml"]
    assert parts(path)[MINE] == before[MINE]


def test_a_growing_block_without_data_keeps_a_row(tmp_path):
    path = build(tmp_path / "b.xlsx", log_rows=3)
    empty = BookPlan(
        "zh", (Block("receipts.log", ((Cell("文件"), Cell("行数"), Cell("时间")),), grows=True),)
    )
    applied(path, empty)
    with Workbook.open(path, for_writing=False) as book:
        assert book.place("ops.receipts.log").rows == 2
        assert book.read(book.place("ops.receipts.log"))[1] == [None, None, None]
    applied(path, plan(log=3))
    assert "刷新记录!$B$4:$B$6<".encode() in parts(path)["xl/charts/chart3.xml"]


def test_a_value_that_no_cell_holds_stops_before_the_first_write(tmp_path):
    path = build(tmp_path / "b.xlsx")
    bad = Block("none.such", ((Cell(float("nan")),),))
    with Workbook.open(path, for_writing=True) as book:
        with pytest.raises(ValueError, match="NaN"):
            apply(book, plan(extra=(bad,)))
        before = path.read_bytes()
        book.save()
    assert path.read_bytes() == before
