"""The functions in a workbook of the user's own: names come, everything else stays byte for byte."""

import shutil
import zipfile

import openpyxl
import pytest
from backends import own_books
from backends.packages import rewrite

from opsbook.domain.errors import BookError
from opsbook.embed.own_functions import add
from opsbook.functions import FUNCTIONS

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
WORKBOOK = "xl/workbook.xml"
NATIVE = {name for name, function in FUNCTIONS.items() if function.excel}


def parts(path):
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.mark.parametrize("kind", ["rich", "plain", "bare", "prefixed"])
def test_only_the_names_are_added(tmp_path, kind):
    book = getattr(own_books, kind)(tmp_path / "budget.xlsx")
    before = parts(book)
    done = add(book)
    after = parts(book)
    assert set(done.new) == NATIVE
    assert done.backup == tmp_path / "budget.backup.xlsx"
    assert parts(done.backup) == before
    assert {name for name in after if after[name] != before.get(name)} == {WORKBOOK}
    assert before.keys() == after.keys()
    names = openpyxl.load_workbook(book).defined_names
    assert names["YOY_GROWTH"].comment == FUNCTIONS["YOY_GROWTH"].comment("zh")
    assert set(openpyxl.load_workbook(done.backup).defined_names) | NATIVE == set(names)


def test_twice_is_once_and_another_language_renews_the_comments(tmp_path):
    book = own_books.plain(tmp_path / "budget.xlsx")
    add(book, ["YOY_GROWTH", "FX"])
    before = book.read_bytes()
    again = add(book, ["YOY_GROWTH", "FX"])
    assert (again.new, again.renewed, again.backup, book.read_bytes()) == ((), (), None, before)
    assert set(add(book, ["YOY_GROWTH"], "en").renewed) == {"YOY_GROWTH"}
    assert openpyxl.load_workbook(book).defined_names["YOY_GROWTH"].comment.startswith("Year-over-year")


def test_formulas_that_were_typed_already_calculate(tmp_path):
    formulon = pytest.importorskip("formulon")
    book = tmp_path / "budget.xlsx"
    made = openpyxl.Workbook()
    for at, value in {
        "A1": 110,
        "B1": 100,
        "C1": "=YOY_GROWTH(A1,B1)",
        "D1": '=BUDGET_VAR(A1,B1,"cost")',
    }.items():
        made.active[at] = value
    made.save(book)
    done = add(book, language="en")
    assert done.alive == ("BUDGET_VAR", "YOY_GROWTH")
    with formulon.Workbook.load(book.read_bytes()) as opened:
        opened.recalc()
        values = [opened.get_value(0, 0, column).to_python() for column in (2, 3)]
    assert values == pytest.approx([0.1, -10])
    assert b'fullCalcOnLoad="1"' in parts(book)[WORKBOOK]


def named(name, text):
    line = f'<definedName name="{name}">{text}</definedName>'.encode()
    return {WORKBOOK: lambda data: data.replace(b"<definedNames>", b"<definedNames>" + line)}


REFUSED = {
    "a name of the user's": (named("roi", "0.2"), "roi"),
    "a table": ({"xl/tables/table1.xml": lambda data: data.replace(b"Customers", b"CAGR")}, "CAGR"),
    "macros of OpsBook": (named("ops.macros", "TRUE"), "budget.xlsx"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_stands_in_the_way_is_named_and_nothing_is_written(tmp_path, case):
    edits, word = REFUSED[case]
    book = own_books.rich(tmp_path / "budget.xlsx")
    rewrite(book, edits)
    before = book.read_bytes()
    with pytest.raises(BookError) as refused:
        add(book)
    assert word in refused.value.message("zh")
    assert word in refused.value.message("en")
    assert book.read_bytes() == before
    assert list(tmp_path.iterdir()) == [book]


def test_functions_of_the_users_macros_are_left_alone(tmp_path):
    book = own_books.rich(tmp_path / "budget.xlsx")
    rewrite(book, {"xl/worksheets/sheet1.xml": lambda data: data.replace(b"SUM(B2:B5)", b"Aov(B2,B5)")})
    shutil.move(book, tmp_path / "budget.xlsm")
    with pytest.raises(BookError, match="AOV"):
        add(tmp_path / "budget.xlsm")
    assert add(tmp_path / "budget.xlsm", ["YOY_GROWTH"]).new == ("YOY_GROWTH",)
