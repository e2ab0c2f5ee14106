"""Every sheet of the workbook in the order of its tabs."""

from __future__ import annotations

from opsbook.sheets import (
    actions_sheet,
    cases_sheet,
    evidence_sheet,
    guide_sheet,
    input_sheets,
    log_sheets,
    overview_sheet,
    problems_sheet,
    reconciliation_sheet,
    resources_sheet,
    review_sheet,
    risks_sheet,
    strategy_sheet,
    targets_sheet,
    weekly_sheet,
    work_sheet,
)
from opsbook.sheets.sheet_parts import SheetDeclaration, SheetHead, SheetSection

SHEETS: tuple[SheetDeclaration, ...] = (
    overview_sheet.SHEET,
    review_sheet.SHEET,
    work_sheet.SHEET,
    problems_sheet.SHEET,
    evidence_sheet.SHEET,
    cases_sheet.SHEET,
    targets_sheet.SHEET,
    strategy_sheet.SHEET,
    actions_sheet.SHEET,
    risks_sheet.SHEET,
    resources_sheet.SHEET,
    weekly_sheet.SHEET,
    reconciliation_sheet.SHEET,
    input_sheets.TEAM,
    input_sheets.SETTINGS,
    *input_sheets.PASTE,
    input_sheets.HEADER_MAP,
    *log_sheets.SHEETS,
    guide_sheet.SHEET,
)
SECTIONS: tuple[SheetSection, ...] = tuple(section for sheet in SHEETS for section in sheet.sections())
"""Every block and every table for people, in reading order."""
CHARTS = {chart: section for section in SECTIONS if section.titles for chart in section.lines}
"""Block with the title of each chart, by the chart's name."""
_BY_NAME = {section.name: section for section in SECTIONS}


def section(name: str) -> SheetSection:
    """Return a section by its name, ``<sheet>.<block>``.

    Raises:
        KeyError: No sheet has it.
    """
    return _BY_NAME[name]


def head_of(sheet: str) -> SheetHead:
    """Return the block with title and note of a sheet.

    Raises:
        KeyError: The sheet has none.
    """
    found = _BY_NAME[f"{sheet}.head"]
    if not isinstance(found, SheetHead):
        raise TypeError(f"{found.name} is not declared as the head of a sheet")
    return found
