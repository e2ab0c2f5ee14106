"""Taking back what was taken in by mistake: the figures as before, nothing of any other file lost, or its name told."""

import json

import openpyxl
import pytest
from click.testing import CliRunner

from opsbook.archive.archive_file import Archive
from opsbook.cli.app import main
from opsbook.commands.forget import forget

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

HEADERS = "统计日期,店铺访问人数,询盘个数\n"
RIGHT = HEADERS + "2026-07,3000,30\n2026-08,4000,40\n"
WRONG = HEADERS + "2026-06,900,9\n2026-08,1500,15\n"  # a month of its own, and one that the right file has
ORDERS = (
    "订单号,订单状态,下单时间,实收金额\nA1,已完成,2026-08-03 10:00:00,100\nA2,已完成,2026-08-04 10:00:00,50\n"
)
WRONG_ORDERS = (
    "订单号,订单状态,下单时间,实收金额\nA2,已完成,2026-07-09 10:00:00,7\nB1,已完成,2026-08-05 10:00:00,9\n"
)


@pytest.fixture
def store(tmp_path, run):
    """Return a workbook whose right files were taken in."""
    book = tmp_path / "review.xlsx"
    run("new", book, "--lang", "en")
    put(book, "right.csv", RIGHT)
    put(book, "orders.csv", ORDERS)
    run("refresh", book)
    return book


def put(book, name, text):
    folder = book.parent / "exports"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def called(*arguments, language="en"):
    return CliRunner().invoke(main, [*map(str, arguments)], env={"OPSBOOK_LANG": language})


def visitors(values, book):
    return {
        period: value
        for (metric, period, _), (value, _) in values(book).items()
        if metric == "visitors" and value
    }


def mistaken(book, run):
    """Take two wrong files in and move them away."""
    paths = [put(book, "wrong.csv", WRONG), put(book, "wrong orders.csv", WRONG_ORDERS)]
    run("refresh", book)
    for path in paths:
        path.unlink()


def test_after_wrong_files_are_taken_back_every_value_is_as_before(store, run, values):
    before = values(store)
    mistaken(store, run)
    assert visitors(values, store)["2026-08"] == 1500
    answer = called("forget", store, "wrong.csv", "wrong orders.csv")
    assert answer.exit_code == 0
    assert "wrong.csv, wrong orders.csv" in answer.stderr
    assert "4 rows" in answer.stderr
    assert values(store) == before
    log = openpyxl.load_workbook(store)["Receipts"]
    assert not any("wrong" in str(cell.value) for row in log.iter_rows() for cell in row)
    with Archive.open(store.with_name("review.backup.duckdb"), for_writing=False) as kept:
        assert kept.rows("shop_overview") == 3


def test_what_is_still_there_is_not_taken_back(store, run):
    put(store, "copy of wrong.csv", WRONG)
    put(store, "wrong.csv", WRONG)
    run("refresh", store)
    (store.parent / "exports" / "wrong.csv").unlink()
    archive = store.with_suffix(".duckdb")
    before = archive.read_bytes(), store.read_bytes()
    answer = called("forget", store, "wrong.csv")
    assert answer.exit_code == 2
    assert "copy of wrong.csv: still among the exports" in answer.stderr
    assert (archive.read_bytes(), store.read_bytes()) == before
    assert not store.with_name("review.backup.duckdb").exists()


def test_rows_of_files_that_are_gone_are_told_and_had_again_when_these_come_back(store, run, values):
    before = values(store)
    mistaken(store, run)
    right = store.parent / "exports" / "right.csv"
    right.unlink()
    answer = called("forget", store, "wrong.csv", "wrong orders.csv")
    assert "not among the exports any more: right.csv." in answer.stderr  # orders.csv is there
    assert visitors(values, store).keys() >= {"2026-07"}
    assert "2026-08" not in visitors(values, store)
    put(store, "right.csv", RIGHT)
    run("refresh", store)
    assert values(store) == before


