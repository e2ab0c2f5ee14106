"""Formulas that are plain arithmetic, calculated where no program has done it: ``=E3*5``, ``=E3*F3+G3``, ``=SUM(F2:F9)``.

Everything else (functions, other sheets, dates, texts) is left alone: such a cell stays unknown.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_SUM = re.compile(r"\+?\s*SUM\(([A-Z$\d:,]+)\)", re.IGNORECASE)
_PLAIN = re.compile(r"[A-Z$\d.+\-*/() ]+", re.IGNORECASE)
_LENGTH = 300  # characters; a person's formula is shorter
_DEPTH = 40  # formulas that lean on formulas
_CELLS = 10_000  # in one sum
_OPERATIONS: Mapping[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}

Cell = tuple[int, int]


class Unknown(Exception):  # noqa: N818 - an answer, not a fault
    """The formula is more than plain arithmetic over numbers."""


def place_of(reference: str) -> Cell:
    """Return row and column, counted from 0, of a reference such as ``F3``.

    Raises:
        Unknown: It is not the address of one cell.
    """
    match = _REFERENCE.fullmatch(reference.upper())
    if not match:
        raise Unknown
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def name_of(cell: Cell) -> str:
    """Return the address of a cell: ``F3`` of row 2 and column 5."""
    row, column = cell
    return f"{letters(column)}{row + 1}"


def letters(column: int) -> str:
    """Return a column as spreadsheets name it: 0 is ``A``, 26 is ``AA``."""
    text, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        text = chr(65 + letter) + text
    return text


class SheetArithmetic:
    """Calculates formulas of one sheet over the numbers in its cells."""

    def __init__(self, rows: Sequence[Sequence[object]], formulas: Mapping[Cell, str]) -> None:
        self._rows = rows
        self._formulas = formulas
        self._known: dict[Cell, float] = {}
        self._depth = 0

    def value(self, cell: Cell) -> float | None:
        """Return what the formula of a cell gives; None where that is not certain."""
        try:
            return self._at(cell, blank=False)
        except (Unknown, ArithmeticError, SyntaxError, ValueError, RecursionError):
            return None

    def _at(self, cell: Cell, *, blank: bool) -> float:
        """Return the number in a cell; an empty one is 0 where ``blank`` allows it, as in a sum."""
        if (formula := self._formulas.get(cell)) is not None:
            if cell not in self._known:
                self._known[cell] = self._calculated(formula)
            return self._known[cell]
        row, column = cell
        found = self._rows[row][column] if row < len(self._rows) and column < len(self._rows[row]) else None
        if blank and found in (None, ""):
            return 0.0
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise Unknown
        return float(found)

    def _calculated(self, formula: str) -> float:
        if not formula or len(formula) > _LENGTH or self._depth > _DEPTH:
            raise Unknown
        self._depth += 1
        try:
            if match := _SUM.fullmatch(formula.strip()):
                return float(sum(self._at(cell, blank=True) for cell in _cells(match[1])))
            if not _PLAIN.fullmatch(formula):
                raise Unknown
            names = _REFERENCE.sub(lambda match: f"_{match[1]}{match[2]}", formula.upper())
            return self._of(ast.parse(names.strip(), mode="eval").body)
        finally:
            self._depth -= 1

    def _of(self, node: ast.expr) -> float:
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return float(node.value)
        if isinstance(node, ast.Name):
            return self._at(place_of(node.id.removeprefix("_")), blank=False)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            inner = self._of(node.operand)
            return -inner if isinstance(node.op, ast.USub) else inner
        if isinstance(node, ast.BinOp) and (operation := _OPERATIONS.get(type(node.op))):
            return operation(self._of(node.left), self._of(node.right))
        raise Unknown


def _cells(listed: str) -> Iterator[Cell]:
    """Yield the cells of a sum's arguments, such as ``F2:F9,H3``."""
    count = 0
    for part in listed.split(","):
        first, _, last = part.partition(":")
        top, left = place_of(first)
        bottom, right = place_of(last or first)
        count += max(bottom - top + 1, 0) * max(right - left + 1, 0)
        if count > _CELLS:
            raise Unknown
        yield from ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
