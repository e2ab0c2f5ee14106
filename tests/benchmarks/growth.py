"""How time and memory of each stage of a first refresh grow: with order lines (1, 10, 100 times) and with years (1, 5, 10).

Run: ``python tests/benchmarks/growth.py [--plot OUT.svg] [FOLDER [CASE...]]``. Makes the stores in FOLDER (2 GB; a temporary one
by default, kept when named) as CSV files and prints, for each stage, wall seconds, processor seconds and the peak memory of all
processes together, then what each line or year more cost: where that does not rise, time is at most linear. ``--plot`` draws the
same (``pip install matplotlib``).
"""

from __future__ import annotations

import importlib.util
import itertools
import json
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

ONE = {"years": 1, "lines": 50_000}  # with 52 weekly files of 5,000 products and 52 of 500 words in each year
CASES = {
    "50,000 lines": ONE,
    "500,000 lines": ONE | {"lines": 500_000},
    "5,000,000 lines": ONE | {"lines": 5_000_000},
    "5 years": {"years": 5, "lines": 250_000},
    "10 years": {"years": 10, "lines": 500_000},
}
SERIES = {
    "lines": ("50,000 lines", "500,000 lines", "5,000,000 lines"),
    "years": ("50,000 lines", "5 years", "10 years"),
}
STAGES = ("open", "read", "archive", "figures", "compose", "write")


def main(folder: Path, names: list[str], plot: Path | None) -> None:
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
    for unit, series in SERIES.items():
        told = [name for name in series if name in found]
        for base, name in itertools.pairwise(told):
            more = CASES[name][unit] - CASES[base][unit]
            rows = [(found[name][stage][1] - found[base][stage][1]) / more for stage in STAGES]
            scale, form = (1e6, "cpu us") if unit == "lines" else (1, "cpu s")
            cells = "".join(f"{scale * cost:10.2f}" for cost in (*rows, sum(rows)))
            print(f"{name:<16} {form:>10}{cells}  each of {more:,} {unit} more")
    if plot:
        from growth_plot import draw

        draw(
            plot,
            {
                unit: [(CASES[name][unit], found[name]) for name in series if name in found]
                for unit, series in SERIES.items()
            },
            STAGES,
        )


def stages(book: Path) -> None:
    """Refresh a workbook and print the stages as JSON."""
    from opsbook.commands import refresh
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


def run(arguments: list[str]) -> None:
    plot = None
    if arguments[:1] == ["--plot"]:
        if len(arguments) < 2:
            raise SystemExit("--plot OUT.svg: where is the picture to go?")
        if not importlib.util.find_spec("matplotlib"):
            raise SystemExit("--plot draws with matplotlib: pip install matplotlib")
        plot, arguments = Path(arguments[1]), arguments[2:]
    if arguments:
        main(Path(arguments[0]), arguments[1:] or list(CASES), plot)
        return
    temporary = Path(tempfile.mkdtemp())
    try:
        main(temporary, list(CASES), plot)
    finally:
        shutil.rmtree(temporary)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--stages"]:
        stages(Path(sys.argv[2]))
    else:
        run(sys.argv[1:])
