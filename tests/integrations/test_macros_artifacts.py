"""The built .xlsm and .xlam as other programs read them: package, VBA project, ribbon, function help."""

import io
import re
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import olefile
import openpyxl
import pytest
from lxml import etree
from pyopenvba.vba import compress as other_compress
from pyopenvba.vba import decompress
from vba_builder import compound_file, projects, vba_project, vba_sources
from vba_builder.function_wrappers import OWN_GROUP, RESERVED, source
from vba_builder.vba_compression import compress

from opsbook.functions import FUNCTIONS
from opsbook.integrations import vba
from opsbook.integrations.vba import build_templates, macro_package
from opsbook.integrations.vba.ribbon import RIBBON_MODULE, texts

ROOT = Path(__file__).parents[2]
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
UI = "{http://schemas.microsoft.com/office/2009/07/customui}"


@pytest.fixture(scope="module")
def templates():
    return build_templates.templates()


@pytest.fixture(scope="module", params=["opsbook.xlsm", "opsbook.xlam"])
def package(request, templates):
    return zipfile.ZipFile(io.BytesIO(templates[request.param]))


@pytest.fixture(scope="module")
def streams(package):
    """Every stream of the VBA project, read by olefile."""
    with olefile.OleFileIO(io.BytesIO(package.read("xl/vbaProject.bin"))) as book:
        assert book.parsing_issues == []
        return {"/".join(path): book.openstream(path).read() for path in book.listdir()}


def modules_told(directory):
    """Return name, stream, offset and whether it is a standard module, from the dir stream by its records."""
    found, at = [], 0
    while at < len(directory):
        kind, size = struct.unpack_from("<HI", directory, at)
        content = directory[at + 6 : at + 6 + size]
        at += 6 + size + (2 if kind == 0x0009 else 0)  # the version record is two bytes longer than it says
        if kind == 0x0019:
            found.append([content.decode(), None, None, None])
        elif kind == 0x001A:
            found[-1][1] = content.decode()
        elif kind == 0x0031:
            found[-1][2] = struct.unpack("<I", content)[0]
        elif kind in (0x0021, 0x0022):
            found[-1][3] = kind == 0x0021
    assert at == len(directory)
    return found


def sheets_of(package):
    return len(etree.fromstring(package.read("xl/workbook.xml")).find(f"{MAIN}sheets"))


def test_two_builds_are_equal(templates):
    assert build_templates.templates() == templates


def test_the_committed_templates_equal_a_fresh_build(templates):
    # Part by part: the compressed bytes may differ with another zlib.
    for name, content in templates.items():
        with (
            zipfile.ZipFile(ROOT / "xlsx_templates" / name) as old,
            zipfile.ZipFile(io.BytesIO(content)) as new,
        ):
            assert old.namelist() == new.namelist()
            changed = [part for part in new.namelist() if old.read(part) != new.read(part)]
        assert changed == [], f"{name}: run python -m vba_builder in tests"


def test_the_shipped_projects_equal_a_fresh_build():
    fresh = projects()
    folder = Path(vba.__file__).with_name("projects")
    assert sorted(fresh) == sorted(path.name for path in folder.iterdir())
    changed = [name for name, content in fresh.items() if (folder / name).read_bytes() != content]
    assert changed == [], "run python -m vba_builder in tests"


def test_a_project_of_other_sheets_is_refused():
    with pytest.raises(ValueError, match=r"book-en\.bin is for 2\d sheets, not 3"):
        macro_package._project("book", "en", 3)


def test_every_part_is_typed_and_related(package):
    assert package.testzip() is None
    types = etree.fromstring(package.read("[Content_Types].xml"))
    defaults = {each.get("Extension") for each in types if each.tag.endswith("Default")}
    overrides = {
        each.get("PartName")[1:]: each.get("ContentType") for each in types if each.tag.endswith("Override")
    }
    names = set(package.namelist())
    assert set(overrides) <= names
    assert [
        name
        for name in names - set(overrides) - {"[Content_Types].xml"}
        if name.rsplit(".")[-1] not in defaults
    ] == []
    related = set()
    for name in names:
        if name.endswith(".rels"):
            folder = name.replace("_rels/", "").rpartition("/")[0]
            for each in etree.fromstring(package.read(name)):
                path = (Path(folder) / each.get("Target")).as_posix()
                while "/../" in path:
                    path = re.sub(r"[^/]+/\.\./", "", path, count=1)
                related.add(path.lstrip("/"))
    assert names - related == {n for n in names if n.endswith(".rels")} | {"[Content_Types].xml"}
    assert related <= names
    kind = "sheet" if sheets_of(package) > 1 else "addin"
    assert overrides["xl/workbook.xml"] == f"application/vnd.ms-excel.{kind}.macroEnabled.main+xml"


