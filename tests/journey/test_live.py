"""Refresh inside Excel: the buttons' doors on a workbook that is open, against the command line on its file."""

import shutil
import types

import duckdb
import openpyxl
import pytest
from backends import fake_excel
from backends.packages import build
from backends.test_live_book import disarmed_before_putting_back
from pptx import Presentation

from opsbook.backends.excel_live import excel_errors
from opsbook.book import address
from opsbook.commands import excel_buttons
from opsbook.domain.language import Text
from opsbook.plan.table_declarations import tables

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")


@pytest.fixture(scope="module")
def few(demo_exports, tmp_path_factory):
    """A folder with some of the demonstration's exports."""
    folder = tmp_path_factory.mktemp("few")
    files = sorted(
        (path for path in demo_exports.iterdir() if path.is_file()), key=lambda path: path.stat().st_size
    )
    for path in files[:5]:
        shutil.copy2(path, folder)
    return folder


@pytest.fixture(scope="module")
def new_book(tmp_path_factory, run):
    book = tmp_path_factory.mktemp("new") / "b.xlsx"
    run("new", book)
    return book


@pytest.fixture(autouse=True)
def logs(tmp_path, monkeypatch):
    """The folder of logs, and no patience with a busy Excel."""
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "appdata"))
    monkeypatch.setattr(excel_errors.insist, "__kwdefaults__", {"patience": 0})
    return tmp_path / "appdata" / "OpsBook"


@pytest.fixture
def store(tmp_path, new_book, few):
    """A folder with a fresh workbook and exports beside it; the workbook's path."""
    shutil.copytree(few, tmp_path / "store" / "exports")
    shutil.copy2(new_book, tmp_path / "store" / "b.xlsx")
    return tmp_path / "store" / "b.xlsx"


def opened(path):
    return fake_excel.Book(fake_excel.Workbook(path))


def dump(archive):
    """Return what an archive holds of data, without the times of refreshes."""
    with duckdb.connect(str(archive), read_only=True) as connection:
        tables = connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE table_name NOT LIKE 'opsbook%' ORDER BY 1"
        ).fetchall()
        return {
            table: sorted(map(str, connection.execute(f'SELECT * FROM "{table}"').fetchall()))
            for (table,) in tables
        }


def without_times(cells):
    """Return cells without the time of a refresh on the sheet of receipts."""
    return {at: value for at, value in cells.items() if not (at[0] == "刷新记录" and at[1][0] == "C")}


def test_both_ways_give_the_same_cells_and_the_same_archive(store, tmp_path, run):
    other = tmp_path / "other"
    shutil.copytree(store.parent, other)
    run("refresh", other / "b.xlsx")
    book = opened(store)
    settings = book.api._app.settings()
    excel_buttons.refresh(book)
    ((text, mode),) = book.shown
    assert (text.splitlines()[0][:2], mode) == ("读入", "info")
    assert "Ctrl+S" in text
    # In rectangles: fewer calls than a fortieth of the cells, and no cell needed one of its own.
    calls = book.api._app._calls
    cells = sum(len(sheet._edited) for sheet in book.api._sheets)
    assert sum(member == "Formula=" for _, member in calls) < cells / 40
    assert ("Cells", "()") not in calls
    file = fake_excel.Workbook(other / "b.xlsx")
    assert len(file.shown()) > 3000
    assert without_times(book.api.shown()) == without_times(file.shown())
    names = [
        {each.__dict__["Name"]: each.__dict__["RefersTo"] for each in one.__dict__["Names"]._entries}
        for one in (book.api, file)
    ]
    assert names[0].pop("ops.archive") != names[1].pop("ops.archive")  # two archives
    assert names[0] == names[1]
    assert dump(store.with_suffix(".duckdb")) == dump(other / "b.duckdb")
    assert book.api._app.settings() == settings
    # And again: nothing new, nothing lost.
    before = book.api.shown()
    excel_buttons.refresh(book)
    assert without_times(book.api.shown()) == without_times(before)


def paste(book):
    """Put a small table on a paste sheet of an open workbook."""
    for column, lines in zip("AB", (("月份", "2026-09"), ("归因信保金额USD", "123")), strict=True):
        for row, text in enumerate(lines, start=4):
            book.api.type("粘贴1", f"{column}{row}", text)


@pytest.fixture
def typed(tmp_path, new_book):
    """A fresh workbook, open, and something pasted that is not saved."""
    store = tmp_path / "b.xlsx"
    shutil.copy2(new_book, store)
    book = opened(store)
    paste(book)
    return store, book


