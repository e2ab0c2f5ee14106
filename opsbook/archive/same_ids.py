"""One id in two spellings: ``00123`` and the ``123`` that Excel makes of it, ``12E5`` and its ``1200000``.

Which of two files Excel has changed, nothing tells; that two numbers differ in such a way alone, and are two orders,
does not happen. The spelling that came first counts for both, and a warning names them. Where one table has both
spellings, its writer keeps them apart, and so does the archive.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from opsbook.issues import Issue
from opsbook.schemas import FieldType, schemas

if TYPE_CHECKING:
    import duckdb

    from opsbook.intake.table import Reading, Table

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
        self._first: dict[tuple[str, str], dict[str, str]] = {}

    def unify(self, reading: Reading) -> list[Issue]:
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
                            column=schema.by_name[name].headers[0],
                            detail=pairs + (", …" if len(changed) > _NAMED else ""),
                            times=len(changed),
                        )
                    )
        return issues

    def _unify(self, table: Table, name: str) -> dict[str, str]:
        column = table.columns[name]
        here = {each for each in set(column.tolist()) if each and len(each) <= _LONGEST and each[0].isdigit()}
        first = self._spellings(table.kind, name, here)
        changed = {}
        for spelling in here:
            other = first.setdefault(plain(spelling), spelling)
            if other != spelling and other not in here:
                changed[spelling] = other
        if changed:
            table.columns[name] = column.copy()
            table.columns[name][:] = [changed.get(each, each) for each in column.tolist()]
        return dict(sorted(changed.items()))

    def _spellings(self, kind: str, name: str, here: Collection[str]) -> dict[str, str]:
        """Return the first spelling of ids by what Excel makes of them, those of the archive among them."""
        known = self._first.get((kind, name))
        if known is None:
            known = self._first[kind, name] = dict(
                self._archived(kind, name, f"regexp_matches(\"{name}\", '{_ODD}')")
            )
        odd = [plain(each) for each in here if plain(each) != each]
        if missing := [each for each in odd if each not in known]:
            known |= self._archived(kind, name, f'"{name}" IN (SELECT unnest(?))', missing)
        return known

    def _archived(
        self, kind: str, name: str, where: str, values: list[str] | None = None
    ) -> Mapping[str, str]:
        rows = self._connection.execute(
            f'SELECT DISTINCT "{name}" FROM "{kind}" WHERE {where}', [values] if values is not None else []
        ).fetchall()
        return {plain(spelling): spelling for (spelling,) in sorted(rows, reverse=True)}
