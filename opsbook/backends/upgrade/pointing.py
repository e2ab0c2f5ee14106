"""Whether anything of the user's reads cells that are to go."""

from __future__ import annotations

from opsbook.backends.ooxml import cell_formulas, drawings, xml_spans
from opsbook.backends.ooxml import package_parts as kinds
from opsbook.backends.ooxml.block_resizing import may_name
from opsbook.backends.ooxml.package_session import OURS, Session
from opsbook.backends.ooxml.shifting import rewritten
from opsbook.book.address import Place


def points_at(session: Session, place: Place) -> bool:
    """Whether a formula outside of our blocks, a name or a chart of the user's reads cells.

    Args:
        session: The workbook.
        place: The cells.
    """
    names = (each.text for each in session.book.names if not each.name.startswith((OURS, "_xlnm.")))
    if any(_reads(text, "", place) for text in names):
        return True
    for entry in session.book.sheets:
        own = entry.title == place.sheet
        if not entry.worksheet or not (own or may_name(session.parts.read(entry.part), place.sheet)):
            continue
        sheet, ours = session.sheet(entry.title), session.blocks(entry.title)
        for number, row in sheet.rows_with(b"<" + sheet.speech.prefix + b"f"):
            for column, mark in row.cells.items():
                if not mark.formula or any(block.holds(number, column) for block in ours):
                    continue
                if _reads(cell_formulas.text_at(sheet, number, column, mark), entry.title, place):
                    return True
    ours_charts = {
        frame.chart
        for entry in session.book.sheets
        if entry.worksheet
        for frame in drawings.frames(session, entry.title)
        if is_ours(frame.name)
    }
    foreign = (
        session.parts.read(part) for part in session.parts.of_type(kinds.CHART) if part not in ours_charts
    )
    return any(
        node.text and _reads(node.text, "", place)
        for data in foreign
        if may_name(data, place.sheet)
        for node in xml_spans.parse(data).find("f")
    )


def is_ours(name: str) -> bool:
    """Whether a chart has a name as the template gives them: the id of its sheet and what it shows."""
    from opsbook.book.layout import SHEETS

    return name.startswith(tuple(f"{sheet.id}_" for sheet in SHEETS))


def _reads(text: str, sheet: str, place: Place) -> bool:
    found: list[bool] = []

    def look(other: Place) -> Place:
        if other.sheet.casefold() == place.sheet.casefold() and other.meets(place):
            found.append(True)
        return other

    rewritten(text, sheet, look)
    return bool(found)
