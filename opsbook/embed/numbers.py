"""The numbers that our cell formats get among the user's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Numbers:
    """What our formats are called among the user's.

    Attributes:
        cells: Number of each of our cell formats.
        rules: What is added to the number of a format of a rule.
    """

    cells: Sequence[int]
    rules: int
