"""Rows under a header that explain its columns: units, types, 必填, the headers in English, ``A B C``, ``1 2 3``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from opsbook.intake.header_text import matches
from opsbook.intake.unit_words import form_of_days, unit_class, units_row, words
from opsbook.schemas import Field, FieldType
from opsbook.schemas.spelling import folded

if TYPE_CHECKING:
    from opsbook.intake.grid import Grid

_ROWS = 3  # so many rows may explain the columns
_LEAST = 2  # cells that make a row
_DIGIT = re.compile(r"\d")
_LATIN_WORD = re.compile(r"[A-Za-z]+")
_BEFORE = re.compile(r"^(?:单位|unit)\s*[:=]?\s*", re.IGNORECASE)
_WITH_DIGITS = frozenset(
    {
        FieldType.DATE,
        FieldType.DATETIME,
        FieldType.PERIOD,
        FieldType.MONTH_DAY,
        FieldType.NUMBER,
        FieldType.MONEY,
        FieldType.PERCENT,
    }
)
_TYPES = frozenset(
    [
        "int",
        "integer",
        "float",
        "double",
        "decimal",
        "number",
        "numeric",
        "bigint",
        "date",
        "datetime",
        "timestamp",
        "string",
        "str",
        "text",
        "varchar",
        "char",
        "bool",
        "整数",
        "小数",
        "数字",
        "数值",
        "数值型",
        "文本",
        "文本型",
        "字符",
        "字符串",
        "日期",
        "日期型",
        "时间",
        "金额",
        "浮点",
        "百分比",
    ]
)


def explained(grid: Grid, last: int, columns: Mapping[int, Field]) -> tuple[dict[int, str], int]:
    """Return the units that the rows under a header give, by column, and how many rows only explain the columns.

    Args:
        grid: The sheet.
        last: The last row of the header.
        columns: Its fields.
    """
    units: dict[int, str] = {}
    count = 0
    for number in range(last + 1, min(last + 1 + _ROWS, grid.height)):
        cells = grid.row(number)
        if found := units_row(cells):
            units |= found
        elif _counts(cells, columns):
            pass
        elif _explains(cells, columns):
            texts = {column: _inner(cell) for column, cell in enumerate(cells) if isinstance(cell, str)}
            units |= {column: text for column, text in texts.items() if unit_class(text)}
        else:
            break
        count += 1
    return {column: unit for column, unit in units.items() if column in columns}, count


def _counts(cells: Sequence[object], columns: Mapping[int, Field]) -> bool:
    """Whether a row numbers the columns from 1 on, where a day or a name should be."""
    numbered = [int(str(cell)) if str(cell).strip().isdecimal() else 0 for cell in cells]
    named = any(
        owner.type in (FieldType.TEXT, FieldType.DATE, FieldType.PERIOD) for owner in columns.values()
    )
    return named and len(cells) > _LEAST and numbered == list(range(1, len(cells) + 1))


def _explains(cells: Sequence[object], columns: Mapping[int, Field]) -> bool:
    """Whether every day and every number of a row is a word that explains its column."""
    filled = {column: cell for column, cell in enumerate(cells) if cell is not None and str(cell).strip()}
    if not all(isinstance(cell, str) and not _DIGIT.search(cell) for cell in filled.values()):
        return False
    watched = [
        str(cell)
        for column, cell in filled.items()
        if column in columns and columns[column].type in _WITH_DIGITS
    ]
    return len(watched) >= _LEAST and all(map(_explanation, watched))


def _explanation(cell: str) -> bool:
    text = _inner(cell)
    plain = text.casefold()
    latin = [word.casefold() for word in _LATIN_WORD.findall(text)] if text.isascii() else []
    return bool(
        unit_class(text)
        or form_of_days(text)
        or plain in words()["marks"]
        or plain in _TYPES
        or (len(plain) == 1 and plain.isalpha() and plain.isascii())
        or (latin and (words()["translation"] | _TYPES).issuperset(latin))
        or matches(cell)
    )


def _inner(cell: str) -> str:
    return _BEFORE.sub("", folded(cell).strip().strip("() *").strip())
