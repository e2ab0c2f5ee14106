"""The flow layout, worked out by hand: rows 0-3 hold margin, title, note and a gap; parts begin in row 4, column 1."""

from __future__ import annotations

import importlib
import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from opsbook.backends.xlsxwriter.new_workbook import build
from opsbook.book import furniture, layout
from opsbook.book.address import Place
from opsbook.book.compose import compose
from opsbook.book.flow_layout import place_sheet
from opsbook.book.model import Block, Cell
from opsbook.book.spots import A3, A4, Frame, Input, Spot
from opsbook.domain.language import Text
from opsbook.metrics.review import Review
from opsbook.params import Settings
from opsbook.sheets import sheet_list as declared
from opsbook.sheets.common_parts import head
from opsbook.sheets.sheet_parts import (
    Anchor,
    ChartLines,
    FormLine,
    InputForm,
    InputTable,
    SheetColumn,
    SheetDeclaration,
    SheetSection,
    SideBySide,
    TextTable,
)


def text(word):
    return Text(word, word)


def section(name, rows, **more):
    return SheetSection(text(name), f"s.{name}", (), rows, **more)


def sheet(*parts, **more):
    return SheetDeclaration("s", text("S"), (14, 100, 100, 100, 100), parts, **more)


def placed(*parts, **more):
    return place_sheet(sheet(*parts, **more))


def rows(found):
    return {name: (spot.row, spot.column) for name, spot in found.spots.items()}


A, B = section("a", 3), section("b", 2)
PLAIN = section("a", 3, show_title=False)


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        # A title in row 4, three rows, an empty one, a title.
        pytest.param((A, B), {"s.a": (5, 1), "s.b": (10, 1)}, id="below-each-other"),
        pytest.param((PLAIN, B), {"s.a": (4, 1), "s.b": (9, 1)}, id="no-title-no-row"),
        pytest.param((replace(A, gap=0), B), {"s.a": (5, 1), "s.b": (9, 1)}, id="no-gap"),
        pytest.param((replace(A, gap=3), B), {"s.a": (5, 1), "s.b": (12, 1)}, id="wide-gap"),
        pytest.param(
            (SideBySide(stacks=((1, (A,)), (3, (B,)))), section("c", 1)),
            {"s.a": (5, 1), "s.b": (5, 3), "s.c": (10, 1)},
            id="beside-the-taller-counts",
        ),
        pytest.param(
            (SideBySide(stacks=((1, (B, section("c", 1))), (3, (A,)))), section("d", 1)),
            {"s.b": (5, 1), "s.c": (9, 1), "s.a": (5, 3), "s.d": (12, 1)},
            id="a-stack-of-two-beside-one",
        ),
        pytest.param(
            (SideBySide(stacks=((1, (A,)), (3, (replace(B, show_title=False),)))),),
            {"s.a": (5, 1), "s.b": (5, 3)},
            id="beside-a-title-begins-below-it",
        ),
    ],
)
def test_addresses_of_blocks(parts, wanted) -> None:
    assert rows(placed(*parts)) == wanted


def test_a_spot_knows_its_title_and_its_prepared_rows() -> None:
    found = placed(A, section("b", 9, prepared=9, show_title=False))
    assert found.spots["s.a"] == Spot("s", 5, 1, heading=1)
    assert found.spots["s.b"] == Spot("s", 9, 1, rows=9)
    assert [(each.row, each.column, each.text.en, each.style) for each in found.labels] == [
        (4, 1, "a", "heading")
    ]


def test_the_head_ends_in_the_row_of_the_note() -> None:
    assert placed(A, head=head("s", text("S"), 4)).spots["s.head"] == Spot("s", 1, 1)
    assert placed(A, head=section("more", 1)).spots["s.more"] == Spot("s", 2, 1)


