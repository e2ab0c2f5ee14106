"""Which kind of export a table is: by its header row, found by name in the first rows of a sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from opsbook.intake.discreet import discreet
from opsbook.schemas import Field, PeriodRule, Schema, normalise_header, schemas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opsbook.intake.grid import Grid
    from opsbook.intake.header_map import HeaderMap

HEADER_ROWS = 20  # the header stands within so many rows
_BAND = 3  # merged headers take up to so many rows
_NEAREST = 3
_HEADER_LENGTH = 80

_normal = lru_cache(maxsize=20_000)(normalise_header)


@dataclass(frozen=True)
class Header:
    """A recognised header.

    Attributes:
        schema: The one kind that claims it.
        first: First row of the header (0 is the sheet's first).
        last: Its last row; data begin below.
        columns: Our fields by column number, left to right.
        names: Headers as the file writes them, by column number.
        unknown: Columns with a header that no field has.
        repeated: Columns whose field stands further left already.
    """

    schema: Schema
    first: int
    last: int
    columns: dict[int, Field]
    names: dict[int, str]
    unknown: tuple[int, ...]
    repeated: tuple[int, ...]


@dataclass
class Search:
    """What was found.

    Attributes:
        header: The header, when exactly one kind claims it.
        kinds: All kinds that claim it.
        matches: How many headers the best row has in common with one kind.
        detail: For a person: what was there and what the nearest kinds lack.
    """

    header: Header | None = None
    kinds: tuple[str, ...] = ()
    matches: int = 0
    detail: str = ""


@dataclass
class _Candidate:
    """A band of rows read as the header of one kind."""

    schema: Schema
    first: int
    last: int
    columns: dict[int, Field] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    unknown: list[int] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)  # normalised, mapped headers under the schema's own name
    rows_used: set[int] = field(default_factory=set)


def find_header(
    grid: Grid,
    name: str,
    maps: HeaderMap,
    *,
    start: int = 0,
    rows: int = HEADER_ROWS,
    period_known: bool = False,
) -> Search:
    """Look for a header in ``rows`` rows from ``start``.

    Args:
        grid: The sheet.
        name: The file's name, for the rules of the header map.
        maps: What people said about headers.
        start: First row to look at.
        rows: How many rows to look at.
        period_known: The period of the whole table is known from elsewhere: a period column may be absent.

    Returns:
        The header with the most known columns that exactly one kind claims, or why there is none.
    """
    stop = min(start + rows, grid.height)
    texts = [[_header_text(cell) for cell in grid.row(number)] for number in range(start, stop)]
    candidates = [
        candidate
        for schema in schemas().values()
        for candidate in _candidates(schema, texts, start, grid, maps.fields(schema, name))
    ]
    named = {text for row in texts for text in row if text}
    pinned = maps.kinds(name, named)
    claims = [c for c in candidates if _claims(c, pinned, virtual_period=False)]
    if not claims and period_known:
        claims = [c for c in candidates if _claims(c, pinned, virtual_period=True)]
    matches = max((len(c.columns) for c in candidates), default=0)
    if not claims:
        return Search(matches=matches, detail=_nearest(candidates, texts, grid, start))
    best = max(claims, key=lambda c: (len(c.columns), c.first - c.last, -c.first))
    kinds = tuple(sorted({c.schema.kind for c in claims if (c.first, c.last) == (best.first, best.last)}))
    if len(kinds) > 1:
        titles = [f"{schemas()[kind].title.zh} / {schemas()[kind].title.en} ({kind})" for kind in kinds]
        return Search(kinds=kinds, matches=matches, detail="; ".join(titles))
    header = Header(
        best.schema,
        best.first,
        best.last,
        best.columns,
        best.names,
        tuple(best.unknown),
        tuple(best.repeated),
    )
    return Search(header, kinds, matches)


@cache
def known_headers() -> frozenset[str]:
    """Return every normalised header of every schema."""
    return frozenset(header for schema in schemas().values() for header in schema.by_header)


@cache
def spellings() -> frozenset[object]:
    """Return every header of every schema as files write it, with the space that some end in too."""
    return frozenset(
        spelling
        for schema in schemas().values()
        for owner in schema.fields
        for header in owner.headers
        for spelling in (header, f"{header} ")
    )


def _header_text(cell: object) -> str:
    return _normal(cell) if isinstance(cell, str) and 0 < len(cell) <= _HEADER_LENGTH else ""


def _candidates(
    schema: Schema, texts: list[list[str]], start: int, grid: Grid, mapped: dict[str, str]
) -> list[_Candidate]:
    """Return the bands whose first and last row both hold a header of ``schema``."""
    known = schema.by_header
    fields = {header: schema.by_name[field_name] for header, field_name in mapped.items()}
    ours = fields.keys() | known.keys()
    hits = [not ours.isdisjoint(row) for row in texts]  # a header is no empty text
    found = []
    for first, hit in enumerate(hits):
        for last in range(first, min(first + _BAND, len(texts))):
            if hit and hits[last]:
                candidate = _Candidate(schema, start + first, start + last)
                _fill(candidate, texts[first : last + 1], grid, known, fields)
                # A band counts only where its first and its last row give a column each.
                if last == first or {candidate.first, candidate.last} <= candidate.rows_used:
                    found.append(candidate)
    return found


def _fill(
    candidate: _Candidate,
    rows: list[list[str]],
    grid: Grid,
    known: dict[str, Field],
    mapped: dict[str, Field],
) -> None:
    """Give each column its lowest known header, else its lowest text."""
    seen: set[str] = set()
    for column in range(grid.width):
        lowest = -1
        for offset in range(len(rows) - 1, -1, -1):
            text = rows[offset][column]
            if not text:
                continue
            lowest = offset if lowest < 0 else lowest
            owner = mapped.get(text) or known.get(text)
            if owner is None:
                continue
            candidate.names[column] = _written(grid, candidate.first + offset, column)
            candidate.texts.add(_normal(owner.headers[0]) if text in mapped else text)
            candidate.rows_used.add(candidate.first + offset)
            if owner.name in seen:
                candidate.repeated.append(column)
            else:
                seen.add(owner.name)
                candidate.columns[column] = owner
            break
        else:
            if lowest >= 0:
                candidate.names[column] = _written(grid, candidate.first + lowest, column)
                candidate.texts.add(rows[lowest][column])
                candidate.unknown.append(column)


def _written(grid: Grid, row: int, column: int) -> str:
    return " ".join(str(grid.row(row)[column]).split())


def _claims(candidate: _Candidate, pinned: frozenset[str], *, virtual_period: bool) -> bool:
    schema, texts = candidate.schema, frozenset(candidate.texts)
    if virtual_period:
        if schema.period is not PeriodRule.COLUMN or not schema.period_field:
            return False
        texts |= {_normal(schema.by_name[schema.period_field].headers[0])}
    if pinned:  # a person said which kind it is: another kind's marks no longer speak against it
        present = {owner.name for text in texts if (owner := schema.by_header.get(text))}
        return schema.kind in pinned and all(present & alternatives for alternatives in schema.required)
    return schema.claims(texts)


def _nearest(candidates: list[_Candidate], texts: list[list[str]], grid: Grid, start: int) -> str:
    """Say which headers stood there and what the nearest kinds lack."""
    best: dict[str, _Candidate] = {}
    for candidate in candidates:
        other = best.get(candidate.schema.kind)
        if other is None or len(candidate.columns) > len(other.columns):
            best[candidate.schema.kind] = candidate
    ranked = sorted(best.values(), key=lambda c: len(c.columns), reverse=True)[:_NEAREST]
    if ranked:
        row = ranked[0].last
        there = [discreet_header(_written(grid, row, column)) for column in sorted(ranked[0].names)]
    else:
        fullest = max(range(len(texts)), key=lambda number: sum(map(bool, texts[number])), default=0)
        row = start + fullest
        cells = [cell for cell in _row(grid, row) if str(cell or "").strip()]
        # A table without a header: its first row may name a buyer, and is not to be quoted.
        data = any(not isinstance(cell, str) or _DATA_LIKE.search(cell) for cell in cells)
        there = [] if data else [discreet_header(" ".join(str(cell).split())[:30]) for cell in cells]
    parts = [f"[{row + 1}] {_listed(there)}"] if there else []
    parts += [_lack(candidate) for candidate in ranked]
    return "; ".join(parts)


def discreet_header(text: str) -> str:
    """Return a header as a message may show it: one that no export has may be a buyer's name beside a known word."""
    return text if _normal(text) in known_headers() else discreet(text)


_DATA_LIKE = re.compile(r"@|\d{3}|\d[-/.:]\d")  # a mail, a phone, an id, a day: headers have none


def _row(grid: Grid, number: int) -> Sequence[object]:
    return grid.row(number) if number < grid.height else ()


def _listed(names: list[str]) -> str:
    return "、".join(names[:12]) + ("…" if len(names) > 12 else "")


def _lack(candidate: _Candidate) -> str:
    schema = candidate.schema
    present = {owner.name for owner in candidate.columns.values()}
    lacking = [
        "/".join(schema.by_name[name].headers[0] for name in entry.split("|"))
        for entry, alternatives in zip(schema.requires, schema.required, strict=True)
        if not present & alternatives
    ]
    against = sorted(candidate.texts & schema.excludes)
    facts = [f"− {_listed(lacking)}"] if lacking else []
    facts += [f"≠ {_listed(against)}"] if against else []
    return f"{schema.title.zh} / {schema.title.en}: {' '.join(facts)}"
