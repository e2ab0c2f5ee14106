"""Lines inserted into a sheet of an opened package or deleted from it: everything that refers to its cells follows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from opsbook.backends.ooxml import cell_formulas, list_objects, xml_spans
from opsbook.backends.ooxml import package_parts as kinds
from opsbook.backends.ooxml.block_resizing import may_name
from opsbook.backends.ooxml.package_session import Session
from opsbook.backends.ooxml.shifting import COLUMNS, ROWS, Shift
from opsbook.backends.ooxml.xml_spans import Node
from opsbook.book import address
from opsbook.book.address import Place

Edit = tuple[int, int, bytes]
_FORMULAS = ("formula", "formula1", "formula2", "f")  # of formats, validations and sparklines
_REFERENCES = {
    "sqref": ("conditionalFormatting", "dataValidation", "ignoredError", "protectedRange"),
    "ref": (
        "autoFilter",
        "sortState",
        "sortCondition",
        "table",
        "mergeCell",
        "hyperlink",
        "comment",
        "location",
    ),
    "r": ("inputCells", "cellWatch"),
}
_GO_WITH_CELLS = (
    "mergeCell",
    "hyperlink",
    "conditionalFormatting",
    "dataValidation",
    "ignoredError",
    "protectedRange",
)
_CHART_EX = "application/vnd.ms-office.chartex+xml"
_PIVOT_TABLE = "application/vnd.openxmlformats-officedocument.spreadsheetml.pivotTable+xml"
_ANCHOR = re.compile(rb"(<x:Anchor>)([^<]*)(</x:Anchor>)")
_NOTE_CELL = re.compile(rb"(<x:(Row|Column)>)\s*([0-9]+)\s*(</x:(?:Row|Column)>)")


def obstacle(session: Session, shift: Shift) -> Place | None:
    """Return what of the user's the change would cut, or None."""
    title = shift.sheet
    found = [*session.arrays(title), *_pivots(session, title)]
    if shift.strip:
        found += [each.place for each in list_objects.tables_of(session.parts, session.part(title))]
        found += _merged(session, title)
    for place in found:
        if _cut(shift, place):
            return replace(place, sheet=title)
    return None


def _cut(shift: Shift, place: Place) -> bool:
    """Whether a rectangle that is one thing would change its form."""
    new = shift.pieces(replace(place, sheet=shift.sheet))
    return len(new) != 1 or (new[0].rows, new[0].columns) != (place.rows, place.columns)


def _merged(session: Session, title: str) -> Iterator[Place]:
    for node in session.sheet(title).frame_root.find("mergeCell"):
        if place := address.parse(node.attributes.get("ref", "")):
            yield place


def _pivots(session: Session, title: str) -> Iterator[Place]:
    for part in session.parts.related(session.part(title), "pivotTable"):
        for node in xml_spans.parse(session.parts.read(part)).find("location"):
            if place := address.parse(node.attributes.get("ref", "")):
                yield place


def apply(session: Session, shift: Shift) -> None:
    """Insert or delete; `obstacle` found nothing that would be cut."""
    _sheets(session, shift)
    for each in session.book.names:
        each.text = shift.formula(each.text, "")
    _own_parts(session, shift)
    _foreign_parts(session, shift)


def _sheets(session: Session, shift: Shift) -> None:
    for entry in session.book.sheets:
        if not entry.worksheet:
            continue
        own = shift.concerns(entry.title)
        if not own and not may_name(session.parts.read(entry.part), shift.sheet):
            continue
        sheet = session.sheet(entry.title)
        for number, row in list(sheet.rows_with(b"<" + sheet.speech.prefix + b"f")):
            for column, mark in list(row.cells.items()):
                if mark.formula:
                    cell_formulas.follow(sheet, number, column, shift, entry.title, own=own)
        sheet.set_frame(_frame(sheet.frame, shift, entry.title, own=own))
        if own:
            changed = {new for at in sheet.changed if (new := shift.cell(*at))}
            data = sheet.rearranged(shift.cell, _row_of(shift))
            session.replace_sheet(entry.title, data, changed)


def _row_of(shift: Shift) -> Callable[[int], int | None]:
    """Return where a row with its height goes: a strip leaves rows where they are."""
    return shift.line if shift.axis == ROWS and not shift.strip else lambda number: number


