"""A growing block made longer or shorter in an opened package."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from opsbook.backends.ooxml import cell_formulas, list_objects
from opsbook.backends.ooxml import package_parts as kinds
from opsbook.backends.ooxml.package_session import OURS, Session
from opsbook.backends.ooxml.range_shifts import BlockGrowth
from opsbook.book import address
from opsbook.book.address import Place


def obstacle(session: Session, block: Place, rows: int) -> Place | None:
    """Return what of the user's stands where rows come or go, or None."""
    last = block.row + max(rows, block.rows) - 1
    if last > address.LAST_ROW:
        return replace(block, row=address.LAST_ROW, rows=1)
    first = block.row + min(rows, block.rows)
    if first > last:
        return None
    span = replace(block, row=first, rows=last - first + 1)
    for place in session.arrays(block.sheet):
        if place.meets(span):
            return replace(place, sheet=block.sheet)
    for table in list_objects.tables_of(session.parts, session.part(block.sheet)):
        ends_with_block = table.place.row >= block.row and table.place.last_row == block.last_row
        within = table.place.column >= block.column and table.place.last_column <= block.last_column
        stands_in_way = table.place.meets(span) and not (ends_with_block and within)
        if stands_in_way or (table.totals and table.place.meets(block)):
            return replace(table.place, sheet=block.sheet)
    return _below(session, block, span) if rows > block.rows else None


def _below(session: Session, block: Place, span: Place) -> Place | None:
    """Return what is found in the rows that a block is to grow into."""
    sheet = session.sheet(block.sheet)
    for node in sheet.frame_root.find("mergeCell"):
        merged = address.parse(node.attributes.get("ref", ""))
        if merged and merged.meets(span):
            return replace(merged, sheet=block.sheet)
    for other in session.blocks(block.sheet):
        if other != block and other.meets(span):
            return other
    for number, row in sheet.rows_between(span.row, span.last_row):
        for column, mark in row.cells.items():
            if span.holds(number, column) and not mark.empty:
                return Place(block.sheet, number, column)
    return None


def resize(session: Session, name: str, block: Place, rows: int, columns: Iterable[int]) -> None:
    """Give a block its new number of rows; `obstacle` said that nothing is in the way."""
    sheet = session.sheet(block.sheet)
    own = list(columns)
    for row in range(block.row + rows, block.last_row + 1):
        for column in own:
            if not session.protected(block.sheet, row, column):
                cell_formulas.write(sheet, row, column, None, "")
    styles = {
        column: sheet.style(block.last_row, column) for column in range(block.column, block.last_column + 1)
    }
    for row in range(block.last_row + 1, block.row + rows):
        sheet.set_row_height_like(row, block.last_row)
        for column, style in styles.items():
            if sheet.style(row, column) != style:
                mark = sheet.own_mark(row, column)
                mark.attributes["s"] = str(style)
                mark.raw = b""
    _follow(session, name, BlockGrowth(block, rows))


def _follow(session: Session, name: str, growth: BlockGrowth) -> None:
    """Stretch what refers to the block."""
    parts = session.parts
    block = replace(growth.block, rows=growth.rows)
    for each in session.book.names:
        if each.scope is None and each.name.casefold() == name.casefold():
            each.text = address.spell(block, absolute=True, colon=True)
        elif not each.name.casefold().startswith(OURS):
            each.text = growth.in_name(each.name, each.text)
    for entry in session.book.sheets:
        if entry.worksheet and (entry.title == block.sheet or may_name(parts.read(entry.part), block.sheet)):
            sheet = session.sheet(entry.title)
            sheet.set_frame(growth.in_worksheet(sheet.frame, entry.title))
    for table in list_objects.tables_of(parts, session.part(block.sheet)):
        parts.write(table.part, growth.in_table(parts.read(table.part)))
    for part in parts.of_type(kinds.CHART):
        old = parts.read(part)
        if may_name(old, block.sheet) and (new := growth.in_chart(old)) != old:
            parts.write(part, new)
            session.stretched.add(part)
    for part in parts.of_type(kinds.PIVOT_CACHE):
        parts.write(part, growth.in_pivot_cache(parts.read(part)))


def may_name(data: bytes, title: str) -> bool:
    """Whether a worksheet or chart may refer to the sheet ``title``: a quick look that spares most the slow one."""
    if not title.isalnum() or title.casefold() != title or b"&#" in data:  # spelled in more than one way
        return True
    return title.encode() in data
