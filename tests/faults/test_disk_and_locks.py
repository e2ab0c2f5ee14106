"""A full disk, a folder that may not be written, and two refreshes at once: a clear refusal, and nothing lost."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from faults import small_store as store
from sweeps import long

from opsbook.archive.archive_file import Archive
from opsbook.commands.forget import forget
from opsbook.commands.refresh import refresh
from opsbook.domain.errors import ArchiveError, BookError
from opsbook.support import atomic_files

posix = pytest.mark.skipif(os.name != "posix", reason="limits and forks of POSIX")


def litter(book):
    return {each.name for each in book.parent.iterdir()} - {
        store.BOOK,
        store.ARCHIVE,
        store.BACKUP,
        "exports",
    }


def heals(book):
    assert refresh(book, now=store.NOW).changed
    assert store.rows(book) == (store.ROWS_AFTER, store.MONEY_AFTER)
    assert not litter(book)


def interrupted(*_):
    raise KeyboardInterrupt


LIMITED = """
import resource, signal, sys
from opsbook.cli.app import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
import opsbook.metrics.compute_review, opsbook.backends.ooxml.file_workbook  # what is loaded may be cached on the disk
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
main(sys.argv[2:])
"""


@posix
@pytest.mark.parametrize(("size", "what"), [(3000, "review.duckdb"), (100_000, "review.xlsx")])
def test_a_full_disk_is_said_and_nothing_is_lost(book, size, what):
    """No file may grow beyond a size: the archive's log fails at the first, the workbook at the second."""
    content = book.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(size), "refresh", str(book)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OPSBOOK_LANG": "en"},
    )
    assert done.returncode == 4, done.stderr
    assert what in done.stderr
    assert "disk" in done.stderr
    assert "make room" in done.stderr or "check the disk space" in done.stderr
    assert book.read_bytes() == content
    heals(book)


def test_a_backup_that_cannot_be_written_leaves_the_old_one(book, monkeypatch):
    backup, content = (book.parent / store.BACKUP).read_bytes(), book.read_bytes()
    real = atomic_files.beside

    def full(path, data=None):
        if data == content:
            raise OSError(28, "No space left on device")
        return real(path, data)

    monkeypatch.setattr(atomic_files, "beside", full)
    with pytest.raises(BookError, match="No space left"):
        refresh(book, now=store.NOW)
    assert (book.read_bytes(), (book.parent / store.BACKUP).read_bytes()) == (content, backup)
    monkeypatch.undo()
    heals(book)


@posix
def test_a_folder_that_may_not_be_written(book):
    without = []
    if os.geteuid() == 0:  # the superuser may write anywhere
        without = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
        if not shutil.which("setpriv") or subprocess.run([*without, "true"], check=False).returncode:
            pytest.skip("the superuser's right to write anywhere cannot be taken away: needs setpriv")
    book.parent.chmod(0o555)
    try:
        done = subprocess.run(
            [*without, sys.executable, "-m", "opsbook", "refresh", book],
            capture_output=True, text=True, check=False, env={**os.environ, "OPSBOOK_LANG": "en"},
        )  # fmt: skip
    finally:
        book.parent.chmod(0o755)
    assert done.returncode == 4
    assert "cannot be written" in done.stderr
    heals(book)


