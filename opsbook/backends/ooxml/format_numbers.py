"""The numbers that our cell formats get among the user's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class FormatNumbers:
    """What our formats are called among the user's.

    Attributes:
        cells: Number of each of our cell formats.
        rules: What is added to the number of a format of a rule.
        known_rules: The number of each of our formats of rules, where the user's workbook has them all.
    """

    cells: Sequence[int]
    rules: int
    known_rules: Sequence[int] = ()

    def rule(self, number: int) -> int:
        """Return the user's number of one of our formats of a rule."""
        return self.known_rules[number] if self.known_rules else number + self.rules
