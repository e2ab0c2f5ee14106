"""The same plan through an open Excel and into the file: the same cells, names, charts, refusals; nothing half done."""

import re
import shutil

import openpyxl
import pytest
from backends import fake_excel
from backends.packages import REVIEW, build, rewrite
from backends.test_apply import plan
from conform.kinds import as_0_1_0
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table

from opsbook.backends.apply import apply
from opsbook.backends.excel_live import excel_errors, live_workbook
from opsbook.backends.excel_live.live_workbook import LiveWorkbook
from opsbook.backends.ooxml.file_workbook import Workbook
from opsbook.backends.ooxml.package_session import Session
from opsbook.book.address import Place
from opsbook.book.model import Block, BookPlan, Cell
from opsbook.domain.errors import BookError

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
LOG = "刷新记录"


@pytest.fixture(autouse=True)
def _hurried(monkeypatch):
    monkeypatch.setattr(excel_errors, "_PAUSE", 0)
    monkeypatch.setattr(excel_errors.insist, "__kwdefaults__", {"patience": 0.05})


def through_excel(path, what):
    """Return the open workbook and the issues of a plan put into it."""
    excel = fake_excel.Workbook(path)
    with LiveWorkbook.open(excel, path) as book:
        issues = apply(book, what)
        book.save()
    return excel, issues


def into_the_file(path, what, tmp_path):
    """Return the same after the file host wrote a copy, and its issues."""
    folder = tmp_path / "file"
    folder.mkdir(exist_ok=True)
    copy = folder / path.name
    shutil.copyfile(path, copy)
    with Workbook.open(copy, for_writing=True) as book:
        issues = apply(book, what)
        book.save()
    return fake_excel.Workbook(copy), issues


def picture(excel):
    """Return everything of a workbook that the two hosts must agree on."""
    own = [
        (
            sheet.__dict__["Name"],
            [table.__dict__["Range"].Address for table in sheet._tables],
            [rule.__dict__["AppliesTo"].Address for rule in sheet._rules],
            [series._formula for frame in sheet._charts for series in frame.__dict__["Chart"]._series],
            [each.__dict__["RefersTo"].replace("'", "") for each in sheet.__dict__["Names"]._entries],
        )
        for sheet in excel._sheets
    ]
    names = {each.__dict__["Name"]: each.__dict__["RefersTo"] for each in excel.__dict__["Names"]._entries}
    names = {name: text.replace("_xlfn.", "").replace("_xlpm.", "") for name, text in names.items()}
    return excel.shown(), names, own


@pytest.mark.parametrize("log", [1, 2, 5])
@pytest.mark.parametrize("inside", [0, 1])
def test_both_hosts_write_the_same(tmp_path, log, inside):
    path = build(tmp_path / "b.xlsx", top=7, inside=inside)
    live, issues = through_excel(path, plan(log=log))
    file, others = into_the_file(path, plan(log=log), tmp_path)
    assert issues == others == []
    assert picture(live) == picture(file)


def test_a_table_over_the_block_grows_with_it(tmp_path):
    path = build(tmp_path / "b.xlsx")
    book = openpyxl.load_workbook(path)
    book[LOG].auto_filter.ref = None
    book[LOG].add_table(Table(displayName="Log", ref="A3:C5"))
    book.save(path)
    live, _ = through_excel(path, plan(log=6))
    file, _ = into_the_file(path, plan(log=6), tmp_path)
    assert [table.__dict__["Range"].Address for table in live.sheet(LOG)._tables] == ["$A$3:$C$9"]
    assert picture(live)[2] == picture(file)[2]


def test_sparklines_follow(tmp_path):
    path = build(tmp_path / "b.xlsx")
    excel = fake_excel.Workbook(path)
    line = fake_excel.Sparkline(excel._app, f"{LOG}!B4:B5")
    excel.sheet("我的 分析")._sparklines.append(fake_excel.Items(excel._app, [line]))
    with LiveWorkbook.open(excel, path) as book:
        apply(book, plan(log=4))
        book.save()
    assert line.SourceData == f"{LOG}!B4:B7"


