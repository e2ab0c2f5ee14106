"""Resources: the budget by line and month against what was spent, people, training. Amounts are CNY."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from opsbook.domain.basis import Basis, Kind
from opsbook.domain.language import Language
from opsbook.functions.budget import variance, variance_rate
from opsbook.metrics.figures import Figure
from opsbook.periods import month
from opsbook.plan.row_merge import Content, Settled, Standing, Wanted, settle
from opsbook.plan.shared_tables import NAN, Filled, declared, plain, text
from opsbook.plan.table_declarations import tables

if TYPE_CHECKING:
    from opsbook.metrics.review import Review

BUDGET, SPENT, PEOPLE, TRAINING = (
    "resources.budget",
    "resources.spent",
    "resources.people",
    "resources.training",
)
MONTHS = tuple(f"m{number}" for number in range(1, 13))
PEOPLE_LINE, TRAINING_LINE = "B7", "B8"  # their months follow from the tables of people and training
_QUARTER_END = {"Q1": 3, "Q2": 6, "Q3": 9, "Q4": 12}
_REVENUE = 1  # of the choices of a line's kind


@dataclass(frozen=True)
class Totals:
    """All lines of cost together; NaN where nothing is known.

    Attributes:
        year: Budget of the year.
        planned: Budget of the months reached.
        actual: Spent in them.
        variance: How much better than the budget; positive is good.
        forecast: Of the year.
        people: Cost of the people in the year.
        training: Cost of the training.
        actions: Cost of the actions.
    """

    year: float = NAN
    planned: float = NAN
    actual: float = NAN
    variance: float = NAN
    forecast: float = NAN
    people: float = NAN
    training: float = NAN
    actions: float = NAN


@dataclass(frozen=True)
class Resources:
    """The sheet of resources.

    Attributes:
        tables: By block.
        totals: Of all lines of cost.
        figures: For `opsbook values`.
    """

    tables: Mapping[str, Filled]
    totals: Totals
    figures: tuple[Figure, ...]


def resources(
    review: Review,
    standing: Mapping[str, Standing],
    year: int,
    language: Language,
    *,
    growth: float,
    costs: Mapping[str, float],
) -> Resources:
    """Return the tables of the sheet.

    Args:
        review: What was reached and spent.
        standing: The workbook's tables.
        year: The plan's; 0 as long as it is not known.
        language: Of the workbook.
        growth: By which the spend on ads is to grow with the amount sold; NaN for none.
        costs: Cost of the actions by budget line.
    """
    people = _people(standing, year, language)
    training = _training(standing, review.as_of, language)
    of_people, of_training = _people_months(people, year), _training_months(training)
    ads = _ads(review, year - 1)
    wanted = []
    for code, entry in declared("resources")["budget"].items():
        months: Sequence[float] = (NAN,) * 12
        if entry.get("metric") == "ad_cost":
            months = _suggested_ads(ads, growth)
        elif code == PEOPLE_LINE:
            months = of_people
        elif code == TRAINING_LINE:
            months = of_training
        cells: dict[str, Content] = {
            "code": code,
            "line": text(entry["line"], language),
            "strategy": entry["strategy"],
            "kind": tables()[BUDGET].column("kind").choices[language][0],
        }
        wanted.append(Wanted(code, cells | dict(zip(MONTHS, map(plain, months), strict=True))))
    budget = settle(tables()[BUDGET], standing.get(BUDGET, Standing()), wanted)
    spent = _spent(review, standing, year, language, budget.used)
    reached = _months_reached(review.as_of, year)
    actuals = {line.text("code"): [line.number(each) for each in MONTHS] for line, _ in spent.lines()}
    live = {line.key: _live(line, actuals, reached, costs) for line in budget.used}
    filled = Filled(budget, live)
    found = {BUDGET: filled, SPENT: spent, PEOPLE: people, TRAINING: training}
    totals = _totals(filled, of_people, of_training, costs)
    return Resources(found, totals, tuple(_figures(filled, year)) if year else ())


def _people(standing: Mapping[str, Standing], year: int, language: Language) -> Filled:
    wanted = [
        Wanted(
            key,
            {
                "role": text(entry["role"], language),
                "count": float(entry["count"]),
                "start": date.fromisoformat(f"{year}-{entry['start']}") if year else None,
                "strategy": entry["strategy"],
            },
        )
        for key, entry in declared("resources")["people"].items()
    ]
    agreed = settle(tables()[PEOPLE], standing.get(PEOPLE, Standing()), wanted)
    live = {}
    for line in agreed.used:
        months = _months_there(line, year)
        cost = math.fsum(_monthly(line, year))
        known = line.number("salary") is not None and line.number("count") is not None
        live[line.key] = {
            "months": float(len(months)) if year else None,
            "cost": cost if known and year else None,
        }
    return Filled(agreed, live)


def _months_there(line: Settled, year: int) -> range:
    """Return the months of the year in which somebody is there, the first one whole."""
    start = line.day("start")
    if not start or start.year > year:
        return range(0)
    return range(start.month if start.year == year else 1, 13)


def _monthly(line: Settled, year: int) -> list[float]:
    """Return the cost of each month of the year; 0 where nobody is there or the cost is not known."""
    each, count = line.number("salary"), line.number("count")
    there = _months_there(line, year)
    return [each * count if each and count and number in there else 0.0 for number in range(1, 13)]


def _people_months(people: Filled, year: int) -> list[float]:
    """Return the cost of all people by month; NaN as long as no cost was typed."""
    priced = [line for line, _ in people.lines() if line.number("salary") is not None]
    columns = [_monthly(line, year) for line in priced]
    return [math.fsum(column) for column in zip(*columns, strict=True)] if columns else [NAN] * 12


def _training(standing: Mapping[str, Standing], as_of: date | None, language: Language) -> Filled:
    wanted = [
        Wanted(
            key,
            {
                "quarter": entry["quarter"],
                "topic": text(entry["topic"], language),
                "audience": text(entry["audience"], language),
            },
        )
        for key, entry in declared("resources")["training"].items()
    ]
    agreed = settle(tables()[TRAINING], standing.get(TRAINING, Standing()), wanted)
    live: dict[str, dict[str, Content]] = {}
    for line in agreed.used:
        day = line.day("day")
        late = bool(day and as_of and as_of > day)
        live[line.key] = {"state": "met" if line.day("done") else "late" if late else "open"}
    return Filled(agreed, live)


def _training_months(training: Filled) -> list[float]:
    """Return the cost of training by month: of its day, else of the last month of its quarter."""
    found = [NAN] * 12
    for line, _ in training.lines():
        cost, day = line.number("cost"), line.day("day")
        at = day.month if day else _QUARTER_END.get(line.text("quarter").upper())
        if cost is not None and at:
            found[at - 1] = cost + (0.0 if math.isnan(found[at - 1]) else found[at - 1])
    return found


def _ads(review: Review, year: int) -> list[float]:
    return [review.get("ad_cost", f"{year}-{number:02d}").value for number in range(1, 13)]


def _suggested_ads(before: Sequence[float], growth: float) -> list[float]:
    """Return a budget for ads by month: last year's spend, grown; months without one get the mean of the others."""
    known = [value for value in before if not math.isnan(value)]
    if not known:
        return [NAN] * 12
    mean = math.fsum(known) / len(known)
    factor = 1.0 if math.isnan(growth) else 1.0 + growth
    return [float(round((mean if math.isnan(value) else value) * factor, -2)) for value in before]


