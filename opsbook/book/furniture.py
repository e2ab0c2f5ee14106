"""What the template holds beside its blocks: headings, labels, the guide. Written once, never refreshed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from opsbook.book import layout
from opsbook.book.page import half_widths
from opsbook.domain.language import Language
from opsbook.sheets.guide_sheet import WRAPPED, text

_HALF_WIDTH = 7.0  # pixels of a half-width character at 10 points, a little more than most take


@dataclass(frozen=True)
class Label:
    """A text of the template.

    Attributes:
        sheet: Id.
        row: Counted from 0.
        column: Counted from 0.
        text: Its content.
        style: A name of `opsbook.book.formats`.
    """

    sheet: str
    row: int
    column: int
    text: str
    style: str


def template_text(key: str, language: Language, **facts: object) -> str:
    """Return a text of the template with its facts filled in."""
    return text(key, **facts)[language]


def labels(language: Language) -> Iterator[Label]:
    """Yield every text of the template."""
    for placed in layout.PLACED.values():
        for each in placed.labels:
            yield Label(each.sheet, each.row, each.column, each.text[language], each.style)


def heights(language: Language) -> Iterator[tuple[str, int, int]]:
    """Yield sheet, row and height in pixels of every row whose texts need more than one line."""
    lines: dict[tuple[str, int], int] = {}
    for label in labels(language):
        if label.style in WRAPPED:
            width = layout.pages()[label.sheet].columns[label.column] - 10
            taken = half_widths(label.text) * _HALF_WIDTH
            key = label.sheet, label.row
            lines[key] = max(lines.get(key, 1), -int(-taken // width))
    for (sheet, row), count in lines.items():
        if count > 1:
            yield sheet, row, 4 + 18 * count
