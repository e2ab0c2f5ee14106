"""The targets of the plan year: suggested, as people changed them, split over the year, and tracked."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from opsbook.domain.basis import Basis, Kind
from opsbook.functions.targets import attainment
from opsbook.metrics.catalogue import metrics
from opsbook.metrics.figures import Figure
from opsbook.params import Settings
from opsbook.params.calendar import events
from opsbook.plan import smart, tracking, whatif
from opsbook.plan.actuals import Actuals, Baseline, Estimate
from opsbook.plan.declared_targets import COUNT, LEVEL, RATE, SUM, Suggestion, suggestions, way_of
from opsbook.plan.row_merge import Agreed, Content, Settled, Standing, Wanted, settle
from opsbook.plan.season import Season, Uplift, season
from opsbook.plan.shared_tables import metric_of
from opsbook.plan.split import Split, among, split
from opsbook.plan.table_declarations import tables
from opsbook.plan.target import PeriodTarget, Target
from opsbook.plan.typed_numbers import typed
from opsbook.plan.whatif import WhatIf

if TYPE_CHECKING:
    from opsbook.metrics.review import Review

LIST, MONTHS, PEOPLE, EVENTS, WHATIF, LAST = (
    f"targets.{block}" for block in ("list", "months", "people", "events", "whatif", "last")
)
_NONE = (math.nan,) * 12
OF = "of-"  # begins the key of a line of months: what follows is the key of the target


@dataclass(frozen=True)
class Targets:
    """All targets of the year.

    Attributes:
        lines: In the order of the sheet.
        people: What each line of the table of people takes: four quarters.
        shares: The sum of the shares of each metric.
        whatif: What drives the money, and what a goal needs.
        tables: The tables that people write in, by block.
        figures: For `opsbook values`.
    """

    lines: tuple[Target, ...] = ()
    people: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    shares: Mapping[str, float] = field(default_factory=dict)
    whatif: WhatIf = field(default_factory=WhatIf)
    tables: Mapping[str, Agreed] = field(default_factory=dict)
    figures: tuple[Figure, ...] = ()

    def table(self, block: str) -> Agreed:
        """Return a table that people write in, as it is to stand."""
        return self.tables.get(block, Agreed((), frozenset()))

    def of(self, metric: str) -> Target:
        """Return the first target of a metric; one without figures where there is none."""
        return next((each for each in self.lines if each.metric == metric), Target(metric))

    def quarter(self, metric: str, number: int) -> PeriodTarget:
        """Return the part of a quarter (1-4)."""
        return self.of(metric).quarters[number - 1]

    def growth(self, metric: str) -> float:
        """Return the growth that the target asks for; NaN where there is none."""
        return self.of(metric).growth

    def owner(self, metric: str) -> str:
        """Return who answers for a metric; empty where nobody does yet."""
        return self.of(metric).owner


def find(review: Review, settings: Settings, standing: Mapping[str, Standing], year: int) -> Targets:
    """Return the targets of a year.

    Args:
        review: What was reached.
        settings: Values in force.
        standing: The tables of the sheet as they stand in the workbook, by block.
        year: That is planned; 0 where there is none yet.
    """
    agreed: dict[str, Agreed] = {}

    def settled(block: str, wanted: Sequence[Wanted]) -> Agreed:
        agreed[block] = settle(tables()[block], standing.get(block, Standing()), wanted, keep_gone=False)
        return agreed[block]

    known: dict[str, Actuals] = {}

    def actuals(metric: str) -> Actuals:
        return known.setdefault(metric, Actuals(review, metric, settings.confidence))

    uplifts = _uplifts(settled(EVENTS, _events(settings, year)))
    last = {metric_of(line.text("metric")): typed(line, "target") for line in settled(LAST, []).used}

    def base(metric: str) -> Estimate | None:
        return _base(actuals(metric), year, last.get(metric)) if metric and year else None

    listed = settled(
        LIST,
        [_suggested(each, actuals(each.metric), base(each.metric), settings, year) for each in suggestions()],
    )
    lines = [_begun(line, actuals, base, year, uplifts) for line in listed.used]
    keys = [(f"{OF}{each.key}", each) for each in lines if each.way == SUM]
    locked = _locked(settled(MONTHS, [Wanted(key, {}) for key, _ in keys]))
    split_lines = {key: split(each.year.target, each.season.index, locked.get(key, {})) for key, each in keys}
    settled(MONTHS, [Wanted(key, _months(split_lines[key])) for key, _ in keys])
    money = next((each for each in lines if each.metric == "ta_amount"), Target("ta_amount"))
    flow = whatif.flow(review)
    done = tuple(
        _finished(each, split_lines.get(f"{OF}{each.key}", each.split), actuals(each.metric), year)
        for each in lines
    )
    visitors = next((each.year.target for each in lines if each.metric == "visitors"), math.nan)
    done = tuple(
        replace(each, check=smart.check(each, actuals(each.metric), year, flow.carries(visitors)))
        for each in done
    )
    people, shares = _people(settled(PEOPLE, []), done)
    asked = settled(WHATIF, whatif.wanted(flow, money.year.target))
    found = Targets(
        lines=done,
        people=people,
        shares=shares,
        whatif=whatif.work_out(flow, asked, settings, review),
        tables=MappingProxyType(agreed),
    )
    return replace(found, figures=tuple(tracking.figures(done, year)))


def _events(settings: Settings, year: int) -> list[Wanted]:
    found = []
    for event in events().values():
        first, last = event.days(year) if year else (None, None)
        found.append(
            Wanted(event.id, {"event": event.title[settings.language], "first": first, "last": last})
        )
    return found


def _uplifts(agreed: Agreed) -> list[Uplift]:
    found = []
    for line in agreed.used:
        first, last, rate = line.day("first"), line.day("last"), typed(line, "uplift")
        if first and last and rate and first <= last:
            found.append(Uplift(first, last, max(rate, -1.0)))
    return found


def _base(actuals: Actuals, year: int, target: float | None) -> Estimate:
    """Return what the year before a plan reached; what was planned for it, where nothing was reached yet.

    Args:
        actuals: Of a metric.
        year: That is planned.
        target: Of the year before.
    """
    adds = way_of(actuals.metric) == SUM
    found = actuals.estimate(year - 1) if adds else actuals.to_date(year - 1)
    if math.isnan(found.value) and target is not None:
        return Estimate(target, target, target, Basis.of(Kind.LAST_YEARS_TARGET), Baseline.TARGET)
    return found


def _suggested(
    each: Suggestion, actuals: Actuals, base: Estimate | None, settings: Settings, year: int
) -> Wanted:
    title = metrics()[each.metric].title[settings.language]
    cells: dict[str, Content] = {"metric": title, "change": None, "due": None}
    if year and actuals.review.as_of:
        # A target is a hope already: until something was reached, no growth is put on top of it.
        hoped = base is not None and base.kind is Baseline.TARGET
        change = 0.0 if hoped else each.change(actuals, year)
        cells |= {"change": change, "due": date(year, 12, 31)}
    return Wanted(each.metric, cells)


def _begun(
    line: Settled,
    actuals: Callable[[str], Actuals],
    base_of: Callable[[str], Estimate | None],
    year: int,
    uplifts: Sequence[Uplift],
) -> Target:
    """Return a line with baseline and target, not split yet."""
    metric = metric_of(line.text("metric"))
    way = way_of(metric)
    own, change = typed(line, "own"), typed(line, "change")
    number = math.nan if change is None else change
    base, target, found = base_of(metric), math.nan, Season()
    if base is not None:
        target = target_of(way, base.value, number)
        if way == SUM:
            known = actuals(metric).months
            found = season({place: value for place, value in known.items() if place[0] < year}, year, uplifts)
    return Target(
        metric=metric,
        key=line.key,
        way=way,
        base=base,
        change=number,
        year=PeriodTarget(target if own is None else own),
        owner=line.text("owner"),
        due=line.day("due"),
        season=found,
    )


def target_of(way: str, base: float, change: float) -> float:
    """Return the target that a change of the year before makes: whole units of sums, whole cents of prices."""
    if way in (RATE, COUNT):
        return base + change
    digits = 2 if way == LEVEL else 0
    scaled = base * (1 + change) * 10.0**digits
    return scaled if math.isnan(scaled) else math.floor(scaled + 0.5) / 10.0**digits  # as Excel's ROUND


def _locked(agreed: Agreed) -> dict[str, dict[int, float]]:
    """Return the months that people fixed, by key and month from 0."""
    found: dict[str, dict[int, float]] = {}
    for line in agreed.used:
        fixed = {
            at: number
            for at in range(12)
            if f"m{at + 1}" not in line.written and (number := typed(line, f"m{at + 1}")) is not None
        }
        found[line.key] = fixed
    return found


def _months(found: Split) -> dict[str, Content]:
    return {f"m{at}": None if math.isnan(value) else value for at, value in enumerate(found.months, start=1)}


def _finished(line: Target, found: Split, actuals: Actuals, year: int) -> Target:
    """Return a line with its months, quarters and tracking."""
    if not line.metric or not year:
        return line
    lower = metrics()[line.metric].better == "lower"

    def part(target: float, actual: float) -> PeriodTarget:
        return PeriodTarget(target, actual, float(attainment(actual, target, lower)))

    reached, coming = actuals.year_months(year), _coming(actuals, year)
    quarters = [actuals.figure(f"{year}-Q{number}").value for number in range(1, 5)]
    targets = found.quarters if line.way == SUM else (_even(line),) * 4
    return replace(
        line,
        year=part(line.year.target, actuals.of_year(year).value),
        quarters=tuple(part(*pair) for pair in zip(targets, quarters, strict=True)),
        months=tuple(part(*pair) for pair in zip(found.months, reached, strict=True)),
        prior=actuals.year_months(year - 1),
        coming=coming,
        split=found,
        tracking=tracking.track(line, found.months, coming, actuals, year),
    )


def _coming(actuals: Actuals, year: int) -> tuple[float, ...]:
    as_of = actuals.review.as_of
    found = actuals.ahead(year) if as_of and as_of.year >= year else {}
    return tuple(found.get((year, number), _NONE)[0] for number in range(1, 13))


def _even(line: Target) -> float:
    """Return the target of a quarter for what does not add up: a rate or price that is known by quarter, the year's."""
    grains = metrics()[line.metric].grains
    return line.year.target if line.way in (RATE, LEVEL) and "quarter" in grains else math.nan


def _people(
    agreed: Agreed, lines: Sequence[Target]
) -> tuple[Mapping[str, tuple[float, ...]], Mapping[str, float]]:
    """Return the quarters of each person's line, and the sum of shares by metric."""
    by_metric: dict[str, dict[str, float]] = {}
    for line in agreed.used:
        share = typed(line, "share")
        if share is not None and share >= 0:
            by_metric.setdefault(metric_of(line.text("metric")), {})[line.key] = share
    found: dict[str, tuple[float, ...]] = {}
    for metric, shares in by_metric.items():
        target = next((each for each in lines if each.metric == metric and each.way == SUM), None)
        if target is not None:
            quarters = [each.target for each in target.quarters]
            found |= dict(zip(shares, among(quarters, list(shares.values())), strict=True))
    return found, {metric: math.fsum(shares.values()) for metric, shares in by_metric.items()}
