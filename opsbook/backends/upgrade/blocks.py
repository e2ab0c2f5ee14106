"""Blocks that have another shape in the new layout: rows and columns come and go where the template has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from opsbook.backends.apply import label
from opsbook.backends.ooxml.package_session import Session
from opsbook.backends.ooxml.shifting import COLUMNS, ROWS, Shift
from opsbook.backends.upgrade.alignment import align, runs
from opsbook.backends.upgrade.pointing import points_at
from opsbook.backends.upgrade.upgrading import Upgrade
from opsbook.book.address import Place
from opsbook.book.model import Block
from opsbook.book.versions import Shape


def reshape(work: Upgrade, name: str, block: Block | None) -> None:
    """Bring a block, or cells for people, to the shape of the template.

    Args:
        work: The upgrade.
        name: Defined name.
        block: What the plan has under the name; None for cells for people.
    """
    new, old = work.layout.shapes[name], work.before.shapes.get(name)
    if old is None or str(old) == str(new) or work.session.place(name) is None:
        return
    if not (block and (block.grows or block.shared)):
        _lines(work, name, ROWS, old, new, labelled=block is not None)
    _lines(work, name, COLUMNS, old, new, labelled=True)


def _lines(work: Upgrade, name: str, axis: str, old: Shape, new: Shape, *, labelled: bool) -> None:
    """Let rows or columns of a block come and go."""
    home, place = work.template.names[name], work.session.place(name)
    if place is None:
        return
    rows = axis == ROWS
    had, wants = (old.rows, new.rows) if rows else (old.columns, new.columns)
    mark_same = (old.row_mark == new.row_mark) if rows else (old.column_mark == new.column_mark)
    has = place.rows if rows else place.columns
    if mark_same and had == wants:
        return
    wanted = (
        _labels(work.template.session, home, axis, inside=name not in work.people)
        if labelled
        else [""] * wants
    )
    present = _labels(work.session, place, axis, inside=name not in work.people) if labelled else [""] * has
    if had == wants and (not all(wanted) or len(set(wanted)) != len(wanted)):
        return  # other words for the same lines: they are written with the figures
    found = align(wanted, present)
    taken = {at for at in found if at is not None}
    left = [at for at in range(has) if at not in taken]
    missing = [at for at, there in enumerate(found) if there is None]
    own = has == had  # nobody inserted lines, so that those left over are ours
    if left and own and name not in work.people:
        for first, count in reversed(runs(left)):
            _remove(work, name, axis, first, count)
    if missing:
        _insert_all(work, name, axis, wanted, missing)


def restyle(work: Upgrade, name: str, block: Block) -> None:
    """Give cells of a block that look otherwise in this version their look, unless people gave them one.

    A cell whose format is none of the template's was formatted by people.
    """
    home, place = work.template.names[name], work.session.place(name)
    if (
        place is None
        or block.shared
        or block.grows
        or (place.rows, place.columns) != (home.rows, home.columns)
    ):
        return
    ours, theirs = work.template.looks, work.looks
    here, there = work.template.session.sheet(home.sheet), work.session.sheet(place.sheet)
    known, found = set(ours), {}
    for row in range(home.rows):
        for column in range(home.columns):
            wanted = ours[here.style(home.row + row, home.column + column)]
            at = place.row + row, place.column + column
            has = there.style(*at)
            old = theirs[has] if has < len(theirs) else wanted
            if old != wanted and old in known:
                found[at] = home.row + row, home.column + column
    if found:
        work.editor.restyle(home.sheet, place.sheet, found)
        work.count("formats_changed", len(found))


def _labels(session: Session, place: Place, axis: str, *, inside: bool) -> list[str]:
    """Return what the rows or columns of a block are known by; cells for people have their headers above."""
    sheet = session.sheet(place.sheet)
    if axis == ROWS:
        return [label(row[0]) for row in sheet.read(replace(place, columns=1))]
    first = place.row if inside else max(0, place.row - 1)
    return [label(each) for each in sheet.read(replace(place, row=first, rows=1))[0]]


def _insert_all(work: Upgrade, name: str, axis: str, wanted: Sequence[str], missing: Sequence[int]) -> None:
    """Insert the lines that are missing, from the first on, each run behind the line that it follows."""
    home = work.template.names[name]
    for first, count in runs(missing):
        place = work.session.place(name)
        if place is None:
            return
        # Lines before this one are there by now, so that its number counts from the block's start; people's own
        # lines push it on: the line before it is looked for.
        at = first
        if first and axis == ROWS:
            before = align(wanted[:first], _labels(work.session, place, axis, inside=name not in work.people))
            at = (before[first - 1] if before[first - 1] is not None else first - 1) + 1  # type: ignore[operator]
        if insert(work, name, axis, at, count):
            place = work.session.place(name) or place
            if axis == ROWS:
                source = replace(home, row=home.row + first, rows=count)
                work.editor.paint(source, place.sheet, place.row + at, place.column, heights=True)
            else:
                head = 0 if name not in work.people else 1
                source = replace(
                    home,
                    row=home.row - head,
                    rows=home.rows + head,
                    column=home.column + first,
                    columns=count,
                )
                work.editor.paint(source, place.sheet, place.row - head, place.column + at)
            work.count(f"{axis}_added", count)


def insert(work: Upgrade, name: str, axis: str, at: int, count: int) -> bool:
    """Make room for lines of a block, and let its name hold them; return whether it could be done.

    Args:
        work: The upgrade.
        name: Of the block.
        axis: ``rows`` or ``columns``.
        at: Number of the first new line, from the block's first.
        count: How many come.
    """
    place = work.session.place(name)
    if place is None:
        return False
    done = (
        _insert_rows(work, name, place, at, count)
        if axis == ROWS
        else _insert_columns(work, name, place, at, count)
    )
    if done:
        now = work.session.place(name) or place
        length = (place.rows if axis == ROWS else place.columns) + count
        wanted = (
            replace(now, row=place.row, rows=length)
            if axis == ROWS
            else replace(now, column=place.column, columns=length)
        )
        if now != wanted:
            work.editor.define(name, wanted)
    return done


def _insert_rows(work: Upgrade, name: str, place: Place, at: int, count: int) -> bool:
    row = place.row + at
    others = [other for other in work.items_here(place.sheet) if other != place]
    if not any(other.row < row <= other.last_row for other in others):
        return work.shift(Shift(place.sheet, ROWS, row, count), name)
    # Others are beside it: rows come below all of them, and what is below in the block's columns moves down.
    bottom = _bottom(place, others)
    room = _room(work, place, bottom)
    wanted = max(count - room, _missing_below(work, name, place, bottom))
    if wanted > 0 and not work.shift(Shift(place.sheet, ROWS, bottom + 1, wanted), name):
        return False
    last = max(bottom - room, row - 1)
    if row > last:
        return True
    strip = place.column, place.last_column
    return work.shift(Shift(place.sheet, ROWS, row, count, strip, last), name)


def _missing_below(work: Upgrade, name: str, place: Place, bottom: int) -> int:
    """Return how many rows less there are between a block and what is below its band than in the template."""
    homes = work.template.names
    title = homes[name].sheet
    below = [(now.row, other) for other, now in work.places(title).items() if now.row > bottom]
    if not below:
        return 0
    row, other = min(below)
    return homes[other].row - homes[name].row - (row - place.row)


def _bottom(place: Place, others: Sequence[Place]) -> int:
    """Return the last row of everything that shares rows with a block, or with what shares rows with it."""
    first, last = place.row, place.last_row
    while True:
        reach = [other for other in others if other.row <= last and other.last_row >= first]
        new = max([last, *(other.last_row for other in reach)])
        if new == last:
            return last
        last = new


def _room(work: Upgrade, place: Place, bottom: int) -> int:
    """Return how many rows at the bottom of a band are empty in the columns of a block."""
    room = 0
    for row in range(bottom, place.last_row, -1):
        if work.editor.free(Place(place.sheet, row, place.column, 1, place.columns)):
            break
        room += 1
    return room


def _insert_columns(work: Upgrade, name: str, place: Place, at: int, count: int) -> bool:
    column = place.column + at
    head = 1 if name in work.people and place.row else 0
    beside = Place(place.sheet, place.row - head, place.last_column + 1, place.rows + head, count)
    blocked = work.editor.free(beside)
    if blocked is None:
        if column > place.last_column:
            return True
        strip = beside.row, beside.last_row
        return work.shift(Shift(place.sheet, COLUMNS, column, count, strip, place.last_column), name)
    others = [other for other in work.items_here(place.sheet) if other != place]
    if any(other.column < column <= other.last_column for other in others):
        work.blocked(name, blocked)
        return False
    return work.shift(Shift(place.sheet, COLUMNS, column, count), name)


def _remove(work: Upgrade, name: str, axis: str, first: int, count: int) -> None:
    """Delete lines that only refresh wrote; what people's formulas read stays, as plain cells."""
    place = work.session.place(name)
    if place is None:
        return
    if axis == ROWS:
        gone = replace(place, row=place.row + first, rows=count)
    else:
        gone = replace(place, column=place.column + first, columns=count)
    if points_at(work.session, gone):
        work.kept(name, gone)
        return
    if axis == COLUMNS:
        strip = place.row, place.last_row
        done = work.shift(Shift(place.sheet, COLUMNS, gone.column, -count, strip, place.last_column), name)
    else:
        done = _remove_rows(work, name, place, gone)
    if done:
        work.count(f"{axis}_removed", count)


