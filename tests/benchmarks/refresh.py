"""Time a refresh of one year of a large store, side by side with reading alone and with a plain script.

Run: ``python tests/benchmarks/refresh.py [FOLDER]``. Makes the store in FOLDER (a temporary one by default; kept
when named), then times each of these as a whole process of its own, in turn, three times:

(a) only reading the same files with python-calamine and csv;
(b) a plain pandas + openpyxl script that adds up some of the same figures and writes them into a workbook, with the
    engine that pandas reads .xls with by default (``pip install xlrd``), and with python-calamine;
(c) ``opsbook refresh`` of a new workbook;
(d) ``opsbook refresh`` again, with nothing changed;
(e) ``opsbook refresh`` after one week's file is new;
(f) ``opsbook --help``.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from store_files import make
from timing import Run, show, timed

HERE = Path(__file__).parent


def main(folder: Path) -> None:
    if not importlib.util.find_spec("xlrd"):
        raise SystemExit(
            "pandas reads .xls with xlrd by default, which the script to compare with needs: pip install xlrd"
        )
    exports = folder / "exports"
    if not exports.exists():
        print("making the store ...", flush=True)
        make(exports)
    week = max(exports.glob("Products-*"))
    aside = folder / week.name
    opsbook = [sys.executable, "-m", "opsbook"]
    book = folder / "book.xlsx"
    refresh = [*opsbook, "refresh", str(book)]
    read_only = [sys.executable, str(HERE / "read_only.py"), str(exports)]
    plain = [sys.executable, str(HERE / "plain_script.py"), str(exports), str(folder / "plain.xlsx")]
    cases: dict[str, list[Run]] = {}

    def time(name: str, command: list[str]) -> None:
        cases.setdefault(name, []).append(timed(command))

    for _ in range(3):
        _new(book, opsbook)
        time("(a) read only", read_only)
        time("(b) pandas + openpyxl script", plain)
        time("(b) the same with python-calamine", [*plain, "calamine"])
        time("(c) opsbook refresh, first", refresh)
        time("(d) opsbook refresh, unchanged", refresh)
        _new(book, opsbook)
        week.rename(aside)
        timed(refresh)
        aside.rename(week)
        time("(e) opsbook refresh, one week new", refresh)
        time("(f) opsbook --help", [*opsbook, "--help"])
    show(cases, "(a) read only")


def _new(book: Path, opsbook: list[str]) -> None:
    for file in (book, book.with_suffix(".duckdb"), book.with_suffix(".backup.xlsx")):
        file.unlink(missing_ok=True)
    subprocess.run([*opsbook, "new", str(book)], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        temporary = Path(tempfile.mkdtemp())
        try:
            main(temporary)
        finally:
            shutil.rmtree(temporary)
