"""What the sheets of the annual review and of the plan add to a refresh, by CPU seconds of the whole process family.

Run: ``python tests/benchmarks/annual.py FOLDER_OF_EXPORTS``. Each way is a first refresh of a new workbook, three times,
in turn: *main* reads, archives, computes and writes overview and review as they were without these sheets; *annual*
adds the figures and sheets of the annual review; *all* is the command as it is, the plan included.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

WAYS = ("main", "annual", "all")


def main(exports: Path) -> None:
    found: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(3):
        for way in WAYS:
            with tempfile.TemporaryDirectory() as folder:
                book = Path(folder) / "book.xlsx"
                subprocess.run(
                    [sys.executable, "-m", "opsbook", "new", str(book)], check=True, stdout=subprocess.DEVNULL
                )
                before = _cpu()
                subprocess.run(
                    [sys.executable, __file__, way, str(book), str(exports)],
                    check=True,
                    stdout=subprocess.DEVNULL,
                )
                found[way].append(_cpu() - before)
    base = statistics.median(found["main"])
    for way, runs in found.items():
        seconds = statistics.median(runs)
        print(
            f"{way:<8} {seconds:7.2f} CPU s  {seconds / base:5.2f} x main  ({min(runs):.2f}-{max(runs):.2f})"
        )


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def refresh(way: str, book: Path, exports: Path) -> None:
    """Do one refresh, without what the way leaves out."""
    from opsbook.book import compose as pages
    from opsbook.metrics import compute_review
    from opsbook.commands.refresh import refresh as run

    def nothing(*_: object, **__: object) -> tuple[()]:
        return ()

    if way != "all":
        for module, name in ((pages.targets_page, "targets"), (pages.plan_pages, "plan_pages")):
            setattr(module, name, nothing)
        pages._plan_names = lambda *_: {}
    if way == "main":
        for module, names in (
            (compute_review.work, ("figures_of",)),
            (compute_review.cases, ("contributions", "growth_split")),
            (compute_review.verdicts, ("bounds", "verdicts")),
            (compute, ("reconcile",)),
            (pages.work_page, ("work",)),
            (pages.cost_page, ("costs",)),
            (pages.evidence_page, ("evidence",)),
            (pages.problems_page, ("problems",)),
            (pages.cases_page, ("cases",)),
            (pages.splits_page, ("split",)),
            (pages.proof_page, ("months", "table")),
            (pages.weekly_page, ("weekly",)),
            (pages.reconciliation_page, ("reconciliation",)),
        ):
            for name in names:
                setattr(module, name, nothing)
        compute_review.weekly_board.board = lambda *_: None
    run(book, exports=exports)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        refresh(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main(Path(sys.argv[1]))
