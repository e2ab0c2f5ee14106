"""One worksheet part: rows found by offset, only the touched ones taken apart and written anew."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from opsbook.backends.ooxml import cell_element as cells
from opsbook.backends.ooxml import xml_spans
from opsbook.backends.ooxml.cell_element import CellMark, Context, Dialect
from opsbook.backends.ooxml.xml_spans import Node, damaged
from opsbook.book import address
from opsbook.book.address import LAST_ROW, Place
from opsbook.book.model import Scalar

_DATA = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)sheetData(?:\s[^<>]*)?(/?)>")


@dataclass(slots=True)
class Row:
    """A row that was taken apart.

    Attributes:
        tag: Its opening tag.
        cells: By column, from 0.
        rest: What follows the last cell.
        touched: Whether it must be written anew.
    """

    tag: bytes
    cells: dict[int, CellMark]
    rest: bytes = b""
    touched: bool = False


class WorksheetPart:
    """A worksheet; rows and columns count from 0.

    Attributes:
        changed: Cells whose content is no longer what the file held.
        formulas_changed: Whether a formula came or went, so that Excel's calculation chain is stale.
        shared: Text, row and column of the master of each shared formula; None until they were looked for.
    """

    def __init__(self, data: bytes, context: Context) -> None:
        if not (found := _DATA.search(data)):
            raise damaged("sheetData")
        self.context = context
        self.speech: Dialect = cells.dialect(found[1])
        if found[2]:  # <sheetData/>
            opening = data[found.start() : found.end() - 2].rstrip() + b">"
            self._head, self._body = data[: found.start()] + opening, b""
            self._tail = b"</" + found[1] + b"sheetData>" + data[found.end() :]
        else:
            end = data.rfind(b"</" + found[1] + b"sheetData")
            if end < 0:
                raise damaged("sheetData")
            self._head, self._body, self._tail = data[: found.end()], data[found.end() : end], data[end:]
        self._original = data
        self._rows: dict[int, Row] = {}
        self._last: tuple[int, Row] | None = None
        self._index: tuple[list[int], list[tuple[int, int, int]]] | None = None
        self._frame: Node | None = None
        self._frame_changed = False
        self._columns: list[tuple[int, int, int, bool]] | None = None
        self._merged: list[Place] | None = None
        self.changed: set[tuple[int, int]] = set()
        self.formulas_changed = False
        self.shared: dict[str, tuple[str, int, int]] | None = None

    # --- the part outside the rows -------------------------------------------------------------

    @property
    def frame(self) -> bytes:
        """The sheet's XML with its rows left out: formats, validations, columns, merged cells and so on."""
        return self._head + self._tail

    @property
    def frame_root(self) -> Node:
        """The elements of `frame`."""
        if self._frame is None:
            self._frame = xml_spans.parse(self.frame)
        return self._frame

    def set_frame(self, data: bytes) -> None:
        """Replace everything but the rows."""
        if data == self.frame:
            return
        found = _DATA.search(data)
        if not found:
            raise damaged("sheetData")
        self._head, self._tail = data[: found.end()], data[found.end() :]
        self._frame = self._merged = self._columns = None
        self._frame_changed = True

    def merged(self, row: int, column: int) -> bool:
        """Whether the cell is joined with others."""
        if self._merged is None:
            found = (
                address.parse(node.attributes.get("ref", "")) for node in self.frame_root.find("mergeCell")
            )
            self._merged = [place for place in found if place]
        return any(place.holds(row, column) for place in self._merged)

    def rearranged(
        self, target: Callable[[int, int], tuple[int, int] | None], moved: Callable[[int], int | None]
    ) -> bytes:
        """Return the part with cells and rows at other positions; those without one are left out.

        Args:
            target: New row and column of a cell, None for one that goes.
            moved: New number of a row with its height, None for one that goes.
        """
        before = list(self.rows_between(0, LAST_ROW))
        rows: dict[int, Row] = {}
        for number, row in before:
            if (new := moved(number)) is not None:
                rows[new] = Row(xml_spans.with_attribute(row.tag, "r", str(new + 1)), {}, row.rest)
        for number, row in before:
            for column, mark in row.cells.items():
                if (at := target(number, column)) is None:
                    continue
                if at[0] not in rows:
                    rows[at[0]] = Row(b"<" + self.speech.prefix + b'row r="%d">' % (at[0] + 1), {})
                copy = replace(mark, attributes=dict(mark.attributes))
                if at != (number, column) or "r" not in mark.attributes:
                    copy.attributes = {**copy.attributes, "r": address.a1(*at)}
                    copy.raw = b""
                rows[at[0]].cells[at[1]] = copy
        body = b"".join(self._render(number, rows[number]) for number in sorted(rows))
        return self._with_dimension(rows) + body + self._tail

    # --- rows ----------------------------------------------------------------------------------

    def _spans(self) -> tuple[list[int], list[tuple[int, int, int]]]:
        """Return row numbers in order and, for each, start, end of its opening tag, and end."""
        if self._index is None:
            if b"<!" in self._body:  # a comment or CDATA: offsets cannot be trusted
                raise damaged("comments in sheetData")
            numbers: list[int] = []
            spans: list[tuple[int, int, int]] = []
            position, number = 0, -1
            while tag := self.speech.row.search(self._body, position):
                given = _row_number(tag[0])
                if given is not None and given <= number:
                    raise damaged(f"row {given + 1}")
                number = number + 1 if given is None else given
                position = tag.end()
                if not tag[0].endswith(b"/>"):
                    closing = self.speech.row_end.search(self._body, position)
                    if not closing:
                        raise damaged(f"row {number + 1}")
                    position = closing.end()
                numbers.append(number)
                spans.append((tag.start(), tag.end(), position))
            self._index = numbers, spans
        return self._index

    def _take_apart(self, span: tuple[int, int, int]) -> Row:
        start, inner, end = span
        row = Row(self._body[start:inner], {})
        if inner == end:
            return row
        body = self._body[inner : self._body.rindex(b"</", inner, end)]
        column, position = -1, 0
        for match in self.speech.cell.finditer(body):
            mark = cells.read_mark(match, self.speech)
            reference = mark.attributes.get("r")
            given = address.corner(reference)[1] if reference else column + 1
            if given <= column:
                raise damaged(f"cell {reference}")
            column, position = given, match.end()
            row.cells[column] = mark
        row.rest = body[position:].strip()
        return row

    def _row(self, number: int) -> Row | None:
        if number in self._rows:
            return self._rows[number]
        if self._last and self._last[0] == number:
            return self._last[1]
        numbers, spans = self._spans()
        at = bisect_left(numbers, number)
        if at == len(numbers) or numbers[at] != number:
            return None
        with xml_spans.understood(f"row {number + 1}"):
            self._last = number, self._take_apart(spans[at])
        return self._last[1]

    def _own_row(self, number: int) -> Row:
        """Return the row for writing, made when the sheet has none of that number."""
        row = self._row(number)
        if row is None:
            row = Row(b"<" + self.speech.prefix + b'row r="%d">' % (number + 1), {})
            # A row that takes its number from the one before has no gap in front: none is ever pushed on.
        self._rows[number] = row
        return row

    def rows_between(self, first: int, last: int) -> Iterator[tuple[int, Row]]:
        """Yield every row that exists from ``first`` to ``last``, in order."""
        numbers, _ = self._spans()
        low, high = bisect_left(numbers, first), bisect_left(numbers, last + 1)
        made = [number for number in self._rows if first <= number <= last]
        for number in sorted({*numbers[low:high], *made}):
            row = self._row(number)
            if row is not None:
                yield number, row

    def rows_with(self, needle: bytes) -> Iterator[tuple[int, Row]]:
        """Yield the rows whose XML holds ``needle``, in order."""
        numbers, spans = self._spans()
        position = self._body.find(needle)
        while position >= 0:
            at = bisect_right(spans, position, key=lambda span: span[0]) - 1
            if at >= 0 and (row := self._row(numbers[at])) is not None:
                yield numbers[at], row
            position = self._body.find(needle, spans[at][2] if at >= 0 else position + 1)

    def mark(self, row: int, column: int) -> CellMark | None:
        """Return the cell as the file (or a change since) has it, or None."""
        found = self._row(row)
        return found.cells.get(column) if found else None

    def read(self, place: Place) -> list[list[Scalar]]:
        """Return the values of a rectangle."""
        block: list[list[Scalar]] = [[None] * place.columns for _ in range(place.rows)]
        for number, row in self.rows_between(place.row, place.last_row):
            line = block[number - place.row]
            for column, mark in row.cells.items():
                if place.column <= column <= place.last_column and mark.content:
                    line[column - place.column] = cells.value_of(mark, self.context, self.speech)
        return block

    def own_mark(self, row: int, column: int) -> CellMark:
        """Return the cell for changing; one that the file lacks takes its row's or column's format."""
        owner = self._own_row(row)
        mark = owner.cells.get(column)
        if mark is None:
            mark = CellMark({"r": address.a1(row, column)})
            if style := self.style(row, column):
                mark.attributes["s"] = str(style)
            owner.cells[column] = mark
        owner.touched = True
        return mark

    def style(self, row: int, column: int) -> int:
        """Return the format a cell has or would have: its own, its row's, its column's."""
        owner = self._row(row)
        if owner:
            if mark := owner.cells.get(column):
                return mark.style
            attributes = xml_spans.attributes(owner.tag)
            if attributes.get("customFormat") in ("1", "true"):
                return int(attributes.get("s", "0"))
        for first, last, style, _ in self._column_formats():
            if first <= column <= last:
                return style
        return 0

    def _column_formats(self) -> list[tuple[int, int, int, bool]]:
        """Return first and last column, format and whether hidden, of every ``<col>``."""
        if self._columns is None:
            self._columns = [
                (
                    int(node.attributes["min"]) - 1,
                    int(node.attributes["max"]) - 1,
                    int(node.attributes.get("style", "0")),
                    node.attributes.get("hidden") in ("1", "true"),
                )
                for node in self.frame_root.find("col")
            ]
        return self._columns

    def hidden(self, place: Place) -> tuple[set[int], set[int]]:
        """Return the rows and columns of a rectangle that are hidden."""
        rows = {
            number
            for number, row in self.rows_between(place.row, place.last_row)
            if xml_spans.attributes(row.tag).get("hidden") in ("1", "true")
        }
        columns = {
            column
            for first, last, _, hidden in self._column_formats()
            if hidden
            for column in range(max(first, place.column), min(last, place.last_column) + 1)
        }
        return rows, columns

    def set_row_height_like(self, row: int, model: int) -> None:
        """Give a row that the file does not have the height of another one."""
        numbers, _ = self._spans()
        at = bisect_left(numbers, row)
        source = self._row(model)
        if source is None or (at < len(numbers) and numbers[at] == row):
            return
        owner = self._own_row(row)
        for name, value in xml_spans.attributes(source.tag).items():
            if name in ("ht", "customHeight"):
                owner.tag = xml_spans.with_attribute(owner.tag, name, value)

    def set_row_height(self, row: int, points: str) -> None:
        """Give a row a height of its own."""
        owner = self._own_row(row)
        tag = xml_spans.with_attribute(owner.tag, "ht", points)
        owner.tag = xml_spans.with_attribute(tag, "customHeight", "1")
        owner.touched = True

    def has_height(self, row: int) -> bool:
        """Whether a row has a height of its own."""
        found = self._row(row)
        return found is not None and "ht" in xml_spans.attributes(found.tag)

    # --- bytes ---------------------------------------------------------------------------------

    @property
    def modified(self) -> bool:
        """Whether `data` may differ from what the file held."""
        return self._frame_changed or any(row.touched for row in self._rows.values())

    def data(self) -> bytes:
        """Return the part; the very bytes of the file when nothing was changed."""
        touched = {number: row for number, row in self._rows.items() if row.touched}
        if not touched and not self._frame_changed:
            return self._original
        numbers, spans = self._spans()
        pieces: list[bytes] = []
        position = 0
        for number in sorted(touched):
            at = bisect_left(numbers, number)
            exists = at < len(numbers) and numbers[at] == number
            start = spans[at][0] if at < len(numbers) else (spans[-1][2] if spans else len(self._body))
            pieces += [self._body[position:start], self._render(number, touched[number])]
            position = spans[at][2] if exists else start
        pieces.append(self._body[position:])
        return self._with_dimension(touched) + b"".join(pieces) + self._tail

    def _render(self, number: int, row: Row) -> bytes:
        """Return a row; ``spans`` would be stale, and every position is said in full."""
        tag = xml_spans.with_attribute(row.tag, "spans", None)
        if _row_number(tag) is None:
            tag = xml_spans.with_attribute(tag, "r", str(number + 1))
        if tag.endswith(b"/>"):
            tag = tag[:-2].rstrip() + b">"
        pieces = []
        for column in sorted(row.cells):
            mark = row.cells[column]
            if "r" not in mark.attributes:
                mark.attributes = {"r": address.a1(number, column), **mark.attributes}
                mark.raw = b""
            pieces.append(mark.render(self.speech))
        closing = b"</" + self.speech.prefix + b"row>"
        return tag + b"".join(pieces) + row.rest + closing

    def _with_dimension(self, touched: dict[int, Row]) -> bytes:
        """Return what stands before the rows, ``dimension`` grown over the cells that came."""
        node = self.frame_root.child("dimension")
        used = [(number, column) for number, row in touched.items() for column in row.cells]
        old = address.parse(node.attributes.get("ref", "")) if node else None
        if not node or not old or not used or node.end > len(self._head):
            return self._head
        row = min(old.row, min(used)[0])
        column = min(old.column, *(column for _, column in used))
        last_row = max(old.last_row, max(used)[0])
        last_column = max(old.last_column, *(column for _, column in used))
        new = Place("", row, column, last_row - row + 1, last_column - column + 1)
        if new == old:
            return self._head
        tag = xml_spans.with_attribute(self._head[node.start : node.inner], "ref", address.spell(new))
        return xml_spans.splice(self._head, [(node.start, node.inner, tag)])


def _row_number(tag: bytes) -> int | None:
    """Return the row's number from 0, or None when the tag does not say it."""
    found = _NUMBER.search(tag)
    return int(found[1]) - 1 if found else None


_NUMBER = re.compile(rb"\sr\s*=\s*[\"']([0-9]+)[\"']")
