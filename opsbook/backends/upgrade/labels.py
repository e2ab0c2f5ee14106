"""Texts of the template beside its blocks: headings, helps, lists, the guide; and validations of cells for people."""

from __future__ import annotations

from collections.abc import Sequence

from opsbook.backends.ooxml.package_session import Session
from opsbook.backends.ooxml.shifting import ROWS, Shift
from opsbook.backends.upgrade.alignment import align, runs
from opsbook.backends.upgrade.template import CHART
from opsbook.backends.upgrade.upgrading import Upgrade
from opsbook.book import versions
from opsbook.book.address import LAST_COLUMN, LAST_ROW, Place
from opsbook.book.model import Scalar

_HINT_COLUMN = 1  # of a sheet that holds texts alone, by which its rows are known


def write(work: Upgrade, title: str) -> None:
    """Bring the texts of a sheet up to date: new ones appear, old ones of ours change, people's stay.

    Args:
        work: The upgrade.
        title: Of the sheet in the template.
    """
    if not work.template.names_on(title):
        _page(work, title)
        return
    texts, home, now = _texts(work, title), work.homes(title), work.places(title)
    here = work.template.titles[title]
    ours = {text for text in texts.values() if text}
    there, blocks = _all_texts(work.session, here), work.session.blocks(here)
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for at, text in texts.items():
        to = _place(work, title, home, now, *at)
        if to is None:
            continue
        value = _text_at(work, here, *to)
        if value == text:
            continue
        above = (to[0] - 1, to[1])
        goes_on = texts.get((at[0] - 1, at[1])) and (
            above in found or _text_at(work, here, *above) == texts[at[0] - 1, at[1]]
        )  # a list became longer
        missing = value is None and (text not in there or goes_on)
        replaced = isinstance(value, str) and (value in ours or versions.is_former_text(value))
        if missing or (replaced and _plain(work, here, blocks, *to)):
            found[to] = at
    _written(work, title, found)


def _written(work: Upgrade, title: str, found: dict[tuple[int, int], tuple[int, int]]) -> None:
    if found:
        here = work.template.titles[title]
        rows = {to[0]: at[0] for to, at in found.items()}
        work.editor.write_texts(title, here, found)
        for to, at in rows.items():
            if not work.session.sheet(here).has_height(to):
                work.editor.set_heights(Place(title, at, 0), here, to)
        work.count("labels_written", len(found))


def _text_at(work: Upgrade, title: str, row: int, column: int) -> Scalar:
    return work.session.sheet(title).read(Place("", row, column))[0][0] if row >= 0 else None


def _plain(work: Upgrade, title: str, blocks: Sequence[Place], row: int, column: int) -> bool:
    """Whether a cell is a label: neither for people nor part of a block, and without a formula."""
    mark = work.session.sheet(title).mark(row, column)
    return (
        mark is not None
        and not mark.formula
        and not work.session.protected(title, row, column)
        and not any(place.holds(row, column) for place in blocks)
    )


def _texts(work: Upgrade, title: str) -> dict[tuple[int, int], str]:
    """Return the texts of a sheet of the template that are in no block, by row and column."""
    sheet = work.template.session.sheet(title)
    homes = [place for name, place in work.template.items(title).items() if not name.startswith(CHART)]
    found = {}
    for number, row in sheet.rows_between(0, LAST_ROW):
        for column, mark in row.cells.items():
            if mark.content and not mark.formula and not any(place.holds(number, column) for place in homes):
                value = sheet.read(Place("", number, column))[0][0]
                if isinstance(value, str):
                    found[number, column] = value
    return found


def _all_texts(session: Session, title: str) -> set[str]:
    sheet = session.sheet(title)
    return {
        value
        for number, row in sheet.rows_between(0, LAST_ROW)
        for column, mark in row.cells.items()
        if mark.content and isinstance(value := sheet.read(Place("", number, column))[0][0], str)
    }


