"""Where a figure stands in the workbook: found by its row's label and its value, so that no address is written twice."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from opsbook.book import address
from opsbook.book.address import Place
from opsbook.book.cells import same
from opsbook.book.model import ASIDE, Block, BookPlan, Scalar
from opsbook.plan.table_declarations import tables

_DAY_ZERO = date(1899, 12, 30).toordinal()  # of Excel's serial numbers


@dataclass(frozen=True)
class SharedTableRow:
    """A line of a table that people and Refresh write together.

    Attributes:
        key: What the line is about.
        cells: Content by column id.
        number: Of the row in its block, from 0.
    """

    key: str
    cells: Mapping[str, Scalar]
    number: int

    def text(self, column: str) -> str:
        """Return the text of a cell, empty where there is none."""
        value = self.cells.get(column)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return "" if value is None else str(value).strip()

    def value(self, column: str) -> float:
        """Return the number of a cell, NaN where there is none."""
        value = self.cells.get(column)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return math.nan
        return float(value)

    def day(self, column: str) -> date | None:
        """Return the day of a cell, or None; people's are numbers, suggested ones days."""
        value = self.cells.get(column)
        if isinstance(value, date):
            return value
        number = self.value(column)
        return date.fromordinal(_DAY_ZERO + int(number)) if 20000 < number < 80000 else None


class WorkbookCells:
    """The cells that a refresh writes, and where they are in the workbook.

    Args:
        plan: What the workbook holds.
        places: Where its blocks are now, by name; people may have moved them, older workbooks lack some.
    """

    def __init__(self, plan: BookPlan, places: Mapping[str, Place]) -> None:
        self._blocks = {block.name: block for block in plan.blocks}
        self._places = places

    def rows(self, block: str) -> list[SharedTableRow]:
        """Return the used lines of a shared table."""
        table = tables()[block]
        found = []
        for number, cells in enumerate(self._blocks[block].cells[1:], start=1):
            values = {column.id: cells[at].value for at, column in enumerate(table.columns)}
            key = cells[table.width - 1].value
            if any(value not in (None, "") for value in values.values()):
                found.append(SharedTableRow("" if key is None else str(key), values, number))
        return found

    def at(self, block: str, row: int, column: int, columns: int = 1) -> str:
        """Return the address of cells, such as ``总览!C5``; the block's name where the workbook does not have it."""
        place = self._places.get(block)
        known = self._blocks.get(block)
        if place is None or (known and place.columns != known.shape[1]):
            return f"ops.{block}"
        first = address.a1(place.row + row, place.column + column)
        last = address.a1(place.row + row, place.column + column + columns - 1)
        return f"{place.sheet}!{first}" + (f":{last}" if columns > 1 else "")

    def of_row(self, block: str, row: SharedTableRow, column: str) -> str:
        """Return the address of a cell of a shared table."""
        return self.at(block, row.number, tables()[block].at(column))

    def of_figure(self, sheets: Sequence[str], label: str, value: float) -> str:
        """Return the address of the cell that shows a figure; empty where none of the sheets does.

        Args:
            sheets: Ids of the sheets to look through, the best first.
            label: The heading of its row.
            value: The figure.
        """
        return self.of_run(sheets, label, (value,))

    def of_run(self, sheets: Sequence[str], label: str, values: Sequence[float | None]) -> str:
        """Return the address of cells beside each other that show some figures; empty where no sheet does."""
        for sheet in sheets:
            for block in self._blocks.values():
                if block.sheet != sheet:
                    continue
                for number, cells in _labelled(block, label):
                    for at in range(len(cells) - len(values) + 1):
                        if all(_equal(cell, value) for cell, value in zip(cells[at:], values, strict=False)):
                            return self.at(block.name, number, at, len(values))
        return ""

    def of_months(self, values: Sequence[float | None]) -> str:
        """Return the address of the months of a target, or of the year before, on the sheet of targets."""
        for block in self._blocks.values():
            if block.sheet != "targets":
                continue
            for number, cells in enumerate(block.cells):
                row = [cell.value for cell in cells]
                for at in range(len(row) - len(values) + 1):
                    if all(_equal(cell, value) for cell, value in zip(row[at:], values, strict=False)):
                        return self.at(block.name, number, at, len(values))
        return ""


def _labelled(block: Block, label: str) -> Iterator[tuple[int, list[Scalar]]]:
    """Yield the rows of a label, and the rows below it that have none of their own."""
    ours = False
    for number, cells in enumerate(block.cells):
        head = cells[0].value
        if head not in (None, ""):
            ours = str(head).partition(ASIDE)[0].strip() == label
        if ours:
            yield number, [cell.value for cell in cells]


def _equal(cell: Scalar, value: float | None) -> bool:
    if value is None or math.isnan(value):
        return cell is None or cell == ""
    return isinstance(cell, int | float) and not isinstance(cell, bool) and same(float(cell), value)