def test_a_chart_that_tells_no_formula_is_passed_over(tmp_path):
    path = build(tmp_path / "b.xlsx")
    excel = fake_excel.Workbook(path)
    frame = fake_excel.Frame(excel._app, fake_excel.Chart(excel._app, [fake_excel.Series(excel._app, None)]))
    excel.sheet(LOG)._charts.append(frame)
    with LiveWorkbook.open(excel, path) as book:
        apply(book, plan(log=4))
        book.save()
    assert excel.name("ops.receipts.log") == f"='{LOG}'!$A$3:$C$7"


def array(book):
    book["业绩回顾"]["C6"] = ArrayFormula("C6:C8", "=B6:B8")


def table_below(book):
    book[LOG]["A8"], book[LOG]["B8"] = "x", "y"
    book[LOG].add_table(Table(displayName="Below", ref="A8:B10"))


def note_below(book):
    book[LOG]["B7"] = "我的"


@pytest.mark.parametrize("put", [array, table_below, note_below])
def test_what_is_the_users_is_refused_alike(tmp_path, put):
    path = build(tmp_path / "b.xlsx")
    book = openpyxl.load_workbook(path)
    put(book)
    book.save(path)
    live, issues = through_excel(path, plan(log=9))
    file, others = into_the_file(path, plan(log=9), tmp_path)
    assert issues == others
    assert [issue.code for issue in issues] == ["book.block_reshaped"]
    assert picture(live)[1:] == picture(file)[1:]


def test_a_plan_that_stands_already_writes_nothing(tmp_path):
    path = build(tmp_path / "b.xlsx")
    stands = into_the_file(path, plan(log=4), tmp_path)[0]._file
    excel, _ = through_excel(stands, plan(log=4))
    assert {member for _, member in excel._app._calls} == {"ReadOnly", "Final", "Name", "SaveCopyAs"}


@pytest.mark.parametrize(("value", "again"), [(9.9999999999, False), ("#NAME?", True), (None, False)])
def test_a_formula_that_stands_is_excels_to_calculate_unless_it_fails(tmp_path, value, again):
    path = build(tmp_path / "b.xlsx")
    stands = into_the_file(path, plan(log=4), tmp_path)[0]._file
    shown = "" if value is None else f"<v>{value}</v>"
    kind = ' t="e"' if value == "#NAME?" else ""
    cell = re.compile(
        rb'(<(?:\w+:)?c r="D8"[^>]*?)>(<(?:\w+:)?f>.*?</(?:\w+:)?f>)<(?:\w+:)?v>.*?</(?:\w+:)?v>'
    )
    rewrite(stands, {REVIEW: lambda data: cell.sub(rb"\1%b>\2%b" % (kind.encode(), shown.encode()), data)})
    excel, _ = through_excel(stands, plan(log=4))
    assert (("Range", "Formula=") in excel._app._calls) is again


def test_the_backup_is_the_state_before_and_the_copy_goes(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temp"))
    (tmp_path / "temp").mkdir()
    path = build(tmp_path / "b.xlsx")
    before = path.read_bytes()
    through_excel(path, plan())
    assert (tmp_path / "b.backup.xlsx").read_bytes() == before == path.read_bytes()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["b.backup.xlsx", "b.xlsx", "temp"]
    assert list((tmp_path / "temp").iterdir()) == []


def test_typing_that_was_never_saved_is_seen(tmp_path):
    path = build(tmp_path / "b.xlsx")
    excel = fake_excel.Workbook(path)
    excel.type("我的 分析", "G9", "现在才写的")
    with LiveWorkbook.open(excel, path) as book:
        assert book.read(Place("我的 分析", 8, 6)) == [["现在才写的"]]


def test_no_two_openings_have_one_digest(tmp_path):
    path = build(tmp_path / "b.xlsx")
    excel = fake_excel.Workbook(path)
    with LiveWorkbook.open(excel, path) as one, LiveWorkbook.open(excel, path) as two:
        file = Workbook.open(path, for_writing=False)
        assert len({one.digest, two.digest, file.digest}) == 3


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"ReadOnly": True}, "只读"),
        ({"Final": True}, "最终状态"),
    ],
)
def test_a_workbook_that_cannot_be_kept_is_not_begun(tmp_path, state, words):
    path = build(tmp_path / "b.xlsx")
    excel = fake_excel.Workbook(path)
    excel.__dict__.update(state)
    with pytest.raises(BookError) as error:
        LiveWorkbook.open(excel, path)
    assert words in error.value.message("zh")
    assert "b.xlsx" in error.value.message("en")