def test_project_and_text_agree(package, streams):
    target = "book" if sheets_of(package) > 1 else "addin"
    code_names = [f"Sheet{number}" for number in range(1, sheets_of(package) + 1)]
    wanted = vba_sources.modules(target, "zh", code_names)
    assert [[each.name, each.name, 0, each.kind == "standard"] for each in wanted] == modules_told(
        decompress(streams["VBA/dir"])
    )
    for each in wanted:
        assert decompress(streams[f"VBA/{each.name}"]).decode("ascii") == each.source()
    assert streams["VBA/_VBA_PROJECT"] == bytes.fromhex("CC61FFFF000100")
    text = streams["PROJECT"].decode("ascii")
    assert re.findall(r"^(?:Document|Module|Class)=(\w+)", text, re.MULTILINE) == [
        each.name for each in wanted
    ]
    assert [name.decode() for name in re.findall(rb"(\w+)\0(?:\w\0)+\0\0", streams["PROJECTwm"])] == [
        each.name for each in wanted
    ]


def revealed(text, key):
    """Undo the obfuscation of [MS-OVBA] 2.4.3.3."""
    data = bytes.fromhex(text)
    seed = data[0]
    assert data[1] ^ seed == 2
    assert data[2] ^ seed == key
    plain, last, before, out = key, data[2], data[1], []
    for byte in data[3:]:
        plain = byte ^ (before + plain & 0xFF)
        before, last = last, byte
        out.append(plain)
    ignored = (seed & 6) // 2
    return struct.unpack_from("<I", bytes(out), ignored)[0], bytes(out[ignored + 4 :])


def test_the_project_is_open_and_visible(streams):
    text = streams["PROJECT"].decode("ascii")
    key = sum(re.search(r'ID="(.+?)"', text)[1].encode()) & 0xFF
    said = {name: revealed(value, key) for name, value in re.findall(r'(CMG|DPB|GC)="(\w+)"', text)}
    assert said == {"CMG": (4, bytes(4)), "DPB": (1, b"\0"), "GC": (1, b"\xff")}


def test_code_names_have_their_modules(package, streams):
    book = etree.fromstring(package.read("xl/workbook.xml"))
    assert book.find(f"{MAIN}workbookPr").get("codeName") == "ThisWorkbook"
    names = [
        etree.fromstring(package.read(f"xl/worksheets/sheet{number}.xml"))[0].get("codeName")
        for number in range(1, sheets_of(package) + 1)
    ]
    assert len(set(names)) == len(names)
    documents = re.findall(r"Document=(\w+)/", streams["PROJECT"].decode("ascii"))
    assert documents == ["ThisWorkbook", *names]


def buttons_of(package):
    return list(etree.fromstring(package.read("customUI/customUI14.xml")).iter(f"{UI}button"))


def test_every_button_of_the_ribbon_has_its_macro(package, streams):
    buttons = buttons_of(package)
    assert len(buttons) == 8
    for each in buttons:
        module, macro = each.get("onAction").split(".")
        text = decompress(streams[f"VBA/{module}"]).decode("ascii")
        assert f"Public Sub {macro}(control As IRibbonControl)\r\n" in text
    ribbon = etree.fromstring(package.read("customUI/customUI14.xml"))
    ids = [each.get("id") for each in ribbon.iter() if each.get("id")]
    assert len(ids) == len(set(ids)) == 10
    assert any("\u4e00" <= letter <= "\u9fff" for letter in buttons[0].get("label"))


def sheet_buttons(package):
    """Return title of the sheet, macro and caption of every button on a sheet, read through its relations."""
    book = etree.fromstring(package.read("xl/workbook.xml"))
    for number, sheet in enumerate(book.find(f"{MAIN}sheets"), start=1):
        relations = f"xl/worksheets/_rels/sheet{number}.xml.rels"
        if relations not in package.namelist():
            continue
        for each in etree.fromstring(package.read(relations)):
            if not each.get("Type").endswith("/vmlDrawing"):
                continue
            drawing = etree.fromstring(package.read(f"xl/{each.get('Target').removeprefix('../')}"))
            shown = etree.fromstring(package.read(f"xl/worksheets/sheet{number}.xml"))
            assert shown.find(f"{MAIN}legacyDrawing") is not None
            for data in drawing.iter("{urn:schemas-microsoft-com:office:excel}ClientData"):
                assert data.get("ObjectType") == "Button"
                macro = data.findtext("{urn:schemas-microsoft-com:office:excel}FmlaMacro")
                caption = "".join(data.getparent().find("{urn:schemas-microsoft-com:vml}textbox").itertext())
                yield sheet.get("name"), macro, caption.strip()


