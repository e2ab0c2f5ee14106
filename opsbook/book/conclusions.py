"""The headlines of the review: results, problems. Each function returns None where the data do not carry it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from opsbook.book.headlines import (
    FactForm,
    Headline,
    HeadlineFact,
    figure,
    phrase,
    plain_title,
    proof,
    reason,
)
from opsbook.book.page import ReportPage, half_widths, shorten
from opsbook.domain.language import Text
from opsbook.metrics.catalogue import metrics
from opsbook.metrics.figures import Figure
from opsbook.params import Settings
from opsbook.plan import problem_answers as answers
from opsbook.review.problems import PARTS, find, rules

if TYPE_CHECKING:
    from opsbook.metrics.review import Review

FACTORS = {
    "visitors": "visitors",
    "lead_rate": "lead_rate",
    "order_rate": "lead_order_rate",
    "order_value": "aov",
}
"""Parts of the growth bridge, each with the metric that decides whether it is proven."""
_PRODUCT_WIDTH = 34  # half-width characters of a product's name in a sentence


def span(page: ReportPage) -> Text:
    """Return the months that are compared, or the year when it is whole."""
    if not page.is_running():
        return Text(f"{page.this} 年", page.this)
    whole = page.whole_months()
    first, last = whole[0], whole[-1]
    names = phrase("months").en.split()
    if first == last:
        return Text(f"{page.this} 年 {first} 月", f"{names[first - 1]} {page.this}")
    return Text(f"{first}–{last} 月", f"{names[first - 1]}–{names[last - 1]}")


def compared(page: ReportPage, metric: str, form: FactForm) -> tuple[HeadlineFact, Figure] | None:
    """Return the year's figure of the months that are compared, and its growth; None where there is no figure."""
    found, growth = page.review.get(metric, page.this), page.review.get(f"{metric}.yoy", page.this)
    if not found.defined:
        return None
    if (
        growth.pair and growth.pair[0] != found.value
    ):  # a month that still runs is in the figure, and not compared
        return HeadlineFact(growth.pair[0], form, found.unit), growth
    return figure(found, form), growth


def message(page: ReportPage, _settings: Settings) -> Headline | None:
    """Return what the year was, in money and by what drove it; without money, in visitors."""
    known = compared(page, "ta_amount", FactForm.MONEY)
    if known is None:
        return None
    amount, growth = known
    if not growth.defined or growth.pair is None:
        return Headline(
            "amount_alone", {"span": HeadlineFact(span(page)), "amount": amount, "why": reason(growth)}
        )
    gap = growth.pair[0] - growth.pair[1]
    facts = {
        "span": HeadlineFact(span(page)),
        "amount": amount,
        "way": HeadlineFact(phrase("more" if gap >= 0 else "less")),
        "gap": HeadlineFact(abs(gap), FactForm.MONEY, "USD"),
        "growth": figure(growth, FactForm.GROWTH),
        "proof": HeadlineFact(proof(page.review, "ta_amount", page.this)),
    }
    parts = {part: page.review.get("growth_bridge", page.this, f"part={part}") for part in FACTORS}
    pushed = {part: each for part, each in parts.items() if each.defined and each.value * gap > 0}
    if not pushed:
        return Headline("amount", facts)
    part, most = max(pushed.items(), key=lambda each: abs(each[1].value))
    size = HeadlineFact(most.value, FactForm.MONEY, "USD", most.metric, most.period, most.dimension)
    return Headline("amount_cause", facts | {"cause": HeadlineFact(phrase(f"cause_{part}")), "part": size})


def visitors(page: ReportPage, _settings: Settings) -> Headline | None:
    """Return how visitors grew, and in how many months that is proven."""
    known = compared(page, "visitors", FactForm.COUNT)
    if known is None:
        return None
    number, growth = known
    facts = {"span": HeadlineFact(span(page)), "number": number}
    if not growth.defined:
        return Headline("visitors_alone", facts | {"why": reason(growth)})
    months = [f"{page.this}-{number:02d}" for number in page.whole_months()]
    wanted = growth.value > 0
    proven = sum(
        said.proven and (said.number > 0) is wanted
        for said in (page.review.verdict("visitors", month) for month in months)
    )
    return Headline(
        "visitors",
        facts
        | {
            "growth": figure(growth, FactForm.GROWTH),
            "proof": HeadlineFact(proof(page.review, "visitors", page.this)),
            "proven": HeadlineFact(float(proven), FactForm.COUNT),
            "months": HeadlineFact(float(len(months)), FactForm.COUNT),
            "way": HeadlineFact(phrase("rise" if wanted else "fall")),
        },
    )


def orders(page: ReportPage, _settings: Settings) -> Headline | None:
    """Return how orders grew."""
    return _grown(page, "ta_orders", FactForm.COUNT)


