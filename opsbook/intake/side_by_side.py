"""Tables side by side: the same headers twice in a row of headers, for two years, weeks or stores.

A column that stands twice is no table: 月曝光量 may, and a growth column stands after each number. A block is what could
be a table of its own, or a group of numbers under a shared key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from opsbook.intake.unit_words import unit_class
from opsbook.schemas import Field, FieldType, PeriodRule
from opsbook.schemas.spelling import folded

if TYPE_CHECKING:
    from opsbook.intake.grid import Grid
    from opsbook.intake.recognise import Header

_CURRENT = re.compile(r"[本当]|今年|this|current", re.IGNORECASE)
_EARLIER = re.compile(r"[上去前同昨]|对比|比较|last|previous|prior|compar", re.IGNORECASE)
_LEAST_GROUP = 2  # so many repeated numbers are a group even without a title


@dataclass(frozen=True)
class SideTable:
    """One of several tables under one row of headers.

    Attributes:
        grid: Its columns alone.
        header: Its header, columns counted in ``grid``.
        titles: Texts above its own columns, the leftmost columns that all blocks share left out.
        own_key: It has a key and a period column of its own.
    """

    grid: Grid
    header: Header
    titles: tuple[str, ...]
    own_key: bool

    @property
    def label(self) -> str:
        """What a person calls the block: its title, else its first header."""
        return self.titles[-1] if self.titles else next(iter(self.header.names.values()), "")


def blocks(grid: Grid, header: Header, top: int) -> list[SideTable]:
    """Return the blocks of a header; empty when it is one table.

    Args:
        grid: The sheet.
        header: A recognised header.
        top: The first row above the header that belongs to it.
    """
    if not any(owner.type is not FieldType.IGNORED for owner in header.again.values()):
        return []
    parts = _parts(header)
    shared: list[int] = []
    if not all(_complete(header, part) for part in parts):
        repeated = {owner.name for part in parts[1:] for owner in part.values()}
        shared = [column for column, owner in parts[0].items() if owner.name not in repeated]
        parts[0] = {column: owner for column, owner in parts[0].items() if column not in shared}
        if not _groups(parts, shared):
            return []
    starts = [min(part) for part in parts]
    bounds = [*starts[1:], grid.width]
    titles = [
        _titles(grid, header, top, range(start, stop)) for start, stop in zip(starts, bounds, strict=True)
    ]
    if shared and len(parts[1]) < _LEAST_GROUP and not all(titles):
        return []
    found = []
    for number, part in enumerate(parts):
        first = 0 if number == 0 and not shared else starts[number]
        chosen = [*(column for column in shared if column < first), *range(first, bounds[number])]
        own = part | {column: header.columns[column] for column in shared}
        found.append(_block(grid, header, chosen, own, (titles[number], not shared)))
    return found


def compared_with_earlier(found: list[SideTable]) -> bool:
    """Whether the first block is called the current period and the others earlier ones."""
    return all(block.titles for block in found) and (
        bool(_CURRENT.search(found[0].label))
        and all(_EARLIER.search(block.label) and not _CURRENT.search(block.label) for block in found[1:])
    )


def _parts(header: Header) -> list[dict[int, Field]]:
    """Return the columns from left to right, parted where a field comes again."""
    owners = dict(sorted((header.columns | header.again).items()))
    parts: list[dict[int, Field]] = [{}]
    seen: set[str] = set()
    for column, owner in owners.items():
        if owner.type is FieldType.IGNORED:
            parts[-1][column] = owner
            continue
        if owner.name in seen:
            parts.append({})
            seen = set()
        seen.add(owner.name)
        parts[-1][column] = owner
    return parts


def _complete(header: Header, part: dict[int, Field]) -> bool:
    present = {owner.name for owner in part.values()}
    schema = header.schema
    if schema.period is PeriodRule.COLUMN and schema.period_field not in present:
        return False
    return all(present & alternatives for alternatives in schema.required)


def _groups(parts: list[dict[int, Field]], shared: list[int]) -> bool:
    """Whether each part has the same numbers, under a key on the left that they share."""
    first = {owner.name for owner in parts[0].values() if owner.type is not FieldType.IGNORED}
    same = all(
        {owner.name for owner in part.values() if owner.type is not FieldType.IGNORED} == first
        for part in parts[1:]
    )
    return bool(first) and same and bool(shared) and max(shared) < min(parts[0])


def _titles(grid: Grid, header: Header, top: int, columns: range) -> tuple[str, ...]:
    found = []
    for number in range(top, header.last + 1):
        for column in columns:
            cell = grid.row(number)[column]
            in_header = number >= header.first and header.names.get(column) == " ".join(str(cell).split())
            if isinstance(cell, str) and cell.strip() and not in_header and not unit_class(folded(cell)):
                found.append(cell)
    return tuple(found)


def _block(
    grid: Grid, header: Header, chosen: list[int], own: dict[int, Field], facts: tuple[tuple[str, ...], bool]
) -> SideTable:
    places = {column: place for place, column in enumerate(chosen)}
    columns: dict[int, Field] = {}
    for column in sorted(own):
        if own[column].name not in {owner.name for owner in columns.values()}:
            columns[places[column]] = own[column]
    mine = replace(
        header,
        columns=columns,
        names={places[column]: name for column, name in header.names.items() if column in places},
        unknown=tuple(places[column] for column in header.unknown if column in places),
        repeated=(),
        units={places[column]: unit for column, unit in header.units.items() if column in places},
        again={},
    )
    return SideTable(grid.picking(chosen), mine, *facts)