def _spent(
    review: Review,
    standing: Mapping[str, Standing],
    year: int,
    language: Language,
    lines: Sequence[Settled],
) -> Filled:
    """Return the table of what was spent: a line for each line of the budget, ads from the exports."""
    entries = declared("resources")["budget"]
    sources = {"zh": ("导出数据", "请填写"), "en": ("exports", "to be typed")}[language]
    wanted, live = [], {}
    for line in lines:
        code = line.text("code")
        ads = entries.get(line.key, {}).get("metric") == "ad_cost"
        months = _ads(review, year) if ads and year else [NAN] * 12
        key = f"spent/{line.key}"
        wanted.append(
            Wanted(key, {"code": code or None, **dict(zip(MONTHS, map(plain, months), strict=True))})
        )
        live[key] = {"line": line.text("line") or None, "source": sources[0 if ads else 1]}
    agreed = settle(tables()[SPENT], standing.get(SPENT, Standing()), wanted)
    found: dict[str, dict[str, Content]] = {}
    for each in agreed.used:
        amounts = [number for month in MONTHS if (number := each.number(month)) is not None]
        found[each.key] = {**live.get(each.key, {}), "total": math.fsum(amounts) if amounts else None}
    return Filled(agreed, found)


def _months_reached(as_of: date | None, year: int) -> int:
    """Return how many whole months of the plan's year the data cover."""
    if not (as_of and year):
        return 0
    return sum(month(year, number).end <= as_of for number in range(1, 13))


