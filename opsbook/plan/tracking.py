"""How far a target is: pace against its own months, what is needed a month, where the year ends; and its figures."""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from opsbook.domain.basis import Basis, Kind
from opsbook.domain.excel_dates import day_number
from opsbook.functions.targets import attainment, landing, pace, required_run_rate
from opsbook.functions.values import FunctionError
from opsbook.metrics.catalogue import metrics
from opsbook.metrics.figures import Figure
from opsbook.plan.actuals import Actuals, Estimate
from opsbook.plan.declared_targets import SUM
from opsbook.plan.target import Progress, Target, Tracking


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
        return Tracking(state=Progress.UNKNOWN, basis=actuals.of_year(year).basis)
    met = float(attainment(reached, target, lower)) >= 1
    if line.way != SUM:
        ended = as_of >= date(year, 12, 31)
        state = Progress.REACHED if met else Progress.BEHIND if ended else Progress.RUNNING
        return Tracking(state=state, basis=Basis.of(Kind.TO_DATE))
    until = min(as_of, date(year, 12, 31))
    left = 12 - until.month + 1 - until.day / monthrange(year, until.month)[1]
    found = actuals.estimate(year)
    try:
        on = pace(reached, target, months, day_number(until))
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


def _state(target: float, bounds: tuple[float, float], on: float, *, met: bool, lower: bool) -> Progress:
    """Return the word for a running target: on track or behind only where the bounds of its landing prove it.

    Where the target lies between them a pace behind time puts it at risk; without bounds it is not judged.
    """
    if met:
        return Progress.REACHED
    low, high = bounds
    if math.isnan(low) or math.isnan(high):
        return Progress.UNKNOWN if math.isnan(on) else Progress.RUNNING
    if (high <= target) if lower else (low >= target):
        return Progress.ON_TRACK
    if (low > target) if lower else (high < target):
        return Progress.BEHIND
    late = on > 1 if lower else on < 1
    return Progress.AT_RISK if late else Progress.RUNNING


def figures(lines: Sequence[Target], year: int) -> Iterator[Figure]:
    """Yield every figure of the targets; the metric is told by the dimension.

    Args:
        lines: All targets.
        year: That is planned.
    """
    seen: set[str] = set()
    for line in lines:
        if line.metric and line.metric not in seen and year and line.base is not None:
            seen.add(line.metric)
            yield from _of_year(line, line.base, year)
            if line.way == SUM:
                yield from _of_months(line, year)


def _of_year(line: Target, base: Estimate, year: int) -> Iterator[Figure]:
    unit, of, on = metrics()[line.metric].unit, f"metric={line.metric}", line.tracking
    target, reached = line.year.target, line.year.attainment
    yield Figure("target_baseline", str(year - 1), of, base.value, unit, base.basis)
    yield from (
        Figure(metric, str(year), dimension, value, of_unit, unknown if math.isnan(value) else known)
        for metric, dimension, value, of_unit, known, unknown in (
            ("target", of, target, unit, Basis.of(Kind.BASELINE_AND_GROWTH), Basis.of(Kind.NO_BASE)),
            ("target_attainment", of, reached, "ratio", Basis.of(Kind.TO_DATE), on.basis),
            ("target_pace", of, on.pace, "ratio", line.season.basis, on.basis),
            ("required_run_rate", of, on.required, unit, Basis.of(Kind.MONTHS_LEFT, on.left), on.basis),
            ("target_landing", of, on.landing, unit, on.basis, on.basis),
            ("target_landing", f"bound=low;{of}", on.low, unit, on.basis, on.basis),
            ("target_landing", f"bound=high;{of}", on.high, unit, on.basis, on.basis),
        )
    )


def _of_months(line: Target, year: int) -> Iterator[Figure]:
    unit, of = metrics()[line.metric].unit, f"metric={line.metric}"
    missing = Basis.of(Kind.MONTHS_MISS_TARGET, line.split.missing)
    for number, index in enumerate(line.season.index, start=1):
        yield Figure("season_index", f"{year}-{number:02d}", of, index, "ratio", line.season.basis)
    parts = {f"{year}-{at:02d}": part for at, part in enumerate(line.months, start=1)}
    parts |= {f"{year}-Q{at}": part for at, part in enumerate(line.quarters, start=1)}
    for label, part in parts.items():
        how = missing if math.isnan(part.target) else Basis.of(Kind.LARGEST_REMAINDER)
        yield Figure("season_split", label, of, part.target, unit, how)
        if not math.isnan(part.actual):
            yield Figure("target_attainment", label, of, part.attainment, "ratio", Basis.of(Kind.TO_DATE))