@pytest.fixture
def pasted(tmp_path, new_book, run):
    """The same after a refresh from its file."""
    store = tmp_path / "b.xlsx"
    shutil.copy2(new_book, store)
    run("refresh", store)
    book = opened(store)
    paste(book)
    return store, book


def test_what_was_pasted_and_not_saved_is_taken_in_and_never_passed_over_later(pasted, run):
    store, book = pasted
    excel_buttons.refresh(book)
    assert book.shown[0][0].startswith("读入 1 张表：新增 1 行")
    assert len(dump(store.with_suffix(".duckdb"))["ad_revenue"]) == 1
    # Excel is closed without saving: the file has neither the paste nor the figures, so there is work to do.
    before = store.read_bytes()
    assert run("refresh", store)[0] == 0
    assert store.read_bytes() != before


def test_rows_of_the_plan_keep_what_was_typed_in_the_open_workbook(pasted):
    _, book = pasted
    table = tables()["actions.list"]
    place = next(
        address.parse(each.__dict__["RefersTo"])
        for each in book.api.__dict__["Names"]._entries
        if each.__dict__["Name"] == "ops.actions.list"
    )

    def cell(line, column):
        return address.a1(place.row + line, place.column + table.at(column))

    first = book.api.shown()[place.sheet, cell(1, "task")]
    free = next(
        line for line in range(1, place.rows) if (place.sheet, cell(line, "task")) not in book.api.shown()
    )
    typed = {cell(1, "owner"): "李", cell(2, "task"): "我改的任务", cell(free, "task"): "自己的任务"}
    for at, text in typed.items():
        book.api.type(place.sheet, at, text)
    excel_buttons.refresh(book)
    shown = book.api.shown()
    assert {at: shown[place.sheet, at] for at in typed} == typed
    assert shown[place.sheet, cell(1, "task")] == first
    assert str(shown[place.sheet, cell(free, "code")]).startswith("A")


def test_a_failure_on_the_way_is_one_message_a_log_and_the_old_content(pasted, logs, run, monkeypatch):
    store, book = pasted
    disarmed_before_putting_back(book.api, monkeypatch)
    before, settings, count = book.api.shown(), book.api._app.settings(), 0

    def fault(_owner, member):
        nonlocal count
        count += member == "Formula="
        if count >= 3 and member in ("Formula=", "Value2="):
            raise fake_excel.refused()

    book.api._app._fault = fault
    excel_buttons.refresh(book)
    ((text, mode),) = book.shown
    assert mode == "critical"
    assert text.startswith("写入 Excel 时出错，已恢复为刷新前的内容。")
    assert str(logs / "opsbook.log") in text
    assert book.api.shown() == before
    assert book.api._app.settings() == settings
    log = (logs / "opsbook.log").read_text(encoding="utf-8")
    assert "0x800A03EC" in log
    assert "cell_writer.py" in log
    # The archive has what was pasted, the file is as the refresh before left it: it is not passed over as unchanged.
    file = store.read_bytes()
    assert run("refresh", store)[0] == 0
    assert store.read_bytes() != file


def test_a_fault_of_ours_is_no_traceback_for_people(store, logs, monkeypatch):
    shutil.rmtree(store.parent / "exports")
    buyer = "Anna"
    monkeypatch.setattr("opsbook.commands.refresh.compute", lambda *_: _raise(KeyError(buyer)))
    book = opened(store)
    settings = book.api._app.settings()
    excel_buttons.refresh(book)
    ((text, mode),) = book.shown
    assert mode == "critical"
    assert text.startswith("OpsBook 内部出错，工作簿未改动。")
    assert "Traceback" not in text
    log = (logs / "opsbook.log").read_text(encoding="utf-8")
    assert "KeyError" in log
    assert buyer not in log
    assert book.api._app.settings() == settings


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        (lambda excel: setattr(excel._app, "_editing", True), "Enter"),
        (lambda excel: excel.__dict__.update(Path="", FullName="工作簿1"), "另存"),
        (lambda excel: excel.__dict__.update(ReadOnly=True), "只读"),
        (lambda excel: excel.__dict__.update(FullName="https://d.docs.live.net/1/b.xlsx"), "OneDrive"),
    ],
    ids=["editing", "unsaved", "read-only", "cloud"],
)
@pytest.mark.parametrize(
    "door", [excel_buttons.refresh, excel_buttons.check, excel_buttons.freeze, excel_buttons.deck]
)
def test_what_stands_in_the_way_is_told(tmp_path, stage, words, door, monkeypatch):
    if words == "只读" and door is not excel_buttons.refresh:
        return  # they only read
    monkeypatch.delenv("OneDriveConsumer", raising=False)
    monkeypatch.delenv("OneDrive", raising=False)
    book = opened(build(tmp_path / "b.xlsx"))
    stage(book.api)
    door(book)
    ((text, mode),) = book.shown
    assert words in text
    assert mode == "critical"
    assert len(text) < 300


