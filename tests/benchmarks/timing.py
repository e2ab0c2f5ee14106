"""How the benchmarks time a command: as a whole process with its children."""

from __future__ import annotations

import os
import statistics
import threading
import time
from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Run:
    """One run of a command and its children: wall seconds, processor seconds, peak memory of all together in MB."""

    wall: float
    cpu: float
    peak: float


def timed(command: list[str]) -> Run:
    """Run a command."""
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    # An installed package is compiled once; without this a clone could be compiled anew in every run.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    null = os.open(os.devnull, os.O_WRONLY)
    start = time.perf_counter()
    pid = os.posix_spawnp(
        command[0],
        command,
        environment,
        file_actions=[(os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)],
    )
    done = threading.Event()
    peak = [0.0]

    def watch() -> None:
        while not done.wait(0.1):
            peak[0] = max(peak[0], family_memory(pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - start
    done.set()
    watcher.join()
    os.close(null)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"{command} ended with {os.waitstatus_to_exitcode(status)}")
    return Run(wall, usage.ru_utime + usage.ru_stime, peak[0])


def family_memory(pid: int) -> float:
    """Return the memory of a process and its children in MB."""
    total = 0
    try:
        process = psutil.Process(pid)
        for one in (process, *process.children(recursive=True)):
            total += one.memory_info().rss
    except psutil.Error:
        pass
    return total / 1e6


def show(cases: dict[str, list[Run]], base: str) -> None:
    """Print the median of each case and its ratio to another one."""
    medians = {
        name: (statistics.median(run.wall for run in runs), statistics.median(run.cpu for run in runs))
        for name, runs in cases.items()
    }
    print(f"{'':<36} {'wall s':>8} {'x':>6} {'cpu s':>8} {'x':>6} {'peak MB':>8}")
    for name, (wall, cpu) in medians.items():
        peak = max(run.peak for run in cases[name])
        print(
            f"{name:<36} {wall:8.2f} {wall / medians[base][0]:6.2f} {cpu:8.2f} {cpu / medians[base][1]:6.2f} {peak:8.0f}",
            flush=True,
        )
