"""The copy to hand on: what it shows is what the workbook shows, and nothing of pasted data is left in its package."""

import re
import shutil
import subprocess
from xml.etree import ElementTree as ET

import openpyxl
import pytest
import xlsxwriter
from backends.packages import parts, png, rewrite
from python_calamine import CalamineWorkbook
from vba_builder import vba_project, vba_sources

from opsbook.backends.xlsxwriter import conditional_formats
from opsbook.integrations.vba import macro_package
from opsbook.share.freeze import copy_report, freeze, freeze_copy

OFFICE = shutil.which("soffice")
LEFT = {
    "基础资料",
    "设置",
    *(f"粘贴{at}" for at in range(1, 7)),
    "列映射",
    "刷新记录",
    "数据问题",
    "使用说明",
}
MINE, SECRET = "我的 分析", "藏起来的"
# Planted wherever a workbook can keep something; SHOWN alone may be seen, for a formula of the user's shows it.
SHOWN = "李可见"
PLANTED = ("王买家", "buyer@planted.example", "8613800001111")
# As Excel stores formulas that were filled down: the first cell holds the text of all.
SHARED_FORMULAS = (
    '<row r="40"><c r="A40"><f t="shared" ref="A40:A41" si="7">\'粘贴1\'!D5</f><v>11</v></c>'
    '<c r="B40"><f t="shared" ref="B40:B41" si="8">A5*2</f><v>2</v></c></row>'
    '<row r="41"><c r="A41"><f t="shared" si="7"/><v>31</v></c><c r="B41"><f t="shared" si="8"/><v>4</v></c></row>'
)
KIND = "application/vnd.openxmlformats-officedocument"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NO_WARNING = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")


def plant(book, sheets):
    """Put pasted rows into a paste sheet, and on a sheet of the user's own whatever may lead to them."""
    paste = sheets["paste1"]
    paste.write_row("A4", ["买家", "邮箱", "电话", "金额"])
    paste.write_row("A5", [PLANTED[0], PLANTED[1], PLANTED[2], 11])
    paste.write_row("A6", [SHOWN, PLANTED[1], PLANTED[2], 31])
    paste.write_comment("A5", f"{PLANTED[0]} 已付款", {"author": PLANTED[0]})
    paste.insert_textbox("H5", PLANTED[0])
    paste.add_table("A8:B9", {"name": "Pasted", "data": [["王买家", 1]]})
    hidden = book.add_worksheet(SECRET)
    hidden.write("A1", PLANTED[0])
    hidden.hide()
    mine = book.add_worksheet(MINE)
    mine.write_formula("A1", "='粘贴1'!A6", None, SHOWN)
    mine.write_formula("A2", "=SUM('粘贴1'!D5:D6)", None, 42)
    mine.write_formula("A3", "=SUM(A5:A7)", None, 6)
    mine.write_formula("A4", "=YOY_GROWTH(A6,A5)", None, 1)
    mine.write_column("A5", [1, 2, 3])
    mine.write_formula("B1", "=INDIRECT(\"'粘贴1'!A6\")", None, SHOWN)
    mine.write_formula("B2", "=SUM(Pasted[Column2])", None, 1)
    mine.write_formula("B3", "=客户数*2", None, 4)
    mine.write_formula("B4", "=客户增长+1", None, 8)
    mine.write_formula("B5", "='总览'!B2&\"\"", None, "x")
    mine.write_array_formula("C1:C2", "{='粘贴1'!D5:D6}", None, 11)
    mine.write("C2", 31)
    mine.write_url("D1", "internal:'粘贴1'!A1", string="看粘贴")
    mine.write_url("D2", f"internal:'{MINE}'!A1", string="看这里")
    mine.write_comment("A3", "财务问过")
    mine.conditional_format("A5:A7", {"type": "formula", "criteria": "=A5>'粘贴1'!$D$5"})
    mine.conditional_format("A5:A7", {"type": "data_bar", "data_bar_2010": True})
    mine.data_validation("E1", {"validate": "list", "source": "='粘贴1'!$A$5:$A$6"})
    mine.data_validation("E2", {"validate": "list", "source": ["甲", "乙"]})
    mine.add_sparkline("F1", {"range": "'粘贴1'!D5:D6"})
    mine.add_sparkline("F2", {"range": f"'{MINE}'!A5:A7"})
    mine.insert_textbox("H20", SHOWN, {"textlink": "='粘贴1'!$A$6"})
    mine.insert_button("H30", {"macro": "Refresh", "caption": PLANTED[0]})
    mine.insert_image("K30", "p.png", {"image_data": png()})
    chart = book.add_chart({"type": "column"})
    chart.add_series(
        {
            "name": ["粘贴1", 3, 3],
            "categories": ["粘贴1", 4, 3, 5, 3],
            "values": ["粘贴1", 4, 3, 5, 3],
        }
    )
    chart.set_title({"name": ["粘贴1", 3, 3]})
    mine.insert_chart("H2", chart)
    own = book.add_chart({"type": "line"})
    own.add_series({"values": [MINE, 4, 0, 6, 0]})
    mine.insert_chart("P2", own)
    book.define_name("客户数", "=COUNTA('粘贴1'!$A$5:$A$6)")
    book.define_name("客户增长", "=客户数+5")
    book.define_name("三数", f"='{MINE}'!$A$5:$A$7")
    book.set_custom_property("客户", PLANTED[0])
    paste.activate()


