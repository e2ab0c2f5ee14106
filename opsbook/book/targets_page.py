"""The sheet of targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opsbook.book.layout_targets import WIDTH
from opsbook.book.words import word

if TYPE_CHECKING:
    from opsbook.book.page import Page
    from opsbook.params import Settings


def targets(page: Page, settings: Settings, *, demo: bool) -> None:
    """Write every block of the sheet."""
    plan_head(page, "targets", settings, demo=demo, width=WIDTH)


def plan_head(page: Page, sheet: str, settings: Settings, *, demo: bool, width: int) -> None:
    """Write title and note of a sheet of the plan, and the mark of demonstration data at its right."""
    language = page.language
    grid = page.sheets.grid(f"{sheet}.head", 2, width)
    year = page.plan.year
    store = f"{settings.store} · " if settings.store and year else ""
    title = word(f"{sheet}_title", language, year=year) if year else word(f"{sheet}_title_empty", language)
    grid.put(0, 0, store + title, "pagetitle")
    grid.put(0, width - 1, word("demo", language) if demo else None, "demoplain")
    grid.put(1, 0, word(f"{sheet}_note", language), "pagenote")
