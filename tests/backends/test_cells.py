"""Odd spellings of cells, met in real files, and what we write into them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import openpyxl
import pytest
from backends.packages import LOG, REVIEW, build, cells, parts, rewrite, sheet_xml

from opsbook.backends.ooxml import cell_element, cell_strings
from opsbook.backends.ooxml.file_workbook import ObstructedError, Workbook
from opsbook.book.address import Place
from opsbook.book.model import NA, Cell, Error


def opened(path):
    return Workbook.open(path, for_writing=True)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a<b>&c", b"a&lt;b&gt;&amp;c"),
        ("bell\x07", b"bell_x0007_"),
        ("_x0041_", b"_x005F_x0041_"),
        ("_x41_", b"_x41_"),
        ("a\r\nb", b"a_x000D_\nb"),
        ("\ufffe", b"_xFFFE_"),
    ],
)
def test_escapes_of_texts(text, data):
    assert cell_strings.encode(text) == data
    assert cell_strings.decode(data) == text


def test_texts_are_cut_to_what_a_cell_holds():
    assert len(cell_strings.clip("a" * 40_000)) == 32_767
    assert len(cell_strings.clip("😀" * 20_000)) == 16_383  # two units each, none cut in half


@pytest.mark.parametrize(
    ("day", "serial", "serial1904"),
    [  # as Excel shows them
        (date(2026, 1, 1), 46023, 44561),
        (datetime(2026, 1, 1, 18, 0, tzinfo=UTC), 46023.75, 44561.75),
        (date(1904, 1, 1), 1462, 0),
        (date(1900, 3, 1), 61, None),
        (date(1900, 2, 28), 59, None),
        (date(1900, 1, 1), 1, None),
    ],
)
def test_serial_numbers(day, serial, serial1904):
    assert cell_element.serial(day) == serial
    if serial1904 is not None:
        assert cell_element.serial(day, date1904=True) == serial1904


@pytest.mark.parametrize("value", [float("nan"), float("inf"), date(1899, 1, 1), object(), [1]])
def test_what_no_cell_can_hold(value, tmp_path):
    path = build(tmp_path / "b.xlsx")
    before = path.read_bytes()
    book = opened(path)
    with pytest.raises(ValueError):
        book.write(Place("业绩回顾", 4, 1), [[Cell("ok"), Cell(value)]])
    book.save()
    assert path.read_bytes() == before


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
def test_values_come_back_in_another_reader(tmp_path):
    path = build(tmp_path / "b.xlsx")
    book = opened(path)
    values = [
        0.1 + 0.2,
        5,
        True,
        False,
        NA,
        "=1+1",
        " 空格 ",
        "@x",
        1e300,
        date(2026, 1, 1),
        np.float64(2.5),
        -0.5,
    ]
    place = Place("业绩回顾", 40, 1, 1, len(values))
    book.write(place, [[Cell(value) for value in values]])
    book.write(
        Place("业绩回顾", 41, 1),
        [[Cell(3.5, formula="C6/3"), Cell("a", formula='"a"'), Cell(NA, formula="NA()")]],
    )
    assert book.read(place) == [[*values[:9], 46023, 2.5, -0.5]]
    book.save()
    sheet = openpyxl.load_workbook(path)["业绩回顾"]
    found = [sheet.cell(41, column).value for column in range(2, 14)]
    assert found == [0.1 + 0.2, 5, True, False, "#N/A", "=1+1", " 空格 ", "@x", 1e300, 46023, 2.5, -0.5]
    assert cells(parts(path)[REVIEW])["G41"].count('t="s"') == 1
    assert [sheet.cell(42, column).value for column in (2, 3, 4)] == ["=C6/3", '="a"', "=NA()"]
    shown = openpyxl.load_workbook(path, data_only=True)["业绩回顾"]
    assert [shown.cell(42, column).value for column in (2, 3, 4)] == [3.5, "a", "#N/A"]


def test_rows_and_cells_without_addresses_prefixes_and_single_quotes(tmp_path):
    path = build(tmp_path / "b.xlsx")
    rows = "<row ht='20'><c><v>1</v></c><c s='1' t='inlineStr'><is><t>a</t></is></c></row><row><c><v>2</v></c></row>"
    rows += "<row r='5'><c><v>5</v></c></row><row><c r='B6'><v>6</v></c></row>"
    rewrite(path, {REVIEW: sheet_xml(rows, "x")})
    book = opened(path)
    whole = Place("业绩回顾", 0, 0, 6, 2)
    assert book.read(whole) == [[1, "a"], [2, None], [None, None], [None, None], [5, None], [None, 6]]
    book.write(Place("业绩回顾", 0, 1), [[Cell(9)]])
    book.write(Place("业绩回顾", 3, 0), [[Cell("neu")]])
    book.save()
    data = parts(path)[REVIEW].decode()
    assert (
        '<x:row ht=\'20\' r="1"><x:c r="A1"><x:v>1</x:v></x:c><x:c r="B1" s="1"><x:v>9</x:v></x:c></x:row>'
        in data
    )
    assert "<x:row><x:c><x:v>2</x:v></x:c></x:row>" in data  # not ours: as it was
    assert book.read(whole) == [[1, 9], [2, None], [None, None], ["neu", None], [5, None], [None, 6]]


def test_without_shared_strings_texts_stand_in_the_cell(tmp_path):
    path = build(tmp_path / "b.xlsx")
    rewrite(
        path,
        {
            "xl/sharedStrings.xml": None,
            "[Content_Types].xml": lambda data: data.replace(b"/xl/sharedStrings.xml", b"/xl/none.xml"),
            REVIEW: sheet_xml('<row r="1"><c r="A1"/></row>'),
            LOG: sheet_xml(""),
            "xl/worksheets/sheet3.xml": sheet_xml(""),
        },
    )
    book = opened(path)
    book.write(Place("业绩回顾", 0, 0), [[Cell(" a<")]])
    book.save()
    assert b'<c r="A1" t="inlineStr"><is><t xml:space="preserve"> a&lt;</t></is></c>' in parts(path)[REVIEW]
    assert book.read(Place("业绩回顾", 0, 0)) == [[" a<"]]


def test_members_of_a_shared_formula_get_their_own_text(tmp_path):
    path = build(tmp_path / "b.xlsx")
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f t="shared" ref="B1:B3" si="0">A1*2+$A$1</f><v>3</v></c></row>'
    rows += '<row r="2"><c r="B2"><f t="shared" si="0"/><v>5</v></c></row><row r="3"><c r="B3"><f t="shared" si="0"/><v>7</v></c></row>'
    rewrite(path, {REVIEW: sheet_xml(rows)})
    book = opened(path)
    book.write(Place("业绩回顾", 0, 1), [[Cell(8)], [Cell(5, formula="A2*2+$A$1")]])
    book.save()
    found = cells(parts(path)[REVIEW])
    assert "f>" not in found["B1"]
    assert found["B2"].endswith("f>A2*2+$A$1</ns0:f><ns0:v>5</ns0:v></ns0:c>")
    assert "A3*2+$A$1" in found["B3"]
    assert "shared" not in "".join(found.values())


def test_a_formula_that_says_the_same_keeps_its_element(tmp_path):
    path = build(tmp_path / "b.xlsx")
    rewrite(
        path, {REVIEW: sheet_xml('<row r="1"><c r="A1" cm="1"><f ca="1">我的!A1+1</f><v>1</v></c></row>')}
    )
    book = opened(path)
    book.write(Place("业绩回顾", 0, 0), [[Cell("x", formula="'我的'!A1+1")]])
    book.save()
    assert (
        b'<c r="A1" cm="1" t="str"><f ca="1">' + "我的!A1+1</f><v>x</v></c>".encode() in parts(path)[REVIEW]
    )


@pytest.mark.parametrize("kind", ["array", "dataTable"])
def test_nothing_is_written_inside_an_array_of_the_users(kind, tmp_path):
    path = build(tmp_path / "b.xlsx")
    rewrite(
        path,
        {REVIEW: sheet_xml(f'<row r="1"><c r="A1"><f t="{kind}" ref="A1:B2">X1:Y2</f><v>1</v></c></row>')},
    )
    before = path.read_bytes()
    book = opened(path)
    with pytest.raises(ObstructedError) as caught:
        book.write(Place("业绩回顾", 1, 1), [[Cell(1)], [Cell(2)]])
    assert (caught.value.place.row, caught.value.place.rows) == (0, 2)
    assert "A1:B2" in str(caught.value)
    book.save()
    assert path.read_bytes() == before


def test_new_cells_take_the_format_of_their_row_or_column(tmp_path):
    path = build(tmp_path / "b.xlsx")

    def styled(data: bytes) -> bytes:
        data = sheet_xml('<row r="2" s="2" customFormat="1" spans="1:3"/>')(data)
        return data.replace(
            b"<sheetData>", b'<cols><col min="1" max="2" width="9" style="1"/></cols><sheetData>'
        )

    rewrite(path, {REVIEW: styled})
    book = opened(path)
    book.write(Place("业绩回顾", 0, 1), [[Cell(1), Cell(2)], [Cell(3), Cell(None)]])
    book.save()
    rows = b'<row r="1"><c r="B1" s="1"><v>1</v></c><c r="C1"><v>2</v></c></row>'
    assert (
        rows + b'<row r="2" s="2" customFormat="1"><c r="B2" s="2"><v>3</v></c></row>' in parts(path)[REVIEW]
    )


def test_errors_read_as_errors(tmp_path):
    path = build(tmp_path / "b.xlsx")
    rewrite(
        path,
        {REVIEW: sheet_xml('<row r="1"><c r="A1" t="e"><v>#DIV/0!</v></c><c r="B1" t="str"><v/></c></row>')},
    )
    assert opened(path).read(Place("业绩回顾", 0, 0, 1, 2)) == [[Error("#DIV/0!"), ""]]


def test_metadata_of_a_spill_or_a_picture_goes_with_what_it_belonged_to(tmp_path):
    path = build(tmp_path / "b.xlsx")
    row = '<row r="1"><c r="A1" cm="1"><f t="array" ref="A1">SORT(X1)</f><v>1</v></c><c r="B1" t="e" vm="1"><v>#VALUE!</v></c></row>'
    rewrite(path, {REVIEW: sheet_xml(row)})
    book = opened(path)
    book.write(Place("业绩回顾", 0, 0), [[Cell(2, formula="1+1"), Cell("x")]])
    book.save()
    assert b'<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="s">' in parts(path)[REVIEW]


def test_new_rows_go_between_the_others(tmp_path):
    path = build(tmp_path / "b.xlsx")
    rewrite(path, {REVIEW: sheet_xml('<row><c><v>1</v></c></row><row><c><v>2</v></c></row><row r="9"/>')})
    book = opened(path)
    book.write(Place("业绩回顾", 4, 0), [[Cell(5)]])
    book.save()
    rows = b'<row><c><v>1</v></c></row><row><c><v>2</v></c></row><row r="5"><c r="A5"><v>5</v></c></row><row r="9"/>'
    assert rows in parts(path)[REVIEW]
    assert book.read(Place("业绩回顾", 0, 0, 5, 1)) == [[1], [2], [None], [None], [5]]


def test_counts_of_shared_strings_go_when_they_would_be_wrong(tmp_path):
    path = build(tmp_path / "b.xlsx")
    assert b"uniqueCount=" in parts(path)["xl/sharedStrings.xml"]
    book = opened(path)
    book.write(Place("业绩回顾", 0, 0), [[Cell("neu")]])
    book.save()
    data = parts(path)["xl/sharedStrings.xml"]
    assert b"ount=" not in data
    assert data.endswith(b"<si><t>neu</t></si></sst>")


def test_rich_and_phonetic_texts_are_read_and_kept(tmp_path):
    path = build(tmp_path / "b.xlsx")
    odd = "<si><r><rPr><b/></rPr><t>粗</t></r><r><t xml:space='preserve'> 体</t></r><rPh sb='0' eb='1'><t>cu</t></rPh></si><si/>"
    count = parts(path)["xl/sharedStrings.xml"].count(b"<si>")
    rewrite(
        path,
        {
            "xl/sharedStrings.xml": lambda data: data.replace(b"</sst>", odd.encode() + b"</sst>"),
            REVIEW: sheet_xml(
                f'<row r="1"><c r="A1" t="s"><v>{count}</v></c><c r="B1" t="s"><v>{count + 1}</v></c></row>'
            ),
        },
    )
    book = opened(path)
    assert book.read(Place("业绩回顾", 0, 0, 1, 2)) == [["粗 体", ""]]
    before = path.read_bytes()
    book.write(Place("业绩回顾", 0, 0), [[Cell("粗 体")]])  # the same text: its look stays
    book.save()
    assert path.read_bytes() == before
