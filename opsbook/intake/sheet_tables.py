"""The tables of one sheet, and which of a file's tables only add up another: the account by day beside its plans."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from opsbook.intake import side_by_side, stacked
from opsbook.intake.clean import clean_table
from opsbook.intake.file_period import Surroundings, stated
from opsbook.intake.grid import Grid
from opsbook.intake.ipc import Parcel
from opsbook.intake.issue_collector import IssueCollector
from opsbook.intake.nearest import discreet_header
from opsbook.intake.recognise import Header
from opsbook.intake.redaction import discreet, without_contacts
from opsbook.intake.sums import additive, amounts
from opsbook.schemas import PeriodRule, schemas

_CENT = 0.02


@dataclass(frozen=True)
class Section:
    """A table on a sheet.

    Attributes:
        grid: The sheet.
        header: The header of the table; of one that is not recognised, the header of the table above it.
        top: The first row above the header that belongs to it.
        data: Its rows.
        around: What may say its period.
        known: Where no kind claims it: its fields by column.
    """

    grid: Grid
    header: Header
    top: int
    data: range
    around: Surroundings
    known: Mapping[int, str] | None = None


def sections(
    grid: Grid,
    header: Header,
    find: Callable[[int, int], Header | None],
    surroundings: Callable[[range, tuple[str, ...]], Surroundings],
) -> list[Section]:
    """Return the first table of a sheet and those under it, each from its own header to the next.

    Args:
        grid: The sheet.
        header: The header of the first table.
        find: Gives the header that begins in some rows: the first of them, how many.
        surroundings: Gives what may say a period: rows above the header, texts of the table before.
    """
    found: list[Section] = []
    start = 0
    before: tuple[str, ...] = ()  # a table pasted below another without its own title has the other's
    begins: stacked.Start = stacked.Start(header.first, header, {})
    current = header
    for following in [*stacked.further_tables(grid, header, find), None]:
        last = begins.header.last if begins.header else begins.row
        stop = _preamble(grid, following.row, last + 1) if following else grid.height
        current = begins.header or current
        around = surroundings(range(start, begins.row), before)
        known = None if begins.header else begins.known
        found.append(Section(grid, current, start, range(last + 1, stop), around, known))
        if following:
            start, before, begins = stop, around.above, following
    return found


def read_sections(
    found: list[Section], tally: IssueCollector, report: Callable[[Section, bool], None]
) -> list[Parcel]:
    """Return the clean tables of a file; one that only adds up others is left out, with an issue.

    Args:
        found: The tables of all sheets.
        tally: Takes the issues.
        report: Reports the columns of a table that are not used; the flag says that it stands in blocks.
    """
    read: list[tuple[Section, Parcel]] = []
    for section in found:
        if section.known is not None:
            continue
        parts = side_by_side.blocks(section.grid, section.header, section.top)
        report(section, bool(parts))
        if parts:
            read += [(section, parcel) for parcel in _read_blocks(section, parts, tally)]
        elif parcel := clean_table(section.grid, section.header, section.data, section.around, tally):
            read.append((section, parcel))
    for section in found:
        if section.known is not None:
            _report_unread(section, [parcel for other, parcel in read if other.grid is section.grid], tally)
    return [parcel for section, parcel in read if not _total_of_others(section, parcel, read, tally)]


def _read_blocks(
    section: Section, parts: list[side_by_side.SideTable], tally: IssueCollector
) -> list[Parcel]:
    """Clean tables that stand side by side, when it is certain which period each is of; else ask."""
    schema = section.header.schema
    own = [replace(section.around, name="", given="", above=part.titles) for part in parts]
    periods = [stated(each) for each in own]
    of_their_own = parts[0].own_key and schema.period in (PeriodRule.COLUMN, PeriodRule.EVENT)
    differ = all(periods) and len({(each.start, each.end) for each in periods if each}) == len(parts)
    masked = discreet if schema.has_private else without_contacts
    labels = "、".join(masked(" ".join(part.label.split())) for part in parts)
    where = {"sheet": section.around.sheet, "row": section.header.last + 1}
    if not of_their_own and not (differ and schema.period is not PeriodRule.COLUMN):
        if not side_by_side.compared_with_earlier(parts):
            tally.add("table.side_by_side", **where, value=labels)  # type: ignore[arg-type]
            return []
        tally.add("table.compared", **where, value=labels)  # type: ignore[arg-type]
        parts = parts[:1]
        own = [section.around]
    read: list[Parcel] = []
    for part, around in zip(parts, own, strict=True):
        texts = around.above or section.around.above
        mine = replace(section.around, above=texts) if len(parts) > 1 else section.around
        if parcel := clean_table(part.grid, part.header, section.data, mine, tally):
            read.append(parcel)
    if of_their_own and schema.period is PeriodRule.COLUMN and _overlap(read):
        tally.add("table.side_by_side", **where, value=labels)  # type: ignore[arg-type]
        return []
    return read


def _overlap(read: list[Parcel]) -> bool:
    """Whether two tables have rows of one key and period."""
    seen: set[tuple[object, ...]] = set()
    for parcel in read:
        table = parcel.unpacked()
        keys = [table.columns[name] for name in schemas()[parcel.kind].key if name in table.columns]
        rows = set(
            zip(table.start.tolist(), table.end.tolist(), *(key.tolist() for key in keys), strict=True)
        )
        if seen & rows:
            return True
        seen |= rows
    return False


def _report_unread(section: Section, above: list[Parcel], tally: IssueCollector) -> None:
    """Say of a table that no kind claims whether it only adds up one above it."""
    head = section.data.start - 1
    cells = [
        discreet_header(" ".join(str(cell).split()))
        for cell in section.grid.row(head)
        if cell not in ("", None)
    ]
    known = section.known or {}
    same = bool(known) and any(_adds_up(section, parcel) for parcel in above)
    code = "table.total" if same else "table.below"
    tally.add(code, sheet=section.around.sheet, row=head + 1, value="、".join(cells[:6]))


def _adds_up(section: Section, parcel: Parcel) -> bool:
    owners = schemas()[parcel.kind].by_name
    sums = {
        name: float(np.nansum(amounts(section.grid.column(column, section.data.start, section.data.stop))))
        for column, name in (section.known or {}).items()
        if name in parcel.columns and additive(owners[name])
    }
    columns = parcel.unpacked().columns
    return bool(sums) and all(
        _close(value, float(np.nansum(columns[name].astype(np.float64)))) for name, value in sums.items()
    )


def _total_of_others(
    section: Section, parcel: Parcel, read: list[tuple[Section, Parcel]], tally: IssueCollector
) -> bool:
    """Whether a table lacks a name of the key that another one of its kind has, and speaks of the same periods.

    The account's total by day must never be added to the plans by day. On one sheet it is left out in any event, on
    another one only where its sums say that it is a total.
    """
    keys = _key_columns(section)
    others = [
        (other, theirs)
        for other, theirs in read
        if theirs.kind == parcel.kind and keys < _key_columns(other) and "order_id" not in keys
    ]
    if not others or not len(parcel.row):
        return False
    mine = _by_period(parcel)
    parts: dict[tuple[str, object], float] = {}
    for _, theirs in others:
        for key, value in _by_period(theirs).items():
            parts[key] = parts.get(key, 0.0) + value
    shared = mine.keys() & parts.keys()
    same = shared == mine.keys() and all(_close(mine[key], parts[key]) for key in mine)
    if not same and (not shared or all(other.grid is not section.grid for other, _ in others)):
        return False
    code = "table.total" if same else "table.beside"
    names = "、".join(list(section.header.names.values())[:6])
    tally.add(code, sheet=section.around.sheet, row=section.header.last + 1, value=names)
    return True


def _key_columns(section: Section) -> frozenset[str]:
    present = {owner.name for owner in section.header.columns.values()}
    return frozenset(present.intersection(section.header.schema.key))


def _by_period(parcel: Parcel) -> dict[tuple[str, object], float]:
    """Return the sums of the additive fields by field and period."""
    table = parcel.unpacked()
    owners = schemas()[parcel.kind].by_name
    sums: dict[tuple[str, object], float] = {}
    spans = list(zip(table.start.tolist(), table.end.tolist(), strict=True))
    for name, values in table.columns.items():
        if name in owners and additive(owners[name]):
            for span, value in zip(spans, values.tolist(), strict=True):
                if value == value:  # noqa: PLR0124 - not NaN
                    sums[name, span] = sums.get((name, span), 0.0) + float(value)
    return sums


def _close(one: float, other: float) -> bool:
    return abs(one - other) <= _CENT + 1e-6 * abs(other)


def _preamble(grid: Grid, row: int, lowest: int) -> int:
    """Return the row where the title lines above a further header begin."""
    top = row
    while top > lowest and top > row - 10 and sum(cell not in ("", None) for cell in grid.row(top - 1)) <= 1:
        top -= 1
    return top
