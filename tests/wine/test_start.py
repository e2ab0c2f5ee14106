"""The files to start by double click, run by cmd.exe as Windows does: from an unpacked zip to an uninstalled one."""

import shutil

import pytest
from wine.windows import windows_path

from opsbook.deploy import bundle

FILES = {what: name for name, what in bundle.STARTS.items()}


# Explorer starts cmd.exe so, and puts into quotes only what has a space.
EXPLORER = "import subprocess, sys; sys.exit(subprocess.call(open(sys.argv[1], encoding='utf-8').read()))"


def started(windows, what, *dragged, answers=b"\r\n", timeout=300, script=None):
    """Start a file with others dragged onto it. Return the exit status and what its window says."""
    paths = [windows_path(path) for path in dragged]
    names = " ".join(f'"{path}"' if " " in path else path for path in paths)
    call = windows.root / "call.txt"
    call.write_text(
        f'cmd.exe /c ""{windows_path(script or windows.home / FILES[what])}" {names}"', encoding="utf-8"
    )
    done = windows.python_run(
        "-X", "utf8", "-c", EXPLORER, windows_path(call), answers=answers, timeout=timeout
    )
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
    folder = windows.root / "plain"  # a name with a space would be in quotes
    folder.mkdir(exist_ok=True)
    book = folder / name
    shutil.copy(windows.home / "templates/opsbook.xlsx", book)
    other = folder / f"2{name}"
    shutil.copy(book, other)
    status, said = started(windows, "refresh", book, other)
    assert status in (0, 1), said
    assert f"正在刷新 {name}" in said
    assert f"正在刷新 2{name}" in said
    for each in (book, other):
        each.unlink()


def test_out_of_the_zip_it_says_what_to_do(windows, tmp_path):
    alone = tmp_path / "zip 里" / FILES["demo"]
    alone.parent.mkdir()
    alone.write_bytes((windows.home / FILES["demo"]).read_bytes())
    status, said = started(windows, "demo", script=alone)
    assert status == 2
    assert "完整解压" in said
