"""Our sheets behind a user's: nothing of theirs changes, ours look and say what they do in a workbook of their own."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from backends import own_books
from backends.own_books import SHARED, WORKBOOK
from backends.packages import MAIN, astray, grown, parts, rewrite, untied
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from opsbook.book import layout
from opsbook.cli.app import main
from opsbook.domain.errors import BookError
from opsbook.embed import join
from opsbook.functions import FUNCTIONS

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
OWNS = ("rich", "plain", "bare", "prefixed", "unnamed")
LAMBDA = ("--functions", "lambda")
TITLES = {sheet.title["zh"] for sheet in layout.SHEETS}


def run(*arguments, language="en"):
    """Return exit status and messages of a command."""
    done = CliRunner().invoke(
        main, [str(each) for each in arguments], env={"OPSBOOK_LANG": language}, catch_exceptions=False
    )
    return done.exit_code, done.output


def project():
    """Return the macros of a workbook, any will do."""
    template = Path(__file__).parents[2] / "xlsx_templates/opsbook.xlsm"
    with zipfile.ZipFile(template) as package:
        return package.read("xl/vbaProject.bin")


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """Return a new workbook of ours alone."""
    path = tmp_path_factory.mktemp("ours") / "ours.xlsx"
    assert run("new", path, "--year", 2026, *LAMBDA)[0] == 0
    return path


@pytest.fixture(scope="module")
def written_out(tmp_path_factory):
    """Return a new workbook of ours that defines no functions."""
    path = tmp_path_factory.mktemp("ours") / "inline.xlsx"
    assert run("new", path, "--functions", "inline")[0] == 0
    return path


@pytest.fixture(scope="module")
def joined(tmp_path_factory):
    """Return a function that gives a workbook of a user's own and, once made, the one with our sheets."""
    made = {}

    def make(kind):
        if kind not in made:
            folder = tmp_path_factory.mktemp(kind)
            own = getattr(own_books, kind)(folder / "own.xlsx")
            before = own.read_bytes()
            status, said = run("new", folder / "book.xlsx", "--with", own, "--year", 2026, *LAMBDA)
            assert (status, said.strip()) == (0, str(folder / "book.xlsx"))
            assert own.read_bytes() == before
            made[kind] = own, folder / "book.xlsx"
        return made[kind]

    return make


def values(path, titles):
    """Return what calamine reads, dates as dates, by sheet."""
    book = CalamineWorkbook.from_path(path)
    return {title: book.get_sheet_by_name(title).to_python() for title in book.sheet_names if title in titles}


@pytest.mark.parametrize("kind", OWNS)
def test_nothing_of_the_users_changes(joined, kind):
    own, book = joined(kind)
    old, new = parts(own), parts(book)
    assert own_books.kept_of(own, book) == []
    assert [name for name in SHARED & old.keys() if not grown(old[name], new[name])] == []
    titles = CalamineWorkbook.from_path(own).sheet_names
    assert values(book, titles) == values(own, titles)
    assert CalamineWorkbook.from_path(book).sheet_names[: len(titles)] == titles


@pytest.mark.parametrize("kind", OWNS)
def test_the_package_hangs_together(joined, kind):
    _, book = joined(kind)
    content = parts(book)
    assert untied(content) == []
    assert astray(content[own_books.STYLES]) == []
    tabs = list(ET.fromstring(content[WORKBOOK]).find(f"{MAIN}sheets"))
    ids = [tab.get("sheetId") for tab in tabs]
    assert len(set(ids)) == len(ids)
    assert [tab.get("name") for tab in tabs][-len(layout.SHEETS) :] == [
        sheet.title["zh"] for sheet in layout.SHEETS
    ]
    selected = [name for name, data in content.items() if b'tabSelected="1"' in data]
    assert len(selected) <= 1  # two selected tabs are typed into together


def looks(path):
    """Return what every cell of ours holds and looks like, and the rules of each sheet with their formats."""
    book = openpyxl.load_workbook(path)
    cells, rules, seen = {}, {}, {}
    for sheet in book:
        if sheet.title not in TITLES:
            continue
        for cell in sheet._cells.values():  # those of the file; others look as the workbook's usual cell does
            if isinstance(cell, openpyxl.cell.MergedCell):
                continue
            key = tuple(cell._style)
            if key not in seen:
                kinds = (cell.font, cell.fill, cell.border, cell.alignment, cell.protection)
                seen[key] = cell.style, cell.number_format, *map(repr, kinds)
            cells[sheet.title, cell.coordinate] = cell.value, *seen[key]
        rules[sheet.title] = [
            (
                str(listing.sqref),
                rule.type,
                tuple(rule.formula or ()),
                rule.priority,
                re.sub("numFmtId=[0-9]+", "", repr(rule.dxf)),
            )
            for listing in sheet.conditional_formatting
            for rule in listing.rules
        ]
    return cells, rules


