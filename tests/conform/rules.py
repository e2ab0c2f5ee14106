"""What Excel would repair, refuse or show wrongly in a package, as far as a few hundred lines know it.

Microsoft's validator (see ``.ci/run``) knows the schemas by heart; these rules look at what it does not: indices,
references, orders that matter, formulas, and four things that are only seen on the screen.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import unquote

from conform.model import Package, R
from conform.workbook_rules import look_at_workbook
from lxml import etree

if TYPE_CHECKING:
    from pathlib import Path

MAIN_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    ".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    ".xlam": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
}


def faults(path: Path) -> list[tuple[str, str]]:
    """Return code and place of everything that is wrong with a file."""
    content = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = packed.namelist()
        package = Package(path.name, {name: packed.read(name) for name in names})
    for name, number in Counter(name.lower() for name in names).items():
        if number > 1:
            package.say("part-twice", name)
    for name, data in package.parts.items():
        if name.endswith((".xml", ".rels", ".vml")):
            try:
                package.trees[name] = etree.fromstring(data)
            except etree.XMLSyntaxError as error:
                package.say("xml", f"{name}: {error}")
    if path.suffix in MAIN_TYPES and not package.faults:
        _links(package)
        _types(package, path.suffix)
        if path.suffix != ".pptx":
            look_at_workbook(package)
    return package.faults


def _links(package: Package) -> None:
    lower = {name.lower(): name for name in package.parts}
    for name, tree in package.trees.items():
        if not (match := re.fullmatch(r"(.*?)_rels/([^/]*)\.rels", name)):
            continue
        owner = match[1] + match[2]
        found = package.links.setdefault(owner, {})
        for node in tree:
            target, number = node.get("Target", ""), node.get("Id", "")
            if number in found:
                package.say("link-twice", f"{name}: {number}")
            if node.get("TargetMode") == "External" or target.startswith("#"):
                found[number] = node.get("Type", ""), ""
                continue
            whole = posixpath.normpath(posixpath.join("/", posixpath.dirname(owner), target)).lstrip("/")
            part = lower.get(whole.lower()) or lower.get(unquote(whole).lower())
            if part is None:
                package.say("link-nowhere", f"{name}: {number} to {target}")
            found[number] = node.get("Type", ""), part or ""
    for name, tree in package.trees.items():
        if not name.endswith(".rels"):
            for node in tree.iter(etree.Element):
                for key, value in node.attrib.items():
                    known = value in package.links.get(name, {})
                    if key in {f"{R}id", f"{R}embed", f"{R}link"} and value and not known:
                        package.say("link-unknown", f"{name}: {value}")


def _types(package: Package, ending: str) -> None:
    types = package.trees.get("[Content_Types].xml")
    if types is None:
        package.say("types", "[Content_Types].xml is missing")
        return
    defaults = {
        node.get("Extension", "").lower(): node.get("ContentType") for node in types if node.get("Extension")
    }
    given = [node for node in types if node.get("PartName")]
    overrides = {node.get("PartName", "").lstrip("/").lower(): node.get("ContentType") for node in given}
    if len(overrides) != len(given):
        package.say("types", "a part is named twice")
    for name in package.parts:
        if name == "[Content_Types].xml" or name.endswith("/"):
            continue
        if not overrides.get(name.lower()) and not defaults.get(name.rpartition(".")[2].lower()):
            package.say("types", f"{name} has none")
    main = next(
        (to for kind, to in package.links.get("", {}).values() if kind.endswith("/officeDocument")), ""
    )
    if overrides.get(main.lower(), defaults.get(main.rpartition(".")[2].lower())) != MAIN_TYPES[ending]:
        package.say("types", f"{main} is not what {ending} says")
    package.parts.setdefault("", main.encode())