def test_a_protected_sheet_is_named_and_nothing_written(tmp_path):
    path = build(tmp_path / "b.xlsx")
    excel = fake_excel.Workbook(path)
    excel.sheet(LOG).__dict__["ProtectContents"] = True
    before = picture(excel)
    with LiveWorkbook.open(excel, path) as book:
        apply(book, plan(log=5))
        with pytest.raises(BookError) as error:
            book.save()
    assert f"“{LOG}”受保护" in error.value.message("zh")
    assert "Unprotect Sheet" in error.value.message("en")
    assert picture(excel) == before
    assert not (tmp_path / "b.backup.xlsx").exists()


def test_a_sheet_protected_against_people_alone_is_written(tmp_path):
    path = build(tmp_path / "b.xlsx")
    excel = fake_excel.Workbook(path)
    excel.sheet(LOG).__dict__.update(ProtectContents=True, ProtectionMode=True)
    with LiveWorkbook.open(excel, path) as book:
        apply(book, plan(log=5))
        book.save()
    assert excel.shown()[LOG, "A8"] == "n4"


def test_a_file_of_another_kind_is_refused_as_in_the_file_host(tmp_path):
    path = tmp_path / "mine.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(BookError, match=r"mine.xlsx is no workbook of OpsBook"):
        LiveWorkbook.open(fake_excel.Workbook(path), path)


def test_a_backup_that_cannot_be_written_stops_before_the_first_write(tmp_path):
    path = build(tmp_path / "b.xlsx")
    (tmp_path / "b.backup.xlsx").mkdir()
    excel = fake_excel.Workbook(path)
    before = picture(excel)
    with LiveWorkbook.open(excel, path) as book:
        apply(book, plan(log=5))
        with pytest.raises(BookError, match="backup"):
            book.save()
    assert picture(excel) == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["b.backup.xlsx", "b.xlsx"]


class FailAt:
    """Raises at the call of that number, and at all later ones if it lasts."""

    def __init__(self, number, error, *, lasting):
        self.number, self.error, self.lasting = number, error, lasting
        self.count = 0

    def __call__(self, _owner, _member):
        self.count += 1
        if self.count == self.number or (self.lasting and self.count > self.number):
            raise self.error


@pytest.mark.parametrize(
    ("error", "stride"), [(fake_excel.refused(), 2), (RuntimeError("ours"), 5)], ids=["Excel's", "ours"]
)
def test_wherever_a_write_breaks_off_what_stood_there_is_put_back(tmp_path, error, stride):
    path = build(tmp_path / "b.xlsx")
    wanted = picture(into_the_file(path, plan(log=5), tmp_path)[0])
    excel, number, stops = fake_excel.Workbook(path), 1, []
    before = picture(excel)
    while True:
        fault = FailAt(number, error, lasting=False)
        with LiveWorkbook.open(excel, path) as book:
            apply(book, plan(log=5))
            excel._app._fault = fault
            try:
                book.save()
            except (BookError, type(error)) as stopped:
                excel._app._fault = None
                assert picture(excel) == before, f"call {number}"
                stops.append(str(stopped))
            else:  # a refusal that can be borne, or none was left
                excel._app._fault = None
                whole, excel = picture(excel), fake_excel.Workbook(path)
                if fault.count < number:
                    break
        number += stride
    assert whole == wanted
    assert number > 60
    assert sum("what stood there before the refresh was put back" in text for text in stops) > 40 / stride


