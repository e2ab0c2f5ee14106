"""The exports we know, one TOML file a kind. `SCHEMAS` holds them by kind, in a fixed order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from opsbook.domain.declarations import load
from opsbook.domain.language import Text
from opsbook.schemas import units
from opsbook.schemas.schema import Field, FieldType, JsonRules, PeriodRule, Repeats, Schema
from opsbook.schemas.spelling import normalise_header

__all__ = [
    "Field",
    "FieldType",
    "PeriodRule",
    "Repeats",
    "Schema",
    "digest",
    "finer",
    "known_headers",
    "normalise_header",
    "of_sheets",
    "schemas",
]

# A peer column is one of our numbers with one of these words before or after it.
PEER_WORDS = MappingProxyType(
    {
        "peer_avg": ("同行平均", "行业平均", "行业均值"),
        "peer_top": ("同行优秀", "行业优秀", "同行TOP10平均"),
    }
)
_JSON_PEERS = MappingProxyType({"peer_avg": "RivalAvg", "peer_top": "RivalGood"})
_JSON_VALUE = "Value"  # the weekly report writes seImpsCntValue beside seImpsCntRivalAvg
_NUMERIC = (FieldType.NUMBER, FieldType.MONEY, FieldType.PERCENT)


@cache
def schemas() -> Mapping[str, Schema]:
    """Return every schema by its kind, sorted by kind."""
    raw = _declared()
    return MappingProxyType({kind: _schema(kind, raw) for kind in raw})


@cache
def known_headers() -> frozenset[str]:
    """Return every normalised header of every schema."""
    return frozenset(header for schema in schemas().values() for header in schema.by_header)


@cache
def finer(kind: str) -> frozenset[str]:
    """Return the normalised headers that make a table one of a finer grain than the rows of ``kind``.

    They are the kind's own ``not_by`` and what the rows of other kinds are about: daily figures with a column 产品ID
    are not figures of the shop. An event has a number of its own, and every other column only describes it. What a
    team notes is described in everyday words, so only a number of a record is a sign of another kind there.
    """
    schema = schemas()[kind]
    if schema.period is PeriodRule.EVENT:
        return schema.not_by
    subjects = {
        normalise_header(header)
        for other in schemas().values()
        if not other.noted and not any(field.name in schema.by_name for field in other.subjects)
        for field in other.subjects
        if field.type is FieldType.ID or not schema.noted
        for header in field.headers
    }
    return schema.not_by | subjects - schema.by_header.keys()


@cache
def of_sheets() -> tuple[Schema, ...]:
    """Return the schemas that a table of a spreadsheet can be of."""
    return tuple(schema for schema in schemas().values() if not schema.json.only)


@cache
def digest() -> str:
    """Return a digest of all schemas: when it changes, content may read differently."""
    return hashlib.sha256(
        repr((_declared(), load("opsbook.schemas.units", "units.toml"))).encode()
    ).hexdigest()


def _declared() -> dict[str, dict[str, Any]]:
    names = sorted(entry.name for entry in files(__name__).iterdir() if entry.name.endswith(".toml"))
    return {name.removesuffix(".toml"): load(__name__, name) for name in names}


def _schema(kind: str, raw: dict[str, dict[str, Any]]) -> Schema:
    data = raw[kind]
    fields = tuple(_field(name, spec) for name, spec in _specified(data, raw).items())
    peers = bool(data.get("peers"))
    return Schema(
        kind=kind,
        title=Text(**data["title"]),
        key=tuple(data["key"]),
        period=PeriodRule(data["period"]),
        period_field=data.get("period_field", ""),
        clock={"pacific": "America/Los_Angeles", "beijing": "Asia/Shanghai"}[data["clock"]],
        repeats=Repeats(data.get("repeats", "duplicate")),
        version_field=data.get("version_field", ""),
        unit=data.get("unit", ""),
        line_fields=tuple(data.get("line_fields", ())),
        identity=tuple(data.get("identity", ())),
        requires=tuple(data["requires"]),
        not_by=frozenset(map(normalise_header, data.get("not_by", ()))),
        file_names=tuple(data.get("file_names", ())),
        peers=peers,
        noted=bool(data.get("noted")),
        kept=bool(data.get("kept", data.get("noted"))),
        fields=fields + (tuple(_peer_fields(fields)) if peers else ()),
        quirks=tuple(data.get("quirks", ())),
        json=_json_rules(data.get("json", {})),
    )


def _specified(data: dict[str, Any], raw: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the fields of a kind; one that keeps rows of another kind apart has its fields, without headers."""
    other: dict[str, dict[str, Any]] = raw[data["fields_of"]]["fields"] if "fields_of" in data else {}
    shared = {name: spec | {"headers": []} for name, spec in other.items()}
    own: dict[str, dict[str, Any]] = data.get("fields", {})
    return shared | own


def _json_rules(data: dict[str, Any]) -> JsonRules:
    return JsonRules(
        only=bool(data.get("only")),
        requires=tuple(frozenset(entry.split("|")) for entry in data.get("requires", ())),
        grain=data.get("grain", ""),
        windows=data.get("windows", ""),
        samples=data.get("samples", ""),
        ignored=frozenset(data.get("ignored", ())),
        private=frozenset(data.get("private", ())),
        keys=MappingProxyType(data.get("keys", {})),
        under=frozenset(data.get("under", ())),
        totals=frozenset(data.get("totals", ())),
    )


def _field(name: str, spec: dict[str, Any]) -> Field:
    usual = units.unit(spec.get("unit", ""))
    return Field(
        name=name,
        headers=tuple(spec.get("headers", ())),
        type=FieldType(spec["type"]),
        unit=spec.get("unit", ""),
        private=spec.get("private", False),
        rolling=spec.get("rolling", False),
        least=spec.get("least", usual.least),
        most=spec.get("most", usual.most),
        decimals=spec.get("decimals", usual.decimals),
        json=tuple(spec.get("json", ())),
    )


def _peer_fields(fields: tuple[Field, ...]) -> Iterator[Field]:
    for prefix, words in PEER_WORDS.items():
        for field in fields:
            if field.type in _NUMERIC:
                headers = tuple(
                    spelling
                    for header in field.headers
                    for word in words
                    for spelling in (f"{word}{header}", f"{header}{word}", f"{header}-{word}")
                )
                # An average of whole numbers need not be whole.
                decimals = field.decimals or units.ANY_DECIMALS
                json = tuple(f"{name.removesuffix(_JSON_VALUE)}{_JSON_PEERS[prefix]}" for name in field.json)
                yield replace(
                    field, name=f"{prefix}_{field.name}", headers=headers, decimals=decimals, json=json
                )
