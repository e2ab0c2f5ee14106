"""A workbook and its archive belong together; pasted periods come from the period cell alone."""

import json
import shutil

import openpyxl
import pytest


def csv(folder, name, text):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


OVERVIEW = "统计日期,店铺访问人数\n2026-08,4000\n2026-09,5000\n"


@pytest.fixture
def book(tmp_path, run):
    path = tmp_path / "review.xlsx"
    run("new", path)
    csv(tmp_path / "exports", "overview.csv", OVERVIEW)
    assert run("refresh", path)[0] == 0
    return path


def test_a_missing_archive_is_refused_not_replaced_by_an_empty_one(book, run):
    before = book.read_bytes()
    book.with_suffix(".duckdb").rename(book.with_name("elsewhere.duckdb"))
    assert run("refresh", book)[0] == 2
    assert run("values", book)[0] == 2
    assert (book.read_bytes(), book.with_suffix(".duckdb").exists()) == (before, False)
    assert run("refresh", book, "--archive", book.with_name("elsewhere.duckdb"))[0] == 0


def test_another_stores_archive_is_refused(book, tmp_path, run):
    other = tmp_path / "other.xlsx"
    run("new", other)
    run("refresh", other)
    before = other.with_suffix(".duckdb").read_bytes()
    assert run("refresh", book, "--archive", other.with_suffix(".duckdb"))[0] == 2
    assert other.with_suffix(".duckdb").read_bytes() == before


def test_both_moved_together_go_on(book, tmp_path, run, values):
    there = tmp_path / "我的 复盘"
    there.mkdir()
    for path in (book, book.with_suffix(".duckdb")):
        shutil.move(path, there)
    assert run("refresh", there / book.name)[0] == 0
    assert values(there / book.name)["visitors", "2026-09", ""][0] == 5000


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
@pytest.mark.parametrize(
    ("given", "status", "grain"),
    [
        (None, 1, None),
        ("8月", 1, None),
        ("2026-08", 0, "2026-08-01~2026-08-31"),
        ("2026年8月", 0, "2026-08-01~2026-08-31"),
        ("2026-Q2", 0, "2026-04-01~2026-06-30"),
        ("2026-09-13~2026-09-19", 0, "2026-09-13~2026-09-19"),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_pasted_table_takes_its_period_from_the_period_cell(  # noqa: PLR0917 - one fixture a case
    tmp_path, run, given, status, grain, language
):
    path = tmp_path / "paste.xlsx"
    run("new", path, "--lang", language)
    book = openpyxl.load_workbook(path)
    sheet = book["粘贴1" if language == "zh" else "Paste1"]
    sheet["B2"] = given
    for column, cell in enumerate(["产品ID", "产品名称", "搜索曝光次数", "搜索点击次数", "访问人数"], 1):
        sheet.cell(4, column, cell)
    for column, cell in enumerate(["1601234567890", "Tent", "100", "4", "3"], 1):
        sheet.cell(5, column, cell)
    book.save(path)
    found, out = run("refresh", path, "--json")
    assert found == status
    assert [receipt["period"] for receipt in json.loads(out)["receipts"]] == ([grain] if grain else [])
