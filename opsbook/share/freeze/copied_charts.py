"""Charts of the copy: what a series reads from cells that are gone is written into the chart itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from opsbook.backends.ooxml import xml_spans
from opsbook.backends.ooxml.xml_spans import Node

if TYPE_CHECKING:
    from opsbook.share.freeze.formula_dependencies import Reach

_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_LITERALS = {"numRef": "numLit", "strRef": "strLit", "multiLvlStrRef": "strLit"}
_CACHES = ("numCache", "strCache", "multiLvlStrCache")
_OUTSIDE = ("externalData", "pivotSource")  # a workbook inside or beside the file, a pivot table


def lost_references(data: bytes, reach: Reach) -> bool:
    """Whether a chart of the newer kind, which cannot hold its points itself, reads cells that are gone."""
    return any(
        node.name == "f" and node.text and reach.lost(node.text) for node in xml_spans.parse(data).walk()
    )


def literal(data: bytes, reach: Reach) -> tuple[bytes, int]:
    """Return a chart whose references to cells that are gone are literals, and how many of them there were."""
    root = xml_spans.parse(data)
    edits: list[tuple[int, int, bytes]] = []
    count = 0
    for node, parents in _walk(root, ()):
        if any(start <= node.start < end for start, end, _ in edits):
            continue
        formula = node.child("f")
        if node.name in _OUTSIDE:
            edits.append((node.start, node.end, b""))
        elif node.name == "ext" and any(
            each.name in ("f", "sqref") and reach.lost(each.text) for each in node.walk() if each.text
        ):
            edits.append((node.start, node.end, b""))
            count += 1
        elif node.name in _LITERALS and formula and reach.lost(formula.text):
            edits += _written_in(data, node, parents)
            count += 1
    return xml_spans.splice(data, edits), count


def _walk(node: Node, parents: tuple[Node, ...]) -> list[tuple[Node, tuple[Node, ...]]]:
    found = [(node, parents)]
    for child in node.children:
        found += _walk(child, (*parents, node))
    return found


def _written_in(data: bytes, node: Node, parents: tuple[Node, ...]) -> list[tuple[int, int, bytes]]:
    prefix = xml_spans.prefix(data, node)
    cache = node.child(*_CACHES)
    if parents[-1].name == "tx":
        text = "".join(each.text for each in cache.find("v")) if cache else ""
        if parents[-2].name == "ser":
            new = b"<%bv>%b</%bv>" % (prefix, xml_spans.escape(text), prefix)
            return [(node.start, node.end, new)]
        return _rich(data, node, parents[-2], text)
    name = prefix + _LITERALS[node.name].encode()
    if cache is None:
        inner = b'<%bptCount val="0"/>' % prefix
    elif cache.name == "multiLvlStrCache":
        inner = _flat(cache, prefix)
    else:
        inner = data[cache.inner : cache.inner_end]
    return [(node.start, node.end, b"<%b>%b</%b>" % (name, inner, name))]


def _flat(cache: Node, prefix: bytes) -> bytes:
    """Return labels of several levels as one text a point, the outer level first; it holds until the next one."""
    count = next((node.attributes.get("val", "0") for node in cache.find("ptCount")), "0")
    lines: list[list[str]] = [[] for _ in range(int(count))]
    for level in reversed([node for node in cache.children if node.name == "lvl"]):
        texts = {
            int(point.attributes.get("idx", "0")): value.text
            for point in level.children
            if (value := point.child("v"))
        }
        said = ""
        for at, line in enumerate(lines):
            said = texts.get(at, said)
            line.append(said)
    points = b"".join(
        b'<%bpt idx="%d"><%bv>%b</%bv></%bpt>'
        % (prefix, at, prefix, xml_spans.escape(" ".join(filter(None, line))), prefix, prefix)
        for at, line in enumerate(lines)
    )
    return b'<%bptCount val="%d"/>' % (prefix, len(lines)) + points


def _rich(data: bytes, node: Node, owner: Node, text: str) -> list[tuple[int, int, bytes]]:
    """Return the edits that make a title its own text, in the look that it had as the text of a cell."""
    prefix = xml_spans.prefix(data, node)
    look = owner.child("txPr")
    body, edits = b"<a:bodyPr/>", []
    paragraph = run = b""
    if look:
        edits.append((look.start, look.end, b""))
        if found := look.child("bodyPr"):
            body = _own(data[found.start : found.end])
        default = next(look.find("defRPr"), None)
        if default:
            inside = _own(data[default.start : default.end])
            paragraph = b"<a:pPr>%b</a:pPr>" % inside
            run = re.sub(rb"(?<=[</])a:defRPr\b", b"a:rPr", inside)
    new = b'<%brich xmlns:a="%b">%b<a:p>%b<a:r>%b<a:t>%b</a:t></a:r></a:p></%brich>'
    filled = new % (prefix, _A.encode(), body, paragraph, run, xml_spans.escape(text), prefix)
    return [(node.start, node.end, filled), *edits]


def _own(element: bytes) -> bytes:
    """Return an element of the drawing namespace with the prefix ``a``."""
    found = re.match(rb"<((?:\w+:)?)", element)
    prefix = found[1] if found else b""
    if prefix == b"a:":
        return element
    return re.sub(rb"<(/?)" + prefix + rb"(?=\w)", rb"<\1a:", element)
