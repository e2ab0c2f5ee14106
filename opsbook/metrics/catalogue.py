"""The record of every metric: names, definition, unit, grain, what it needs, which direction is better."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

from opsbook.domain.language import Text

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Metric:
    """One line of the catalogue.

    Attributes:
        id: Name in `opsbook values`.
        title: For people.
        definition: How it is computed, word for word.
        needs: Kinds of export; any of them will do.
        unit: Of the value.
        grains: ``month``, ``quarter``, ``year``, ``snapshot``, ...
        requirements: IDs it answers.
        better: ``higher``, ``lower`` or ``none``: the polarity of a change.
    """

    id: str
    title: Text
    definition: str
    needs: tuple[str, ...]
    unit: str
    grains: tuple[str, ...]
    requirements: tuple[str, ...]
    better: str


@cache
def metrics() -> Mapping[str, Metric]:
    """Return every metric by id, in the order of the catalogue."""
    with files(__package__).joinpath("catalogue.csv").open(encoding="utf-8") as file:
        return MappingProxyType(
            {
                row["id"]: Metric(
                    id=row["id"],
                    title=Text(row["zh"], row["en"]),
                    definition=row["definition"],
                    needs=tuple(row["needs"].split("|")),
                    unit=row["unit"],
                    grains=tuple(row["grain"].split("|")),
                    requirements=tuple(row["requirement"].split("|")),
                    better=row["better"],
                )
                for row in csv.DictReader(file)
            }
        )
