"""Time a first refresh from UCI Online Retail (541,909 order lines) beside a plain pandas script on the same file.

Run: ``python tests/benchmarks/online_retail.py PARQUET`` (the plain script needs pyarrow).
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from timing import timed

PLAIN = (
    "import pandas as pd, sys; t = pd.read_parquet(sys.argv[1]); t['amount'] = t.Quantity * t.UnitPrice; "
    "print(t.groupby(t.InvoiceDate.dt.to_period('M')).agg(amount=('amount', 'sum'), orders=('InvoiceNo', 'nunique')))"
)


def main(parquet: Path) -> None:
    opsbook = [sys.executable, "-m", "opsbook"]
    plain, refresh = [], []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            book = Path(folder) / "retail.xlsx"
            subprocess.run([*opsbook, "new", str(book)], check=True, stdout=subprocess.DEVNULL)
            plain.append(timed([sys.executable, "-c", PLAIN, str(parquet)]))
            refresh.append(timed([*opsbook, "refresh", str(book), "--exports", str(parquet.parent)]))
    for name, runs in {"read_parquet + one group-by": plain, "opsbook refresh, first": refresh}.items():
        seconds = statistics.median(run.wall for run in runs)
        print(f"{name:<30} {seconds:8.2f} s  {max(run.peak for run in runs):8.0f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
