"""The other kinds of workbook, with macros and with functions written out: refreshed exactly as the plain one is."""

import re
import shutil
import subprocess
import zipfile

import openpyxl
import pytest
from journey.test_engines import RECALCULATE, cells, same
from lxml import etree

from opsbook.cli.new_command import plan_of
from opsbook.functions import FUNCTIONS
from opsbook.integrations.vba.build_templates import workbook

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
CALLS = re.compile(rf"\b({'|'.join(FUNCTIONS)})\(")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory, demo_exports, run):
    """Return a function that makes a workbook, keeps a copy of it, and refreshes it with the demonstration store."""

    def make(name, *options):
        book = tmp_path_factory.mktemp("books") / name
        assert run("new", book, *options)[0] == 0
        shutil.copy(book, book.with_name("new-" + name))
        assert run("refresh", book, "--exports", demo_exports)[0] == 0
        return book

    return make


@pytest.fixture(scope="module")
def macro_book(refreshed):
    return refreshed("book.xlsm")


@pytest.fixture(scope="module")
def inline_book(refreshed):
    return refreshed("book.xlsx")


def test_with_macros_every_cell_is_as_without(macro_book, demo_book):
    log = "刷新记录"  # when things were taken in
    for formulas in (False, True):
        one, other = cells(macro_book, formulas=formulas), cells(demo_book, formulas=formulas)
        assert one.keys() == other.keys()
        assert [at for at in one if one[at] != other[at] and at[0] != log] == []


def test_a_refresh_leaves_the_macros_alone(macro_book):
    with zipfile.ZipFile(macro_book.with_name("new-book.xlsm")) as new, zipfile.ZipFile(macro_book) as now:
        for part in ("xl/vbaProject.bin", "customUI/customUI14.xml", "_rels/.rels"):
            assert now.read(part) == new.read(part)
        # What says that calls of functions may spill comes with the first of them.
        types = re.sub(
            rb'<Override PartName="/xl/metadata.xml"[^<>]*/>', b"", now.read("[Content_Types].xml")
        )
        assert types == new.read("[Content_Types].xml")
        before, after = (etree.fromstring(each.read("xl/workbook.xml")) for each in (new, now))
        for tag in ("functionGroups", "extLst", "workbookPr", "calcPr"):
            assert etree.tostring(after.find(MAIN + tag)) == etree.tostring(before.find(MAIN + tag))
        names = [{each.get("name") for each in root.find(MAIN + "definedNames")} for root in (before, after)]
        assert (
            names[0] | {"ops.archive", "ops.archive_serial", "ops.plan_year", "ops.review_year"} == names[1]
        )  # it remembers its archive and plan
        assert not names[1] & set(FUNCTIONS)


def test_with_macros_a_second_refresh_changes_nothing(macro_book, demo_exports, run):
    before = macro_book.read_bytes()
    assert run("refresh", macro_book, "--exports", demo_exports)[0] == 0
    assert macro_book.read_bytes() == before


def formulas_of(path):
    """Return the formulas of a workbook by sheet and address."""
    return {
        at: text
        for at, text in cells(path, formulas=True).items()
        if isinstance(text, str) and text[0] == "="
    }


def test_written_out_no_cell_calls_a_function_of_ours(inline_book, lambda_book):
    with zipfile.ZipFile(inline_book) as package:
        assert not [name for name in package.namelist() if b"LAMBDA" in package.read(name)]
    formulas = formulas_of(inline_book)
    assert [at for at, text in formulas.items() if CALLS.search(text)] == []
    calling = {at for at, text in formulas_of(lambda_book).items() if CALLS.search(text)}
    assert len(calling) > 400
    assert calling <= formulas.keys()
    log = "刷新记录"
    one, other = cells(inline_book, formulas=False), cells(lambda_book, formulas=False)
    assert [at for at in other if one.get(at) != other[at] and at[0] != log] == []


