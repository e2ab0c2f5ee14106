"""Lines that carry words of people beside them: a line once shown keeps its place, whatever the ranking says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

KEYED: Mapping[str, str] = {
    "cases.list": "cases.words",
    "problems.traffic": "problems.traffic_strategy",
    "problems.conversion": "problems.conversion_strategy",
    "problems.peers": "problems.peers_strategy",
    "problems.collaboration": "problems.collaboration_strategy",
}
"""Blocks whose last column is the key of each line, and the cells for people beside them."""


@dataclass(frozen=True)
class Kept:
    """A line as it stands in the workbook.

    Attributes:
        cells: What the block shows there; the last one is its key, or None.
        words: What people wrote beside it.
    """

    cells: tuple[object, ...]
    words: str

    @property
    def key(self) -> str:
        """What the line is about; empty for an unused one."""
        return str(self.cells[-1]) if self.cells and self.cells[-1] is not None else ""


KeptLines = Mapping[str, Sequence[Kept]]


def arrange(kept: Sequence[Kept], wanted: Sequence[str], lines: int) -> list[str]:
    """Return the key of each line, empty for a free one.

    A key that is there stays where it is. One that is no longer wanted stays only where people wrote beside it;
    new ones take the free lines in order. What finds no line is left out.

    Args:
        kept: Lines of the workbook, in order.
        wanted: Keys to be shown, most important first.
        lines: How many there are.
    """
    places = [""] * lines
    for at, line in enumerate(kept[:lines]):
        if line.key and line.key not in places and (line.key in wanted or line.words):
            places[at] = line.key
    # Words without a known line are left beside an empty one, so that nothing new comes to stand beside them.
    free = [at for at in range(lines) if not places[at] and not (at < len(kept) and kept[at].words)]
    new = [key for key in dict.fromkeys(wanted) if key not in places]
    for at, key in zip(free, new, strict=False):
        places[at] = key
    return places
