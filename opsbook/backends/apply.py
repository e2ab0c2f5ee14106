"""A plan put into a workbook, on disk or open in Excel. The whole plan is checked against the workbook before the first write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from opsbook.backends.ooxml import cell_element as cells
from opsbook.book import address
from opsbook.book.address import Place
from opsbook.book.model import ASIDE, Block, BookPlan, Cell, Ref, Scalar
from opsbook.domain.issues import Issue
from opsbook.functions import FUNCTIONS

if TYPE_CHECKING:
    from opsbook.backends.protocol import Book

PREFIX = "ops."


@dataclass(frozen=True)
class Fit:
    """Where the cells of a block stand now.

    Attributes:
        block: What is to be written.
        place: Rectangle of its defined name, before it grows.
        rows: Sheet row of each row of the block.
        columns: Sheet column of each column.
        length: Rows that the name is to span.
    """

    block: Block
    place: Place
    rows: Sequence[int]
    columns: Sequence[int]
    length: int

    def find(self, ref: Ref) -> Place:
        """Return the rectangle that a reference means now."""
        row, column = self.rows[ref.row], self.columns[ref.column]
        last_row, last_column = self.rows[ref.row + ref.rows - 1], self.columns[ref.column + ref.columns - 1]
        return Place(self.place.sheet, row, column, last_row - row + 1, last_column - column + 1)


def apply(book: Book, plan: BookPlan, failed: Collection[str] = ()) -> list[Issue]:
    """Put every block and name of the plan into the workbook; applying twice equals applying once.

    A block that is gone, or whose rows or columns cannot be told any more, is left alone entirely, and formulas
    that refer to it become values. Nothing is in its place before ``book.save()``.

    Args:
        book: Open for writing.
        plan: What it is to hold.
        failed: Defined names of blocks of which is known already why they are not as this version has them.

    Returns:
        One issue for each other block that was not written.

    Raises:
        ValueError: The plan holds a value that no cell can hold; nothing was written.
    """
    issues: list[Issue] = []
    fits: dict[str, Fit] = {}
    for block in plan.blocks:
        for row in block.cells:
            for each in row:
                cells.plain(each.value, date1904=book.date1904)
        if block.optional and book.place(PREFIX + block.name) is None:
            continue
        found = _fit(book, block)
        if isinstance(found, Issue):
            issues += [found] if PREFIX + block.name not in failed else []
        else:
            fits[block.name] = found
    for name, text in plan.names.items():
        book.define(name, text, FUNCTIONS[name].comment(plan.language) if name in FUNCTIONS else "")
    for fit in fits.values():
        if fit.length != fit.place.rows:
            book.resize(PREFIX + fit.block.name, fit.length, fit.columns)
    for fit in fits.values():
        book.write_cells(fit.place.sheet, _resolved(fit, fits))
    return issues


def _fit(book: Book, block: Block) -> Fit | Issue:
    """Return where the block stands, or why it is to be left alone."""
    place = book.place(PREFIX + block.name)
    if place is None:
        return Issue("book.block_missing", file=book.path.name, detail=block.name)
    rows, columns = block.shape
    reshaped = Issue("book.block_reshaped", file=book.path.name, sheet=place.sheet, detail=block.name)
    down: Sequence[int] | None = range(rows)
    right: Sequence[int] | None = range(columns)
    length = place.rows
    if columns != place.columns:
        header = book.read(replace(place, rows=1))[0]
        right = _match([each.value for each in block.cells[0]] if rows else [], header)
    if block.shared:
        length = rows
    elif block.grows:
        # A row of data stays in the name even when there are none: what refers to it would be lost otherwise.
        length = max(rows, min(place.rows, 2), 1)
    elif rows != place.rows:
        labels = [row[0] for row in book.read(replace(place, columns=1))]
        down = _match([row[0].value for row in block.cells] if columns else [], labels)
    if down is None or right is None:
        return reshaped
    if block.grows and length > rows:
        block = replace(block, cells=(*block.cells, *((Cell(),) * columns,) * (length - rows)))
        down = range(length)
    fit = Fit(block, place, [place.row + at for at in down], [place.column + at for at in right], length)
    blocked = book.resize_obstacle(PREFIX + block.name, length) if length != place.rows else None
    blocked = blocked or book.obstacle(place.sheet, _values(book, fit))
    if blocked:
        return replace(reshaped, row=blocked.row + 1, value=address.spell(replace(blocked, sheet="")))
    return fit


def _match(wanted: Sequence[Scalar], present: Sequence[Scalar]) -> list[int] | None:
    """Return where each wanted label stands among the present ones, in order; None when that is not certain.

    A line without a label is certain only between neighbours that leave it exactly one place.
    """
    texts = [label(value) for value in wanted]
    have = [label(value) for value in present]
    counts, wanted_counts = Counter(have), Counter(texts)
    found: list[int | None] = []
    for text in texts:
        if text and (counts[text] != 1 or wanted_counts[text] != 1):
            return None
        found.append(have.index(text) if text else None)
    if not any(texts):
        return None
    for at, where in enumerate(found):
        if where is None:
            before = found[at - 1] if at else -1
            following = next(
                ((to, place) for to, place in enumerate(found) if to > at and place is not None), None
            )
            end = following[1] - (following[0] - at) if following else len(have) - (len(found) - at)
            if before is None or before + 1 != end:
                return None
            found[at] = end
    places = [place for place in found if place is not None]
    return places if all(one < other for one, other in pairwise(places)) else None


def label(value: Scalar) -> str:
    """Return what a row or column is known by: the first line of its first cell, up to what may change in it."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    # A label is its first line, and of that what stands before an aside.
    return "" if value is None else str(value).strip().partition("\n")[0].partition(ASIDE)[0]


def _values(book: Book, fit: Fit) -> dict[tuple[int, int], Scalar]:
    return {at: cells.plain(each.value, date1904=book.date1904) for at, each in _by_position(fit).items()}


def _by_position(fit: Fit) -> dict[tuple[int, int], Cell]:
    return {
        (row, column): each
        for row, line in zip(fit.rows, fit.block.cells, strict=True)
        for column, each in zip(fit.columns, line, strict=True)
        if not each.keep
    }


def _resolved(fit: Fit, fits: Mapping[str, Fit]) -> dict[tuple[int, int], Cell]:
    """Return the cells by their place on the sheet, formulas with addresses."""
    found = {}
    for at, each in _by_position(fit).items():
        formula = ""
        if each.formula and all(ref.block in fits for ref in each.refs):
            places = [fits[ref.block].find(ref) for ref in each.refs]
            formula = address.fill(each.formula, places, fit.place.sheet, fixed=fit.block.shared)
        found[at] = replace(each, formula=formula, refs=())
    return found
