"""Faults of every kind planted into a sound workbook: what the rules must find."""

from __future__ import annotations

import io
import re
import zipfile

import xlsxwriter

SHEET, OTHER, BOOK = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/workbook.xml"
STYLES, STRINGS, TABLE, CHART = (
    "xl/styles.xml",
    "xl/sharedStrings.xml",
    "xl/tables/table1.xml",
    "xl/charts/chart1.xml",
)
TYPES, LINKS = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"

# Fault: the code of the rule that finds it, the part, what is replaced (a pattern) and by what.
FAULTS = {
    "elements out of order": ("order", SHEET, r"(<mergeCells.*?</mergeCells>)(.*?)(<ignoredErrors>)", r"\2\1\3"),
    "a relationship that is not there": ("link-unknown", SHEET, r'<drawing r:id="rId\d+"', '<drawing r:id="rId99"'),
    "a part that is not there": ("link-nowhere", LINKS, 'Target="styles.xml"', 'Target="looks.xml"'),
    "no content type": ("types", TYPES, r'<Default Extension="vml"[^>]*/>', ""),
    "macros' content type": ("types", TYPES, "spreadsheetml.sheet.main", "spreadsheetml.template.main"),
    "not well-formed": ("xml", STRINGS, "</sst>", ""),
    "a name twice": ("name-twice", BOOK, r'(<definedName name="rate">.*?</definedName>)', r"\1\1"),
    "a name that is a cell": ("name", BOOK, 'name="rate"', 'name="opt2"'),
    "a comment too long": ("name-comment", BOOK, 'name="rate"', f'name="rate" comment="{"c" * 256}"'),
    "a long title": ("sheet-name", BOOK, 'name="Other 2"', f'name="{"x" * 32}"'),
    "a number of a sheet twice": ("sheet-id", BOOK, 'sheetId="2"', 'sheetId="1"'),
    "a format that is not there": ("style-index", SHEET, '<c r="A1"', '<c r="A1" s="500"'),
    "a rule's format that is not there": ("rule-format", SHEET, r'dxfId="\d+"', 'dxfId="77"'),
    "a bare arrow in a number format": ("number-format", STYLES, "<fonts ", '<numFmts count="1"><numFmt numFmtId="190" formatCode="▲0"/></numFmts><fonts '),
    "an open quotation mark": ("number-format", STYLES, "<fonts ", '<numFmts count="1"><numFmt numFmtId="190" formatCode="0&quot;x"/></numFmts><fonts '),
    "a text that is not there": ("string-index", SHEET, r'(<c r="E1"[^>]* t="s"><v>)\d+', r"\g<1>999"),
    "blanks that get lost": ("string-blanks", STRINGS, ' xml:space="preserve"', ""),
    "rows out of order": ("row-order", SHEET, '<row r="2"', '<row r="7"'),
    "cells out of order": ("cell-order", SHEET, r'(<c r="E1".*?</c>)(<c r="F1".*?</c>)', r"\2\1"),
    "letters in a number": ("value", SHEET, r'(<c r="B2"><v>)1', r"\1abc"),
    "merged cells over others": ("merge", SHEET, 'ref="H4:I5"', 'ref="I2:J5"'),
    "a wrong count": ("count", SHEET, '<mergeCells count="2"', '<mergeCells count="7"'),
    "columns over others": ("columns", SHEET, "<cols>", '<cols><col min="2" max="4" width="9"/>'),
    "a list too long": ("list-long", SHEET, "<formula1>.*?</formula1>", f'<formula1>"{",".join(["abcdefgh"] * 30)}"</formula1>'),
    "a table's header": ("table-header", TABLE, 'name="Value"', 'name="Amount"'),
    "a table's columns": ("table", TABLE, 'ref="A1:C5"', 'ref="A1:D5"'),
    "a table's number": ("table-id", "xl/tables/table2.xml", r'(<table .*?)id="2"', r'\1id="1"'),
    "an open bracket": ("formula", SHEET, r"<f>B2\*2</f>", "<f>SUM(B2*2</f>"),
    "a bracket too many": ("formula", SHEET, r"<f>B2\*2</f>", "<f>B2*2)</f>"),
    "no prefix": ("formula", SHEET, r"<f>B2\*2</f>", "<f>XLOOKUP(B2,B2:B5,C2:C5)</f>"),
    "a function nobody knows": ("formula", SHEET, r"<f>B2\*2</f>", "<f>GROWS(B2)</f>"),
    "too few arguments": ("formula", SHEET, r"<f>B2\*2</f>", "<f>ROUND(B2)</f>"),
    "a sheet that is not there": ("formula", CHART, r"Data!\$B\$2:\$B\$5", "Gone!$B$2:$B$5"),
    "half a rule": ("formula", SHEET, r"<formula>\$C2&gt;3</formula>", "<formula>$C2&gt;</formula>"),
    "a rule without a formula": ("rule", SHEET, r"<formula>\$C2&gt;3</formula>", ""),
    "a link that leads nowhere": ("formula", SHEET, "'Other 2'!A1", "Nowhere!A1"),
    "a plain call of a LAMBDA": ("at", SHEET, r"<f>B2\*2</f>", "<f>DBL(B2)</f>"),
    "an array that is no dynamic one": ("at", SHEET, r' cm="1"(><f t="array")', r"\1"),
    "metadata that are not there": ("metadata", SHEET, 'cm="1"', 'cm="5"'),
    "metadata of no properties": ("metadata", "xl/metadata.xml", 'v="0"', 'v="3"'),
    "an error with its corner": ("corner-error", SHEET, 'evalError="1"', 'evalError="0"'),
    "a number as text with its corner": ("corner-text", SHEET, 'numberStoredAsText="1"', 'numberStoredAsText="0"'),
    "a Chinese font for Latin letters": ("font", CHART, r'<a:ea typeface="微软雅黑"/>', ""),
    "no Chinese font in the theme": ("font", "xl/theme/theme1.xml", '<a:ea typeface="[^"]+"/>', '<a:ea typeface=""/>'),
    "axes that do not cross": ("chart-axes", CHART, r'<c:crossAx val="\d+"/>', '<c:crossAx val="5"/>'),
    "points out of order": ("chart-points", CHART, '<c:ptCount val="4"/>', '<c:ptCount val="2"/>'),
    "no such author": ("comment", "xl/comments1.xml", 'authorId="0"', 'authorId="3"'),
}  # fmt: skip


