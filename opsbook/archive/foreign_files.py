"""Files that cannot be of one store: the same kind and period under other names, with figures of another size.

The later one would take the place of the first, and 3,000 visitors became 10. Such files are held back with one
question that names both; a smaller difference is a correction, and a note says which of the two counts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from itertools import combinations
from pathlib import PurePosixPath
from statistics import median
from typing import TYPE_CHECKING

from opsbook.domain.issues import Issue
from opsbook.schemas import schemas

if TYPE_CHECKING:
    import duckdb

    from opsbook.intake.clean_tables import CleanTable, SourceReading

# Field that tells the rows of one period apart; the shop's own totals have one row a period.
KINDS = {
    "shop_overview": "",
    "shop_ledger": "",
    "product_performance": "product_id",
    "keyword_performance": "keyword",
    "traffic_channel": "channel",
}
_COUNTED = frozenset({"persons", "count", "times"})
LARGEST = 20_000  # rows of a table that is looked at
_LEAST = 20  # of two counts the larger must be so large to say anything
_APART = math.log(4)  # stores are of another size from this ratio on
_MANY = 6  # numbers that all differ, in folders of two stores
_LEAST_KEYS = 3
_RUNNING = re.compile(r"[\d\s()（）\[\]_.,~-]+|第|页|page|part|副本|copy", re.IGNORECASE)

Span = tuple[date, date]
Key = tuple[date, date, str]


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

    @cached_property
    def periods(self) -> frozenset[Span]:
        """Return first and last day of every period."""
        return frozenset((start, end) for start, end, _ in self.rows)

    @property
    def place(self) -> str:
        """Return file and sheet in one text."""
        return " · ".join(part for part in (self.name, self.sheet) if part)


def print_of(reading: SourceReading, table: CleanTable) -> Print | None:
    """Return what of a table is compared; None for kinds that are not."""
    if table.kind not in KINDS or not 0 < len(table) <= LARGEST:
        return None
    by = KINDS[table.kind]
    names = sorted(counted(table.kind) & table.columns.keys())
    keys = table.columns[by].tolist() if by in table.columns else [""] * len(table)
    values = zip(*(table.columns[name].tolist() for name in names), strict=True)
    rows = {
        (start, end, str(key or "")): dict(zip(names, row, strict=True))
        for start, end, key, row in zip(
            table.start.tolist(), table.end.tolist(), keys, values, strict=bool(names)
        )
    }
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
    periods = one.periods & other.periods
    if not periods or _early(one, other, periods):
        return Likeness.APART
    common = one.rows.keys() & other.rows.keys()
    if not common:
        few = min(len(one.rows), len(other.rows)) < _LEAST_KEYS
        return Likeness.APART if few or _alike(one.name, other.name) else Likeness.STRANGE
    ratios = [
        abs(math.log((value + 1) / (other.rows[key][name] + 1)))
        for key in common
        for name, value in one.rows[key].items()
        if name in other.rows[key] and _comparable(value, other.rows[key][name])
    ]
    if not ratios or not any(ratios):
        return Likeness.SAME
    if median(ratios) >= _APART:
        return Likeness.STRANGE
    folders = _folder(one.name) != _folder(other.name) and not _alike(one.name, other.name)
    if folders and len(ratios) >= _MANY and all(ratios):
        return Likeness.STRANGE
    return Likeness.CHANGED


def _comparable(value: float, other: float) -> bool:
    """Whether two counts are known, and large enough to say anything of a store."""
    return min(value, other) >= 0 and max(value, other) >= _LEAST and math.isfinite(value + other)


def _early(one: Print, other: Print, periods: frozenset[Span]) -> bool:
    """Whether a table was made before the common periods were over: it was to grow."""
    last = max(end for _, end in periods)
    stamps = [each.stamp for each in (one, other) if each.stamp is not None]
    return any(stamp.date() <= last for stamp in stamps)


def _folder(name: str) -> str:
    return str(PurePosixPath(name.replace("!", "/")).parent)


def _alike(one: str, other: str) -> bool:
    """Whether two names differ in numbers, dates and words of copies alone."""
    return _RUNNING.sub("", one).casefold() == _RUNNING.sub("", other).casefold()


@dataclass
class Sieve:
    """Holds back files of another store.

    Attributes:
        earlier: Returns what the archive holds of a kind from the first to the last of some days, by the file that
            brought it.
        issues: Questions about the files that are held back.
    """

    earlier: Callable[[str, Span], Iterable[Print]] = lambda _kind, _span: ()
    issues: list[Issue] = field(default_factory=list)

    def through(self, readings: Iterable[SourceReading]) -> Iterator[SourceReading]:
        """Yield the readings that can be taken in; those that are compared come last."""
        waiting: list[tuple[SourceReading, Print]] = []
        for reading in readings:
            prints = [found for table in reading.tables if (found := print_of(reading, table))]
            waiting += [(reading, each) for each in prints]
            if not prints:
                yield reading
        held = self._held(waiting)
        for reading in {id(each): each for each, _ in waiting}.values():
            if id(reading) not in held:
                yield reading

    def _held(self, every: list[tuple[SourceReading, Print]]) -> set[int]:
        """Return the readings that are held back; note why."""
        held: set[int] = set()
        by_kind: dict[str, list[tuple[SourceReading, Print]]] = {}
        for reading, each in every:
            by_kind.setdefault(each.kind, []).append((reading, each))
        for kind, group in by_kind.items():
            for (mine, one), (theirs, other) in combinations(group, 2):
                if mine is not theirs and self._strange(one, other, (mine, theirs)):
                    held |= {id(mine), id(theirs)}
            days = [day for _, each in group for period in each.periods for day in period]
            for then in self.earlier(kind, (min(days), max(days))):
                others = [pair for pair in group if id(pair[0]) not in held and pair[1].place != then.place]
                held |= {
                    id(reading) for reading, each in others if self._strange(then, each, (None, reading))
                }
        return held

    def _strange(
        self, one: Print, other: Print, readings: tuple[SourceReading | None, SourceReading]
    ) -> bool:
        """Whether two tables cannot be of one store; say what they are to each other."""
        found = likeness(one, other)
        title = schemas()[one.kind].title
        if found is Likeness.STRANGE:
            self.issues.append(
                Issue("table.two_stores", other.name, other.sheet, value=one.place, detail=title)
            )
        elif found is Likeness.CHANGED and one.stamp != other.stamp:
            later = one.stamp is not None and other.stamp is not None and one.stamp > other.stamp
            (newer, reading), older = ((one, readings[0]), other) if later else ((other, readings[1]), one)
            noted = reading is None or any(each.code == "table.newer_counts" for each in reading.issues)
            if reading is not None and not noted:  # one note a file is enough
                reading.issues.append(
                    Issue("table.newer_counts", newer.name, newer.sheet, value=older.place, detail=title)
                )
        return found is Likeness.STRANGE


def prints_of(
    connection: duckdb.DuckDBPyConnection, kind: str, columns: Collection[str], span: Span
) -> list[Print]:
    """Return what the archive holds of a kind in some days, by the file that brought it.

    Args:
        connection: The archive's.
        kind: One of `KINDS`.
        columns: Those that the archive holds of the kind.
        span: First and last day.
    """
    by = KINDS[kind] or "_grain"
    fields = sorted(counted(kind) & set(columns))
    if not fields or by not in columns:
        return []
    chosen = ", ".join(f'k."{name}"' for name in (by, *fields))
    rows = connection.execute(
        f"SELECT r.file, r.sheet, k._stamp, k._start, k._end, {chosen} "
        f'FROM "{kind}" k JOIN opsbook_receipts r ON k._receipt = r.id '
        f"WHERE k._start >= ? AND k._end <= ? LIMIT {LARGEST}",
        list(span),
    ).fetchall()
    found: dict[tuple[str, str], Print] = {}
    for file, sheet, stamp, start, end, key, *values in rows:
        made = found.setdefault((file, sheet), Print(file, sheet, kind, stamp, {}))
        at = (start, end, str(key) if KINDS[kind] else "")
        made.rows[at] = {
            name: math.nan if value is None else value for name, value in zip(fields, values, strict=True)
        }
    return list(found.values())
