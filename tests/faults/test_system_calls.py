"""Every write to the folder of a store fails, or is the last: nothing is lost, doubled or half done."""

import os
import shutil
import subprocess
import sys

import pytest
from faults import small_store as store

from opsbook.refresh import refresh


def strace_works():
    if not shutil.which("strace"):
        return False
    return (
        subprocess.run(["strace", "-o", os.devnull, "true"], check=False, capture_output=True).returncode == 0
    )


pytestmark = [
    pytest.mark.skipif(not os.environ.get("OPSBOOK_CALLS"), reason="half an hour: OPSBOOK_CALLS=1 runs it"),
    pytest.mark.skipif(not strace_works(), reason="needs strace and the right to trace"),
]
CALLS = ("write", "pwrite64", "fdatasync", "fsync", "ftruncate", "unlink", "rename", "link")


def traced(book, call, at, fault):
    """Refresh under strace: the ``at``-th call on a file of the store fails with ``fault``, or ends the program."""
    files = [
        book.parent,
        *(book.with_name(name) for name in (store.BOOK, store.ARCHIVE, store.BACKUP, "review.duckdb.wal")),
    ]
    paths = [word for path in files for word in ("-P", path)]
    return subprocess.run(
        ["strace", "-f", "-qq", "-o", book.parent.parent / "trace", "-e", f"trace={call}", *paths,
         "-e", f"inject={call}:{fault}:when={at}", sys.executable, "-m", "opsbook", "refresh", book],
        capture_output=True, text=True, check=False, env={**os.environ, "OPSBOOK_LANG": "en"},
    )  # fmt: skip


@pytest.mark.parametrize("fault", ["signal=SIGKILL", "error=ENOSPC"])
@pytest.mark.parametrize("call", CALLS)
def test_each_call_ends_or_fails(before, tmp_path, call, fault):
    for at in range(1, 40):
        folder = tmp_path / str(at)
        folder.mkdir()
        book = store.copy(before, folder / "store")
        content, backup = book.read_bytes(), (book.parent / store.BACKUP).read_bytes()
        # On a full disk every further call fails, too; each that was made has been hit once.
        done = traced(book, call, at if "KILL" in fault else f"{at}+", fault)
        hit = done.returncode not in (0, 1, 2) or "INJECTED" in (folder / "trace").read_text()
        assert "OpsBook failed" not in done.stderr, done.stderr
        assert (book.parent / store.BACKUP).read_bytes() in (backup, content)
        counts, money = store.rows(book)
        assert (counts, money) in (
            (store.ROWS_BEFORE, store.MONEY_BEFORE),
            (store.ROWS_AFTER, store.MONEY_AFTER),
        )
        if book.read_bytes() != content:
            assert money == store.MONEY_AFTER
        refresh(book, now=store.NOW)
        assert store.rows(book) == (store.ROWS_AFTER, store.MONEY_AFTER)
        assert not refresh(book, now=store.NOW).changed
        assert {each.name for each in book.parent.iterdir()} == {
            store.BOOK,
            store.ARCHIVE,
            store.BACKUP,
            "exports",
        }
        shutil.rmtree(folder)
        if not hit:
            return
    pytest.fail("more calls than were looked at")