def sound() -> dict[str, bytes]:
    """Return the parts of a workbook with a bit of everything and nothing wrong."""
    from opsbook.backends.xlsxwriter.package_additions import finish
    from opsbook.book.address import Place

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    data, other = book.add_worksheet("Data"), book.add_worksheet("Other 2")
    red = book.add_format({"bg_color": "#FF0000"})
    book.define_name("rate", "=Data!$A$2")
    book.define_name("DBL", "=_xlfn.LAMBDA(_xlpm.x,_xlpm.x*2)")
    columns = [{"header": "Month"}, {"header": "Value"}, {"header": "Share"}]
    rows = [["Jan", 1, 2], ["Feb", 3, 4], ["Mar", 5, 6], ["Apr", 7, 8]]
    data.add_table("A1:C5", {"name": "Sales", "columns": columns, "data": rows})
    other.add_table(
        "A1:B3", {"name": "Other", "columns": [{"header": "k"}, {"header": "v"}], "data": [["x", 1]]}
    )
    data.write("E1", " leading")
    data.write_string("E2", "007")
    data.write_formula("E3", "=NA()", None, "#N/A")
    data.write_formula("F1", "=SUM(B2:B5)", None, 16)
    data.write_formula("F2", "=B2*2", None, 2)
    data.write_dynamic_array_formula("F3:F3", "=DBL(B2)", None, 2)
    data.merge_range("H1:I2", "m")
    data.merge_range("H4:I5", "n")
    data.data_validation("G1", {"validate": "list", "source": ["a", "b"]})
    data.conditional_format("C2:C5", {"type": "formula", "criteria": "=$C2>3", "format": red})
    data.set_column("A:C", 12)
    data.write_url("G3", "internal:'Other 2'!A1")
    chart = book.add_chart({"type": "column"})
    points = {"values": "=Data!$B$2:$B$5", "values_data": [1, 3, 5, 7]}
    chart.add_series({**points, "categories": "=Data!$A$2:$A$5"})
    chart.set_x_axis({"num_font": {"name": "微软雅黑"}})
    data.insert_chart("K2", chart)
    other.write_comment("D2", "note")
    book.close()
    quiet = {1: [Place("", 0, 0, 9, 9)]}
    content = finish(stream.getvalue(), "zh", quiet=quiet, comments={"DBL": "Twice."})
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    """Return the file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return stream.getvalue()


def with_fault(parts: dict[str, bytes], fault: str) -> bytes:
    """Return the file with one fault in it."""
    _, part, old, new = FAULTS[fault]
    text = parts[part].decode()
    changed = re.sub(old, new, text, count=1, flags=re.DOTALL)
    assert changed != text, fault
    return packed(parts | {part: changed.encode()})
