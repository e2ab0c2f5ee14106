"""Shared tables on their sheets: read as they stand, written so that what is a person's stays."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from opsbook.book.formats import style
from opsbook.book.model import Error, Scalar
from opsbook.book.words import verdict
from opsbook.domain.language import Language
from opsbook.plan.row_merge import Agreed, Content, Line, LineState, Settled, Standing
from opsbook.plan.table_declarations import CellKind, SharedTable, TableColumn, Writer

if TYPE_CHECKING:
    from opsbook.book.cells import BlockGrid, Sheets

_NUMBERS = {CellKind.NUMBER: "exact", CellKind.PERCENT: "pct1", CellKind.DAY: "date.left"}
HIDDEN = "under.hidden.wrap"  # wrapped, a long text does not run on over the page
OFFERED = "key\n"  # heading of the hidden column of keys; a heading is known by its first line


def standing(table: SharedTable, rows: Sequence[Sequence[Scalar]]) -> Standing:
    """Return a table as it stands.

    Columns are found by their headings where their number is not ours: people may have added some between.

    Args:
        table: What it should hold.
        rows: All cells under the table's name, headings included.
    """
    if not rows:
        return Standing()
    places = _places(table, rows[0])
    if places is None:
        return Standing()
    *columns, mark, key = places
    lines = tuple(
        Line(
            key=_text(row[key]),
            cells={
                column.id: _content(row[place]) for column, place in zip(table.columns, columns, strict=True)
            },
            mark=_text(row[mark]),
        )
        for row in rows[1:]
    )
    return Standing(lines, frozenset(_text(rows[0][key]).partition("\n")[2].split()))


def _places(table: SharedTable, header: Sequence[Scalar]) -> list[int] | None:
    """Return where each of our columns stands, mark and key last; None when that cannot be told."""
    if len(header) == table.width:
        return list(range(table.width))
    texts = [_text(cell) for cell in header]
    for language in ("zh", "en"):
        headings = table.headings("zh" if language == "zh" else "en")
        if all(texts.count(heading) == 1 for heading in headings) and texts[-1].startswith("key"):
            return [*(texts.index(heading) for heading in headings), len(texts) - 2, len(texts) - 1]
    return None


def _text(cell: Scalar) -> str:
    return "" if cell is None or isinstance(cell, Error) else str(cell).strip()


def _content(cell: Scalar) -> Content:
    return None if isinstance(cell, Error) else cell


def write(
    sheets: Sheets,
    table: SharedTable,
    agreed: Agreed,
    language: Language,
    live: Mapping[str, Mapping[str, Scalar]],
) -> BlockGrid:
    """Put a shared table into the plan.

    Args:
        sheets: Takes the block.
        table: Its columns.
        agreed: Its lines, as `settle` gives them.
        language: Of the headings.
        live: Content of Refresh's own columns, by key of the line and by column; of a column of judgement the key of
            its word. A cell may be replaced by a formula afterwards, with `BlockGrid.derive`.

    Returns:
        The block; line ``n`` of ``agreed.lines`` is its row ``n + 1``.
    """
    grid = sheets.grid(table.block, 1 + len(agreed.lines), table.width, shared=True)
    for at, column in enumerate(table.columns):
        grid.put(0, at, column.title[language], _heading(column, language))
    grid.put(0, table.width - 1, OFFERED + " ".join(sorted(agreed.offered)), HIDDEN)
    for row, line in enumerate(agreed.lines, start=1):
        of_refresh = live.get(line.key, {}) if line.state is not LineState.FREE else {}
        for at, column in enumerate(table.columns):
            look = style_of(column)
            if column.writer is Writer.REFRESH:
                value = _shown(of_refresh.get(column.id))
                if column.look == "verdict" and isinstance(value, str):
                    value = verdict(value, language)
                grid.put(row, at, value, look)
            elif column.id in line.written:
                grid.put(row, at, line.cells.get(column.id), look)
            else:
                grid.keep(row, at, line.cells.get(column.id), look)
        grid.put(row, table.width - 2, line.mark or None, HIDDEN)
        grid.put(row, table.width - 1, line.key or None, HIDDEN)
    return grid


def _heading(column: TableColumn, language: Language) -> str:
    """Return the style of a column's heading, which stands where its cells' content begins."""
    look = style(style_of(column), language)
    return "headnum" if look.align == "right" else "headnote" if look.indent else "head"


def table_state(line: Settled) -> str:
    """Return what is to be said of a line, a key of `opsbook.book.words.verdict`; empty where Refresh's words stand."""
    if line.state is LineState.OWN:
        return "own"
    if line.state is LineState.GONE:
        return "gone"
    if line.stale:
        return "stale"
    return "kept" if line.changed else ""


def _shown(value: Scalar) -> Scalar:
    """Return a figure for a cell; an undefined one leaves it empty, for the line's note tells why."""
    return None if isinstance(value, float) and math.isnan(value) else value


def style_of(column: TableColumn) -> str:
    """Return the style of a column's cells."""
    if column.writer is Writer.PEOPLE:
        base = "ops_input"
    elif column.writer is Writer.SUGGESTED:
        base = "suggestnum" if column.kind in _NUMBERS else "suggest"
    else:
        base = "value" if column.kind in _NUMBERS else "text"
    if column.look:
        return column.look if column.writer is Writer.REFRESH else f"{base}.{column.look}"
    return f"{base}.{_NUMBERS[column.kind]}" if column.kind in _NUMBERS else base