def test_people_refresh_where_they_work(package, streams):
    found = list(sheet_buttons(package))
    if sheets_of(package) == 1:
        assert found == []
        return
    titles = ["总览", "基础资料", "设置", *(f"粘贴{number}" for number in range(1, 7))]
    assert [title for title, _, _ in found] == titles
    assert {(macro, caption) for _, macro, caption in found} == {("[0]!RefreshAll", "刷新")}
    modules = [
        decompress(data).decode("ascii") for name, data in streams.items() if name.startswith("VBA/OpsBook")
    ]
    assert sum("Public Sub RefreshAll()\r\n" in text for text in modules) == 1


def test_a_workbook_without_macros_has_no_button(templates):
    with zipfile.ZipFile(io.BytesIO(templates["opsbook.xlsx"])) as package:
        assert list(sheet_buttons(package)) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_text_of_the_macros_reads_back(language):
    """What stands escaped in VBA is the declared text; no placeholder is left, and a message box can show it."""
    for target in ("book", "addin"):
        for module in vba_sources.modules(target, language, ["Sheet1"]):
            if module.name.startswith("OpsBook") and module.name != "OpsBookFunctions":
                assert re.findall(r"\{\w+", module.text) == []
    for text in texts().values():
        escaped = vba_sources._escaped(text[language])
        assert escaped.isascii()
        assert re.sub(r"\\u(\w{4})", lambda match: chr(int(match[1], 16)), escaped) == text[language].replace(
            '"', '""'
        )
        assert len(text[language]) < 900


def test_book_and_addin_do_not_share_a_macro_module():
    assert len({*RIBBON_MODULE.values(), *vba_sources.REFRESH_MODULE.values()}) == 4


def test_the_function_wizard_knows_every_function(package, streams):
    book = etree.fromstring(package.read("xl/workbook.xml"))
    order = [etree.QName(each).localname for each in book]
    assert order.index("functionGroups") == order.index("sheets") + 1
    assert order[-1] == "extLst"
    groups = book.find(f"{MAIN}functionGroups")
    assert int(groups.get("builtInGroupCount")) + 1 == OWN_GROUP
    assert [each.get("name") for each in groups] == ["OpsBook"]
    told = {
        name.get("name"): [each.text for each in name.iter(f"{X14}argumentDescription")]
        for name in book.iter(f"{X14}definedName")
    }
    text = decompress(streams["VBA/OpsBookFunctions"]).decode("ascii")
    declared = dict(re.findall(r"^Public Function (\w+)\((.*)\) As Variant\r$", text, re.MULTILINE))
    assert list(declared) == list(told) == list(FUNCTIONS)
    for name, function in FUNCTIONS.items():
        assert re.findall(r"ByVal (\w+) As", declared[name]) == [each.name for each in function.arguments]
        assert declared[name].count("Optional") == len(function.arguments) - function.required
        assert told[name] == [each.help.zh for each in function.arguments]
        assert f'Attribute {name}.VB_ProcData.VB_Invoke_Func = " \\n{OWN_GROUP}"\r\n' in text
        description = re.search(rf'^Attribute {name}\.VB_Description = "(.*)"\r$', text, re.MULTILINE)[1]
        assert description.startswith(function.title.en)
        assert len(description) <= 255


def test_nothing_calculates_on_opening(package):
    calculation = etree.fromstring(package.read("xl/workbook.xml")).find(f"{MAIN}calcPr")
    assert dict(calculation.attrib) == {"calcId": "191029"}


def test_the_templates_calculate_without_names_of_functions(templates):
    names = {
        kind: openpyxl.load_workbook(io.BytesIO(templates[f"opsbook.{kind}"]), read_only=True).defined_names
        for kind in ("xlsx", "xlsm")
    }
    assert not (set(names["xlsx"]) | set(names["xlsm"])) & set(FUNCTIONS)
    assert set(names["xlsm"]) == set(names["xlsx"]) | {"ops.macros"}
    assert {each["ops.functions"].attr_text for each in names.values()} == {'"inline"'}


