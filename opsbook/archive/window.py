"""Which rows and numbers of the archive figures may see: possible ones, and none after the cut-off day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from opsbook.schemas import FieldType, PeriodRule, Schema
from opsbook.schemas.possible import EARLIEST, PLANNED

MOST = 1e15
"""No count and no amount of a store reaches this."""
PAID = "paid_at"
"""The moment that decides on which day an order is a sale."""
_COUNTED = frozenset({"persons", "count", "times", "places", "index"})
_MADE = "CAST(_stamp AS DATE)"
REACHED = f"CASE WHEN _start < {_MADE} THEN least(_end, {_MADE}) ELSE _end END"
"""SQL of the last day that a row covers: of a running period, the day of its export."""
_NUMBERS = (FieldType.NUMBER, FieldType.MONEY, FieldType.PERCENT)


@dataclass(frozen=True)
class Window:
    """What is in view.

    Attributes:
        until: The cut-off day; None for no cut.
        taken: Day of the newest receipt. Older versions took in any day; one that lies years after this day and after
            its own export is a slip, and hidden.
    """

    until: date | None = None
    taken: date | None = None

    def condition(self, schema: Schema) -> str:
        """Return the SQL condition of the rows that are in view.

        A period that reaches beyond the cut-off day is hidden whole, for nobody can say what of it came before.
        Events, states and notes are known from their first day on. An order that was paid later is hidden: the
        archive holds its newest state only, and on that day it was no sale yet.
        """
        found = f"_start >= DATE '{EARLIEST}'"
        if self.taken is not None:
            last = f"greatest({_MADE}, DATE '{self.taken}') + INTERVAL {PLANNED.days} DAY"
            found += f" AND _start <= {last}"
        if self.until is None:
            return found
        whole = schema.period in (PeriodRule.FILE, PeriodRule.COLUMN) and not schema.noted
        found += f" AND {'_end' if whole else '_start'} <= DATE '{self.until}'"
        if PAID in schema.by_name:
            found += f' AND ("{PAID}" IS NULL OR CAST("{PAID}" AS DATE) <= DATE \'{self.until}\')'
        return found


def value(schema: Schema, name: str) -> str:
    """Return the SQL of a column: NULL for a number that cannot be, which older versions took in as it was.

    Args:
        schema: Of the table.
        name: A field, or ``_start`` and the like.
    """
    field, quoted = schema.by_name.get(name), f'"{name}"'
    if field is None or field.type not in _NUMBERS:
        return quoted
    least = f" AND {quoted} >= 0" if field.unit in _COUNTED else ""
    return f"CASE WHEN abs({quoted}) < {MOST}{least} THEN {quoted} END"