def _frame(frame: bytes, shift: Shift, title: str, *, own: bool) -> bytes:
    """Return a worksheet, its rows left out, with its references as they must be."""
    root = xml_spans.parse(frame)
    edits: list[Edit] = []
    gone: list[Node] = []
    for node in root.walk():
        if any(each.start <= node.start < each.end for each in gone):
            continue
        if node.name in _FORMULAS and node.text:
            edits += _text(node, shift.formula(node.text, title))
        if not own:
            continue
        if node.name == "sqref" and node.text:
            edits += _text(node, shift.references(node.text))
        new = _attributes(frame, node, shift)
        if new is None:
            gone.append(node)
            edits = [each for each in edits if not node.start <= each[0] < node.end]
            edits.append((node.start, node.end, b""))
        else:
            edits += new
        if node.name == "brk" and not shift.strip:
            edits += _break(frame, node, shift, root)
        elif node.name == "col" and shift.axis == COLUMNS and not shift.strip:
            edits += _column(frame, node, shift)
        elif node.name in ("from", "to"):  # of controls
            edits += list(_corner(node, shift))
    return _without_empty(xml_spans.splice(frame, edits))


def _attributes(data: bytes, node: Node, shift: Shift) -> list[Edit] | None:
    """Return the edits of the references in an element's attributes; None when all that it is about is gone."""
    tag = changed = data[node.start : node.inner]
    for name, parents in _REFERENCES.items():
        if node.name in parents and (old := node.attributes.get(name)):
            new = shift.references(old)
            if not new:
                if node.name in _GO_WITH_CELLS:
                    return None
                continue
            if new != old:
                changed = xml_spans.with_attribute(changed, name, new)
    return [] if changed == tag else [(node.start, node.inner, changed)]


def _break(data: bytes, node: Node, shift: Shift, root: Node) -> Iterator[Edit]:
    listing = next(each for each in root.walk() if node in each.children)
    if listing.name != ("rowBreaks" if shift.axis == ROWS else "colBreaks"):
        return
    old = int(node.attributes.get("id", "0"))
    new = shift.line(old)
    if new is not None and new != old:
        yield node.start, node.inner, xml_spans.with_attribute(data[node.start : node.inner], "id", str(new))


def _column(data: bytes, node: Node, shift: Shift) -> Iterator[Edit]:
    """Yield the edit of a run of columns of one width: columns that come inside of it are as wide."""
    first, last = int(node.attributes["min"]) - 1, int(node.attributes["max"]) - 1
    span = shift.place(Place(shift.sheet, 0, first, 1, last - first + 1))
    if span is None:
        yield node.start, node.end, b""
    else:
        tag = xml_spans.with_attribute(data[node.start : node.inner], "min", str(span.column + 1))
        yield node.start, node.inner, xml_spans.with_attribute(tag, "max", str(span.last_column + 1))


def _without_empty(frame: bytes) -> bytes:
    """Return a worksheet without lists that have become empty, and with counts that are right."""
    root = xml_spans.parse(frame)
    edits: list[Edit] = []
    for node in root.children:
        if node.name not in (
            "mergeCells",
            "hyperlinks",
            "dataValidations",
            "ignoredErrors",
            "protectedRanges",
            "cols",
        ):
            continue
        if not node.children:
            edits.append((node.start, node.end, b""))
        elif node.attributes.get("count") not in (None, str(len(node.children))):
            tag = frame[node.start : node.inner]
            edits.append(
                (node.start, node.inner, xml_spans.with_attribute(tag, "count", str(len(node.children))))
            )
    return xml_spans.splice(frame, edits)


def _text(node: Node, new: str) -> list[Edit]:
    return [] if new == node.text else [(node.inner, node.inner_end, xml_spans.escape(new))]


def _own_parts(session: Session, shift: Shift) -> None:
    """Let what hangs on the sheet itself follow: tables, notes, drawings, pivot tables."""
    parts, part = session.parts, session.part(shift.sheet)
    for relation in parts.relationships(part):
        kind = relation.kind.rpartition("/")[2]
        data = parts.read(relation.target) if kind in _OWN else b""
        if kind in ("table", "comments", "threadedComment", "pivotTable"):
            parts.write(relation.target, _listed(data, shift))
        elif kind == "drawing":
            parts.write(relation.target, _anchored(data, shift))
        elif kind == "vmlDrawing":
            parts.write(relation.target, _legacy(data, shift))


_OWN = ("table", "comments", "threadedComment", "pivotTable", "drawing", "vmlDrawing")


