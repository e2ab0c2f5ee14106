"""Problems found by rules, declared in problems.toml: evidence, size in money, and what the judge says of the sample.

Something is a problem only where it is proven to lie beyond its limit, and none only where it is proven not to.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from opsbook.domain.basis import Basis, Kind
from opsbook.domain.declarations import load
from opsbook.domain.language import Text
from opsbook.domain.sample import Share
from opsbook.domain.verdict import Verdict, verdict_of
from opsbook.functions.growth import change
from opsbook.metrics.catalogue import metrics
from opsbook.params import Settings
from opsbook.params.export_words import market_titles

if TYPE_CHECKING:
    from opsbook.metrics.figures import Figure
    from opsbook.metrics.review import Review

NAN = math.nan
NOTHING = Text("", "")
PARTS = ("traffic", "conversion", "peers", "collaboration")


class Finding(StrEnum):
    """What a rule found, gravest first; the sheets have a word for each."""

    FOUND = "found"
    FEW = "few"  # it may be chance
    UNJUDGED = "unjudged"  # nothing to judge the figure by
    FINE = "fine"
    UNKNOWN = "unknown"  # no figure


_GRAVITY = tuple(Finding)


@dataclass(frozen=True)
class Problem:
    """What a rule says of one matter.

    Attributes:
        id: Stable from one refresh to the next: the rule, and the market, metric or department.
        rule: Name of the rule.
        state: What was found.
        name: Of the market, metric or department, or empty.
        now: Evidence: the figure itself.
        reference: What it is held against.
        gap: The difference, as the rule tells it.
        money: USD a year that it is worth, where that can be told.
        more: What else the sentence says.
        basis: How the figure was got.
    """

    id: str
    rule: str
    state: Finding
    name: Text = NOTHING
    now: float = NAN
    reference: float = NAN
    gap: float = NAN
    money: float = NAN
    more: Text = NOTHING
    basis: Basis = Basis()  # noqa: RUF009 - frozen

    @property
    def strategy(self) -> str:
        """Code of the strategy that is suggested against it; empty where nothing was found."""
        suggested = declared()[self.rule]["strategy"] if self.state is Finding.FOUND else ""
        return suggested if isinstance(suggested, str) else suggested.get(self.id.rpartition("/")[2], "")


def declared() -> dict[str, dict[str, Any]]:
    """Return the rules by name; under ``names`` and ``units`` what is told of figures that are no metric."""
    return load("opsbook.review", "problems.toml")


def rules(part: str) -> list[str]:
    """Return the rules of a part in order."""
    return [key for key, entry in declared().items() if entry.get("part") == part]


def slots(rule: str) -> int:
    """Return how many lines the sheet keeps for a rule."""
    entry = declared()[rule]
    return int(entry.get("rows", len(entry.get("metrics", ("",)))))


def limits(rule: str, settings: Settings) -> dict[str, float]:
    """Return from when on a rule finds a problem, as the team set it."""
    return {key: getattr(settings, name) for key, name in declared()[rule].get("limits", {}).items()}


def find(rule: str, review: Review, settings: Settings | None = None) -> list[Problem]:
    """Return what a rule says, gravest first, never more than its lines.

    Args:
        rule: Its name.
        review: The figures.
        settings: Hold the limits; None for those that come with OpsBook.
    """
    found = list(_RULES[rule](review, declared()[rule] | limits(rule, settings or Settings())))
    return found[: slots(rule)] or [Problem(rule, rule, Finding.UNKNOWN, basis=Basis.of(Kind.NO_SOURCE))]


def _state(figure: Figure, said: Verdict, worse: Verdict) -> Finding:
    """Return the state of a figure by its verdict; ``worse`` is the one that makes it a problem."""
    if not figure.defined:
        return Finding.UNKNOWN
    if said is Verdict.TOO_FEW:
        return Finding.FEW
    if said is Verdict.UNJUDGED:
        return Finding.UNJUDGED
    return Finding.FOUND if said is worse else Finding.FINE


def _half(review: Review, year: int, months: range) -> float:
    """Return natural impressions of some months, NaN when one is missing."""
    return math.fsum(review.get("natural_impressions", f"{year}-{number:02d}").value for number in months)


def _natural(review: Review, entry: dict[str, Any]) -> Iterator[Problem]:
    year = review.year
    figure = review.get("natural_growth_slowdown", str(year))
    known = [n for n in range(7, 13) if review.get("natural_impressions.yoy", f"{year}-{n:02d}").defined]
    first, second = range(1, 7), range(7, (known[-1] if known else 6) + 1)
    base = _half(review, year - 1, second) if known else NAN
    now = float(change(_half(review, year, second), base)) if known else NAN
    then = float(change(_half(review, year, first), _half(review, year - 1, first)))
    if not figure.defined:
        yield Problem("natural_slowdown", "natural_slowdown", Finding.UNKNOWN, basis=figure.basis)
        return
    slow = figure.value <= -entry["limit"]
    steps = [review.get(key, str(year)).value for key in ("visit_rate", "visitor_order_rate", "aov")]
    money = -figure.value * base * math.prod(steps) if slow else NAN
    yield Problem(
        "natural_slowdown",
        "natural_slowdown",
        Finding.FOUND if slow else Finding.FINE,
        now=now,
        reference=then,
        gap=figure.value,
        money=money,
        basis=figure.basis,
    )


def _longtail(review: Review, entry: dict[str, Any]) -> Iterator[Problem]:
    figure = review.get("longtail_capture", str(review.year))
    limit = float(entry["limit"])
    yield Problem(
        "longtail",
        "longtail",
        _state(figure, review.judge.figure(figure, limit), Verdict.DOWN),
        now=figure.value,
        reference=limit if figure.defined else NAN,
        gap=figure.value - limit,
        basis=figure.basis,
    )


def _low_quality(review: Review, entry: dict[str, Any]) -> Iterator[Problem]:
    year = str(review.year)
    figure, rise = (
        review.get("low_quality_inquiry_share", year),
        review.get("low_quality_inquiry_share.yoy", year),
    )
    state = _state(figure, review.judge.figure(figure, entry["limit"]), Verdict.UP)
    if state is not Finding.UNKNOWN and review.judge.figure(rise, entry["rise"]) is Verdict.UP:
        state = Finding.FOUND
    now, before = rise.pair or (figure.value, NAN)
    yield Problem(
        "low_quality",
        "low_quality",
        state,
        now=now,
        reference=before,
        gap=rise.value,
        basis=figure.basis,
    )


def _markets(review: Review, entry: dict[str, Any]) -> Iterator[Problem]:
    year, found = str(review.year), []
    rates = {
        key[2]: figure
        for key, figure in review.figures.items()
        if key[:2] == ("market_order_rate", year) and key[2].startswith("market=")
    }
    told = {key: counts(figure) for key, figure in rates.items()}
    asked = sum(each[1] for each in told.values())
    if not asked:
        return
    pooled = sum(each[0] for each in told.values()) / asked
    value = review.get("aov", year).value
    for key, figure in rates.items():
        verdict = review.get("market_order_rate.verdict", year, key)
        if not verdict.defined:
            continue
        state = _state(figure, verdict_of(verdict.value), Verdict.DOWN)
        name = key.partition("=")[2]
        orders, of = told[key]
        found.append(
            Problem(
                f"market/{name}",
                "market",
                state,
                market_titles().get(name, Text(name, name)),
                figure.value,
                pooled,
                figure.value - pooled,
                (pooled - figure.value) * of * value if state is Finding.FOUND else NAN,
                _fill(entry["inside"], orders=orders, asked=of),
                verdict.basis,
            )
        )
    yield from sorted(
        found, key=lambda each: (_GRAVITY.index(each.state), -each.money if each.money > 0 else 0, each.gap)
    )


def counts(rate: Figure) -> tuple[int, int]:
    """Return the orders and inquiries that a market's rate rests on."""
    sample = rate.sample
    return (round(sample.hits), round(sample.trials)) if isinstance(sample, Share) else (0, 0)


