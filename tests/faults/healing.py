"""Refreshes that end before their time, and what must be found afterwards."""

import contextlib
import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

from faults import small_store as store

from opsbook.commands.refresh import refresh

KILLED = -9


class Victims:
    """The process that forks refreshes."""

    def __init__(self, **environment):
        self.popen = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("victim.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        assert self.popen.stdout.readline() == "ready\n"

    def run(self, book, *, after=None, **fault):
        """Refresh a book, kill it ``after`` seconds or do as victim.py says; return how it ended."""
        order = {"book": str(book), "now": store.NOW.isoformat(), **fault}
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