def lead_rate(page: ReportPage, _settings: Settings) -> Headline | None:
    """Return whether visitors became leads more often."""
    known = compared(page, "lead_rate", FactForm.RATE)
    if known is None:
        return None
    rate, growth = known
    facts = {"span": HeadlineFact(span(page)), "rate": rate}
    if not growth.defined:
        return Headline("lead_rate_alone", facts | {"why": reason(growth)})
    change = HeadlineFact(growth.value, FactForm.POINTS, growth.unit, growth.metric, growth.period)
    return Headline(
        "lead_rate",
        facts
        | {
            "points": change,
            "way": HeadlineFact(phrase("higher" if growth.value >= 0 else "lower")),
            "proof": HeadlineFact(proof(page.review, "lead_rate", page.this)),
        },
    )


def order_value(page: ReportPage, _settings: Settings) -> Headline | None:
    """Return what an order brought."""
    return _grown(page, "aov", FactForm.MONEY)


def products(page: ReportPage, _settings: Settings) -> Headline | None:
    """Return how much of the sales the best ten products, and the best one, have."""
    share = page.review.get("top10_share", page.this)
    if not share.defined or not page.review.top_products:
        return None
    best = page.review.top_products[0]
    return Headline(
        "products",
        {
            "span": HeadlineFact(span(page)),
            "share": figure(share, FactForm.RATE),
            "name": HeadlineFact(cut(best.name)),
            "amount": HeadlineFact(best.amount, FactForm.MONEY, "USD"),
            "of": HeadlineFact(best.share, FactForm.RATE),
        },
    )


def zero_effect(page: ReportPage, _settings: Settings) -> Headline | None:
    """Return how many of the listed products had no effect."""
    found = page.latest("zero_effect_share", page.this)
    return Headline("zero_effect", {"share": figure(found, FactForm.RATE)}) if found.defined else None


def work_in(*names: str) -> Callable[[ReportPage, Settings], Headline | None]:
    """Return a maker that says what changed most in some kind of work: the first metric that is known."""

    def made(page: ReportPage, _settings: Settings) -> Headline | None:
        for metric in names:
            form = FactForm.RATE if metrics()[metric].unit == "ratio" else FactForm.COUNT
            form = FactForm.TIMES if metric == "ad_roas" else form
            form = FactForm.MONEY if metrics()[metric].unit in ("USD", "CNY") else form
            if found := _grown(page, metric, form):
                return found
        return None

    return made


def _grown(page: ReportPage, metric: str, form: FactForm) -> Headline | None:
    """Return a metric of the year with its growth, or alone where there is no base."""
    known = compared(page, metric, form)
    if known is None:
        return None
    value, growth = known
    facts = {"span": HeadlineFact(span(page)), "title": HeadlineFact(plain_title(metric)), "value": value}
    if not growth.defined:
        return Headline("figure_alone", facts | {"why": reason(growth)})
    shown = FactForm.GROWTH
    if metrics()[metric].unit == "ratio":
        shown = FactForm.SIGNED_TIMES if metric == "ad_roas" else FactForm.SIGNED_POINTS
    return Headline(
        "figure",
        facts
        | {"growth": figure(growth, shown), "proof": HeadlineFact(proof(page.review, metric, page.this))},
    )


def problems(page: ReportPage, settings: Settings) -> Headline | None:
    """Return how many problems were found, and which has most money; None where no rule had data."""
    review = page.review
    states = list(_states(review, settings))
    if not any(state != "unknown" for state, _, _ in states):
        return None
    own = _own(page)
    found = {key: money for state, key, money in states if state == "found"}
    number = HeadlineFact(float(len(found) + own), FactForm.COUNT)
    checked = HeadlineFact(float(sum(state != "unknown" for state, _, _ in states)), FactForm.COUNT)
    if not found and not own:
        return Headline("problems_none", {"checked": checked})
    ranked = sorted((key for key, money in found.items() if money > 0), key=lambda key: -found[key])
    named = {each.id: each.title for each in answers.found(review, page.standing, settings)}
    if ranked and ranked[0] in named:
        return Headline(
            "problems_money",
            {
                "number": number,
                "money": HeadlineFact(found[ranked[0]], FactForm.MONEY, "USD"),
                "name": HeadlineFact(named[ranked[0]]),
            },
        )
    first = next((named[key] for key in found if key in named), None)
    if first is None:
        return Headline("problems_own", {"number": number})
    return Headline("problems", {"number": number, "name": HeadlineFact(first)})


def _states(review: Review, settings: Settings) -> Iterator[tuple[str, str, float]]:
    for part in PARTS:
        for rule in rules(part):
            for each in find(rule, review, settings):
                money = (
                    0.0 if rule == "peer_gap" else each.money
                )  # a gap to others is a reference, it is not ranked
                yield each.state, each.id, money


def _own(page: ReportPage) -> int:
    """Return how many problems people wrote down themselves."""
    standing = page.standing.get(answers.PROBLEMS)
    return sum(
        (not line.key and bool(line.cells.get("sentence"))) or line.key.startswith("own-")
        for line in (standing.lines if standing else ())
    )


def cut(name: str, width: int = _PRODUCT_WIDTH) -> str:
    """Return a product's name, cut after a whole word where it is long."""
    if half_widths(name) <= width:
        return name
    kept = ""
    for word in name.split(" "):
        longer = f"{kept} {word}".strip()
        if half_widths(longer) > width:
            break
        kept = longer
    return kept or shorten(name, width).removesuffix("…")
