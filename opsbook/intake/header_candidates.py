"""Bands of rows read as the header of one kind: which field each column is, and under which header."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from opsbook.intake.header_text import EXACT, FOREIGN_UNIT, Match, headers_meant, matches
from opsbook.schemas import Field, Schema, normalise_header

if TYPE_CHECKING:
    from opsbook.intake.grid import Grid

_BAND = 3  # merged headers take up to so many rows
_HEADER_LENGTH = 80

normal = lru_cache(maxsize=20_000)(normalise_header)


@dataclass
class Candidate:
    """A band of rows read as the header of one kind.

    Attributes:
        schema: The kind.
        first: Its first row.
        last: Its last row.
        columns: Fields by column.
        names: Headers as the file writes them, by column.
        unknown: Columns without a field.
        again: Columns whose field another column has, and the field.
        units: Units in the headers, by column.
        texts: Normalised headers; what a person mapped stands under the kind's own name.
        marks: Every header of any kind that a text may be read as, decoration taken off.
        read: Headers of the kind that the columns were read as, decoration taken off.
        rows_used: Rows that gave a column.
    """

    schema: Schema
    first: int
    last: int
    columns: dict[int, Field] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    unknown: list[int] = field(default_factory=list)
    again: dict[int, Field] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)
    marks: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    rows_used: set[int] = field(default_factory=set)


def header_text(cell: object) -> str:
    """Return a cell that can be a header, and an empty text for every other one."""
    return cell if isinstance(cell, str) and 0 < len(cell) <= _HEADER_LENGTH and not cell.isspace() else ""


def candidates_of(
    schema: Schema, texts: list[list[str]], start: int, grid: Grid, mapped: dict[str, str]
) -> list[Candidate]:
    """Return the bands whose first and last row both hold a header of ``schema``."""
    fields = {header: schema.by_name[field_name] for header, field_name in mapped.items()}

    def known(text: str) -> bool:
        return bool(text) and (schema.kind in matches(text) or normal(text) in fields)

    hits = [any(map(known, row)) for row in texts]
    found = []
    for first, hit in enumerate(hits):
        for last in range(first, min(first + _BAND, len(texts))):
            if hit and hits[last]:
                candidate = Candidate(schema, start + first, start + last)
                _fill(candidate, texts[first : last + 1], grid, fields)
                # A band counts only where its first and its last row give a column each.
                if last == first or {candidate.first, candidate.last} <= candidate.rows_used:
                    found.append(candidate)
    return found


def _fill(candidate: Candidate, rows: list[list[str]], grid: Grid, mapped: Mapping[str, Field]) -> None:
    """Give each column its lowest known header, an exact one before a decorated one, else its lowest text."""
    read: dict[int, tuple[Match, int]] = {}
    for column in range(grid.width):
        texts = [
            (offset, rows[offset][column]) for offset in range(len(rows) - 1, -1, -1) if rows[offset][column]
        ]
        if not texts:
            continue
        known = [
            (match, offset) for offset, text in texts if (match := _match(candidate.schema, text, mapped))
        ]
        if known:
            read[column] = min(known, key=lambda each: each[0].rank > EXACT)
        match, offset = read.get(column, (None, texts[0][0]))
        text = rows[offset][column]
        candidate.names[column] = written(grid, candidate.first + offset, column)
        ours = bool(match) and normal(text) in mapped
        candidate.texts.add(normal(match.owner.headers[0]) if match and ours else normal(text))
        candidate.marks |= {match.header} if match and ours else headers_meant(text)
    best: dict[str, int] = {}  # of columns with one field the one that is least decorated, else the leftmost
    for column, (match, _) in read.items():
        other = best.get(match.owner.name)
        if other is None or match.rank < read[other][0].rank:
            best[match.owner.name] = column
    for column in sorted(candidate.names):
        if column not in read:
            candidate.unknown.append(column)
            continue
        match, offset = read[column]
        candidate.rows_used.add(candidate.first + offset)
        candidate.read.add(match.header)
        if match.unit:
            candidate.units[column] = match.unit
        if best[match.owner.name] == column:
            candidate.columns[column] = match.owner
        elif match.rank == FOREIGN_UNIT:  # 花费(USD) beside 花费(元) is another amount
            candidate.unknown.append(column)
        else:
            candidate.again[column] = match.owner


def _match(schema: Schema, text: str, mapped: Mapping[str, Field]) -> Match | None:
    if owner := mapped.get(normal(text)):
        return Match(owner, normal(owner.headers[0]), EXACT)
    return matches(text).get(schema.kind)


def written(grid: Grid, row: int, column: int) -> str:
    """Return a header as the file writes it, in one line."""
    return " ".join(str(grid.row(row)[column]).split())