def _place(  # noqa: PLR0917
    work: Upgrade, title: str, home: dict[str, Place], now: dict[str, Place], row: int, column: int
) -> tuple[int, int] | None:
    """Return where a label of the template belongs: at its block, the one below it if it is not inside of one's rows."""
    best = min(
        (name for name in home if name in now),
        key=lambda name: _distance(home[name], row, column),
        default=None,
    )
    if best is None:
        return None
    return row + now[best].row - home[best].row, work.column(title, column)


def _distance(place: Place, row: int, column: int) -> tuple[int, int]:
    """Return how far a label is from a block: rows, where a block below counts as nearer, then columns."""
    if place.row <= row <= place.last_row:
        rows = 0
    elif row < place.row:
        rows = 2 * (place.row - row) - 1
    else:
        rows = 2 * (row - place.last_row) + 6
    columns = max(0, place.column - column, column - place.last_column)
    return rows, columns


def _page(work: Upgrade, title: str) -> None:
    """Bring a sheet of texts alone up to date: rows are known by the text in their second column."""
    here = work.template.titles[title]
    wanted, present = _column(work.template.session, title), _column(work.session, here)
    found = align(wanted, present)
    width = work.width(title)
    previous = -1
    fresh = [at for at, there in enumerate(found) if there is None]
    gone = {at for at in range(len(wanted)) if at in fresh}
    added = 0
    for first, count in runs(fresh):
        before = next((found[at] for at in range(first - 1, -1, -1) if at not in gone), previous)
        row = (before if before is not None else -1) + 1 + added
        if not work.shift(Shift(here, ROWS, row, count), title):
            return
        work.editor.paint(Place(title, first, 0, count, width), here, row, 0, heights=True)
        work.count("labels_written", count)
        added += count
    _drop_former(work, title)
    _changed(work, title, width)


def _drop_former(work: Upgrade, title: str) -> None:
    """Delete the rows of a page of texts that hold texts of an earlier version alone and that the template has not."""
    here = work.template.titles[title]
    wanted, present = _column(work.template.session, title), _column(work.session, here)
    known = {at for at in align(wanted, present) if at is not None}
    sheet = work.session.sheet(here)
    former = []
    for row, text in enumerate(present):
        if row in known or not text:
            continue
        values = [each for each in sheet.read(Place("", row, 0, 1, LAST_COLUMN + 1))[0] if each is not None]
        if all(isinstance(each, str) and versions.is_former_text(each) for each in values):
            former.append(row)
    for first, count in reversed(runs(former)):
        if not work.shift(Shift(here, ROWS, first, -count), title):
            return
        work.count("labels_written", count)


def _changed(work: Upgrade, title: str, width: int) -> None:
    """Replace the texts beside those by which rows are known, where they are those of an earlier version."""
    here = work.template.titles[title]
    theirs, ours = work.session.sheet(here), work.template.session.sheet(title)
    found = align(_column(work.template.session, title), _column(work.session, here))
    changed: dict[tuple[int, int], tuple[int, int]] = {}
    for row, there in enumerate(found):
        if there is None:
            continue
        for column, value in enumerate(ours.read(Place("", row, 0, 1, width))[0]):
            old = theirs.read(Place("", there, column))[0][0]
            if (
                isinstance(old, str)
                and isinstance(value, str)
                and old != value
                and versions.is_former_text(old)
            ):
                changed[there, column] = row, column
                work.editor.set_heights(Place(title, row, 0), here, there)
    _written(work, title, changed)


def _column(session: Session, title: str) -> list[str]:
    sheet = session.sheet(title)
    last = max((number for number, _ in sheet.rows_between(0, LAST_ROW)), default=-1)
    rows = sheet.read(Place("", 0, _HINT_COLUMN, last + 1, 1)) if last >= 0 else []
    return ["" if row[0] is None else str(row[0]) for row in rows]
