"""Help in both languages, and how a command ends: for people, for schedulers, for programs."""

import json
import re

import click
import pytest
from click.testing import CliRunner

from opsbook.cli import main
from opsbook.cli.command_group import texts

WIDTH = 80


def commands(group=main, path=()):
    """Return every command by its words."""
    found = {}
    for name, command in group.commands.items():
        if not command.hidden:
            found[*path, name] = command
            if isinstance(command, click.Group):
                found |= commands(command, (*path, name))
    return found


DECLARED = {path: each for path, each in commands().items() if " ".join(path) in texts()["commands"]}


def run(*arguments, language="zh", **environment):
    return CliRunner().invoke(
        main, [str(each) for each in arguments], env={"OPSBOOK_LANG": language, **environment}
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_is_grouped_and_no_summary_is_cut(language):
    said = run("--help", language=language).stdout
    groups = [texts()["groups"][name][language] for name in ("daily", "install", "advanced")]
    places = [said.index(f"\n{group}:") for group in groups]
    assert places == sorted(places)
    for name in (path[0] for path in commands() if len(path) == 1):
        line = next(line for line in said.splitlines() if re.match(rf"  {name}\b", line))
        assert not line.endswith("...")
        assert len(line.encode("gbk")) <= WIDTH
    for status in range(6):
        assert re.search(rf"{status} \S", said)


@pytest.mark.parametrize("path", DECLARED, ids=" ".join)
def test_every_command_has_help_options_and_two_examples_in_chinese(path):
    said = run(*path, "--help").stdout
    command = DECLARED[path]
    assert said.startswith("用法：")
    for option in command.params:
        if isinstance(option, click.Option) and not option.hidden:
            assert option.opts[0] in said
            key = option.name
            entry = texts()["commands"][" ".join(path)]
            assert key in entry.get("options", {}) or key in texts()["options"], key
    if not isinstance(command, click.Group) or (len(path) == 1 and path != ("calc",)):
        assert said.count("\n  opsbook ") == 2
        assert run(*path, "--help", language="en").stdout.count("\n  opsbook ") == 2


def test_examples_name_commands_and_options_that_exist():
    known = commands()
    for entry in texts()["commands"].values():
        for example in (*entry.get("examples", {}).get("zh", ()), *entry.get("examples", {}).get("en", ())):
            words = example.split()[1:]
            path = tuple(words[:2]) if tuple(words[:2]) in known else (words[0],)
            if path == ("deck",):
                continue
            options = {option for each in known[path].params for option in each.opts}
            assert {word for word in words if word.startswith("--")} <= options, example


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "review.xlsx"
    assert run("new", path).exit_code == 0
    return path


def lock(book, _):
    (book.parent / f"~${book.name}").write_bytes(b"\x05Alice" + bytes(160))


def fault(_, monkeypatch):
    monkeypatch.setattr("opsbook.commands.refresh.refresh", lambda *_, **__: 1 / 0)


def full(_, monkeypatch):
    def fail(*_, **__):
        raise OSError(28, "No space left on device", "review.xlsx")

    monkeypatch.setattr("opsbook.commands.refresh.refresh", fail)


def other(book, _):
    book.write_bytes(b"PK\x03\x04")


ENDS = {
    "not a workbook": (other, 2, "wrong_call"),
    "open elsewhere": (lock, 3, "busy"),
    "the disk is full": (full, 4, "computer"),
    "a fault": (fault, 5, "internal"),
}


@pytest.mark.parametrize("case", ENDS)
def test_a_scheduler_can_tell_how_a_command_ended(book, monkeypatch, tmp_path, case):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    prepare, status, code = ENDS[case]
    prepare(book, monkeypatch)
    for language in ("zh", "en"):
        answer = run("refresh", book, "--json", language=language)
        error = json.loads(answer.stdout)["error"]
        assert (answer.exit_code, error["code"]) == (status, code)
        assert error["message"]
        assert set(error) == {"code", "message", "todo"}
        people = run("refresh", book, "--quiet", language=language)
        assert (people.exit_code, people.stdout) == (status, "")
        assert people.stderr.strip()  # why it failed is said even then


def test_a_wrong_call_is_json_where_json_was_asked_for():
    for language in ("zh", "en"):
        answer = run("refresh", "no.xlsx", "--json", language=language)
        error = json.loads(answer.stdout)["error"]
        assert (answer.exit_code, error["code"], error["todo"]) == (2, "wrong_call", "main refresh --help")
        assert "no.xlsx" in error["message"]


def test_quiet_and_verbose_stand_anywhere(book):
    exports = book.parent / "exports"
    exports.mkdir()
    (exports / "a.csv").write_text("统计日期,店铺访问人数\n2026-08,4000\n", encoding="utf-8")
    answer = run("--verbose", "refresh", book)
    assert re.search(r"a\.csv：.*2026-08-01~2026-08-31.*新增 1 行", answer.stderr)
    assert run("refresh", book, "--quiet").stderr == ""
    assert run("refresh", book).stderr


@pytest.mark.parametrize("path", DECLARED, ids=" ".join)
def test_every_command_that_answers_takes_json(path):
    command = DECLARED[path]
    if not isinstance(command, click.Group):
        assert "--json" in {option for each in command.params for option in each.opts}


def test_functions_are_searched_by_their_texts():
    said = run("functions", "同比").stdout
    assert "YOY_GROWTH(current, base)" in said
    assert "ATTAIN" not in said
    found = json.loads(run("functions", "budget", "variance", "--json", language="en").stdout)
    assert {each["name"] for each in found} >= {"BUDGET_VAR", "BUDGET_VAR_PCT"}
    nothing = run("functions", "天气")
    assert (nothing.exit_code, "天气" in nothing.stderr) == (2, True)


def test_on_windows_stars_stand_for_files_and_percent_signs_for_themselves(tmp_path, monkeypatch):
    from opsbook.cli.command_group import matching

    monkeypatch.chdir(tmp_path)
    for name in ("b.csv", "a.csv", "%PATH%.xlsx"):
        (tmp_path / name).write_text("x")
    assert matching("*.csv") == ["a.csv", "b.csv"]
    assert matching("%PATH%.xlsx") == ["%PATH%.xlsx"]
    assert matching("*.ods") == ["*.ods"]