@pytest.mark.parametrize(
    ("parts", "more", "wanted"),
    [
        pytest.param((A, B), {}, {4: 28, 9: 28}, id="titles"),
        pytest.param((A, B), {"heading_height": None}, {}, id="titles-as-all-rows"),
        pytest.param((A, B), {"heading_height": 25, "gap_height": 9}, {4: 25, 8: 9, 9: 25}, id="gaps"),
        pytest.param(
            (section("a", 3, head_height=22, row_height=50),), {}, {4: 28, 5: 22, 6: 50, 7: 50}, id="rows"
        ),
        pytest.param((section("a", 3, cycle=(10, 11)),), {}, {4: 28, 5: 10, 6: 11, 7: 10}, id="by-turns"),
        # Inside a stack the rows belong to the neighbours too: only the title that all share is taller.
        pytest.param((SideBySide(stacks=((1, (B, B)), (3, (A,)))),), {"gap_height": 9}, {4: 28}, id="stacks"),
    ],
)
def test_heights_of_rows(parts, more, wanted) -> None:
    assert placed(*parts, top=(), **more).page.heights == wanted


def test_top_rows_have_their_heights() -> None:
    assert placed(A).page.heights == {0: 8, 1: 32, 2: 20, 3: 8, 4: 28}


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        pytest.param((A, replace(B, page_break=True)), (9,), id="before-the-title"),
        pytest.param((replace(A, page_break=True), B), (), id="never-before-the-first"),
        pytest.param((section("a", 9, breaks=(4,)), replace(B, page_break=True)), (9, 15), id="inside"),
        # Five lines of charts, ten rows each, from row 4: a page takes two lines.
        pytest.param((ChartLines(names=tuple("vwxyz"), lines_a_page=2),), (24, 44), id="lines-of-charts"),
    ],
)
def test_page_breaks(parts, wanted) -> None:
    assert placed(*parts).page.breaks == wanted


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        pytest.param({"scroll_below": Anchor.HEAD, "fixed_columns": 2}, (3, 2), id="head"),
        pytest.param({"scroll_below": Anchor.LIST}, (5, 0), id="headings-of-the-list"),
        pytest.param({"scroll_below": Anchor.END}, (8, 0), id="below-all"),
        pytest.param({"scroll_below": Anchor.NONE}, None, id="nothing"),
    ],
)
def test_what_stays_in_sight(more, wanted) -> None:
    assert placed(PLAIN, **more).page.freeze == wanted  # rows 4, 5, 6, an empty one


def test_print_out() -> None:
    # Rows 4-6 in column 1; a part from column 3 on is not printed, however long.
    parts = SideBySide(stacks=((1, (PLAIN,)), (3, (section("b", 30, show_title=False),))))
    page = placed(parts, printed=(2, 0), repeat=(Anchor.HEAD, Anchor.LIST), large=True, one_page=True).page
    assert (page.printed, page.repeat, page.paper, page.tall) == ((6, 2), (1, 4), A3, 1)
    page = placed(PLAIN).page
    assert (page.printed, page.repeat, page.paper, page.tall) == (None, None, A4, 0)


def test_charts_share_the_width_of_the_sheet() -> None:
    titles, data = section("titles", 3), section("data", 5)
    more = section("more", 2)
    found = placed(
        ChartLines(
            names=("x", "y", "z"), per_line=2, line_rows=6, titles=titles, under=((1, data), (1, more))
        ),
        A,
    )
    # 400 pixels, a gap of 12: 194 each. Six rows of 20 pixels without the gap below: 108.
    assert found.frames == {
        "x": Frame("s", 5, 1, 0, 0, 194, 108),
        "y": Frame("s", 5, 1, 206, 0, 194, 108),
        "z": Frame("s", 11, 1, 0, 0, 194, 108),
    }
    # The charts cover their data: titles from their second row on, data beside them, more data below.
    assert found.spots["s.titles"] == Spot("s", 6, 1, heading=2)
    assert rows(found) == {"s.titles": (6, 1), "s.data": (6, 2), "s.more": (11, 2), "s.a": (19, 1)}


def test_a_chart_beside_a_table() -> None:
    chart = ChartLines(names=("x",), line_rows=3, margin=5, below=0)
    found = placed(SideBySide(stacks=((1, (A,)), (3, (chart,)))))
    assert found.frames == {"x": Frame("s", 5, 3, 0, 0, 195, 60)}
    narrow = placed(ChartLines(names=("x",), line_rows=3, span=1))
    assert narrow.frames == {"x": Frame("s", 4, 1, 0, 0, 100, 48)}


