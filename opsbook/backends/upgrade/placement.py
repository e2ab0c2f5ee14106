"""Blocks, cells for people and charts that are new: room is made for them where the template has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from opsbook.backends.ooxml import drawings
from opsbook.backends.ooxml.shifting import ROWS, Shift
from opsbook.backends.upgrade.template import CHART
from opsbook.backends.upgrade.upgrading import Upgrade
from opsbook.book.address import LAST_COLUMN, Place

Items = dict[str, Place]


def place_new(work: Upgrade, title: str) -> None:
    """Put everything new of a sheet of the template into the sheet of the workbook.

    Args:
        work: The upgrade.
        title: Of the sheet in the template.
    """
    items = {name: work.extent(name, place) for name, place in work.template.items(title).items()}
    bands = _bands(items)
    bottom = -1  # last row in the template of the bands before
    for number, band in enumerate(bands):
        new = {name: place for name, place in band.items() if work.is_new(name, title)}
        if new:
            if len(new) < len(band):
                _beside(work, title, band, new)
            else:
                _between(work, title, items, bands, number, bottom)
        bottom = max(bottom, *(place.last_row for place in band.values()))


def _bands(items: Mapping[str, Place]) -> list[Items]:
    """Return the items in groups that share rows, from the top."""
    found: list[Items] = []
    last = -1
    for name, place in sorted(items.items(), key=lambda pair: (pair[1].row, pair[1].column)):
        if place.row > last:
            found.append({})
        found[-1][name] = place
        last = max(last, place.last_row)
    return found


def _between(  # noqa: PLR0917
    work: Upgrade, title: str, items: Items, bands: list[Items], number: int, bottom: int
) -> None:
    """Insert rows for a group of new items, and put them there."""
    band, here = bands[number], work.template.titles[title]
    first, last = min(each.row for each in band.values()), max(each.last_row for each in band.values())
    now = work.current(title)
    before = [name for earlier in bands[:number] for name in earlier if name in now]
    after = [name for later in bands[number + 1 :] for name in later if name in now]
    if before:
        # Behind everything that comes before in the template, with the gap and the headings of the template.
        top, source = max(now[name].last_row for name in before) + 1, bottom + 1
        count = last - bottom
        next_band = {
            name: place for name, place in (bands[number + 1] if after else {}).items() if name in now
        }
        if next_band:  # the gap behind it is that of the template too
            below = min(now[name].row for name in next_band)
            count = max(count, min(each.row for each in next_band.values()) - bottom - 1 - (below - top))
    elif after:
        # Above everything that the workbook has; what is above that already is the gap between both.
        next_row, row = min(items[name].row for name in after), min(now[name].row for name in after)
        top, source = min(first, row), first
        count = max(last - first + 1, next_row - first - (row - top))
    else:
        top, source, count = 0, 0, last + 1
        if blocked := work.editor.free(Place(here, 0, 0, count, work.width(title))):
            work.blocked(next(iter(band)), blocked)
            return
    if (before or after) and not work.shift(Shift(here, ROWS, top, count), next(iter(band))):
        return
    width = work.width(title)
    for run, to in work.columns(title, width):
        work.editor.paint(Place(title, source, run[0], count, run[1]), here, top, to, heights=True)
    work.print_area(title, last, top + count - 1)
    for name in band:
        _put(work, title, name, top - source)


def _beside(work: Upgrade, title: str, band: Items, new: Items) -> None:
    """Put new items beside or below others with which they share rows."""
    here, now = work.template.titles[title], work.current(title)
    there = {name: place for name, place in band.items() if name in now}
    if not there:
        return
    for name, place in sorted(new.items(), key=lambda pair: pair[1].row):
        nearest = min(there, key=lambda other: (_distance(band[other], place), band[other].row))
        down = now[nearest].row - band[nearest].row
        if name.startswith(CHART):
            _room_below(work, title, band, place.last_row + down)
            _put(work, title, name, down)
            continue
        to = Place(here, place.row + down, work.column(title, place.column), place.rows, place.columns)
        if not _room_below(work, title, band, to.last_row):
            continue
        if blocked := work.editor.free(to):
            work.blocked(name, blocked)
            continue
        work.editor.paint(place, here, to.row, to.column)
        _put(work, title, name, down)


def _distance(one: Place, other: Place) -> int:
    """Return how many rows are between two items, 0 when they share one."""
    return max(0, one.row - other.last_row, other.row - one.last_row)


def _room_below(work: Upgrade, title: str, band: Items, last: int) -> bool:
    """Make sure that a group of items may reach down to a row of the workbook; return whether it may."""
    here, now = work.template.titles[title], work.current(title)
    bottom = max(now[name].last_row for name in band if name in now)
    below = [place.row for name, place in now.items() if name not in band and place.row > bottom]
    if last <= bottom or not below:
        return True
    template = work.template.items(title)
    wanted = min(
        template[name].row for name in now if name in template and name not in band and now[name].row > bottom
    )
    gap = wanted - max(place.last_row for place in band.values()) - 1
    missing = last - (min(below) - gap - 1)
    return missing <= 0 or work.shift(Shift(here, ROWS, bottom + 1, missing), next(iter(band)))


def _put(work: Upgrade, title: str, name: str, down: int) -> None:
    """Give a new item its name, or lay a new chart over the sheet."""
    here = work.template.titles[title]
    if name.startswith(CHART):
        frame = next(
            each for each in drawings.frames(work.template.session, title) if CHART + each.name == name
        )
        right = work.column(title, frame.place.column) - frame.place.column
        work.add_chart(frame, title, here, down, right)
        return
    home = work.template.names[name]
    place = replace(home, sheet=here, row=home.row + down, column=work.column(title, home.column))
    if place.last_column > LAST_COLUMN:
        return
    work.editor.define(name, place, str(work.layout.shapes[name]))
    work.count("inputs_added" if name in work.people else "blocks_added", 1)
