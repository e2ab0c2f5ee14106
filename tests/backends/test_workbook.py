"""What a change leaves alone: every other part, byte for byte."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import openpyxl
import pytest
from backends.packages import LOG, MINE, REVIEW, build, cache, cells, changed, outside, parts, rewrite
from openpyxl.styles import NamedStyle

from opsbook.backends.ooxml import safe_save
from opsbook.backends.ooxml.file_workbook import ObstructedError, Workbook
from opsbook.book.address import Place
from opsbook.book.model import NA, Cell

STRINGS = "xl/sharedStrings.xml"
NEW = [["月份", "今年", "去年"], ["1月", 11, 9], ["2月", NA, 18], ["三月", 33, 27]]


def opened(path):
    return Workbook.open(path, for_writing=True)


def filled(values):
    return [[Cell(value) for value in row] for row in values]


def records(path):
    """Return what the zip says of each member besides its content."""
    with zipfile.ZipFile(path) as package:
        return [
            (info.filename, info.date_time, info.extra, info.comment, info.external_attr, info.create_system)
            for info in package.infolist()
        ]


def test_names_places_and_sheets(tmp_path):
    with opened(build(tmp_path / "b.xlsx")) as book:
        assert book.sheet_names == ("业绩回顾", "刷新记录", "我的 分析")
        assert book.place("ops.review.monthly") == Place("业绩回顾", 4, 1, 4, 3)
        assert book.names()["ops.format"] == "1"
        assert "_xlnm._FilterDatabase" not in book.names()  # scoped to a sheet
        assert book.place("ops.format") is None
        assert book.place("ops.absent") is None
        assert book.read(Place("业绩回顾", 4, 1, 3, 3)) == [
            ["月份", "今年", "去年"],
            ["1月", 10.5, 9],
            ["2月", 20, 18],
        ]


def test_only_our_cells_and_the_charts_over_them_change(tmp_path):
    path = build(tmp_path / "b.xlsx")
    before, listed = parts(path), records(path)
    with opened(path) as book:
        book.write(book.place("ops.review.monthly"), filled(NEW))
        book.save()
    after = parts(path)
    assert changed(before, after) == {REVIEW, STRINGS, "xl/charts/chart1.xml", "xl/charts/chart2.xml"}
    assert records(path) == listed
    ours = {f"{column}{row}" for column in "BCD" for row in range(5, 9)}
    assert outside(after[REVIEW], ours) == outside(before[REVIEW], ours)
    was, now = cells(before[REVIEW]), cells(after[REVIEW])
    differing = {address for address in was if was[address] != now[address]}
    assert differing == {"C6", "C7", "B8", "C8"}
    assert 's="2"' in now["C7"]  # the format stays


def test_untouched_members_keep_their_compressed_bytes(tmp_path):
    path = build(tmp_path / "b.xlsx")
    # Stored instead of deflated, with a time stamp and a comment: nothing that we would choose.
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "c.xlsx", "w") as new:
        for info in old.infolist():
            data = old.read(info)
            info.compress_type, info.comment, info.extra = zipfile.ZIP_STORED, b"c", b"\x20\xa2\x02\x00ab"
            new.writestr(info, data)
    path = tmp_path / "c.xlsx"
    listed = records(path)
    with opened(path) as book:
        book.define("K", "2")
        book.save()
    assert records(path) == listed
    with zipfile.ZipFile(path) as package:
        methods = {info.filename: info.compress_type for info in package.infolist()}
    assert methods.pop("xl/workbook.xml") == zipfile.ZIP_DEFLATED
    assert set(methods.values()) == {zipfile.ZIP_STORED}


def test_charts_show_the_new_values_everywhere(tmp_path):
    path = build(tmp_path / "b.xlsx")
    with opened(path) as book:
        book.write(book.place("ops.review.monthly"), filled(NEW))
        book.save()
    for name in ("xl/charts/chart1.xml", "xl/charts/chart2.xml"):  # ours, and the user's on another sheet
        data = parts(path)[name]
        assert cache(data) == ("业绩回顾!$C$6:$C$8", "3", {0: "11", 2: "33"})  # #N/A is a gap
        assert cache(data, kind="cat")[1:] == ("3", {0: "1月", 1: "2月", 2: "三月"})
    assert cache(data, kind="tx")[1:] == ("1", {0: "今年"})


def test_a_chart_leaves_out_hidden_rows(tmp_path):
    path = build(tmp_path / "b.xlsx")
    rewrite(path, {REVIEW: lambda data: data.replace(b'<row r="7"', b'<row r="7" hidden="1"')})
    with opened(path) as book:
        book.write(book.place("ops.review.monthly"), filled(NEW))
        book.save()
    assert cache(parts(path)["xl/charts/chart1.xml"])[1:] == ("2", {0: "11", 1: "33"})


def test_writing_the_same_again_changes_nothing(tmp_path):
    path = build(tmp_path / "b.xlsx")
    for _ in range(2):
        with opened(path) as book:
            book.write(book.place("ops.review.monthly"), filled(NEW))
            book.write(Place("业绩回顾", 30, 1), [[Cell(3, formula="SUM(C6:C8)&<1"), Cell("x\x01\r\n")]])
            book.define("A_NAME", '"<&>"')
            book.save()
        content = path.read_bytes()
        stamp = path.stat().st_mtime_ns
    with opened(path) as book:
        book.write(book.place("ops.review.monthly"), filled(NEW))
        book.save()
    assert path.read_bytes() == content
    assert path.stat().st_mtime_ns == stamp


def test_cells_for_people_are_never_written(tmp_path):
    path = tmp_path / "b.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["B1"] = "原", "值"
    book.add_named_style(NamedStyle("ops_input"))
    sheet["A1"].style = "ops_input"
    sheet["C1"].style = "ops_input"
    book.defined_names["ops.format"] = openpyxl.workbook.defined_name.DefinedName("ops.format", attr_text="1")
    book.save(path)
    with opened(path) as ours:
        assert [ours.protected("Sheet", 0, column) for column in range(4)] == [True, False, True, False]
        ours.write(Place("Sheet", 0, 0), filled([["x", "y", "z", "w"]]))
        ours.save()
    sheet = openpyxl.load_workbook(path).active
    assert [sheet.cell(1, column).value for column in range(1, 5)] == ["原", "y", None, "w"]


def test_the_calculation_chain_goes_when_a_formula_comes(tmp_path):
    chain = b'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="G1" i="1"/></calcChain>'
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
    link = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"

    def typed(data):
        return data.replace(
            b"</Types>", b'<Override PartName="/xl/calcChain.xml" ContentType="' + kind + b'"/></Types>'
        )

    def linked(data):
        line = b'<Relationship Id="rId99" Type="' + link + b'" Target="/xl/calcChain.xml"/></Relationships>'
        return data.replace(b"</Relationships>", line)

    path = build(tmp_path / "b.xlsx")
    plain = parts(path)
    rels = "xl/_rels/workbook.xml.rels"
    rewrite(path, {"xl/calcChain.xml": chain, "[Content_Types].xml": typed, rels: linked})
    with opened(path) as book:
        book.write(Place("业绩回顾", 5, 2), [[Cell(12)]])
        book.save()
        assert parts(path)["xl/calcChain.xml"] == chain
        book.write(Place("业绩回顾", 5, 2), [[Cell(12, formula="6+6")]])
        book.save()
    after = parts(path)
    assert "xl/calcChain.xml" not in after
    assert after["[Content_Types].xml"] == plain["[Content_Types].xml"]
    assert after[rels] == plain[rels]


@pytest.mark.parametrize(("theirs", "flag"), [(True, True), (False, False)])
def test_excel_recalculates_only_for_formulas_of_the_users_own(theirs, flag, tmp_path):
    path = build(tmp_path / "b.xlsx")
    edits = {"xl/workbook.xml": lambda data: data.replace(b' fullCalcOnLoad="1"', b"")}
    if not theirs:
        formula = b"<f>SUM(C6:C8)</f>"
        edits[REVIEW] = lambda data: data.replace(formula, b"")
        edits[MINE] = lambda data: data.replace("<f>'业绩回顾'!C6*2</f>".encode(), b"")
    rewrite(path, edits)
    with opened(path) as book:
        book.write(book.place("ops.review.monthly"), [[Cell("月份"), Cell(1, formula="2-1")]])
        book.save()
    assert (b'fullCalcOnLoad="1"' in parts(path)["xl/workbook.xml"]) is flag


def test_headers_of_a_table_follow_their_cells(tmp_path):
    path = build(tmp_path / "b.xlsx")
    with opened(path) as book:
        book.write(Place("我的 分析", 0, 0), [[Cell("2026年"), Cell("y")]])
        book.save()
        assert 'name="2026年"'.encode() in parts(path)["xl/tables/table1.xml"]
        with pytest.raises(ObstructedError):
            book.write(Place("我的 分析", 0, 0), [[Cell("Y"), Cell("y")]])  # two of one name
        with pytest.raises(ObstructedError):
            book.write(Place("我的 分析", 0, 0), [[Cell(2026)]])


def test_headers_that_formulas_speak_of_stay(tmp_path):
    path = build(tmp_path / "b.xlsx")
    rewrite(path, {MINE: lambda data: data.replace("'业绩回顾'!C6*2".encode(), b"SUM(Mine[x])")})
    with opened(path) as book, pytest.raises(ObstructedError):
        book.write(Place("我的 分析", 0, 0), [[Cell("other")]])


def test_names_are_defined_and_kept(tmp_path):
    path = build(tmp_path / "b.xlsx")
    text = '_xlfn.LAMBDA(_xlpm.x,IF(_xlpm.x<0,"<&>",_xlpm.x))'
    with opened(path) as book:
        book.define("YOY", text)
        book.define("ops.format", "1")
        book.save()
        assert book.names()["YOY"] == text
    before = parts(safe_save.backup_path(path))["xl/workbook.xml"]
    line = (
        b'<definedName name="YOY">'
        + text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode()
    )
    assert parts(path)["xl/workbook.xml"] == before.replace(
        b"</definedNames>", line + b"</definedName></definedNames>"
    )


def test_dates_of_1904(tmp_path):
    path = build(tmp_path / "b.xlsx")
    rewrite(path, {"xl/workbook.xml": lambda data: data.replace(b"<workbookPr", b'<workbookPr date1904="1"')})
    with opened(path) as book:
        book.write(Place("业绩回顾", 20, 0), [[Cell(date(2026, 1, 1))]])
        assert book.read(Place("业绩回顾", 20, 0)) == [[44561]]


def test_the_dimension_grows(tmp_path):
    path = build(tmp_path / "b.xlsx")
    with opened(path) as book:
        book.write(Place("刷新记录", 99, 5), [[Cell(1)]])
        book.save()
    assert b'<dimension ref="A3:F100"/>' in parts(path)[LOG]


def test_one_backup_of_the_file_as_it_was(tmp_path):
    path = build(tmp_path / "b.xlsx")
    original = path.read_bytes()
    with opened(path) as book:
        book.save()
        assert not safe_save.backup_path(path).exists()  # nothing changed, nothing written
        book.define("K", "1")
        book.save()
        assert (tmp_path / "b.backup.xlsx").read_bytes() == original
        second = path.read_bytes()
        book.define("K", "2")
        book.save()
    assert (tmp_path / "b.backup.xlsx").read_bytes() == second
    assert sorted(each.name for each in tmp_path.iterdir()) == ["b.backup.xlsx", "b.xlsx"]


def test_members_written_as_a_stream_are_copied(tmp_path):
    class Stream(io.RawIOBase):  # cannot seek, so sizes follow the data
        def __init__(self):
            self.content = bytearray()

        def writable(self):
            return True

        def write(self, data):
            self.content += data
            return len(data)

    path = build(tmp_path / "b.xlsx")
    before, stream = parts(path), Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in before.items():
            package.writestr(name, data)
    path.write_bytes(stream.content)
    with zipfile.ZipFile(path) as package:
        assert all(info.flag_bits & 8 for info in package.infolist())
    with opened(path) as book:
        book.define("K", "1")
        book.save()
    assert changed(before, parts(path)) == {"xl/workbook.xml"}
    with zipfile.ZipFile(path) as package:
        assert not any(info.flag_bits & 8 for info in package.infolist())


def test_calculation_settings_stand_where_the_schema_wants_them(tmp_path):
    path = build(tmp_path / "b.xlsx")
    rewrite(path, {"xl/workbook.xml": lambda data: re.sub(rb"<calcPr[^>]*>", b"<oleSize ref='A1'/>", data)})
    with opened(path) as book:
        book.write(Place("业绩回顾", 20, 0), [[Cell(1)]])
        book.save()
    assert (
        b"</definedNames><calcPr fullCalcOnLoad=\"1\"/><oleSize ref='A1'/>" in parts(path)["xl/workbook.xml"]
    )