def _live(
    line: Settled,
    actuals: Mapping[str, Sequence[float | None]],
    reached: int,
    costs: Mapping[str, float],
) -> dict[str, Content]:
    months = [line.number(each) for each in MONTHS]
    spent = actuals.get(line.text("code"), [None] * 12)
    year = _sum(months)
    # Only months with a plan and an actual amount are compared: what was not entered is not zero.
    both = [
        (plan, actual)
        for plan, actual in zip(months[:reached], spent[:reached], strict=True)
        if plan is not None and actual is not None
    ]
    actual = _sum(spent[:reached])
    kind = _kind(line)
    compared = (math.fsum(a for _, a in both), math.fsum(p for p, _ in both)) if both else (NAN, NAN)
    forecast = _sum(
        [
            plan if actual is None or at >= reached else actual
            for at, (plan, actual) in enumerate(zip(months, spent, strict=True))
        ]
    )
    return {
        "year": plain(year),
        "actions": costs.get(line.text("code")),
        "planned": plain(compared[1]),
        "actual": plain(actual),
        "variance": plain(float(variance(*compared, kind))),
        "rate": plain(float(variance_rate(*compared, kind))),
        "forecast": plain(forecast),
    }


def _sum(values: Sequence[float | None]) -> float:
    known = [value for value in values if value is not None]
    return math.fsum(known) if known else NAN


def _totals(
    budget: Filled, people: Sequence[float], training: Sequence[float], costs: Mapping[str, float]
) -> Totals:
    lines = [live for line, live in budget.lines() if _kind(line) == "cost"]

    def of(column: str) -> float:
        return _sum([value if isinstance(value := live.get(column), float) else None for live in lines])

    return Totals(
        year=of("year"),
        planned=of("planned"),
        actual=of("actual"),
        variance=of("variance"),
        forecast=of("forecast"),
        people=_sum([plain(value) for value in people]),
        training=_sum([plain(value) for value in training]),
        actions=_sum(list(costs.values())),
    )


def _figures(budget: Filled, year: int) -> Iterator[Figure]:
    """Yield actual - planned of each line, whichever is good; its basis tells."""
    for line, live in budget.lines():
        where = f"line={line.text('code') or line.key}"
        better, value, basis = live.get("variance"), NAN, Basis.of(Kind.NO_ACTUAL)
        if isinstance(better, float):
            value = better if _kind(line) == "revenue" else -better
            good = Kind.FAVOURABLE if better > 0 else Kind.UNFAVOURABLE if better < 0 else Kind.AS_PLANNED
            basis = Basis.of(Kind.MONTHS_OF_BOTH).plus(good)
        yield Figure("budget_variance", str(year), where, value, "CNY", basis)


def _kind(line: Settled) -> str:
    return "revenue" if tables()[BUDGET].column("kind").choice(line.text("kind")) == _REVENUE else "cost"
