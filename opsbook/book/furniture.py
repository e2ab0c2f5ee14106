"""What the template holds beside its blocks: headings, labels, the guide. Written once, never refreshed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opsbook.book import layout
from opsbook.book.page import half_widths
from opsbook.book.words import words
from opsbook.domain.declarations import load
from opsbook.metrics.catalogue import metrics
from opsbook.params import declared
from opsbook.review.indicators import definition, unit_text
from opsbook.review.team import tables
from opsbook.review.workbook_sections import SECTIONS
from opsbook.schemas import FieldType, schemas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opsbook.domain.language import Language
    from opsbook.params import Setting

MAP_LIST_COLUMN = 6
_WRAPPED = ("guidename", "guidetext")
_HALF_WIDTH = 7.0  # pixels of a half-width character at 10 points, a little more than most take


@dataclass(frozen=True)
class Label:
    """A text of the template.

    Attributes:
        sheet: Id.
        row: Counted from 0.
        column: Counted from 0.
        text: What it says.
        style: A name of `opsbook.book.formats`.
    """

    sheet: str
    row: int
    column: int
    text: str
    style: str


def _guide() -> dict[str, Any]:
    return load("opsbook.book", "guide.toml")


def word(key: str, language: Language, **facts: object) -> str:
    """Return a text of the template with its facts filled in."""
    return str(_guide()["words"][key][language]).format(**facts)


def labels(language: Language) -> Iterator[Label]:
    """Yield every text of the template."""
    for sheet in ("team", "settings", "headermap", "receipts", "issues", "guide"):
        yield Label(sheet, 1, 1, layout.title(sheet, language), "pagetitle")
    yield from _headings(language)
    yield from _team(language)
    yield from _settings(language)
    for number in range(1, layout.PASTE_SHEETS + 1):
        sheet = f"paste{number}"
        yield Label(sheet, 0, 0, word("paste_hint", language), "pagenote")
        yield Label(sheet, 1, 0, word("paste_period", language), "body")
        yield Label(sheet, 1, 2, word("paste_help", language), "pagenote")
    yield from _header_map(language)
    yield from _guide_page(language)


def heights(language: Language) -> Iterator[tuple[str, int, int]]:
    """Yield sheet, row and height in pixels of every row whose texts need more than one line."""
    lines: dict[tuple[str, int], int] = {}
    for label in labels(language):
        if label.style in _WRAPPED:
            width = layout.pages()[label.sheet].columns[label.column] - 10
            taken = half_widths(label.text) * _HALF_WIDTH
            key = label.sheet, label.row
            lines[key] = max(lines.get(key, 1), -int(-taken // width))
    for (sheet, row), count in lines.items():
        if count > 1:
            yield sheet, row, 4 + 18 * count


def _headings(language: Language) -> Iterator[Label]:
    for section in SECTIONS:
        spot = layout.SPOTS.get(section.name)
        if spot and spot.heading:
            yield Label(spot.sheet, spot.row - spot.heading, spot.column, section.title[language], "heading")
    level = next(each for each in SECTIONS if each.name == "review.store_level")
    cells = layout.INPUTS["review.store_level"]
    yield Label("review", cells.row - 2, cells.column, level.title[language], "heading")
    heads = dict(zip(layout.LEVEL_COLUMNS, words("columns", "store_level", language), strict=True))
    for step in range(cells.columns):
        yield Label("review", cells.row - 1, cells.column + step, heads.get(step, ""), "headnote")


def _team(language: Language) -> Iterator[Label]:
    """Yield heading, hint with an example, and headers of each table of the team."""
    yield Label("team", 2, 1, word("team_hint", language), "pagenote")
    for table in tables():
        row = layout.TEAM_ROWS[table.kind]
        yield Label("team", row - 2, 1, table.title[language], "heading")
        line = " | ".join(text or "–" for text in table.example)
        yield Label(
            "team",
            row - 1,
            1,
            word("team_example", language, hint=table.hint[language], line=line),
            "pagenote",
        )
        for column, text in enumerate(table.headers(language), start=1):
            yield Label("team", row, column, text, "head")


def _settings(language: Language) -> Iterator[Label]:
    yield Label("settings", 2, 1, word("settings_hint", language), "pagenote")
    for column, text in enumerate(words("columns", "settings", language), start=1):
        look = "head" if column == 1 else "headnote"
        yield Label("settings", layout.SETTINGS_ROW - 1, column, text, look)
    for row, setting in enumerate(declared().values(), start=layout.SETTINGS_ROW):
        yield Label("settings", row, 1, setting.title[language], "body")
        yield Label("settings", row, 3, _help(setting, language), "note.indent")


def _help(setting: Setting, language: Language) -> str:
    text = setting.help[language]
    if setting.default in (None, ""):
        return text
    return f"{text}{'；' if language == 'zh' else '. '}{word('default', language, value=setting.default)}"


def _header_map(language: Language) -> Iterator[Label]:
    yield Label("headermap", 2, 1, word("map_hint", language), "pagenote")
    yield Label("headermap", 3, 1, word("map_example", language), "pagenote")
    for column, text in enumerate(words("columns", "headermap", language), start=1):
        yield Label("headermap", layout.MAP_HEAD, column, text, "headnote")
    for column, key in enumerate(("map_kind", "map_header", "map_field"), start=MAP_LIST_COLUMN):
        yield Label("headermap", layout.MAP_HEAD, column, word(key, language), "head")
    row = layout.MAP_HEAD + 1
    for schema in schemas().values():
        for field in schema.fields:
            if field.type is FieldType.IGNORED or field.name.startswith("peer_"):
                continue
            yield Label("headermap", row, MAP_LIST_COLUMN, schema.title[language], "quiet")
            yield Label("headermap", row, MAP_LIST_COLUMN + 1, field.headers[0], "quiet")
            yield Label("headermap", row, MAP_LIST_COLUMN + 2, field.name, "quiet")
            row += 1


def _guide_page(language: Language) -> Iterator[Label]:
    row = 3
    for part in _guide()["part"]:
        yield Label("guide", row, 1, part["title"][language], "heading")
        for name, text in part["lines"]:
            row += 1
            yield Label("guide", row, 1, name[language], "guidename")
            yield Label("guide", row, 2, text[language], "guidetext")
        row += 2
    yield Label("guide", row, 1, word("guide_metrics", language), "heading")
    row += 1
    for column, text in enumerate(words("columns", "metrics", language), start=1):
        yield Label("guide", row, column, text, "head")
    for metric in metrics().values():
        row += 1
        sources = " / ".join(schemas()[kind].title[language] for kind in metric.needs if kind in schemas())
        yield Label("guide", row, 1, metric.title[language], "guidename")
        yield Label("guide", row, 2, definition(metric, language), "guidetext")
        yield Label(
            "guide", row, 3, unit_text(metric.unit, language) or "%"[: metric.unit == "ratio"], "guidetext"
        )
        yield Label("guide", row, 4, sources, "guidetext")
