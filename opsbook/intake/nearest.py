"""Why a table was not recognised: the headers that are there, and what the nearest kinds lack."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from opsbook.intake.header_candidates import Candidate, header_text, written
from opsbook.intake.redaction import discreet
from opsbook.schemas import finer, known_headers, normalise_header

if TYPE_CHECKING:
    from opsbook.intake.grid import Grid

_NEAREST = 3


def nearest(candidates: Sequence[Candidate], grid: Grid, looked_at: range) -> str:
    """Say which headers stood there and what the nearest kinds lack."""
    best: dict[str, Candidate] = {}
    for candidate in candidates:
        other = best.get(candidate.schema.kind)
        if other is None or len(candidate.columns) > len(other.columns):
            best[candidate.schema.kind] = candidate
    ranked = sorted(best.values(), key=lambda c: len(c.columns), reverse=True)[:_NEAREST]
    if ranked:
        row = ranked[0].last
        there = [discreet_header(written(grid, row, column)) for column in sorted(ranked[0].names)]
    else:
        row = max(
            looked_at,
            key=lambda number: sum(map(bool, map(header_text, grid.row(number)))),
            default=looked_at.start,
        )
        cells = [cell for cell in _row(grid, row) if str(cell or "").strip()]
        # A table without a header: its first row may name a buyer, and is not to be quoted.
        data = any(not isinstance(cell, str) or _DATA_LIKE.search(cell) for cell in cells)
        there = [] if data else [discreet_header(" ".join(str(cell).split())[:30]) for cell in cells]
    parts = [f"[{row + 1}] {_listed(there)}"] if there else []
    parts += [_lack(candidate) for candidate in ranked]
    return "; ".join(parts)


def discreet_header(text: str) -> str:
    """Return a header as a message may show it: one that no export has may be a buyer's name beside a known word."""
    return text if normalise_header(text) in known_headers() else discreet(text)


_DATA_LIKE = re.compile(r"@|\d{3}|\d[-/.:]\d")  # a mail, a phone, an id, a day: headers have none


def _row(grid: Grid, number: int) -> Sequence[object]:
    return grid.row(number) if number < grid.height else ()


def _listed(names: list[str]) -> str:
    return "、".join(names[:12]) + ("…" if len(names) > 12 else "")


def _lack(candidate: Candidate) -> str:
    schema = candidate.schema
    present = {owner.name for owner in candidate.columns.values()}
    lacking = [
        "/".join(schema.by_name[name].headers[0] for name in entry.split("|"))
        for entry in schema.lacks(present)
    ]
    against = sorted(candidate.marks & finer(schema.kind))
    facts = [f"− {_listed(lacking)}"] if lacking else []
    facts += [f"≠ {_listed(against)}"] if against else []
    return f"{schema.title.zh} / {schema.title.en}: {' '.join(facts)}"
