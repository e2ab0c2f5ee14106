"""Rows, columns or parts of them inserted into a sheet or deleted from it: where every reference leads afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from opsbook.book import address
from opsbook.book.address import LAST_COLUMN, LAST_ROW, Place

ROWS, COLUMNS = "rows", "columns"
_SHEET = r"'(?:[^']|'')+'|[^\s'\"!(),;:+\-*/^&=<>{}\[\]%$#@~|]+"
_CELL = r"\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}"
_TOKEN = re.compile(
    rf'(?P<skip>"(?:[^"]|"")*"'  # a text
    rf"|'\[(?:[^']|'')+'!{_CELL}(?::{_CELL})?|\[[0-9]+\](?:{_SHEET})!{_CELL}(?::{_CELL})?"  # another workbook
    rf"|(?:{_SHEET}):(?:{_SHEET})!{_CELL}(?::{_CELL})?"  # a run of sheets
    r"|\[(?:[^\[\]]|\[[^\[\]]*\])*\])"  # columns of a table
    rf"|(?<![\w.$\\\]!'])(?:(?P<sheet>{_SHEET})!)?(?:"
    rf"(?P<first>{_CELL})(?::(?P<last>{_CELL}))?(?![\w.(!\[])"
    r"|(?P<left>\$?[A-Za-z]{1,3}):(?P<right>\$?[A-Za-z]{1,3})(?![\w.(!\[])"
    r"|(?P<top>\$?[1-9][0-9]{0,6}):(?P<bottom>\$?[1-9][0-9]{0,6})(?![\w.(!\[]))"
)
_CORNER = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]+)")
_BROKEN = "#REF!"


@dataclass(frozen=True)
class Shift:
    """Lines that come to a sheet or go from it.

    Attributes:
        sheet: Title.
        axis: ``rows`` or ``columns``.
        at: First line that comes or goes, from 0.
        count: How many lines come; negative for lines that go.
        strip: First and last line of the other axis where this happens; None for the whole sheet.
        until: Last line that moves; None for all. Only with a strip.
    """

    sheet: str
    axis: str
    at: int
    count: int
    strip: tuple[int, int] | None = None
    until: int | None = None

    @property
    def most(self) -> int:
        """Last line of a sheet along the axis."""
        return LAST_ROW if self.axis == ROWS else LAST_COLUMN

    @property
    def moved(self) -> tuple[int, int]:
        """First and last line that move, as they are numbered before."""
        return self.at + max(0, -self.count), self.most if self.until is None else self.until

    def concerns(self, sheet: str) -> bool:
        """Whether a sheet of that title is the one."""
        return sheet.casefold() == self.sheet.casefold()

    def line(self, number: int) -> int | None:
        """Return the new number of a line, None for one that goes."""
        first, last = self.moved
        if first <= number <= last:
            new = number + self.count
            return new if new <= self.most else None
        return None if self.at <= number < first else number

    def cell(self, row: int, column: int) -> tuple[int, int] | None:
        """Return where the content of a cell is afterwards, None where it is gone."""
        along, across = (row, column) if self.axis == ROWS else (column, row)
        if self.strip and not self.strip[0] <= across <= self.strip[1]:
            return row, column
        new = self.line(along)
        if new is None:
            return None
        return (new, column) if self.axis == ROWS else (row, new)

    def _span(self, first: int, last: int) -> tuple[int, int] | None:
        """Return first and last line of a run of lines afterwards, None when all of it is gone."""
        begin, end = self.moved
        if self.until is not None and last > end:
            return first, last  # it reaches beyond what moves: the lines behind it stay
        if self.count > 0:
            new_first = first + self.count if first >= self.at else first
            new_last = last + self.count if last >= self.at else last
            return (new_first, min(new_last, self.most)) if new_first <= self.most else None
        gone = range(self.at, begin)
        if first in gone and last in gone:
            return None
        new_first = self.at if first in gone else first + self.count if first >= begin else first
        new_last = self.at - 1 if last in gone else last + self.count if last >= begin else last
        return new_first, new_last

    def place(self, place: Place) -> Place | None:
        """Return a rectangle of the sheet afterwards, None when all of it is gone."""
        rows = self.axis == ROWS
        first, last = (place.row, place.last_row) if rows else (place.column, place.last_column)
        across = (place.column, place.last_column) if rows else (place.row, place.last_row)
        if self.strip and not (self.strip[0] <= across[0] and across[1] <= self.strip[1]):
            return place
        span = self._span(first, last)
        if span is None:
            return None
        if rows:
            return replace(place, row=span[0], rows=span[1] - span[0] + 1)
        return replace(place, column=span[0], columns=span[1] - span[0] + 1)

    def pieces(self, place: Place) -> list[Place]:
        """Return the rectangles that the cells of one are in afterwards: a strip may cut it."""
        if not self.strip:
            return [new] if (new := self.place(place)) else []
        inside, outside = self._cut(place)
        found = [new] if inside and (new := self.place(inside)) else []
        return [*found, *outside]

    def _cut(self, place: Place) -> tuple[Place | None, list[Place]]:
        """Return the part of a rectangle in the strip, and the parts beside it."""
        if self.strip is None:
            return place, []
        low, high = self.strip
        if self.axis == ROWS:
            first, last = max(place.column, low), min(place.last_column, high)
            if first > last:
                return None, [place]
            sides = [(place.column, first - 1), (last + 1, place.last_column)]
            outside = [replace(place, column=a, columns=b - a + 1) for a, b in sides if a <= b]
            return replace(place, column=first, columns=last - first + 1), outside
        first, last = max(place.row, low), min(place.last_row, high)
        if first > last:
            return None, [place]
        sides = [(place.row, first - 1), (last + 1, place.last_row)]
        outside = [replace(place, row=a, rows=b - a + 1) for a, b in sides if a <= b]
        return replace(place, row=first, rows=last - first + 1), outside

    def formula(self, text: str, sheet: str) -> str:
        """Return a formula, or the text of a name or chart, with its references as they must be.

        Args:
            text: Without ``=``.
            sheet: Where it is; ``""`` for one whose references all name their sheet.
        """
        return rewritten(text, sheet, self._reference)

    def _reference(self, place: Place) -> Place | None:
        return self.place(place) if self.concerns(place.sheet) else place

    def references(self, text: str) -> str:
        """Return a list of ranges of the sheet itself (``sqref``, ``ref``); empty when all are gone."""
        found = []
        for piece in text.split():
            place = address.parse(piece)
            if place is None:
                found.append(self.formula(piece, self.sheet))
            else:
                found += [piece if new == place else address.spell(new) for new in self.pieces(place)]
        return " ".join(found)


def rewritten(text: str, sheet: str, change: Callable[[Place], Place | None]) -> str:
    """Return a formula with its references to cells, whole rows and whole columns changed; the rest stays as written.

    Args:
        text: Without ``=``.
        sheet: Title of the sheet for references that name none.
        change: Gets each rectangle with its sheet and returns the new one, None for one that is gone.
    """

    def spelled(match: re.Match[str]) -> str:
        if match["skip"] is not None:
            return match[0]
        named = match["sheet"] or ""
        title = named[1:-1].replace("''", "'") if named.startswith("'") else named
        old = _rectangle(match, title or sheet)
        if old is None or ":" in title or "[" in title or not (title or sheet):
            return match[0]
        new = change(old)
        if new == old:
            return match[0]
        prefix = f"{named}!" if named else ""
        if new is None:
            return prefix + _BROKEN
        if new.sheet != old.sheet:
            prefix = f"{address.quote(new.sheet)}!"
        return prefix + _spelled(match, new)

    return _TOKEN.sub(spelled, text)


def copied(text: str, relative: tuple[int, int], fixed: tuple[int, int]) -> str:
    """Return a formula as a copy of its cell has it; references that name a sheet stay.

    Args:
        text: Without ``=``.
        relative: Rows and columns that references without ``$`` move by.
        fixed: The same of those with ``$``.
    """

    def moved(corner: str) -> str | None:
        match = _CORNER.fullmatch(corner)
        if not match:
            return None
        row = int(match[4]) - 1 + (fixed if match[3] else relative)[0]
        column = address.column_number(match[2]) + (fixed if match[1] else relative)[1]
        if not (0 <= row <= LAST_ROW and 0 <= column <= LAST_COLUMN):
            return None
        return f"{match[1]}{address.letters(column)}{match[3]}{row + 1}"

    def spelled(match: re.Match[str]) -> str:
        if match["skip"] is not None or match["sheet"] or not match["first"]:
            return match[0]
        first = moved(match["first"])
        last = moved(match["last"]) if match["last"] else ""
        return match[0] if first is None or last is None else f"{first}:{last}" if last else first

    return _TOKEN.sub(spelled, text)


def _rectangle(match: re.Match[str], sheet: str) -> Place | None:
    if match["first"]:
        row, column = address.corner(match["first"])
        last_row, last_column = address.corner(match["last"] or match["first"])
    elif match["left"]:
        row, last_row = 0, LAST_ROW
        column, last_column = (address.column_number(match[side].strip("$")) for side in ("left", "right"))
    else:
        column, last_column = 0, LAST_COLUMN
        row, last_row = (int(match[side].strip("$")) - 1 for side in ("top", "bottom"))
    if last_row > LAST_ROW or last_column > LAST_COLUMN or row > last_row or column > last_column:
        return None
    return Place(sheet, row, column, last_row - row + 1, last_column - column + 1)


def _spelled(match: re.Match[str], new: Place) -> str:
    if match["first"]:
        text = _corner(match["first"], new.row, new.column)
        return text + ":" + _corner(match["last"], new.last_row, new.last_column) if match["last"] else text
    if match["left"]:
        ends = ((match["left"], new.column), (match["right"], new.last_column))
        return ":".join("$" * old.startswith("$") + address.letters(column) for old, column in ends)
    ends = ((match["top"], new.row), (match["bottom"], new.last_row))
    return ":".join("$" * old.startswith("$") + str(row + 1) for old, row in ends)


def _corner(old: str, row: int, column: int) -> str:
    match = _CORNER.fullmatch(old)
    first, second = (match[1], match[3]) if match else ("", "")
    return f"{first}{address.letters(column)}{second}{row + 1}"
