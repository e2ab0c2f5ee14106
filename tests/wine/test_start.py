"""The files to start by double click, run by cmd.exe as Windows does: from an unpacked zip to an uninstalled one."""

import shutil

import pytest
from wine.windows import CODE_PAGE, windows_path

from opsbook.hosts import bundle

FILES = {what: name for name, what in bundle.STARTS.items()}


def started(windows, what, *dragged, answers=b"\r\n", timeout=300):
    """Start a file with others dragged onto it. Return the exit status and what its window says."""
    # A file of its own passes the names on in quotes: Wine changes those of a command line.
    quoted = " ".join('"' + windows_path(path).replace("%", "%%") + '"' for path in dragged)
    script = windows_path(windows.home / FILES[what])
    calling = windows.root / "dragged.cmd"
    calling.write_text(f'@"{script}" {quoted}\r\n', encoding=CODE_PAGE, newline="")
    done = windows.run("wine", "cmd", "/c", windows_path(calling), answers=answers, timeout=timeout)
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", errors="replace")


@pytest.fixture(scope="module")
def documents(windows):
    users = windows.root / "prefix/drive_c/users"
    return next(each for each in users.iterdir() if each.name not in ("Public", "crossover")) / "Documents"


def test_from_the_zip_to_the_workbook_and_away_again(windows, documents):
    status, said = started(windows, "demo")
    assert status in (0, 1), said
    assert "虚构店铺" in said
    assert list((documents / "OpsBook/演示").glob("*.xlsx"))

    status, said = started(windows, "new", answers="甲 & 乙厂\r\n\r\n".encode())
    assert status == 0, said
    book = documents / "OpsBook/甲 & 乙厂/年度复盘.xlsx"
    assert book.is_file()
    assert "下一步" in said

    exports = book.parent / "exports"
    for file in list((documents / "OpsBook/演示/exports").iterdir())[:4]:
        shutil.copy(file, exports)
    status, said = started(windows, "check", exports)
    assert status in (0, 1), said
    assert next(exports.iterdir()).name in said

    status, said = started(windows, "refresh", book)
    assert status in (0, 1), said
    assert f"正在刷新 {book.name}" in said
    assert book.with_suffix(".duckdb").is_file()

    status, said = started(windows, "uninstall")
    assert status == 0, said
    assert "删除本文件夹" in said


@pytest.mark.parametrize("name", ["a b.xlsx", "a&b.xlsx", "100%.xlsx", "%PATH% !x!.xlsx", "(甲)^[1],;=.xlsx"])
def test_names_that_cmd_finds_hard(windows, name):
    book = windows.folder / name
    shutil.copy(windows.home / "templates/opsbook.xlsx", book)
    other = windows.folder / f"2 {name}"
    shutil.copy(book, other)
    status, said = started(windows, "refresh", book, other)
    assert status in (0, 1), said
    assert f"正在刷新 {name}" in said
    assert f"正在刷新 2 {name}" in said
    for each in (book, other):
        each.unlink()


def test_out_of_the_zip_it_says_what_to_do(windows, tmp_path):
    alone = tmp_path / "zip 里" / FILES["demo"]
    alone.parent.mkdir()
    alone.write_bytes((windows.home / FILES["demo"]).read_bytes())
    calling = windows.root / "alone.cmd"
    calling.write_text(f'@"{windows_path(alone)}"\r\n', encoding=CODE_PAGE, newline="")
    done = windows.run("wine", "cmd", "/c", windows_path(calling), answers=b"\r\n")
    assert done.returncode == 2
    assert "完整解压" in done.stdout.decode("utf-8", errors="replace")
