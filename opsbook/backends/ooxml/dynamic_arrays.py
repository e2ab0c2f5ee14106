"""Dynamic-array formulas: how a file says that a formula may spill, so that Excel 365 puts no ``@`` before its call.

A formula that calls a LAMBDA name or a function of Python could return many cells, for all that Excel knows. Stored as
a plain ``<f>`` it counts as one of an older Excel, is shown as ``=@YOY_GROWTH(...)`` and never spills.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from opsbook.backends.ooxml import xml_spans
from opsbook.backends.ooxml.xml_spans import Node
from opsbook.functions import FUNCTIONS

if TYPE_CHECKING:
    from opsbook.backends.ooxml.package_parts import Parts

PART = "xl/metadata.xml"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheetMetadata+xml"
_RELATION = "sheetMetadata"
_NAME = "XLDAPR"  # what Excel calls the properties of dynamic arrays
_EXTENSION = (
    b'<ext uri="{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}"><xda:dynamicArrayProperties '
    b'xmlns:xda="http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray" fDynamic="1" fCollapsed="0"/></ext>'
)
_TYPE = (
    b'<metadataType name="XLDAPR" minSupportedVersion="120000" copy="1" pasteAll="1" pasteValues="1" merge="1" '
    b'splitFirst="1" rowColShift="1" clearFormats="1" clearComments="1" assign="1" coerce="1" cellMeta="1"/>'
)
_ORDER = (
    "metadataTypes",
    "metadataStrings",
    "mdxMetadata",
    "futureMetadata",
    "cellMetadata",
    "valueMetadata",
)
_CALL = re.compile(r'"(?:[^"]|"")*"|(?<![\w.])([A-Za-z_]\w*)\(')
_TAG = re.compile(rb"<(/?)(?=(?:ext|bk|rc|extLst|metadataType|futureMetadata|cellMetadata|metadataTypes)\b)")


def calls(formula: str) -> bool:
    """Whether a formula calls a function of ours, which is a LAMBDA name or one of Python."""
    return any(found[1] and found[1].upper() in FUNCTIONS for found in _CALL.finditer(formula))


def number(parts: Parts, book: str) -> str:
    """Return the value of ``cm`` that marks a dynamic-array formula; the part that gives it its meaning is made or added to.

    Args:
        parts: Of the workbook.
        book: Name of the workbook part.
    """
    found = parts.related(book, _RELATION)
    if not found:
        root = xml_spans.parse(parts.read(book))
        relations = next(each.kind.rpartition("/")[0] for each in parts.relationships(book))
        part = parts.free(PART)
        parts.add(part, _document(root.namespace), KIND)
        parts.relate(book, f"{relations}/{_RELATION}", part)
        return "1"
    data, index = _merged(parts.read(found[0]))
    parts.write(found[0], data)
    return str(index + 1)


def _document(namespace: str) -> bytes:
    return (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<metadata xmlns="%b">'
        b'<metadataTypes count="1">%b</metadataTypes><futureMetadata name="XLDAPR" count="1">%b</futureMetadata>'
        b'<cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>'
    ) % (namespace.encode(), _TYPE, _future())


def _future() -> bytes:
    return b"<bk><extLst>%b</extLst></bk>" % _EXTENSION


def _merged(data: bytes) -> tuple[bytes, int]:
    """Return a user's metadata that knows dynamic arrays, and the place of that among the metadata of cells.

    What is there keeps its place, for cells speak of it by its number.
    """
    root = xml_spans.parse(data)
    types = _items(root.child("metadataTypes"))
    at = next((at for at, node in enumerate(types) if node.attributes.get("name") == _NAME), len(types))
    if at == len(types):
        data = _appended(data, "metadataTypes", _TYPE)
    future = _future_of(root)
    properties = _items(future)
    spot = next((spot for spot, node in enumerate(properties) if _spills(node)), len(properties))
    if spot == len(properties):
        data = _appended(data, "futureMetadata", _future(), name=_NAME)
    wanted = [(str(at + 1), str(spot))]
    blocks = [
        [(rc.attributes.get("t", ""), rc.attributes.get("v", "")) for rc in node.children]
        for node in _items(root.child("cellMetadata"))
    ]
    if wanted in blocks:
        return data, blocks.index(wanted)
    line = b'<bk><rc t="%d" v="%d"/></bk>' % (at + 1, spot)
    return _appended(data, "cellMetadata", line), len(blocks)


def _items(listing: Node | None) -> list[Node]:
    return [node for node in listing.children if node.name in ("bk", "metadataType")] if listing else []


def _future_of(root: Node) -> Node | None:
    return next(
        (
            node
            for node in root.children
            if node.name == "futureMetadata" and node.attributes.get("name") == _NAME
        ),
        None,
    )


def _spills(block: Node) -> bool:
    """Whether a block of properties says no more than that a formula is a dynamic array."""
    said = [node.attributes for node in block.find("dynamicArrayProperties")]
    return len(said) == 1 and _yes(said[0], "fDynamic") and not _yes(said[0], "fCollapsed")


def _yes(attributes: dict[str, str], name: str) -> bool:
    return attributes.get(name, "0") in ("1", "true")


def _appended(data: bytes, listing: str, item: bytes, *, name: str = "") -> bytes:
    """Return the part with an item at the end of a list, which is made in its place where it is missing."""
    root = xml_spans.parse(data)
    found = _future_of(root) if name else root.child(listing)
    prefix = xml_spans.prefix(data, found or root)
    item = _TAG.sub(rb"<\1" + prefix, item)
    spelled = prefix + listing.encode()
    if found is None:
        earlier = _ORDER[: _ORDER.index(listing) + 1]
        at = max((node.end for node in root.children if node.name in earlier), default=root.inner)
        said = b' name="%b"' % name.encode() if name else b""
        return xml_spans.splice(data, [(at, at, b'<%b%b count="1">%b</%b>' % (spelled, said, item, spelled))])
    count = str(len(_items(found)) + 1)
    tag = xml_spans.with_attribute(data[found.start : found.inner], "count", count)
    if found.inner == found.end:
        return xml_spans.splice(data, [(found.start, found.end, tag[:-2] + b">" + item + b"</%b>" % spelled)])
    edits = [(found.start, found.inner, tag), (found.inner_end, found.inner_end, item)]
    return xml_spans.splice(data, edits)
