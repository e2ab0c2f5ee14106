"""Which kind of export the objects of a JSON reply are: the kind that explains most of their fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from opsbook.schemas import Field, Schema, schemas

_LEVELS = 5  # of a row's own objects
_LOOKED_AT = 200  # objects of a list whose fields decide
_LEAST = 2  # one field alone proves nothing
_VALUE = "Value"  # the weekly report writes pvCntValue where the daily summary writes pvCnt
_SET_ASIDE = ("CycleCrc", "VsGood", "VsAvg", "Coc", "RivalAvg", "RivalGood")  # changes and distances to peers
PERIOD_NAMES = frozenset({"statDate", "statsDate", "statisticsType", "periodStart", "periodEnd"})
AMOUNT, CURRENCIES = "amount", ("currency", "currencyCode")
KEY = "@key"
"""The field of a row that is the name of the list around it."""


@dataclass(frozen=True)
class JsonMatch:
    """A kind that objects can be of.

    Attributes:
        schema: The kind.
        fields: Our fields by path.
        explained: How many paths it knows, those included that it does not keep.
    """

    schema: Schema
    fields: Mapping[str, Field]
    explained: int

    @property
    def rank(self) -> tuple[int, int]:
        """What makes one kind a better explanation than another."""
        return len({owner.name for owner in self.fields.values()}), self.explained


def is_money(node: object) -> bool:
    """Whether an object is an amount with its currency."""
    return (
        isinstance(node, dict)
        and AMOUNT in node
        and not any(isinstance(each, dict | list) for each in node.values())
    )


def paths_of(records: Sequence[Mapping[str, Any]]) -> dict[str, None]:
    """Return the paths to the values of objects, in order: ``buyer.country``, ``details[].name``."""
    found: dict[str, None] = {}
    for record in records[:_LOOKED_AT]:
        _collect(record, "", found, 0)
    return found


def _collect(node: Mapping[str, Any], prefix: str, found: dict[str, None], level: int) -> None:
    for name, value in node.items():
        path = f"{prefix}{name}"
        if isinstance(value, dict | list) and not value:
            continue
        if level < _LEVELS and isinstance(value, dict) and value and not is_money(value):
            _collect(value, f"{path}.", found, level + 1)
        elif level < _LEVELS and isinstance(value, list) and any(isinstance(each, dict) for each in value):
            for each in value[:_LOOKED_AT]:
                if isinstance(each, dict):
                    _collect(each, f"{path}[].", found, level + 1)
        else:
            found.setdefault(path)


def owner_of(schema: Schema, path: str) -> Field | None:
    """Return the field that a path of a reply is, or None."""
    owner = schema.by_json.get(path)
    if owner is None and path.endswith(_VALUE):
        owner = schema.by_json.get(path.removesuffix(_VALUE))
    return owner


def is_known(schema: Schema, path: str) -> bool:
    """Whether a path is known, kept or not."""
    rules = schema.json
    return (
        path in rules.ignored
        or path in rules.private
        or path in PERIOD_NAMES
        or owner_of(schema, path) is not None
        or any(path.endswith(suffix) for suffix in _SET_ASIDE)
    )


def matches(paths: Mapping[str, None], key: str) -> list[JsonMatch]:
    """Return the kinds that objects with these paths can be of, the best explanation first.

    Args:
        paths: Of the objects.
        key: The name of the list around them.
    """
    found: list[JsonMatch] = []
    for schema in _of_replies():
        if schema.json.under and key not in schema.json.under:
            continue
        fields = {path: owner for path in paths if (owner := owner_of(schema, path))}
        names = {owner.name for owner in fields.values()}
        if key in schema.json.keys and KEY in schema.by_json:
            names.add(schema.by_json[KEY].name)
        explained = sum(is_known(schema, path) for path in paths)
        if explained >= _LEAST and all(names & alternatives for alternatives in schema.json.requires):
            found.append(JsonMatch(schema, fields, explained))
    return sorted(found, key=lambda match: match.rank, reverse=True)


@cache
def _of_replies() -> tuple[Schema, ...]:
    return tuple(schema for schema in schemas().values() if schema.json.requires)


@cache
def names() -> frozenset[str]:
    """Return the last parts of all paths that some kind knows: by them a text is seen to hold a reply."""
    return frozenset(
        path.rpartition(".")[2] for schema in _of_replies() for path in schema.by_json if path != KEY
    ) - {
        "id",
        "type",
        "status",
        "title",
        "region",
        "uv",
        "cnt",
        "share",
        "fav",
        "cmp",
        "currency",
        "scope",
        "ctr",
        "cpc",
        "tags",
    }
