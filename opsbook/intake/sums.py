"""Sums of the numbers of rows: above a row, below it, of its block, its period, its order. They prove totals."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from opsbook.schemas import Field, FieldType, Schema

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from opsbook.intake.rows import Cells

_ADDITIVE_UNITS = frozenset({"times", "count", "units", "minutes", "kg", "USD", "CNY", "order currency"})
_NO_SUM = re.compile(r"cpc|cpl|cost_per|price|_avg|^peer_|avg_|rate$")
_NOT_SMALL = 10
_DIGITS = re.compile(r"\d[\d.,]*(?<![.,])")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_OF_ORDERS = frozenset(
    {"total_amount", "received_amount", "advance_amount", "balance_amount", "freight", "discount"}
)


def additive(owner: Field) -> bool:
    """Whether the numbers of a field can be added over rows: counts and amounts, not persons, rates or prices."""
    return (
        owner.type in (FieldType.NUMBER, FieldType.MONEY)
        and not owner.rolling
        and owner.unit in _ADDITIVE_UNITS
        and not _NO_SUM.search(owner.name)
    )


class Sums:
    """The additive numbers of a table, and what rows add up to."""

    def __init__(
        self, schema: Schema, cells: Mapping[str, Cells], data: NDArray[np.bool_], bounds: NDArray[np.intp]
    ) -> None:
        """Prepare the sums.

        Args:
            schema: The kind.
            cells: Columns by field.
            data: Rows that are added.
            bounds: Rows at which a block ends, ascending.
        """
        names = [name for name in cells if additive(schema.by_name[name])]
        columns = [amounts(cells[name].values)[cells[name].codes] for name in names]
        self._values = np.column_stack(columns) if columns else np.zeros((len(data), 0))
        self._cells = [cells[name] for name in names]
        self._data = data
        self._bounds = bounds.tolist()
        self._of_orders = np.array([name in _OF_ORDERS for name in names], dtype=np.bool_)
        self._orders = _downward(cells["order_id"]) if "order_id" in cells else None
        groups = dict.fromkeys(name for name in (schema.period_field, *schema.key) if name in cells)
        self._groups = [_downward(cells[name]) for name in groups]
        self._period = self._groups[0] if schema.period_field in cells else None
        self.rebuild()

    def rebuild(self) -> None:
        """Add the rows up that are data now."""
        added = np.where(self._data[:, None] & ~np.isnan(self._values), self._values, 0.0)
        self._forms = [added]
        if (
            self._orders is not None and self._of_orders.any()
        ):  # an amount of the order may repeat on its lines
            once = _first_of_each(self._orders, self._data)
            self._forms.append(np.where(self._of_orders & ~once[:, None], 0.0, added))
        nothing = np.zeros((1, added.shape[1]))
        self._above = [np.vstack([nothing, np.cumsum(form, axis=0)]) for form in self._forms]
        self._rows_above = np.concatenate([[0], np.cumsum(self._data)])
        self._of_group = [[_by_group(codes, form) for form in self._forms] for codes in self._groups]
        self._rows_of_group = [_by_group(codes, self._data[:, None]) for codes in self._groups]
        self._gone = [np.zeros(added.shape[1]) for _ in self._forms]
        self._rows_gone = 0

    def filled(self, row: int) -> bool:
        """Whether the row has a number that could be a sum."""
        values = self._values[row]
        return bool((~np.isnan(values) & (values != 0)).any())

    def has_others(self, row: int) -> bool:
        """Whether the row's period has other rows."""
        if self._period is None:
            return bool(self._data.any())
        return bool((self._data & (self._period == self._period[row])).any())

    def percents(self, row: int) -> bool:
        """Whether the counts and amounts of the row are written as percents: growth."""
        cells = [str(column.values[column.codes[row]] or "").strip() for column in self._cells]
        there = [cell for cell in cells if cell]
        return bool(there) and all(cell.endswith(("%", "％", "‰", "-")) for cell in there)

    def is_mean(self, row: int) -> bool:
        """Whether the numbers are the means of some rows, rounded as people round."""
        return any(
            rows and self._equal(row, [each / rows for each in sums], 0.51)
            for rows, sums in self._scopes(row)
        )

    def proves(self, row: int) -> bool:
        """Whether the numbers of the row are sums of other rows."""
        return self.filled(row) and any(
            rows and self._equal(row, sums, 0.006 + 0.005 * min(rows, 100))
            for rows, sums in self._scopes(row)
        )

    def proves_beyond_chance(self, row: int, least: int) -> bool:
        """Whether the row is the sum of ``least`` rows or more, and not because all numbers are small.

        At the end of a list of words most counts are 0 and 1: any of them is the sum of some others.
        """
        values = self._values[row]
        there = values[~np.isnan(values)]
        wide = np.count_nonzero(there) >= min(2, len(there)) and np.abs(there).max(initial=0) >= _NOT_SMALL
        return bool(wide) and any(
            rows >= least and self._equal(row, sums, 0.006 + 0.005 * min(rows, 100))
            for rows, sums in self._scopes(row)
        )

    def remove(self, row: int) -> None:
        """Take a row out of the data: a block ends there. Rows are removed from the top down."""
        self._data[row] = False
        bisect.insort(self._bounds, row)
        self._rows_gone += 1
        for number, form in enumerate(self._forms):
            self._gone[number] = self._gone[number] + form[row]
        for place, codes in enumerate(self._groups):
            self._rows_of_group[place][codes[row]] -= 1
            for number, form in enumerate(self._forms):
                self._of_group[place][number][codes[row]] -= form[row]

    def _equal(self, row: int, sums: list[NDArray[np.float64]], tolerance: float) -> bool:
        values = self._values[row]
        there = ~np.isnan(values)
        same = np.zeros(len(values), dtype=np.bool_)
        for each in sums:
            same |= np.abs(values - each) <= tolerance + 1e-6 * np.abs(values)
        return bool(same[there].all() and (values[there] != 0).any())

    def _scopes(self, row: int) -> list[tuple[int, list[NDArray[np.float64]]]]:
        """Return rows and sums of: the block above, all above, the block below, all below, all others, groups."""
        count = len(self._data)
        place = bisect.bisect_left(self._bounds, row)
        before = self._bounds[place - 1] + 1 if place else 0
        place = bisect.bisect_right(self._bounds, row)
        after = self._bounds[place] if place < len(self._bounds) else count
        above, below = self._between(0, row), self._between(row + 1, count)
        above = (
            above[0] - self._rows_gone,
            [each - gone for each, gone in zip(above[1], self._gone, strict=True)],
        )
        scopes = [self._between(before, row), above, self._between(row + 1, after), below]
        scopes.append((above[0] + below[0], [a + b for a, b in zip(above[1], below[1], strict=True)]))
        own = int(self._data[row])
        for place, codes in enumerate(self._groups):
            group = codes[row]
            sums = [
                of_group[group] - (form[row] if own else 0.0)
                for of_group, form in zip(self._of_group[place], self._forms, strict=True)
            ]
            scopes.append((int(self._rows_of_group[place][group][0]) - own, sums))
        return scopes

    def _between(self, start: int, stop: int) -> tuple[int, list[NDArray[np.float64]]]:
        rows = int(self._rows_above[stop] - self._rows_above[start])
        return rows, [above[stop] - above[start] for above in self._above]