@pytest.mark.parametrize("kind", OWNS)
def test_our_cells_say_and_look_the_same(joined, ours, kind):
    _, book = joined(kind)
    cells, rules = looks(book)
    wanted, wanted_rules = looks(ours)
    assert {cell[1] for cell in wanted.values()} == {"Normal", "ops_input"}
    assert {at: cell for at, cell in cells.items() if cell != wanted[at]} == {}
    assert cells.keys() == wanted.keys()
    assert rules == wanted_rules


@pytest.mark.parametrize("kind", ["rich", "bare"])
def test_our_names_and_charts_come_along(joined, ours, kind):
    _, book = joined(kind)
    plain, both = openpyxl.load_workbook(ours), openpyxl.load_workbook(book)
    names = {name: each.attr_text for name, each in both.defined_names.items()}
    assert names.items() >= {name: each.attr_text for name, each in plain.defined_names.items()}.items()
    assert "YOY_GROWTH" in names
    for title in TITLES:
        assert both[title].print_title_rows == plain[title].print_title_rows
        assert both[title].print_area == plain[title].print_area
        assert len(both[title]._charts) == len(plain[title]._charts)
    charts = [data for name, data in parts(ours).items() if "/charts/" in name]
    assert [data for data in charts if data not in parts(book).values()] == []


def test_the_same_workbooks_give_the_same_bytes(joined, tmp_path):
    own, book = joined("rich")
    assert run("new", tmp_path / "again.xlsx", "--with", own, "--year", 2026, *LAMBDA)[0] == 0
    assert (tmp_path / "again.xlsx").read_bytes() == book.read_bytes()


def test_a_workbook_with_macros_keeps_its_own_and_gets_none(tmp_path):
    own = own_books.rich(tmp_path / "own.xlsm", project())
    book = tmp_path / "book.xlsm"
    assert run("new", book, "--with", own, "--functions", "inline")[0] == 0
    assert own_books.kept_of(own, book) == []
    content = parts(book)
    assert content["xl/vbaProject.bin"] == project()
    assert b"sheet.macroEnabled.main+xml" in content[own_books.CONTENT_TYPES]
    names = openpyxl.load_workbook(book).defined_names
    assert "ops.functions" in names
    assert not FUNCTIONS.keys() & names.keys()


def test_an_empty_workbook_for_macros_takes_our_sheets_too(tmp_path):
    own = own_books.rich(tmp_path / "own.xlsx")
    rewrite(
        own,
        {
            own_books.CONTENT_TYPES: lambda data: data.replace(
                b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
            )
        },
    )
    own = own.rename(tmp_path / "own.xlsm")
    book = tmp_path / "book.xlsm"
    assert run("new", book, "--with", own)[0] == 0
    assert not [name for name in parts(book) if "vba" in name.lower()]


def titled(text):
    def edit(data):
        return data.replace("销售 2025".encode(), text.encode())

    return {WORKBOOK: edit}


def named(name, text="Notes!$A$1"):
    line = f'<definedName name="{name}">{text}</definedName>'.encode()
    return {WORKBOOK: lambda data: data.replace(b"<definedNames>", b"<definedNames>" + line)}


