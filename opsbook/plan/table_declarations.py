"""Tables that people and Refresh write together, declared in declared/*.toml: who writes which column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from opsbook.domain.declarations import load
from opsbook.domain.language import Language, Text


class Writer(StrEnum):
    """Who writes the cells of a column."""

    REFRESH = "refresh"  # written anew at every refresh
    SUGGESTED = "suggested"  # written by Refresh until a person changes it, then theirs
    PEOPLE = "people"  # never written by Refresh


class CellKind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"  # a fraction, shown in per cent
    DAY = "day"  # an Excel serial number
    CHOICE = "choice"  # one of a list of words


@dataclass(frozen=True)
class TableColumn:
    """A column of a shared table.

    Attributes:
        id: By which code knows it.
        title: Heading.
        writer: Who writes it.
        kind: What it holds.
        look: Style of its cells, where the kind's own does not do; see `opsbook.book.formats`.
        width: In pixels.
        choices: Words to choose from, by language, in one order; empty for other kinds.
        least: Smallest number that may be typed, or None for any.
        refills: A suggested cell that a person emptied gets its suggestion back, instead of staying empty.
    """

    id: str
    title: Text
    writer: Writer
    kind: CellKind = CellKind.TEXT
    look: str = ""
    width: int = 84
    choices: Mapping[str, list[str]] = field(default_factory=dict)
    least: float | None = None
    refills: bool = False

    def choice(self, value: object) -> int | None:
        """Return which of the choices a cell names, in any language, or None."""
        text = str(value).strip() if value is not None else ""
        for words in self.choices.values():
            if text in words:
                return words.index(text)
        return None


@dataclass(frozen=True)
class SharedTable:
    """A shared table: a line of headings, and lines that each have a key.

    Attributes:
        block: ``<sheet>.<block>``.
        rows: Lines that the template has; more come when they are needed.
        columns: From the left; two hidden ones follow, the mark and the key.
    """

    block: str
    rows: int
    columns: tuple[TableColumn, ...]

    @property
    def width(self) -> int:
        """Columns on the sheet, the hidden ones included."""
        return len(self.columns) + 2

    def at(self, column: str) -> int:
        """Return the position of a column.

        Raises:
            KeyError: There is no such column.
        """
        for position, each in enumerate(self.columns):
            if each.id == column:
                return position
        raise KeyError(f"{self.block} has no column {column!r}")

    def column(self, column: str) -> TableColumn:
        """Return a column by its id."""
        return self.columns[self.at(column)]

    def headings(self, language: Language) -> list[str]:
        """Return the headings, without the hidden columns."""
        return [column.title[language] for column in self.columns]


@cache
def tables() -> Mapping[str, SharedTable]:
    """Return every shared table by its block."""
    folder = files("opsbook.plan").joinpath("declared")
    found: dict[str, SharedTable] = {}
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".table.toml"):
            table = _table(load("opsbook.plan", "declared", file.name))
            found[table.block] = table
    return MappingProxyType(found)


def _table(declared: dict[str, object]) -> SharedTable:
    columns = declared["columns"]
    if not isinstance(columns, dict):
        raise TypeError("columns must be tables of TOML")
    return SharedTable(
        block=str(declared["block"]),
        rows=int(str(declared["rows"])),
        columns=tuple(
            TableColumn(
                key,
                **{
                    **entry,
                    "title": Text(**entry["title"]),
                    "writer": Writer(entry["writer"]),
                    "kind": CellKind(entry.get("kind", "text")),
                },
            )
            for key, entry in columns.items()
        ),
    )
