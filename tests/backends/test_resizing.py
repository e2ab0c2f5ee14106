"""A block that grows takes along whatever refers to its rows."""

from __future__ import annotations

import pytest
from backends.packages import LOG, MINE, build, cache, cells, changed, parts, rewrite

from opsbook.backends.ooxml.file_workbook import ObstructedError, Workbook
from opsbook.backends.ooxml.range_shifts import BlockGrowth
from opsbook.book.address import Place
from opsbook.book.model import Cell

NAME = "ops.receipts.log"


def opened(path):
    return Workbook.open(path, for_writing=True)


def log(rows):
    return [
        [Cell("文件"), Cell("行数"), Cell("时间")],
        *([Cell(f"f{at}.xlsx"), Cell(at), Cell(45000 + at)] for at in range(rows)),
    ]


def resized(path, rows):
    with opened(path) as book:
        book.resize(NAME, rows + 1)
        book.write(book.place(NAME), log(rows))
        book.save()


def references(path):
    """Return every reference to the block that the workbook holds."""
    content = parts(path)
    found = [content["xl/workbook.xml"], content["xl/charts/chart3.xml"]]
    return [piece.decode() for piece in found], content[LOG].decode(), content[MINE].decode()


@pytest.mark.parametrize("rows", [7, 1, 5])
def test_everything_follows_and_comes_back(rows, tmp_path):
    path = build(tmp_path / "b.xlsx", log_rows=5)
    original = parts(path)
    resized(path, rows)
    (names, chart), sheet, mine = references(path)
    end = rows + 3
    assert f"'刷新记录'!$A$3:$C${end}<" in names
    assert f'name="_xlnm._FilterDatabase" localSheetId="1" hidden="1">刷新记录!$A$3:$C${end}<' in names
    assert f'name="_xlnm.Print_Area" localSheetId="1">刷新记录!$A$1:$C${end}<' in names
    assert f"刷新记录!$B$4:$B${end}<" in chart
    assert f'<autoFilter ref="A3:C{end}"' in sheet
    assert f'<conditionalFormatting sqref="B4:B{end}"' in sheet or (rows == 1 and 'sqref="B4"' in sheet)
    assert f"<xm:sqref>B4:B{end}<" in sheet or (rows == 1 and "<xm:sqref>B4<" in sheet)
    assert f'sqref="A4:A{end}"' in sheet or (rows == 1 and 'sqref="A4"' in sheet)
    assert f"<xm:f>'刷新记录'!B4:B{end}<" in mine or f"<xm:f>刷新记录!B4:B{end}<" in mine
    assert f"$A$4:$A${end}<" in mine
    assert cache(parts(path)["xl/charts/chart3.xml"])[1:] == (str(rows), {at: str(at) for at in range(rows)})
    if rows == 5:
        assert parts(path) == original
    resized(path, 5)
    after = parts(path)
    # Emptied cells keep their format and stay, so only rows below the block may differ.
    assert changed(original, after) <= {LOG, "xl/sharedStrings.xml"}
    for address, cell in cells(original[LOG]).items():
        assert cells(after[LOG])[address] == cell


def test_rows_that_come_look_like_the_last_one(tmp_path):
    path = build(tmp_path / "b.xlsx")
    rewrite(path, {LOG: lambda data: data.replace(b'<row r="5"', b'<row r="5" ht="33" customHeight="1"')})
    resized(path, 3)
    data = parts(path)[LOG].decode()
    assert '<row r="6" ht="33" customHeight="1"><c r="A6" s="2" t="s">' in data


def test_rows_that_go_keep_their_format(tmp_path):
    path = build(tmp_path / "b.xlsx", log_rows=4)
    resized(path, 2)
    assert b'<c r="A6" s="2"/><c r="B6" s="2"/><c r="C6" s="2"/>' in parts(path)[LOG]


@pytest.mark.parametrize("what", ["value", "merge", "table"])
def test_what_stands_below_is_not_overwritten(what, tmp_path):
    path = build(tmp_path / "b.xlsx")
    if what == "value":
        with opened(path) as book:
            book.write(Place("刷新记录", 7, 2), [[Cell("我的备注")]])
            book.save()
        where = Place("刷新记录", 7, 2)
    elif what == "merge":
        merge = b'<mergeCells count="1"><mergeCell ref="C8:E8"/></mergeCells>'
        rewrite(
            path,
            {
                LOG: lambda data: data.replace(b"</autoFilter>", b"</autoFilter>" + merge).replace(
                    b"/><cond", b"/>" + merge + b"<cond", 1
                )
            },
        )
        assert merge in parts(path)[LOG]
        where = Place("刷新记录", 7, 2, 1, 3)
    else:
        rewrite(
            path, {"xl/worksheets/_rels/sheet2.xml.rels": parts(path)["xl/worksheets/_rels/sheet3.xml.rels"]}
        )
        rewrite(path, {"xl/tables/table1.xml": lambda data: data.replace(b'ref="A1:B3"', b'ref="C8:D10"')})
        where = Place("刷新记录", 7, 2, 3, 2)
    before = path.read_bytes()
    with opened(path) as book:
        assert book.resize_obstacle(NAME, 5) is None  # up to row 7
        with pytest.raises(ObstructedError) as caught:
            book.resize(NAME, 6)
        assert caught.value.place == where
        book.save()
    assert path.read_bytes() == before


