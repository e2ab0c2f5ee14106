"""A refresh that is killed at any moment: nothing is lost, doubled or half done, and the next one heals it."""

import itertools
import os
import random
import time

import pytest
from faults import small_store as store
from faults.healing import KILLED, check_killed
from sweeps import SWEEP

from opsbook.commands.refresh import refresh

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills forks, which Windows has not")
KILLS = 200 if SWEEP else 2


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
