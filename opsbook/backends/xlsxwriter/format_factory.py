"""The formats of a new workbook, made from the declared styles."""

from __future__ import annotations

from typing import Any

from opsbook.book.formats import FONT, Style, style
from opsbook.domain.language import Language


class Looks:
    """XlsxWriter formats by style, each made once."""

    def __init__(self, book: Any, language: Language) -> None:
        self.book = book
        self.language: Language = language
        self.made: dict[Style, Any] = {}

    def format(self, name: str) -> Any:
        """Return the format for a named style."""
        return self.of(style(name, self.language))

    def of(self, look: Style) -> Any:
        """Return the format for a look."""
        if look not in self.made:
            self.made[look] = self.book.add_format(_properties(look, self.language))
        return self.made[look]


def _properties(look: Style, language: Language) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "font_name": FONT[language],
        "font_size": look.size,
        "font_color": look.ink,
        "bold": look.bold,
        "valign": "vcenter",
    }
    if look.fill:
        properties |= {"bg_color": look.fill, "pattern": 1}
    if look.align:
        properties["align"] = look.align
    if look.indent:
        properties["indent"] = look.indent
        properties.setdefault("align", "left")
    if look.wrap:
        properties["text_wrap"] = True
    if look.number:
        properties["num_format"] = look.number
        if look.number != "@" and not look.input:
            properties["shrink"] = True  # a number too wide for its column shrinks; it never turns to ####
    for side, weight in (("top", 1), ("bottom", 1), ("left", 2)):
        if colour := getattr(look, side):
            properties |= {side: weight, f"{side}_color": colour}
    if look.box:
        properties |= {"border": 1, "border_color": look.box}
    if look.input:
        properties["locked"] = False  # by this the named style finds its cells
    return properties
