"""Currencies that .xls workbooks show by the formats of their cells."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO

from opsbook.intake.biff import records, stream, worksheets

if TYPE_CHECKING:
    from opsbook.intake.grid import Grid

_FORMAT, _XF = 0x041E, 0xE0
_ONE = frozenset({0x0203, 0x027E, 0x06})  # a number, a short number, a formula
_MANY = 0xBD  # short numbers side by side
_CELL = struct.Struct("<HHH")


def note(file: BinaryIO, grids: Sequence[Grid], currencies_of: Callable[[str], tuple[str, ...]]) -> None:
    """Fill ``currencies`` of the sheets of a workbook.

    Args:
        file: The workbook.
        grids: Its worksheets, all in order.
        currencies_of: What a format's code shows.
    """
    data = stream(file)
    codes: dict[int, tuple[str, ...]] = {}
    styles: list[tuple[str, ...]] = []
    for kind, at, size in records(data, 0):
        if kind == _FORMAT and size > 5 and (found := currencies_of(_text(data[at + 2 : at + size]))):
            codes[struct.unpack_from("<H", data, at)[0]] = found
        elif kind == _XF and size >= 4:
            styles.append(codes.get(struct.unpack_from("<H", data, at + 2)[0], ()))
    if not any(styles):
        return
    starts = worksheets(data)
    if len(starts) != len(grids):
        return
    for grid, start in zip(grids, starts, strict=True):
        for row, column, style in _numbers(data, start):
            if style < len(styles) and (found := styles[style]):
                grid.currencies.setdefault(column, {})[row] = found


def _numbers(data: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """Yield row, column and style of the cells with numbers."""
    for kind, at, size in records(data, start):
        if kind in _ONE:
            yield _CELL.unpack_from(data, at)
        elif kind == _MANY:
            row, first = struct.unpack_from("<HH", data, at)
            for number in range((size - 6) // 6):
                yield row, first + number, struct.unpack_from("<H", data, at + 4 + 6 * number)[0]


def _text(data: bytes) -> str:
    """Return a text of BIFF8: its length, whether its characters have two bytes, the characters."""
    length, flags = struct.unpack_from("<HB", data)
    return (
        data[3 : 3 + 2 * length].decode("utf-16-le") if flags & 1 else data[3 : 3 + length].decode("latin-1")
    )
