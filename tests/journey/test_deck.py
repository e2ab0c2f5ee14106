"""The deck of a store: its figures are the workbook's, nothing is clipped, nothing empty is drawn, no buyer is in it."""

import json
import re
import shutil
import zipfile

import pytest
from pptx import Presentation
from share import templates
from share.slides_seen import TITLE_FIGURE, cited, opened, overlapping, seen

from opsbook.backends.ooxml.file_workbook import Workbook
from opsbook.backends.ooxml.package_session import Session
from opsbook.book.model import Cell
from opsbook.plan.table_declarations import tables

BUYERS = ("王买家", "buyer@planted.example", "8613800001111", "Demo Buyer")
ONLY = {
    "orders": "信保订单-*.csv",
    "products": "*roducts-*.xls",
    "shop overview": "店铺数据概览*",
}


@pytest.fixture(scope="session")
def decks(tmp_path_factory, demo_book, run):
    """Return a function that gives the demo's deck in a language, made once."""
    folder = tmp_path_factory.mktemp("decks")

    def made(language):
        path = folder / f"{language}.pptx"
        if not path.exists():
            assert run("deck", demo_book, path, "--lang", language)[0] == 0
        return path

    return made


@pytest.fixture(scope="session")
def partial_deck(tmp_path_factory, demo_exports, run):
    """Return a function that gives the deck of a store with one kind of export, and its workbook."""
    made = {}

    def deck(kind):
        if kind not in made:
            folder = tmp_path_factory.mktemp("partial")
            (folder / "exports").mkdir()
            for file in demo_exports.glob(ONLY[kind]):
                shutil.copy(file, folder / "exports")
            book = folder / "b.xlsx"
            run("new", book)
            run("refresh", book)
            assert run("deck", book, folder / "b.pptx")[0] == 0
            made[kind] = folder / "b.pptx", book
        return made[kind]

    return deck


def in_workbook(slide, book):
    """Make sure that each number of each chart stands in a cell that the notes name."""
    ranges = cited(slide, book)
    single = {values[0] for values in ranges if len(values) == 1}
    for title, series in slide.charts.items():
        for name, values in series:
            if name == " ":  # carries the steps of the bridge and is not seen
                continue
            told = [(at, value) for at, value in enumerate(values) if value is not None]
            assert told, (title, name)
            whole = [each for each in ranges if len(each) == len(values)]
            of_range = any(
                all(each[at] is not None and abs(each[at]) == pytest.approx(abs(value)) for at, value in told)
                for each in whole
            )
            of_cells = all(any(value == pytest.approx(each) for each in single) for _, value in told)
            assert of_range or of_cells, (title, name, values)


def test_every_number_of_every_chart_is_a_cell_of_the_workbook(decks, demo_book):
    book = opened(demo_book)
    slides = seen(decks("zh"))
    assert sum(len(slide.charts) for slide in slides) >= 8
    for slide in slides:
        in_workbook(slide, book)


@pytest.mark.parametrize("kind", ONLY)
def test_with_one_kind_of_export_there_are_fewer_slides_and_no_empty_chart(partial_deck, kind):
    path, workbook = partial_deck(kind)
    slides, book = seen(path), opened(workbook)
    assert 3 <= len(slides) < 12
    for slide in slides:
        assert slide.charts or slide.cells or len(slide.lines) > 2
        in_workbook(slide, book)
        for title, series in slide.charts.items():
            assert sum(value is not None for _, values in series for value in values) > 1, title
        assert overlapping(slide) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_figure_of_a_title_is_one_of_values(decks, demo_book, values, language):
    known = values(demo_book)
    figures = 0
    for slide in seen(decks(language)):
        for line in slide.notes:
            if told := TITLE_FIGURE.match(line):
                shown, value, metric, period, dimension = told.groups()
                assert shown in slide.title
                assert float(value) == pytest.approx(known[metric, period, dimension or ""][0])
                figures += 1
    assert figures >= 10


def test_a_title_is_spelled_from_the_value_itself(decks, demo_book, values):
    amount = values(demo_book)["ta_amount", "2026", ""][0]
    growth = values(demo_book)["ta_amount.yoy", "2026", ""][0]
    title = seen(decks("zh"))[0].title
    assert f"{amount / 10000:.1f} 万美元" in title
    assert f"+{growth * 100:.1f}%" in title


