"""Lines that people and Refresh write together: what stands, what is suggested, and what comes of both.

A line is known by its key, a hidden cell that moves with it when the table is sorted. A suggested cell stays
Refresh's until its content is no longer what Refresh wrote; from then on it is the person's, an emptied one too.
How that is known: the mark of a line, a hidden cell beside the key, holds three digests for each suggested cell: of
the suggestion that its content belongs to, of its content at the last refresh, and of the suggestion of that refresh.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from opsbook.domain.excel_dates import day_number, day_of, number_of
from opsbook.plan.table_declarations import SharedTable, Writer

Content = float | int | str | date | None
Marks = tuple[
    str, str, str
]  # digests: suggestion the content belongs to, content, suggestion at the last refresh
OWN = "own-"  # begins the key of a line that a person added


@dataclass(frozen=True)
class Line:
    """A line as it stands in the workbook.

    Attributes:
        key: What the line is about; empty for a free one, and for one that a person began.
        cells: Content by column id.
        mark: As the last refresh left it.
    """

    key: str
    cells: Mapping[str, Content]
    mark: str = ""


@dataclass(frozen=True)
class Standing:
    """A shared table as it stands in the workbook.

    Attributes:
        lines: In the order of the sheet.
        offered: Digests of every key that was ever suggested: what a person deleted does not come back.
    """

    lines: tuple[Line, ...] = ()
    offered: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Wanted:
    """A line that Refresh suggests.

    Attributes:
        key: Stable from refresh to refresh; equal in every language.
        cells: Suggested content by column id.
    """

    key: str
    cells: Mapping[str, Content]


class LineState(StrEnum):
    """What a line is."""

    SUGGESTED = "suggested"  # by Refresh, with or without changes
    OWN = "own"  # a person's
    GONE = "gone"  # once suggested; the data no longer give it
    FREE = "free"


@dataclass(frozen=True)
class Settled:
    """A line as it is to stand.

    Attributes:
        key: Empty for a free line.
        state: What it is.
        cells: Content of suggested and people's columns, as it will stand.
        written: Suggested columns that Refresh writes; in all others the content stays a person's.
        stale: Columns a person changed, and whose suggestion is another one since then.
        changed: Whether a person changed a suggested cell or filled in one for people.
        mark: To be kept in the workbook.
    """

    key: str
    state: LineState
    cells: Mapping[str, Content]
    written: frozenset[str] = frozenset()
    stale: frozenset[str] = frozenset()
    changed: bool = False
    mark: str = ""

    def text(self, column: str) -> str:
        """Return the text of a cell, empty where there is none."""
        value = self.cells.get(column)
        return "" if value is None else str(value).strip()

    def number(self, column: str) -> float | None:
        """Return the number of a cell, or None where there is none."""
        value = self.cells.get(column)
        if isinstance(value, bool) or value is None:
            return None
        if isinstance(value, date):
            return number_of(value)
        try:
            return float(value)
        except ValueError:
            return None

    def day(self, column: str) -> date | None:
        """Return the day of a cell, or None where there is none."""
        number = self.number(column)
        return day_of(number) if number and 20000 < number < 80000 else None


@dataclass(frozen=True)
class Agreed:
    """What comes of a table.

    Attributes:
        lines: In the order of the sheet, free ones too.
        offered: As of `Standing`, with the keys of now.
    """

    lines: tuple[Settled, ...]
    offered: frozenset[str]

    @property
    def used(self) -> tuple[Settled, ...]:
        """The lines that hold something."""
        return tuple(line for line in self.lines if line.state is not LineState.FREE)


def settle(
    table: SharedTable, standing: Standing, wanted: Sequence[Wanted], *, keep_gone: bool = True
) -> Agreed:
    """Bring together what stands and what is suggested; nothing that a person typed is lost.

    Lines stay where they are. A suggestion without a line takes the first free one, or a new one at the end; one
    that a person deleted stays deleted. Of two lines with one key, the second is a person's copy.

    Args:
        table: Its columns.
        standing: What the workbook holds.
        wanted: Suggestions in the order they are to be listed.
        keep_gone: Keep lines that are no longer suggested even where nobody changed or filled anything in.
    """
    suggestions = {each.key: each for each in wanted}
    seen: set[str] = set()
    found = [_settled(table, line, suggestions, seen, keep_gone=keep_gone) for line in standing.lines]
    offered = standing.offered
    free = [place for place, line in enumerate(found) if line.state is LineState.FREE]
    for each in wanted:
        mark = digest(each.key)
        if each.key in seen or mark in offered:
            continue
        if free:
            place = free.pop(0)
            found[place] = _fresh(table, each)
        else:
            found.append(_fresh(table, each))
    if not standing.lines:
        found += [Settled("", LineState.FREE, _empty(table))] * (table.rows - len(found))
    # What Refresh itself took away may come back.
    freed = {
        digest(line.key) for line, now in zip(standing.lines, found, strict=False) if line.key and not now.key
    }
    return Agreed(tuple(found), (offered - freed) | {digest(each.key) for each in wanted})


def _settled(
    table: SharedTable,
    line: Line,
    suggestions: Mapping[str, Wanted],
    seen: set[str],
    *,
    keep_gone: bool,
) -> Settled:
    theirs = {
        column.id: _tidy(line.cells.get(column.id))
        for column in table.columns
        if column.writer is not Writer.REFRESH
    }
    typed = any(value is not None for value in theirs.values())
    key = line.key if line.key not in seen else ""
    if not key and not typed:
        return Settled("", LineState.FREE, theirs)
    if not key or key.startswith(OWN):
        key = key or _own_key(theirs, seen)
        seen.add(key)
        return Settled(key, LineState.OWN, theirs, changed=True)
    seen.add(key)
    marks = _marks(line.mark)
    suggestion = suggestions.get(key)
    cells, written, stale = dict(theirs), set(), set()
    kept: dict[str, Marks] = {}
    changed = False
    for column in table.columns:
        if column.writer is Writer.PEOPLE:
            changed = changed or theirs[column.id] is not None
        if column.writer is not Writer.SUGGESTED:
            continue
        now = digest(theirs[column.id])
        belongs, before, last = marks.get(column.id, (now,) * 3)
        fresh = digest(suggestion.cells.get(column.id)) if suggestion else last
        if now == belongs or (
            column.refills and theirs[column.id] is None
        ):  # as Refresh wrote it, or given back
            if suggestion:
                cells[column.id] = suggestion.cells.get(column.id)
                written.add(column.id)
            kept[column.id] = (fresh,) * 3
            continue
        changed = True
        belongs = last if now != before else belongs  # a new text was written in sight of the last suggestion
        if fresh != belongs:
            stale.add(column.id)
        kept[column.id] = (belongs, now, fresh)
    if suggestion is None and not changed and not keep_gone:
        return Settled("", LineState.FREE, dict.fromkeys(theirs), frozenset(kept))
    state = LineState.SUGGESTED if suggestion else LineState.GONE
    return Settled(key, state, cells, frozenset(written), frozenset(stale), changed, _mark(kept))


def _fresh(table: SharedTable, wanted: Wanted) -> Settled:
    columns = [column.id for column in table.columns if column.writer is Writer.SUGGESTED]
    cells = {column: wanted.cells.get(column) for column in columns}
    marks = {column: (digest(value),) * 3 for column, value in cells.items()}
    state = LineState.SUGGESTED
    return Settled(wanted.key, state, _empty(table) | cells, frozenset(columns), mark=_mark(marks))


def _empty(table: SharedTable) -> dict[str, Content]:
    return {column.id: None for column in table.columns if column.writer is not Writer.REFRESH}


def digest(value: Content) -> str:
    """Return a short digest of what a cell holds; a day and its serial number are the same, so are 1 and 1.0."""
    if isinstance(value, date):
        value = day_number(value)
    if isinstance(value, int | float):
        text = f"{float(value):.12g}"
    else:
        text = "" if value is None else value.strip().replace("\r\n", "\n")
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _tidy(value: Content) -> Content:
    return None if isinstance(value, str) and not value.strip() else value


def _own_key(cells: Mapping[str, Content], seen: set[str]) -> str:
    """Return a key for a line that a person began: of its content, so that the same refresh gives the same key."""
    base = digest("|".join(f"{column}={value}" for column, value in cells.items()))
    number = 0
    while (key := f"{OWN}{base}{f'-{number}' if number else ''}") in seen:
        number += 1
    return key


def _mark(marks: Mapping[str, Marks]) -> str:
    return ";".join(f"{column}:{'/'.join(each)}" for column, each in marks.items())


def _marks(text: str) -> dict[str, Marks]:
    found = {}
    for part in text.split(";"):
        column, _, digests = part.partition(":")
        each = digests.split("/")
        if len(each) == 3:
            found[column] = (each[0], each[1], each[2])
    return found


def handed_on(table: SharedTable, standing: Standing, columns: Collection[str]) -> Standing:
    """Return a table for next year's workbook: some columns as people left them, the others free for suggestions."""
    kept = [
        column.id
        for column in table.columns
        if column.writer is not Writer.REFRESH and ("*" in columns or column.id in columns)
    ]
    lines = []
    for line in standing.lines:
        marks = {column: each for column, each in _marks(line.mark).items() if column in kept}
        cells = {column: line.cells.get(column) for column in kept}
        if line.key or any(_tidy(value) is not None for value in cells.values()):
            lines.append(Line(line.key, _empty(table) | cells, _mark(marks)))
    free = Line("", _empty(table))
    lines += [free] * (table.rows - len(lines))
    return Standing(tuple(lines), standing.offered)
