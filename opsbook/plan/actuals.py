"""What the plan stands on: whole months reached, the year before (with what it lacks by forecast), past growth."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from opsbook.domain.basis import Basis, Kind
from opsbook.functions.growth import change, point_change
from opsbook.periods import month, year
from opsbook.plan.forecast import Forecast, forecast

if TYPE_CHECKING:
    from opsbook.functions.values import Values
    from opsbook.metrics.figures import Figure
    from opsbook.metrics.review import Review
    from opsbook.plan.season import Month

_YEARS_BACK = 6
_LEAST_GROWTHS = 3  # fewer windows of twelve months: quarters tell more


class Baseline(StrEnum):
    """What stands for the year before in a plan; each has one word on the sheets."""

    ACTUAL = "actual"  # the whole year, as reached
    TO_DATE = "to_date"  # a running year, as far as it goes
    ESTIMATED = "estimated"  # a running year, its months to come by forecast
    TARGET = "target"  # nothing was reached yet: what was planned for it
    NONE = "none"


@dataclass(frozen=True)
class Estimate:
    """A year's value, part of it perhaps still to come.

    Attributes:
        value: NaN where it cannot be told.
        low: Lower bound; equal to the value where nothing is to come.
        high: Upper bound; bounds of months are added, as if all months erred the same way.
        basis: How it was got, or why it was not.
        kind: What it is.
    """

    value: float = math.nan
    low: float = math.nan
    high: float = math.nan
    basis: Basis = Basis.of(Kind.NO_SOURCE)  # noqa: RUF009 - frozen
    kind: Baseline = Baseline.NONE


class Actuals:
    """What one metric reached.

    Args:
        review: Figures.
        metric: Its id.
        confidence: Of bounds.
    """

    def __init__(self, review: Review, metric: str, confidence: float = 0.95) -> None:
        self.review = review
        self.metric = metric
        self.confidence = confidence

    @cached_property
    def months(self) -> Mapping[Month, float]:
        """Whole months that are known, by year and number."""
        found = {}
        for metric, period, dimension in self.review.figures:
            if metric != self.metric or dimension or len(period) != 7 or period[5] == "Q":
                continue
            of, number = int(period[:4]), int(period[5:])
            figure = self.figure(period)
            if figure.defined and self.review.as_of and month(of, number).end <= self.review.as_of:
                found[of, number] = figure.value
        return dict(sorted(found.items()))

    def together(self, before: int | None = None) -> tuple[float, ...]:
        """Return the newest months (before a year) that stand together without a gap, oldest first."""
        found: list[float] = []
        places = [place for place in self.months if before is None or place[0] < before]
        of, number = max(places, default=(0, 0))
        while (of, number) in self.months:
            found.append(self.months[of, number])
            of, number = (of, number - 1) if number > 1 else (of - 1, 12)
        return tuple(reversed(found))

    def figure(self, period: str) -> Figure:
        """Return the figure of a period."""
        return self.review.get(self.metric, period)

    def of_year(self, number: int) -> Figure:
        """Return what a year reached so far."""
        return self.figure(str(number))

    def year_months(self, number: int) -> tuple[float, ...]:
        """Return the whole months of a year, NaN where there is none."""
        return tuple(self.months.get((number, at), math.nan) for at in range(1, 13))

    def ahead(self, number: int) -> Mapping[Month, tuple[float, float, float]]:
        """Return value and bounds of each month after the known ones, to the end of a year."""
        last = max(self.months, default=None)
        if last is None:
            return {}
        count = (number - last[0]) * 12 + 12 - last[1]
        found = self._forecast(count)
        places = [(last[0] + (last[1] + at) // 12, (last[1] + at) % 12 + 1) for at in range(count)]
        return dict(zip(places, zip(found.values, found.low, found.high, strict=True), strict=False))

    def _forecast(self, count: int) -> Forecast:
        return forecast(self.together(), count, self.confidence)

    def estimate(self, number: int) -> Estimate:
        """Return the sum of a year: months known, those to come by forecast."""
        known, coming = self.months, self.ahead(number)
        places = [(number, at) for at in range(1, 13)]
        to_come = sum(place not in known for place in places)
        if to_come == 12:
            return Estimate(basis=Basis.of(Kind.NO_BASE))
        if any(place not in known and place not in coming for place in places):
            return Estimate(basis=Basis.of(Kind.INCOMPLETE))
        parts = [(known[place],) * 3 if place in known else coming[place] for place in places]
        value, low, high = (math.fsum(part[at] for part in parts) for at in range(3))
        if not to_come:
            return Estimate(value, value, value, Basis.of(Kind.SUM_OF_MONTHS), Baseline.ACTUAL)
        made = Basis.of(Kind.ESTIMATED).plus(Kind.MONTHS, 12 - to_come).plus(Kind.BY_FORECAST, to_come)
        basis = made + self._forecast(1).basis
        return Estimate(value, low, high, basis, Baseline.ESTIMATED)

    def to_date(self, number: int) -> Estimate:
        """Return a year's value as it stands, for what does not add up over months."""
        figure = self.of_year(number)
        if not figure.defined:
            return Estimate(basis=figure.basis)
        running = self.review.as_of is not None and self.review.as_of < year(number).end
        said = not running or figure.basis.has(Kind.TO_DAY)
        basis = figure.basis if said else Basis.of(Kind.TO_DATE) + figure.basis
        kind = Baseline.TO_DATE if running else Baseline.ACTUAL
        return Estimate(figure.value, figure.value, figure.value, basis, kind)

    def growths(self, before: int, *, additive: bool, points: bool = False) -> Sequence[float]:
        """Return past growths: of twelve months on the twelve before, else of quarters and years.

        Args:
            before: Year from which on nothing counts: a plan is not judged by what came of it.
            additive: Whether months add up.
            points: Differences, as of rates, instead of relative growth.
        """
        run = self.together(before) if additive else ()
        windows = [
            float(change(math.fsum(run[end - 12 : end]), math.fsum(run[end - 24 : end - 12])))
            for end in range(24, len(run) + 1)
        ]
        return (
            windows
            if len(windows) >= _LEAST_GROWTHS
            else self._past(before, point_change if points else change)
        )

    def _past(self, before: int, told: Callable[[float, float], Values]) -> Sequence[float]:
        as_of = self.review.as_of or date.min
        found: list[float] = []
        for of in range(before - _YEARS_BACK, before):
            labels = [f"-Q{at}" for at in range(1, 5) if month(of, 3 * at).end <= as_of]
            labels += [""] if year(of).end <= as_of else []
            for label in labels:
                now, then = self.figure(f"{of}{label}"), self.figure(f"{of - 1}{label}")
                if whole(now) and whole(then):
                    found.append(float(told(now.value, then.value)))
        return [each for each in found if not math.isnan(each)]


def whole(figure: Figure) -> bool:
    """Whether a figure is there and lacks no month."""
    return figure.defined and not figure.basis.partial
