"""The head of a sheet: title, note, and the mark of demonstration data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opsbook.book.section_table import SectionTable
from opsbook.book.words import word
from opsbook.params import Settings
from opsbook.sheets.sheet_list import head_of

if TYPE_CHECKING:
    from opsbook.book.page import ReportPage


def sheet_head(page: ReportPage, sheet: str, settings: Settings, year: int, *, demo: bool) -> SectionTable:
    """Write title and note of a sheet, and the mark of demonstration data at its right.

    Args:
        page: Takes the block.
        sheet: Id.
        settings: Name of the store.
        year: Which the title names; 0: none is known.
        demo: The data are made up.
    """
    language, declared = page.language, head_of(sheet)
    table = SectionTable(page.sheets, declared, language)
    store = f"{settings.store} · " if settings.store and year else ""
    title = declared.dated[language].format(year=year) if year else declared.empty[language]
    table.put(1, "title", store + title, "pagetitle")
    table.put(1, "mark", word("demo", language) if demo else None)
    table.put(2, "title", declared.note[language], "pagenote")
    table.put(2, "mark", None, "blank")
    return table