def more(path):
    """Put parts into the package that XlsxWriter cannot write: pivot cache, other workbook, connection, thumbnail."""
    secret = " ".join(PLANTED)
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    number = max(int(each) for each in re.findall(r"worksheets/sheet(\d+)\.xml", " ".join(parts(path))))
    added = {
        "xl/pivotCache/pivotCacheDefinition1.xml": f'<pivotCacheDefinition {main}><cacheSource type="worksheet"><worksheetSource ref="A4:D6" sheet="粘贴1"/></cacheSource><cacheFields count="1"><cacheField name="买家"><sharedItems count="1"><s v="{secret}"/></sharedItems></cacheField></cacheFields></pivotCacheDefinition>',
        "xl/pivotTables/pivotTable1.xml": f'<pivotTableDefinition {main} name="{secret}" cacheId="7"/>',
        "xl/externalLinks/externalLink1.xml": f'<externalLink {main}><externalBook><sheetDataSet><sheetData sheetId="0"><row r="1"><cell r="A1" t="str"><v>{secret}</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>',
        "xl/connections.xml": f'<connections {main}><connection id="1" name="{secret}"/></connections>',
        "customXml/item1.xml": f"<x>{secret}</x>",
        "docProps/thumbnail.jpeg": secret,
        "xl/orphan.xml": f"<x>{secret}</x>",
    }
    links = {
        "xl/_rels/workbook.xml.rels": [
            ("pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml"),
            ("externalLink", "externalLinks/externalLink1.xml"),
            ("connections", "connections.xml"),
            ("customXml", "../customXml/item1.xml"),
        ],
        f"xl/worksheets/_rels/sheet{number}.xml.rels": [("pivotTable", "../pivotTables/pivotTable1.xml")],
        "_rels/.rels": [("metadata/thumbnail", "docProps/thumbnail.jpeg")],
    }

    def linked(lines):
        text = "".join(
            f'<Relationship Id="rIdX{at}" Type="{REL}/{kind}" Target="{target}"/>'
            for at, (kind, target) in enumerate(lines)
        )
        return lambda data: data.replace(b"</Relationships>", text.encode() + b"</Relationships>")

    types = {
        "xl/pivotCache/pivotCacheDefinition1.xml": f"{KIND}.spreadsheetml.pivotCacheDefinition+xml",
        "xl/pivotTables/pivotTable1.xml": f"{KIND}.spreadsheetml.pivotTable+xml",
        "xl/externalLinks/externalLink1.xml": f"{KIND}.spreadsheetml.externalLink+xml",
        "xl/connections.xml": f"{KIND}.spreadsheetml.connections+xml",
    }
    declared = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in types.items())
    rewrite(path, {name: text.encode() for name, text in added.items()})
    rewrite(
        path,
        {
            f"xl/worksheets/sheet{number}.xml": lambda data: data.replace(
                b"</sheetData>", SHARED_FORMULAS.encode() + b"</sheetData>"
            )
        },
    )
    rewrite(path, {name: linked(lines) for name, lines in links.items()})
    rewrite(
        path,
        {
            "xl/workbook.xml": lambda data: re.sub(
                b"(</definedNames>)",
                rb'\1<!-- --><pivotCaches><pivotCache cacheId="7" r:id="rIdX0"/></pivotCaches>',
                data.replace(b"</sheets>", b"</sheets>").replace(
                    b"<definedNames>",
                    b'<externalReferences><externalReference r:id="rIdX1"/></externalReferences><definedNames>',
                ),
            ).replace(b"<!-- -->", b""),
            "[Content_Types].xml": lambda data: data.replace(
                b"</Types>",
                f'<Default Extension="jpeg" ContentType="image/jpeg"/>{declared}</Types>'.encode(),
            ),
        },
    )


