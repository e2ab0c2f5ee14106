"""Conditional formats, validations and merged cells of the template, put into a sheet with the cells they are for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from opsbook.backends.ooxml import xml_spans
from opsbook.backends.ooxml.package_session import Session
from opsbook.backends.ooxml.shifting import copied, rewritten
from opsbook.backends.ooxml.workbook_part import behind
from opsbook.backends.ooxml.xml_spans import Node
from opsbook.backends.upgrade.template import Template
from opsbook.book import address
from opsbook.book.address import Place

# Elements of a worksheet in the order that the schema demands.
_ORDER = tuple(
    """sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios
    autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations""".split()  # noqa: SIM905
)
_LISTS = {"mergeCells": "mergeCell", "dataValidations": "dataValidation"}


def copy(template: Template, source: Place, title: str, row: int, column: int) -> None:
    """Put the rules and merged cells of some cells of the template into a sheet.

    Args:
        template: With the workbook beside it.
        source: Cells of the template.
        title: Of the sheet of the workbook.
        row: Where the first row of the cells is there.
        column: Where the first column is.
    """
    ours, sheet = template.session.sheet(source.sheet), template.target.sheet(title)
    down, right = row - source.row, column - source.column
    frame = ours.frame
    merged, validated, formatted = [], [], []
    priority = max(
        (
            int(text)
            for node in sheet.frame_root.find("cfRule")
            if (text := node.attributes.get("priority", "")).isdecimal()
        ),
        default=0,
    )
    for node in ours.frame_root.walk():
        if node.name == "mergeCell":
            place = address.parse(node.attributes.get("ref", ""))
            if (
                place
                and source.holds(place.row, place.column)
                and source.holds(place.last_row, place.last_column)
            ):
                new = replace(place, row=place.row + down, column=place.column + right)
                if not any(old.meets(new) for old in _places(sheet.frame_root, "mergeCell", "ref")):
                    merged.append(b'<mergeCell ref="%b"/>' % address.spell(new).encode())
        elif node.name == "dataValidation" and (areas := _inside(node, source)):
            if _has(sheet.frame_root, "dataValidation", _moved(areas[:1], down, right)[0]):
                continue
            validated.append(_rule(frame, node, areas, (down, right), template, source.sheet))
        elif node.name == "conditionalFormatting" and (areas := _inside(node, source)):
            body, priority = _formats(frame, node, areas, (down, right), template, source.sheet, priority)
            formatted.append(body)
    data = sheet.frame
    for name, items in (("mergeCells", merged), ("dataValidations", validated)):
        data = _listed(data, name, items)
    if formatted:
        root = xml_spans.parse(data)
        prefix = xml_spans.prefix(data, root)
        at = behind(root, _ORDER[: _ORDER.index("conditionalFormatting") + 1])
        data = xml_spans.splice(data, [(at, at, _prefixed(b"".join(formatted), prefix))])
    sheet.set_frame(data)


def _places(root: Node, name: str, attribute: str) -> Iterator[Place]:
    for node in root.find(name):
        for piece in node.attributes.get(attribute, "").split():
            if place := address.parse(piece):
                yield place


def _has(root: Node, name: str, place: Place) -> bool:
    """Whether a sheet has a rule of a kind for the first cell of a rectangle."""
    return any(old.holds(place.row, place.column) for old in _places(root, name, "sqref"))


def _inside(node: Node, source: Place) -> list[Place]:
    """Return the parts of a rule's ranges that are in a rectangle."""
    found = []
    for piece in node.attributes.get("sqref", "").split():
        place = address.parse(piece)
        if not place or not place.meets(source):
            continue
        row, column = max(place.row, source.row), max(place.column, source.column)
        last_row, last_column = (
            min(place.last_row, source.last_row),
            min(place.last_column, source.last_column),
        )
        found.append(Place("", row, column, last_row - row + 1, last_column - column + 1))
    return found


def _moved(areas: list[Place], down: int, right: int) -> list[Place]:
    return [replace(each, row=each.row + down, column=each.column + right) for each in areas]


def _spelled(areas: list[Place]) -> str:
    return " ".join(address.spell(each) for each in areas)


def _home(node: Node) -> Place:
    """Return the cell that the formulas of a rule are written for: the first one of its first range."""
    first = node.attributes.get("sqref", "").split()[0]
    place = address.parse(first)
    return place or Place("", 0, 0)


def _rule(  # noqa: PLR0917
    data: bytes, node: Node, areas: list[Place], step: tuple[int, int], template: Template, source: str
) -> bytes:
    """Return a validation for the cells where it goes."""
    tag = xml_spans.with_attribute(data[node.start : node.inner], "sqref", _spelled(_moved(areas, *step)))
    edits = [(node.start, node.inner, tag), *_formulas(node, _home(node), areas[0], step, template, source)]
    return _cut(data, node, edits)