def test_a_row_that_another_file_brought_too_stays(tmp_path, run, values):
    book = tmp_path / "review.xlsx"
    run("new", book, "--lang", "en")
    wrong = put(book, "wrong.csv", RIGHT + "2026-05,1,1\n")
    run("refresh", book)
    wrong.unlink()
    put(book, "right.csv", RIGHT)  # brings nothing new
    run("refresh", book)
    answer = called("forget", book, "wrong.csv")
    assert "not among" not in answer.stderr
    assert visitors(values, book) == {"2026-07": 3000, "2026-08": 4000, "2026-Q3": 7000, "2026": 7000}


def test_lines_that_a_newer_state_of_an_order_dropped_are_had_again(tmp_path, run, values):
    headers = "订单号,订单状态,下单时间,更新时间,产品ID,产品总价\n"
    line = "A1,已完成,2026-08-03 10:00:00,{} 10:00:00,{},{}\n"
    book = tmp_path / "review.xlsx"
    run("new", book, "--lang", "en")
    put(
        book,
        "right.csv",
        headers + line.format("2026-08-05", "1601", 100) + line.format("2026-08-05", "1602", 50),
    )
    run("refresh", book)
    before = values(book)
    wrong = put(book, "wrong.csv", headers + line.format("2026-08-09", "1603", 9))
    run("refresh", book)
    wrong.unlink()
    assert values(book) != before
    called("forget", book, "wrong.csv")
    assert values(book) == before


def test_only_files_that_may_lack_rows_now_are_named(store, run):
    put(store, "spring.csv", HEADERS + "2026-03,1,1\n")
    run("refresh", store)
    mistaken(store, run)
    for path in (store.parent / "exports").iterdir():
        path.unlink()
    told = called("forget", store, "wrong.csv").stderr
    assert "not among the exports any more: right.csv. " in told  # no orders, no other months


def test_a_pasted_table_is_taken_back_by_number_or_sheet_once_it_is_cleared(store, run, values):
    before = values(store)
    book = openpyxl.load_workbook(store)
    for row, line in enumerate(WRONG.splitlines(), start=4):
        for column, cell in enumerate(line.split(","), start=1):
            book["Paste1"].cell(row, column, cell)
    book.save(store)
    _, out = run("refresh", store, "--json")
    (receipt,) = json.loads(out)["receipts"]
    refused = called("forget", store, receipt["id"])
    assert refused.exit_code == 2
    assert "Paste1: still" in refused.stderr
    book = openpyxl.load_workbook(store)
    book["Paste1"].delete_rows(4, 10)
    book.save(store)
    answer = called("forget", store, "Paste1", "--json")
    assert json.loads(answer.stdout)["forgotten"]["rows"] == 2
    assert values(store) == before


def test_of_two_contents_under_one_name_a_number_says_which(store, run, values):
    before = values(store)
    put(store, "right.csv", WRONG)
    _, out = run("refresh", store, "--json")
    (receipt,) = json.loads(out)["receipts"]
    put(store, "right.csv", RIGHT)
    refused = called("forget", store, "right.csv")
    assert refused.exit_code == 2
    assert f"numbers (and times): {receipt['id']} (" in refused.stderr
    assert called("forget", store, receipt["id"]).exit_code == 0
    assert values(store) == before
    again = called("forget", store, receipt["id"])  # its number is not given to what was read anew
    assert f"no receipt of {receipt['id']}" in again.stderr


@pytest.mark.parametrize(
    ("language", "told"), [("en", "no receipt of other.csv"), ("zh", "没有 other.csv 的读入记录")]
)
def test_what_was_never_taken_in_is_no_mistake(store, language, told):
    answer = called("forget", store, "other.csv", language=language)
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert told in answer.stderr


def test_taken_back_wholly_or_not_at_all(store, run, monkeypatch):
    mistaken(store, run)

    def rows():
        with Archive.open(store.with_suffix(".duckdb"), for_writing=False) as archive:
            return archive.rows("shop_overview"), archive.rows("orders"), len(archive.receipts())

    before = rows()
    with monkeypatch.context() as patch:
        patch.setattr(Archive, "_count_change", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            forget(store, ["wrong.csv"])
    assert rows() == before
