"""From months to quarters, years and growth: the one place where periods are put together and compared.

A measure knows its value over any set of months, so that a running year is compared with the same months of last
year, a quarter's rate is a sum over a sum, and a quarter's buyers are counted once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from opsbook.domain.basis import Basis, Kind
from opsbook.domain.sample import Change, Sample, Share
from opsbook.functions.growth import change, point_change
from opsbook.functions.ratios import ratio
from opsbook.metrics.catalogue import metrics
from opsbook.metrics.figures import Figure
from opsbook.metrics.judge import sample_of
from opsbook.periods import Grain, Period, containing, month, months_of

Months = tuple[Period, ...]


class Growth(StrEnum):
    """How a change is told."""

    RELATIVE = "relative"  # amounts and counts: (current - base) / |base|
    POINTS = "points"  # ratios: current - base
    NONE = "none"


@dataclass(frozen=True)
class Measure:
    """One metric, by month and over months.

    Attributes:
        metric: Id of the catalogue.
        unit: Of its values.
        months: Basis of each month that has a value.
        over: Value over some of these months; NaN when undefined.
        growth: How its change is told.
        joined: How a value over several months is made.
        dimension: Empty, or ``key=value`` pairs.
        label: What else is told of any value over these months: how many cases, that it is an estimate.
        sample: What a value over these months rests on, by which it is judged.
        parts: The two values that a value over these months is made of, where they are printed beside it.
    """

    metric: str
    unit: str
    months: Mapping[Period, Basis]
    over: Callable[[Months], float]
    growth: Growth
    joined: Kind
    dimension: str = ""
    label: Callable[[Months], Basis] | None = None
    sample: Callable[[Months], Sample | None] | None = None
    parts: Callable[[Months], tuple[float, float]] | None = None

    def rests_on(self, months: Months) -> Sample | None:
        """Return the sample of the value over these months."""
        return self.sample(months) if self.sample and months else None

    def told(self, basis: Basis, months: Months) -> Basis:
        """Return a basis with what the label adds."""
        return basis + self.label(months) if self.label and months else basis


def dimension(**pairs: object) -> str:
    """Return ``key=value`` pairs, keys sorted; a ``;`` inside a value would part it."""
    return ";".join(f"{key}={str(value).replace(';', '；')}" for key, value in sorted(pairs.items()))


def additive(metric: str, unit: str, values: Mapping[Period, tuple[float, Basis]]) -> Measure:
    """Return the measure whose value over months is their sum."""
    numbers = {when: value for when, (value, _) in values.items()}

    def over(months: Months) -> float:
        return sum(numbers[when] for when in months)

    return Measure(
        metric,
        unit,
        {when: basis for when, (_, basis) in values.items()},
        over,
        Growth.RELATIVE,
        Kind.SUM_OF_MONTHS,
        sample=lambda months: sample_of(metric, over(months)),
    )


def rate(
    metric: str,
    unit: str,
    numerator: Mapping[Period, tuple[float, Basis]],
    denominator: Mapping[Period, tuple[float, Basis]],
    *,
    share: bool | None = None,
) -> Measure:
    """Return the measure that is a sum over a sum, of the months that have both; 0 below is undefined.

    Its change is told in points for a ``ratio``, else relative (a price, a cost per click).

    Args:
        metric: Id of the catalogue.
        unit: Of its values.
        numerator: By month.
        denominator: By month.
        share: Whether both are counts of cases, one part of the other; None means that a ``ratio`` is.
    """
    both = [when for when in numerator if when in denominator]

    def sums(months: Months) -> tuple[float, float]:
        return sum(numerator[when][0] for when in months), sum(denominator[when][0] for when in months)

    def over(months: Months) -> float:
        return float(ratio(*sums(months)))

    def sample(months: Months) -> Sample | None:
        if unit == "ratio" if share is None else share:
            return Share(*sums(months))
        return sample_of(metric, over(months))

    return Measure(
        metric,
        unit,
        dict.fromkeys(both, Basis.of(Kind.RATIO_OF_SUMS)),
        over,
        Growth.POINTS if unit == "ratio" else Growth.RELATIVE,
        Kind.RATIO_OF_SUMS,
        sample=sample,
    )


def figures(measure: Measure, as_of: date, grains: Collection[str] = ()) -> Iterator[Figure]:
    """Yield the measure in every grain of its record, each with its growth, for every period that has data.

    Args:
        measure: What to tell.
        as_of: Last day of the data.
        grains: Only these, where given.
    """
    grains = grains or metrics()[measure.metric].grains
    for period in _periods(measure.months):
        if period.grain not in grains:
            continue
        yield _value(measure, period)
        if measure.growth is Growth.NONE:
            continue
        yield _growth(measure, period, period.year_before, as_of, "yoy")
        if period.grain is not Grain.MONTH:
            yield _base(measure, period, as_of)
        if period.grain is not Grain.YEAR:
            yield _growth(measure, period, period.previous, as_of, "pop")


def _periods(months: Iterable[Period]) -> list[Period]:
    found = set(months)
    for grain in (Grain.QUARTER, Grain.YEAR):
        found |= {containing(when.start, grain) for when in months}
    return sorted(found, key=lambda period: (period.start, -period.days))


def _value(measure: Measure, period: Period) -> Figure:
    inside = months_of(period)
    known = tuple(when for when in inside if when in measure.months)
    if period.grain is Grain.MONTH:
        basis = measure.months[period]
    elif len(known) == len(inside):
        basis = Basis.of(measure.joined)
        if any(measure.months[when].has(Kind.UPPER_BOUND) for when in known):
            basis = basis.plus(Kind.UPPER_BOUND)
    else:
        basis = Basis.of(measure.joined, len(known), len(inside))
    value = measure.over(known)
    if math.isnan(value):
        basis = Basis.of(Kind.ZERO_BASE)
    told = measure.told(basis, known)
    parts = measure.parts(known) if measure.parts and known else None
    sample = measure.rests_on(known)
    return Figure(
        measure.metric, period.label, measure.dimension, value, measure.unit, told, sample=sample, pair=parts
    )


def _growth(measure: Measure, period: Period, base: Period, as_of: date, suffix: str) -> Figure:
    metric = f"{measure.metric}.{suffix}"
    current, before, how = compared(measure.months, period, base, as_of)
    if not current:
        return Figure(metric, period.label, measure.dimension, math.nan, "ratio", how)
    now, then = measure.over(current), measure.over(before)
    value, basis = compare(now, then, measure.growth, how)
    pair = None if math.isnan(now) or math.isnan(then) else (now, then)
    if pair is None:
        basis = Basis.of(Kind.UNDEFINED)
    samples = measure.rests_on(current), measure.rests_on(before)
    change = Change(samples[0], samples[1]) if samples[0] and samples[1] else None
    return Figure(metric, period.label, measure.dimension, value, "ratio", basis, sample=change, pair=pair)


def _base(measure: Measure, period: Period, as_of: date) -> Figure:
    """Return what last year's value is compared with: of a running period, the same whole months."""
    whole = tuple(when for when in months_of(period) if when.end <= as_of)
    months = tuple(month(when.start.year - 1, when.start.month) for when in whole)
    known = bool(months) and all(when in measure.months for when in months)
    value = measure.over(months) if known else math.nan
    whole_base = len(months) == len(months_of(period))
    basis = Basis.of(measure.joined) if whole_base else Basis.of(Kind.SAME_MONTHS, len(months))
    metric = f"{measure.metric}.base"
    told = measure.told(basis, months) if known else Basis.of(Kind.NO_BASE)
    return Figure(metric, period.label, measure.dimension, value, measure.unit, told)