def _remove_rows(work: Upgrade, name: str, place: Place, gone: Place) -> bool:
    others = [other for other in work.items_here(place.sheet) if other != place]
    whole = Place(place.sheet, gone.row, 0, gone.rows, 16_384)
    if not any(other.meets(whole) for other in others) and not _beside(work.session, place, gone):
        return work.shift(Shift(place.sheet, ROWS, gone.row, -gone.rows), name)
    bottom = place.last_row
    strip = place.column, place.last_column
    work.editor.clear(gone)
    return work.shift(Shift(place.sheet, ROWS, gone.row, -gone.rows, strip, bottom), name)


def _beside(session: Session, place: Place, gone: Place) -> bool:
    """Whether rows hold anything outside of a block."""
    return any(
        not mark.empty and not place.column <= column <= place.last_column
        for _, row in session.sheet(place.sheet).rows_between(gone.row, gone.last_row)
        for column, mark in row.cells.items()
    )


def remove(work: Upgrade, name: str) -> None:
    """Take a block away that the layout no longer has, unless it holds something of the user's.

    Args:
        work: The upgrade.
        name: Of the block.
    """
    place, shape = work.session.place(name), work.before.shapes.get(name)
    if place is None:
        return
    ours = shape is not None and (place.rows, place.columns) == (shape.rows, shape.columns)
    if not ours or points_at(work.session, place) or _typed(work, place):
        work.kept(name, place)
        work.editor.define(name, None)
        return
    others = [other for other in work.items_here(place.sheet) if other != place]
    whole = Place(place.sheet, place.row, 0, place.rows, 16_384)
    head = _heading(work, place, others)
    work.editor.define(name, None)
    alone = not any(other.meets(whole) for other in others) and not _beside(work.session, place, place)
    if alone and not work.charts_over(whole):
        first = (
            place.row
            - head
            - _superfluous(work, replace(place, row=place.row - head, rows=place.rows + head))
        )
        work.shift(Shift(place.sheet, ROWS, first, first - place.last_row - 1), name)
    else:
        work.editor.clear(replace(place, row=place.row - head, rows=place.rows + head))
    work.count("blocks_removed", 1)


