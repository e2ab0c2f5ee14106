"""Green corners: what Excel is not to point at in cells of ours, said for whole blocks in ``ignoredErrors``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from opsbook.backends.ooxml import xml_spans
from opsbook.backends.ooxml.workbook_part import behind
from opsbook.backends.ooxml.xml_spans import Node
from opsbook.book import address
from opsbook.book.address import Place

# Undefined figures, ids with leading zeros, formulas unlike their neighbours, sums that leave a total out: all are meant.
FLAGS = ("evalError", "numberStoredAsText", "formula", "formulaRange")
_LISTING, _ENTRY = "ignoredErrors", "ignoredError"
_BEFORE = tuple(
    """sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios
    autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations
    hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches""".split()  # noqa: SIM905
)
_Said = tuple[tuple[str, str], ...]
_Piece = Place | str  # a text where it is not a rectangle, such as whole columns


def covered(frame: bytes, places: Iterable[Place]) -> bytes:
    """Return a worksheet in which Excel points at nothing inside of some rectangles; what a user ignores stays so.

    Each cell is named once: where the user ignores something already, what we add is added to it.

    Args:
        frame: The worksheet, with its rows or without.
        places: Rectangles of the sheet.
    """
    root = xml_spans.parse(frame)
    listing = root.child(_LISTING)
    old = list(_entries(listing))
    new = old
    for place in places:
        new = _with(new, place)
    if new == old:
        return frame
    prefix = xml_spans.prefix(frame, listing or root)
    body = b"".join(_written(new, prefix))
    if listing and (extra := listing.child("extLst")):
        body += frame[extra.start : extra.end]
    name = prefix + _LISTING.encode()
    at = behind(root, _BEFORE)
    span = (listing.start, listing.end) if listing else (at, at)
    return xml_spans.splice(frame, [(*span, b"<%b>%b</%b>" % (name, body, name))])


def _entries(listing: Node | None) -> Iterator[tuple[_Said, _Piece]]:
    for node in listing.children if listing else ():
        if node.name == _ENTRY:
            said = tuple((name, value) for name, value in node.attributes.items() if name != "sqref")
            for piece in node.attributes.get("sqref", "").split():
                yield said, address.parse(piece) or piece


def _with(entries: list[tuple[_Said, _Piece]], place: Place) -> list[tuple[_Said, _Piece]]:
    """Return the entries with a rectangle covered, what is there already split at its edges."""
    found: list[tuple[_Said, _Piece]] = []
    rest = [place]
    for said, piece in entries:
        if isinstance(piece, str) or not piece.meets(place):
            found.append((said, piece))
            continue
        rest = [part for each in rest for part in _without(each, piece)]
        missing = tuple((flag, "1") for flag in FLAGS if dict(said).get(flag) not in ("1", "true"))
        if not missing:
            found.append((said, piece))
            continue
        kept = tuple(pair for pair in said if pair[0] not in dict(missing))
        found.append(((*kept, *missing), _shared(piece, place)))
        found += [(said, part) for part in _without(piece, place)]
    return [*found, *((tuple((flag, "1") for flag in FLAGS), part) for part in rest)]


def _shared(one: Place, other: Place) -> Place:
    row, column = max(one.row, other.row), max(one.column, other.column)
    rows = min(one.last_row, other.last_row) - row + 1
    return Place("", row, column, rows, min(one.last_column, other.last_column) - column + 1)


def _without(place: Place, other: Place) -> Iterator[Place]:
    """Yield the rectangles that are left of one when another is taken away: above, below, left and right of it."""
    if not place.meets(other):
        yield place
        return
    cut = _shared(place, other)
    right = cut.last_column + 1
    for row, column, last_row, last_column in (
        (place.row, place.column, cut.row - 1, place.last_column),
        (cut.last_row + 1, place.column, place.last_row, place.last_column),
        (cut.row, place.column, cut.last_row, cut.column - 1),
        (cut.row, right, cut.last_row, place.last_column),
    ):
        if row <= last_row and column <= last_column:
            yield Place("", row, column, last_row - row + 1, last_column - column + 1)


def _written(entries: list[tuple[_Said, _Piece]], prefix: bytes) -> Iterator[bytes]:
    """Yield one element for all rectangles of which the same is ignored."""
    pieces: dict[_Said, list[str]] = {}
    for said, piece in entries:
        text = piece if isinstance(piece, str) else address.spell(Place("", *_sides(piece)))
        pieces.setdefault(tuple(sorted(said)), []).append(text)
    for said, texts in pieces.items():
        tag = b'<%b%b sqref="%b"/>' % (prefix, _ENTRY.encode(), xml_spans.escape_attribute(" ".join(texts)))
        for name, value in said:
            tag = xml_spans.with_attribute(tag, name, value)
        yield tag


def _sides(place: Place) -> tuple[int, int, int, int]:
    return place.row, place.column, place.rows, place.columns
