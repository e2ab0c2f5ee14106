"""A target of the plan: what is to be reached, what was, whether it is SMART, and how far it is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from opsbook.domain.basis import Basis, Kind
from opsbook.functions.growth import change as growth_of
from opsbook.plan.actuals import Baseline, Estimate
from opsbook.plan.declared_targets import RATE
from opsbook.plan.season import Season
from opsbook.plan.split import Split

_NONE = (math.nan,) * 12


@dataclass(frozen=True)
class Reason:
    """A sentence of the check: its key among the book's words, and the facts it tells."""

    key: str
    facts: Mapping[str, float]


@dataclass(frozen=True)
class SmartCheck:
    """What the check found.

    Attributes:
        failing: Letters of SMART that are not met.
        reasons: Why, and where the asked growth lies.
    """

    failing: str = ""
    reasons: tuple[Reason, ...] = ()


class Progress(StrEnum):
    """Where a target stands; the sheets have a word for each."""

    PLANNED = "planned"  # its year has not begun
    REACHED = "reached"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    BEHIND = "behind"
    RUNNING = "running"  # not judged, or not decided before the year ends
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Tracking:
    """Where a target stands; NaN where it cannot be told.

    Attributes:
        pace: Reached / what should be by now; 1 is on time.
        required: Needed in each month left.
        landing: Where the year ends: months reached, months to come by forecast.
        low: Lower bound of it.
        high: Upper bound.
        left: Months left, a running one by its days.
        state: How it stands.
        basis: Of the landing.
    """

    pace: float = math.nan
    required: float = math.nan
    landing: float = math.nan
    low: float = math.nan
    high: float = math.nan
    left: float = math.nan
    state: Progress = Progress.PLANNED
    basis: Basis = Basis.of(Kind.NOT_BEGUN)  # noqa: RUF009 - frozen


@dataclass(frozen=True)
class PeriodTarget:
    """A target of a month, quarter or year beside what was reached; NaN where there is none.

    Attributes:
        target: To be reached.
        actual: Reached so far.
        attainment: Reached / to be reached (the other way round where less is better).
    """

    target: float = math.nan
    actual: float = math.nan
    attainment: float = math.nan


@dataclass(frozen=True)
class Target:
    """A line of the targets.

    Attributes:
        metric: Its id in the catalogue; empty for a metric in a person's own words.
        key: Of its line.
        way: How it grows and adds up; see declared/targets.toml.
        base: The year before the plan year.
        change: Growth asked for: relative, or by so many for rates (points) and counts.
        year: The whole of it.
        quarters: Four parts.
        months: Twelve parts; targets only where months add up.
        prior: Months of the year before, NaN where unknown.
        coming: Months of the plan year still to come by forecast, once it has begun.
        owner: As people wrote it.
        due: Last day.
        season: Of the split.
        split: The months, and what is wrong with those that people fixed.
        check: Of SMART.
        tracking: Pace, run rate, landing, state.
    """

    metric: str
    key: str = ""
    way: str = ""
    base: Estimate | None = None
    change: float = math.nan
    year: PeriodTarget = field(default_factory=PeriodTarget)
    quarters: tuple[PeriodTarget, ...] = (PeriodTarget(),) * 4
    months: tuple[PeriodTarget, ...] = (PeriodTarget(),) * 12
    prior: tuple[float, ...] = _NONE
    coming: tuple[float, ...] = _NONE
    owner: str = ""
    due: date | None = None
    season: Season = field(default_factory=Season)
    split: Split = field(default_factory=lambda: Split(_NONE))
    check: SmartCheck = field(default_factory=SmartCheck)
    tracking: Tracking = field(default_factory=Tracking)

    @property
    def growth(self) -> float:
        """Growth against what the year before reached; of rates in points; NaN where that is not known."""
        if self.base is None or self.base.kind is Baseline.TARGET:
            return math.nan
        if self.way == RATE:
            return self.year.target - self.base.value
        return float(growth_of(self.year.target, self.base.value))
