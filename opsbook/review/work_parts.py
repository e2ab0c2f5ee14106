"""What the sheet of work done shows, declared in work.toml: its parts, their indicators and charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from opsbook.domain.declarations import load_rows
from opsbook.domain.language import Text


@dataclass(frozen=True)
class WorkPart:
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
def parts() -> tuple[WorkPart, ...]:
    """Return the parts in the order of the sheet."""
    return tuple(load_rows(_part, "opsbook.review", "work.toml").values())


def _part(key: str, entry: dict[str, Any]) -> WorkPart:
    charts = MappingProxyType(entry.get("charts", {}))
    return WorkPart(key, Text(**entry["title"]), tuple(entry["metrics"]), charts)
