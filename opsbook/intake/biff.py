"""The records of .xls workbooks, and the formulas whose result no program has stored."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from enum import Enum
from io import BytesIO
from typing import BinaryIO

from opsbook.intake.arithmetic import Cell

_BOUNDSHEET, _FORMULA, _STRING = 0x85, 0x06, 0x0207
_BETWEEN = frozenset(
    {0x04BC, 0x0221, 0x0236}
)  # shared formulas, arrays and tables stand between formula and text
_WORKSHEET = 0
_CALCULATE = 0x2  # the formula asks to be calculated when the file is opened
_HEAD = struct.Struct("<HH")


class _State(Enum):
    """What is stored of a formula's result."""

    RESULT = 1
    EMPTY = 2  # an empty text: Excel's own, or a library's for want of a result
    NONE = 3


def uncalculated(file: BinaryIO) -> list[set[Cell]]:
    """Return the cells of each worksheet, in order, whose formula has no true result.

    Such a formula says that its result is a text and none follows, or has 0 and asks to be calculated; or it gives an
    empty text, as all others of the workbook do.
    """
    data = stream(file)
    sheets = [dict(_formulas(data, start)) for start in worksheets(data)]
    calculated = any(state is _State.RESULT for sheet in sheets for state in sheet.values())
    wanted = {_State.NONE} if calculated else {_State.NONE, _State.EMPTY}
    return [{cell for cell, state in sheet.items() if state in wanted} for sheet in sheets]


def stream(file: BinaryIO) -> bytes:
    """Return the workbook's own stream of records."""
    import olefile  # type: ignore[import-untyped]

    with olefile.OleFileIO(BytesIO(file.read())) as container:  # some versions close what they are given
        name = next((each for each in ("Workbook", "Book") if container.exists(each)), "")
        return container.openstream(name).read() if name else b""


def worksheets(data: bytes) -> list[int]:
    """Return where each worksheet begins in the stream, in their order."""
    return [
        struct.unpack_from("<I", data, at)[0]
        for kind, at, size in records(data, 0)
        if kind == _BOUNDSHEET and size >= 6 and data[at + 5] == _WORKSHEET
    ]


def records(data: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Yield kind, place and size of the records of one stream, to its end mark."""
    depth = 0
    while at + 4 <= len(data):
        kind, size = _HEAD.unpack_from(data, at)
        depth += (kind in (0x0809, 0x0409)) - (
            kind == 0x0A
        )  # charts inside a sheet have streams of their own
        yield kind, at + 4, size
        at += 4 + size
        if depth <= 0:
            return


def _formulas(data: bytes, start: int) -> Iterator[tuple[Cell, _State]]:
    waiting: Cell | None = None  # says that its result is a text
    for kind, at, size in records(data, start):
        if waiting and kind not in _BETWEEN:
            yield waiting, _State.RESULT if kind == _STRING else _State.NONE
            waiting = None
        if kind != _FORMULA or size < 16:
            continue
        cell: Cell = struct.unpack_from("<HH", data, at)
        result, flags = data[at + 6 : at + 14], data[at + 14]
        if result[6:] == b"\xff\xff" and result[0] == 0:
            waiting = cell
        elif result[6:] == b"\xff\xff" and result[0] == 3:
            yield cell, _State.EMPTY
        else:
            yield cell, _State.NONE if not any(result) and flags & _CALCULATE else _State.RESULT
