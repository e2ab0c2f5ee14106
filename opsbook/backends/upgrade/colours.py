"""Conditional formats that this version has for cells which the workbook has already: a new word gets its colour.

A rule is added where the cell has another rule of the template: who took all of them away wants none. Rules stop those
behind them, so that a new one goes to its place in the order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from opsbook.backends.ooxml import xml_spans
from opsbook.backends.ooxml.shifting import copied
from opsbook.backends.ooxml.xml_spans import Node
from opsbook.backends.upgrade.template import Template
from opsbook.book import address
from opsbook.book.address import Place

_FAR = 5000, 500  # where the formulas of all rules are compared, away from the edges
_STEP = 1000  # between priorities, for those that come in between
Key = tuple[str, ...]


@dataclass(frozen=True)
class Format:
    """An element ``conditionalFormatting``: its ranges, and its rules by what they say."""

    node: Node
    places: tuple[Place, ...]
    rules: dict[Key, Node]

    @property
    def home(self) -> Place:
        """The cell that its formulas are written for."""
        return self.places[0]


def complete(template: Template, title: str) -> int:
    """Add the rules that cells of a sheet lack; return how many.

    Args:
        template: With the workbook beside it.
        title: Of the sheet in the template.
    """
    here = template.titles[title]
    sheet, ours = template.target.sheet(here), template.session.sheet(title)
    theirs = _formats(sheet.frame_root)
    edits: list[tuple[int, int, bytes]] = []
    for wanted in _formats(ours.frame_root):
        places = [template.locate(replace(place, sheet=title)) for place in wanted.places]
        moved = tuple(replace(place, sheet="") for place in places if place and place.sheet == here)
        if len(moved) != len(places):
            continue
        first = moved[0]
        there = [each for each in theirs if any(p.holds(first.row, first.column) for p in each.places)]
        known = {key for each in there for key in each.rules}
        home = next((each for each in there if each.rules.keys() & wanted.rules.keys()), None)
        missing = [key for key in wanted.rules if key not in known]
        if home is not None and missing:
            edits += _added(template, ours.frame, wanted, home, moved, missing)
    if edits:
        sheet.set_frame(_numbered(_spread(sheet.frame, sheet.frame_root, edits)))
    return len(edits)


def _formats(root: Node) -> list[Format]:
    found = []
    for node in root.find("conditionalFormatting"):
        places = [address.parse(piece) for piece in node.attributes.get("sqref", "").split()]
        if places and all(places):
            known = tuple(place for place in places if place)
            rules = {_key(rule, known[0]): rule for rule in node.children if rule.name == "cfRule"}
            found.append(Format(node, known, rules))
    return found


def _key(rule: Node, home: Place) -> Key:
    """Return what a rule says, as if written for one cell far away."""
    step = _FAR[0] - home.row, _FAR[1] - home.column
    formulas = (copied(node.text, step, (0, 0)) for node in rule.children if node.name == "formula")
    return rule.attributes.get("type", ""), rule.attributes.get("operator", ""), *formulas


def _added(  # noqa: PLR0917
    template: Template,
    data: bytes,
    wanted: Format,
    home: Format,
    moved: tuple[Place, ...],
    missing: list[Key],
) -> list[tuple[int, int, bytes]]:
    """Return the edits that add rules: to the same element if it is for the same cells, else in one of their own."""
    same = set(home.places) == set(moved)
    target = home.home if same else moved[0]
    order, lines = list(wanted.rules), []
    for number, key in enumerate(missing):
        before = [home.rules[each] for each in order[: order.index(key)] if each in home.rules]
        base = int(before[-1].attributes.get("priority", "0")) * _STEP if before else 0
        step = target.row - wanted.home.row, target.column - wanted.home.column
        lines.append(_line(template, data, wanted.rules[key], step, base + number + 1))
    if same:
        return [(home.node.inner_end, home.node.inner_end, b"".join(lines))]
    spelled = " ".join(map(address.spell, moved)).encode()
    whole = b'<conditionalFormatting sqref="%b">%b</conditionalFormatting>' % (spelled, b"".join(lines))
    return [(home.node.end, home.node.end, whole)]


def _line(template: Template, data: bytes, rule: Node, step: tuple[int, int], priority: int) -> bytes:
    tag = xml_spans.with_attribute(data[rule.start : rule.inner], "priority", str(priority))
    if (number := rule.attributes.get("dxfId")) is not None:
        tag = xml_spans.with_attribute(tag, "dxfId", str(template.numbers.rule(int(number))))
    body = b"".join(
        b"<formula>%b</formula>" % xml_spans.escape(copied(node.text, step, step))
        for node in rule.children
        if node.name == "formula"
    )
    return tag + body + b"</cfRule>" if not tag.endswith(b"/>") else tag


def _spread(data: bytes, root: Node, edits: list[tuple[int, int, bytes]]) -> bytes:
    """Return a worksheet with new rules, room being made between the priorities of those that are there."""
    prefix = xml_spans.prefix(data, root)
    if prefix:
        edits = [
            (
                start,
                end,
                new.replace(b"</", b"\0").replace(b"<", b"<" + prefix).replace(b"\0", b"</" + prefix),
            )
            for start, end, new in edits
        ]
    spread = []
    for rule in root.find("cfRule"):
        if (old := rule.attributes.get("priority", "")).isdecimal():
            tag = xml_spans.with_attribute(data[rule.start : rule.inner], "priority", str(int(old) * _STEP))
            spread.append((rule.start, rule.inner, tag))
    return xml_spans.splice(data, [*edits, *spread])


def _numbered(data: bytes) -> bytes:
    """Return a worksheet with the priorities of its rules numbered from 1, in their order."""
    found = [
        (int(text), rule.start, rule)
        for rule in xml_spans.parse(data).find("cfRule")
        if (text := rule.attributes.get("priority", "")).isdecimal()
    ]
    edits = []
    for number, (_, _, rule) in enumerate(sorted(found, key=lambda each: each[:2]), start=1):
        tag = xml_spans.with_attribute(data[rule.start : rule.inner], "priority", str(number))
        edits.append((rule.start, rule.inner, tag))
    return xml_spans.splice(data, edits)