def test_the_dry_run_tells_every_file_and_what_is_pasted(typed, logs):
    store, book = typed
    before = book.api.shown()
    excel_buttons.check(book)
    text = book.shown[0][0]
    assert text.startswith("识别出")
    whole = (logs / "check.txt").read_text(encoding="utf-8-sig")
    assert "b.xlsx · 粘贴1" in whole
    assert book.api.shown() == before
    assert not store.with_suffix(".duckdb").exists()


def test_an_english_workbook_speaks_english(tmp_path):
    book = opened(build(tmp_path / "b.xlsx"))
    book.api.Names.Add("ops.language", '="en"')
    book.api.__dict__["ReadOnly"] = True
    excel_buttons.refresh(book)
    assert "is open read-only" in book.shown[0][0]


def test_the_copy_to_hand_on_gets_a_name_that_is_free(typed):
    store, book = typed
    before = book.api.shown()
    excel_buttons.freeze(book)
    excel_buttons.freeze(book)
    for name, (text, mode) in zip(("b-汇报版.xlsx", "b-汇报版 (2).xlsx"), book.shown, strict=True):
        copy = store.with_name(name)
        assert (text.splitlines()[0], mode) == (str(copy), "info")
        titles = openpyxl.load_workbook(copy).sheetnames
        assert "总览" in titles
        assert "粘贴1" not in titles
    assert book.api.shown() == before


def test_the_deck_gets_a_name_that_is_free(copied):
    book = opened(copied)
    before = book.api.shown()
    excel_buttons.deck(book)
    excel_buttons.deck(book)
    for name, (text, mode) in zip(("demo-汇报.pptx", "demo-汇报 (2).pptx"), book.shown, strict=True):
        assert (text.splitlines()[0], mode) == (str(copied.with_name(name)), "info")
        assert len(text) < 300  # what a message box shows whole
        assert len(Presentation(copied.with_name(name)).slides) == 12
    assert book.api.shown() == before


def test_the_doctor_tells_faults_first_and_the_whole_in_a_file(tmp_path, logs, monkeypatch):
    from opsbook.deploy.windows import doctor

    check = types.SimpleNamespace(area="files")
    found = [
        doctor.DoctorFinding(check, state, Text(f"{state} {number}", ""), None)
        for number in range(100)
        for state in ("ok", "warning", "fault")
    ]
    asked = []
    monkeypatch.setattr(
        doctor,
        "diagnose",
        lambda machine, path: (
            asked.append(path) or doctor.Diagnosis(doctor.CheckSubject(machine, path), tuple(found))
        ),
    )
    book = opened(build(tmp_path / "b.xlsx"))
    excel_buttons.doctor(book)
    book.api.__dict__["Path"] = ""
    excel_buttons.doctor(book)
    assert asked == [tmp_path / "b.xlsx", None]
    text, mode = book.shown[0]
    assert mode == "critical"
    assert text.startswith("100 项故障，100 项注意。")
    assert "fault 0" in text
    assert "warning" not in text.partition("\n")[2]
    assert len(text) < 1300
    assert text.endswith("\n…")
    whole = (logs / "doctor.txt").read_text(encoding="utf-8-sig")
    assert all(f"{state} 99" in whole for state in ("ok", "warning", "fault"))


def test_openpyxl_reads_what_the_stand_in_saves(tmp_path):
    """Its copies must be whole, or the tests above would read nothing."""
    excel = fake_excel.Workbook(build(tmp_path / "b.xlsx"))
    excel.type("我的 分析", "A9", "=不是公式")
    excel.SaveCopyAs(str(tmp_path / "copy.xlsx"))
    assert openpyxl.load_workbook(tmp_path / "copy.xlsx")["我的 分析"]["A9"].value == "=不是公式"


def _raise(error):
    raise error
