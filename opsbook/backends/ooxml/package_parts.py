"""How the parts of a package hang together: relationships, content types, and which part is what."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from itertools import chain, count
from typing import TYPE_CHECKING
from urllib.parse import unquote

from opsbook.backends.ooxml import xml_spans
from opsbook.backends.ooxml.xml_spans import damaged

if TYPE_CHECKING:
    from opsbook.backends.ooxml.zip_container import Container

CONTENT_TYPES = "[Content_Types].xml"
WORKBOOK_MACRO = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
WORKBOOK_TYPES = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
    "application/vnd.ms-excel.template.macroEnabled.main+xml",
    WORKBOOK_MACRO,
)
BINARY_WORKBOOK = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
PIVOT_CACHE = "application/vnd.openxmlformats-officedocument.spreadsheetml.pivotCacheDefinition+xml"
_DOCUMENT = "/officeDocument"  # the ends of relationship types: strict and transitional differ in front


@dataclass(frozen=True)
class Relationship:
    """One line of a ``.rels`` part; ``target`` is a part's name without a leading slash, as the zip spells it."""

    id: str
    kind: str
    target: str


def relations_of(part: str) -> str:
    """Return where the relationships of a part stand; ``""`` is the package itself."""
    folder, base = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{base}.rels")


class Parts:
    """The current content of every part: as in the container, or as changed since."""

    def __init__(self, container: Container) -> None:
        self.container = container
        self.changed: dict[str, bytes] = {}
        self.dropped: set[str] = set()
        self._added: dict[str, str] = {}  # spelled as we do, by the folded name

    def find(self, name: str) -> str | None:
        """Return the part's name as the file spells it, or None."""
        for spelling in (name, unquote(name)):
            found = self._added.get(spelling.lower()) or self.container.find(spelling)
            if found:
                return None if found in self.dropped else found
        return None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parts, in the order of the file, those that were added last."""
        return (*(name for name in self.container.names if name not in self.dropped), *self._added.values())

    def read(self, name: str) -> bytes:
        """Return the part's bytes, which must be UTF-8.

        Raises:
            BookError: There is no such part, or it is damaged.
        """
        if name in self.changed:
            return self.changed[name]
        data = self.container.read(name)
        if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"UTF-16" in data[:100].upper():
            raise damaged(f"{name}: UTF-16")
        return data

    def write(self, name: str, data: bytes) -> None:
        """Replace a part, unless it says the same already."""
        if data != self.read(name):
            self.changed[name] = data

    def relationships(self, part: str) -> list[Relationship]:
        """Return the part's relationships to other parts inside the package; ``""`` is the package itself."""
        source = self.find(relations_of(part))
        if source is None:
            return []
        folder, found = posixpath.dirname(part), []
        for node in xml_spans.parse(self.read(source)).children:
            values = node.attributes
            if values.get("TargetMode") == "External" or "Target" not in values:
                continue
            target = posixpath.normpath(posixpath.join("/" + folder, values["Target"])).lstrip("/")
            if name := self.find(target):
                found.append(Relationship(values.get("Id", ""), values.get("Type", ""), name))
        return found

    def related(self, part: str, kind: str) -> list[str]:
        """Return the parts to which ``part`` has a relationship of a type that ends in ``/kind``."""
        return [each.target for each in self.relationships(part) if each.kind.endswith(f"/{kind}")]

    @property
    def workbook(self) -> str:
        """Name of the workbook part."""
        found = self.related("", _DOCUMENT[1:])
        if not found:
            raise damaged("officeDocument")
        return found[0]

    def content_types(self) -> dict[str, str]:
        """Return each part's content type, by the part's name as the file spells it."""
        defaults, overrides = {}, {}
        for node in xml_spans.parse(self.read(self._types_part())).children:
            kind = node.attributes.get("ContentType", "")
            if node.name == "Default":
                defaults[node.attributes.get("Extension", "").lower()] = kind
            elif node.name == "Override":
                overrides[node.attributes.get("PartName", "").lstrip("/").lower()] = kind
        return {
            name: overrides.get(name.lower()) or defaults.get(name.rpartition(".")[2].lower(), "")
            for name in self.names
        }

    def of_type(self, kind: str) -> list[str]:
        """Return the parts of a content type, in the order of the file."""
        return [name for name, found in self.content_types().items() if found == kind]

    def drop(self, part: str, owner: str) -> None:
        """Take a part away with its content type and its relationship from ``owner``."""
        types = self._types_part()
        self._cut(types, lambda values: values.get("PartName", "").lstrip("/").lower() == part.lower())
        source = self.find(relations_of(owner))
        if source is not None:
            ids = {each.id for each in self.relationships(owner) if each.target == part}
            self._cut(source, lambda values: values.get("Id") in ids)
        self.changed.pop(part, None)
        self.dropped.add(part)

    def free(self, name: str) -> str:
        """Return a part's name if no part has it or had it, else the first one with another number."""
        numbered = re.sub(r"[0-9]*(?=\.[^./]*$)", "{}", name, count=1)
        names = chain([name], map(numbered.format, count(1)))
        return next(each for each in names if not self.find(each) and not self.container.find(each))

    def add(self, name: str, data: bytes, kind: str) -> None:
        """Add a part.

        Args:
            name: A free one, as the zip spells it.
            data: Its bytes.
            kind: Its content type.
        """
        self._added[name.lower()] = name
        self.changed[name] = data
        if self.content_types()[name] != kind:  # some files say the type of no ending, not even of .rels
            self._append(self._types_part(), "Override", {"PartName": f"/{name}", "ContentType": kind})

    def relate(self, owner: str, kind: str, target: str) -> str:
        """Add a relationship between two parts and return its id.

        Args:
            owner: A part that has relationships already.
            kind: Type of the relationship.
            target: The other part.
        """
        source = self.find(relations_of(owner)) or relations_of(owner)
        ids = {node.attributes.get("Id") for node in xml_spans.parse(self.read(source)).children}
        new = next(each for at in count(1) if (each := f"rId{at}") not in ids)
        path = posixpath.relpath(target, posixpath.dirname(owner) or ".")
        self._append(source, "Relationship", {"Id": new, "Type": kind, "Target": path})
        return new

    def _append(self, part: str, name: str, attributes: dict[str, str]) -> None:
        """Add an element at the end of a part."""
        data = self.read(part)
        root = xml_spans.parse(data)
        said = "".join(
            f' {key}="{xml_spans.escape_attribute(value).decode()}"' for key, value in attributes.items()
        )
        element = b"<%b%b%b/>" % (xml_spans.prefix(data, root), name.encode(), said.encode())
        self.write(part, xml_spans.splice(data, [(root.inner_end, root.inner_end, element)]))

    def _cut(self, part: str, unwanted: Callable[[dict[str, str]], bool]) -> None:
        data = self.read(part)
        nodes = [node for node in xml_spans.parse(data).children if unwanted(node.attributes)]
        self.write(part, xml_spans.splice(data, [(node.start, node.end, b"") for node in nodes]))

    def _types_part(self) -> str:
        return self.find(CONTENT_TYPES) or CONTENT_TYPES


if TYPE_CHECKING:
    from collections.abc import Callable
