"""How far a target is: pace against its own months, what is needed a month, where the year ends; and its figures."""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from opsbook.functions.targets import attainment, landing, pace, required_run_rate
from opsbook.functions.values import FunctionError
from opsbook.metrics.catalogue import metrics
from opsbook.metrics.figures import Figure
from opsbook.plan.declared_targets import SUM
from opsbook.plan.lines import serial

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opsbook.plan.actuals import Actuals
    from opsbook.plan.targets import Part, Target


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
        state: ``planned``, ``reached``, ``on_track``, ``at_risk``, ``behind``,
            ``running`` (not judged before the year ends) or ``unknown``.
        basis: Of the landing.
    """

    pace: float = math.nan
    required: float = math.nan
    landing: float = math.nan
    low: float = math.nan
    high: float = math.nan
    left: float = math.nan
    state: str = "planned"
    basis: str = "not begun"


def track(
    line: Target, months: Sequence[float], coming: Sequence[float], actuals: Actuals, year: int
) -> Tracking:
    """Return where a target stands.

    Args:
        line: With baseline and target.
        months: Its targets by month; NaN where it has none.
        coming: Months still to come, by forecast.
        actuals: What its metric reached.
        year: That is planned.
    """
    as_of = actuals.review.as_of
    if as_of is None or as_of < date(year, 1, 1):
        return Tracking()
    reached, target = actuals.of_year(year).value, line.year.target
    lower = metrics()[line.metric].better == "lower"
    if math.isnan(reached) or math.isnan(target):
        return Tracking(state="unknown", basis=actuals.of_year(year).basis)
    met = float(attainment(reached, target, lower)) >= 1
    if line.way != SUM:
        ended = as_of >= date(year, 12, 31)
        return Tracking(state="reached" if met else "behind" if ended else "running", basis="to date")
    until = min(as_of, date(year, 12, 31))
    left = 12 - until.month + 1 - until.day / monthrange(year, until.month)[1]
    found = actuals.estimate(year)
    try:
        on = pace(reached, target, months, serial(until))
    except FunctionError:
        on = math.nan
    whole = np.array(actuals.year_months(year))
    landed = landing(whole, coming)
    return Tracking(
        pace=on,
        required=float(required_run_rate(target, reached, left)),
        landing=landed,
        low=found.low,
        high=found.high,
        left=left,
        state=_state(target, (found.low, found.high), on, met=met and not lower, lower=lower),
        basis=found.basis,
    )


def _state(target: float, bounds: tuple[float, float], on: float, *, met: bool, lower: bool) -> str:
    """Return the word for a running target: by the bounds of its landing, else by its pace."""
    if met:
        return "reached"
    low, high = bounds
    if not math.isnan(low):
        if (high <= target) if lower else (low >= target):
            return "on_track"
        if (low > target) if lower else (high < target):
            return "behind"
    if math.isnan(on):
        return "unknown"
    return "on_track" if (on <= 1 if lower else on >= 1) else "at_risk"


def figures(lines: Sequence[Target], year: int) -> Iterator[Figure]:
    """Yield every figure of the targets; the metric is told by the dimension.

    Args:
        lines: All targets.
        year: That is planned.
    """
    seen: set[str] = set()
    for line in lines:
        if not line.metric or line.metric in seen or not year or line.base is None:
            continue
        seen.add(line.metric)
        unit, of = metrics()[line.metric].unit, f"metric={line.metric}"
        on = line.tracking
        begun = "ratio of sums" if not math.isnan(line.year.actual) else on.basis
        missing = (
            "not to be split"
            if line.way != SUM
            else f"months typed miss the target by {line.split.missing:g}"
        )
        yield Figure("target_baseline", str(year - 1), of, line.base.value, unit, line.base.basis)
        yield Figure(
            "target",
            str(year),
            of,
            line.year.target,
            unit,
            _why(line.year.target, "baseline and growth", "no base"),
        )
        yield Figure("target_attainment", str(year), of, line.year.attainment, "ratio", begun)
        yield Figure(
            "target_pace", str(year), of, on.pace, "ratio", _why(on.pace, line.season.basis, on.basis)
        )
        yield Figure(
            "required_run_rate",
            str(year),
            of,
            on.required,
            unit,
            _why(on.required, f"{on.left:.1f} months left", on.basis),
        )
        yield Figure("target_landing", str(year), of, on.landing, unit, on.basis)
        for suffix, value in (("low", on.low), ("high", on.high)):
            yield Figure("target_landing", str(year), f"bound={suffix};{of}", value, unit, on.basis)
        if line.way != SUM:
            continue
        for number in range(12):
            label = f"{year}-{number + 1:02d}"
            yield Figure("season_index", label, of, line.season.index[number], "ratio", line.season.basis)
            yield from _parts(line.months[number], label, of, unit, missing)
        for number in range(4):
            yield from _parts(line.quarters[number], f"{year}-Q{number + 1}", of, unit, missing)


def _parts(part: Part, label: str, of: str, unit: str, missing: str) -> Iterator[Figure]:
    yield Figure(
        "season_split", label, of, part.target, unit, _why(part.target, "largest remainder", missing)
    )
    if not math.isnan(part.actual):
        yield Figure("target_attainment", label, of, part.attainment, "ratio", "ratio of sums")


def _why(value: float, known: str, unknown: str) -> str:
    return unknown if math.isnan(value) else known