def growth(rows):
    return BlockGrowth(Place("日志", 9, 1, 5, 3), rows)  # B10:D14, header in row 10


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("SUM('日志'!C11:C14)", "SUM('日志'!C11:C20)"),
        ("日志!$B$10:$D$14", "日志!$B$10:$D$20"),
        ("日志!C11:C13", "日志!C11:C13"),  # not to the end
        ("日志!C9:C14", "日志!C9:C14"),  # begins above
        ("日志!A11:C14", "日志!A11:C14"),  # wider than the block
        ("日志!B14:D14", "日志!B14:D14"),  # one row of several
        ("别的!C11:C14", "别的!C11:C14"),
        ('"日志!C11:C14"', '"日志!C11:C14"'),
    ],
)
def test_which_references_follow(old, new):
    assert growth(11).in_formula(old, "") == new


def test_a_list_of_ranges_follows_piece_by_piece():
    assert growth(11).in_reference("C11:C14 E1:E14 B10:D14") == "C11:C20 E1:E14 B10:D20"


def test_a_print_area_covers_the_block_and_never_shrinks_below_other_things():
    assert growth(11).in_print_area("日志!$A$1:$H$14") == "日志!$A$1:$H$20"
    assert growth(11).in_print_area("日志!$A$1:$H$17") == "日志!$A$1:$H$20"
    assert growth(3).in_print_area("日志!$A$1:$H$17") == "日志!$A$1:$H$17"
    assert growth(3).in_print_area("日志!$A$1:$H$14") == "日志!$A$1:$H$12"


def test_a_pivot_cache_over_the_block_follows():
    data = b'<pivotCacheDefinition><cacheSource type="worksheet"><worksheetSource ref="B10:D14" sheet="%b"/></cacheSource></pivotCacheDefinition>'
    assert b'ref="B10:D20"' in growth(11).in_pivot_cache(data % "日志".encode())
    assert b'ref="B10:D14"' in growth(11).in_pivot_cache(data % b"other")


def test_a_range_wider_than_the_block_does_not_follow():
    assert growth(11).in_formula("日志!C11:H14", "") == "日志!C11:H14"


def test_the_cell_of_a_sparkline_stays_one_cell():
    block = BlockGrowth(Place("日志", 9, 1, 2, 3), 5)
    frame = (
        b'<worksheet xmlns:xm="urn:xm"><sheetData></sheetData><conditionalFormatting sqref="C11"/>'
        b"<sparkline><xm:f>"
        + "日志!C11:C11</xm:f>".encode()
        + b"<xm:sqref>D11</xm:sqref></sparkline></worksheet>"
    )
    found = block.in_worksheet(frame, "日志").decode()
    assert 'sqref="C11:C14"' in found
    assert "<xm:f>日志!C11:C14</xm:f><xm:sqref>D11</xm:sqref>" in found


def test_another_block_below_is_in_the_way(tmp_path):
    path = build(tmp_path / "b.xlsx")
    with opened(path) as book:
        book.define("ops.receipts.note", "'刷新记录'!$A$9:$B$9")
        assert book.resize_obstacle(NAME, 6) is None
        assert book.resize_obstacle(NAME, 7) == Place("刷新记录", 8, 0, 1, 2)


def test_cells_for_people_keep_what_was_typed_when_rows_go(tmp_path):
    path = build(tmp_path / "b.xlsx", log_rows=4)

    def styles(data: bytes) -> bytes:
        data = data.replace(
            b"</cellStyleXfs>", b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        )
        data = data.replace(b"</cellStyles>", b'<cellStyle name="ops_input" xfId="1"/></cellStyles>')
        return data.replace(
            b"</cellXfs>", b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="1"/></cellXfs>'
        )

    count = parts(path)["xl/styles.xml"].partition(b'<cellXfs count="')[2][:1].decode()
    typed = lambda data: data.replace(b'<c r="B7" s="2">', f'<c r="B7" s="{count}">'.encode())  # noqa: E731
    rewrite(path, {"xl/styles.xml": styles, LOG: typed})
    with opened(path) as book:
        assert book.protected("刷新记录", 6, 1)
        book.resize(NAME, 3)
        assert book.read(Place("刷新记录", 6, 0, 1, 3)) == [[None, 3, None]]


@pytest.mark.parametrize("rows", [9, 2])
def test_cleared_corners_follow_a_block_and_what_the_user_cleared_stays(rows, tmp_path):
    path = build(tmp_path / "b.xlsx", log_rows=5)
    mine = b'<ignoredErrors><ignoredError sqref="F1:F99" numberStoredAsText="1"/></ignoredErrors>'
    rewrite(path, {LOG: lambda data: data.replace(b"</worksheet>", mine + b"</worksheet>")})
    resized(path, 6)
    assert b'sqref="A3:C9"' in parts(path)[LOG]
    resized(path, rows)
    text = parts(path)[LOG].decode()
    listing = text[text.index("<ignoredErrors>") : text.index("</ignoredErrors>")]
    assert listing.count("<ignoredError ") == 2
    assert '<ignoredError sqref="F1:F99" numberStoredAsText="1"/>' in listing
    assert f'sqref="A3:C{rows + 3}"' in listing
    assert 'evalError="1"' in listing
