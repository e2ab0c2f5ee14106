"""Cells into an open Excel: few calls, every kind of value, and what Excel would make of it otherwise."""

import pytest
from backends.fake_excel import ERROR_CELL, Workbook
from backends.packages import build
from hypothesis import given
from hypothesis import strategies as st

from opsbook.backends.excel_live import cell_writer
from opsbook.book.model import NA, Cell, Error

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
MINE = "我的 分析"


@pytest.fixture
def excel(tmp_path):
    return Workbook(build(tmp_path / "b.xlsx"))


@pytest.fixture
def sheet(excel):
    return excel.sheet(MINE)


def at(sheet, address):
    return sheet.Range(address)._cells()[0][0]


@given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6))))
def test_rectangles_hold_every_cell_once(cells):
    found = [
        (row, column)
        for place in cell_writer.rectangles(cells)
        for row in range(place.row, place.last_row + 1)
        for column in range(place.column, place.last_column + 1)
    ]
    assert sorted(found) == sorted(cells)


def test_a_large_block_takes_few_calls(excel, sheet):
    cells = {
        (row, column): Cell(float(row), formula="A1" if column == 3 else "")
        for row in range(500)
        for column in range(8)
    }
    excel._app._calls.clear()
    cell_writer.put(sheet, cells)
    assert [member for _, member in excel._app._calls] == ["Range", "Formula=", "Value2"]
    assert at(sheet, "H500").value == 499
    assert at(sheet, "D500").formula == "=A1"


@pytest.mark.parametrize(
    ("known", "setters"),
    [(True, ["Formula2=", "Formula="]), (False, ["Formula=", "Formula="])],
    ids=["365", "before 365"],
)
def test_calls_of_functions_are_given_as_dynamic_arrays_where_excel_has_them(excel, sheet, known, setters):
    # By Formula, Excel 365 would make =@YOY_GROWTH(A1,B1) of it. What calls nothing of ours keeps its old way.
    excel._app._dynamic_arrays = known
    excel._app._calls.clear()
    cell_writer.put(
        sheet,
        {
            (0, 3): Cell(0.5, formula="YOY_GROWTH(A1,B1)"),
            (0, 4): Cell(1.0),
            (9, 3): Cell(1.0, formula='IF(A1="YOY_GROWTH(",1,2)'),
        },
    )
    assert [member for _, member in excel._app._calls if member.endswith("=")] == setters
    assert at(sheet, "D1").formula == "=YOY_GROWTH(A1,B1)"


# What a keyboard would make something else of; each must arrive as the very text.
TEXTS = [
    "=1+1", '=HYPERLINK("http://x")', "+1", "-cmd", "@SUM(A1)", "1", "00123", "1e5", "5.10", "12%", "¥5", "(3)", "1,000",
    "2025-09", "2025年3月", "3月", "三月", "1/2", "10:30", "5 pm", "Mar 2025", "TRUE", "true", "#N/A", "#REF!", "'quoted",
    "询盘", "Q1 增长", " 1", "a\nb", "a=b", "６",
]  # fmt: skip


@pytest.mark.parametrize("number_format", ["General", "@", "0.00"])
@pytest.mark.parametrize("text", TEXTS)
def test_a_text_stays_the_text_that_it_is(sheet, text, number_format):
    at(sheet, "A1").number_format = number_format
    cell_writer.put(sheet, {(0, 0): Cell(text), (0, 1): Cell(text)})
    for address in ("A1", "B1"):
        assert (at(sheet, address).value, at(sheet, address).formula) == (text, "")


@pytest.mark.parametrize(
    ("cell", "value", "formula"),
    [
        (Cell(3), 3.0, ""),
        (Cell(10**15), 1e15, ""),
        (Cell(0.1), 0.1, ""),
        (Cell(True), True, ""),
        (Cell(False), False, ""),
        (Cell(None), None, ""),
        (Cell(""), None, ""),
        (Cell(NA), ERROR_CELL + 2042, ""),
        (Cell(Error("#DIV/0!")), ERROR_CELL + 2007, ""),
        (Cell(0.2, formula="YOY_GROWTH(A1,B1)"), 0.0, "=YOY_GROWTH(A1,B1)"),
        (Cell(1, formula='IF(A1="_xlfn.x",_xlfn._xlws.SORT(A1),1)'), 0.0, '=IF(A1="_xlfn.x",SORT(A1),1)'),
        (Cell("字" * 9000), "字" * 9000, ""),
    ],
)
@pytest.mark.parametrize("number_format", ["General", "@"])
def test_every_kind_of_value_arrives(sheet, cell, value, formula, number_format):
    at(sheet, "A1").number_format = number_format
    cell_writer.put(sheet, {(row, column): cell for row in range(2) for column in range(2)})
    found = at(sheet, "A1")
    assert (found.value, type(found.value), found.formula) == (value, type(value), formula)
    assert at(sheet, "B2").value == value


def test_rows_that_a_filter_hides_are_written_too(sheet):
    sheet._hidden = {2, 4}
    cell_writer.put(sheet, {(row, 0): Cell(float(row)) for row in range(5)})
    assert [at(sheet, f"A{row}").value for row in range(1, 6)] == [0, 1, 2, 3, 4]


def test_cells_under_a_merged_one_are_passed_over(sheet):
    sheet._merged = [(1, 1, 1, 3)]
    cell_writer.put(sheet, {(0, column): Cell(float(column + 1)) for column in range(3)})
    assert [at(sheet, f"{column}1").value for column in "AC"] == [1.0, None]


def test_what_excel_does_not_take_is_named(sheet, monkeypatch):
    taken = type(at(sheet, "A1")).enter
    monkeypatch.setattr(
        "backends.fake_excel.Content.enter", lambda cell, value: taken(cell, value if value != 2.0 else 7.0)
    )
    with pytest.raises(cell_writer.NotTakenError, match="我的 分析!B1"):
        cell_writer.put(sheet, {(0, 0): Cell(1.0), (0, 1): Cell(2.0)})


def test_the_stand_in_reads_what_is_entered_as_excel_does(sheet):
    """Without it the tests above would prove nothing."""
    for text, value in (
        ("1", 1.0),
        ("12%", 12.0),
        ("TRUE", True),
        ("2025年3月", 45000.0),
        ("'1", "1"),
        ("询盘", "询盘"),
    ):
        sheet.Range("A1").Value2 = text
        assert at(sheet, "A1").value == value
    sheet.Range("A1").Value2 = "=1+1"
    assert at(sheet, "A1").formula == "=1+1"