REFUSED = {
    "a title of ours": (titled("总览"), ("总览", "--lang")),
    "a title of ours for pasting": (titled("粘贴1"), ("粘贴1",)),
    "a name of ours": (named("OPS.Settings.year"), ("OPS.Settings.year",)),
    "a function's name": (named("roi", "0.2"), ("roi", "--functions inline")),
    "a table with a function's name": (
        {"xl/tables/table1.xml": lambda data: data.replace(b"Customers", b"CAGR")},
        ("CAGR", "--functions inline"),
    ),
    "a macro with a function's name": (
        {"xl/worksheets/sheet1.xml": lambda data: data.replace(b"SUM(B2:B5)", b"Aov(B2,B5)")},
        ("AOV", "--functions inline"),
    ),
    "another ending": (
        {
            own_books.CONTENT_TYPES: lambda data: data.replace(
                b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
            )
        },
        ("own.xlsx", ".xlsm"),
    ),
    "dates from 1904": (
        {WORKBOOK: lambda data: data.replace(b"<workbookPr", b'<workbookPr date1904="1"')},
        ("1904", "1462"),
    ),
    "changes that are tracked": (
        {
            own_books.CONTENT_TYPES: lambda data: data.replace(
                b"</Types>",
                b'<Override PartName="/xl/revisions/h.xml" ContentType="application/vnd.openxmlformats-officedocument'
                b'.spreadsheetml.revisionHeaders+xml"/></Types>',
            ),
            "xl/revisions/h.xml": b"<headers/>",
        },
        ("own.xlsx",),
    ),
    "a signature": (
        {
            own_books.CONTENT_TYPES: lambda data: data.replace(
                b"</Types>",
                b'<Override PartName="/s.xml" ContentType="application/vnd.openxmlformats-package.digital-signature-'
                b'xmlsignature+xml"/></Types>',
            ),
            "s.xml": b"<s/>",
        },
        ("own.xlsx",),
    ),
    "our sheets already": (named("ops.format", "1"), ("own.xlsx", "opsbook refresh")),
    "a damaged part": ({own_books.STYLES: b"<styleSheet>"}, ("own.xlsx",)),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_stands_in_the_way_is_told(tmp_path, ours, case):
    edits, words = REFUSED[case]
    own = own_books.rich(tmp_path / "own.xlsx")
    rewrite(own, edits)
    with pytest.raises(BookError) as refused:
        join(own, ours.read_bytes)
    for said in (refused.value.message("zh"), refused.value.message("en")):
        assert [word for word in words if word not in said] == []
    assert re.search("[一-鿿]", re.sub("总览|粘贴1", "", refused.value.message("zh")))
    assert not re.search("[一-鿿]", re.sub("总览|粘贴1", "", refused.value.message("en")))


def test_a_refused_workbook_leaves_no_file(tmp_path):
    own = own_books.rich(tmp_path / "own.xlsx")
    rewrite(own, titled("总览"))
    before = own.read_bytes()
    for language, word in (("zh", "同名"), ("en", "Rename them")):
        status, said = run("new", tmp_path / "book.xlsx", "--with", own, language=language)
        assert (status, word in said) == (2, True)
    assert list(tmp_path.iterdir()) == [own]
    assert own.read_bytes() == before


@pytest.mark.parametrize(
    "case", ["a function's name", "a table with a function's name", "a macro with a function's name"]
)
def test_functions_that_are_written_out_need_no_names(tmp_path, written_out, case):
    own = own_books.rich(tmp_path / "own.xlsx")
    rewrite(own, REFUSED[case][0])
    assert join(own, written_out.read_bytes)


def test_a_title_of_ours_is_free_in_the_other_language(tmp_path):
    own = own_books.rich(tmp_path / "own.xlsx")
    rewrite(own, titled("总览"))
    assert run("new", tmp_path / "book.xlsx", "--with", own, "--lang", "en")[0] == 0


def test_a_function_that_the_user_has_from_us_is_no_clash(tmp_path, ours):
    text = openpyxl.load_workbook(ours).defined_names["CPC"].attr_text
    own = own_books.rich(tmp_path / "own.xlsx")
    rewrite(own, named("CPC", text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")))
    book = tmp_path / "book.xlsx"
    assert run("new", book, "--with", own, "--functions", "lambda")[0] == 0
    names = [node.get("name") for node in ET.fromstring(parts(book)[WORKBOOK]).iter(f"{MAIN}definedName")]
    assert names.count("CPC") == 1


def test_a_style_of_ours_that_came_with_a_copied_sheet_is_there_once(tmp_path):
    own = tmp_path / "own.xlsx"
    book = openpyxl.Workbook()
    book.add_named_style(openpyxl.styles.NamedStyle("ops_input"))
    book.active["A1"].style = "ops_input"
    book.save(own)
    assert run("new", tmp_path / "book.xlsx", "--with", own)[0] == 0
    styles = ET.fromstring(parts(tmp_path / "book.xlsx")[own_books.STYLES])
    names = [node.get("name") for node in styles.iter(f"{MAIN}cellStyle")]
    assert sorted(names) == ["Normal", "ops_input"]
    with zipfile.ZipFile(tmp_path / "book.xlsx") as package:
        assert package.testzip() is None


def test_both_files_are_of_one_kind_and_the_new_one_is_new(tmp_path):
    own = own_books.rich(tmp_path / "own.xlsx")
    for language, word in (("zh", "结尾"), ("en", "ends in")):
        status, said = run("new", tmp_path / "book.xlsm", "--with", own, language=language)
        assert (status, ".xlsx" in said, word in said) == (2, True, True)
    before = own.read_bytes()
    assert run("new", own, "--with", own)[0] == 2
    assert own.read_bytes() == before
    assert list(tmp_path.iterdir()) == [own]


def test_a_file_whose_name_is_of_an_old_system_keeps_it(tmp_path, ours):
    own = own_books.rich(tmp_path / "own.xlsx")
    rewrite(own, {"xl/media/XX.png": b"a picture"})
    own.write_bytes(own.read_bytes().replace(b"media/XX.png", b"media/\xcd\xbc.png"))
    content = join(own, ours.read_bytes)
    assert content.count(b"media/\xcd\xbc.png") == 2  # before the bytes, and in the directory
    (tmp_path / "book.xlsx").write_bytes(content)
    with zipfile.ZipFile(tmp_path / "book.xlsx") as package:
        assert package.testzip() is None


def test_a_number_format_that_the_user_only_names_gets_no_meaning(joined):
    own, book = joined("unnamed")
    said, used = (
        {node.get("numFmtId") for node in ET.fromstring(parts(path)[own_books.STYLES]).iter(f"{MAIN}{name}")}
        for path, name in ((book, "numFmt"), (own, "xf"))
    )
    assert len(used) > 1
    assert not said & used
