"""What management is asked to decide: the target, the money, the people, owners, the worst risk, the biggest problem."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from opsbook.book.headlines import FactForm, spell
from opsbook.book.plan_conclusions import main_target
from opsbook.book.words import verdict as verdict_word
from opsbook.metrics.catalogue import metrics
from opsbook.share.deck.parts_plan import PEER_GAP, found_problems, open_actions
from opsbook.share.deck.slide_model import Part, SlideCell, SlideInk, SlideTable
from opsbook.share.deck.talk import Talk, change_form, head, more, shown

Ask = tuple[str, str, str]
"""What to decide, why, and by when."""


def asks(talk: Talk, _wanted: Sequence[str]) -> Part | None:
    """Return what is asked of management as a table, most important first."""
    found = [each for make in (_target, _budget, _people, _owners, _risk, _problem) for each in make(talk)]
    if not found:
        return None
    rows = tuple(
        (SlideCell(str(at), SlideInk.QUIET), SlideCell(what, bold=True), SlideCell(why), SlideCell(when))
        for at, (what, why, when) in enumerate(found, start=1)
    )
    return SlideTable(
        "", (0.5, 5.2, 4.6, 1.9), head(talk, ("", "ask", "reason", "when")), rows, more(talk, "actions")
    )


def _target(talk: Talk) -> Iterator[Ask]:
    target = main_target(talk.page)
    if target is None:
        return
    year, language = talk.page.plan.year, talk.language
    rows = [row for row in talk.cells.rows("targets.list") if row.key == target.key]
    talk.note_rows("targets.list", rows, "target")
    what = talk.word(
        "ask_target",
        title=talk.title(target.metric),
        target=shown(target.metric, target.year.target, language),
    )
    why = ""
    if target.base and not math.isnan(target.growth):
        points = metrics()[target.metric].unit == "ratio"
        grown = spell(target.growth, change_form(target.metric) if points else FactForm.GROWTH, "", language)
        basis = rows[0].text("basis") if rows else ""
        base = shown(target.metric, target.base.value, language)
        why = talk.word("ask_target_why", prior=year - 1, growth=grown, base=base, basis=basis)
    yield what, why, talk.word("before", day=f"{year}-01-01")


def _budget(talk: Talk) -> Iterator[Ask]:
    rows = [row for row in talk.cells.rows("resources.budget") if row.text("line") or row.text("code")]
    if not rows or not talk.page.plan.year:
        return
    known = [row for row in rows if not math.isnan(row.value("year"))]
    year, number = talk.page.plan.year, len(rows)
    budget = talk.page.plan.totals.year
    talk.note_rows("resources.budget", rows, "line")
    roas = talk.review.get("ad_roas", talk.page.this)
    reasons = []
    if math.isnan(budget):
        what = talk.word("ask_budget_open", year=year, number=number)
    else:
        money = spell(budget, FactForm.MONEY, "CNY", talk.language)
        what = talk.word("ask_budget", year=year, budget=money)
        reasons.append(talk.word("ask_budget_why", number=number, known=len(known)))
    if roas.defined:
        talk.note("ad_roas", roas, roas.value)
        reasons.append(talk.word("ask_roas", roas=spell(roas.value, FactForm.TIMES, "", talk.language)))
    yield what, _joint(talk, reasons), talk.word("before", day=f"{year}-01-01")


def _people(talk: Talk) -> Iterator[Ask]:
    rows = [row for row in talk.cells.rows("resources.people") if row.text("role")]
    settled = ("hired", "dropped")
    rows = [
        row
        for row in rows
        if row.value("count") > 0 and talk.choice("resources.people", row, "state") not in settled
    ]
    if not rows or not talk.page.plan.year:
        return
    talk.note_rows("resources.people", rows, "role")
    number = sum(row.value("count") for row in rows)
    roles = [row.text("role").partition("：")[0].partition(":")[0] for row in rows]
    costs = [row.value("salary") * row.value("count") for row in rows]
    if any(math.isnan(cost) for cost in costs):
        why = talk.word("ask_people_open")
    else:
        why = talk.word("ask_people_cost", cost=spell(math.fsum(costs), FactForm.MONEY, "CNY", talk.language))
    days = [day for row in rows if (day := row.day("start"))]
    when = talk.word("before", day=min(days)) if days else talk.word("at_once")
    joint = "、".join(roles) if talk.language == "zh" else ", ".join(roles)
    yield talk.word("ask_people", number=f"{number:,.0f}", roles=joint), why, when


def _owners(talk: Talk) -> Iterator[Ask]:
    tasks = [row for row in open_actions(talk) if not row.text("owner")]
    aims = [row for row in talk.cells.rows("targets.list") if not math.isnan(row.value("target"))]
    aims = [row for row in aims if not row.text("owner")]
    if not tasks:
        return
    begun = [(day, row) for row in tasks if (day := row.day("start"))]
    what = talk.word("ask_owners", actions=len(tasks), targets=len(aims))
    if not begun:
        yield what, "", talk.word("at_once")
        return
    day, first = min(begun, key=lambda each: (each[0], each[1].number))
    yield what, talk.word("ask_owners_why", start=day, task=first.text("task")), talk.word("before", day=day)


def _risk(talk: Talk) -> Iterator[Ask]:
    triggered = verdict_word("triggered", talk.language)
    rows = [row for row in talk.cells.rows("risks.list") if row.text("alarm") == triggered]
    if rows:
        worst = max(rows, key=lambda row: (row.value("score"), -row.number))
        talk.note_rows("risks.list", [worst], "plan")
        why = talk.word("ask_risk_why", risk=worst.text("risk"), score=worst.text("score"))
        yield talk.word("ask_risk", plan=worst.text("plan")), why, talk.word("at_once")


def _problem(talk: Talk) -> Iterator[Ask]:
    rows = [row for row in found_problems(talk) if not row.key.startswith(PEER_GAP)]
    rows = [row for row in rows if row.value("money") > 0]
    if rows:
        talk.note_rows("problems.list", rows[:1], "sentence")
        money = spell(rows[0].value("money"), FactForm.MONEY, "USD", talk.language)
        yield (
            talk.word("ask_problem", problem=rows[0].text("sentence")),
            talk.word("ask_problem_why", money=money),
            talk.word("at_once"),
        )


def _joint(talk: Talk, texts: Sequence[str]) -> str:
    return ("；" if talk.language == "zh" else "; ").join(texts)