def _formats(  # noqa: PLR0917
    data: bytes,
    node: Node,
    areas: list[Place],
    step: tuple[int, int],
    template: Template,
    source: str,
    priority: int,
) -> tuple[bytes, int]:
    """Return conditional formats for the cells where they go, and the last priority given."""
    tag = xml_spans.with_attribute(data[node.start : node.inner], "sqref", _spelled(_moved(areas, *step)))
    edits = [(node.start, node.inner, tag), *_formulas(node, _home(node), areas[0], step, template, source)]
    for rule in node.children:
        if rule.name != "cfRule":
            continue
        priority += 1
        opening = xml_spans.with_attribute(data[rule.start : rule.inner], "priority", str(priority))
        if (number := rule.attributes.get("dxfId")) is not None:
            opening = xml_spans.with_attribute(opening, "dxfId", str(template.numbers.rule(int(number))))
        edits.append((rule.start, rule.inner, opening))
        if extra := rule.child("extLst"):  # a second description of a data bar, elsewhere in the sheet
            edits.append((extra.start, extra.end, b""))
    return _cut(data, node, edits), priority


def _formulas(  # noqa: PLR0917
    node: Node, home: Place, first: Place, step: tuple[int, int], template: Template, source: str
) -> Iterator[tuple[int, int, bytes]]:
    relative = first.row - home.row + step[0], first.column - home.column + step[1]

    def elsewhere(place: Place) -> Place | None:
        return place if place.sheet == source else template.locate(place) or place

    for child in node.walk():
        if child.name in ("formula", "formula1", "formula2") and child.text:
            new = copied(rewritten(child.text, source, elsewhere), relative, step)
            if new != child.text:
                yield child.inner, child.inner_end, xml_spans.escape(new)


def _cut(data: bytes, node: Node, edits: list[tuple[int, int, bytes]]) -> bytes:
    piece = data[node.start : node.end]
    return xml_spans.splice(piece, [(a - node.start, b - node.start, new) for a, b, new in edits])


def _prefixed(data: bytes, prefix: bytes) -> bytes:
    return (
        data.replace(b"</", b"\0").replace(b"<", b"<" + prefix).replace(b"\0", b"</" + prefix)
        if prefix
        else data
    )


def _listed(data: bytes, name: str, items: list[bytes]) -> bytes:
    """Return a worksheet with elements added to one of its lists."""
    if not items:
        return data
    root = xml_spans.parse(data)
    listing = root.child(name)
    prefix = xml_spans.prefix(data, listing or root)
    lines = _prefixed(b"".join(items), prefix)
    if listing is None:
        at = behind(root, _ORDER[: _ORDER.index(name)] if name in _ORDER else _ORDER)
        whole = b'<%b%b count="%d">%b</%b%b>' % (
            prefix,
            name.encode(),
            len(items),
            lines,
            prefix,
            name.encode(),
        )
        return xml_spans.splice(data, [(at, at, whole)])
    count = str(len(listing.children) + len(items))
    tag = xml_spans.with_attribute(data[listing.start : listing.inner], "count", count)
    return xml_spans.splice(
        data, [(listing.start, listing.inner, tag), (listing.inner_end, listing.inner_end, lines)]
    )


def clear(session: Session, place: Place) -> None:
    """Take the merged cells and rules that are wholly inside of a rectangle away."""
    sheet = session.sheet(place.sheet)
    edits = []
    data = sheet.frame
    root = sheet.frame_root
    for name, attribute in (
        ("mergeCell", "ref"),
        ("dataValidation", "sqref"),
        ("conditionalFormatting", "sqref"),
    ):
        for node in root.find(name):
            pieces = [address.parse(piece) for piece in node.attributes.get(attribute, "").split()]
            kept = [
                each
                for each in pieces
                if each is None
                or not (place.holds(each.row, each.column) and place.holds(each.last_row, each.last_column))
            ]
            if len(kept) == len(pieces):
                continue
            if not kept:
                edits.append((node.start, node.end, b""))
            elif None not in kept:
                tag = data[node.start : node.inner]
                spelled = _spelled([each for each in kept if each])
                edits.append((node.start, node.inner, xml_spans.with_attribute(tag, attribute, spelled)))
    data = xml_spans.splice(data, edits)
    root = xml_spans.parse(data)
    edits = []
    for listing in root.children:
        if listing.name in _LISTS:
            if not listing.children:
                edits.append((listing.start, listing.end, b""))
            else:
                tag = data[listing.start : listing.inner]
                new = xml_spans.with_attribute(tag, "count", str(len(listing.children)))
                edits.append((listing.start, listing.inner, new))
    sheet.set_frame(xml_spans.splice(data, edits))
