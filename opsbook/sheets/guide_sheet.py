"""The guide, and the words of the template, declared in guide.toml."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from opsbook.domain.declarations import load
from opsbook.domain.language import LANGUAGES, Language, Text
from opsbook.metrics.catalogue import Metric, metrics
from opsbook.review.indicators import definition, unit_text
from opsbook.schemas import schemas
from opsbook.sheets.sheet_parts import MARGIN, Anchor, SheetDeclaration, TextTable

WRAPPED = ("guidename", "guidetext")
"""Styles of texts that take as many lines as they need."""


def _declared() -> dict[str, Any]:
    return load("opsbook.sheets", "guide.toml")


def text(key: str, **facts: object) -> Text:
    """Return a text of the template with its facts filled in."""
    entry = _declared()["words"][key]
    return Text(entry["zh"].format(**facts), entry["en"].format(**facts))


def _parts() -> Iterator[TextTable]:
    for part in _declared()["part"]:
        lines = tuple((Text(**name), Text(**line)) for name, line in part["lines"])
        yield TextTable(Text(**part["title"]), lines=lines, looks=WRAPPED)


def _metric(metric: Metric) -> tuple[Text, ...]:
    """Return title, definition, unit and sources of a metric."""

    def both(make: Callable[[Language], str]) -> Text:
        return Text(*map(make, LANGUAGES))

    def sources(language: Language) -> str:
        return " / ".join(schemas()[kind].title[language] for kind in metric.needs if kind in schemas())

    def unit(language: Language) -> str:
        return unit_text(metric.unit, language) or ("%" if metric.unit == "ratio" else "")

    return metric.title, both(lambda language: definition(metric, language)), both(unit), both(sources)


SHEET = SheetDeclaration(
    "guide",
    Text("使用说明", "Guide"),
    (MARGIN, 190, 470, 60, 170),
    (
        *_parts(),
        TextTable(
            text("guide_metrics"),
            head=(
                Text("指标", "Indicator"),
                Text("怎么算", "How it is computed"),
                Text("单位", "Unit"),
                Text("数据来源", "From"),
            ),
            lines=tuple(map(_metric, metrics().values())),
            looks=("guidename", "guidetext", "guidetext", "guidetext"),
        ),
    ),
    page_title=True,
    top=(8, 32),
    first_row=3,
    height=21,
    heading_height=None,
    scroll_below=Anchor.NONE,
    landscape=False,
    tab="log",
)
