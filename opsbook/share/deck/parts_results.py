"""Parts of slides about results: indicators, months, the growth bridge, markets, products, cases."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from opsbook.book.conclusions import FACTORS, cut, span
from opsbook.book.headlines import spell
from opsbook.book.words import verdict as verdict_word
from opsbook.domain.language import Language
from opsbook.metrics.catalogue import metrics
from opsbook.metrics.figures import Figure
from opsbook.params.export_words import market_titles
from opsbook.review.indicators import label
from opsbook.share.deck.scales import scale_of
from opsbook.share.deck.slide_model import (
    Part,
    SlideCell,
    SlideChart,
    SlideInk,
    SlideLines,
    SlideSeries,
    SlideTable,
)
from opsbook.share.deck.talk import SHEETS, Talk, change_form, head, ink_of_change, month_labels, more, shown

if TYPE_CHECKING:
    from opsbook.metrics.review import ProductSales
    from opsbook.share.deck.workbook_cells import SharedTableRow

_PERCENT, _RATE = "0%;−0%", "0.0%"
_FEWEST_MONTHS = 2  # a chart of one value says less than the number
_CASES = 3
_PRODUCT_WIDTH = 24  # half-width characters of a product's name beside its bar


def indicators(talk: Talk, wanted: Sequence[str]) -> Part | None:
    """Return a table of metrics: now, the year before, the change, and whether it is proven."""
    page, language = talk.page, talk.language
    rows = []
    for metric in wanted:
        figure = page.latest(metric, page.this)
        if not figure.defined:
            continue
        growth = talk.review.get(f"{metric}.yoy", figure.period)
        now, prior = growth.pair or (figure.value, math.nan)
        talk.note(metric, figure, now)
        change = growth.value if growth.defined else math.nan
        said = talk.word(f"mark_{_mark(talk, metric, figure.period)}") if growth.defined else ""
        ink = ink_of_change(talk.review, metric, figure.period)
        rows.append(
            (
                SlideCell(talk.title(metric)),
                SlideCell(shown(metric, now, language), bold=True, right=True),
                SlideCell(shown(metric, prior, language), SlideInk.QUIET, right=True),
                SlideCell(spell(change, change_form(metric), "", language), ink, right=True),
                SlideCell(said, SlideInk.QUIET if ink is SlideInk.UNPROVEN else SlideInk.TEXT),
            )
        )
    if not rows:
        return None
    heads = head(talk, ("indicator", "now", "prior", "change", ""), ("now", "prior", "change"))
    return SlideTable("", (3.4, 2.1, 2.0, 1.9, 0.5), heads, tuple(rows), more(talk, "review"))


def _mark(talk: Talk, metric: str, period: str) -> str:
    said = talk.review.verdict(metric, period)
    return "proven" if said.proven else "unproven" if said.number == 0 else "unjudged"


def months(talk: Talk, wanted: Sequence[str]) -> list[Part] | None:
    """Return two charts of the first metric with data: both years by month, and the change in per cent."""
    page, review = talk.page, talk.review
    for metric in wanted:
        periods = [(f"{page.this}-{at:02d}", f"{page.last}-{at:02d}") for at in range(1, 13)]
        now = [_value(review.get(metric, this)) for this, _ in periods]
        prior = [_value(review.get(metric, last)) for _, last in periods]
        if sum(value is not None for value in now) < _FEWEST_MONTHS:
            continue
        return _month_charts(talk, metric, now, prior)
    return None


def _month_charts(
    talk: Talk, metric: str, now: Sequence[float | None], prior: Sequence[float | None]
) -> list[Part]:
    page, review, language = talk.page, talk.review, talk.language
    names = month_labels(language)
    known = any(value is not None for value in prior)
    scale = scale_of(metric, (*now, *prior), language)
    facts = {"title": scale.titled(talk.title(metric), language), "year": page.this, "prior": page.last}
    title = talk.word("months" if known else "months_alone", **facts)
    series = [SlideSeries(page.last, tuple(prior), SlideInk.PRIOR)] if known else []
    series.append(SlideSeries(page.this, tuple(now), SlideInk.ACTUAL, labels=scale.format))
    _note_runs(talk, metric, {page.last: prior if known else [], page.this: now})
    found: list[Part] = [SlideChart(title, "column", names, tuple(series), 2.0)]
    grown: dict[SlideInk, list[float | None]] = {
        ink: [None] * 12 for ink in (SlideInk.GOOD, SlideInk.BAD, SlideInk.UNPROVEN)
    }
    whole: list[float | None] = [None] * 12
    for at in range(12):
        period = f"{page.this}-{at + 1:02d}"
        growth = review.get(f"{metric}.yoy", period)
        if growth.defined:
            whole[at] = growth.value
            grown[ink_of_change(review, metric, period)][at] = growth.value
    if sum(value is not None for value in whole) >= _FEWEST_MONTHS:
        looks = {SlideInk.GOOD: "growth_good", SlideInk.BAD: "growth_bad", SlideInk.UNPROVEN: "growth_few"}
        bars = tuple(
            SlideSeries(talk.word(looks[ink]), tuple(values), ink, labels=_PERCENT)
            for ink, values in grown.items()
            if any(value is not None for value in values)
        )
        where = talk.cells.of_run(SHEETS, label(metrics()[metric], language), whole)
        talk.cite(where)
        talk.notes[f"{talk.title(metric)} {talk.word('change')} ← {where or 'opsbook values'}"] = None
        title = talk.word("growth", colours=talk.word("colours"))
        found.append(SlideChart(title, "over", names, bars))
    return found


def _note_runs(talk: Talk, metric: str, years: dict[str, Sequence[float | None]]) -> None:
    """Note where the months or quarters of each year stand in the workbook."""
    heading = label(metrics()[metric], talk.language)
    for name, values in years.items():
        if values:
            at = talk.cells.of_run(SHEETS, heading, values)
            talk.cite(at)
            talk.notes[f"{talk.title(metric)} {name} ← {at or 'opsbook values'}"] = None


def quarters(talk: Talk, wanted: Sequence[str]) -> Part | None:
    """Return a chart of both years by quarter of the first metric with data."""
    page, review, language = talk.page, talk.review, talk.language
    for metric in wanted:
        now = [_value(review.get(metric, f"{page.this}-Q{at}")) for at in range(1, 5)]
        prior = [_value(review.get(metric, f"{page.last}-Q{at}")) for at in range(1, 5)]
        if sum(value is not None for value in now) < _FEWEST_MONTHS or not any(now):
            continue
        known = any(value is not None for value in prior)
        scale = scale_of(metric, (*now, *prior), language)
        facts = {"title": scale.titled(talk.title(metric), language), "year": page.this, "prior": page.last}
        series = [SlideSeries(page.last, tuple(prior), SlideInk.PRIOR)] if known else []
        series.append(SlideSeries(page.this, tuple(now), SlideInk.ACTUAL, labels=scale.format))
        _note_runs(talk, metric, {page.last: prior if known else [], page.this: now})
        title = talk.word("quarters" if known else "quarters_alone", **facts)
        return SlideChart(title, "column", ("Q1", "Q2", "Q3", "Q4"), tuple(series))
    return None


def bridge(talk: Talk, _wanted: Sequence[str]) -> Part | None:
    """Return the way from last year's money to this year's: an unseen base carries each step."""
    page, review, language = talk.page, talk.review, talk.language
    pair = review.get("ta_amount.yoy", page.this).pair
    parts = {part: review.get("growth_bridge", page.this, f"part={part}") for part in FACTORS}
    if pair is None or not all(each.defined for each in parts.values()):
        return None
    now, prior = pair
    scale = scale_of("ta_amount", pair, language)
    names, inks = [f"{talk.word('bridge_base')}\n{scale.spell(prior)}"], {}
    base: list[float | None] = [None]
    step: list[float | None] = [None]
    level = prior
    for at, (part, each) in enumerate(parts.items(), start=1):
        names.append(f"{talk.word(f'bridge_{part}')}\n{scale.spell(each.value, signed=True)}")
        low, high = (max(0.0, edge) for edge in sorted((level, level + each.value)))
        base.append(low)
        step.append(high - low)
        inks[at] = _step_ink(talk, part, each)
        level += each.value
        talk.notes[f"{talk.word(f'bridge_{part}')} {each.value:+,.6g} (growth_bridge, {each.dimension})"] = (
            None
        )
    names.append(f"{talk.word('bridge_now')}\n{scale.spell(now)}")
    whole = (prior, *(None for _ in parts), now)
    run = [prior, *(each.value for each in parts.values()), now]
    where = talk.cells.of_run(SHEETS, page.years[0], run)
    talk.cite(where)
    if where:
        talk.notes[f"{talk.word('bridge_base')} … {talk.word('bridge_now')} ← {where}"] = None
    title = talk.word("bridge", unit=scale.unit[language], span=span(page)[language])
    series = (
        SlideSeries(" ", (*base, None), SlideInk.BASE),
        SlideSeries(talk.word("now"), whole, SlideInk.ACTUAL, points={0: SlideInk.PRIOR}),
        SlideSeries(talk.word("change"), (*step, None), SlideInk.UNPROVEN, points=inks),
    )
    return SlideChart(title, "stacked", tuple(names), series)


def _step_ink(talk: Talk, part: str, figure: Figure) -> SlideInk:
    said = talk.review.verdict(FACTORS[part], talk.page.this)
    if not said.proven or (said.number > 0) is not (figure.value > 0):
        return SlideInk.UNPROVEN
    return SlideInk.GOOD if figure.value > 0 else SlideInk.BAD


def markets(talk: Talk, _wanted: Sequence[str]) -> Part | None:
    """Return how many inquiries of each market became orders, coloured where that is proven to differ from all."""
    page, review, language = talk.page, talk.review, talk.language
    rates = [
        figure
        for (metric, period, dimension), figure in review.figures.items()
        if metric == "market_order_rate"
        and period == page.this
        and dimension.startswith("market=")
        and figure.defined
        and review.get("market_order_rate.verdict", period, dimension).defined
    ]
    if len(rates) < _FEWEST_MONTHS:
        return None
    rates.sort(key=lambda each: each.value)  # a lying chart begins at its foot
    looks = {
        1.0: (SlideInk.GOOD, "markets_above"),
        -1.0: (SlideInk.BAD, "markets_below"),
        0.0: (SlideInk.UNPROVEN, "markets_few"),
    }
    bars: dict[float, list[float | None]] = {said: [None] * len(rates) for said in looks}
    names = []
    for at, figure in enumerate(rates):
        said = review.get("market_order_rate.verdict", page.this, figure.dimension).value
        bars[said][at] = figure.value
        name = _market(figure.dimension.partition("=")[2], language)
        names.append(name)
        where = talk.cells.of_figure(("evidence", "strategy"), name, figure.value)
        talk.cite(where)
        talk.notes[
            f"{name} {figure.value:.4g} ← {where or 'opsbook values'}；{verdict_word(_SAID[said], language)}"
        ] = None
    series = tuple(
        SlideSeries(talk.word(looks[said][1]), tuple(values), looks[said][0], labels=_RATE)
        for said, values in bars.items()
        if any(value is not None for value in values)
    )
    return SlideChart(talk.word("markets"), "bar_over", tuple(names), series)


_SAID = {1.0: "above", -1.0: "below", 0.0: "few"}


def _market(name: str, language: Language) -> str:
    known = market_titles().get(name)
    return known[language] if known else name


def top_products(talk: Talk, _wanted: Sequence[str]) -> Part | None:
    """Return the ten best products with the money of both years."""
    page, language = talk.page, talk.language
    best = talk.review.top_products
    if len(best) < _FEWEST_MONTHS:
        return None
    ranked = list(reversed(best))
    compared = any(not math.isnan(each.prior) for each in ranked)
    names: list[str] = []
    for each in ranked:
        name = cut(each.name, _PRODUCT_WIDTH)
        names.append(name if name not in names else f"{name} {each.product_id[-4:]}")
        _note_product(talk, each)
    scale = scale_of("ta_amount", [each.amount for each in ranked], language)
    series = [
        SlideSeries(page.this, tuple(each.amount for each in ranked), SlideInk.ACTUAL, labels=scale.format)
    ]
    if compared:
        prior = tuple(None if math.isnan(each.prior) else each.prior for each in ranked)
        series.insert(0, SlideSeries(page.last, prior, SlideInk.PRIOR))
    key = "top_products" if compared else "top_products_alone"
    title = talk.word(key, year=page.this, prior=page.last, unit=scale.unit[language])
    return SlideChart(title, "bar", tuple(names), tuple(series))


def _note_product(talk: Talk, product: ProductSales) -> None:
    """Note where both years of a product stand; its row begins with its rank."""
    rank = talk.review.top_products.index(product) + 1
    for value in (product.amount, product.prior):
        if math.isnan(value):
            continue
        at = talk.cells.of_figure(("review",), f"{rank}  {product.name}", value)
        talk.cite(at)
        talk.notes[f"{cut(product.name, 46)} {value:,.2f} ← {at or 'opsbook values'}"] = None


def cases(talk: Talk, _wanted: Sequence[str]) -> Part | None:
    """Return the first cases in the words of the workbook: what people rewrote is used as they wrote it."""
    rows = [row for row in talk.cells.rows("cases.list") if row.text("sentence")]
    if not rows:
        return None
    best = _best_cases(talk, rows)[:_CASES]
    talk.note_rows("cases.list", best, "sentence")
    return SlideLines(talk.word("cases"), tuple(row.text("sentence") for row in best))


def _best_cases(talk: Talk, rows: Sequence[SharedTableRow]) -> list[SharedTableRow]:
    """Return people's own cases and those of the year first, one a kind before a second of it."""
    this = talk.page.this
    own = [row for row in rows if row.key.startswith("own-") or not row.key]
    of_year = [row for row in rows if row.key.startswith(f"{this}/")]
    first: dict[str, SharedTableRow] = {}
    for row in of_year:
        first.setdefault(row.key.split("/")[1], row)
    leading = list(first.values())
    return [*own, *leading, *(row for row in of_year if row not in leading)]


def _value(figure: Figure) -> float | None:
    return figure.value if figure.defined else None
