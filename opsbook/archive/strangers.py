"""Files that cannot be of one store: the same kind and period under other names, with figures of another size.

The later one would take the place of the first, and 3,000 visitors became 10. Such files are held back with one
question that names both; a smaller difference is a correction, and a note says which of the two counts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from itertools import combinations
from pathlib import PurePosixPath
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from opsbook.issues import Issue
from opsbook.schemas import schemas

if TYPE_CHECKING:
    from datetime import datetime

    from opsbook.intake.table import Reading, Table

# Field that tells the rows of one period apart; the shop's own totals have one row a period.
KINDS = {
    "shop_overview": "",
    "shop_ledger": "",
    "product_performance": "product_id",
    "keyword_performance": "keyword",
    "traffic_channel": "channel",
}
_COUNTED = frozenset({"persons", "count", "times"})
_LARGEST = 20_000  # rows of a table that is looked at
_LEAST = 20  # of two counts the larger must be so large to say anything
_APART = math.log(4)  # stores are of another size from this ratio on
_MANY = 6  # numbers that all differ, in folders of two stores
_LEAST_KEYS = 3
_RUNNING = re.compile(r"[\d\s()（）\[\]_.,~-]+|第|页|page|part|副本|copy", re.IGNORECASE)

Key = tuple[np.datetime64, np.datetime64, str]


class Likeness(Enum):
    """What two tables of one kind are to each other."""

    APART = 0  # no period in common, or the rows of one export in several files
    SAME = 1
    CHANGED = 2
    STRANGE = 3


@dataclass(frozen=True)
class Print:
    """What of a table is compared.

    Attributes:
        name: The file as the user knows it.
        sheet: Of the file, or empty.
        kind: Schema.
        stamp: When it was made.
        rows: Counts by field, by first day, last day and key of the row.
    """

    name: str
    sheet: str
    kind: str
    stamp: datetime | None
    rows: dict[Key, dict[str, float]] = field(repr=False)

    @property
    def place(self) -> str:
        """Return file and sheet in one text."""
        return " · ".join(part for part in (self.name, self.sheet) if part)


def print_of(reading: Reading, table: Table) -> Print | None:
    """Return what of a table is compared; None for kinds that are not."""
    if table.kind not in KINDS or not 0 < len(table) <= _LARGEST:
        return None
    by = KINDS[table.kind]
    fields = counted(table.kind) & table.columns.keys()
    keys = table.columns[by] if by in table.columns else np.full(len(table), "", dtype=object)
    rows: dict[Key, dict[str, float]] = {}
    for at in range(len(table)):
        key = (table.start[at], table.end[at], str(keys[at] or ""))
        rows[key] = {name: float(table.columns[name][at]) for name in fields}  # type: ignore[arg-type]
    return Print(reading.source.name, table.sheet, table.kind, reading.stamp, rows)


def counted(kind: str) -> set[str]:
    """Return the fields of a kind that count something of this store, not of its peers."""
    return {
        each.name
        for each in schemas()[kind].stored
        if each.unit in _COUNTED and not each.rolling and not each.name.startswith("peer_")
    }


def likeness(one: Print, other: Print) -> Likeness:
    """Return what two tables of one kind are to each other."""
    periods = {key[:2] for key in one.rows} & {key[:2] for key in other.rows}
    if not periods or _early(one, other, periods):
        return Likeness.APART
    common = one.rows.keys() & other.rows.keys()
    if not common:
        few = min(len(one.rows), len(other.rows)) < _LEAST_KEYS
        return Likeness.APART if few or _alike(one.name, other.name) else Likeness.STRANGE
    ratios = [
        abs(math.log((value + 1) / (then + 1)))
        for key in common
        for name, value in one.rows[key].items()
        if max(value, then := other.rows[key].get(name, math.nan)) >= _LEAST and min(value, then) >= 0
    ]
    if not ratios or not any(ratios):
        return Likeness.SAME
    if median(ratios) >= _APART:
        return Likeness.STRANGE
    folders = _folder(one.name) != _folder(other.name) and not _alike(one.name, other.name)
    if folders and len(ratios) >= _MANY and all(ratios):
        return Likeness.STRANGE
    return Likeness.CHANGED


def _early(one: Print, other: Print, periods: set[tuple[np.datetime64, np.datetime64]]) -> bool:
    """Whether a table was made before the common periods were over: it was to grow."""
    last = max(end for _, end in periods)
    stamps = [each.stamp for each in (one, other) if each.stamp is not None]
    return any(np.datetime64(stamp, "D") <= last for stamp in stamps)


def _folder(name: str) -> str:
    return str(PurePosixPath(name.replace("!", "/")).parent)


def _alike(one: str, other: str) -> bool:
    """Whether two names differ in numbers, dates and words of copies alone."""
    return _RUNNING.sub("", one).casefold() == _RUNNING.sub("", other).casefold()


@dataclass
class Sieve:
    """Holds back files of another store.

    Attributes:
        earlier: Returns what the archive holds of a kind, by the file that brought it.
        issues: Questions and notes about the files that came.
    """

    earlier: Callable[[str], Iterable[Print]] = lambda _kind: ()
    issues: list[Issue] = field(default_factory=list)

    def through(self, readings: Iterable[Reading]) -> Iterator[Reading]:
        """Yield the readings that can be taken in; large ones at once, those that are compared at the end."""
        waiting: list[tuple[Reading, list[Print]]] = []
        for reading in readings:
            prints = [found for table in reading.tables if (found := print_of(reading, table))]
            if prints:
                waiting.append((reading, prints))
            else:
                yield reading
        every = [(reading, each) for reading, prints in waiting for each in prints]
        held = self._held(every)
        for reading, _ in waiting:
            if id(reading) not in held:
                yield reading

    def _held(self, every: list[tuple[Reading, Print]]) -> set[int]:
        """Return the readings that are held back; note why."""
        held: set[int] = set()
        for (mine, one), (theirs, other) in combinations(every, 2):
            if one.kind == other.kind and mine is not theirs and self._strange(one, other):
                held |= {id(mine), id(theirs)}
        for kind in sorted({each.kind for _, each in every}):
            for then in self.earlier(kind):
                held |= {
                    id(reading)
                    for reading, each in every
                    if (each.kind, id(reading) in held) == (kind, False)
                    and each.place != then.place
                    and self._strange(then, each)
                }
        return held

    def _strange(self, one: Print, other: Print) -> bool:
        """Whether two tables cannot be of one store; say what they are to each other."""
        found = likeness(one, other)
        title = schemas()[one.kind].title
        if found is Likeness.STRANGE:
            self.issues.append(
                Issue("table.two_stores", other.name, other.sheet, value=one.place, detail=title)
            )
        if found is Likeness.CHANGED:
            newer = one if one.stamp and other.stamp and one.stamp > other.stamp else other
            older = other if newer is one else one
            self.issues.append(
                Issue("table.newer_counts", newer.name, newer.sheet, value=older.place, detail=title)
            )
        return found is Likeness.STRANGE