def project_of(target, language, sheets):
    """Return a VBA project for a book that has more sheets than the shipped one."""
    names = [f"Sheet{number}" for number in range(1, sheets + 1)]
    return vba_project.build(vba_sources.PROJECT, vba_sources.modules(target, language, names))


@pytest.fixture(scope="module")
def planted(tmp_path_factory, run):
    """Return a new workbook with macros, full of things that must not be handed on; not to be changed."""
    real = conditional_formats.add
    path = tmp_path_factory.mktemp("planted") / "own.xlsm"

    def with_additions(book, sheets, plan):
        real(book, sheets, plan)
        assert isinstance(book, xlsxwriter.Workbook)
        plant(book, sheets)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(conditional_formats, "add", with_additions)
        patch.setattr(macro_package, "_project", project_of)
        assert run("new", path)[0] == 0
    more(path)
    return path


@pytest.fixture(scope="module")
def copied_of(planted, run):
    """Return the copy of the planted workbook and what was said of it."""
    before = planted.read_bytes()
    target = planted.with_name("copy.xlsx")
    said = freeze(planted, target, "zh")
    assert planted.read_bytes() == before
    return target, "\n".join(said)


def test_nothing_that_was_pasted_is_left_anywhere(planted, copied_of):
    def found(path, words):
        return {
            (word, name)
            for name, data in parts(path).items()
            for word in words
            if word.encode() in data or word.encode("utf-16-le") in data or word in name
        }

    kinds = {re.match("[A-Za-z]+", name.rpartition("/")[2])[0] for _, name in found(planted, PLANTED)}
    assert kinds >= {
        *("sharedStrings", "comments", "drawing", "vmlDrawing", "pivotCacheDefinition", "pivotTable"),
        *("externalLink", "connections", "custom", "item", "orphan", "thumbnail"),
    }
    assert found(copied_of[0], PLANTED) == set()
    shown = {re.search(r"([A-Za-z]+)\d*\.xml", name)[1] for _, name in found(copied_of[0], [SHOWN])}
    assert shown == {"sharedStrings", "drawing"}
    names = set(parts(copied_of[0]))
    assert not [
        name
        for name in names
        if re.search("vba|customUI|docProps|pivot|external|connection|customXml|activeX|ctrlProps", name)
    ]
    raw = copied_of[0].read_bytes()
    assert not any(word.encode() in raw for word in PLANTED)


def test_nothing_leads_to_what_is_not_there(copied_of):
    content = parts(copied_of[0])
    here = {f"/{name}" for name in content}
    for name, data in content.items():
        if name.endswith((".xml", ".rels", ".vml")):
            ET.fromstring(data)
        text = data.decode("utf-8", "ignore")
        assert "粘贴1" not in text, name
        assert "ops.archive" not in text
        if name.endswith(".rels"):
            owner = re.sub(r"_rels/([^/]*)\.rels$", r"\1", name)
            folder = f"/{owner.rpartition('/')[0]}"
            for node in ET.fromstring(data):
                if node.get("TargetMode") != "External":
                    target = node.get("Target")
                    path = target if target.startswith("/") else "/" + "/".join(resolved(folder, target))
                    assert path in here, (name, target)
            ids = {node.get("Id") for node in ET.fromstring(data)}
            used = set(
                re.findall(
                    r'(?:r:id|r:embed|r:link|o:relid)="([^"]+)"',
                    content[owner].decode("utf-8", "ignore") if owner in content else "",
                )
            )
            assert used <= ids, name
    types = ET.fromstring(content["[Content_Types].xml"])
    assert {node.get("PartName") for node in types if node.get("PartName")} <= here
    assert "macroEnabled" not in content["[Content_Types].xml"].decode()


