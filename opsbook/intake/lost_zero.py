"""2025.10 that Excel keeps as the number 2025.1: October or January, decided by the months in the rows around it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

from opsbook import periods
from opsbook.periods import Period

_OCTOBER = 9  # months after January
_MOST = 0.6  # so many steps are from one month to the next where months are in order


def decide(texts: Sequence[str], found: Sequence[Period | None]) -> tuple[list[Period | None], list[int]]:
    """Return the Octobers, and the rows that may be one or the other.

    Args:
        texts: The cells of the rows, numbers as Excel shows them.
        found: Their periods: January where the zero may be lost.

    Returns:
        For each row October where that is sure, else None; and the rows without an answer.
    """
    octobers: list[Period | None] = [None] * len(texts)
    if any(text[4:] in (".10", ".01") for text in texts):
        return octobers, []  # this column keeps its zeros
    runs = _runs(texts, found)
    open_runs = [place for place, run in enumerate(runs) if run.lost]
    sure = [run.month for run in runs if not run.lost]
    steps = [after - before for before, after in pairwise(sure)]
    rising, falling = any(step > 0 for step in steps), any(step < 0 for step in steps)
    direction = -1 if falling else 1
    if rising and falling:
        # Months that run again and again, one product after the other, are in order inside; anything else is not.
        direction = 1 if steps.count(1) >= steps.count(-1) else -1
        direct = [
            after.month - before.month for before, after in pairwise(runs) if not before.lost | after.lost
        ]
        ordered = direct.count(direction) >= len(direct) * _MOST
        for place in open_runs if ordered else ():
            _follow(runs, place, direction)
    else:
        for place in open_runs:
            _lie_between(runs, place, direction if steps else 0)
        _keep_apart(runs, open_runs)
    doubtful = []
    for place in open_runs:
        run = runs[place]
        for row in run.rows:
            if run.choice is None:
                doubtful.append(row)
            elif run.choice != run.month:
                octobers[row] = periods.month(run.choice // 12, run.choice % 12 + 1)
    return octobers, doubtful


class _Run:
    """Rows of one cell that follow each other."""

    def __init__(self, rows: list[int], month: int, *, lost: bool) -> None:
        self.rows, self.month, self.lost = rows, month, lost
        self.choice: int | None = None


def _runs(texts: Sequence[str], found: Sequence[Period | None]) -> list[_Run]:
    rows = [row for row, period in enumerate(found) if period and period.grain is periods.Grain.MONTH]
    runs = []
    for text, group in groupby(rows, key=lambda row: texts[row]):
        members = list(group)
        start = found[members[0]].start  # type: ignore[union-attr]
        runs.append(_Run(members, start.year * 12 + start.month - 1, lost=text[4:] == ".1"))
    return runs


def _neighbours(runs: list[_Run], place: int, direction: int) -> tuple[int | None, int | None]:
    """Return the months before and after in time."""
    before = next((other.month for other in reversed(runs[:place]) if not other.lost), None)
    after = next((other.month for other in runs[place + 1 :] if not other.lost), None)
    return (after, before) if direction < 0 else (before, after)


def _follow(runs: list[_Run], place: int, direction: int) -> None:
    """Choose the month that follows directly on a neighbour, where only one does."""
    run = runs[place]
    before, after = _neighbours(runs, place, direction)
    beside = [
        month for month in (run.month, run.month + _OCTOBER) if before == month - 1 or after == month + 1
    ]
    if len(beside) == 1:
        run.choice = beside[0]


def _lie_between(runs: list[_Run], place: int, direction: int) -> None:
    """Choose the month that lies between its neighbours; where both do, the one that follows directly."""
    run = runs[place]
    before, after = _neighbours(runs, place, direction)
    choices = [run.month, run.month + _OCTOBER]
    if direction:
        choices = [
            month
            for month in choices
            if (before is None or month > before) and (after is None or month < after)
        ]
    if len(choices) == 1:
        run.choice = choices[0]
        return
    near = {other for month in (before, after) if month is not None for other in (month - 1, month + 1)}
    beside = [month for month in choices if month in near]
    if len(beside) == 1:
        run.choice = beside[0]


def _keep_apart(runs: list[_Run], open_runs: list[int]) -> None:
    """Leave open what would put two separate runs of one order on the same month."""
    sure = {run.month for run in runs if not run.lost}
    for place in open_runs:
        run = runs[place]
        others = {runs[other].choice for other in open_runs if other != place}
        if run.choice in sure or run.choice in others:
            run.choice = None
