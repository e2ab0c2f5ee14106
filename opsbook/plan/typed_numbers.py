"""Numbers that people typed, as far as a plan can reckon with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opsbook.plan.row_merge import Settled

MOST = 1e12  # beyond it whole units are no longer told apart once they are added up


def typed(line: Settled, column: str) -> float | None:
    """Return the number of a cell; None where there is none, or none that a store can have."""
    number = line.number(column)
    return number if number is not None and abs(number) <= MOST else None
