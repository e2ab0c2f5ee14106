"""An Office file taken apart, for the rules that look at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conform.formulas import faults_of

if TYPE_CHECKING:
    from lxml import etree

M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
XM = "{http://schemas.microsoft.com/office/excel/2006/main}"


@dataclass
class Package:
    """An Office file taken apart.

    Attributes:
        name: Of the file.
        parts: Content by name.
        faults: What was found, each a code and what it is about.
        trees: Parts that are XML.
        links: Relationships by the part that they are of: id to kind and target (empty for one out of the file).
    """

    name: str
    parts: dict[str, bytes]
    faults: list[tuple[str, str]] = field(default_factory=list)
    trees: dict[str, etree._Element] = field(default_factory=dict)
    links: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)

    def say(self, code: str, text: str) -> None:
        """Note a fault."""
        self.faults.append((code, text))

    def one(self, owner: str, kind: str) -> etree._Element | None:
        """Return the part that another has of a kind, taken apart, or None."""
        found = (target for name, target in self.links.get(owner, {}).values() if name.endswith(f"/{kind}"))
        return self.trees.get(next(found, ""))


@dataclass
class Book:
    """What its sheets need to know of a workbook."""

    package: Package
    main: str
    titles: list[str]
    names: dict[str, str]
    macros: frozenset[str]
    strings: list[str]
    formats: list[etree._Element]
    rules: int
    dynamic: list[bool]

    @property
    def called(self) -> set[str]:
        """Names that can be called as functions, folded."""
        return set(self.names) | self.macros

    def formula(self, text: str, where: str) -> None:
        """Note what is wrong with a formula."""
        for fault in faults_of(text, self.titles, self.called):
            self.package.say("formula", f"{where}: {fault}")