def compared(
    known: Container[Period], period: Period, base: Period, as_of: date
) -> tuple[Months, Months, Basis]:
    """Return the months of a period and of its base that may be compared, and how.

    Of a running period only whole months are compared, with the same months of last year.

    Args:
        known: Months that have a value.
        period: The period told.
        base: What it is compared with.
        as_of: Last day of the data.

    Returns:
        Months now, months before, and `Kind.WHOLE_PERIODS` or `Kind.SAME_MONTHS`; no months at all, and why.
    """
    current = tuple(when for when in months_of(period) if when.end <= as_of)
    before = months_of(base)
    running = len(current) < len(months_of(period))
    if not current or (running and base != period.year_before):
        return (), (), Basis.of(Kind.INCOMPLETE)
    if running:
        before = tuple(month(when.start.year - 1, when.start.month) for when in current)
    if any(when not in known for when in current):
        return (), (), Basis.of(Kind.MISSING_MONTH)
    if any(when not in known for when in before):
        return (), (), Basis.of(Kind.NO_BASE)
    how = Basis.of(Kind.SAME_MONTHS, len(current)) if running else Basis.of(Kind.WHOLE_PERIODS)
    return current, before, how


def whole_periods(
    metric: str,
    unit: str,
    values: Mapping[Period, tuple[float, Basis]],
    as_of: date,
    *,
    snapshots: bool = False,
    dimension: str = "",
    samples: Mapping[Period, Sample] | None = None,
) -> Iterator[Figure]:
    """Yield values that are known by period only, each with its growth; a running period has none.

    Args:
        metric: Id of the catalogue.
        unit: Of the values; the change of a ``ratio`` or ``score`` is told in points.
        values: Value and basis by period.
        as_of: Last day of the data.
        snapshots: States on a day, which may be compared while the period runs.
        dimension: Empty, or ``key=value`` pairs.
        samples: What the values rest on, where it is not told by the metric.
    """
    growth = Growth.POINTS if unit in ("ratio", "score") else Growth.RELATIVE
    for period, (value, basis) in sorted(values.items()):
        sample = samples.get(period) if samples is not None else sample_of(metric, value)
        yield Figure(metric, period.label, dimension, value, unit, basis, sample=sample)
        bases = {"yoy": period.year_before} | ({} if period.grain is Grain.YEAR else {"pop": period.previous})
        for suffix, base in bases.items():
            pair = None
            if period.end > as_of and not snapshots:
                change, how = math.nan, Basis.of(Kind.INCOMPLETE)
            elif base not in values:
                change, how = math.nan, Basis.of(Kind.NO_BASE)
            else:
                told = Kind.SNAPSHOTS if snapshots else Kind.WHOLE_PERIODS
                then = values[base][0]
                change, how = compare(value, then, growth, Basis.of(told))
                pair = None if math.isnan(value) or math.isnan(then) else (value, then)
            yield Figure(
                f"{metric}.{suffix}", period.label, dimension, change, "ratio", how,
                sample=_changed(metric, pair), pair=pair,
            )  # fmt: skip


def _changed(metric: str, pair: tuple[float, float] | None) -> Change | None:
    """Return the sample of a change of what is counted in full."""
    now, then = (sample_of(metric, each) for each in pair) if pair else (None, None)
    return Change(now, then) if now and then else None


def compare(now: float, then: float, growth: Growth, how: Basis) -> tuple[float, Basis]:
    """Return the change between two values and its basis."""
    if math.isnan(now) or math.isnan(then):
        return math.nan, Basis.of(Kind.NO_BASE)
    if growth is Growth.POINTS:
        return float(point_change(now, then)), how.plus(Kind.POINTS)
    if then == 0 and now != 0:
        return math.nan, Basis.of(Kind.FROM_ZERO)
    return float(change(now, then)), how
