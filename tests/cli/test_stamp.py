"""A refresh of unchanged files reads nothing, and no edit is missed."""

import json
import os
import time

import pytest
from click.testing import CliRunner

from opsbook.cli.app import main
from opsbook.commands import stamp

ROWS = "统计日期,店铺访问人数,询盘个数\n2026-08,4000,60\n2026-09,5000,75\n"
OTHER = ROWS.replace("5000", "6000")  # of the same length


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "cache"))


@pytest.fixture
def run():
    def command(*arguments):
        return CliRunner().invoke(main, list(map(str, arguments)), env={"OPSBOOK_LANG": "en"})

    return command


@pytest.fixture
def book(tmp_path, run):
    path = tmp_path / "shop" / "review.xlsx"
    (path.parent / "exports").mkdir(parents=True)
    (path.parent / "exports/overview.csv").write_text(ROWS, encoding="utf-8")
    assert run("new", path, "--lang", "en").exit_code == 0
    settle(path)
    return path


def settle(book):
    """Let every file be older than the grain of any file system."""
    past = time.time() - 60
    for path in (book, *book.parent.rglob("*")):
        os.utime(path, (past, past))


def full_refreshes(monkeypatch):
    """Return a list that gets an entry for each refresh that reads its files."""
    from opsbook.commands import refresh as command

    calls, whole = [], command.refresh
    monkeypatch.setattr(
        command, "refresh", lambda *args, **named: (calls.append(args), whole(*args, **named))[1]
    )
    return calls


def test_the_second_refresh_reads_nothing_and_reports_the_same(book, run, monkeypatch):
    run("refresh", book)
    settle(book)
    slow = run("refresh", book, "--json")
    calls = full_refreshes(monkeypatch)
    fast = run("refresh", book, "--json")
    assert calls == []
    assert json.loads(fast.output) == json.loads(slow.output)
    assert (fast.exit_code, json.loads(fast.output)["changed"]) == (slow.exit_code, False)
    assert "Nothing new" in run("refresh", book).stderr


def rewritten(book):
    (book.parent / "exports/overview.csv").write_text(OTHER, encoding="utf-8")


def rewritten_with_its_old_time(book):
    path = book.parent / "exports/overview.csv"
    before = path.stat()
    path.write_text(OTHER, encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replaced_by_an_older_file(book):
    made = book.parent / "made.csv"
    made.write_text(OTHER, encoding="utf-8")
    os.utime(made, (1_600_000_000, 1_600_000_000))
    made.replace(book.parent / "exports/overview.csv")


def added_in_a_subfolder(book):
    (book.parent / "exports/more").mkdir()
    (book.parent / "exports/more/july.csv").write_text(ROWS.replace("2026-08", "2026-07"), encoding="utf-8")


def renamed(book):
    (book.parent / "exports/overview.csv").rename(book.parent / "exports/other.csv")


def removed(book):
    (book.parent / "exports/overview.csv").unlink()


@pytest.mark.parametrize(
    "edit",
    [
        rewritten,
        rewritten_with_its_old_time,
        replaced_by_an_older_file,
        added_in_a_subfolder,
        renamed,
        removed,
        lambda book: (book.parent / "exports/opsbook.toml").write_text("", encoding="utf-8"),
        lambda book: book.write_bytes(book.read_bytes()),
        lambda book: book.with_suffix(".duckdb").rename(book.parent / "away.duckdb"),
        lambda book: (book.parent / "~$review.xlsx").write_text("", encoding="utf-8"),
        lambda book: book.chmod(0o444),
    ],
    ids=[
        "rewritten",
        "old time",
        "older file",
        "subfolder",
        "renamed",
        "removed",
        "settings of the folder",
        "workbook saved",
        "archive away",
        "open in Excel",
        "read-only",
    ],
)
def test_no_edit_is_missed(book, run, monkeypatch, edit):
    run("refresh", book)
    settle(book)
    run("refresh", book)
    calls = full_refreshes(monkeypatch)
    edit(book)
    run("refresh", book)
    assert len(calls) == 1


def test_a_file_of_this_very_moment_counts_as_changed(book):
    assert stamp.look(book, None, book) is not None
    now = time.time_ns() + 3_600_000_000_000
    os.utime(book, ns=(now, now))  # a clock that was set back
    assert stamp.look(book, None, book) is None


def test_verify_reads_all(book, run, monkeypatch):
    run("refresh", book)
    settle(book)
    run("refresh", book)
    calls = full_refreshes(monkeypatch)
    run("refresh", book, "--verify")
    assert len(calls) == 1


@pytest.mark.parametrize("content", [b"", b"{", b'{"looks": 1}', b"[]", b"\xff\xfe"])
def test_a_damaged_stamp_is_no_stamp(book, run, monkeypatch, content):
    run("refresh", book)
    settle(book)
    run("refresh", book)
    stamp._place(book).write_bytes(content)
    calls = full_refreshes(monkeypatch)
    assert run("refresh", book).exit_code == 0
    assert len(calls) == 1


def test_a_stamp_is_for_its_owner_only(book, run):
    run("refresh", book)
    settle(book)
    run("refresh", book)
    if os.name == "posix":
        assert stamp._place(book).stat().st_mode & 0o77 == 0
