"""What the sheet of work done shows, declared in work.toml: its parts, their indicators and charts."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

from opsbook.domain.language import Text

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Part:
    """One kind of work.

    Attributes:
        id: ``infrastructure``, ``traffic``, ``product``, ``customer``.
        title: Heading.
        metrics: Indicators in the order of the table.
        charts: Form of the chart by indicator.
    """

    id: str
    title: Text
    metrics: tuple[str, ...]
    charts: Mapping[str, str]


@cache
def parts() -> tuple[Part, ...]:
    """Return the parts in the order of the sheet."""
    text = files(__name__.rpartition(".")[0]).joinpath("work.toml").read_text(encoding="utf-8")
    return tuple(
        Part(
            key,
            Text(**entry["title"]),
            tuple(entry["metrics"]),
            MappingProxyType(entry.get("charts", {})),
        )
        for key, entry in tomllib.loads(text).items()
    )
