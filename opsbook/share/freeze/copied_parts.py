"""The parts of the copy: those that its sheets lead to, and no other."""

from __future__ import annotations

import re
from collections.abc import Collection

from opsbook.backends.ooxml import package_parts as kinds
from opsbook.backends.ooxml import xml_spans
from opsbook.backends.ooxml.package_parts import Parts
from opsbook.backends.ooxml.xml_spans import Node

WORKBOOK = kinds.WORKBOOK_TYPES[0]
# The last word of a relationship's type. What is not named here may carry data, code or a way out of the file:
# pivot caches, connections, queries, other workbooks, macros, ribbons, properties, pictures of the first page.
_KEPT = frozenset(
    """officeDocument worksheet chartsheet styles theme sharedStrings sheetMetadata person drawing vmlDrawing
    comments threadedComment table printerSettings hyperlink image hdphoto media chart chartEx chartStyle
    chartColorStyle chartUserShapes themeOverride diagramData diagramLayout diagramQuickStyle diagramColors
    diagramDrawing FeaturePropertyBag rdRichValue rdRichValueStructure rdRichValueTypes rdRichValueWebImage
    richValueRel rdArray richStyles rdSupportingPropertyBag rdSupportingPropertyBagStructure""".split()  # noqa: SIM905
)
_UNNAMED = "diagramDrawing"  # the one relationship of a drawing that the drawing does not name


def living(parts: Parts, owner: str, unwanted: Collection[str]) -> set[str]:
    """Return the ids of a part's relationships that stay in the copy, those out of the file included.

    Args:
        parts: Of the workbook.
        owner: The part; empty for the package itself.
        unwanted: Parts that are not in the copy whatever leads to them.
    """
    targets = {each.id: each.target for each in parts.relationships(owner)}
    return {
        node.attributes.get("Id", "")
        for node in _lines(parts, owner)
        if _kind(node) in _KEPT and targets.get(node.attributes.get("Id", "")) not in unwanted
    }


def keep_reached(parts: Parts, unwanted: Collection[str]) -> None:
    """Drop every part that nothing in the copy leads to, with what said so.

    Args:
        parts: Of the workbook, what leads nowhere already cut.
        unwanted: Parts that are not in the copy whatever leads to them.
    """
    reached: set[str] = set()
    waiting = [""]
    while waiting:
        owner = waiting.pop()
        _cut_relations(parts, owner, unwanted)
        for each in parts.relationships(owner):
            if each.target not in reached:
                reached.add(each.target)
                waiting.append(each.target)
    lists = {kinds.CONTENT_TYPES.lower()} | {kinds.relations_of(part).lower() for part in (*reached, "")}
    for name in parts.container.names:
        if name not in reached and name.lower() not in lists:
            parts.changed.pop(name, None)
            parts.dropped.add(name)
    _content_types(parts)


def _lines(parts: Parts, owner: str) -> list[Node]:
    source = parts.find(kinds.relations_of(owner))
    return xml_spans.parse(parts.read(source)).children if source else []


def _kind(node: Node) -> str:
    return node.attributes.get("Type", "").rpartition("/")[2]


def _cut_relations(parts: Parts, owner: str, unwanted: Collection[str]) -> None:
    source = parts.find(kinds.relations_of(owner))
    if source is None:
        return
    alive = living(parts, owner, unwanted)
    if "/drawings/" in f"/{owner}":  # what was cut from a drawing took its pictures and charts along
        said = parts.read(owner)
        alive = {
            node.attributes["Id"]
            for node in _lines(parts, owner)
            if node.attributes.get("Id") in alive
            and (_kind(node) == _UNNAMED or re.search(b"[\"']%b[\"']" % node.attributes["Id"].encode(), said))
        }
    gone = [node for node in _lines(parts, owner) if node.attributes.get("Id") not in alive]
    parts.write(source, xml_spans.splice(parts.read(source), [(node.start, node.end, b"") for node in gone]))


def _content_types(parts: Parts) -> None:
    """Leave only the types of parts that are there; the workbook is one without macros."""
    name = parts.find(kinds.CONTENT_TYPES) or kinds.CONTENT_TYPES
    here = {each.lower() for each in parts.container.names if each not in parts.dropped}
    endings = {each.rpartition(".")[2] for each in here}
    data = parts.read(name)
    edits = []
    for node in xml_spans.parse(data).children:
        part = node.attributes.get("PartName", "").lstrip("/").lower()
        if (
            node.attributes.get("Extension", "").lower() not in endings
            if node.name == "Default"
            else part not in here
        ):
            edits.append((node.start, node.end, b""))
        elif part == parts.workbook.lower():
            tag = xml_spans.with_attribute(data[node.start : node.inner], "ContentType", WORKBOOK)
            edits.append((node.start, node.inner, tag))
    parts.write(name, xml_spans.splice(data, edits))
