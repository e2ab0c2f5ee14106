"""The Refresh button on the sheets where people work; only a workbook with macros has it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from opsbook.book import furniture, layout
from opsbook.domain.language import Language

MACRO = "RefreshAll"
_WIDTH = 92
# Row and column of the top left cell, its height in pixels: beside the title, or right of the hints for pasting.
_PLACES: Mapping[str, tuple[int, int, int]] = MappingProxyType(
    {
        "overview": (2, 13, 21),
        "settings": (1, 2, 28),
        "team": (1, 4, 28),
        **{f"paste{number}": (0, 8, 36) for number in range(1, layout.PASTE_SHEETS + 1)},
    }
)


def add(sheets: Mapping[str, Any], language: Language) -> None:
    """Put the button on each of its sheets.

    Args:
        sheets: XlsxWriter's worksheets by id.
        language: Of its caption.
    """
    for sheet, (row, column, height) in _PLACES.items():
        caption = furniture.template_text("refresh", language)
        sheets[sheet].insert_button(
            row, column, {"macro": MACRO, "caption": caption, "width": _WIDTH, "height": height}
        )
