"""From figures to the slides of a deck. What the data do not carry is not made: fewer slides, never an empty chart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from opsbook.book import conclusions, plan_conclusions
from opsbook.book.headlines import Headline
from opsbook.book.page import ReportPage
from opsbook.intake.redaction import without_contacts
from opsbook.params import Settings
from opsbook.share.deck import parts_asks, parts_plan, parts_results
from opsbook.share.deck.slide_declarations import SlidePlan, slides, title_metrics, word
from opsbook.share.deck.slide_model import Deck, Part, Slide, SlideColumn
from opsbook.share.deck.talk import Talk

if TYPE_CHECKING:
    from opsbook.share.deck.workbook_cells import WorkbookCells

TITLES: Mapping[str, Callable[[ReportPage, Settings], Headline | None]] = {
    "message": conclusions.message,
    "visitors": conclusions.visitors,
    "orders": conclusions.orders,
    "lead_rate": conclusions.lead_rate,
    "order_value": conclusions.order_value,
    "products": conclusions.products,
    "zero_effect": conclusions.zero_effect,
    "problems": conclusions.problems,
    "targets": plan_conclusions.targets,
    "strategies": plan_conclusions.strategies,
    "actions": plan_conclusions.actions,
    "risks": plan_conclusions.risks,
    "asks": plan_conclusions.asks,
    **{key: conclusions.work_in(*names) for key, names in title_metrics().items()},
}
PARTS: Mapping[str, Callable[[Talk, Sequence[str]], Part | list[Part] | None]] = {
    "bridge": parts_results.bridge,
    "months": parts_results.months,
    "indicators": parts_results.indicators,
    "quarters": parts_results.quarters,
    "markets": parts_results.markets,
    "top_products": parts_results.top_products,
    "cases": parts_results.cases,
    "problems": parts_plan.problems,
    "target_months": parts_plan.target_months,
    "targets": parts_plan.targets,
    "strategies": parts_plan.strategies,
    "actions": parts_plan.actions,
    "risk_matrix": parts_plan.risk_matrix,
    "risks": parts_plan.risks,
    "asks": parts_asks.asks,
}


def deck(page: ReportPage, settings: Settings, cells: WorkbookCells, *, demo: bool) -> Deck:
    """Return the slides that the data carry.

    Args:
        page: Review, plan and what people wrote, in the language of the deck.
        settings: Values in force.
        cells: Where figures stand in the workbook.
        demo: Mark the deck as demonstration data.
    """
    language = page.language
    talk = Talk(page, settings, cells)
    made = [slide for each in slides() if (slide := _slide(talk, each)) is not None]
    store = [settings.store, word("demo", language) if demo else ""]
    title = word("deck", language, year=page.this)
    return Deck(
        language=language,
        title=" ".join(filter(None, (settings.store, title))),
        footer=" · ".join(filter(None, store)),
        slides=tuple(made),
    )


def _slide(talk: Talk, declared: SlidePlan) -> Slide | None:
    headline = next(
        (each for name in declared.titles if (each := TITLES[name](talk.page, talk.settings))), None
    )
    talk.drain()
    if headline is None:
        return None
    talk.note_title(headline)
    title_notes, _ = talk.drain()
    columns: list[list[Part]] = [[] for _ in declared.columns]
    made: set[str] = set()
    for plan in declared.parts:
        if plan.unless in made:
            continue
        found = PARTS[plan.part](talk, plan.metrics)
        if found is not None:
            made.add(plan.part)
            columns[plan.column] += found if isinstance(found, list) else [found]
    notes, sheets = talk.drain()
    kept = tuple(
        SlideColumn(width, tuple(parts))
        for width, parts in zip(declared.columns, columns, strict=True)
        if parts
    )
    if not kept:
        return None
    language = talk.language
    joint = "、".join(sheets) if language == "zh" else ", ".join(sheets)
    return Slide(
        id=declared.id,
        title=without_contacts(headline.words(language)),
        under=_under(talk, declared),
        columns=kept,
        notes=(
            *([talk.word("note_title"), *title_notes] if title_notes else ()),
            *([talk.word("note_source"), *notes] if notes else ()),
        ),
        source=talk.word("source", sheets=joint) if joint else "",
    )


def _under(talk: Talk, declared: SlidePlan) -> str:
    facts = [declared.kicker[talk.language]]
    if talk.review.until:
        facts.append(talk.word("until", until=talk.review.until.isoformat()))
    if declared.id not in _OF_THE_PLAN:
        facts += [talk.word("against", prior=talk.page.last), talk.word("marks")]
    return " · ".join(facts)


_OF_THE_PLAN = ("problems", "targets", "strategies", "actions", "risks", "asks")
