"""Keeps one metric that fails from taking the others along."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from opsbook.domain.basis import Basis, Kind
from opsbook.domain.language import Text
from opsbook.metrics.catalogue import metrics
from opsbook.metrics.figures import Figure

TABLES = {
    "weeks": Text("每周数据", "weekly figures"),
    "bounds": Text("上下限", "bounds"),
    "verdicts": Text("变化判断", "verdicts on changes"),
    "prospects": Text("规划依据", "what the plan's choices rest on"),
    "top10": Text("产品 TOP10", "best ten products"),
    "key_accounts": Text("KA 客户", "key accounts"),
    "week": Text("周看板", "weekly board"),
    "reconciliation": Text("对账", "reconciliation"),
}
"""What else is computed beside the metrics of the catalogue."""

T = TypeVar("T")
Part = tuple[Sequence[str], Callable[[], Iterable[Figure]]]
"""Ids of the metrics (or tables) that a function makes, and the function."""


@dataclass
class Guard:
    """Calls the functions of metrics, and remembers which of them failed and by what.

    Attributes:
        failed: Name of the error by the id of a metric, or by the name of a table.
    """

    failed: dict[str, str] = field(default_factory=dict)

    def figures(self, year: int, parts: Iterable[Part]) -> Iterator[Figure]:
        """Yield the figures of each part; of one that fails, an undefined figure of the year for each metric.

        Args:
            year: Under review.
            parts: What to compute.
        """
        for ids, make in parts:
            try:
                found = [_finite(each) for each in make()]
            except Exception as error:  # noqa: BLE001 - whatever it is, the other figures are not at fault
                self.failed |= dict.fromkeys(ids, type(error).__name__)
                found = [
                    Figure(each, str(year), "", math.nan, metrics()[each].unit, Basis.of(Kind.NOT_COMPUTED))
                    for each in ids
                    if each in metrics()
                ]
            yield from found

    def titles(self) -> Text:
        """Return the names of all that failed."""
        every = [metrics()[each].title if each in metrics() else TABLES[each] for each in self.failed]
        return Text("、".join(each.zh for each in every), ", ".join(each.en for each in every))

    def value(self, name: str, make: Callable[[], T], otherwise: T) -> T:
        """Return what a function makes, or something empty where it fails.

        Args:
            name: A key of `TABLES`.
            make: The function.
            otherwise: What is returned where it fails.
        """
        try:
            return make()
        except Exception as error:  # noqa: BLE001
            self.failed[name] = type(error).__name__
            return otherwise


def _finite(figure: Figure) -> Figure:
    if not math.isinf(figure.value):
        return figure
    return replace(figure, value=math.nan, basis=Basis.of(Kind.OUT_OF_RANGE))
