"""What a check is: its declaration in ``checks.toml``, and a function of the same name that looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from opsbook.deploy.windows.machine import Machine
from opsbook.domain.declarations import load_rows
from opsbook.domain.language import LANGUAGES, Text

Area = Literal["python", "excel", "security", "addin", "files"]
Severity = Literal["fault", "warning", "note"]
Need = Literal["windows", "other", "book"]
Facts = Mapping[str, str | int | Text]
"""What was found, for the placeholders of the texts."""


@dataclass(frozen=True)
class CheckSubject:
    """What is looked at: a machine, and one workbook if it was named."""

    machine: Machine
    book: Path | None = None

    def has(self, need: str) -> bool:
        """Tell whether a check that needs this applies here."""
        if need == "book":
            return self.book is not None
        return (self.machine.system == "windows") == (need == "windows")


@dataclass(frozen=True)
class DoctorCheck:
    """A declared check; see ``checks.toml``."""

    id: str
    area: Area
    severity: Severity
    title: Text
    found: Text
    cure: Text
    needs: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()
    stops: bool = False


Look = Callable[[CheckSubject], Facts | None]
LOOKS: dict[str, Look] = {}
"""The functions by the id of their check: None where all is in order, else what was found."""


def look(function: Look) -> Look:
    """File a function under its name."""
    LOOKS[function.__name__] = function
    return function


@cache
def checks() -> tuple[DoctorCheck, ...]:
    """Return every check in the order of the declarations.

    Raises:
        DeclarationError: A declaration has a key or a word that is not known.
    """
    return tuple(load_rows(_check, "opsbook.deploy.windows", "checks.toml").values())


def _check(name: str, entry: dict[str, object]) -> DoctorCheck:
    texts = {key: _text(entry.pop(key)) for key in ("title", "found", "cure")}
    area, severity, stops = entry.pop("area"), entry.pop("severity"), entry.pop("stops", False)
    needs, unless = (frozenset(_words(entry.pop(key, []))) for key in ("needs", "unless"))
    known = area in get_args(Area) and severity in get_args(Severity) and needs <= set(get_args(Need))
    if entry or not known or not isinstance(stops, bool):
        raise ValueError("a key or a word is not known")
    return DoctorCheck(name, area, severity, **texts, needs=needs, unless=unless, stops=stops)  # type: ignore[arg-type]  # just checked


def _text(entry: object) -> Text:
    if not isinstance(entry, dict) or set(entry) != set(LANGUAGES):
        raise ValueError("a text lacks a language")
    return Text(**entry)


def _words(entry: object) -> list[str]:
    return [str(each) for each in entry] if isinstance(entry, list) else []


def filled(text: Text, facts: Facts) -> Text:
    """Return a text with the facts in its placeholders."""
    zh, en = (
        text[language].format(
            **{name: each[language] if isinstance(each, Text) else each for name, each in facts.items()}
        )
        for language in LANGUAGES
    )
    return Text(zh, en)
