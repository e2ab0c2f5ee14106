"""The workbook that is meant where none is named."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from opsbook.cli import console, main
from opsbook.commands.find_workbook import workbooks

BOOK = Path(__file__).parents[2] / "xlsx_templates/opsbook.xlsx"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPSBOOK_LANG", "zh")
    for name in ("复盘.backup.xlsx", "~$别的.xlsx", ".复盘.xlsx"):
        shutil.copy(BOOK, tmp_path / name)
    (tmp_path / "other.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "orders.csv").write_text("a,b\n")
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(main, arguments)


def test_refresh_takes_the_only_workbook_and_opens_it(folder, monkeypatch):
    shutil.copy(BOOK, folder / "复盘.xlsx")
    opened = []
    monkeypatch.setattr("opsbook.cli.data_commands.open_file", opened.append)
    done = run("refresh", "--open")
    assert done.exit_code == 0, done.output
    assert done.stdout.strip() == str(folder / "复盘.xlsx")
    assert opened == [folder / "复盘.xlsx"]


@pytest.mark.parametrize(
    ("names", "words"), [((), ("没有", "opsbook new")), (("a.xlsx", "b.xlsm"), ("2 个", "a.xlsx", "b.xlsm"))]
)
def test_none_or_several_are_a_question(folder, names, words):
    for name in names:
        shutil.copy(BOOK, folder / name)
    done = run("refresh")
    assert done.exit_code == 2
    assert [word for word in words if word not in done.stderr] == []


def test_a_copy_to_hand_on_is_none(folder):
    shutil.copy(BOOK, folder / "复盘.xlsx")
    assert run("freeze", "复盘.xlsx", "copy.xlsx").exit_code == 0
    assert workbooks(folder) == [folder / "复盘.xlsx"]


def test_a_file_that_nothing_opens_is_named(folder, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(folder))
    console.open_file(folder / "复盘.xlsx")
    assert "没有程序能打开 复盘.xlsx" in capsys.readouterr().err
