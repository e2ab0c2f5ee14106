"""Cells that hold for the rows below them: merged ones, and those that are written on the first row of a group only.

What is merged belongs to every row of its range. A blank cell is filled where the file proves the group: lines of one
order number; rows without number, day and buyer under a line that has them; a day or name that is never written twice
in a row. Amounts and counts are never repeated: they stay on the row that has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from opsbook.intake.sums import additive
from opsbook.schemas import Field, FieldType, PeriodRule, Repeats, Schema

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from opsbook.intake.grid import Merged
    from opsbook.intake.recognise import Header
    from opsbook.intake.rows import Cells

_NUMERIC = (FieldType.NUMBER, FieldType.MONEY, FieldType.PERCENT)
_OF_LINES = frozenset({"product_id", "product_name", "remark"})
_OF_WHICH_ORDER = ("buyer_name", "buyer_id", "buyer_company", "status", "country", "currency", "owner")
_LEAST_SHARE = 3  # where a file writes a day once a group, a third of its rows or more lack it


def fill_merged(merged: Iterable[Merged], header: Header, data: range, cells: dict[str, Cells]) -> None:
    """Give every row of a merged range the cell of its first row.

    Args:
        merged: First row and column, last row and column of each range.
        header: The header of the table.
        data: Its rows.
        cells: Its columns by field; changed in place.
    """
    for row, column, last_row, _ in merged:
        owner = header.columns.get(column)
        if owner is None or row < data.start or row >= data.stop or last_row <= row or not _repeatable(owner):
            continue
        codes = cells[owner.name].codes
        start, stop = row - data.start, min(last_row + 1, data.stop) - data.start
        codes[start + 1 : stop] = codes[start]


def fill_blanks(
    schema: Schema, cells: dict[str, Cells], alive: NDArray[np.bool_], unknown: Iterable[tuple[int, str]] = ()
) -> dict[str, int]:
    """Fill what is written on the first row of a group only.

    Args:
        schema: The kind.
        cells: Columns by field; changed in place.
        alive: Rows of data.
        unknown: Rows and fields of empty cells that are not blank: formulas without a result.

    Returns:
        By field the rows that were filled from above on other evidence than an equal order number.
    """
    kept = [(row, name, cells[name].codes[row]) for row, name in unknown if name in cells]
    filled = _filled(schema, cells, alive)
    for row, name, code in kept:
        if cells[name].codes[row] != code:
            cells[name].codes[row] = code
            filled[name] = filled.get(name, 1) - 1
    return {name: count for name, count in filled.items() if count}


def _filled(schema: Schema, cells: dict[str, Cells], alive: NDArray[np.bool_]) -> dict[str, int]:
    filled: dict[str, int] = {}
    if "order_id" in cells and schema.period_field in cells:
        if count := _continued_orders(schema, cells, alive):
            filled["order_id"] = count
        _same_order(schema, cells, alive)
        if count := _written_once(schema, cells, alive, schema.period_field, ["order_id"]):
            filled[schema.period_field] = count
    elif schema.period is PeriodRule.COLUMN:
        names = [name for name in dict.fromkeys((schema.period_field, *schema.key)) if name in cells]
        for name in names:
            others = [other for other in names if other != name]
            if count := _written_once(schema, cells, alive, name, others):
                filled[name] = count
    return filled


def _repeatable(owner: Field) -> bool:
    """Whether a cell may count for several rows: a key, a day, a word, a price or a rate, but no amount."""
    return (
        owner.type not in _NUMERIC
        or owner.type is FieldType.PERCENT
        or (owner.unit == "CNY per USD" or (owner.type is FieldType.MONEY and not additive(owner)))
    )


def _continued_orders(schema: Schema, cells: dict[str, Cells], alive: NDArray[np.bool_]) -> int:
    """Give a line its order's number where the line has nothing that would name an order of its own."""
    blanks = {name: _blanks(column) for name, column in cells.items()}
    days = [name for name in (schema.period_field, "created_at", "paid_at") if name in cells]
    candidates = alive & blanks["order_id"]
    if not candidates.any():
        return 0
    others = list(dict.fromkeys([*days, *(name for name in _OF_WHICH_ORDER if name in cells)]))
    lines = [name for name in ("product_id", "product_name") if name in cells]  # numbers alone may be a total
    count = 0
    for row in np.flatnonzero(candidates).tolist():
        above = row - 1
        if above < 0 or not alive[above] or _is_blank(cells["order_id"], above):
            continue
        differs = any(not blanks[name][row] and _differs(cells[name], row, above) for name in others)
        dated = any(not blanks[name][row] for name in days)  # an order of its own that lacks its number
        has_line = any(not blanks[name][row] for name in lines)
        if differs or dated or not has_line:
            continue
        cells["order_id"].codes[row] = cells["order_id"].codes[above]
        for name in others:
            if blanks[name][row]:
                cells[name].codes[row] = cells[name].codes[above]
        count += 1
    return count