HOLDING = """
import sys, time
from pathlib import Path
from opsbook.archive.archive_file import Archive
with Archive.open(Path(sys.argv[1]), for_writing=True):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_second_of_two_refreshes_is_refused_and_a_killed_one_holds_nothing(book, tmp_path):
    other = tmp_path / "other.xlsx"
    store.new_book(other)
    content = book.read_bytes()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(book.with_suffix(".duckdb"))], stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout.readline() == "held\n"
        archive = book.with_suffix(".duckdb")
        for act in (  # the same workbook twice, another one on the same archive, and taking something back
            lambda: refresh(book, archive=archive),
            lambda: refresh(other, archive=archive),
            lambda: forget(book, ["overview.csv"], archive=archive),
        ):
            with pytest.raises(ArchiveError) as caught:
                act()
            assert "in use by another program" in str(caught.value)
            assert "正被另一个程序使用" in caught.value.message("zh")
        assert book.read_bytes() == content
        holder.kill()
    heals(book)


@posix
@long
def test_two_started_together_one_is_done_and_the_other_is_done_or_refused(book):
    from faults.victim import __file__ as victim

    order = json.dumps({"book": str(book), "now": store.NOW.isoformat()}) + "\n"
    both = [
        subprocess.Popen([sys.executable, victim], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for each in both:
        assert each.stdout.readline() == "ready\n"
    for each in both:
        each.stdin.write(order)
        each.stdin.flush()
    ended = sorted(int([each.stdout.readline(), each.stdout.readline()][1]) for each in both)
    for each in both:
        each.communicate()
    assert ended in ([0, 1], [0, 2])  # the second came after the first, and found nothing new; or was refused
    assert store.rows(book) == (store.ROWS_AFTER, store.MONEY_AFTER)
    assert not refresh(book, now=store.NOW).changed
    assert not litter(book)


def test_two_workbooks_on_one_archive_both_show_what_it_holds(book):
    """Each is brought up to date by its own refresh, also where only the other brought something new."""
    archive = book.with_suffix(".duckdb")
    other = book.with_name("other.xlsx")
    store.new_book(other)
    none = book.parent / "none"
    none.mkdir()
    assert (
        refresh(other, archive=archive, exports=none, now=store.NOW).review.get("visitors", "2026-09").value
        == 5000
    )
    assert refresh(book, now=store.NOW).changed
    again = refresh(other, archive=archive, exports=none, now=store.NOW)
    assert again.changed
    assert again.review.get("visitors", "2026-09").value == 5100
    assert not refresh(book, now=store.NOW).changed
    assert not refresh(other, archive=archive, exports=none, now=store.NOW).changed


def test_a_file_taken_in_before_a_crash_and_deleted_after_it_is_on_the_sheets(book, monkeypatch):
    refresh(book, now=store.NOW)
    late = book.parent / "exports" / "late.csv"
    late.write_text("统计日期,店铺访问人数\n2026-07,3000\n", encoding="utf-8")
    monkeypatch.setattr("opsbook.commands.refresh._write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        refresh(book, now=store.NOW)
    monkeypatch.undo()
    late.unlink()
    result = refresh(book, now=store.NOW)
    assert result.changed
    assert result.review.get("visitors", "2026-07").value == 3000


def test_opened_in_excel_during_the_refresh(book, monkeypatch):
    content = book.read_bytes()

    def opened(*_):
        book.with_name("~$review.xlsx").write_bytes(b"\x03Amy")
        return []

    real = atomic_files.beside

    def beside(path, data=None):
        opened()
        return real(path, data)

    monkeypatch.setattr(atomic_files, "beside", beside)
    with pytest.raises(BookError, match=r"open in Excel \(Amy\)"):
        refresh(book, now=store.NOW)
    assert book.read_bytes() == content
    monkeypatch.undo()
    book.with_name("~$review.xlsx").unlink()
    heals(book)


@pytest.mark.parametrize("content", [b"", bytes(5000), b"PK\x03\x04", None])
def test_what_is_no_archive_is_left_alone_with_a_sentence(book, content):
    archive = book.with_suffix(".duckdb")
    archive.unlink()
    if content is None:
        import duckdb

        with duckdb.connect(str(archive)) as connection:
            connection.execute("CREATE TABLE mine (x INTEGER)")
    else:
        archive.write_bytes(content)
    held = archive.read_bytes()
    for writing in (True, False):
        with pytest.raises(ArchiveError) as caught:
            Archive.open(archive, for_writing=writing)
        assert caught.value.message("zh") != caught.value.message("en")
    assert archive.read_bytes() == held


def test_an_archive_is_made_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "shop.duckdb"
    monkeypatch.setattr(atomic_files, "put_new", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Archive.open(path, for_writing=True)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    shutil.copy(__file__, tmp_path / ".shop.duckdb.opsbook-x.tmp")
    with Archive.open(path, for_writing=True):
        atomic_files.clear(path)
    assert [each.name for each in tmp_path.iterdir()] == ["shop.duckdb"]


def test_a_workbook_is_made_whole_or_not_at_all_and_never_over_another(tmp_path):
    path = tmp_path / "a.bin"
    atomic_files.create(path, b"one")
    with pytest.raises(FileExistsError):
        atomic_files.create(path, b"two")
    assert path.read_bytes() == b"one"
    assert [each.name for each in tmp_path.iterdir()] == ["a.bin"]
    long = tmp_path / ("年" * 80 + ".xlsx")  # 245 bytes, of 255 that a name may have
    atomic_files.create(long, b"three")
    assert long.read_bytes() == b"three"
