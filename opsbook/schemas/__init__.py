"""The exports we know, one TOML file a kind. `SCHEMAS` holds them by kind, in a fixed order."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from opsbook.domain.language import Text
from opsbook.schemas import units
from opsbook.schemas.schema import Field, FieldType, PeriodRule, Repeats, Schema
from opsbook.schemas.spelling import normalise_header

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "Field",
    "FieldType",
    "PeriodRule",
    "Repeats",
    "Schema",
    "digest",
    "normalise_header",
    "schemas",
]

# A peer column is one of our numbers with one of these words before or after it.
PEER_WORDS = MappingProxyType(
    {
        "peer_avg": ("同行平均", "行业平均", "行业均值"),
        "peer_top": ("同行优秀", "行业优秀", "同行TOP10平均"),
    }
)
_NUMERIC = (FieldType.NUMBER, FieldType.MONEY, FieldType.PERCENT)


@cache
def schemas() -> Mapping[str, Schema]:
    """Return every schema by its kind, sorted by kind."""
    raw = {kind: tomllib.loads(text) for kind, text in _texts().items()}
    return MappingProxyType({kind: _schema(kind, raw) for kind in raw})


@cache
def digest() -> str:
    """Return a digest of all schemas: when it changes, content may read differently."""
    return hashlib.sha256(repr((_texts(), units.text())).encode()).hexdigest()


@cache
def _texts() -> dict[str, str]:
    entries = [entry for entry in files(__name__).iterdir() if entry.name.endswith(".toml")]
    return {
        entry.name.removesuffix(".toml"): entry.read_text(encoding="utf-8")
        for entry in sorted(entries, key=lambda entry: entry.name)
    }


def _schema(kind: str, raw: dict[str, dict[str, Any]]) -> Schema:
    data = raw[kind]
    fields = tuple(_field(name, spec) for name, spec in data["fields"].items())
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
        excludes=frozenset(_excluded(data.get("excludes", ()), raw)),
        file_names=tuple(data.get("file_names", ())),
        peers=peers,
        noted=bool(data.get("noted")),
        kept=bool(data.get("kept", data.get("noted"))),
        fields=fields + (tuple(_peer_fields(fields)) if peers else ()),
        quirks=tuple(data.get("quirks", ())),
    )


def _field(name: str, spec: dict[str, Any]) -> Field:
    usual = units.unit(spec.get("unit", ""))
    return Field(
        name=name,
        headers=tuple(spec["headers"]),
        type=FieldType(spec["type"]),
        unit=spec.get("unit", ""),
        private=spec.get("private", False),
        rolling=spec.get("rolling", False),
        least=spec.get("least", usual.least),
        most=spec.get("most", usual.most),
        decimals=spec.get("decimals", usual.decimals),
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
                yield replace(field, name=f"{prefix}_{field.name}", headers=headers, decimals=decimals)


def _excluded(entries: list[str], raw: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Yield normalised headers; ``kind.field`` stands for every header of that field."""
    for entry in entries:
        kind, _, name = entry.partition(".")
        if kind in raw:
            yield from (normalise_header(header) for header in raw[kind]["fields"][name]["headers"])
        else:
            yield normalise_header(entry)
