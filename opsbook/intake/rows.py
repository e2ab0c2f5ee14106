"""Which rows are data: blank rows, totals and footers are not; repeated rows count once."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from opsbook.schemas import FieldType, Schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from opsbook.intake.row_periods import RowPeriods
    from opsbook.intake.transport import Column

_TOTAL_WORDS = r"汇总|合计|总计|小计|共计|总和|全部账号"
_TOTAL = re.compile(
    rf"(?:{_TOTAL_WORDS}|total|subtotal|grand\s*total|sub-total)\s*(?:[:(].*)?", re.IGNORECASE
)
_TOTAL_OF = re.compile(rf".{{0,6}}(?:{_TOTAL_WORDS})")  # 5月合计, 本周小计
_FOOTER = re.compile(
    r"(?:制表|制单|审核|复核|打印|导出)(?:人|时间|日期|员)?\s*[::]|(?:备注|说明|注|数据来源)\s*[::]"
)
_FREE = (FieldType.TEXT, FieldType.FLAG)
_FEW = 3  # a table of fewer columns may well have rows of one cell


@dataclass
class Cells:
    """A column as it was read: distinct values and the codes that point to them."""

    codes: NDArray[np.intp]
    values: list[object]

    def marked(self, flags: Iterable[bool]) -> NDArray[np.bool_]:
        """Return which rows have a value whose flag is set."""
        return np.fromiter(flags, dtype=np.bool_, count=len(self.values))[self.codes]


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
    return value is None or (isinstance(value, str) and not value.strip()) or value != value  # noqa: PLR0124 - NaN


def not_data(schema: Schema, cells: dict[str, Cells], outer: list[Cells], count: int) -> NDArray[np.bool_]:
    """Return which rows are blank, totals or footers.

    Args:
        schema: The kind.
        cells: Columns by field.
        outer: The first two columns of the sheet, where they are no fields: 合计 may stand there.
        count: Number of rows.
    """
    filled = np.zeros(count, dtype=np.int64)
    for column in cells.values():
        filled += column.marked(not blank(value) for value in column.values)
    out = filled == 0
    if len(cells) >= _FEW:
        # One text in an otherwise empty row is a remark, whatever column it was typed in.
        lone = np.flatnonzero((filled == 1) & ~out)
        if len(lone):
            for column in cells.values():
                texts = column.marked(
                    isinstance(value, str) and not blank(value) and not _digits(value)
                    for value in column.values
                )
                out |= (filled == 1) & texts
    watched = {*schema.key, schema.period_field, *list(cells)[:2]} - {""}
    for name in watched & cells.keys():
        column, owner = cells[name], schema.by_name[name]
        period = name == schema.period_field
        free = owner.type in _FREE and name in ("keyword", "product_name")
        out |= column.marked(_total(value, period=period, free=free) for value in column.values)
        if not free:
            out |= column.marked(
                isinstance(value, str) and bool(_FOOTER.match(_folded(value))) for value in column.values
            )
    for column in outer:
        out |= column.marked(_total(value, period=True, free=False) for value in column.values)
    result: NDArray[np.bool_] = out
    return result


def _digits(value: str) -> bool:
    """Whether a text is an id, a number or a date rather than words."""
    bare = re.sub(r"[\s\d.,:/%¥$=\"'年月日~-]", "", _folded(value))
    return not bare


def _folded(value: str) -> str:
    return unicodedata.normalize("NFKC", value).strip()


def _total(value: object, *, period: bool, free: bool) -> bool:
    if not isinstance(value, str) or len(value) > 40:
        return False
    text = _folded(value)
    if free:
        return text in ("汇总", "合计", "总计", "小计")
    return bool(_TOTAL.fullmatch(text) or (period and _TOTAL_OF.fullmatch(text)))


def needed_key(schema: Schema) -> str:
    """Return the key field without which a row is of no use; empty where the period alone names it."""
    # An ad report by plan may have no plan at all: the account's own total per day.
    return "" if schema.kind == "p4p_plan_daily" or not schema.key else schema.key[0]


def repeated(
    schema: Schema, columns: dict[str, Column], spans: RowPeriods, kept: NDArray[np.bool_]
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
        _, codes = np.unique(key, return_inverse=True)
        _, group = np.unique(group * (int(codes.max(initial=0)) + 1) + codes, return_inverse=True)
    if not len(at) or int(group.max()) + 1 == len(at):
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


def _codes(column: Column) -> NDArray[Any]:
    """Return codes by cleaned value: different spellings of one value are the same, and so are missing cells."""
    values = column.values
    if values.dtype == np.object_:
        places: dict[object, int] = {}
        merged = np.fromiter(
            (places.setdefault(value, len(places)) for value in values), np.int64, len(values)
        )
    else:
        _, merged = np.unique(values, return_inverse=True)
    result: NDArray[Any] = merged[column.codes]
    return result


def conflicts(
    schema: Schema, columns: dict[str, Column], spans: RowPeriods, latest: NDArray[np.intp]
) -> Iterator[str]:
    """Yield the key and the period of each row in ``latest``, as an issue shows them."""
    names = [name for name in schema.key if name in columns and not schema.by_name[name].private]

    for row in latest.tolist():
        parts = [str(columns[name].values[columns[name].codes[row]] or "") for name in names]
        start, end = spans.start[row], spans.end[row]
        yield " ".join(part for part in [*parts, str(start) if start == end else f"{start}~{end}"] if part)
