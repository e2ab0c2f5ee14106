"""How the benchmarks time a command: as a whole process with its children."""

from __future__ import annotations

import os
import subprocess
import time

import psutil


def timed(command: list[str]) -> tuple[float, float]:
    """Return seconds and peak memory in MB of a command and its children, together."""
    start = time.perf_counter()
    process = psutil.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    peak = 0
    while process.poll() is None:
        try:
            family = [process, *process.children(recursive=True)]
            peak = max(peak, sum(one.memory_info().rss for one in family))
        except psutil.Error:
            pass
        time.sleep(0.02)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{command} ended with {process.returncode}")
    return time.perf_counter() - start, peak / 1e6
