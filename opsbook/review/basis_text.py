"""The words for what a figure is made of: the one place where a basis becomes text, in both languages."""

from __future__ import annotations

from datetime import date
from typing import Any

from opsbook.domain.basis import PARTIAL, Basis, Fact, Value
from opsbook.domain.declarations import load
from opsbook.domain.language import Language


def texts() -> dict[str, dict[str, Any]]:
    """Return the entries of ``basis.toml`` by kind: ``zh``, ``en``, and where they apply ``plain`` and ``partly``."""
    return load(__package__, "basis.toml")


def basis_text(basis: Basis, language: Language) -> str:
    """Return a basis as people read it; empty for one that says nothing."""
    return ("；" if language == "zh" else "; ").join(_text(fact, language) for fact in basis.facts)


def plain(basis: Basis) -> str:
    """Return a basis as `opsbook values` prints it: in English, and the same in every version."""
    return ", ".join(_text(fact, "plain") for fact in basis.facts)


def _text(fact: Fact, key: str) -> str:
    entry = texts()[fact.kind]
    if fact.kind in PARTIAL and fact.values:
        entry = entry["partly"]
    return str(entry.get(key) or entry["en"]).format(*map(_shown, fact.values))


def _shown(value: Value) -> Value:
    """Return a whole number without its decimal point."""
    return value if isinstance(value, date) or not value.is_integer() else int(value)
