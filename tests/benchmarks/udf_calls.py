"""How long a call from a cell takes, beside a bare xlwings function of the same arithmetic: ``OPSBOOK_BUNDLE=... python
tests/benchmarks/udf_calls.py``. Windows' Python under Wine, xlwings' own COM server, one process, calls in turn.
"""

import os
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from wine.told import UDFS, ask, told
from wine.windows import Windows, missing

ROUNDS = 9


def column(height, start):
    return ["column", [[told(start + at) for at in range(12)], height, told(start)]]


CASES = {
    "growth, two cells": ("YOY_GROWTH", "BARE_GROWTH", [told(120.0), told(100.0)], 40),
    "growth, 12 rows": ("YOY_GROWTH", "BARE_GROWTH_RANGE", [column(12, 100.0), column(12, 90.0)], 40),
    "growth, 1,000 rows": ("YOY_GROWTH", "BARE_GROWTH_RANGE", [column(1000, 100.0), column(1000, 90.0)], 10),
    "growth, 50,000 rows": (
        "YOY_GROWTH",
        "BARE_GROWTH_RANGE",
        [column(50_000, 100.0), column(50_000, 90.0)],
        2,
    ),
    "concentration, 12 rows": ("HHI", "BARE_HHI", [column(12, 100.0)], 40),
    "concentration, 100,000 rows": ("HHI", "BARE_HHI", [column(100_000, 100.0)], 2),
}


def main():
    if reason := missing():
        sys.exit(reason)
    plan = []
    for _ in range(ROUNDS):
        for title, (ours, bare, arguments, times) in CASES.items():
            plan += [
                (title, "ours", UDFS, ours, arguments, times),
                (title, "bare", "bare_udfs", bare, arguments, times),
            ]
    with tempfile.TemporaryDirectory() as work:
        windows = Windows(Path(work), os.environ["OPSBOOK_BUNDLE"])
        try:
            results = ask(windows, [each[2:] for each in plan], timeout=1200, folders=[Path(__file__).parent])
        finally:
            windows.close()
    found = {}
    for (title, whose, *_), (result, seconds) in zip(plan, results, strict=True):
        if result[0] == "failed":
            sys.exit(result[1])
        found.setdefault((title, whose), []).extend(seconds)
    print(f"{'median of a call':<30} {'ours':>10} {'bare':>10} {'ratio':>7}")
    for title in CASES:
        ours, bare = (statistics.median(found[title, whose]) * 1000 for whose in ("ours", "bare"))
        print(f"{title:<30} {ours:>7.2f} ms {bare:>7.2f} ms {ours / bare:>7.2f}")


if __name__ == "__main__":
    main()
