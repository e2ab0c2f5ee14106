"""Which rows are data: blank rows and footers are not; repeated rows count once. Totals: see `totals`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from opsbook.intake.ipc import CodedColumn
    from opsbook.intake.row_periods import RowPeriods
    from opsbook.schemas import Schema

_FOOTER = re.compile(
    r"(?:制表|制单|审核|复核|打印|导出)(?:人|时间|日期|员)?\s*[::]|(?:备注|说明|注|数据来源)\s*[::]"
)
_REMARK = 80  # a footer is short
_FEW = 3  # a table of fewer columns may well have rows of one cell


@dataclass
class Cells:
    """A column as it was read: distinct values and the codes that point to them."""

    codes: NDArray[np.intp]
    values: list[object]

    def marked(self, flags: Iterable[bool]) -> NDArray[np.bool_]:
        """Return which rows have a value whose flag is set."""
        marks: NDArray[np.bool_] = np.array(list(flags), dtype=np.bool_)[self.codes]
        return marks

    def having(self, chosen: Iterable[int]) -> NDArray[np.bool_]:
        """Return which rows have one of the values at the places ``chosen``."""
        places = list(chosen)
        if not places:
            return np.zeros(len(self.codes), dtype=np.bool_)
        flags = np.zeros(len(self.values), dtype=np.bool_)
        flags[places] = True
        marks: NDArray[np.bool_] = flags[self.codes]
        return marks


@dataclass
class Repeated:
    """Rows that stand again further down.

    Attributes:
        exact: The same in every column: dropped.
        older: With other figures than the last row of that key.
        latest: For each conflict, the row that counts.
    """

    exact: NDArray[np.bool_]
    older: NDArray[np.bool_]
    latest: NDArray[np.intp]


def blank(value: object) -> bool:
    """Whether a cell holds nothing."""
    if isinstance(value, str):
        return not value or value.isspace()
    return value is None or value != value  # noqa: PLR0124 - NaN


def not_data(schema: Schema, cells: dict[str, Cells], count: int) -> NDArray[np.bool_]:
    """Return which rows are blank or footers.

    Args:
        schema: The kind.
        cells: Columns by field.
        count: Number of rows.
    """
    out = _blank_or_remark(list(cells.values()), count)
    watched = {*schema.key, schema.period_field, *list(cells)[:2]} - {""}
    for name in watched & cells.keys():
        column = cells[name]
        out |= column.having(place for place, text in _words(column) if _FOOTER.match(text))
    return out


def _blank_or_remark(columns: list[Cells], count: int) -> NDArray[np.bool_]:
    """Return the rows that hold nothing, or one text and nothing else, whatever column it was typed in.

    Such a row is blank in one of any two columns: only the rows that are need to be looked at whole.
    """
    suspects = np.zeros(count, dtype=np.bool_)
    for column in columns[:2]:
        suspects |= column.having(
            [
                place
                for place, value in enumerate(column.values)
                if not value or value != value or (isinstance(value, str) and value.isspace())  # noqa: PLR0124
            ]
        )
    at = np.flatnonzero(suspects)
    filled = np.zeros(len(at), dtype=np.int64)
    words = np.zeros(len(at), dtype=np.bool_)
    for column in columns:
        codes = column.codes[at]
        used = np.unique(codes).tolist()
        flags = np.zeros((2, len(column.values)), dtype=np.bool_)
        for place in used:
            value = column.values[place]
            flags[0, place] = not blank(value)
            flags[1, place] = flags[0, place] and isinstance(value, str) and not _digits(value)
        filled += flags[0, codes]
        words |= flags[1, codes]
    out = np.zeros(count, dtype=np.bool_)
    out[at] = (filled == 0) | ((filled == 1) & words & (len(columns) >= _FEW))
    return out


def _words(column: Cells) -> Iterator[tuple[int, str]]:
    """Yield the place and the folded text of every value that is not plainly a number, a date or an id."""
    for place, value in enumerate(column.values):
        if (
            isinstance(value, str)
            and not value.isdigit()
            and 0 < len(value) <= _REMARK
            and not (value[0].isdigit() and value[-1].isdigit())
        ):
            yield place, unicodedata.normalize("NFKC", value).strip()


def _digits(value: str) -> bool:
    """Whether a text is an id, a number or a date rather than words."""
    bare = re.sub(r"[\s\d.,:/%¥$=\"'年月日~-]", "", unicodedata.normalize("NFKC", value))
    return not bare


def needed_key(schema: Schema) -> str:
    """Return the key field without which a row is of no use; empty where the period alone names it."""
    # An ad report by plan may have no plan at all: the account's own total per day.
    return "" if schema.kind == "p4p_plan_daily" or not schema.key else schema.key[0]


def repeated(
    schema: Schema, columns: dict[str, CodedColumn], spans: RowPeriods, kept: NDArray[np.bool_]
) -> Repeated:
    """Find the rows of one table whose key and period stand again further down.

    Args:
        schema: The kind.
        columns: Cleaned columns.
        spans: Periods of the rows.
        kept: Rows to look at.
    """
    count = len(kept)
    none = Repeated(
        np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_), np.zeros(0, dtype=np.intp)
    )
    at = np.flatnonzero(kept)
    group = np.zeros(len(at), dtype=np.int64)
    keys = [_codes(columns[name])[at] for name in schema.key if name in columns]
    keys += [spans.start[at].astype(np.int64), spans.end[at].astype(np.int64)]
    for key in keys:
        if len(key) and (key != key[0]).any():
            codes = np.unique(key, return_inverse=True)[1]
            group = np.unique(group * (int(codes.max()) + 1) + codes, return_inverse=True)[1]
            if int(group.max()) + 1 == len(at):
                return none
    if len(at) < 2:
        return none
    order = np.argsort(group, kind="stable")  # inside a group the rows stay in their order
    last = at[order[np.append(np.flatnonzero(np.diff(group[order])), len(order) - 1)]]
    target = last[group]  # for each row, the last row of its group
    earlier = target != at
    same = np.ones(len(at), dtype=np.bool_)
    for column in columns.values():
        codes = _codes(column)
        same &= codes[at] == codes[target]
    none.exact[at[earlier & same]] = True
    none.older[at[earlier & ~same]] = True
    none.latest = np.unique(target[earlier & ~same])
    return none


def _codes(column: CodedColumn) -> NDArray[Any]:
    """Return codes by cleaned value: different spellings of one value are the same, and so are missing cells."""
    values = column.values
    if values.dtype == np.object_:
        if len(set(values)) == len(values):
            return column.codes
        places: dict[object, int] = {}
        merged = np.fromiter(
            (places.setdefault(value, len(places)) for value in values), np.int64, len(values)
        )
    else:
        _, merged = np.unique(values, return_inverse=True)
    result: NDArray[Any] = merged[column.codes]
    return result


def conflicts(
    schema: Schema, columns: dict[str, CodedColumn], spans: RowPeriods, latest: NDArray[np.intp]
) -> Iterator[str]:
    """Yield the key and the period of each row in ``latest``, as an issue shows them."""
    names = [name for name in schema.key if name in columns and not schema.by_name[name].private]

    for row in latest.tolist():
        parts = [str(columns[name].values[columns[name].codes[row]] or "") for name in names]
        start, end = spans.start[row], spans.end[row]
        yield " ".join(part for part in [*parts, str(start) if start == end else f"{start}~{end}"] if part)
