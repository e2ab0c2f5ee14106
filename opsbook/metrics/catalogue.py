"""The record of every metric: names, formula or own code, definition, unit, grains, exports, polarity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any

from opsbook.domain.declarations import load
from opsbook.domain.language import Text
from opsbook.metrics import formula
from opsbook.metrics.formula import MetricFormula


class Chance(StrEnum):
    """How chance moves the values of a metric, where the metric alone shows it."""

    COUNT = "count"  # as a count of events
    EXACT = "exact"  # not at all: counted in full, or so often that chance plays no part
    OTHER = ""  # the computation knows: a share, a sum of amounts, or nothing to judge by


@dataclass(frozen=True)
class Metric:
    """One row of ``catalogue.toml``.

    Attributes:
        id: Name in `opsbook values`.
        title: For people.
        definition: How it is computed; of a declared metric, made from its formula.
        formula: How it is computed; None where own code does it.
        needs: Kinds of export; any of them will do. Of a declared metric, those of its formula.
        unit: Of the value.
        grains: ``month``, ``quarter``, ``year``, ``snapshot``, ...
        requirements: IDs it answers.
        better: ``higher``, ``lower`` or ``none``: the polarity of a change.
        chance: How chance moves it.
        verdicts: Whether its bounds and the verdicts on its changes are figures of their own.
    """

    id: str
    title: Text
    definition: Text
    formula: MetricFormula | None
    needs: tuple[str, ...]
    unit: str
    grains: tuple[str, ...]
    requirements: tuple[str, ...]
    better: str
    chance: Chance
    verdicts: bool


@cache
def metrics() -> Mapping[str, Metric]:
    """Return every metric by id, in the order of the catalogue.

    Raises:
        ValueError: A row is not as `Metric` and `opsbook.metrics.formula` describe it; the message names the row.
    """
    rows = declared_rows()
    titles = {name: Text(**row["title"]) for name, row in rows.items()}
    found: dict[str, Metric] = {}
    for name, row in rows.items():
        try:
            found[name] = _metric(name, row, titles, found)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"metric {name}: {error}") from error
    return MappingProxyType(found)


def declared_rows() -> dict[str, dict[str, Any]]:
    """Return the rows of ``catalogue.toml`` by id."""
    return load("opsbook.metrics", "catalogue.toml")


def _metric(
    name: str, row: Mapping[str, Any], titles: Mapping[str, Text], before: Mapping[str, Metric]
) -> Metric:
    made = formula.formula_of(row)
    if made is None:
        definition, needs = Text(**row["definition"]), tuple(row["needs"])
    else:
        needs = formula.needs(made, {each.id: each.needs for each in before.values() if each.formula})
        note = Text(**row["note"]) if "note" in row else None
        definition = formula.definition(made, titles, note)
        if made.form in (formula.FormulaForm.LAST, formula.FormulaForm.RUNNING) and row["grains"] != [
            "month"
        ]:
            raise ValueError(f"{made.form} has values by month only")
    return Metric(
        id=name,
        title=titles[name],
        definition=definition,
        formula=made,
        needs=needs,
        unit=row["unit"],
        grains=tuple(row["grains"]),
        requirements=tuple(row["requirements"]),
        better=row["better"],
        chance=Chance(row.get("chance", "")),
        verdicts=row.get("verdicts", False),
    )
