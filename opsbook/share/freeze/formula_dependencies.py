"""What a formula reads, and whether a copy that lacks some sheets still has all of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opsbook.backends.ooxml.workbook_part import DefinedName

_NEWER = ("_xlfn.", "_xlpm.", "_xlws.")
# What they read is no reference: a text, a pivot table, another program, the number of sheets.
_BLIND = frozenset(
    """INDIRECT GETPIVOTDATA RTD CALL REGISTER.ID EVALUATE WEBSERVICE SHEET SHEETS CUBEVALUE CUBEMEMBER CUBESET
    CUBESETCOUNT CUBERANKEDMEMBER CUBEMEMBERPROPERTY CUBEKPIMEMBER""".split()  # noqa: SIM905
)
_CELLS = re.compile(
    r"\$?[A-Za-z]{1,3}\$?\d+(:\$?[A-Za-z]{1,3}\$?\d+)?|\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}|\$?\d+:\$?\d+"
)


@dataclass(frozen=True)
class Piece:
    """A token of a formula: ``call`` (the name before a bracket), ``operand``, ``text`` (unquoted) or ``other``."""

    kind: str
    text: str


@lru_cache(maxsize=4096)
def pieces(formula: str) -> tuple[Piece, ...] | None:
    """Return the tokens of a formula without ``=``, or None where it cannot be taken apart."""
    from openpyxl.formula import Tokenizer  # a quarter of a second
    from openpyxl.formula.tokenizer import TokenizerError

    try:
        items = Tokenizer(f"={formula}").items
    except (TokenizerError, IndexError):
        return None
    found = []
    for item in items:
        if item.type == "FUNC" and item.subtype == "OPEN":
            found.append(Piece("call", item.value[:-1]))
        elif item.type == "OPERAND" and item.subtype == "TEXT":
            found.append(Piece("text", item.value[1:-1].replace('""', '"')))
        elif item.type == "OPERAND" and item.subtype == "RANGE":
            found.append(Piece("operand", item.value))
        else:
            found.append(Piece("other", item.value))
    return tuple(found)


@cache
def builtin() -> frozenset[str]:
    """Return the functions that Excel 2007 has; newer ones are told by their prefix."""
    from openpyxl.utils import FORMULAE

    return frozenset(FORMULAE)


class Reach:
    """What the copy has: everything but some sheets, tables and names, and which functions.

    Attributes:
        names: Defined names that formulas of the copy may use, folded.
    """

    def __init__(
        self,
        sheets: Collection[str],
        tables: Collection[str],
        names: Iterable[DefinedName],
        functions: Collection[str],
        absent: Collection[str],
    ) -> None:
        """Find out which defined names can stay.

        Args:
            sheets: Titles of the sheets that the copy lacks.
            tables: Names of the tables that stand on them.
            names: Every defined name that may stay.
            functions: Functions that the copy defines, as names.
            absent: Functions and names that it does not have, whatever they read.
        """
        self._sheets = {title.casefold() for title in sheets}
        self._tables = {name.casefold() for name in tables}
        self._functions = {name.casefold() for name in functions}
        self._absent = {name.casefold() for name in absent} - self._functions
        candidates = [each for each in names if each.name.casefold() not in self._absent]
        self.names = {each.name.casefold() for each in candidates}
        while gone := {each.name.casefold() for each in candidates if self.lost(each.text)} & self.names:
            self.names -= gone

    def keeps(self, name: DefinedName) -> bool:
        """Whether a defined name stays; one of a single sheet, such as its print area, is judged for itself."""
        if name.scope is not None:
            return name.name.casefold() not in self._absent and not self.lost(name.text)
        return name.name.casefold() in self.names

    def lost(self, formula: str) -> bool:
        """Whether the formula reads or calls something that the copy does not have, or may do so."""
        found = pieces(formula)
        return found is None or any(self._lost(piece) for piece in found)

    def _lost(self, piece: Piece) -> bool:
        if piece.kind == "call":
            return self._lost_call(piece.text)
        if piece.kind == "operand":
            return self._lost_operand(piece.text)
        return piece.kind == "text" and self.named(piece.text)

    def named(self, text: str) -> bool:
        """Whether a text, such as the target of a link, leads to a sheet that the copy lacks."""
        if "!" not in text:
            return False
        sheet = text.strip().removeprefix("#").rpartition("!")[0]
        return sheet.strip("'").replace("''", "'").casefold() in self._sheets

    def _lost_call(self, name: str) -> bool:
        start, _, bare = name.lstrip("-+@ ").rpartition(":")  # A1:INDEX(…) is one token
        if start and self._lost_operand(start):
            return True
        if bare.upper().removeprefix("_XLFN.") in _BLIND:
            return True
        if bare.startswith(_NEWER) or bare.upper() in builtin():
            return False
        return not bare or bare.casefold() not in self._functions | self.names

    def _lost_operand(self, text: str) -> bool:
        sheet, mark, rest = text.removeprefix("[0]!").rpartition("!")  # [0] is the workbook itself
        if mark:
            if sheet.startswith("'"):
                sheet = sheet[1:].partition("'!")[0].rstrip("'").replace("''", "'")
            # Another workbook, or a run of sheets of which some may be gone.
            if "[" in sheet or ":" in sheet or sheet.casefold() in self._sheets:
                return True
            return self._lost_operand(rest)
        text = rest
        if _CELLS.fullmatch(text):
            return False
        if "[" in text:
            table = text.partition("[")[0]
            return table.casefold() in self._tables or (text.startswith("[") and text[1:2].isdigit())
        return not text.startswith(_NEWER) and text.casefold() not in self.names
