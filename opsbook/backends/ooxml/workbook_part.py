"""The part ``workbook.xml``: sheets, defined names, the date epoch and the calculation settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opsbook.backends.ooxml import xml_spans
from opsbook.backends.ooxml.xml_spans import Node

if TYPE_CHECKING:
    from opsbook.backends.ooxml.package_parts import Parts

_RELATION_ID = "id"  # of the relationships namespace, which has several spellings
# What may stand before the element in the schema's order.
_BEFORE_NAMES = (
    "fileVersion",
    "fileSharing",
    "workbookPr",
    "AlternateContent",
    "revisionPtr",
    "workbookProtection",
    "bookViews",
    "sheets",
    "functionGroups",
    "externalReferences",
)
_BEFORE_CALCULATION = (*_BEFORE_NAMES, "definedNames")


@dataclass(frozen=True)
class SheetEntry:
    """A tab: its title as shown, and its part (of a worksheet or a chart sheet)."""

    title: str
    part: str
    worksheet: bool


@dataclass
class DefinedName:
    """A defined name; ``scope`` is the tab's number, or None for the whole workbook; Excel shows its comment."""

    name: str
    text: str
    scope: int | None
    hidden: bool = False
    comment: str = ""


class BookPart:
    """What ``workbook.xml`` says; names are kept here and put into the part by `store`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.part = parts.workbook
        root = self._root()
        self.sheets = tuple(self._sheet_entries(root))
        properties = root.child("workbookPr")
        epoch = properties.attributes.get("date1904", "0") if properties else "0"
        self.date1904 = epoch in ("1", "true")
        self.names = [_read_name(node) for node in _name_nodes(root)]
        self._listed = list(self.names)  # as the part lists them

    def _root(self) -> Node:
        return xml_spans.parse(self._parts.read(self.part))

    def _sheet_entries(self, root: Node) -> list[SheetEntry]:
        targets = {each.id: each for each in self._parts.relationships(self.part)}
        listing = root.child("sheets")
        entries = []
        for node in listing.children if listing else []:
            ids = [
                value for name, value in node.attributes.items() if name.rpartition(" ")[2] == _RELATION_ID
            ]
            target = targets.get(ids[0]) if ids else None
            if target:
                entry = SheetEntry(node.attributes["name"], target.target, target.kind.endswith("/worksheet"))
                entries.append(entry)
        return entries

    def listed(self) -> tuple[SheetEntry, ...]:
        """Return the tabs as the part lists them now."""
        return tuple(self._sheet_entries(self._root()))

    def sheet(self, title: str) -> SheetEntry | None:
        """Return the worksheet of that title, compared without case as Excel does, or None."""
        wanted = title.casefold()
        return next(
            (each for each in self.sheets if each.worksheet and each.title.casefold() == wanted), None
        )

    def name(self, name: str) -> DefinedName | None:
        """Return the workbook-scoped name, or None."""
        wanted = name.casefold()
        return next(
            (each for each in self.names if each.scope is None and each.name.casefold() == wanted), None
        )

    def store(self) -> None:
        """Write the names that were changed or added into the part; the others stay as written."""
        data = self._parts.read(self.part)
        root = xml_spans.parse(data)
        nodes = _name_nodes(root)
        edits = []
        for node, entry in zip(nodes, self._listed, strict=True):
            if not any(each is entry for each in self.names):
                edits.append((node.start, node.end, b""))
                continue
            was = _read_name(node)
            if was.text != entry.text:
                edits.append((node.inner, node.inner_end, xml_spans.escape(entry.text)))
            tag = data[node.start : node.inner]
            if was.comment != entry.comment:
                tag = xml_spans.with_attribute(tag, "comment", entry.comment or None)
            if was.scope != entry.scope:
                scope = None if entry.scope is None else str(entry.scope)
                tag = xml_spans.with_attribute(tag, "localSheetId", scope)
            if tag != data[node.start : node.inner]:
                edits.append((node.start, node.inner, tag))
        if added := [each for each in self.names if not any(each is old for old in self._listed)]:
            prefix = xml_spans.prefix(data, root)
            lines = b"".join(line(prefix, each) for each in added)
            listing = root.child("definedNames")
            if listing and listing.inner != listing.end:
                edits.append((listing.inner_end, listing.inner_end, lines))
            else:
                whole = b"<%bdefinedNames>%b</%bdefinedNames>" % (prefix, lines, prefix)
                at = listing.start if listing else behind(root, _BEFORE_NAMES)
                edits.append((at, listing.end if listing else at, whole))
        if edits:
            self._parts.write(self.part, xml_spans.splice(data, edits))
            self._listed = [_read_name(node) for node in _name_nodes(self._root())]
            self.names = list(self._listed)

    def calculate_on_load(self) -> None:
        """Ask Excel to recalculate everything when it opens the file."""
        data = self._parts.read(self.part)
        root = xml_spans.parse(data)
        node = root.child("calcPr")
        if node:
            tag = xml_spans.with_attribute(data[node.start : node.inner], "fullCalcOnLoad", "1")
            edit = (node.start, node.inner, tag)
        else:
            at = behind(root, _BEFORE_CALCULATION)
            edit = (at, at, b'<%bcalcPr fullCalcOnLoad="1"/>' % xml_spans.prefix(data, root))
        self._parts.write(self.part, xml_spans.splice(data, [edit]))


def _name_nodes(root: Node) -> list[Node]:
    listing = root.child("definedNames")
    return [node for node in listing.children if node.name == "definedName"] if listing else []


def _read_name(node: Node) -> DefinedName:
    scope = node.attributes.get("localSheetId")
    hidden = node.attributes.get("hidden") in ("1", "true")
    said = node.attributes
    return DefinedName(
        said.get("name", ""), node.text, int(scope) if scope else None, hidden, said.get("comment", "")
    )


def line(prefix: bytes, entry: DefinedName) -> bytes:
    """Return a defined name as the part has it."""
    tag = b'<%bdefinedName name="%b">' % (prefix, xml_spans.escape_attribute(entry.name))
    tag = xml_spans.with_attribute(tag, "localSheetId", None if entry.scope is None else str(entry.scope))
    tag = xml_spans.with_attribute(tag, "hidden", "1" if entry.hidden else None)
    tag = xml_spans.with_attribute(tag, "comment", entry.comment or None)
    return tag + xml_spans.escape(entry.text) + b"</%bdefinedName>" % prefix


def behind(root: Node, names: tuple[str, ...]) -> int:
    """Return the offset behind the last child of one of these names: the schema demands an order."""
    return max((node.end for node in root.children if node.name in names), default=root.inner)


def input_styles(parts: Parts, workbook: str, style: str) -> frozenset[int]:
    """Return the cell formats (values of ``s``) that follow the named cell style ``style``."""
    found = parts.related(workbook, "styles")
    if not found:
        return frozenset()
    root = xml_spans.parse(parts.read(found[0]))
    listing, formats = root.child("cellStyles"), root.child("cellXfs")
    if not listing or not formats:
        return frozenset()
    ids = {node.attributes.get("xfId") for node in listing.children if node.attributes.get("name") == style}
    return frozenset(
        at for at, node in enumerate(formats.children) if node.attributes.get("xfId", "0") in ids
    )
