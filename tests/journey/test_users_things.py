"""What a team adds to its workbook is there after a refresh, part by part: byte for byte, or cell for cell."""

import re

import openpyxl
import pytest
import xlsxwriter
from backends.packages import parts, png, rewrite

from opsbook.backends.xlsxwriter import conditional_formats

MINE = "我的分析"
RENAMED = "2026 回顾 (终稿)"
SHIFT_FROM = 113  # a row between two blocks of the review sheet


def user_additions(book, sheets):
    """Add what users add: a sheet with chart, sparkline, comment, picture, notes; notes and a chart on ours."""
    mine = book.add_worksheet(MINE)
    mine.write_column("A1", ["促销备注", "3月新贸节加大投放", "=不是公式"])
    mine.write_formula("B2", "=SUM('总览'!B41:B45)", None, 0)
    mine.write_comment("A2", "问过财务了")
    mine.insert_image("D5", "pixel.png", {"image_data": png()})
    mine.add_sparkline("C2", {"range": f"'{MINE}'!E1:E5"})
    mine.write_column("E1", [3, 1, 4, 1, 5])
    mine.conditional_format("E1:E5", {"type": "data_bar"})
    chart = book.add_chart({"type": "pie"})
    chart.add_series({"values": f"='{MINE}'!$E$1:$E$5"})
    mine.insert_chart("H2", chart)
    on_ours = book.add_chart({"type": "line"})
    on_ours.add_series({"values": "='总览'!$M$43:$M$50"})
    sheets["overview"].insert_chart("R2", on_ours)
    sheets["overview"].write("Q30", "老板要看的：信保")
    sheets["review"].write("B110", "我在两个区块之间的批注")


@pytest.fixture
def own_book(tmp_path, monkeypatch, run):
    """Return a new workbook with things of a user's own, a pivot table among them."""
    real = conditional_formats.add

    def with_additions(book, sheets, plan):
        real(book, sheets, plan)
        assert isinstance(book, xlsxwriter.Workbook)
        user_additions(book, sheets)

    monkeypatch.setattr(conditional_formats, "add", with_additions)
    path = tmp_path / "own.xlsx"
    run("new", path)
    add_pivot(path)
    return path


def add_pivot(path):
    """Put the parts of a small pivot table into the package, as Excel names and relates them."""
    content = parts(path)
    number = max(int(found) for found in re.findall(r"xl/worksheets/sheet(\d+)\.xml", " ".join(content)))
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    head = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    relations = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    cache = (
        f'<pivotCacheDefinition {main} refreshOnLoad="1" recordCount="0"><cacheSource type="worksheet"><worksheetSource ref="E1:E5" sheet="{MINE}"/>'
        '</cacheSource><cacheFields count="1"><cacheField name="3"><sharedItems/></cacheField></cacheFields></pivotCacheDefinition>'
    )
    table = (
        f'<pivotTableDefinition {main} name="透视表1" cacheId="7" dataCaption="值"><location ref="K20:L22" firstHeaderRow="1" firstDataRow="1" '
        'firstDataCol="0"/><pivotFields count="1"><pivotField showAll="0"/></pivotFields></pivotTableDefinition>'
    )
    sheet_rels = f"xl/worksheets/_rels/sheet{number}.xml.rels"
    link = f'<Relationship Id="rIdP" Type="{rel}/{{}}" Target="{{}}"/>'
    rewrite(
        path,
        {
            "xl/pivotCache/pivotCacheDefinition1.xml": head + cache.encode(),
            "xl/pivotTables/pivotTable1.xml": head + table.encode(),
            "xl/pivotTables/_rels/pivotTable1.xml.rels": head
            + relations.format(
                link.format("pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml")
            ).encode(),
            sheet_rels: lambda data: data.replace(
                b"</Relationships>",
                link.format("pivotTable", "../pivotTables/pivotTable1.xml").encode() + b"</Relationships>",
            ),
            "xl/_rels/workbook.xml.rels": lambda data: data.replace(
                b"</Relationships>",
                link.format("pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml").encode()
                + b"</Relationships>",
            ),
            "xl/workbook.xml": lambda data: data.replace(
                b"</workbook>", b'<pivotCaches><pivotCache cacheId="7" r:id="rIdP"/></pivotCaches></workbook>'
            ),
            "[Content_Types].xml": lambda data: data.replace(
                b"</Types>",
                f'<Override PartName="/xl/pivotCache/pivotCacheDefinition1.xml" ContentType="{kind}.pivotCacheDefinition+xml"/>'
                f'<Override PartName="/xl/pivotTables/pivotTable1.xml" ContentType="{kind}.pivotTable+xml"/></Types>'.encode(),
            ),
        },
    )