def _superfluous(work: Upgrade, gone: Place) -> int:
    """Return how many empty rows above cells that go are more than the template has between their neighbours."""
    title = next((title for title, here in work.template.titles.items() if here == gone.sheet), "")
    home, now = work.template.items(title), work.current(title)
    above = [(place.last_row, name) for name, place in now.items() if place.last_row < gone.row]
    below = [(place.row, name) for name, place in now.items() if place.row > gone.last_row]
    if not above or not below:
        return 0
    (last, before), (row, behind) = max(above), min(below)
    wanted = home[behind].row - work.extent(before, home[before]).last_row
    rows = 0
    while rows < row - last - wanted - gone.rows:
        line = Place(gone.sheet, gone.row - rows - 1, 0, 1, 16_384)
        if line.row <= last or work.editor.free(line):
            break
        rows += 1
    return rows


def _typed(work: Upgrade, place: Place) -> bool:
    """Whether a rectangle has cells for people that hold something."""
    sheet = work.session.sheet(place.sheet)
    return any(
        place.holds(number, column) and not mark.empty and work.session.protected(place.sheet, number, column)
        for number, row in sheet.rows_between(place.row, place.last_row)
        for column, mark in row.cells.items()
    )


def _heading(work: Upgrade, place: Place, others: Sequence[Place]) -> int:
    """Return how many rows above a block hold its title and a gap: text of the template and nothing else."""
    if place.row == 0:
        return 0
    above = Place(place.sheet, place.row - 1, 0, 1, 16_384)
    if any(other.meets(above) for other in others):
        return 0
    marks = [
        (column, mark)
        for _, row in work.session.sheet(place.sheet).rows_between(above.row, above.row)
        for column, mark in row.cells.items()
        if not mark.empty
    ]
    return int([column for column, mark in marks if not mark.formula] == [place.column] and len(marks) == 1)
