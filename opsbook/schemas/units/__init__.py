"""What a unit says about the numbers of a field: their range, their decimals, and the words that cells write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from opsbook.domain.declarations import load

ANY_DECIMALS = 6
_FURTHEST = 1e13  # no figure of a store is larger, whatever its unit


@dataclass(frozen=True)
class Unit:
    """A unit of numbers.

    Attributes:
        least: The smallest possible number.
        most: The largest possible number.
        decimals: How many decimals are usual; 0 for what only comes whole.
        words: What may follow a number in a cell, in lower case, and its size in this unit.
    """

    least: float = -_FURTHEST
    most: float = _FURTHEST
    decimals: int = ANY_DECIMALS
    words: Mapping[str, float] = field(default_factory=dict)


@cache
def unit(name: str) -> Unit:
    """Return what is declared about a unit; a unit that is not declared has the widest range."""
    return _units().get(name, Unit())


@cache
def _units() -> Mapping[str, Unit]:
    raw = load("opsbook.schemas.units", "units.toml")
    return MappingProxyType(
        {
            name: Unit(
                entry["least"],
                entry["most"],
                entry.get("decimals", ANY_DECIMALS),
                {
                    word: size / entry.get("base", 1)
                    for word, size in raw["words"].get(entry.get("words"), {}).items()
                },
            )
            for name, entry in raw["units"].items()
        }
    )


@cache
def all_words() -> frozenset[str]:
    """Return the words of every unit."""
    return frozenset(word for entry in _units().values() for word in entry.words)