def amounts(cells: Iterable[object]) -> NDArray[np.float64]:
    """Return the numbers of cells as evidence, NaN where there is none; the parsers of values decide what counts."""
    return np.array([_amount(cell) for cell in cells], dtype=np.float64)


def _amount(cell: object) -> float:
    """Return the number in a cell.

    Of two marks the last one is the decimal one; a single comma before three digits parts thousands.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    if not isinstance(cell, str) or not (match := _DIGITS.search(cell)):
        return np.nan
    digits = match[0]
    dot, comma = digits.rfind("."), digits.rfind(",")
    if comma > dot and (dot >= 0 or not _THOUSANDS.fullmatch(digits)):
        digits = digits.replace(".", "").replace(",", ".")
    digits = digits.replace(",", "")
    number = float(digits) if digits.count(".") < 2 else float(digits.replace(".", ""))
    return -number if "-" in cell[: match.start()] or cell.strip().startswith("(") else number


def _by_group(codes: NDArray[np.intp], rows: NDArray[np.generic]) -> NDArray[np.float64]:
    groups = int(codes.max(initial=0)) + 1
    sums = [np.bincount(codes, weights=rows[:, each], minlength=groups) for each in range(rows.shape[1])]
    return np.column_stack(sums) if sums else np.zeros((groups, 0))


def _downward(column: Cells) -> NDArray[np.intp]:
    """Return the codes of a column with its blank cells as the one above them."""
    empty = column.marked(value is None or not str(value).strip() for value in column.values)
    last = np.maximum.accumulate(np.where(empty, 0, np.arange(len(empty))))
    filled: NDArray[np.intp] = column.codes[last]
    return filled


def _first_of_each(codes: NDArray[np.intp], data: NDArray[np.bool_]) -> NDArray[np.bool_]:
    first = np.zeros(len(codes), dtype=np.bool_)
    at = np.flatnonzero(data)
    first[at[np.unique(codes[at], return_index=True)[1]]] = True
    return first
