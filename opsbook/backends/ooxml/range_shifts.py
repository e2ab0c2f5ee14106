"""A block that became longer or shorter, and everything in the workbook that refers to its rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from opsbook.backends.ooxml import xml_spans
from opsbook.backends.ooxml.xml_spans import Node
from opsbook.book import address
from opsbook.book.address import Place

_FORMULAS = ("formula", "formula1", "formula2", "f")  # of formats, validations and sparklines
_PRINT_AREA = "_xlnm.Print_Area"


@dataclass(frozen=True)
class BlockGrowth:
    """A block before the change, and its number of rows after it."""

    block: Place
    rows: int

    @property
    def last_row(self) -> int:
        """Last row after the change."""
        return self.block.row + self.rows - 1

    def _ours(self, sheet: str) -> bool:
        return sheet.casefold() == self.block.sheet.casefold()

    def moved(self, place: Place, *, single: bool) -> Place | None:
        """Return the rectangle as it must be now, or None when the change does not concern it.

        It is concerned when its columns are the block's and it ends with the block's last row. One row alone is
        the block's data only if the block had no more than that; ``single`` says whether it may then stretch.
        """
        block = self.block
        if (
            place.last_row != block.last_row
            or place.row < block.row
            or place.column < block.column
            or place.last_column > block.last_column
            or place.row > self.last_row
        ):
            return None
        if place.rows == 1 and not (single and place.row == block.row + 1):
            return None
        return replace(place, rows=self.last_row - place.row + 1)

    def in_formula(self, text: str, sheet: str) -> str:
        """Return a formula of a sheet (``""`` for none) with its ranges over the block stretched."""

        def change(place: Place) -> Place | None:
            if not self._ours(place.sheet or sheet):
                return None
            # B2:M2 may be a row of figures for a sparkline; B2:B2 can only be a column of one.
            return self.moved(place, single=place.columns == 1)

        return address.rewrite(text, change)

    def in_reference(self, text: str) -> str:
        """Return a list of ranges of the block's own sheet (``sqref``, ``ref``) stretched."""
        pieces = []
        for piece in text.split():
            place = address.parse(piece)
            new = self.moved(place, single=True) if place else None
            pieces.append(address.spell(new) if new else piece)
        return " ".join(pieces)

    def in_print_area(self, text: str) -> str:
        """Return a print area with the areas that cover the block made long enough, and no longer than before."""

        def change(place: Place) -> Place | None:
            block = self.block
            covers = (
                place.row <= block.row
                and place.column <= block.column
                and place.last_column >= block.last_column
                and place.last_row >= block.last_row
            )
            if not self._ours(place.sheet) or not covers:
                return self.moved(place, single=True) if self._ours(place.sheet) else None
            last = self.last_row if place.last_row == block.last_row else max(place.last_row, self.last_row)
            return replace(place, rows=last - place.row + 1)

        return address.rewrite(text, change)

    def in_name(self, name: str, text: str) -> str:
        """Return the text of a defined name; other blocks' names are their own business."""
        if name.casefold() == _PRINT_AREA.casefold():
            return self.in_print_area(text)
        return self.in_formula(text, "")

    def in_worksheet(self, frame: bytes, sheet: str) -> bytes:
        """Return a sheet's XML (its rows left out) with formats, validations, sparklines and filters stretched."""
        own = self._ours(sheet)
        edits = []
        for node in xml_spans.parse(frame).walk():
            if node.name in _FORMULAS and node.text:
                new = self.in_formula(node.text, sheet)
                edits += _text_edit(node, new)
            if own:
                if node.name != "sparkline":  # its sqref is the one cell where it is drawn
                    for child in node.children:  # of the x14 extensions
                        if child.name == "sqref" and child.text:
                            edits += _text_edit(child, self.in_reference(child.text))
                edits += self._attribute_edits(frame, node)
        return xml_spans.splice(frame, edits)

    def _attribute_edits(self, data: bytes, node: Node) -> Iterator[tuple[int, int, bytes]]:
        tag = data[node.start : node.inner]
        changed = tag
        for name, parents in _REFERENCES.items():
            if node.name in parents and (old := node.attributes.get(name)):
                new = self.in_reference(old)
                if new != old:
                    changed = xml_spans.with_attribute(changed, name, new)
        if changed != tag:
            yield node.start, node.inner, changed

    def in_table(self, data: bytes) -> bytes:
        """Return a table of the block's sheet with its own range and its filter's stretched."""
        edits = [edit for node in xml_spans.parse(data).walk() for edit in self._attribute_edits(data, node)]
        return xml_spans.splice(data, edits)

    def in_chart(self, data: bytes) -> bytes:
        """Return a chart with the references of its series stretched."""
        edits = []
        for node in xml_spans.parse(data).walk():
            if node.name == "f" and node.text:
                edits += _text_edit(node, self.in_formula(node.text, ""))
        return xml_spans.splice(data, edits)

    def in_pivot_cache(self, data: bytes) -> bytes:
        """Return a pivot cache whose source is the block with the source stretched; Excel reads it on refresh."""
        edits: list[tuple[int, int, bytes]] = []
        for node in xml_spans.parse(data).find("worksheetSource"):
            if self._ours(node.attributes.get("sheet", "")) and "ref" in node.attributes:
                edits += self._attribute_edits(data, node)
        return xml_spans.splice(data, edits)


_REFERENCES = {
    "sqref": ("conditionalFormatting", "dataValidation", "ignoredError", "protectedRange"),
    "ref": ("autoFilter", "sortState", "sortCondition", "table", "worksheetSource"),
}


def _text_edit(node: Node, new: str) -> list[tuple[int, int, bytes]]:
    return [] if new == node.text else [(node.inner, node.inner_end, xml_spans.escape(new))]