def test_written_out_formulas_can_be_read(inline_book, lambda_book):
    calling = [at for at, text in formulas_of(lambda_book).items() if CALLS.search(text)]
    formulas = formulas_of(inline_book)
    lengths = sorted(len(formulas[at]) for at in calling)
    assert lengths[len(lengths) // 2] < 60
    assert lengths[-1] < 200
    assert not [at for at in calling if re.search(r"ISNUMBER|ISERROR|SUBSTITUTE", formulas[at])]
    assert formulas["业绩回顾", "E8"] == "=IF(D9=0,IF(D8=0,0,#N/A),(D8-D9)/ABS(D9))"


def test_a_workbook_is_switched_to_names_and_back(inline_book, lambda_book, demo_exports, tmp_path, run):
    book = tmp_path / "book.xlsx"
    shutil.copy(inline_book, book)
    shutil.copy(inline_book.with_suffix(".duckdb"), book.with_suffix(".duckdb"))

    def switched(how):
        status, _ = run("refresh", book, "--exports", demo_exports, "--functions", how)
        assert status == 0
        with zipfile.ZipFile(book) as package:
            dynamic = len(re.findall(rb'<c [^>]*cm="1"', package.read("xl/worksheets/sheet2.xml")))
        names = openpyxl.load_workbook(book, read_only=True).defined_names
        return formulas_of(book), dynamic, names["ops.functions"].attr_text, set(names) & set(FUNCTIONS)

    before = book.read_bytes()
    assert run("refresh", book, "--exports", demo_exports, "--functions", "inline")[0] == 0
    assert book.read_bytes() == before  # it is written out already
    formulas, dynamic, how, names = switched("lambda")
    assert formulas == formulas_of(lambda_book)
    assert (dynamic > 100, how, "YOY_GROWTH" in names) == (True, '"lambda"', True)
    formulas, dynamic, how, names = switched("inline")
    assert formulas == formulas_of(inline_book)
    # The names stay: people may call them in cells of their own.
    assert (dynamic, how, "YOY_GROWTH" in names) == (0, '"inline"', True)


def test_a_workbook_from_before_with_functions_in_python_is_switched(tmp_path, demo_exports, run):
    book = tmp_path / "book.xlsm"
    plan = plan_of(None, "zh", "")
    book.write_bytes(workbook(plan, "python"))
    assert run("refresh", book, "--exports", demo_exports)[0] == 0
    assert CALLS.search(formulas_of(book)["业绩回顾", "E8"])
    assert run("refresh", book, "--exports", demo_exports, "--functions", "lambda")[0] == 2
    assert run("refresh", book, "--exports", demo_exports, "--functions", "inline")[0] == 0
    assert not [text for text in formulas_of(book).values() if CALLS.search(text)]


def test_written_out_in_english_too(refreshed):
    book = refreshed("english.xlsx", "--lang", "en")
    assert [
        text
        for text in cells(book, formulas=True).values()
        if isinstance(text, str) and text[0] == "=" and CALLS.search(text)
    ] == []


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice (soffice) on the path")
def test_libreoffice_calculates_what_is_written_out(inline_book, tmp_path):
    profile = tmp_path / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user/registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    subprocess.run(
        [
            "soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless",
            "--convert-to", "xlsx", "--outdir", tmp_path, inline_book,
        ],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    stored, found = cells(inline_book, formulas=False), cells(tmp_path / "book.xlsx", formulas=False)
    written = formulas_of(inline_book)
    assert len(written) > 1000
    assert [
        (at, stored.get(at), found.get(at)) for at in written if not same(stored.get(at), found.get(at))
    ] == []
    assert [at for at, value in found.items() if str(value).startswith(("#", "Err:"))] == []


def test_macros_bring_their_functions(tmp_path, run):
    status, _ = run("new", tmp_path / "book.xlsm", "--functions", "lambda")
    assert status == 2
    assert not (tmp_path / "book.xlsm").exists()


def test_the_language_of_a_macro_book(tmp_path, run):
    from integrations.vba_runner import texts

    assert run("new", tmp_path / "book.xlsm", "--lang", "en")[0] == 0
    assert 'CallUDF("opsbook.integrations.xlwings_udfs.en"' in texts(tmp_path / "book.xlsm")["OpsBookCalls"]
    names = openpyxl.load_workbook(tmp_path / "book.xlsm", read_only=True).defined_names
    assert names["ops.functions"].attr_text == '"inline"'
