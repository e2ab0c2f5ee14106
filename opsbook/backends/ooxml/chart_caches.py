"""Charts keep a copy of the cells they draw; previews show the copy, so it is renewed with the cells."""

from __future__ import annotations

from collections.abc import Callable

from opsbook.backends.ooxml import cell_element, xml_spans
from opsbook.backends.ooxml.xml_spans import Node
from opsbook.book import address
from opsbook.book.address import Place
from opsbook.book.model import Error, Scalar

# Element that refers to cells -> its cache. multiLvlStrRef has a form of its own and is left to Excel.
_CACHES = {"numRef": "numCache", "strRef": "strCache", "datalabelsRange": "dlblRangeCache"}


def refreshed(
    data: bytes,
    concerns: Callable[[Place], bool],
    values: Callable[[Place, bool], list[Scalar]],
) -> bytes:
    """Return the chart with the caches renewed whose cells have changed.

    Args:
        data: The chart part.
        concerns: Whether a rectangle of cells is on a sheet of the book and has changed.
        values: Values of a rectangle, row by row; with True only those in rows and columns that are shown.
    """
    root = xml_spans.parse(data)
    visible_only = next((node.attributes.get("val", "1") for node in root.find("plotVisOnly")), "1")
    edits = []
    for node in root.walk():
        formula = node.child("f") if node.name in _CACHES else None
        place = address.parse(formula.text) if formula else None
        if not formula or not place or not place.sheet or not concerns(place):
            continue
        points = _points(values(place, visible_only not in ("0", "false")), numeric=node.name == "numRef")
        cache = node.child(_CACHES[node.name])
        if not cache and node.name == "datalabelsRange":
            continue
        if cache and _holds(cache) == points:
            continue
        at = (cache.start, cache.end) if cache else (formula.end, formula.end)
        edits.append((*at, _cache(data, node, cache, points)))
    return xml_spans.splice(data, edits)


def _points(values: list[Scalar], *, numeric: bool) -> tuple[int, dict[int, str]]:
    """Return how many points there are, and the text of each that has one.

    Errors and empty cells are gaps. A text among numbers is drawn as 0, as Excel does.
    """
    points = {}
    for at, value in enumerate(values):
        if value is None or isinstance(value, Error):
            continue
        if numeric:
            points[at] = cell_element.number_text(value) if isinstance(value, int | float) else "0"
        elif isinstance(value, bool):
            points[at] = str(value).upper()
        else:
            points[at] = cell_element.number_text(value) if isinstance(value, int | float) else str(value)
    return len(values), points


def _holds(cache: Node) -> tuple[int, dict[int, str]]:
    """Return what a cache says, numbers in our own spelling."""
    points = {}
    for node in cache.children:
        value = node.child("v") if node.name == "pt" else None
        if value is None:
            continue
        text = value.text
        if cache.name == "numCache":
            try:
                text = cell_element.number_text(float(text))
            except ValueError:
                text = "?"  # an error value: never equal to ours
        points[int(node.attributes.get("idx", "-1"))] = text
    count = cache.child("ptCount")
    return int(count.attributes.get("val", "0")) if count else 0, points


def _cache(data: bytes, reference: Node, cache: Node | None, points: tuple[int, dict[int, str]]) -> bytes:
    """Return the cache element; its number format, its points' own formats and its extensions are kept."""
    formula = reference.child("f")
    source = cache or formula or reference
    prefix = xml_spans.prefix(data, reference)
    own = xml_spans.prefix(data, source)
    name = _CACHES[reference.name].encode()
    formats: dict[str, str] = {}
    format_code = extension = b""
    if cache:
        formats = {
            node.attributes.get("idx", ""): node.attributes["formatCode"]
            for node in cache.children
            if "formatCode" in node.attributes
        }
        if code := cache.child("formatCode"):
            format_code = data[code.start : code.end]
        if extra := cache.child("extLst"):
            extension = data[extra.start : extra.end]
        inner = xml_spans.prefix(data, cache.children[0]) if cache.children else prefix
    else:
        inner = prefix
        if name == b"numCache":
            format_code = b"<%bformatCode>General</%bformatCode>" % (inner, inner)
    count, texts = points
    pieces = [b'<%bptCount val="%d"/>' % (inner, count)]
    for at, text in texts.items():
        code_of_point = b""
        if found := formats.get(str(at)):
            code_of_point = b' formatCode="' + xml_spans.escape_attribute(found) + b'"'
        value = xml_spans.escape(text)
        pieces.append(
            b'<%bpt idx="%d"%b><%bv>%b</%bv></%bpt>' % (inner, at, code_of_point, inner, value, inner, inner)
        )
    opening = (
        data[cache.start : cache.inner] if cache and cache.inner != cache.end else b"<%b%b>" % (own, name)
    )
    return opening + format_code + b"".join(pieces) + extension + b"</%b%b>" % (own, name)
