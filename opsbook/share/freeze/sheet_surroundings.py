"""All of a sheet in the copy besides its cells: rules, tables, drawings, charts, comments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from opsbook.backends.ooxml import chart_caches as caches
from opsbook.backends.ooxml import xml_spans
from opsbook.book.address import Place
from opsbook.share.freeze import copied_charts, copied_drawings, copied_parts, sheet_frame

if TYPE_CHECKING:
    from opsbook.backends.ooxml.package_session import Session
    from opsbook.backends.ooxml.workbook_part import SheetEntry
    from opsbook.share.freeze.formula_dependencies import Reach

_QUERY = ("tableType", "connectionId", "queryTableFieldId")  # what ties a table to a query


def settle(
    session: Session, entry: SheetEntry, reach: Reach, unwanted: set[str], cut: Counter[tuple[str, str]]
) -> None:
    """Cut what leads nowhere from a sheet, its tables and drawings; what its charts read elsewhere stays in them.

    Args:
        session: The workbook.
        entry: The sheet.
        reach: What the copy has.
        unwanted: Parts that are not in the copy; charts that cannot hold their points are added.
        cut: How many of what went, by kind and sheet.
    """
    content = session.parts

    def count(kind: str, number: int) -> None:
        if number:
            cut[kind, entry.title] += number

    alive = copied_parts.living(content, entry.part, unwanted)
    if entry.worksheet:
        sheet = session.sheet(entry.title)
        data, found = sheet_frame.trimmed(sheet.frame, reach, alive)
        sheet.set_frame(data)
    else:
        data, found = sheet_frame.trimmed(content.read(entry.part), reach, alive)
        content.write(entry.part, data)
    for kind, number in found.items():
        count(kind, number)
    count("pivotTable", len(content.related(entry.part, "pivotTable")))
    for table in content.related(entry.part, "table"):
        data, _ = sheet_frame.trimmed(
            content.read(table), reach, copied_parts.living(content, table, unwanted)
        )
        content.write(table, _untied(data))
    for notes in content.related(entry.part, "vmlDrawing"):
        data, number = copied_drawings.notes_only(content.read(notes))
        content.write(notes, data)
        count("object", number)
    for drawing in content.related(entry.part, "drawing"):
        _drawing(session, drawing, reach, unwanted, count)


def _untied(table: bytes) -> bytes:
    """Return a table that is no longer the result of a query."""
    edits = []
    for node in xml_spans.parse(table).walk():
        tag = table[node.start : node.inner]
        if any(name in node.attributes for name in _QUERY):
            for name in _QUERY:
                tag = xml_spans.with_attribute(tag, name, None)
            edits.append((node.start, node.inner, tag))
    return xml_spans.splice(table, edits)


def _drawing(
    session: Session, drawing: str, reach: Reach, unwanted: set[str], count: Callable[[str, int], None]
) -> None:
    content = session.parts
    for chart in content.related(drawing, "chart"):
        data, number = copied_charts.literal(_with_points(session, content.read(chart), reach), reach)
        content.write(chart, data)
        count("chart", number)
        for shapes in content.related(chart, "chartUserShapes"):
            _drawing(session, shapes, reach, unwanted, count)
    unwanted |= {
        each
        for each in content.related(drawing, "chartEx")
        if copied_charts.lost_references(content.read(each), reach)
    }
    data, number = copied_drawings.trimmed(
        content.read(drawing), reach, copied_parts.living(content, drawing, unwanted)
    )
    content.write(drawing, data)
    count("object", number)


def _with_points(session: Session, chart: bytes, reach: Reach) -> bytes:
    """Return a chart that holds the points of all cells that the copy lacks."""

    def concerns(place: Place) -> bool:
        return reach.named(f"{place.sheet}!") and bool(session.part(place.sheet))

    return caches.refreshed(chart, concerns, session.drawn)