def insert_row_and_rename(path):
    """Do to the review sheet what Excel does when a row is inserted and the tab renamed."""

    def down(match):
        column, row = match[1], int(match[2])
        return f"{column}{row + 1 if row >= SHIFT_FROM else row}"

    def rows(data):
        text = re.sub(r'(?<=<row r=")()(\d+)', down, data.decode())
        text = re.sub(r'(?<=<c r=")([A-Z]+)(\d+)', down, text)
        return re.sub(
            r'(?:sqref|ref)="[^"]*"', lambda found: re.sub(r"\b([A-Z]+)(\d+)\b", down, found[0]), text
        ).encode()

    def references(data):
        text = re.sub(
            r"'业绩回顾'!\$?[A-Z]+\$?\d+(:\$?[A-Z]+\$?\d+)?",
            lambda found: re.sub(r"(\$?[A-Z]+\$?)(\d+)", down, found[0]),
            data.decode(),
        )
        return text.replace("业绩回顾", RENAMED).encode()

    names = [name for name in parts(path) if name.startswith(("xl/charts/", "xl/worksheets/sheet"))]
    rewrite(path, {"xl/worksheets/sheet2.xml": rows})
    rewrite(path, dict.fromkeys([*names, "xl/workbook.xml"], references))
    new_row = f'<row r="{SHIFT_FROM}"><c r="B{SHIFT_FROM}" t="inlineStr"><is><t>我插入的一行</t></is></c></row>'.encode()
    rewrite(
        path,
        {
            "xl/worksheets/sheet2.xml": lambda data: re.sub(
                b'(?=<row r="%d")' % (SHIFT_FROM + 1), new_row, data, count=1
            )
        },
    )


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_everything_of_the_users_own_survives(own_book, demo_exports, run, values, demo_book):
    insert_row_and_rename(own_book)
    before = parts(own_book)
    sheet = openpyxl.load_workbook(own_book)[RENAMED]
    assert sheet.cell(SHIFT_FROM, 2).value == "我插入的一行"

    status, _ = run("refresh", own_book, "--exports", demo_exports)
    assert status == 0

    after = parts(own_book)
    assert list(before) == [name for name in after if name != "xl/metadata.xml"]  # of calls that may spill
    # Only our sheets, charts on our cells, and the book's own lists may differ; nothing is added or lost.
    changed = {name for name in before if before[name] != after[name]}
    ours = re.compile(
        r"xl/(workbook|sharedStrings|styles)\.xml|xl/worksheets/sheet\d+\.xml|xl/charts/chart\d+\.xml"
    )
    lists = {"[Content_Types].xml", "xl/_rels/workbook.xml.rels"} if "xl/metadata.xml" in after else set()
    assert {name for name in changed if not ours.fullmatch(name)} <= lists
    mine = next(
        name
        for name, data in before.items()
        if "我的分析" in data.decode("utf-8", "ignore") and "sparkline" in data.decode("utf-8", "ignore")
    )
    untouched = {
        mine,
        "xl/comments1.xml",
        "xl/media/image1.png",
        "xl/pivotCache/pivotCacheDefinition1.xml",
        "xl/pivotTables/pivotTable1.xml",
    }
    assert untouched <= set(before)
    assert untouched & changed == set()

    book = openpyxl.load_workbook(own_book)
    assert MINE in book.sheetnames
    assert book[RENAMED].cell(SHIFT_FROM, 2).value == "我插入的一行"
    assert book[RENAMED]["B110"].value == "我在两个区块之间的批注"
    assert book["总览"]["Q30"].value == "老板要看的：信保"
    assert book[MINE]["A3"].value == "=不是公式"
    assert values(own_book) == values(demo_book)


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_the_moved_block_is_filled_where_it_stands_now(own_book, demo_exports, demo_book, run):
    insert_row_and_rename(own_book)
    run("refresh", own_book, "--exports", demo_exports)
    moved = openpyxl.load_workbook(own_book, data_only=True)[RENAMED]
    plain = openpyxl.load_workbook(demo_book, data_only=True)["业绩回顾"]
    for row in range(SHIFT_FROM + 1, 187):
        here = [moved.cell(row + 1, column).value for column in range(2, 18)]
        assert here == [plain.cell(row, column).value for column in range(2, 18)]


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_charts_show_what_the_cells_hold(own_book, demo_exports, run):
    """The stored points of a user's chart on our block are the cells' values after the refresh."""
    run("refresh", own_book, "--exports", demo_exports)
    overview = openpyxl.load_workbook(own_book, data_only=True)["总览"]
    expected = [overview.cell(row, 13).value for row in range(43, 51)]
    charts = [data.decode() for name, data in parts(own_book).items() if name.startswith("xl/charts/chart")]
    own = next(text for text in charts if "'总览'!$M$43:$M$50" in text)
    points = dict(re.findall(r'<c:pt idx="(\d+)"><c:v>([^<]*)</c:v>', own))
    numbers = {str(index): value for index, value in enumerate(expected) if isinstance(value, int | float)}
    assert {index: float(value) for index, value in points.items()} == {
        index: float(value) for index, value in numbers.items()
    }
