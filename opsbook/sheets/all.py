"""Every sheet of the workbook in the order of its tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opsbook.sheets import (
    actions,
    cases,
    evidence,
    guide,
    logs,
    overview,
    people,
    problems,
    reconciliation,
    resources,
    review,
    risks,
    strategy,
    targets,
    weekly,
    work,
)
from opsbook.sheets.parts import Head

if TYPE_CHECKING:
    from opsbook.sheets.parts import Section, SheetParts

SHEETS: tuple[SheetParts, ...] = (
    overview.SHEET,
    review.SHEET,
    work.SHEET,
    problems.SHEET,
    evidence.SHEET,
    cases.SHEET,
    targets.SHEET,
    strategy.SHEET,
    actions.SHEET,
    risks.SHEET,
    resources.SHEET,
    weekly.SHEET,
    reconciliation.SHEET,
    people.TEAM,
    people.SETTINGS,
    *people.PASTE,
    people.HEADER_MAP,
    *logs.SHEETS,
    guide.SHEET,
)
SECTIONS: tuple[Section, ...] = tuple(section for sheet in SHEETS for section in sheet.sections())
"""Every block and every table for people, in reading order."""
_BY_NAME = {section.name: section for section in SECTIONS}


def section(name: str) -> Section:
    """Return a section by its name, ``<sheet>.<block>``.

    Raises:
        KeyError: No sheet has it.
    """
    return _BY_NAME[name]


def head_of(sheet: str) -> Head:
    """Return the block with title and note of a sheet.

    Raises:
        KeyError: The sheet has none.
    """
    found = _BY_NAME[f"{sheet}.head"]
    if not isinstance(found, Head):
        raise TypeError(f"{found.name} is not declared as the head of a sheet")
    return found
