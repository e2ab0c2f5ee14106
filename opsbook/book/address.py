"""Addresses of cells and what a defined name or a formula says about them. No other module spells A1."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

LAST_ROW = 1_048_575  # Excel's sheet, counted from 0
LAST_COLUMN = 16_383


@dataclass(frozen=True)
class Place:
    """A rectangle of cells; row and column are counted from 0. An empty sheet means the formula's own."""

    sheet: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1

    @property
    def last_row(self) -> int:
        """Last row inside it."""
        return self.row + self.rows - 1

    @property
    def last_column(self) -> int:
        """Last column inside it."""
        return self.column + self.columns - 1

    def meets(self, other: Place) -> bool:
        """Whether the two rectangles share a cell, their sheets taken as the same."""
        return (
            self.row <= other.last_row
            and other.row <= self.last_row
            and self.column <= other.last_column
            and other.column <= self.last_column
        )

    def holds(self, row: int, column: int) -> bool:
        """Whether the cell lies inside."""
        return self.row <= row <= self.last_row and self.column <= column <= self.last_column


def letters(column: int) -> str:
    """Return the letters of a column: 0 is ``A``, 26 is ``AA``."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_number(text: str) -> int:
    """Return the column of its letters, from 0."""
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def a1(row: int, column: int, *, absolute: bool = False) -> str:
    """Return ``C5`` (or ``$C$5``) for row 4, column 2."""
    return f"${letters(column)}${row + 1}" if absolute else f"{letters(column)}{row + 1}"


def quote(sheet: str) -> str:
    """Return the sheet's title as formulas spell it: always quoted, which Excel accepts for every title."""
    return "'" + sheet.replace("'", "''") + "'"


def spell(place: Place, *, absolute: bool = False, colon: bool = False) -> str:
    """Return the address of a rectangle, with its sheet when it names one.

    Args:
        place: What to spell.
        absolute: With ``$``, as defined names and charts need.
        colon: Write one cell as ``B2:B2`` too, so that it stays known as a range.
    """
    text = a1(place.row, place.column, absolute=absolute)
    if colon or place.rows > 1 or place.columns > 1:
        text += ":" + a1(place.last_row, place.last_column, absolute=absolute)
    return f"{quote(place.sheet)}!{text}" if place.sheet else text


_CELL = r"\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}"
_SHEET = r"'(?:[^']|'')+'|[^\s'\"!(),;:+\-*/^&=<>{}\[\]%$#@~|]+"
_PLAIN = re.compile(rf"(?:(?P<sheet>{_SHEET})!)?(?P<first>{_CELL})(?::(?P<last>{_CELL}))?")
_IN_FORMULA = re.compile(
    rf'(?P<text>"(?:[^"]|"")*")'
    rf"|(?<![\w.$\]!:'])(?:(?P<sheet>{_SHEET})!)?(?P<first>{_CELL}):(?P<last>{_CELL})(?![\w.(:!\[])"
)
_CORNER = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]+)")
_PLACEHOLDER = re.compile(r"\{([0-9]+)\}")
_QUOTED = re.compile(r"\"(?:[^\"]|\"\")*\"|'((?:[^']|'')+)'!")


def corner(text: str) -> tuple[int, int]:
    """Return row and column (from 0) of ``C5`` or ``$C$5``.

    Raises:
        ValueError: It is no address of a cell.
    """
    if not (match := _CORNER.fullmatch(text)):
        raise ValueError(f"not the address of a cell: {text!r}")
    return int(match[4]) - 1, column_number(match[2])


def parse(text: str) -> Place | None:
    """Return the one rectangle that ``text`` (of a defined name, a chart, a ref) names, or None.

    Unions, whole rows and columns, other workbooks, names and ``#REF!`` are no rectangle.
    """
    match = _PLAIN.fullmatch(text.strip().removeprefix("="))
    return _place(match) if match else None


def _place(match: re.Match[str]) -> Place | None:
    row, column = corner(match["first"])
    last_row, last_column = corner(match["last"] or match["first"])
    row, last_row = sorted((row, last_row))
    column, last_column = sorted((column, last_column))
    sheet = match["sheet"] or ""
    if sheet.startswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    if "[" in sheet or last_row > LAST_ROW or last_column > LAST_COLUMN:
        return None
    return Place(sheet, row, column, last_row - row + 1, last_column - column + 1)


def rewrite(formula: str, change: Callable[[Place], Place | None]) -> str:
    """Return the formula with its ranges changed; texts in quotes and everything else stay as they are.

    Args:
        formula: Text of a formula, a chart's reference or a defined name.
        change: Gets each range (``B2:B9``, with its sheet or an empty one); returns the new one, or None to
            leave it. Only rows and columns are taken from it; sheet and ``$`` stay as written.
    """

    def replace(match: re.Match[str]) -> str:
        if match["text"] or not (old := _place(match)) or not (new := change(old)) or new == old:
            return match[0]
        first = _CORNER.fullmatch(match["first"])
        last = _CORNER.fullmatch(match["last"])
        if not first or not last:
            return match[0]
        prefix = match["sheet"] + "!" if match["sheet"] else ""
        start = f"{first[1]}{letters(new.column)}{first[3]}{new.row + 1}"
        return f"{prefix}{start}:{last[1]}{letters(new.last_column)}{last[3]}{new.last_row + 1}"

    return _IN_FORMULA.sub(replace, formula)


def fill(formula: str, places: Sequence[Place], sheet: str, *, fixed: bool = False) -> str:
    """Return the formula with ``{0}``, ``{1}`` replaced by addresses, with their sheet when it is another one.

    Args:
        formula: With its placeholders.
        places: What they stand for.
        sheet: On which the formula stands.
        fixed: Addresses on other sheets get ``$``: those of a line that people sort would move with it otherwise.
    """

    def replace(match: re.Match[str]) -> str:
        place = places[int(match[1])]
        here = place.sheet == sheet
        return spell(
            dataclasses.replace(place, sheet="" if here else place.sheet), absolute=fixed and not here
        )

    return _PLACEHOLDER.sub(replace, formula)


def same_formula(one: str, other: str) -> bool:
    """Whether two formulas differ at most in the quotes around sheet titles: Excel drops those it can spare."""
    return one == other or _unquoted(one) == _unquoted(other)


def _unquoted(formula: str) -> str:
    return _QUOTED.sub(lambda match: f"{match[1]}!" if match[1] else match[0], formula)