def disarmed_before_putting_back(excel, monkeypatch):
    """End the staged failure when what was changed is about to be put back."""
    put_back = live_workbook._put_back

    def disarmed(steps):
        excel._app._fault = None
        return put_back(steps)

    monkeypatch.setattr(live_workbook, "_put_back", disarmed)


def _raise(error):
    raise error


def test_what_cannot_be_put_back_is_told_with_the_backup(tmp_path):
    path = build(tmp_path / "b.xlsx")
    original = path.read_bytes()
    excel = fake_excel.Workbook(path)
    with LiveWorkbook.open(excel, path) as book:
        apply(book, plan(log=5))
        excel._app._fault = FailAt(70, fake_excel.refused(), lasting=True)
        with pytest.raises(BookError) as error:
            book.save()
    backup = tmp_path / "b.backup.xlsx"
    assert str(backup) in error.value.message("zh")
    assert "请不要保存" in error.value.message("zh")
    assert backup.read_bytes() == original


def test_an_excel_that_was_closed_is_told_as_that(tmp_path):
    path = build(tmp_path / "b.xlsx")
    excel = fake_excel.Workbook(path)
    with LiveWorkbook.open(excel, path) as book:
        apply(book, plan(log=5))
        excel._app._fault = FailAt(40, fake_excel.com_error(-2147023174), lasting=True)
        with pytest.raises(BookError, match="Excel was closed"):
            book.save()


@pytest.mark.parametrize("code", [fake_excel.EDITING, fake_excel.REJECTED])
def test_an_excel_that_is_busy_for_a_moment_is_asked_again(tmp_path, code):
    path = build(tmp_path / "b.xlsx")
    excel = fake_excel.Workbook(path)
    rejected = set()

    def once(owner, member):
        if (owner, member) in {
            ("Range", "Formula="),
            ("Workbook", "SaveCopyAs"),
            ("Name", "RefersTo="),
        } - rejected:
            rejected.add((owner, member))
            raise fake_excel.com_error(code)

    excel._app._fault = once
    with LiveWorkbook.open(excel, path) as book:
        apply(book, plan(log=5))
        book.save()
    assert len(rejected) == 3
    assert picture(excel) == picture(into_the_file(path, plan(log=5), tmp_path)[0])


def test_an_excel_that_knows_no_lambda_keeps_its_functions(tmp_path):
    path = build(tmp_path / "b.xlsx")
    excel = fake_excel.Workbook(path)
    what = BookPlan("zh", plan().blocks, names={"YOY": "_xlfn.LAMBDA(_xlpm.x,_xlpm.x)", "ops.archive": '"a"'})

    def old(owner, member):
        if (owner, member) == ("Names", "Add"):
            calls.append(member)
            if len(calls) == 1:
                raise fake_excel.refused()

    calls = []
    excel._app._fault = old
    with LiveWorkbook.open(excel, path) as book:
        apply(book, what)
        book.save()
    assert excel.name("ops.archive") == '="a"'
    assert excel.shown()["业绩回顾", "C6"] == 11


def test_a_name_of_a_copied_sheet_is_not_taken_for_the_workbooks(tmp_path, monkeypatch):
    """Excel gives the name of the sheet in front first, and lists it as Sheet!name."""
    path = build(tmp_path / "b.xlsx")
    excel = fake_excel.Workbook(path)
    local = fake_excel.Name(excel._app, f"'{LOG} (2)'!ops.receipts.log", "='x'!$A$1:$C$5", None)
    item = fake_excel.Items.Item
    excel.__dict__["Names"]._entries.insert(0, local)
    monkeypatch.setattr(
        fake_excel.Names, "Item", lambda names, key: local if key == "ops.receipts.log" else item(names, key)
    )
    with LiveWorkbook.open(excel, path) as book:
        apply(book, plan(log=4))
        book.save()
    assert excel.name("ops.receipts.log") == f"='{LOG}'!$A$3:$C$7"
    assert local.RefersTo == "='x'!$A$1:$C$5"


