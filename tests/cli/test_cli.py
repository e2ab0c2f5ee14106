"""The command line as a person or a script meets it: statuses, streams, sentences instead of tracebacks."""

import csv
import io
import json
import shutil
import zipfile

import pytest
from click.testing import CliRunner

from opsbook.cli.app import main
from opsbook.commands import refresh_report


@pytest.fixture
def run():
    def command(*arguments, env=None):
        return CliRunner().invoke(
            main, [str(argument) for argument in arguments], env={"OPSBOOK_LANG": "en"} | (env or {})
        )

    return command


@pytest.fixture
def book(tmp_path, run):
    path = tmp_path / "review.xlsx"
    assert run("new", path, "--lang", "en").exit_code == 0
    return path


OVERVIEW = "统计日期,店铺访问人数,询盘个数\n2026-08,4000,60\n2026-09,5000,75\n"


def put(book, name, text):
    folder = book.parent / "exports"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_refresh_then_values(book, run):
    put(book, "overview.csv", OVERVIEW)
    assert run("refresh", book).exit_code == 0
    answer = run("values", book)
    rows = {(row["metric"], row["period"]): row for row in csv.DictReader(io.StringIO(answer.stdout))}
    assert list(rows["visitors", "2026-09"]) == list(refresh_report.VALUE_COLUMNS)
    assert (rows["visitors", "2026-09"]["value"], rows["visitors.pop", "2026-09"]["value"]) == (
        "5000.0",
        "0.25",
    )
    assert (rows["visitors.yoy", "2026-09"]["value"], rows["visitors.yoy", "2026-09"]["basis"]) == (
        "",
        "no base",
    )


def test_json_is_one_document_and_people_are_told_on_stderr(book, run):
    put(book, "overview.csv", OVERVIEW)
    answer = run("refresh", book, "--json")
    document = json.loads(answer.stdout)
    assert (document["changed"], document["year"], document["as_of"]) == (True, 2026, "2026-09-30")
    assert document["receipts"][0]["added"] == 2
    people = run("refresh", book)
    assert people.stdout.strip() == str(book)
    assert "Nothing new" in people.stderr


def test_a_bad_cell_is_told_with_its_place_and_stops_with_status_1(book, run):
    put(book, "overview.csv", OVERVIEW.replace("5000", "five"))
    answer = run("refresh", book)
    assert answer.exit_code == 1
    assert "overview.csv · row 3 · 店铺访问人数: 'five' is not a number" in answer.stderr
    again = run("refresh", book)
    assert (again.exit_code, "five" in again.stderr) == (1, True)
    put(book, "overview.csv", OVERVIEW)
    assert run("refresh", book).exit_code == 0


def test_workbooks_of_ours_among_the_exports_are_no_exports(book, run):
    put(book, "overview.csv", OVERVIEW)
    run("refresh", book)
    folder = book.parent / "exports"
    shutil.copy(book, folder / "last.backup.xlsx")
    assert run("freeze", book, folder / "report.xlsx").exit_code == 0
    assert run("new", folder / "other.xlsm").exit_code == 0
    names = ["last.backup.xlsx", "other.xlsm", "report.xlsx"]
    refreshed, checked = run("refresh", book, "--json"), run("check", folder, "--json")
    for answer in (refreshed, checked):
        skipped = [each for each in json.loads(answer.stdout)["issues"] if each["code"] == "file.own_book"]
        assert (answer.exit_code, [each["file"] for each in skipped]) == (0, names)
    assert json.loads(refreshed.stdout)["receipts"] == []
    assert {table["file"] for table in json.loads(checked.stdout)["tables"]} == {"overview.csv"}


def test_a_file_that_was_cut_off_replaces_nothing(book, run):
    put(book, "overview.csv", OVERVIEW)
    run("refresh", book)
    put(book, "overview (1).csv", OVERVIEW.removesuffix(",75\n"))
    answer = run("refresh", book)
    assert answer.exit_code == 1
    assert "overview (1).csv · row 3: The file seems cut off: its last row has 2/3" in answer.stderr
    rows = json.loads(run("values", book, "--json").stdout)
    (inquiries,) = (
        row["value"] for row in rows if (row["metric"], row["period"]) == ("inquiries", "2026-09")
    )
    assert inquiries == 75


def test_an_empty_store_is_told_so_every_time(book, run):
    for _ in range(2):
        assert "There is no data yet" in run("refresh", book).stderr


def test_check_writes_nothing(book, run):
    put(book, "overview.csv", OVERVIEW)
    before = sorted((path, path.stat().st_mtime_ns) for path in book.parent.rglob("*"))
    answer = run("check", book.parent / "exports", "--json")
    assert answer.exit_code == 0
    table = json.loads(answer.stdout)["tables"][0]
    assert (table["kind"], table["rows"], table["period"]) == ("shop_overview", 2, "2026-08-01~2026-09-30")
    assert sorted((path, path.stat().st_mtime_ns) for path in book.parent.rglob("*")) == before