def resolved(folder, target):
    found = [each for each in folder.split("/") if each]
    for step in target.split("/"):
        found = found[:-1] if step == ".." else [*found, step]
    return found


@NO_WARNING
def test_the_users_sheet_is_kept_and_reads_only_what_is_there(copied_of):
    sheet = openpyxl.load_workbook(copied_of[0])[MINE]
    assert sheet["A1"].value == SHOWN
    assert sheet["A2"].value == 42
    assert sheet["A3"].value == "=SUM(A5:A7)"
    assert sheet["A4"].value == 1
    assert (sheet["B1"].value, sheet["B2"].value, sheet["B3"].value, sheet["B4"].value) == (SHOWN, 1, 4, 8)
    assert sheet["B5"].value == "='总览'!B2&\"\""
    assert (sheet["C1"].value, sheet["C2"].value) == (11, 31)
    assert (sheet["A40"].value, sheet["A41"].value) == (11, 31)
    assert (sheet["B40"].value, sheet["B41"].value) == ("=A5*2", "=A6*2")
    assert sheet["D1"].hyperlink is None
    assert sheet["D2"].hyperlink.location == f"'{MINE}'!A1"
    assert sheet["A3"].comment.text == "财务问过"
    assert [each.sqref for each in sheet.data_validations.dataValidation] == [
        openpyxl.worksheet.cell_range.MultiCellRange("E2")
    ]
    rules = [rule.type for each in sheet.conditional_formatting for rule in each.rules]
    assert rules == ["dataBar"]
    names = openpyxl.load_workbook(copied_of[0]).defined_names
    assert "三数" in names
    assert not {"客户数", "客户增长", "YOY_GROWTH", "ops.format", "ops.layout", "ops.settings.store"} & set(
        names
    )


def test_charts_hold_the_points_they_showed(copied_of):
    charts = [
        data.decode() for name, data in parts(copied_of[0]).items() if name.startswith("xl/charts/chart")
    ]
    held = [text for text in charts if "numLit" in text]
    assert len(held) == 1
    assert "<c:f>" not in held[0]
    assert re.findall(r"<c:val><c:numLit>.*?</c:numLit>", held[0])[0].count("<c:pt ") == 2
    assert re.findall(r"<c:v>(11|31)</c:v>", held[0]) == ["11", "31"] * 2
    assert "<c:tx><c:v>金额</c:v></c:tx>" in held[0]
    assert "<a:t>金额</a:t>" in held[0]
    assert sum(f"'{MINE}'!$A$5:$A$7" in text for text in charts) == 1


def test_people_are_told_what_became_of_their_sheets(copied_of):
    _, said = copied_of
    assert MINE in said.splitlines()[2]
    assert "粘贴1" in said
    assert f"隐藏的工作表未带入：{SECRET}" in said
    for word in ("迷你图", "条件格式", "数据验证", "超链接", "数据透视表", "控件", "固定数值"):
        assert word in said


def test_a_sheet_can_be_left_out_and_files_are_safe(planted, run, tmp_path):
    target = tmp_path / "out.xlsx"
    assert run("freeze", planted, target, "--without", MINE)[0] == 0
    assert not any(SHOWN.encode() in data for data in parts(target).values())
    once = target.read_bytes()
    assert run("freeze", planted, target)[0] == 2
    assert run("freeze", planted, planted, "--overwrite")[0] == 2
    assert run("freeze", planted, tmp_path / "x.xlsm")[0] == 2
    assert run("freeze", planted, tmp_path / "y.xlsx", "--without", "没有")[0] == 2
    assert run("refresh", target)[0] == 2
    assert run("freeze", target, tmp_path / "z.xlsx")[0] == 2
    assert target.read_bytes() == once
    assert run("freeze", planted, target, "--without", MINE, "--overwrite")[0] == 0
    assert target.read_bytes() == once
    assert sorted(each.name for each in tmp_path.iterdir()) == ["out.xlsx"]


