"""The headlines of the plan: targets, strategies, actions, risks, and what management is asked for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from opsbook.book.headlines import FactForm, Headline, HeadlineFact, phrase, plain_title
from opsbook.domain.language import Text
from opsbook.metrics.catalogue import metrics
from opsbook.params import Settings
from opsbook.plan import actions as of_actions
from opsbook.plan import risks as of_risks
from opsbook.plan import strategy as of_strategy

if TYPE_CHECKING:
    from opsbook.book.page import ReportPage
    from opsbook.plan.target import Target


def main_target(page: ReportPage) -> Target | None:
    """Return the target of money, else the first with a number; None where nothing is known to aim at."""
    known = [each for each in page.plan.targets.lines if each.metric and not math.isnan(each.year.target)]
    return next((each for each in known if each.metric == "ta_amount"), known[0] if known else None)


def targets(page: ReportPage, _settings: Settings) -> Headline | None:
    """Return the first target with its growth, and how many targets have nobody to answer for them."""
    target = main_target(page)
    if target is None:
        return None
    lines = [each for each in page.plan.targets.lines if not math.isnan(each.year.target)]
    facts = {
        "year": HeadlineFact(str(page.plan.year)),
        "title": HeadlineFact(plain_title(target.metric)),
        "target": target_fact(page, target),
        "number": HeadlineFact(float(len(lines)), FactForm.COUNT),
        "without": HeadlineFact(float(sum(not each.owner for each in lines)), FactForm.COUNT),
    }
    key = "targets" if any(not each.owner for each in lines) else "targets_owned"
    if math.isnan(target.growth):
        return Headline(f"{key}_alone", facts)
    points = metrics()[target.metric].unit == "ratio"
    grown = HeadlineFact(target.growth, FactForm.SIGNED_POINTS if points else FactForm.GROWTH)
    return Headline(key, facts | {"growth": grown})


def target_fact(page: ReportPage, target: Target) -> HeadlineFact:
    """Return the year's number of a target."""
    unit = metrics()[target.metric].unit
    form = FactForm.RATE if unit == "ratio" else FactForm.MONEY if unit in ("USD", "CNY") else FactForm.COUNT
    return HeadlineFact(
        target.year.target, form, unit, "target", str(page.plan.year), f"metric={target.metric}"
    )


def strategies(page: ReportPage, _settings: Settings) -> Headline | None:
    """Return how many initiatives have both a figure and a target, and which is farthest from its own."""
    lines = [(line, live) for line, live in page.plan.tables[of_strategy.BLOCK].lines()]
    known = [
        (float(attained), line.text("initiative"))
        for line, live in lines
        if isinstance(attained := live.get("attainment"), int | float)
    ]
    if not known:
        return None
    reached, name = min(known)
    head = name.partition("：")[0].partition(":")[0].partition("，")[0]
    facts = {
        "number": HeadlineFact(float(len(lines)), FactForm.COUNT),
        "known": HeadlineFact(float(len(known)), FactForm.COUNT),
        "name": HeadlineFact(head),
        "reached": HeadlineFact(reached, FactForm.RATE),
    }
    return Headline("strategies" if reached < 1 else "strategies_met", facts)


def actions(page: ReportPage, _settings: Settings) -> Headline | None:
    """Return how many actions there are, and what they lack."""
    lines = [line for line, _ in page.plan.tables[of_actions.BLOCK].lines() if line.text("task")]
    if not lines or not page.review.figures:
        return None
    without = sum(not line.text("owner") for line in lines)
    first = sum(line.text("quarter") == "Q1" for line in lines)
    facts = {
        "year": HeadlineFact(str(page.plan.year)),
        "number": HeadlineFact(float(len(lines)), FactForm.COUNT),
        "first": HeadlineFact(float(first), FactForm.COUNT),
        "without": HeadlineFact(float(without), FactForm.COUNT),
    }
    return Headline("actions" if without else "actions_owned", facts)


def risks(page: ReportPage, _settings: Settings) -> Headline | None:
    """Return how many risks are high, and how many are triggered."""
    lines = [(line, live) for line, live in page.plan.tables[of_risks.LIST].lines()]
    if not lines or not page.review.figures:
        return None
    high = sum(live.get("level") == "high" for _, live in lines)
    triggered = sum(live.get("alarm") == "triggered" for _, live in lines)
    facts = {
        "number": HeadlineFact(float(len(lines)), FactForm.COUNT),
        "high": HeadlineFact(float(high), FactForm.COUNT),
        "triggered": HeadlineFact(float(triggered), FactForm.COUNT),
    }
    return Headline("risks" if triggered else "risks_calm", facts)


def asks(page: ReportPage, _settings: Settings) -> Headline | None:
    """Return what management is to decide first: the target, and the money."""
    target, budget = main_target(page), page.plan.totals.year
    if target is None:
        return None
    facts = {"title": HeadlineFact(plain_title(target.metric)), "target": target_fact(page, target)}
    if math.isnan(budget):
        return Headline("asks_target", facts)
    return Headline("asks", facts | {"budget": HeadlineFact(budget, FactForm.MONEY, "CNY")})


def owner_or_open(owner: str) -> Text:
    """Return who answers for something, or the word for nobody yet."""
    return Text(owner, owner) if owner else phrase("open")
