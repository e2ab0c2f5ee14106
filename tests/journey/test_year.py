"""The year under review stays what it was when the workbook was first filled, until a person sets another one."""

import json

import openpyxl
import pytest

from opsbook.backends.ooxml.file_workbook import Workbook
from opsbook.book.model import REVIEW_YEAR

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
YEAR = "统计日期,店铺访问人数\n" + "".join(f"2025-{at:02d},{1000 + at}\n" for at in range(1, 13))


@pytest.fixture
def book(tmp_path, run):
    path = tmp_path / "review.xlsx"
    run("new", path)
    give(path, "2025.csv", YEAR)
    assert refreshed(run, path)["year"] == 2025
    return path


def give(book, name, text):
    (book.parent / "exports").mkdir(exist_ok=True)
    (book.parent / "exports" / name).write_text(text, encoding="utf-8")


def refreshed(run, book):
    return json.loads(run("refresh", book, "--json")[1])


def write(book, name, value):
    """Type a value into a named cell."""
    workbook = openpyxl.load_workbook(book)
    sheet, cell = next(iter(workbook.defined_names[name].destinations))
    workbook[sheet][cell] = value
    workbook.save(book)


def test_one_row_of_january_leaves_the_review_of_the_year_before(book, run, values):
    before = values(book)["visitors", "2025", ""]
    give(book, "2026.csv", "统计日期,店铺访问人数\n2026-01,900\n")
    found = refreshed(run, book)
    assert (found["year"], found["as_of"]) == (2025, "2025-12-31")
    told = [each for each in found["issues"] if each["code"] == "review.newer_data"]
    assert [(each["value"], each["detail"]) for each in told] == [("2026-01-31", "2025")]
    after = values(book)
    assert after["visitors", "2025", ""] == before
    # The plan is of 2026, and the new month tracks it: 900 of its target.
    assert after["target_attainment", "2026", "metric=visitors"][0] == pytest.approx(
        900 / after["target", "2026", "metric=visitors"][0]
    )
    assert json.loads(run("refresh", book, "--json")[1])["changed"] is False


def test_a_person_sets_another_year_and_that_one_stays(book, run):
    give(book, "2026.csv", "统计日期,店铺访问人数\n2026-01,900\n")
    write(book, "ops.settings.year", 2026)
    assert refreshed(run, book)["year"] == 2026
    write(book, "ops.settings.year", None)
    assert refreshed(run, book)["year"] == 2026


def test_a_workbook_that_does_not_remember_its_year_keeps_the_one_it_shows(book, run):
    with Workbook.open(book, for_writing=True) as workbook:
        workbook.define(REVIEW_YEAR, '""')  # as version 0.1.0 left it: without the name
        workbook.save()
    give(book, "2026.csv", "统计日期,店铺访问人数\n2026-01,900\n")
    assert refreshed(run, book)["year"] == 2025


def test_an_older_archive_beside_a_newer_workbook_is_reported(book, run):
    archive = book.with_suffix(".duckdb")
    old = archive.read_bytes()
    give(book, "2026.csv", "统计日期,店铺访问人数\n2026-01,900\n")
    assert all(each["code"] != "archive.older" for each in refreshed(run, book)["issues"])
    archive.write_bytes(old)
    told = [each for each in refreshed(run, book)["issues"] if each["code"] == "archive.older"]
    assert [(each["severity"], each["file"], each["value"], each["detail"]) for each in told] == [
        ("warning", "review.duckdb", "1", "2")
    ]
    give(book, "more.csv", "统计日期,店铺访问人数\n2026-02,800\n")
    assert "archive.older" not in str(refreshed(run, book)["issues"])
