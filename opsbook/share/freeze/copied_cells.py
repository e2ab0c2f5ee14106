"""The formulas of a sheet in the copy: kept, written out, or replaced by the value beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from opsbook.backends.ooxml import cell_element, cell_formulas
from opsbook.backends.ooxml.cell_element import CellMark, Dialect
from opsbook.book import address
from opsbook.book.model import Scalar
from opsbook.domain.language import Language
from opsbook.functions import FUNCTIONS, inline_formula
from opsbook.share.freeze.formula_dependencies import Reach, pieces

if TYPE_CHECKING:
    from opsbook.backends.ooxml.package_session import Session

_SHARED_TEXT = re.compile(rb"\bt\s*=\s*[\"']s[\"']")
Functions = Literal["values", "lambda", "inline"]


@dataclass
class FormulaTally:
    """What became of the formulas.

    Attributes:
        ours: Formulas of our blocks that became values.
        theirs: Formulas of the user's that became values.
        kept: Formulas that stay.
        blank: Cells whose formula had no value beside it, as ``'sheet'!A1``.
    """

    ours: int = 0
    theirs: int = 0
    kept: int = 0
    blank: list[str] = field(default_factory=list)


def settle(
    session: Session, title: str, reach: Reach, tally: FormulaTally, *, how: Functions, language: Language
) -> None:
    """Decide on every formula of a sheet; what cannot stay becomes its value.

    Args:
        session: The workbook.
        title: Of the sheet.
        reach: What the copy has.
        tally: Counts go here.
        how: What becomes of formulas of ours: ``values``, ``lambda`` (they stay), ``inline`` (written out).
        language: Of words in results.
    """
    sheet = session.sheet(title)
    blocks = session.blocks(title)
    for row, line in list(sheet.rows_with(b"<" + sheet.speech.prefix + b"f")):
        for column, mark in list(line.cells.items()):
            if not mark.formula or mark.formula_attributes().get("t") == "dataTable":
                continue  # a data table reads only cells of its own sheet
            text = cell_formulas.text_at(sheet, row, column, mark)
            ours = any(place.holds(row, column) for place in blocks) and not session.protected(
                title, row, column
            )
            new = _settled(text, reach, how, language, ours=ours)
            if new == text:
                tally.kept += 1
                continue
            value = _value(session, title, mark)
            cell_formulas.write(sheet, row, column, value, new)
            if new:
                tally.kept += 1
                continue
            tally.ours, tally.theirs = tally.ours + ours, tally.theirs + (not ours)
            if not _has_value(mark):
                tally.blank.append(address.spell(address.Place(title, row, column)))


def _has_value(mark: CellMark) -> bool:
    """Whether a formula's value stands beside it; an empty text is one, and is said by its type."""
    return bool(mark.content) or mark.attributes.get("t") == "str"


def texts_used(data: bytes, speech: Dialect) -> set[int]:
    """Return the shared texts that the cells of a worksheet use, by their numbers."""
    found = set()
    for match in speech.cell.finditer(data):
        if _SHARED_TEXT.search(match[1]) and (shown := speech.content.search(match[2] or b"")):
            found.add(int(shown[2] or b"-1"))
    return found


def _value(session: Session, title: str, mark: CellMark) -> Scalar:
    value = cell_element.value_of(mark, session, session.sheet(title).speech)
    return cell_element.plain(value, date1904=session.date1904)


def _settled(text: str, reach: Reach, how: Functions, language: Language, *, ours: bool) -> str:
    """Return the formula as the copy has it; empty where only the value stays."""
    if how == "values" and ours:
        return ""
    if how == "inline" and _registered(text):
        text = _written_out(text, language)
    return "" if not text or reach.lost(text) else text


def _registered(text: str) -> set[str]:
    """Return the functions of the registry that a formula calls."""
    return {piece.text.upper() for piece in pieces(text) or () if piece.kind == "call"} & FUNCTIONS.keys()


def _written_out(text: str, language: Language) -> str:
    """Return a formula that is one call of ours with its body in place of the call; empty where that cannot be."""
    found = pieces(text) or ()
    name = found[0].text.upper() if found and found[0].kind == "call" else ""
    arguments, depth = [""], 0
    for at, piece in enumerate(found[1:], start=1):
        depth += (piece.kind == "call" or piece.text in ("(", "{")) - (piece.text in (")", "}"))
        if depth < 0:
            if at != len(found) - 1:
                return ""  # the call is only a part of the formula
            break
        if depth or piece.kind not in ("other", "operand"):
            return ""  # texts and calls inside are not worth the trouble: the value says the same
        if piece.text == ",":
            arguments.append("")
        else:
            arguments[-1] += piece.text
    if name not in FUNCTIONS:
        return ""
    return inline_formula(name, *arguments, language=language) or ""