def _fill(text: dict[str, str], **facts: object) -> Text:
    return Text(text["zh"].format(**facts), text["en"].format(**facts))


def _peers(review: Review, entry: dict[str, Any]) -> Iterator[Problem]:
    year = str(review.year)
    for key in entry["metrics"]:
        figure = review.get("peer_gap", year, f"metric={key}")
        name = metrics()[key].title if key in metrics() else Text(**declared()["names"][key])
        if not figure.defined:
            yield Problem(f"peer_gap/{key}", "peer_gap", Finding.UNKNOWN, name, basis=figure.basis)
            continue
        own, top = figure.pair or (NAN, NAN)
        state = _state(figure, review.judge.figure(figure, -entry["limit"]), Verdict.DOWN)
        money = top - own if state is Finding.FOUND and key == "ta_amount" else NAN
        yield Problem(
            f"peer_gap/{key}",
            "peer_gap",
            state,
            name,
            own,
            top,
            figure.value,
            money,
            basis=figure.basis,
        )


def _collaboration(review: Review, entry: dict[str, Any]) -> Iterator[Problem]:
    year, found = str(review.year), []
    for key, figure in review.figures.items():
        if (
            key[:2] != ("collab_cycle_days", year)
            or "department=" not in key[2]
            or "quantile=50" not in key[2]
        ):
            continue
        name = key[2].partition("department=")[2].partition(";")[0]
        slow = review.get("collab_cycle_days", year, key[2].replace("quantile=50", "quantile=90"))
        # More than half of the items take longer than the limit of the median, more than a tenth than the other.
        states = {
            _state(each, review.judge.figure(each, share), Verdict.UP)
            for each, share in ((figure, 0.5), (slow, 0.1))
        }
        state = next(each for each in _GRAVITY if each in states)
        more = _fill(entry["slow"], days=f"{slow.value:.0f}") if slow.defined else Text(**entry["items"])
        limit = float(entry["limit"])
        found.append(
            Problem(
                f"collaboration/{name}",
                "collaboration",
                state,
                Text(name, name),
                figure.value,
                limit,
                figure.value - limit,
                more=more,
                basis=figure.basis,
            )
        )
    yield from sorted(found, key=lambda each: (_GRAVITY.index(each.state), -each.now))


_RULES: dict[str, Callable[[Review, dict[str, Any]], Iterator[Problem]]] = {
    "natural_slowdown": _natural,
    "longtail": _longtail,
    "low_quality": _low_quality,
    "market": _markets,
    "peer_gap": _peers,
    "collaboration": _collaboration,
}
