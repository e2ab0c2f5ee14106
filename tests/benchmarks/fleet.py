"""A fleet of tiny stores, refreshed on this machine and on a Dask cluster of two worker processes, one of which is killed.

Run: ``python tests/benchmarks/fleet.py [STORES [local|cluster]]`` (200 by default, both). Everything is on loopback. Prints seconds, processor
seconds and how the stores ended, and stops when a store's figure is not that of its own export.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import psutil

ROWS = "统计日期,店铺访问人数,询盘个数,信保交易金额,信保订单数\n2025-01,{n},60,{m},5\n2026-01,{n},66,{m},6\n"


def make(folder: Path, count: int) -> Path:
    """Make the stores; return the list of them."""
    first = folder / "new.xlsx"
    subprocess.run(
        [sys.executable, "-m", "opsbook", "new", str(first)], check=True, stdout=subprocess.DEVNULL
    )
    entries = []
    for number in range(count):
        home = folder / f"store{number:03}"
        (home / "exports").mkdir(parents=True)
        (home / "review.xlsx").write_bytes(first.read_bytes())
        text = ROWS.format(n=1000 + number, m=50_000 - number)
        (home / "exports" / "overview.csv").write_text(text, encoding="utf-8")
        entries.append(f'[[store]]\nname = "{home.name}"\nbook = "{home.name}/review.xlsx"\n')
    path = folder / "stores.toml"
    path.write_text("\n".join(entries), encoding="utf-8")
    return path


def run(stores: Path, *options: str, during=None) -> None:
    """Refresh them, and look at the answer."""
    start = time.perf_counter()
    summary = stores.with_name("summary.xlsx")
    command = [
        sys.executable,
        "-m",
        "opsbook",
        "fleet",
        str(stores),
        "--json",
        "--summary",
        str(summary),
        *options,
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    if during:
        during()
    told = json.loads(process.communicate()[0])["stores"]
    for number, store in enumerate(told):
        (row,) = [row for row in store["headline"] if row["metric"] == "visitors"]
        if (row["value"], row["yoy"]) != (1000 + number, 0):
            raise SystemExit(f"{store['name']} says {row}")
    seconds = time.perf_counter() - start
    states = dict(Counter(store["state"] for store in told))
    print(
        f"{' '.join(options) or 'local':<44} {len(told)} stores {states} {seconds:7.1f} s, status {process.returncode}",
        flush=True,
    )


def cluster(stores: Path, count: int) -> None:
    """Refresh them on a cluster; kill one of its two workers when a third of the stores is done."""
    file = stores.with_name("scheduler.json")
    dask = [sys.executable, "-m", "dask"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": stores.parent}
    local = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(file)]
    everything = [subprocess.Popen([*dask, "scheduler", "--port", "0", *local], **quiet)]
    while not file.exists():
        time.sleep(0.1)
    worker = [*dask, "worker", "--nthreads", "1", "--no-nanny", *local]
    everything += [subprocess.Popen(worker, **quiet) for _ in range(2)]

    def kill() -> None:
        while len(list(stores.parent.glob("store*/review.duckdb"))) < count // 3:
            time.sleep(0.2)
        everything[1].kill()

    try:
        run(stores, "--scheduler", json.loads(file.read_text())["address"], during=kill)
    finally:
        for process in everything:
            process.kill()
            process.wait()


def main(count: int, which: str) -> None:
    if which in ("local", "both"):
        with tempfile.TemporaryDirectory() as folder:
            stores = make(Path(folder), count)
            run(stores)
            run(stores)
    if which in ("cluster", "both"):
        with tempfile.TemporaryDirectory() as folder:
            cluster(make(Path(folder), count), count)
    print(f"{psutil.cpu_count()} processors")


if __name__ == "__main__":
    main(int((sys.argv[1:2] or [200])[0]), (sys.argv[2:3] or ["both"])[0])
