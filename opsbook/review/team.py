"""The tables that the team keeps in the workbook, declared in team.toml over the noted kinds of the schemas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from opsbook.domain.declarations import load_rows
from opsbook.domain.language import Language, Text
from opsbook.schemas import Field, FieldType, schemas


@dataclass(frozen=True)
class TeamTable:
    """A table for people.

    Attributes:
        kind: Schema by which it is read.
        title: Heading.
        rows: Lines to fill.
        fields: Columns in order.
        hint: What to write.
        example: A line to look at, a text for each field.
        lists: Words of the drop-down by field and language.
    """

    kind: str
    title: Text
    rows: int
    fields: tuple[Field, ...]
    hint: Text
    example: tuple[str, ...]
    lists: Mapping[str, Mapping[str, list[str]]]

    def headers(self, language: Language) -> list[str]:
        """Return the headers in a language, each a spelling by which its field is recognised."""
        return [_header(field, language) for field in self.fields]


def _header(field: Field, language: Language) -> str:
    if language == "zh":
        return field.headers[0]
    return next((each for each in field.headers if each.isascii()), field.headers[0])


def is_day(field: Field) -> bool:
    """Whether a day (or a month) is typed there."""
    return field.type in (FieldType.DATE, FieldType.PERIOD)


def is_number(field: Field) -> bool:
    """Whether a number is typed there."""
    return field.type in (FieldType.NUMBER, FieldType.MONEY, FieldType.PERCENT)


@cache
def tables() -> tuple[TeamTable, ...]:
    """Return the tables in the order of the sheet."""
    return tuple(load_rows(_table, "opsbook.review", "team.toml").values())


def _table(kind: str, entry: dict[str, Any]) -> TeamTable:
    return TeamTable(
        kind=kind,
        title=schemas()[kind].title,
        rows=entry["rows"],
        fields=tuple(_field(kind, name) for name in entry["fields"]),
        hint=Text(**entry["hint"]),
        example=tuple(entry["example"]),
        lists=entry.get("lists", {}),
    )


def _field(kind: str, name: str) -> Field:
    return next(field for field in schemas()[kind].fields if field.name == name)
