"""Trouble in the user's data: a value with coordinates, never an exception. Texts are in issues.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any

from opsbook.domain.declarations import load
from opsbook.domain.language import Language, Text, told


class Severity(StrEnum):
    """``ERROR`` and ``QUESTION`` stop a figure (exit status 1); the others inform."""

    ERROR = "error"
    QUESTION = "question"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Code:
    """What kind of trouble: its severity, what happened, what to do."""

    severity: Severity
    what: Text
    todo: Text


@dataclass(frozen=True)
class Issue:
    """One trouble at one place.

    Attributes:
        code: Key of the catalogue.
        file: Path as the user knows it; a member of a zip is ``orders.zip!march.csv``.
        sheet: Sheet of the file, or empty.
        row: Row as Excel counts (1 is the first), 0 when it concerns no one row.
        column: Header of the column, or empty.
        value: The cell as it was read, shortened; never a private field's. Words of ours: in both languages.
        detail: Facts that complete the catalogue's sentence, such as what was expected; as ``value``.
        times: How many rows share this trouble; ``row`` is the first.
    """

    code: str
    file: str = ""
    sheet: str = ""
    row: int = 0
    column: str = ""
    value: str | Text = ""
    detail: str | Text = ""
    times: int = 1

    @property
    def severity(self) -> Severity:
        """How grave it is."""
        return catalogue()[self.code].severity

    @property
    def stops(self) -> bool:
        """Whether it keeps a figure from being computed or complete."""
        return self.severity in (Severity.ERROR, Severity.QUESTION)

    def message(self, language: Language) -> str:
        """Return what happened, with its facts, in ``language``."""
        return catalogue()[self.code].what[language].format(**self._facts(language))

    def todo(self, language: Language) -> str:
        """Return what the user can do about it."""
        return catalogue()[self.code].todo[language].format(**self._facts(language))

    def _facts(self, language: Language) -> dict[str, object]:
        every = {each.name: getattr(self, each.name) for each in fields(self)}
        return {key: told(fact, language) for key, fact in every.items()}

    def place(self, language: Language) -> str:
        """Return file, sheet, row and column in one text."""
        row = Text(f"第 {self.row} 行", f"row {self.row}")[language] if self.row else ""
        parts = [self.file, self.sheet, row, self.column]
        return " · ".join(part for part in parts if part)


@cache
def catalogue() -> Mapping[str, Code]:
    """Return every code that an issue may carry."""
    raw: dict[str, dict[str, Any]] = load("opsbook.domain", "issues.toml")
    return MappingProxyType(
        {
            f"{group}.{name}": Code(Severity(entry["severity"]), Text(**entry["what"]), Text(**entry["todo"]))
            for group, entries in raw.items()
            for name, entry in entries.items()
        }
    )
