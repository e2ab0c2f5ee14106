"""The charts that lie over a sheet: where each one is, and one more put there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opsbook.backends.ooxml import xml_spans
from opsbook.backends.ooxml.package_parts import relations_of
from opsbook.backends.ooxml.xml_spans import Node
from opsbook.book.address import Place

if TYPE_CHECKING:
    from opsbook.backends.ooxml.package_session import Session

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = "application/vnd.openxmlformats-officedocument.drawing+xml"
_RELATION_PARTS = "application/vnd.openxmlformats-package.relationships+xml"
_NO_RELATIONS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)
_EMPTY = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    b'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"></xdr:wsDr>'
)
# What comes before the element in the schema's order is everything but these.
_BEHIND = (
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
)


@dataclass(frozen=True)
class ChartFrame:
    """A chart on a sheet.

    Attributes:
        name: Of the drawing object.
        place: Cells that it lies over.
        drawing: Part of the drawing.
        chart: Part of the chart.
        anchor: The anchor's bytes.
    """

    name: str
    place: Place
    drawing: str
    chart: str
    anchor: bytes


def frames(session: Session, title: str) -> list[ChartFrame]:
    """Return the charts of a sheet that are anchored to two cells, in their order."""
    parts, found = session.parts, []
    for drawing in parts.related(session.part(title), "drawing"):
        targets = {each.id: each.target for each in parts.relationships(drawing)}
        data = parts.read(drawing)
        for anchor in xml_spans.parse(data).children:
            if anchor.name != "twoCellAnchor":
                continue
            name = next((node.attributes.get("name", "") for node in anchor.find("cNvPr")), "")
            chart = next((node for node in anchor.find("chart")), None)
            ids = [value for key, value in chart.attributes.items() if key.endswith(" id")] if chart else []
            ends = [_cell(node) for node in anchor.children if node.name in ("from", "to")]
            if ids and ids[0] in targets and len(ends) == 2:
                place = _covered(title, *ends)
                found.append(
                    ChartFrame(name, place, drawing, targets[ids[0]], data[anchor.start : anchor.end])
                )
    return found


def _cell(node: Node) -> tuple[int, int, int, int]:
    found = {child.name: int(child.text) for child in node.children}
    return found["row"], found["col"], found.get("rowOff", 0), found.get("colOff", 0)


def _covered(title: str, start: tuple[int, int, int, int], end: tuple[int, int, int, int]) -> Place:
    """Return the cells under an object: it does not lie over those at whose very edge it ends."""
    last_row = end[0] if end[2] > 0 else end[0] - 1
    last_column = end[1] if end[3] > 0 else end[1] - 1
    return Place(
        title, start[0], start[1], max(1, last_row - start[0] + 1), max(1, last_column - start[1] + 1)
    )


def moved(anchor: bytes, down: int, right: int) -> bytes:
    """Return an anchor some rows and columns further on."""
    root = xml_spans.parse(_whole(anchor))
    shift = len(_HEAD)
    edits = []
    for end in root.children[0].children:
        if end.name in ("from", "to"):
            for child in end.children:
                step = {"row": down, "col": right}.get(child.name, 0)
                if step:
                    new = str(int(child.text) + step).encode()
                    edits.append((child.inner - shift, child.inner_end - shift, new))
    return xml_spans.splice(anchor, edits)


_HEAD = (
    b'<x xmlns:xdr="xdr" xmlns:a="a" xmlns:r="r" xmlns:c="c" xmlns:mc="mc" xmlns:a14="a14" xmlns:a16="a16">'
)


def _whole(anchor: bytes) -> bytes:
    return _HEAD + anchor + b"</x>"


def put(session: Session, title: str, anchor: bytes, chart: str) -> None:
    """Lay a chart over a sheet, on top of what is there.

    Args:
        session: The workbook.
        title: Of the sheet.
        anchor: As XlsxWriter writes it, already at its place.
        chart: Part of the chart.
    """
    parts = session.parts
    part = session.part(title)
    found = parts.related(part, "drawing")
    drawing = found[0] if found else _new_drawing(session, title)
    with_relations(session, drawing)
    relation = parts.relate(drawing, f"{RELATIONS}/chart", chart)
    data = parts.read(drawing)
    root = xml_spans.parse(data)
    used = [int(text) for node in root.find("cNvPr") if (text := node.attributes.get("id", "")).isdecimal()]
    edits = []
    shift = len(_HEAD)
    for node in xml_spans.parse(_whole(anchor)).walk():
        tag = anchor[node.start - shift : node.inner - shift] if node.name in ("cNvPr", "chart") else b""
        if node.name == "cNvPr":
            tag = xml_spans.with_attribute(tag, "id", str(max(used, default=1) + 1))
        elif node.name == "chart":
            tag = xml_spans.with_attribute(tag, "r:id", relation)
        if tag:
            edits.append((node.start - shift, node.inner - shift, tag))
    lines = _declared(data, root, xml_spans.splice(anchor, edits))
    parts.write(drawing, xml_spans.splice(data, [(root.inner_end, root.inner_end, lines)]))


def _declared(data: bytes, root: Node, anchor: bytes) -> bytes:
    """Return an anchor that says what its prefixes mean: a drawing of another program may spell them otherwise."""
    cut = len(b"<xdr:twoCellAnchor")
    opening = data[root.start : root.inner]
    for name, uri in (
        (b"a", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
        (b"xdr", b"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"),
    ):
        said = b'xmlns:%b="%b"' % (name, uri)
        if said not in opening:
            anchor = anchor[:cut] + b" " + said + anchor[cut:]
    return anchor


def replace_anchor(session: Session, frame: ChartFrame, anchor: bytes) -> None:
    """Put an anchor in the place of the one that a chart has."""
    data = session.parts.read(frame.drawing)
    session.parts.write(frame.drawing, data.replace(frame.anchor, anchor, 1))


def drop(session: Session, frame: ChartFrame) -> None:
    """Take a chart away."""
    replace_anchor(session, frame, b"")
    for relation in session.parts.relationships(frame.chart):
        session.parts.drop(relation.target, frame.chart)
    session.parts.drop(frame.chart, frame.drawing)
    if source := session.parts.find(relations_of(frame.chart)):
        session.parts.dropped.add(source)


def with_relations(session: Session, part: str) -> None:
    """Make sure that a part has a list of relationships."""
    if session.parts.find(relations_of(part)) is None:
        session.parts.add(relations_of(part), _NO_RELATIONS, _RELATION_PARTS)


def _new_drawing(session: Session, title: str) -> str:
    parts, part = session.parts, session.part(title)
    drawing = parts.free("xl/drawings/drawing1.xml")
    parts.add(drawing, _EMPTY, _DRAWING)
    with_relations(session, part)
    relation = parts.relate(part, f"{RELATIONS}/drawing", drawing)
    sheet = session.sheet(title)
    root = xml_spans.parse(sheet.frame)
    prefix = xml_spans.prefix(sheet.frame, root)
    at = min((node.start for node in root.children if node.name in _BEHIND), default=root.inner_end)
    element = b'<%bdrawing xmlns:r="%b" r:id="%b"/>' % (prefix, RELATIONS.encode(), relation.encode())
    sheet.set_frame(xml_spans.splice(sheet.frame, [(at, at, element)]))
    return drawing