def _listed(data: bytes, shift: Shift) -> bytes:
    edits: list[Edit] = []
    for node in xml_spans.parse(data).walk():
        edits += _attributes(data, node, shift) or []
        if (
            node.name == "threadedComment"
            and (old := node.attributes.get("ref"))
            and (new := shift.references(old))
        ):
            tag = data[node.start : node.inner]
            edits.append((node.start, node.inner, xml_spans.with_attribute(tag, "ref", new)))
        elif node.name == "calculatedColumnFormula" and node.text:
            edits += _text(node, shift.formula(node.text, shift.sheet))
    return xml_spans.splice(data, edits)


def _anchored(data: bytes, shift: Shift) -> bytes:
    """Return a drawing whose objects move with their cells, as each one is set to."""
    edits: list[Edit] = []
    for anchor in xml_spans.parse(data).children:
        ends = [node for node in anchor.children if node.name in ("from", "to")]
        if anchor.name == "absoluteAnchor" or anchor.attributes.get("editAs") == "absolute" or not ends:
            continue
        if anchor.name == "twoCellAnchor" and anchor.attributes.get("editAs") == "oneCell":
            edits += _together(ends, shift)
        else:
            for node in ends:
                edits += list(_corner(node, shift))
    return xml_spans.splice(data, edits)


def _together(ends: list[Node], shift: Shift) -> Iterator[Edit]:
    """Yield the edits of an object that moves with its first cell and keeps its size."""
    first = _cell_of(ends[0])
    new = _following(shift, *first)
    for node in ends:
        row, column = _cell_of(node)
        yield from _moved_corner(node, row + new[0] - first[0], column + new[1] - first[1])


def _corner(node: Node, shift: Shift) -> Iterator[Edit]:
    yield from _moved_corner(node, *_following(shift, *_cell_of(node)))


def _cell_of(node: Node) -> tuple[int, int]:
    found = {child.name: int(child.text) for child in node.children if child.name in ("row", "col")}
    return found.get("row", 0), found.get("col", 0)


def _moved_corner(node: Node, row: int, column: int) -> Iterator[Edit]:
    for child in node.children:
        new = {"row": row, "col": column}.get(child.name)
        if new is not None and str(new) != child.text.strip():
            yield child.inner, child.inner_end, str(new).encode()


def _following(shift: Shift, row: int, column: int) -> tuple[int, int]:
    """Return the cell that an object hangs on afterwards; of cells that go, the first behind them."""
    if shift.strip:
        return row, column  # objects lie over several columns
    new = shift.cell(row, column)
    if new:
        return new
    return (shift.at, column) if shift.axis == ROWS else (row, shift.at)


def _legacy(data: bytes, shift: Shift) -> bytes:
    """Return a VML drawing (notes, buttons) whose shapes move with their cells."""
    if shift.strip:
        return data

    def anchor(match: re.Match[bytes]) -> bytes:
        numbers = [int(each) for each in match[2].split(b",")]
        if len(numbers) != 8:
            return match[0]
        row, column = _following(shift, numbers[2], numbers[0])
        down, right = row - numbers[2], column - numbers[0]
        moved = [each + (right, 0, down, 0)[at % 4] for at, each in enumerate(numbers)]
        return match[1] + b", ".join(b"%d" % each for each in moved) + match[3]

    def note(match: re.Match[bytes]) -> bytes:
        old = int(match[3])
        wanted = b"Row" if shift.axis == ROWS else b"Column"
        new = shift.line(old) if match[2] == wanted else old
        return match[0] if new is None else match[1] + b"%d" % new + match[4]

    return _NOTE_CELL.sub(note, _ANCHOR.sub(anchor, data))


def _foreign_parts(session: Session, shift: Shift) -> None:
    """Let charts and pivot caches follow, wherever they are."""
    parts = session.parts
    for part in (*parts.of_type(kinds.CHART), *parts.of_type(_CHART_EX)):
        data = parts.read(part)
        if not may_name(data, shift.sheet):
            continue
        edits = [
            edit
            for node in xml_spans.parse(data).find("f")
            if node.text
            for edit in _text(node, shift.formula(node.text, ""))
        ]
        if edits:
            parts.write(part, xml_spans.splice(data, edits))
            session.stretched.add(part)
    for part in parts.of_type(kinds.PIVOT_CACHE):
        data = parts.read(part)
        edits = []
        for node in xml_spans.parse(data).find("worksheetSource"):
            if shift.concerns(node.attributes.get("sheet", "")) and (old := node.attributes.get("ref")):
                tag = xml_spans.with_attribute(
                    data[node.start : node.inner], "ref", shift.references(old) or old
                )
                edits.append((node.start, node.inner, tag))
        parts.write(part, xml_spans.splice(data, edits))
