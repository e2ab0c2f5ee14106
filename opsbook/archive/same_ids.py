"""One id in two spellings: ``00123`` and the ``123`` that Excel makes of it, ``12E5`` and its ``1200000``.

Which of two files Excel has changed, nothing tells; that two numbers differ in such a way alone, and are two orders,
does not happen. The spelling that came first counts for both, and a warning names them. Where one table has both
spellings, its writer keeps them apart, and so does the archive.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from opsbook.domain.issues import Issue
from opsbook.schemas import FieldType, schemas

if TYPE_CHECKING:
    import duckdb

    from opsbook.intake.clean_tables import CleanTable, SourceReading

_LONGEST = 15  # digits that a cell of Excel keeps; longer ids are refused where they became numbers
_POWER = re.compile(r"(\d{1,9})[eE](\d{1,2})")
_ODD = r"^0\d+$|^\d+[eE]\d+$"  # the spellings that Excel changes
_NAMED = 3  # pairs that a warning names


def plain(spelling: str) -> str:
    """Return what Excel makes of an id; the id itself where that is the same or no number."""
    if len(spelling) > _LONGEST or not spelling[:1].isdigit():
        return spelling
    if spelling.isdecimal():
        return spelling.lstrip("0") or "0"
    if match := _POWER.fullmatch(spelling):
        number = match[1].lstrip("0") + "0" * int(match[2])
        return number if len(number) <= _LONGEST else spelling
    return spelling


class SameIds:
    """The spellings of ids in an archive and in what is being taken in."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._known: dict[tuple[str, str], dict[str, list[str]]] = {}

    def unify(self, reading: SourceReading) -> list[Issue]:
        """Give the ids of a reading's tables the spelling that came first; return the warnings."""
        issues = []
        for table in reading.tables:
            schema = schemas()[table.kind]
            for name in schema.key:
                if name not in table.columns or schema.by_name[name].type is not FieldType.ID:
                    continue
                if changed := self._unify(table, name):
                    pairs = ", ".join(f"{new} = {old}" for new, old in list(changed.items())[:_NAMED])
                    issues.append(
                        Issue(
                            "id.same",
                            reading.source.name,
                            table.sheet,
                            column=schema.by_name[name].label,
                            detail=pairs + (", …" if len(changed) > _NAMED else ""),
                            times=len(changed),
                        )
                    )
        return issues

    def _unify(self, table: CleanTable, name: str) -> dict[str, str]:
        column = table.columns[name]
        here = {each for each in set(column.tolist()) if each and len(each) <= _LONGEST and each[0].isdigit()}
        known = self._spellings(table.kind, name, here)
        changed = {}
        for spelling in sorted(here):
            others = known.setdefault(plain(spelling), [])
            if spelling in others:
                continue
            if others and here.isdisjoint(others):
                changed[spelling] = others[0]
            else:
                others.append(spelling)
        if changed:
            table.columns[name] = column.copy()
            table.columns[name][:] = [changed.get(each, each) for each in column.tolist()]
        return changed

    def _spellings(self, kind: str, name: str, here: Collection[str]) -> dict[str, list[str]]:
        """Return the spellings of ids, first ones first, by what Excel makes of them; the archive's among them."""
        known = self._known.get((kind, name))
        if known is None:
            known = self._known[kind, name] = {}
            odd = self._archived(kind, name, f"regexp_matches(\"{name}\", '{_ODD}')", [])
            _note(known, odd)
        # Beside a spelling that Excel changes, what it makes of it may be in the archive, and the other way round.
        doubtful = {plain(each) for each in here if plain(each) != each or plain(each) in known}
        if doubtful:
            _note(known, self._archived(kind, name, f'"{name}" IN (SELECT unnest(?))', [sorted(doubtful)]))
        return known

    def _archived(self, kind: str, name: str, where: str, values: list[list[str]]) -> list[str]:
        rows = self._connection.execute(f'SELECT DISTINCT "{name}" FROM "{kind}" WHERE {where}', values)
        return sorted(spelling for (spelling,) in rows.fetchall())


def _note(known: dict[str, list[str]], spellings: Iterable[str]) -> None:
    for spelling in spellings:
        others = known.setdefault(plain(spelling), [])
        if spelling not in others:
            others.append(spelling)
