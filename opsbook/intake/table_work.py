"""One table while it is cleaned, and how issues of its cells are reported."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from opsbook.intake import (
    rows,
)
from opsbook.intake.ipc import CodedColumn
from opsbook.intake.issue_collector import IssueCollector, shown
from opsbook.intake.redaction import discreet, without_contacts
from opsbook.schemas import Schema

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from opsbook.intake.file_period import Surroundings
    from opsbook.intake.recognise import Header


@dataclass
class TableWork:
    """One table while it is cleaned. Row arrays are of the length of the rows under the header."""

    schema: Schema
    header: Header
    around: Surroundings
    tally: IssueCollector
    first_row: int  # Excel's number of the first row of data
    cells: dict[str, rows.Cells] = field(default_factory=dict)
    columns: dict[str, CodedColumn] = field(default_factory=dict)
    alive: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    aside: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))

    def name_of(self, field_name: str) -> str:
        """Return the header of a field as the file writes it."""
        for column, owner in self.header.columns.items():
            if owner.name == field_name:
                return self.header.names[column]
        return self.schema.by_name[field_name].label

    def report(
        self, code: str, name: str, marked: NDArray[np.bool_], *, once: bool = False, detail: str = ""
    ) -> None:
        """Make issues of the living rows whose distinct value of the field is marked."""
        if marked.any():
            self.report_rows(
                code, name, marked[self.cells[name].codes] & self.alive, once=once, detail=detail
            )

    def report_rows(
        self, code: str, name: str, marked: NDArray[np.bool_], *, once: bool = False, detail: str = ""
    ) -> None:
        """Make issues of the marked rows about their cells of the field."""
        cells = self.cells[name]
        at = np.flatnonzero(marked)
        if not len(at):
            return
        column = self.name_of(name)
        hidden = self.schema.by_name[name].private
        masked = discreet if self.schema.has_private else without_contacts
        values = ("" if hidden else masked(str(cells.values[cells.codes[row]])) for row in at)
        if once:
            self.tally.add(
                code,
                sheet=self.around.sheet,
                row=self.first_row + int(at[0]),
                column=column,
                value=(value := next(values)),
                detail=detail or shown(value),
                times=len(at),
            )
        else:
            sheet, numbered = self.around.sheet, at + self.first_row
            self.tally.add_rows(code, numbered, values, sheet=sheet, column=column, detail=detail)