def test_the_cause_is_told_in_excels_words_or_by_the_cell(tmp_path, monkeypatch):
    path = build(tmp_path / "b.xlsx")
    excel = fake_excel.Workbook(path)
    with LiveWorkbook.open(excel, path) as book:
        apply(book, plan(log=5))
        disarmed_before_putting_back(excel, monkeypatch)
        excel._app._fault = lambda *call: (
            _raise(fake_excel.refused()) if call[1] in ("Formula=", "Value2=") else None
        )
        with pytest.raises(BookError) as error:
            book.save()
        assert error.value.message("zh").endswith("（1004）")
        excel._app._fault = None
        entered = fake_excel.Content.enter
        monkeypatch.setattr(
            fake_excel.Content, "enter", lambda cell, given: entered(cell, 8.0 if given == 33.0 else given)
        )
        with pytest.raises(BookError) as error:
            book.save()
        assert error.value.message("zh").endswith("（业绩回顾!C8）")
        assert "-2147352567" not in error.value.message("en")


def test_both_hosts_offer_the_same(tmp_path):
    """`apply` and refresh ask nothing of a workbook that the other has not."""
    from opsbook.backends.protocol import Book

    wanted = {name for name in vars(Book) if not name.startswith("_")}
    path = build(tmp_path / "b.xlsx")
    with LiveWorkbook.open(fake_excel.Workbook(path), path) as live:
        file = Workbook.open(path, for_writing=False)
        for each in (live, file):
            assert [name for name in wanted if not hasattr(each, name)] == []
        assert live.path == file.path
        assert live.names() == file.names()
        assert live.sheet_names == file.sheet_names


def test_cells_of_people_are_never_handed_to_excel(tmp_path, monkeypatch):
    path = build(tmp_path / "b.xlsx")
    excel = fake_excel.Workbook(path)
    monkeypatch.setattr(Session, "protected", lambda _self, _sheet, row, column: (row, column) == (5, 2))
    with LiveWorkbook.open(excel, path) as book:
        book.write_cells("业绩回顾", {(5, 1): Cell("一月"), (5, 2): Cell(99), (5, 3): Cell(1)})
        book.save()
    assert [excel.shown()["业绩回顾", address] for address in ("B6", "C6", "D6")] == ["一月", 10.5, 1]


@pytest.mark.parametrize("known", [True, False], ids=["365", "before 365"])
def test_calls_that_an_earlier_version_wrote_lose_their_at_sign(tmp_path, known):
    path = build(tmp_path / "b.xlsx")
    rows = [["月份", "今年", "去年"], ["1月", 10.5, 9], ["2月", 20, 18], ["3月", 30, 27]]
    cells = [[Cell(value) for value in row] for row in rows]
    cells[3][2] = Cell(0.5, formula="YOY_GROWTH(C8,C7)")
    what = BookPlan("zh", (Block("review.monthly", tuple(map(tuple, cells))),))
    with Workbook.open(path, for_writing=True) as book:
        apply(book, what)
        book.save()
    as_0_1_0(path)
    excel = fake_excel.Workbook(path)
    excel._app._dynamic_arrays = known
    with LiveWorkbook.open(excel, path) as book:
        apply(book, what)
        excel._app._calls.clear()
        book.save()
    # An older Excel shows no @ and has no other way of taking a formula: nothing to write.
    assert (
        ("Range", "Formula2=") in excel._app._calls
        if known
        else excel._app._calls.count(("Range", "Formula=")) == 0
    )
