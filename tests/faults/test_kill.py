"""A refresh that is killed at any moment: nothing is lost, doubled or half done, and the next one heals it."""

import contextlib
import itertools
import json
import os
import random
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from faults import small_store as store

from opsbook.refresh import refresh

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills forks, which Windows has not")
SWEEP = bool(os.environ.get("OPSBOOK_SWEEP"))  # as .ci/run does
KILLS = 200 if SWEEP else 4
KILLED = -9


class Victims:
    """The process that forks refreshes."""

    def __init__(self):
        self.popen = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("victim.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.popen.stdout.readline() == "ready\n"

    def run(self, book, *, after=None, at=None):
        """Refresh a book and kill it ``after`` seconds or before its ``at``-th change; return how it ended."""
        order = {"book": str(book), "now": store.NOW.isoformat(), "at": at}
        self.popen.stdin.write(json.dumps(order) + "\n")
        self.popen.stdin.flush()
        process = int(self.popen.stdout.readline())
        if after is not None:
            time.sleep(after)
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, 9)
        return int(self.popen.stdout.readline())

    def close(self):
        self.popen.stdin.close()
        self.popen.stdout.close()
        self.popen.wait()


@pytest.fixture(scope="module")
def victims():
    found = Victims()
    yield found
    found.close()


@pytest.fixture(scope="module")
def after(before, tmp_path_factory):
    """Return the same store refreshed, undisturbed."""
    book = store.copy(before, tmp_path_factory.mktemp("after") / "store")
    assert refresh(book, now=store.NOW).changed
    assert store.rows(book) == (store.ROWS_AFTER, store.MONEY_AFTER)
    figures = store.figures(book)
    assert {month: figures["visitors", month, ""] for month in store.VISITORS_AFTER} == store.VISITORS_AFTER
    return book.parent


@pytest.fixture(scope="module")
def states(before, after):
    """Return the only states that may be met: (rows, money) of the archive, bytes of the workbook."""
    archives = [(store.ROWS_BEFORE, store.MONEY_BEFORE), (store.ROWS_AFTER, store.MONEY_AFTER)]
    books = [(folder / store.BOOK).read_bytes() for folder in (before, after)]
    return archives, books, (before / store.BACKUP).read_bytes()


def check_killed(book, states):
    """The store is in a state that may be met, and the next refresh makes of it what an undisturbed one makes."""
    archives, books, backup = states
    folder = book.parent
    content = book.read_bytes()
    assert content in books
    with zipfile.ZipFile(book) as package:
        assert package.testzip() is None
    assert (folder / store.BACKUP).read_bytes() in (backup, books[0])
    found = store.rows(book)
    assert found in archives
    if content == books[1]:  # a workbook never shows what the archive does not hold
        assert found == archives[1]
    check_healed(book, states)


def check_healed(book, states):
    archives, books, _ = states
    refresh(book, now=store.NOW)
    assert book.read_bytes() == books[1]
    assert store.rows(book) == archives[1]
    assert not refresh(book, now=store.NOW).changed
    there = sorted(each.name for each in book.parent.iterdir())
    assert there == sorted([store.BOOK, store.ARCHIVE, store.BACKUP, "exports"])
    assert (book.parent / store.BACKUP).read_bytes() in books


def test_killed_at_any_moment(victims, before, states, tmp_path):
    book = store.copy(before, tmp_path / "whole")
    begin = time.monotonic()
    assert victims.run(book) == 0
    whole = time.monotonic() - begin
    # One kill in each slice of the time that a refresh takes: all of it is covered, no moment twice.
    chance = random.Random(20261003)
    ended = []
    for number in range(KILLS):
        book = store.copy(before, tmp_path / f"killed{number}")
        ended.append(victims.run(book, after=(number + chance.random()) / KILLS * whole))
        check_killed(book, states)
    assert set(ended) <= {0, KILLED}
    # A machine that has less to do meanwhile may be done before the last ones.
    assert ended.count(KILLED) > KILLS // 4


def test_cut_before_each_change_to_the_folder(victims, before, states, tmp_path):
    for at in itertools.count(1) if SWEEP else (5, 9):
        book = store.copy(before, tmp_path / f"cut{at}")
        ended = victims.run(book, at=at)
        check_killed(book, states)
        if ended == 0:
            break
        assert ended == KILLED
    assert at >= 9


def test_a_first_refresh_killed_at_any_moment(victims, states, before, tmp_path):
    whole = 0.0
    for number in range(KILLS // 5 + 1):
        folder = tmp_path / f"first{number}"
        book = store.copy(before, folder)
        for name in (store.BOOK, store.ARCHIVE, store.BACKUP):
            (folder / name).unlink()
        store.new_book(book)
        new = book.read_bytes()
        begin = time.monotonic()
        if not whole:
            assert victims.run(book) == 0
            whole = time.monotonic() - begin
        else:
            victims.run(book, after=random.Random(number).random() * whole)
        assert book.read_bytes() == new or store.rows(book)[1] == store.MONEY_AFTER
        refresh(book, now=store.NOW)
        assert store.rows(book) == (store.ROWS_AFTER | {"product_performance": 0}, store.MONEY_AFTER)
        assert {each.name for each in folder.iterdir()} <= {
            store.BOOK,
            store.ARCHIVE,
            store.BACKUP,
            "exports",
        }