def _same_order(schema: Schema, cells: dict[str, Cells], alive: NDArray[np.bool_]) -> None:
    """Give the lines of one order number the day, buyer, status and so on that one of them has."""
    numbered = alive & ~_blanks(cells["order_id"])
    at = np.flatnonzero(numbered)
    if len(at) < 2:
        return
    orders = cells["order_id"].codes[at]
    by_order = at[np.argsort(orders, kind="stable")]
    codes = cells["order_id"].codes[by_order]
    first = np.concatenate([[True], codes[1:] != codes[:-1]])
    if first.all():
        return
    group = np.cumsum(first) - 1
    for name, column in cells.items():
        owner = schema.by_name[name]
        if name in _OF_LINES or name == "order_id" or (owner.type in _NUMERIC and name != "fx_rate"):
            continue
        empty = _blanks(column)[by_order]
        if not empty.any() or empty.all():
            continue
        above, below = _last_filled(empty), len(empty) - 1 - _last_filled(empty[::-1])[::-1]
        source = np.where(~empty[above] & (group[above] == group), above, below)
        usable = empty & ~empty[source] & (group[source] == group)
        column.codes[by_order[usable]] = column.codes[by_order[source[usable]]]


def _last_filled(empty: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return for each place the last one up to it that is not empty, or the first place."""
    last: NDArray[np.intp] = np.maximum.accumulate(np.where(empty, 0, np.arange(len(empty))))
    return last


def _written_once(
    schema: Schema, cells: dict[str, Cells], alive: NDArray[np.bool_], name: str, others: Sequence[str]
) -> int:
    """Fill a day or name downward that the file writes at the head of each group only."""
    at = np.flatnonzero(alive)
    if not others or len(at) < 2:
        return 0
    column = cells[name]
    empty = _blanks(column)[at]
    blank = int(empty.sum())
    if empty[0] or not blank or blank * _LEAST_SHARE < len(at):
        return 0
    named = np.zeros(len(at), dtype=np.bool_)
    for other in others:
        named |= ~_blanks(cells[other])[at]
    codes = column.codes[at]
    written_again = ~empty[1:] & ~empty[:-1] & (codes[1:] == codes[:-1])
    heads = codes[~empty]
    if written_again.any() or (heads[1:] == heads[:-1]).any() or not named[empty].all():
        return 0
    last = np.maximum.accumulate(np.where(empty, 0, np.arange(len(at))))
    filled = codes[last]
    if schema.repeats is Repeats.DUPLICATE and _repeats(filled, [cells[other].codes[at] for other in others]):
        return 0
    column.codes[at[empty]] = filled[empty]
    return blank


def _repeats(first: NDArray[np.intp], others: Sequence[NDArray[np.intp]]) -> bool:
    return len(np.unique(np.column_stack([first, *others]), axis=0)) < len(first)


def _differs(column: Cells, row: int, other: int) -> bool:
    return bool(column.codes[row] != column.codes[other])


def _is_blank(column: Cells, row: int) -> bool:
    value = column.values[column.codes[row]]
    return value is None or value != value or not str(value).strip()  # noqa: PLR0124 - NaN


def _blanks(column: Cells) -> NDArray[np.bool_]:
    return column.having(
        place
        for place, value in enumerate(column.values)
        if value is None or value != value or not str(value).strip()  # noqa: PLR0124 - NaN
    )
