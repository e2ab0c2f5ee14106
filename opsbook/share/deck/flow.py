"""Where the parts of a slide stand: columns beside each other, parts below each other, text measured before it is set.

All lengths are points. Nothing is clipped: rows of a table and lines of a list that find no room are left out, and a
table says how many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from opsbook.book.page import WIDE
from opsbook.share.deck.slide_model import Part, SlideCell, SlideChart, SlideColumn, SlideLines, SlideTable

LINE = 1.32  # height of a line, in sizes of its font; set exactly, so that every program gives the same
PAD_X, PAD_Y = 4.0, 2.5  # inside a cell
# Widths of Latin letters in sizes of their font, and how much wider bold ones are: of the widest font that a program
# may put in place of a missing one, for what is measured too wide is never clipped.
_THIN, _WIDE_LETTERS = frozenset("ijl.,:;'|!()[] "), frozenset("mwMW@%&")
_THIN_WIDTH, _SMALL_WIDTH, _LARGE_WIDTH, _WIDEST = 0.37, 0.61, 0.67, 0.98
_BOLD = 1.13
_APART = 0.2  # what some programs put between Chinese and Latin letters, in sizes of the font
_LEAST_CHART = 7.5  # height of a chart, in sizes of its font
_TOLERANCE = 0.5
_SMALLER = 0.86  # of the text of a table that must be shown whole
_GAP = 10.0  # between parts
_GUTTER = 22.0  # between columns
_AIR = 1.0  # what a row may be higher than its text where there is room, in sizes of the font
_AIRY = 2.4  # the same of a matrix, whose cells are places
_LEAST_TEXT = 40.0  # a column of text is never narrower


@dataclass(frozen=True)
class Box:
    """A rectangle in points."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Placed:
    """A part with its place.

    Attributes:
        part: With the rows that find room.
        box: Below its title.
        title: Box of its title; None where it has none.
        widths: Of the columns of a table.
        heights: Of the rows of a table, the heading first.
        more: Sentence about the rows without room, and its box.
        size: Of the text, where it is not that of the slide; 0 where it is.
    """

    part: Part
    box: Box
    title: Box | None = None
    widths: tuple[float, ...] = ()
    heights: tuple[float, ...] = ()
    more: tuple[str, Box] | None = None
    size: float = 0.0


def place(columns: Sequence[SlideColumn], body: Box, size: float) -> list[Placed]:
    """Return every part of a slide with its place.

    Args:
        columns: Of the slide.
        body: What they may fill.
        size: Of the text.
    """
    whole = sum(column.width for column in columns)
    room = body.width - _GUTTER * (len(columns) - 1)
    left, found = body.left, []
    for column in columns:
        width = room * column.width / whole
        found += _down(column.parts, Box(left, body.top, width, body.height), size)
        left += width + _GUTTER
    return found


def _down(parts: Sequence[Part], box: Box, size: float) -> list[Placed]:
    """Return the parts of a column: tables and lines take what they need, charts share the rest."""
    charts = [part for part in parts if isinstance(part, SlideChart)]
    titles = sum(_title(part, box.width, size) for part in parts)
    gaps = _GAP * (len(parts) - 1)
    needed = size * _LEAST_CHART * len(charts)
    room = box.height - titles - gaps - needed
    found: dict[int, Placed] = {}
    heights: dict[int, float] = {}
    for at, part in enumerate(parts):
        if isinstance(part, SlideChart):
            continue
        later = sum(
            size * LINE * 2 for each in parts[at + 1 :] if not isinstance(each, SlideChart)
        )  # what follows gets two lines at least
        found[at] = _fitted(part, box.width, max(room - later, 0.0), size)
        below = found[at].more
        heights[at] = found[at].box.height + (below[1].height if below else 0.0)
        room -= heights[at]
    if not charts:
        _spread(found, heights, room, size)
    shares = sum(chart.share for chart in charts)
    top, placed = box.top, []
    for at, part in enumerate(parts):
        title = None
        if tall := _title(part, box.width, size):
            title = Box(box.left, top, box.width, tall)
            top += tall
        if isinstance(part, SlideChart):
            height = max(needed + room, 1.0) * part.share / shares
            placed.append(Placed(part, Box(box.left, top, box.width, height), title))
        else:
            one = found[at]
            height = heights[at]
            more = one.more
            if more:
                more = (more[0], Box(box.left, top + one.box.height, box.width, more[1].height))
            if not isinstance(one.part, SlideLines) or one.part.lines:
                placed.append(
                    replace(one, box=replace(one.box, left=box.left, top=top), title=title, more=more)
                )
        top += height + _GAP
    return placed


def _spread(found: dict[int, Placed], heights: dict[int, float], room: float, size: float) -> None:
    """Give the rows of tables some of the room that is left, so that a short table is read as easily as a long one."""
    rows = sum(len(each.heights) for each in found.values())
    if rows == 0 or room <= 0:
        return
    airy = any(isinstance(each.part, SlideTable) and not each.part.rule for each in found.values())
    extra = min(room / rows, size * (_AIRY if airy else _AIR))
    for at, each in found.items():
        if each.heights:
            taller = tuple(height + extra for height in each.heights)
            heights[at] += extra * len(taller)
            found[at] = replace(each, heights=taller, box=replace(each.box, height=sum(taller)))


