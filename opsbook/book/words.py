"""The workbook's own words, declared in texts.toml."""

from __future__ import annotations

from typing import Any

from opsbook.domain.declarations import load
from opsbook.domain.language import Language
from opsbook.sheets.common_parts import MONTHS


def _texts() -> dict[str, Any]:
    return load("opsbook.book", "texts.toml")


def word(key: str, language: Language, **facts: object) -> str:
    """Return a text with its facts filled in."""
    return str(_texts()[key][language]).format(**facts)


def months(language: Language) -> list[str]:
    """Return the names of the twelve months."""
    return [each[language] for each in MONTHS]


def stage(metric: str, language: Language) -> str:
    """Return the name of a stage of the funnel."""
    return str(_texts()["stages"][metric][language])


def verdict_words(group: str, language: Language) -> list[str]:
    """Return the words of judgement that share a colour: ``bad``, ``good``, ``open`` or ``unknown``."""
    return [str(entry[language]) for entry in _texts()["verdicts"].values() if entry["colour"] == group]


def verdict(key: str, language: Language) -> str:
    """Return a word of judgement."""
    return str(_texts()["verdicts"][key][language])