@pytest.mark.parametrize(
    ("language", "said", "unsaid"),
    [("en", "no owner: name one", "没有负责人"), ("zh", "没有负责人：填写负责人", "no owner")],
)
def test_check_speaks_the_users_language_whatever_the_workbooks(book, run, language, said, unsaid):
    put(book, "overview.csv", OVERVIEW)
    run("refresh", book)
    told = run("check", book, env={"OPSBOOK_LANG": language}).stdout
    assert said in told
    assert unsaid not in told


def test_next_years_workbook_tells_what_it_was_given_and_that_its_year_is_empty(book, run):
    put(book, "overview.csv", OVERVIEW)
    run("refresh", book)
    made = book.with_name("next.xlsx")
    answer = run("new", made, "--from", book, "--lang", "en", "--year", "2027")
    assert answer.stdout.strip() == str(made)
    told = f"Handed on from {book.name} to the new workbook (review of 2027, plan of 2028): the settings"
    assert f"{told}, 0 rows of the lists" in answer.stderr
    assert "the archive" in answer.stderr
    assert "no data of 2027 yet" in run("refresh", made).stderr


def test_the_period_of_a_file_is_asked_for_not_guessed(book, run):
    put(book, "products.csv", "产品ID,搜索曝光次数,搜索点击次数,访问人数\n1601234567890,100,3,4\n")
    answer = run("refresh", book)
    assert answer.exit_code == 1
    assert "period" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["new", "{book}"], "is not overwritten"),
        (["new", "{folder}/book.xls"], ".xlsx"),
        (["new", "{folder}/none/book.xlsx"], "There is no folder"),
        (["refresh", "{folder}/absent.xlsx"], "does not exist"),
        (["refresh", "{folder}/plain.xlsx"], "plain.xlsx"),
        (["values", "{folder}/plain.xlsx"], "plain.xlsx"),
        (["refresh", "{book}", "--exports", "{folder}/nowhere"], "no folder of exports"),
        (["refresh", "{book}", "--exports", "{folder}/plain.xlsx"], "is not a folder"),
        (["refresh", "{book}", "--archive", "{folder}/plain.xlsx"], "plain.xlsx"),
    ],
)
def test_a_wrong_call_is_a_sentence_and_status_2(book, run, arguments, sentence):
    (book.parent / "plain.xlsx").write_bytes(b"PK\x03\x04 not a workbook" + bytes(2000))
    answer = run(*(argument.format(book=book, folder=book.parent) for argument in arguments))
    assert answer.exit_code == 2
    assert sentence in answer.stderr
    assert "Traceback" not in answer.stderr


def test_messages_are_chinese_where_the_user_is(tmp_path, run):
    (tmp_path / "plain.xlsx").write_bytes(b"")
    answer = run("refresh", tmp_path / "plain.xlsx", env={"OPSBOOK_LANG": "zh"})
    assert any("\u4e00" <= letter <= "\u9fff" for letter in answer.stderr)


def test_a_fault_of_ours_is_a_sentence_and_a_log(book, run, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("opsbook.commands.refresh_report.values", lambda *_: 1 / 0)
    answer = run("values", book)
    assert (answer.exit_code, "ZeroDivisionError" in answer.stderr) == (5, False)
    assert "ZeroDivisionError" in next(tmp_path.glob("opsbook-error-*.log")).read_text(encoding="utf-8")


def test_sections_name_requirements(run):
    rows = json.loads(run("sections", "--json").stdout)
    found = {identifier for row in rows for identifier in row["requirements"]}
    wanted = {
        "R1.1",
        "R2.1.1a",
        "R2.1.1b",
        "R2.1.1c",
        "R2.1.2",
        "R2.1.3a",
        "R2.1.3b",
        "R2.1.3c",
        "R2.1.4a",
        "R2.1.4b",
        "R2.1.4c",
    }
    assert wanted <= found


def test_the_open_workbook_is_not_touched(book, run):
    put(book, "overview.csv", OVERVIEW)
    (book.parent / f"~${book.name}").write_bytes(b"\x05Alice" + bytes(160))
    before = book.read_bytes()
    answer = run("refresh", book)
    assert answer.exit_code == 3
    assert book.read_bytes() == before
    assert not book.with_suffix(".duckdb").exists()


def test_functions_are_listed_and_told(run):
    listed = json.loads(run("functions", "--json").stdout)
    one = next(each for each in listed if each["name"] == "YOY_GROWTH")
    assert [each["name"] for each in one["arguments"]] == ["current", "base"]
    assert "YOY_GROWTH(current, base)" in run("functions").stdout
    told = run("functions", "fx", env={"OPSBOOK_LANG": "zh"}).stdout
    assert "FX(amount, on_day, rate_days, rates, [divide], [max_age])" in told
    assert run("functions", "NO_SUCH").exit_code == 2


def test_the_extension_for_calc_is_written_once(run, tmp_path):
    out, basic = tmp_path / "x.oxt", tmp_path / "x.bas"
    assert run("calc", "build", out, "--basic", basic).exit_code == 0
    assert zipfile.ZipFile(out).testzip() is None
    assert "Function YOY_GROWTH(" in basic.read_text()
    assert run("calc", "build", out).exit_code == 2
    assert run("calc", "build", out, "--overwrite").exit_code == 0