def _title(part: Part, width: float, size: float) -> float:
    return lines_of(part.title, width, size, bold=True) * size * LINE + 4 if part.title else 0.0


def _fitted(part: SlideTable | SlideLines, width: float, room: float, size: float) -> Placed:
    if isinstance(part, SlideLines):
        return _fitted_lines(part, width, room, size)
    widths = column_widths(part, width, size)
    heights = [_row(part.head, widths, size), *(_row(row, widths, size) for row in part.rows)]
    if sum(heights) > room and part.shrinks:
        smaller = size * _SMALLER
        return replace(_fitted(replace(part, shrinks=False), width, room, smaller), size=smaller)
    if sum(heights) <= room or not part.rule:
        return Placed(part, Box(0, 0, width, sum(heights)), widths=widths, heights=tuple(heights))
    line = size * LINE + 4
    kept_rows = 0
    used = heights[0] + line
    for tall in heights[1:]:
        if used + tall > room:
            break
        used += tall
        kept_rows += 1
    shown = replace(part, rows=part.rows[:kept_rows])
    sentence = part.more.format(count=len(part.rows) - kept_rows)
    return Placed(
        shown,
        Box(0, 0, width, used - line),
        widths=widths,
        heights=tuple(heights[: kept_rows + 1]),
        more=(sentence, Box(0, 0, width, line)),
    )


def _fitted_lines(part: SlideLines, width: float, room: float, size: float) -> Placed:
    kept, height = [], 0.0
    for line in part.lines:
        tall = lines_of(f"• {line}", width, size) * size * LINE + 4
        if height + tall > room:
            break
        kept.append(line)
        height += tall
    return Placed(SlideLines(part.title, tuple(kept)), Box(0, 0, width, height))


def column_widths(table: SlideTable, width: float, size: float) -> tuple[float, ...]:
    """Return the widths of the columns: numbers are never broken, text gets what is left.

    Args:
        table: Its cells, and how the columns of text share the room.
        width: Of the whole.
        size: Of the text.
    """
    if not table.rule:
        return tuple(width * share / sum(table.widths) for share in table.widths)
    columns = list(zip(table.head, *table.rows, strict=True))
    natural = [
        max((_natural(cell, size) for cell in cells if cell.span == 1 and cell.text), default=0.0)
        or table.widths[at] / sum(table.widths) * width
        for at, cells in enumerate(columns)
    ]
    fixed = {at for at, cells in enumerate(columns) if any(cell.right for cell in cells)}
    while True:
        rest = width - sum(natural[at] for at in fixed)
        shares = sum(share for at, share in enumerate(table.widths) if at not in fixed)
        short = {
            at
            for at, share in enumerate(table.widths)
            if at not in fixed and natural[at] <= rest * share / shares
        }
        if not short:
            break
        fixed |= short
    if len(fixed) == len(columns) and rest >= 0:
        whole = sum(table.widths)
        return tuple(own + rest * share / whole for own, share in zip(natural, table.widths, strict=True))
    if rest < _LEAST_TEXT * (len(columns) - len(fixed)) or len(fixed) == len(columns):
        return tuple(
            width * own / sum(natural) for own in natural
        )  # too narrow: every column gives way alike
    return tuple(
        natural[at] if at in fixed else rest * share / shares for at, share in enumerate(table.widths)
    )


def _natural(cell: SlideCell, size: float) -> float:
    """Return how wide a cell is whose lines are not broken."""
    lines = cell.text.split("\n")
    return max(width_of(line, size, bold=cell.bold) for line in lines) + 2 * PAD_X + 2


def _row(cells: Sequence[SlideCell], widths: Sequence[float], size: float) -> float:
    most = max(
        sum(
            1 if cell.span > 1 else lines_of(line, width - 2 * PAD_X, size, bold=cell.bold)
            for line in cell.text.split("\n")
        )
        for cell, width in zip(cells, widths, strict=True)
    )
    return most * size * LINE + 2 * PAD_Y


def lines_of(text: str, width: float, size: float, *, bold: bool = False) -> int:
    """Return how many lines a text takes: Chinese may break anywhere, words only between them."""
    lines, used = 1, 0.0
    for token in _tokens(text):
        own = width_of(token, size, bold=bold)
        if used and used + width_of(token.rstrip(), size, bold=bold) > width + _TOLERANCE:
            lines, used = lines + 1, 0.0
        while own > width > 0:  # a word longer than a line is broken
            lines, own = lines + 1, own - width
        used += own
    return lines


def _tokens(text: str) -> Iterator[str]:
    word = ""
    for character in text:
        if ord(character) > WIDE:
            if word:
                yield word
            word = ""
            yield character
        else:
            word += character
            if character == " ":
                yield word
                word = ""
    if word:
        yield word


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return about how wide a text is."""
    wide = narrow = apart = 0.0
    before = None
    for character in text:
        chinese = ord(character) > WIDE
        if chinese:
            wide += 1.0
        else:
            narrow += _letter(character) * (_BOLD if bold else 1.0)
        if before is not None and chinese is not before:
            apart += _APART
        before = chinese
    return (wide + narrow + apart) * size


def _letter(character: str) -> float:
    if character in _THIN:
        return _THIN_WIDTH
    if character in _WIDE_LETTERS:
        return _WIDEST
    return _SMALL_WIDTH if character.islower() else _LARGE_WIDTH
