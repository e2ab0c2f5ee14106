"""Conclusions with their figures: what a page or a slide says in one sentence.

A headline is facts (typed, with the metric they come from) and the key of a sentence in headlines.toml. Words come
last, so that the workbook and the deck say the same in either language.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from opsbook.domain.declarations import load
from opsbook.domain.language import Language, Text
from opsbook.metrics.catalogue import metrics
from opsbook.review.basis_text import basis_text

if TYPE_CHECKING:
    from opsbook.metrics.figures import Figure
    from opsbook.metrics.review import Review

MINUS = "−"  # the sign of numbers in sentences; a hyphen is hard to see from afar
_UNIT = re.compile(r"\s*[（(](?:USD|CNY|美元|元)[)）]$")
_SMALL_RATE = 0.05  # below it a rate is shown with two decimals
_TEN_THOUSAND, _MILLION = 1e4, 1e6


class FactForm(StrEnum):
    """How a fact is spelled."""

    MONEY = "money"  # without a sign; the unit decides the currency
    COUNT = "count"
    DECIMAL = "decimal"  # one decimal
    RATE = "rate"  # a fraction, shown in per cent
    GROWTH = "growth"  # a fraction with its sign, shown in per cent
    POINTS = "points"  # a difference of fractions without its sign, shown in percentage points
    SIGNED_POINTS = "signed points"  # the same with its sign
    TIMES = "times"  # two decimals
    SIGNED_TIMES = "signed times"
    TEXT = "text"


@dataclass(frozen=True)
class HeadlineFact:
    """A figure or a word of a headline.

    Attributes:
        value: A number, a text, or a text in both languages.
        form: How it is spelled.
        unit: ``USD`` or ``CNY`` for money.
        metric: Its name in `opsbook values`; empty for what is counted from several figures, and for words.
        period: As in `opsbook values`.
        dimension: As in `opsbook values`.
    """

    value: float | str | Text
    form: FactForm = FactForm.TEXT
    unit: str = ""
    metric: str = ""
    period: str = ""
    dimension: str = ""

    def words(self, language: Language) -> str:
        """Return the fact as people read it."""
        if isinstance(self.value, Text):
            return self.value[language]
        return (
            self.value if isinstance(self.value, str) else spell(self.value, self.form, self.unit, language)
        )


@dataclass(frozen=True)
class Headline:
    """A conclusion.

    Attributes:
        key: Of its sentence in headlines.toml.
        facts: What the sentence says, by the names that it uses.
    """

    key: str
    facts: Mapping[str, HeadlineFact]

    def words(self, language: Language) -> str:
        """Return the sentence."""
        facts = {name: fact.words(language) for name, fact in self.facts.items()}
        return str(texts()[self.key][language]).format(**facts)


def texts() -> dict[str, Any]:
    """Return the sentences and words of headlines."""
    return load("opsbook.book", "headlines.toml")


def phrase(key: str) -> Text:
    """Return a word or a part of a sentence in both languages."""
    entry = texts()["phrases"][key]
    return Text(str(entry["zh"]), str(entry["en"]))


def spell(value: float, form: FactForm, unit: str, language: Language) -> str:
    """Return a number as people read it in a sentence or on a slide; a dash where it is not defined."""
    if math.isnan(value):
        return "–"
    sign = MINUS if value < 0 else "+"
    match form:
        case FactForm.MONEY:
            return _money(value, unit, language)
        case FactForm.COUNT:
            return _count(value, language)
        case FactForm.DECIMAL:
            return f"{value:,.1f}".replace("-", MINUS)
        case FactForm.RATE:
            return f"{value * 100:.{2 if abs(value) < _SMALL_RATE else 1}f}%".replace("-", MINUS)
        case FactForm.GROWTH:
            shown = f"{abs(value) * 100:,.1f}"
            return "±0.0%" if shown == "0.0" else f"{sign}{shown}%"
        case FactForm.POINTS:
            return f"{abs(value) * 100:.2f} {phrase('points')[language]}"
        case FactForm.SIGNED_POINTS:
            shown = f"{abs(value) * 100:.2f}"
            return f"{'±' if shown == '0.00' else sign}{shown} pp"
        case FactForm.SIGNED_TIMES:
            return f"{sign}{abs(value):.2f}"
    return f"{value:,.2f}".replace("-", MINUS)


def _count(value: float, language: Language) -> str:
    """Return a number of things; beyond a million shortened, for nobody reads seven digits from a slide."""
    if abs(value) < _MILLION:
        shown = f"{value:,.0f}"
    elif language == "zh":
        shown = f"{value / _TEN_THOUSAND:,.1f} 万"
    else:
        shown = f"{value / _MILLION:,.2f}M"
    return shown.replace("-", MINUS)


def _money(value: float, unit: str, language: Language) -> str:
    sign, size = MINUS if value < 0 else "", abs(value)
    if language == "zh":
        name = "美元" if unit == "USD" else "元"
        if size < _TEN_THOUSAND:
            return f"{sign}{size:,.2f} {name}" if size < 100 else f"{sign}{size:,.0f} {name}"
        return f"{sign}{size / _TEN_THOUSAND:,.1f} 万{name}"
    name = "US$" if unit == "USD" else "¥"
    if size < _TEN_THOUSAND:
        return f"{sign}{name}{size:,.2f}" if size < 100 else f"{sign}{name}{size:,.0f}"
    return f"{sign}{name}{size / _MILLION:,.2f}M" if size >= _MILLION else f"{sign}{name}{size / 1000:,.1f}K"


def plain_title(metric: str) -> Text:
    """Return a metric's title without its unit, which stands with the figure."""
    title = metrics()[metric].title
    return Text(_UNIT.sub("", title.zh), _UNIT.sub("", title.en))


def figure(found: Figure, form: FactForm) -> HeadlineFact:
    """Return a figure as a fact that knows where it comes from."""
    return HeadlineFact(found.value, form, found.unit, found.metric, found.period, found.dimension)


def proof(review: Review, metric: str, period: str) -> Text:
    """Return whether a change on last year is proven, for people."""
    said = review.verdict(metric, period)
    if said.proven:
        return phrase("proven")
    return phrase("unproven" if said.number == 0 else "unjudged")


def reason(found: Figure) -> HeadlineFact:
    """Return why there is no figure, for people."""
    return HeadlineFact(Text(basis_text(found.basis, "zh"), basis_text(found.basis, "en")))
