"""Columns of a table that are not used: unknown headers, fields that come twice, cells under no header at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opsbook.intake.arithmetic import letters, name_of
from opsbook.intake.nearest import discreet_header
from opsbook.intake.total_words import TotalWord, total_word
from opsbook.schemas import FieldType

if TYPE_CHECKING:
    from opsbook.intake.issue_collector import IssueCollector
    from opsbook.intake.sheet_tables import Section


def report_unused(section: Section, tally: IssueCollector, *, in_blocks: bool) -> None:
    """Make issues of the columns that are not used.

    Args:
        section: The table.
        tally: Takes the issues.
        in_blocks: Its repeated columns are tables side by side, of which other issues speak.
    """
    header, sheet = section.header, section.grid.name
    for column in header.unknown:
        shown = header.names[column]
        if header.schema.has_private:
            shown = f"{discreet_header(shown)} ({name_of((header.last, column))})"
        tally.add("column.unknown", sheet=sheet, row=header.last + 1, column=shown)
    for column in header.repeated:
        if not in_blocks and header.again[column].type is not FieldType.IGNORED:
            tally.add("column.repeated", sheet=sheet, row=header.last + 1, column=header.names[column])
    _report_headless(section, tally)


def _report_headless(section: Section, tally: IssueCollector) -> None:
    """Report once that cells have no header above them; numbers of lines and words of totals need none."""
    grid, header = section.grid, section.header
    crowded = {*getattr(grid, "crowded", ()), *grid.joined}  # of these rows another issue speaks
    found: list[tuple[str, int]] = []
    for column in range(grid.width):
        if column in header.names:
            continue
        cells = {
            number: cell
            for number, cell in enumerate(
                grid.column(column, section.data.start, section.data.stop), section.data.start
            )
            if cell is not None and cell != "" and not (isinstance(cell, str) and cell.isspace())
        }
        rows = [
            number for number, cell in cells.items() if number not in crowded and not _needs_no_header(cell)
        ]
        if rows and not _counts_lines(list(cells.values())):
            found.append((letters(column), rows[0]))
    if found:
        named = "、".join(letter for letter, _ in found[:6])
        tally.add("column.headless", sheet=grid.name, row=min(row for _, row in found) + 1, column=named)


def _needs_no_header(cell: object) -> bool:
    return isinstance(cell, str) and total_word(cell) >= TotalWord.EDGE


def _counts_lines(cells: list[object]) -> bool:
    """Whether the cells are 1, 2, 3 or 0, 1, 2: numbers of lines, as programs write them before a table."""
    try:
        numbers = [float(str(cell)) for cell in cells if not _needs_no_header(cell)]
    except ValueError:
        return False
    return (
        len(numbers) > 1
        and numbers[0] in (0, 1)
        and numbers == [numbers[0] + step for step in range(len(numbers))]
    )
