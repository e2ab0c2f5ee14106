"""The files of the bundle that are started by double click: their text, and what they do."""

import re
from pathlib import Path

import click
import pytest

from opsbook.cli import main
from opsbook.commands import double_click as start
from opsbook.deploy import bundle
from opsbook.domain.language import LANGUAGES


def test_every_start_file_is_as_cmd_wants_it():
    found = bundle.texts()
    assert set(bundle.STARTS) | set(bundle.FILES) == set(found)
    assert set(bundle.STARTS.values()) == set(start.ACTIONS)
    for name, what in bundle.STARTS.items():
        content = found[name]
        assert content.startswith(b"@echo off\r\n")  # no byte order mark: cmd would take it for a command
        assert content.count(b"\n") == content.count(b"\r\n")
        lines = content.decode().splitlines()
        switched = lines.index("chcp 65001 >nul")
        assert all(line.isascii() for line in lines[:switched])
        assert f'"%OPSBOOK_PYTHON%" -X utf8 -m opsbook.commands.double_click {what} %*' in lines
        assert not re.search(r"(?i)enabledelayedexpansion", content.decode())  # it would eat the ! of a path


@pytest.mark.parametrize("name", ["guide.zh.txt", "guide.en.txt"])
def test_the_guides_name_files_commands_and_options_that_exist(name):
    text = bundle.text("files", name)
    files = {*bundle.STARTS, *bundle.FILES}
    named = set(re.findall(r"[\w（）]+\.cmd", text))
    assert named == {each for each in files if each.endswith(".cmd")}
    calls = [line.strip().split() for line in text.splitlines() if line.startswith("  opsbook ")]
    assert len(calls) >= 4
    top = {option for each in main.params for option in each.opts} | {"--help"}
    for _, command, *rest in calls:
        if command.startswith("-"):
            assert command in top
            continue
        parameters = main.commands[command].params
        known = {option for each in parameters if isinstance(each, click.Option) for option in each.opts}
        assert {word for word in rest if word.startswith("--")} <= known


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Return the user's home, with a folder for documents; what would be opened is collected."""
    (tmp_path / "Documents").mkdir()
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setenv("OPSBOOK_LANG", "zh")
    opened = []
    monkeypatch.setattr(start, "open_file", opened.append)
    return tmp_path, opened


def answers(monkeypatch, *given):
    left = list(given)
    monkeypatch.setattr("builtins.input", lambda _: left.pop(0))


def test_new_makes_a_workbook_and_never_overwrites_one(place, monkeypatch, capsys):
    home, opened = place
    for name in ("年度复盘.xlsx", "年度复盘 2.xlsx"):
        answers(monkeypatch, ' 甲/乙 "厂" ')
        assert start.main("new") == 0
        assert opened[-1] == home / "Documents/OpsBook/甲 乙  厂" / name
        assert opened[-1].is_file()
    assert (opened[-1].parent / "exports").is_dir()
    said = capsys.readouterr().err
    assert "下一步" in said
    assert said.rstrip().endswith("完成。")


def test_refresh_takes_the_only_workbook_asks_among_several_and_takes_what_is_dragged(
    place, monkeypatch, capsys
):
    home, opened = place
    assert start.main("refresh") == 2
    assert "新建工作簿" in capsys.readouterr().err
    calls = []
    monkeypatch.setattr(start, "opsbook", lambda *given: (calls.append(given), (0, ""))[1])
    books = [home / "Documents/OpsBook" / name / "a & b 100% (1)!.xlsx" for name in ("甲", "乙")]
    for number, book in enumerate(books):
        book.parent.mkdir(parents=True)
        book.write_bytes(BOOK.read_bytes())
        answers(monkeypatch, "2")
        assert start.main("refresh") == 0
        assert calls[-1] == ("refresh", str(books[0] if not number else sorted(books)[1]))
    answers(monkeypatch, "7")
    assert start.main("refresh") == 2
    assert start.main("refresh", str(books[1]), str(books[0])) == 0
    assert [call[1] for call in calls[-2:]] == [str(books[1]), str(books[0])]
    assert opened[-2:] == [books[1], books[0]]


BOOK = Path(__file__).parents[2] / "xlsx_templates/opsbook.xlsx"


def test_the_deck_that_was_made_is_opened_and_none_is_overwritten(place, monkeypatch, tmp_path):
    _, opened = place
    calls = []
    monkeypatch.setattr(
        start, "opsbook", lambda *given: (calls.append(given), (1, "note\n/x/年度 复盘.pptx\n"))[1]
    )
    assert start.main("deck", str(tmp_path / "b.xlsx")) == 1
    assert opened == [Path("/x/年度 复盘.pptx")]
    (tmp_path / "b-汇报.pptx").write_bytes(b"mine")
    start.main("deck", str(tmp_path / "b.xlsx"))
    assert [call[2] for call in calls] == [str(tmp_path / "b-汇报.pptx"), str(tmp_path / "b-汇报 2.pptx")]


CALLS = {
    "quoted": (r'cmd.exe /c ""D:\工具 1\刷新.cmd" "D:\a b.xlsx""', [r"D:\a b.xlsx"]),
    "an ampersand without quotes": (r'C:\Windows\cmd.exe /c ""D:\刷新.cmd" D:\a&b.xlsx"', [r"D:\a&b.xlsx"]),
    "several": (
        r'cmd.exe /c ""D:\刷新.cmd" "D:\a b.xlsx" D:\100%.xlsx D:\c^(1)!.xlsx"',
        [r"D:\a b.xlsx", r"D:\100%.xlsx", r"D:\c^(1)!.xlsx"],
    ),
    "a share": (r'cmd.exe /c ""D:\刷新.cmd" \\server\运营\a.xlsx"', [r"\\server\运营\a.xlsx"]),
    "quotes lost": (r"cmd.exe /c D:\刷新.cmd D:\a&b.xlsx", [r"D:\a&b.xlsx"]),
}


@pytest.mark.parametrize(("call", "paths"), CALLS.values(), ids=CALLS)
def test_dragged_names_are_taken_from_the_command_line_of_cmd(monkeypatch, call, paths):
    monkeypatch.setattr(start, "Path", lambda text: Windows(text, paths))
    assert [str(path) for path in start.dropped(["broken"], call)] == paths


def test_in_a_window_of_cmd_the_arguments_count(tmp_path):
    call = f"cmd.exe /k cd {tmp_path}"
    assert start.dropped(["a.xlsx"], call) == [Path("a.xlsx")]


class Windows:
    """A path of Windows; those that were dragged exist."""

    def __init__(self, text, there):
        from pathlib import PureWindowsPath

        self.path, self.there = PureWindowsPath(text), there
        self.suffix = self.path.suffix

    def exists(self):
        return str(self.path) in self.there

    def __str__(self):
        return str(self.path)


def test_every_action_speaks_both_languages():
    for text in (*start._END.values(), start._FAILED):
        assert all(text[language] for language in LANGUAGES)