def test_an_open_workbook_is_copied_as_it_was_saved(planted, tmp_path):
    book = tmp_path / "open.xlsm"
    shutil.copy2(planted, book)
    (tmp_path / "~$open.xlsm").write_bytes(b"")
    assert "正在 Excel 中打开" in freeze(book, None, "zh")[1]
    assert (tmp_path / "open-汇报版.xlsx").exists()


@NO_WARNING
def test_the_copy_shows_what_the_workbook_shows(demo_book, tmp_path, run):
    """Cell for cell, format for format; charts and drawings byte for byte."""
    target = tmp_path / "copy.xlsx"
    assert run("freeze", demo_book, target)[0] == 0
    shown, copy = openpyxl.load_workbook(demo_book, data_only=True), openpyxl.load_workbook(target)
    reports = [title for title in shown.sheetnames if title not in LEFT]
    assert copy.sheetnames == reports
    assert set(reports) >= {"总览", "业绩回顾", "目标", "季度行动计划", "对账"}
    for title in reports:
        for row in shown[title].iter_rows():
            for cell in row:
                other = copy[title][cell.coordinate]
                assert (other.value or None) == (cell.value or None), (title, cell.coordinate)
                assert other.style_id == cell.style_id
        assert copy[title].print_title_rows == shown[title].print_title_rows
    before, after = parts(demo_book), parts(target)
    for name, data in after.items():
        if name.startswith(("xl/charts/", "xl/drawings/", "xl/styles", "xl/theme", "xl/media")):
            assert data == before[name]
    assert CalamineWorkbook.from_path(target).sheet_names == reports


@pytest.mark.parametrize("functions", ["lambda", "inline"])
def test_formulas_can_stay(lambda_book, tmp_path, run, functions):
    target = tmp_path / "copy.xlsx"
    assert run("freeze", lambda_book, target, "--functions", functions)[0] == 0
    before, after = (
        cells(parts(path)["xl/worksheets/sheet2.xml"].decode()) for path in (lambda_book, target)
    )
    names = re.findall(r'<definedName name="([A-Z_]+)"', parts(target)["xl/workbook.xml"].decode())
    formulas = {at: formula for at, (formula, _) in after.items() if formula}
    assert len(formulas) > 100
    if functions == "lambda":
        assert after == before
        called = {name for formula in formulas.values() for name in re.findall(r"([A-Z_]{4,})\(", formula)}
        assert "YOY_GROWTH" in names
        assert called & set(names)
        assert len(names) < 30  # those that are called
    else:
        assert not names
        assert not [formula for formula in formulas.values() if "YOY_GROWTH(" in formula]
        shown = {at: value for at, (formula, value) in before.items() if at in formulas}
        assert {at: after[at][1] for at in formulas} == shown


def cells(data):
    """Return formula and stored value of every cell with a value, by address."""
    found = re.findall(r'<c r="([A-Z]+\d+)"[^>]*>(?:<f[^>]*>([^<]*)</f>)?<v>([^<]*)</v></c>', data)
    return {at: (formula, value) for at, formula, value in found}


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
@NO_WARNING
def test_libreoffice_opens_it(copied_of, tmp_path):
    command = [
        OFFICE,
        f"-env:UserInstallation={(tmp_path / 'p').as_uri()}",
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        tmp_path,
        copied_of[0],
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    sheet = openpyxl.load_workbook(tmp_path / "copy.xlsx", data_only=True)[MINE]
    assert (sheet["A1"].value, sheet["A2"].value, sheet["A3"].value) == (SHOWN, 42, 6)


@pytest.mark.parametrize(("how", "warned"), [("values", False), ("inline", False), ("lambda", True)])
def test_people_hear_what_protected_view_does_to_native_functions(lambda_book, tmp_path, how, warned):
    made = freeze_copy.freeze(lambda_book, tmp_path / "out.xlsx", functions=how)
    for language, words in (("zh", "受保护的视图"), ("en", "Protected View")):
        assert any(words in line for line in copy_report.lines(made, language)) == warned
