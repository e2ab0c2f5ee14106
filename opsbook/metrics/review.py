"""Everything that the workbook is filled from: the figures, and the lists that are no figures."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from opsbook.domain.basis import Basis, Kind
from opsbook.domain.language import Text
from opsbook.domain.verdict import Verdict, verdict_of
from opsbook.metrics.figures import Figure
from opsbook.metrics.judge import Judge
from opsbook.periods import Period

if TYPE_CHECKING:
    from opsbook.metrics.planning_inputs import Prospects
    from opsbook.metrics.reconciliation import Reconciled
    from opsbook.metrics.unresolved import Unresolved
    from opsbook.metrics.weekly_board import WeeklyBoard


@dataclass(frozen=True)
class ProductSales:
    """A line of the TOP10: received amounts in USD of this year and of the same months of last year."""

    product_id: str
    name: str
    amount: float
    prior: float
    share: float


@dataclass(frozen=True)
class KeyAccount:
    """A key account of the team's list; who it is stays in the archive.

    Attributes:
        number: The opaque number of ``customer=#12``, or None for one without paid orders.
        industry: As the team wrote it.
        size: Likewise.
        stage: Of the cooperation.
        amount: USD received in the year under review.
        prior: USD received in the same months of the year before.
        orders: Paid orders of the year.
    """

    number: int | None
    industry: str
    size: str
    stage: str
    amount: float
    prior: float
    orders: int


@dataclass(frozen=True)
class StoreLevel:
    """The store's level as written down on a day; empty texts where only the other was."""

    day: date
    store_level: str
    star_level: str


@dataclass(frozen=True)
class Review:
    """Everything the workbook is filled from.

    Attributes:
        year: The year under review.
        as_of: Last day that the data cover, or the cut-off day; it may be after the year under review.
        figures: All figures, by (metric, period, dimension).
        top_products: At most ten, most received amount first.
        key_accounts: Of the newest list, most received amount first.
        store_levels: As written down, oldest first.
        product_titles: Name of each product by its id in dimensions.
        week: The board of the last whole week.
        reconciliation: Every place a headline figure can be had.
        cny_per_usd: The newest rate, NaN where none is known.
        prospects: What next year's choices rest on; None where there is nothing, or it could not be computed.
        unresolved: Words of the exports that are not understood, with what hangs on them.
        judge: Judges by the team's confidence and least sample.
        failed: What could not be computed: kind of error by metric or table.
        failed_titles: The names of these for people.
        unused: Periods by kind of export that are in no figure: no months, and no parts that make one.
    """

    year: int
    as_of: date | None
    figures: dict[tuple[str, str, str], Figure] = field(default_factory=dict)
    top_products: tuple[ProductSales, ...] = ()
    key_accounts: tuple[KeyAccount, ...] = ()
    store_levels: tuple[StoreLevel, ...] = ()
    product_titles: Mapping[str, str] = field(default_factory=dict)
    week: WeeklyBoard | None = None
    reconciliation: tuple[Reconciled, ...] = ()
    cny_per_usd: float = math.nan
    prospects: Prospects | None = None
    unresolved: tuple[Unresolved, ...] = ()
    judge: Judge = field(default_factory=Judge)
    failed: Mapping[str, str] = field(default_factory=dict)
    failed_titles: Text = field(default_factory=lambda: Text("", ""))
    unused: Mapping[str, Sequence[Period]] = field(default_factory=dict)

    @property
    def until(self) -> date | None:
        """Return the last day that the year under review knows: its own last day once it is over."""
        if self.as_of is None or not self.year:
            return self.as_of
        return min(self.as_of, date(self.year, 12, 31))

    @property
    def pinned(self) -> int | None:
        """Return the year that the workbook is to remember as the one under review; None without data."""
        return self.year if self.as_of and self.year else None

    def get(self, metric: str, period: str, dimension: str = "") -> Figure:
        """Return the figure; one that was never computed is undefined, mostly for want of a source."""
        known = self.figures.get((metric, period, dimension))
        why = Kind.NOT_COMPUTED if metric.partition(".")[0] in self.failed else Kind.NO_SOURCE
        return known or Figure(metric, period, dimension, math.nan, "", Basis.of(why))

    def verdict(self, metric: str, period: str, dimension: str = "", *, against: str = "yoy") -> Verdict:
        """Return whether a metric rose or fell, as far as its sample allows to say.

        Args:
            metric: Id of the catalogue.
            period: Label of the period.
            dimension: As of the figure.
            against: ``yoy``, last year, or ``pop``, the period before.
        """
        said = self.get(f"{metric}.{against}.verdict", period, dimension)
        if said.defined:
            return verdict_of(said.value)
        return self.judge.figure(self.get(f"{metric}.{against}", period, dimension))

    def __iter__(self) -> Iterator[Figure]:
        return iter(self.figures.values())
