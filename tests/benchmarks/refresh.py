"""Time a refresh of one year of a large store, side by side with reading alone and with a plain script.

Run: ``python tests/benchmarks/refresh.py [FOLDER]``. Makes the store in FOLDER (a temporary one by default; kept
when named), then times each of these as a whole process of its own, three times:

(a) only reading the same files with python-calamine and csv;
(b) a plain pandas + openpyxl script that adds up the same figures and writes them into a workbook;
(c) ``opsbook refresh`` of a new workbook;
(d) ``opsbook refresh`` again, with nothing changed;
(e) ``opsbook --help``.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from store_files import make
from timing import timed

HERE = Path(__file__).parent


def main(folder: Path) -> None:
    exports = folder / "exports"
    if not exports.exists():
        print("making the store ...", flush=True)
        make(exports)
    opsbook = [sys.executable, "-m", "opsbook"]
    cases: dict[str, list[tuple[float, float]]] = {}
    for _ in range(3):
        book = folder / "book.xlsx"
        for file in (book, book.with_suffix(".duckdb"), folder / "book.backup.xlsx"):
            file.unlink(missing_ok=True)
        subprocess.run([*opsbook, "new", str(book)], check=True, stdout=subprocess.DEVNULL)
        for name, command in {
            "(a) read only": [sys.executable, str(HERE / "read_only.py"), str(exports)],
            "(b) pandas + openpyxl script": [
                sys.executable,
                str(HERE / "plain_script.py"),
                str(exports),
                str(folder / "plain.xlsx"),
            ],
            "(c) opsbook refresh, first": [*opsbook, "refresh", str(book)],
            "(d) opsbook refresh, unchanged": [*opsbook, "refresh", str(book)],
            "(e) opsbook --help": [*opsbook, "--help"],
        }.items():
            cases.setdefault(name, []).append(timed(command))
    base = statistics.median(seconds for seconds, _ in cases["(a) read only"])
    for name, runs in cases.items():
        seconds = statistics.median(run[0] for run in runs)
        print(
            f"{name:<32} {seconds:8.2f} s  {seconds / base:6.2f} x (a)  {max(run[1] for run in runs):8.0f} MB"
        )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        temporary = Path(tempfile.mkdtemp())
        try:
            main(temporary)
        finally:
            shutil.rmtree(temporary)
