"""Words of exports and of the team's own tables, and what they mean: markets, levels, tags, tiers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from opsbook.domain.declarations import load
from opsbook.domain.language import Text

OTHER_MARKET = "Other"
UNKNOWN_MARKET = "Unknown"
"""Of a country that is missing or not recognised: it is a class of its own, never a part of another market."""
_PARTS = re.compile(r"[,;|/，；、]")
_NAMES = re.compile(r"\s*[()（）\[\]【】/|]\s*|\s+[-–—]\s+")  # between two names of one country


@dataclass(frozen=True)
class Tier:
    """A customer tier: its labels, and the least a customer of it bought."""

    id: str
    labels: frozenset[str]
    amount_usd: float
    orders: int


def plain(text: object) -> str:
    """Return a word as words are compared: full-width forms folded, no white space, lower case."""
    return "".join(unicodedata.normalize("NFKC", str(text)).split()).casefold()


def parts(text: str) -> frozenset[str]:
    """Return the plain words of a cell that holds several."""
    return frozenset(word for part in _PARTS.split(text) if (word := plain(part)))


@cache
def marks(group: str, name: str) -> frozenset[str]:
    """Return the plain words declared under a name, such as ``order_tag``, ``rts``."""
    return frozenset(plain(word) for word in _toml("marks.toml")[group][name])


@cache
def low_levels() -> frozenset[str]:
    """Return the buyer levels, plain, that are below L1."""
    declared = _toml("marks.toml")["buyer_level"]
    return frozenset(
        plain(each) for each in declared["order"][: declared["order"].index(declared["low_below"])]
    )


@cache
def market_titles() -> Mapping[str, Text]:
    """Return the title of each market by its id, in order."""
    return MappingProxyType({name: Text(entry["zh"], name) for name, entry in _toml("markets.toml").items()})


@cache
def _markets() -> Mapping[str, str]:
    raw = _toml("markets.toml")
    titles = {plain(title): name for name, entry in raw.items() for title in (name, entry["zh"])}
    return titles | {plain(country): name for name, entry in raw.items() for country in entry["countries"]}


def market(country: str) -> str:
    """Return the market of a country, or of a market, in any known spelling; ``Unknown`` for one that is not known.

    A country may be written twice, such as ``美国 (US)`` or ``DE - Germany``: all its names are then of one market.
    """
    whole = _markets().get(plain(country))
    if whole is not None:
        return whole
    found = {_markets().get(plain(name), UNKNOWN_MARKET) for name in _NAMES.split(country) if name}
    return found.pop() if len(found) == 1 else UNKNOWN_MARKET


@cache
def tiers() -> tuple[Tier, ...]:
    """Return the customer tiers, the highest first."""
    return tuple(
        Tier(
            entry["id"],
            frozenset(plain(label) for label in entry["labels"]),
            entry["amount_usd"],
            entry["orders"],
        )
        for entry in _toml("tiers.toml")["tier"]
    )


@cache
def tier_days() -> int:
    """Return how many days of orders decide a tier."""
    return int(_toml("tiers.toml")["days"])


def tier_of(label: str) -> str | None:
    """Return the id of the tier that a label names, or None for a label that is not known."""
    word = plain(label)
    return next((tier.id for tier in tiers() if word in tier.labels), None)


def tier_by_rule(amount_usd: float, orders: int) -> str:
    """Return the id of the tier that orders of so many and so much give."""
    return next(tier.id for tier in tiers() if orders >= tier.orders and amount_usd >= tier.amount_usd)


def _toml(name: str) -> dict[str, Any]:
    return load("opsbook.params", name)