def test_the_talk_has_its_order(demo_book, tmp_path, run):
    status, out = run("deck", demo_book, tmp_path / "d.pptx", "--json")
    assert status == 0
    assert [slide["id"] for slide in json.loads(out)["slides"]] == [
        "message",
        "traffic",
        "conversion",
        "products",
        "work_traffic",
        "work_customers",
        "problems",
        "targets",
        "strategies",
        "actions",
        "risks",
        "asks",
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_slides_are_read_from_the_back_of_a_room(decks, language):
    for slide in seen(decks(language)):
        assert min(slide.sizes) >= 12  # the twelve initiatives; everything else has 14
        small = [size for size in slide.sizes if size < 14]
        assert not small or "initiatives" in slide.title, slide.title
        assert overlapping(slide) == []
        for name, (left, top, width, height) in slide.boxes:
            assert left >= 0, name
            assert left + width <= 960.1, name
            assert top >= 0, name
            assert top + height <= 540.1, name


@pytest.mark.parametrize("make", templates.ALL.values(), ids=templates.ALL)
def test_the_company_s_own_file_gives_size_and_layouts(demo_book, tmp_path, run, make):
    make(tmp_path / "own.pptx")
    before = (tmp_path / "own.pptx").read_bytes()
    assert run("deck", demo_book, tmp_path / "d.pptx", "--template", tmp_path / "own.pptx")[0] == 0
    own, made = Presentation(tmp_path / "own.pptx"), Presentation(tmp_path / "d.pptx")
    assert (made.slide_width, made.slide_height) == (own.slide_width, own.slide_height)
    assert [each.name for each in made.slide_layouts] == [each.name for each in own.slide_layouts]
    assert (tmp_path / "own.pptx").read_bytes() == before
    slides = seen(tmp_path / "d.pptx")
    assert len(slides) == 12
    assert not any("Last year" in slide.title for slide in slides)
    for slide in slides:
        assert overlapping(slide) == []
        for name, (left, top, width, height) in slide.boxes:
            assert left + width <= made.slide_width.pt + 0.1, (slide.title, name)
            assert top + height <= made.slide_height.pt + 0.1, (slide.title, name)


def test_a_template_of_powerpoint_is_taken_too(demo_book, tmp_path, run):
    templates.old(tmp_path / "own.pptx")
    with zipfile.ZipFile(tmp_path / "own.pptx") as own, zipfile.ZipFile(tmp_path / "own.potx", "w") as potx:
        for name in own.namelist():
            data = own.read(name)
            if name == "[Content_Types].xml":
                data = data.replace(b"presentation.main+xml", b"template.main+xml")
            potx.writestr(name, data)
    assert run("deck", demo_book, tmp_path / "d.pptx", "--template", tmp_path / "own.potx")[0] == 0
    assert len(Presentation(tmp_path / "d.pptx").slides) == 12


def test_the_same_figures_give_the_same_bytes(decks, demo_book, tmp_path, run):
    assert run("deck", demo_book, tmp_path / "again.pptx", "--lang", "zh")[0] == 0
    assert (tmp_path / "again.pptx").read_bytes() == decks("zh").read_bytes()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_buyer_is_in_it(decks, language):
    with zipfile.ZipFile(decks(language)) as package:
        for name in package.namelist():
            data = package.read(name)
            assert not any(buyer.encode() in data for buyer in BUYERS), name
    text = "\n".join(slide.text for slide in seen(decks(language)))
    assert not re.search(r"[\w.]+@[\w.]+\.\w", text)


def test_words_that_people_wrote_in_the_workbook_are_those_of_the_deck(copied, tmp_path, run, monkeypatch):
    # Our own writer stands in for the person, who may write where it never does.
    monkeypatch.setattr(Session, "protected", lambda *_: False)
    typed = {
        ("problems.list", "sentence", "market/Southeast Asia"): "东南亚报价慢，客户不等",
        ("actions.list", "task", "q1-p4p"): "先停掉最贵的三个词",
        ("actions.list", "owner", "q1-p4p"): "小陈",
        ("risks.list", "plan", "supply-backup"): "二季度前签第二家供应商",
    }
    with Workbook.open(copied, for_writing=True) as book:
        for (block, column, key), words in typed.items():
            place, table = book.place(f"ops.{block}"), tables()[block]
            row = next(at for at, cells in enumerate(book.read(place)) if cells[table.width - 1] == key)
            at = (place.row + row, place.column + table.at(column))
            book.write_cells(place.sheet, {at: Cell(words)})
        book.save()
    monkeypatch.undo()
    assert run("deck", copied, tmp_path / "d.pptx")[0] == 0
    text = "\n".join(slide.text for slide in seen(tmp_path / "d.pptx"))
    assert [words for words in typed.values() if words not in text] == []
    assert "22 项还没有负责人" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["x.ppt"], ".pptx", id="another format"),
        pytest.param(["there.pptx"], "--overwrite", id="a file that is there"),
        pytest.param(["own.pptx", "--template", "own.pptx", "--overwrite"], "--overwrite", id="the template"),
        pytest.param(["d.pptx", "--template", "plain.txt"], "PowerPoint", id="no presentation"),
        pytest.param(["d.pptx", "--template", "macros.pptx"], "宏", id="a template with macros"),
    ],
)
def test_a_wrong_call_writes_nothing(demo_book, tmp_path, monkeypatch, arguments, said):
    from click.testing import CliRunner

    from opsbook.cli.app import main

    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.pptx").write_bytes(b"mine")
    (tmp_path / "plain.txt").write_text("no presentation")
    templates.old(tmp_path / "own.pptx")
    with zipfile.ZipFile(tmp_path / "macros.pptx", "w") as package:
        package.writestr(
            "[Content_Types].xml", "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"
        )
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    result = CliRunner().invoke(main, ["deck", str(demo_book), *arguments], env={"OPSBOOK_LANG": "zh"})
    assert result.exit_code == 2
    assert said in result.stderr
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_without_data_there_is_no_deck(tmp_path, run):
    run("new", tmp_path / "empty.xlsx")
    assert run("deck", tmp_path / "empty.xlsx")[0] == 2
    assert list(tmp_path.glob("*.pptx")) == []


def test_the_workbook_is_only_read(copied, tmp_path, run):
    before = copied.read_bytes(), copied.with_suffix(".duckdb").read_bytes()
    run("deck", copied, tmp_path / "d.pptx")
    assert (copied.read_bytes(), copied.with_suffix(".duckdb").read_bytes()) == before
