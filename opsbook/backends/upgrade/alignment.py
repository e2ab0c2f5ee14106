"""Which row of a block in the workbook is which row of the block in the template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

_Key = tuple[str, int, int]


def align(wanted: Sequence[str], present: Sequence[str]) -> list[int | None]:
    """Return the line of the workbook that each line of the template is, None for one that is new.

    Lines are known by their labels. Lines without a label belong to the one above that has one. Between lines that are
    known, lines whose labels come from the data, which the template does not have, follow in their order.

    Args:
        wanted: Labels in the template.
        present: Labels in the workbook.
    """
    found: list[int | None] = [None] * len(wanted)
    blocks = SequenceMatcher(None, _keys(wanted), _keys(present), autojunk=False).get_matching_blocks()
    row = column = 0
    for block in blocks:
        gap, there = range(row, block.a), range(column, block.b)
        if len(gap) == len(there):  # renamed lines
            pairs = list(zip(gap, there, strict=True))
        else:
            pairs = list(zip((at for at in gap if not wanted[at]), there, strict=False))
        pairs += [(block.a + at, block.b + at) for at in range(block.size)]
        for at, place in pairs:
            found[at] = place
        row, column = block.a + block.size, block.b + block.size
    return found


def _keys(labels: Sequence[str]) -> list[_Key]:
    """Return what a line is known by: the label above it, which of its kind that is, and how far below it is."""
    seen: Counter[str] = Counter()
    keys, group, step = [], "", 0
    for label in labels:
        if label:
            seen[label] += 1
            group, step = label, 0
        else:
            step += 1
        keys.append((group, seen[group], step))
    return keys


def runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return first number and length of each run of numbers that follow each other."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and number == found[-1][0] + found[-1][1]:
            found[-1] = found[-1][0], found[-1][1] + 1
        else:
            found.append((number, 1))
    return found