def test_xlwings_vba_is_that_of_the_package_with_our_changes_alone():
    import difflib

    import xlwings

    stock = (Path(xlwings.__file__).parent / "xlwings_custom_addin.bas").read_text().splitlines()
    ours = next(
        each for each in vba_sources.modules("addin", "zh", []) if each.name == "xlwings"
    ).text.splitlines()
    renamed = [re.sub(r"xlwings(32|64)-[\d.]+dll", r"opsbook\1.dll", line) for line in stock]
    assert sum(old != new for old, new in zip(stock, renamed, strict=True)) == 12
    changed = list(difflib.unified_diff(renamed, ours, n=0, lineterm=""))[2:]
    gone, come = ([line[1:] for line in changed if line[0] == sign] for sign in "-+")
    assert [" ".join(line.split()[:4]) for line in come] == [
        "Option Private Module",
        "Public Const PROJECT_NAME As",
        'PYTHONPATH = "false;;;" &',
        "#Else",  # unchanged, but between two lines that are not
        'PYTHONPATH = "false;;;" &',
        'OpsFailed "INTERPRETER_WIN: " &',
        'PYTHONPATH = "false;;;" &',
        'XLPyCommand = "{883112ec-ead5-4111-9c62-00162d98aebd}"',
        "If Len(XLPyCommand) > 650",
        'Err.Raise 1, Description:="The paths',
        "End If",
        "Dim place As String",
        'place = ExpandEnvironmentStrings("%LOCALAPPDATA%\\OpsBook\\") &',
        "If LoadLibrary(place) = 0",
        'If Message = ""',
        "OpsFailed Message",
    ]
    # Gone are the eight lines that stand there again, what the loading of the DLL did and what showed errors.
    text = "\n".join(stock)
    loading = text.partition("Private Sub XLPyLoadDLL()\n")[2].partition("\nEnd Sub")[0]
    showing = text.partition("\nSub ShowError(")[2].partition("\nEnd Sub")[0]
    assert len(gone) == 8 + len(loading.splitlines()) + len(showing.splitlines()) - 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a",
        b"abcabcabcabc",
        bytes(range(256)) * 33,
        b"Public Sub X()\r\n" * 900,
        b"x" * 4096,
        b"y" * 4097,
    ],
    ids=["empty", "one", "repeated", "varied", "text", "chunk", "chunk and one"],
)
def test_compression_against_another_program(data):
    assert decompress(compress(data)) == data
    assert len(compress(data)) <= len(other_compress(data)) + 8


def test_noise_is_stored_as_it_is():
    noise = bytes((at * at * 7919 >> 3) % 251 for at in range(4096 * 2))
    assert decompress(compress(noise)) == noise


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7, 8, 40, 150])
def test_compound_files_of_any_number_of_streams(count):
    tree = {f"S{number}": bytes([number % 256]) * (number * 97) for number in range(count)}
    with olefile.OleFileIO(io.BytesIO(compound_file.write({"VBA": dict(tree), "TOP": b"top"}))) as book:
        assert book.parsing_issues == []
        assert book.openstream("TOP").read() == b"top"
        for name, content in tree.items():
            assert book.openstream(["VBA", name]).read() == content


@pytest.mark.parametrize(
    ("modules", "fault"),
    [
        ([("1st", "")], "a letter first"),
        ([("M" * 32, "")], "at most 31"),
        ([("Proj", "")], "taken"),
        ([("A", ""), ("a", "")], "taken"),
        ([("A", "' 中文")], "code page"),
        ([("A", "'" + "x" * 1023)], "1023"),
    ],
)
def test_what_excel_would_not_take_stops_the_build(modules, fault):
    with pytest.raises(ValueError, match=fault):
        vba_project.build("Proj", tuple(vba_project.Module(name, "standard", text) for name, text in modules))


def test_no_name_of_the_registry_is_a_word_of_vba():
    names = {name.lower() for name in FUNCTIONS}
    names |= {argument.name.lower() for function in FUNCTIONS.values() for argument in function.arguments}
    assert names & RESERVED == set()
    assert {"type", "date", "next"} <= RESERVED
    assert source().count("Public Function ") == len(FUNCTIONS)


def test_the_build_is_a_command(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "opsbook.integrations.vba.build_templates", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "opsbook.xlam",
        "opsbook.xlsm",
        "opsbook.xlsx",
    ]
    assert done.stderr == ""
