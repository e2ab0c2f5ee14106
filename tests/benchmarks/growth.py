"""How time and memory of each stage of a first refresh grow: with order lines (1, 10, 100 times) and with years (1, 5, 10).

Run: ``python tests/benchmarks/growth.py [FOLDER [CASE...]]``. Makes the stores in FOLDER (2 GB; a temporary one by default, kept
when named) as CSV files and prints, for each stage, wall seconds, processor seconds and the peak memory of all processes together,
then how they grew: 1.00 is linear, less is better.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from store_files import make
from timing import family_memory

CASES = {
    "50,000 lines": {},
    "500,000 lines": {"lines": 500_000},
    "5,000,000 lines": {"lines": 5_000_000},
    "5 years": {"years": 5, "lines": 250_000},
    "10 years": {"years": 10, "lines": 500_000},
}
AGAINST = {
    "500,000 lines": ("50,000 lines", 10),
    "5,000,000 lines": ("500,000 lines", 10),
    "5 years": ("50,000 lines", 5),
    "10 years": ("5 years", 2),
}
STAGES = ("open", "read", "archive", "figures", "compose", "write")


def main(folder: Path, names: list[str]) -> None:
    found: dict[str, dict[str, list[float]]] = {}
    print(f"{'':<16} {'':>10}" + "".join(f"{stage:>10}" for stage in (*STAGES, "all")))
    for name in names:
        home = folder / name.replace(" ", "-").replace(",", "")
        if not (home / "exports").exists():
            make(home / "exports", form="csv", **CASES[name])
        for file in home.glob("book*"):
            file.unlink()
        book = str(home / "book.xlsx")
        subprocess.run([sys.executable, "-m", "opsbook", "new", book], check=True, stdout=subprocess.DEVNULL)
        answer = subprocess.run(
            [sys.executable, __file__, "--stages", book], check=True, capture_output=True, text=True
        )
        found[name] = json.loads(answer.stdout.splitlines()[-1])
        for at, unit in enumerate(("wall s", "cpu s", "peak MB")):
            cells = [found[name][stage][at] for stage in STAGES]
            cells.append(max(cells) if unit == "peak MB" else sum(cells))
            form = "10.0f" if unit == "peak MB" else "10.2f"
            print(
                f"{name if not at else '':<16} {unit:>10}" + "".join(f"{cell:{form}}" for cell in cells),
                flush=True,
            )
    print("growth of processor time, as a power of the rows")
    for name, (base, times) in AGAINST.items():
        if {name, base} <= found.keys():
            powers = [
                math.log(
                    sum(row[1] for row in chosen(found[name])) / sum(row[1] for row in chosen(found[base])),
                    times,
                )
                for chosen in [
                    *(lambda all_, s=stage: [all_[s]] for stage in STAGES),
                    lambda all_: all_.values(),
                ]
            ]
            print(f"{name:<16} {'x ' + str(times):>10}" + "".join(f"{power:10.2f}" for power in powers))


def stages(book: Path) -> None:
    """Refresh a workbook and print the stages as JSON."""
    from opsbook import refresh
    from opsbook.book import compose as composing

    now = ["open"]
    measured = {stage: [0.0, 0.0, 0.0] for stage in STAGES}
    start = [time.perf_counter(), _cpu()]

    def enter(stage: str) -> None:
        if stage != now[0]:
            wall, cpu = time.perf_counter(), _cpu()
            measured[now[0]][0] += wall - start[0]
            measured[now[0]][1] += cpu - start[1]
            start[:] = [wall, cpu]
            now[0] = stage

    def watch() -> None:
        while True:
            row = measured[now[0]]
            row[2] = max(row[2], family_memory(os.getpid()))
            time.sleep(0.1)

    threading.Thread(target=watch, daemon=True).start()
    words = {
        refresh.READING.en: "read", refresh.MERGING.en: "archive", refresh.COMPUTING.en: "figures", refresh.WRITING.en: "compose",
    }  # fmt: skip
    words |= {
        getattr(refresh, key).zh: words[getattr(refresh, key).en]
        for key in ("READING", "MERGING", "COMPUTING", "WRITING")
    }
    compose = composing.compose

    def composed(*arguments, **named):
        plan = compose(*arguments, **named)
        enter("write")
        return plan

    composing.compose = composed

    def progress(_done: int, _total: int, what: str) -> None:
        stage = next(stage for word, stage in words.items() if what.startswith(word))
        if STAGES.index(stage) > STAGES.index(now[0]):
            enter(stage)

    refresh.refresh(book, progress=progress)
    enter("done")
    print(json.dumps(measured))


def _cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


if __name__ == "__main__":
    if sys.argv[1:2] == ["--stages"]:
        stages(Path(sys.argv[2]))
    elif len(sys.argv) > 1:
        main(Path(sys.argv[1]), sys.argv[2:] or list(CASES))
    else:
        temporary = Path(tempfile.mkdtemp())
        try:
            main(temporary, list(CASES))
        finally:
            shutil.rmtree(temporary)
