"""Cases found from the figures: which product, customer, market, campaign or keyword carried how much of the growth."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opsbook.domain.basis import Kind
from opsbook.domain.declarations import load
from opsbook.domain.language import Text
from opsbook.params.export_words import market_titles

if TYPE_CHECKING:
    from opsbook.metrics.review import Review

NAN = math.nan
REST = "(other)"
LEAST_POINTS = 0.005  # half a point of the growth: less carries nothing


@dataclass(frozen=True)
class GrowthCase:
    """What carried growth.

    Attributes:
        key: Stable: period, kind and what it is.
        kind: ``product``, ``customer``, ``market``, ``campaign``, ``keyword``.
        period: For people.
        name: For people; of a customer a number only.
        now: Amount (USD), leads or rank now.
        base: The same before.
        points: Share of the growth of the whole, a fraction; NaN for a keyword.
        growth: Growth of the whole.
        sentence: What to say, with these figures.
    """

    key: str
    kind: str
    period: Text
    name: Text
    now: float
    base: float
    points: float
    growth: float
    sentence: Text


def declared() -> dict[str, dict[str, Any]]:
    """Return the kinds with their titles, and the sentences."""
    return load("opsbook.review", "cases.toml")


def find(review: Review) -> list[GrowthCase]:
    """Return the cases of the year and of its two latest quarters, those of the year first."""
    year = review.year
    quarters = [
        number
        for number in range(4, 0, -1)
        if any(key[:2] == ("case_contribution", f"{year}-Q{number}") for key in review.figures)
    ][:2]
    found = list(_of_period(review, str(year), _text("year", year=year)))
    for number in quarters:
        found += _of_period(review, f"{year}-Q{number}", _text("quarter", year=year, number=number))
    return found + list(_keywords(review))


def _text(key: str, **facts: object) -> Text:
    entry = declared()["sentences"][key]
    return Text(entry["zh"].format(**facts), entry["en"].format(**facts))


def _of_period(review: Review, period: str, title: Text) -> Iterator[GrowthCase]:
    for kind in ("product", "customer", "market"):
        points = {
            figure.dimension.partition("=")[2]: figure
            for key, figure in review.figures.items()
            if key[:2] == ("case_contribution", period) and key[2].startswith(f"{kind}=") and figure.defined
        }
        growth = math.fsum(figure.value for figure in points.values())
        best = sorted(
            (figure for name, figure in points.items() if name != REST and figure.value >= LEAST_POINTS),
            key=lambda each: -each.value,
        )
        for figure in best[: declared()[kind]["most"]]:
            name = figure.dimension.partition("=")[2]
            now, base = figure.basis.numbers(Kind.AMOUNTS) or (NAN, NAN)
            told = _name(review, kind, name)
            key = _kind_of(figure.value, growth)
            yield GrowthCase(
                f"{period}/{kind}/{name}", kind, title, told, now, base, figure.value, growth,
                _sentence(key, told, title, figure.value, growth),
            )  # fmt: skip
    yield from _campaigns(review, period, title)


def _name(review: Review, kind: str, name: str) -> Text:
    if kind == "customer":
        return _text("customer", number=name)
    if kind == "market":
        return market_titles().get(name, Text(name, name))
    title = review.product_titles.get(name, name)
    return Text(title, title)


def _sentence(key: str, name: Text, period: Text, points: float, growth: float) -> Text:
    entry = declared()["sentences"][key]

    def told(language: str) -> str:
        shown = name.zh if language == "zh" else name.en
        when = period.zh if language == "zh" else period.en
        facts = {"points": f"{points * 100:.1f}", "growth": f"{growth * 100:+.1f}%"}
        return str(entry[language]).format(name=_short(shown), period=when, **facts)

    return Text(told("zh"), told("en"))


_LEADS = {"rise": "leads", "beyond": "leads_beyond", "against": "leads_against"}


def _kind_of(points: float, growth: float) -> str:
    """Return which sentence is true: part of a growth, more than all of it, or against a decline."""
    return "against" if growth <= 0 else "rise" if points <= growth else "beyond"


def _short(name: str, most: int = 40) -> str:
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def _campaigns(review: Review, period: str, title: Text) -> Iterator[GrowthCase]:
    """Ad plans by the leads they brought: spend over cost per lead, now and in the base."""
    leads: dict[str, tuple[float, float]] = {}
    for key in review.figures:
        if key[:2] != ("ad_cpl", period) or not key[2].startswith("plan="):
            continue
        sides = []
        for suffix in (".base", ""):
            cost = review.get(f"ad_cost{suffix}", period, key[2])
            per = review.get(f"ad_cpl{suffix}", period, key[2])
            sides.append(cost.value / per.value if cost.defined and per.defined and per.value else NAN)
        if not any(math.isnan(side) for side in sides):
            leads[key[2].partition("=")[2]] = (sides[0], sides[1])
    whole = math.fsum(base for base, _ in leads.values())
    if not whole:
        return
    growth = math.fsum(now for _, now in leads.values()) / whole - 1
    points = {name: (now - base) / whole for name, (base, now) in leads.items()}
    best = sorted((name for name in points if points[name] >= LEAST_POINTS), key=lambda name: -points[name])
    for name in best[: declared()["campaign"]["most"]]:
        base, now = leads[name]
        told = Text(name, name)
        yield GrowthCase(
            f"{period}/campaign/{name}", "campaign", title, told, now, base, points[name], growth,
            _sentence(_LEADS[_kind_of(points[name], growth)], told, title, points[name], growth),
        )  # fmt: skip


def _keywords(review: Review) -> Iterator[GrowthCase]:
    """The core words that rose most; what they sold cannot be told, so there are no points."""
    year = str(review.year)
    found = [
        figure
        for key, figure in review.figures.items()
        if key[:2] == ("keyword_rank_change", year) and figure.defined and figure.value > 0
    ]
    for figure in sorted(found, key=lambda each: -each.value)[: declared()["keyword"]["most"]]:
        name = figure.dimension.partition("=")[2]
        base, now = figure.basis.numbers(Kind.RANKS) or (NAN, NAN)
        facts = {
            "name": _short(name),
            "base": f"{base:.0f}",
            "now": f"{now:.0f}",
            "points": f"{figure.value:.0f}",
        }
        yield GrowthCase(
            f"{year}/keyword/{name}", "keyword", _text("year", year=year), Text(name, name), now, base, NAN, NAN,
            _text("rank", **facts),
        )  # fmt: skip