def test_cells_for_people() -> None:
    columns = (
        SheetColumn("day", text("Day"), head="head"),
        SheetColumn("what", text("What"), span=2, head="headnote"),
    )
    table = InputTable(text("T"), "s.t", (), 2, columns, lead=(text("hint"),), joined=((0, 1, 2), (1, 1, 2)))
    found = placed(table)
    # Row 4 title, 5 hint, 6 headings, 7 and 8 to fill in.
    assert found.inputs == {"s.t": Input("s.t", "s", 7, 1, 2, 3)}
    assert found.merges == [Place("s", 7, 2, 1, 2), Place("s", 8, 2, 1, 2)]
    assert [(each.row, each.column, each.text.en, each.style) for each in found.labels] == [
        (4, 1, "T", "heading"),
        (5, 1, "hint", "pagenote"),
        (6, 1, "Day", "head"),
        (6, 2, "What", "headnote"),
        (6, 3, "", "headnote"),
    ]


def test_a_form_and_words() -> None:
    columns = (SheetColumn("label", look="body"), SheetColumn("cell"), SheetColumn("help", look="note"))
    form = InputForm(columns=columns, questions=(FormLine("s.x", text("X?"), text("why")),))
    found = placed(TextTable(text("W"), lines=((text("one"), text("two")),), looks=("body", "note")), form)
    assert found.inputs == {"s.x": Input("s.x", "s", 7, 2)}
    assert [(each.row, each.column, each.text.en, each.style) for each in found.labels] == [
        (4, 1, "W", "heading"),
        (5, 1, "one", "body"),
        (5, 2, "two", "note"),
        (7, 1, "X?", "body"),
        (7, 3, "why", "note"),
    ]


def test_every_block_takes_the_room_that_its_section_declares(plan) -> None:
    for block in plan.blocks:
        section = declared.section(block.name)
        height, width = block.shape
        if block.grows or block.shared or block.name.endswith("chart_data") or block.name == "review.proof":
            assert height <= section.rows, block.name
        else:
            assert height == section.rows, block.name
        assert width == section.width or not section.columns, block.name


@pytest.fixture
def longer_board(monkeypatch):
    """A workbook whose weekly board has one more section, declared in its sheet alone."""
    extra = SheetSection(
        Text("备忘", "Reminders"),
        "weekly.reminders",
        ("R9.9",),
        3,
        (SheetColumn("what", Text("事项", "What")), SheetColumn("when", Text("时间", "When"), "value.int")),
        page_break=True,
    )
    longer = tuple(
        replace(each, parts=(*each.parts, extra)) if each.id == "weekly" else each for each in declared.SHEETS
    )
    monkeypatch.setattr(declared, "SHEETS", longer)
    importlib.reload(layout)
    yield extra
    monkeypatch.undo()
    importlib.reload(layout)


@pytest.mark.filterwarnings("ignore:.*extension is not supported")  # by openpyxl, which reads back
def test_a_section_added_to_a_sheet_has_address_title_name_and_page_break(longer_board) -> None:
    board = declared.section("weekly.board").rows  # from row 4 on, no title above
    title = 4 + board + 1
    assert layout.SPOTS["weekly.reminders"] == Spot("weekly", title + 1, 1, heading=1)
    assert layout.pages()["weekly"].breaks == (title,)
    assert layout.pages()["weekly"].heights[title] == 28
    labels = [each for each in furniture.labels("en") if each.text == "Reminders"]
    assert [(each.sheet, each.row, each.column, each.style) for each in labels] == [
        ("weekly", title, 1, "heading")
    ]
    plan = compose(Review(0, None), Settings(language="en"))
    cells = tuple((Cell(f"task {number}"), Cell(number)) for number in range(3))
    book = load_workbook(
        io.BytesIO(build(replace(plan, blocks=(*plan.blocks, Block("weekly.reminders", cells)))))
    )
    where = book.defined_names["ops.weekly.reminders"].attr_text
    assert where == f"'Weekly board'!$B${title + 2}:$C${title + 4}"
    sheet = book["Weekly board"]
    assert (sheet.cell(title + 1, 2).value, sheet.cell(title + 2, 2).value) == ("Reminders", "task 0")
    assert [each.id for each in sheet.row_breaks.brk] == [title]
