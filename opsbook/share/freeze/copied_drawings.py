"""Drawings of the copy: buttons and controls go, charts of cells that are gone keep the points they show."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from opsbook.backends.ooxml import xml_spans
from opsbook.backends.ooxml.xml_spans import Node
from opsbook.share.freeze import sheet_frame

if TYPE_CHECKING:
    from opsbook.share.freeze.formula_dependencies import Reach

_FILTERS = ("slicer", "timeslicer")
_LINKS = ("hlinkClick", "hlinkHover")
_SHAPE = re.compile(rb"<v:shape\b(?![^<>]*/>).*?</v:shape>", re.DOTALL)
_KIND = re.compile(rb"<x:ClientData\s[^<>]*ObjectType\s*=\s*[\"'](\w+)")
_FIELD = re.compile(rb"<(/?)((?:\w+:)?)fld\b[^<>]*>")


def trimmed(data: bytes, reach: Reach, alive: Collection[str]) -> tuple[bytes, int]:
    """Return a drawing without objects that act or whose parts are gone, and how many of them there were.

    Args:
        data: The drawing part.
        reach: What the copy has.
        alive: Ids of the relationships of the part that stay.
    """
    root = xml_spans.parse(data)
    edits = []
    gone = 0
    for anchor in root.children:
        links = [node for node in anchor.walk() if node.name in _LINKS]
        dead = [node for node in anchor.walk() if _acts(node) or sheet_frame.relation_ids(node) - set(alive)]
        if all(node in links for node in dead):
            edits += [(node.start, node.end, b"") for node in dead]
            edits += _loose(data, anchor, reach)
        else:
            edits.append((anchor.start, anchor.end, b""))
            gone += not any(node.name == "compatExt" for node in dead)  # those are counted in the old drawing
    return xml_spans.splice(data, edits), gone


def _acts(node: Node) -> bool:
    """Whether an element makes its object a button, a control or a filter."""
    if node.name in _FILTERS and node.namespace.startswith("http://schemas.microsoft.com"):
        return True
    return bool(node.attributes.get("macro")) or (node.name == "compatExt" and "spid" in node.attributes)


def _loose(data: bytes, anchor: Node, reach: Reach) -> list[tuple[int, int, bytes]]:
    """Return the edits that untie a shape from cells that are gone: its text stays as it is shown."""
    edits = []
    for node in anchor.walk():
        if (text := node.attributes.get("textlink")) and reach.lost(text):
            tag = xml_spans.with_attribute(data[node.start : node.inner], "textlink", None)
            edits.append((node.start, node.inner, tag))
            edits += [
                (child.start, child.end, _plain_run(data[child.start : child.end]))
                for child in node.find("fld")
            ]
        elif node.name == "cameraTool" and reach.lost(node.attributes.get("cellRange", "")):
            edits.append((node.start, node.end, b""))
    return edits


def _plain_run(field: bytes) -> bytes:
    """Return a field as a run of text."""
    without = re.sub(rb"<(?:\w+:)?pPr\b[^<>]*/>|<((?:\w+:)?pPr)\b.*?</\1>", b"", field, flags=re.DOTALL)
    return _FIELD.sub(rb"<\1\2r>", without)


def notes_only(data: bytes) -> tuple[bytes, int]:
    """Return a sheet's old drawing (VML, which is not always XML) without its controls, and how many there were."""
    controls = [
        match
        for match in _SHAPE.finditer(data)
        if (kind := _KIND.search(match[0])) and kind[1] != b"Note"  # the picture of a page header has no kind
    ]
    return xml_spans.splice(data, [(*match.span(), b"") for match in controls]), len(controls)
