"""Workbooks that a user may have already, small but with a bit of everything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import openpyxl
import xlsxwriter
from backends.packages import parts, png, rewrite
from openpyxl.workbook.defined_name import DefinedName

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from pathlib import Path

CONTENT_TYPES, RELATIONS = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
WORKBOOK, STYLES, STRINGS = "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"
SHARED = {CONTENT_TYPES, RELATIONS, WORKBOOK, STYLES, STRINGS}

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
# The order in which Excel calculated last, which XlsxWriter does not write.
CHAIN = {
    "xl/calcChain.xml": f'<calcChain xmlns="{MAIN}"><c r="B6" i="1"/></calcChain>'.encode(),
    CONTENT_TYPES: lambda data: data.replace(
        b"</Types>", f'<Override PartName="/xl/calcChain.xml" ContentType="{KIND}"/></Types>'.encode()
    ),
    RELATIONS: lambda data: data.replace(
        b"</Relationships>",
        f'<Relationship Id="rId99" Type="{TYPE}" Target="calcChain.xml"/></Relationships>'.encode(),
    ),
}


def rich(path: Path, project: bytes = b"") -> Path:
    """Write a workbook with tables, charts, a chart sheet, rules, names, notes, a picture; with macros if given."""
    book = xlsxwriter.Workbook(
        str(path), {"default_format_properties": {"font_name": "Arial", "font_size": 10}}
    )
    sales, more, _ = book.add_worksheet("销售 2025"), book.add_worksheet("Notes"), book.add_chartsheet("图")
    money = book.add_format({"num_format": '#,##0.00 "元"', "bg_color": "#FFEEAA", "border": 1, "bold": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sales.write_row("A1", ["月份", "金额", "日期"], book.add_format({"bold": True, "font_color": "#AA0000"}))
    for row in range(1, 5):
        sales.write_row(row, 0, [f"{row}月", row * 1000.5], money)
        sales.write_number(row, 2, 45000 + row, day)
    sales.write_formula("B6", "=SUM(B2:B5)", money, 10005)
    sales.add_table("E1:F3", {"name": "Customers", "columns": [{"header": "名"}, {"header": "国"}]})
    sales.conditional_format("B2:B5", {"type": "cell", "criteria": ">", "value": 2000, "format": money})
    sales.conditional_format("B2:B5", {"type": "data_bar", "data_bar_2010": True})
    sales.data_validation("H1", {"validate": "list", "source": ["a", "b"]})
    sales.print_area(0, 0, 5, 2)
    sales.autofilter("A1:C5")
    sales.insert_image("J2", "dot.png", {"image_data": png()})
    more.write_comment("A1", "问过财务了")
    more.write_rich_string("A2", "ab", book.add_format({"italic": True}), "cd", money)
    more.write_url("A3", "https://example.com/")
    more.activate()
    for home, kind in ((sales, "column"), (more, "line"), (_, "pie")):
        chart = book.add_chart({"type": kind})
        chart.add_series({"values": "='销售 2025'!$B$2:$B$5", "categories": "='销售 2025'!$A$2:$A$5"})
        if home is _:
            home.set_chart(chart)
        else:
            home.insert_chart("L2", chart)
    book.define_name("Total", "='销售 2025'!$B$6")
    book.define_name("Notes!Here", "=Notes!$A$1")
    if project:
        source = path.with_name("project.bin")
        source.write_bytes(project)
        book.add_vba_project(str(source))
    book.close()
    rewrite(path, CHAIN)
    return path


def with_arrays(path: Path, *, spills: bool = True) -> Path:
    """Write a workbook with a picture in a cell, corners that the user cleared and, unless told otherwise, a spill."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Mine")
    sheet.write_column("A1", [3, 1, 2])
    sheet.write_string("B1", "007")
    if spills:
        sheet.write_dynamic_array_formula("C1:C3", "=_xlfn._xlws.SORT(A1:A3)", None, 1)
    sheet.embed_image("E1", "dot.png", {"image_data": png()})
    sheet.ignore_errors({"number_stored_as_text": "B1:B9 XFD1"})
    book.close()
    return path


def plain(path: Path) -> Path:
    """Write a workbook as openpyxl makes it: targets from the root of the package, a named style, a hidden sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Mine"
    sheet["A1"], sheet["B1"], sheet["A2"] = "text", 3.5, "=B1*2"
    sheet["B1"].style = "Comma"
    sheet["B1"].number_format = "0.0%"
    hidden = book.create_sheet("Hidden")
    hidden["A1"] = "x"
    hidden.sheet_state = "hidden"
    book.defined_names["Rate"] = DefinedName("Rate", attr_text="Mine!$B$1")
    book.save(path)
    return path


def bare(path: Path) -> Path:
    """Write a workbook that has neither shared texts nor styles nor a theme, as small writers make it."""
    plain(path)
    inline = '<row r="1"><c r="A1" t="inlineStr"><is><t>text</t></is></c><c r="B1"><v>3.5</v></c></row>'

    def without_lists(data: bytes) -> bytes:
        return re.sub(rb"<(?:Override|Relationship) [^<>]*(?:sharedStrings|styles|theme)[^<>]*/>", b"", data)

    def only_values(data: bytes) -> bytes:
        return re.sub(rb"(?s)<sheetData.*</sheetData>", f"<sheetData>{inline}</sheetData>".encode(), data)

    rewrite(
        path,
        {
            "xl/worksheets/sheet1.xml": only_values,
            "xl/worksheets/sheet2.xml": only_values,
            CONTENT_TYPES: without_lists,
            RELATIONS: without_lists,
            **dict.fromkeys({STRINGS, STYLES, "xl/theme/theme1.xml"} & parts(path).keys()),
        },
    )
    return path


def prefixed(path: Path) -> Path:
    """Write the rich workbook with a prefix on every element of the parts that are shared, as some libraries do."""
    rich(path)

    def spelled(data: bytes) -> bytes:
        text = re.sub(r"<(/?)([A-Za-z])", r"<\1x:\2", data.decode()).replace(' xmlns="', ' xmlns:x="')
        return text.replace("xmlns:r=", "xmlns:rel=").replace(" r:id=", " rel:id=").encode()

    rewrite(path, dict.fromkeys(SHARED, spelled))
    return path


def unnamed(path: Path) -> Path:
    """Write a workbook whose styles are a few lists only: no named styles, no rules, no number formats."""
    rich(path)

    def fewer(data: bytes) -> bytes:
        data = re.sub(rb"(?s)<(numFmts|cellStyles|dxfs)\b.*</\1>|<tableStyles[^<>]*/>", b"", data)
        bases = b'<cellStyleXfs><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        data = re.sub(rb"(?s)<cellStyleXfs\b.*</cellStyleXfs>", bases, data)
        return data.replace(b'xfId="1"', b'xfId="0"')

    rewrite(path, {STYLES: fewer, "xl/worksheets/sheet1.xml": lambda data: data.replace(b' dxfId="0"', b"")})
    return path


def kept_of(before: Path, after: Path, shared: AbstractSet[str] = SHARED) -> list[str]:
    """Return the user's parts that are not as they were, with those that are shared left to `grown`."""
    old, new = parts(before), parts(after)
    chain = {name for name in old if name.lower().endswith("/calcchain.xml")}
    assert [name for name in new if name in old] == [name for name in old if name not in chain]
    return [name for name in old if name not in shared | chain and new[name] != old[name]]
