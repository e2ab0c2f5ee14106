"""The part ``workbook.xml`` of the copy: its sheets, the names that lead somewhere, and nothing of the macros."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from opsbook.backends.ooxml import workbook_part, xml_spans
from opsbook.backends.ooxml.workbook_part import DefinedName
from opsbook.backends.ooxml.xml_spans import Node

if TYPE_CHECKING:
    from opsbook.backends.ooxml.package_session import Session

# Everything else is about macros, other workbooks, pivot tables, single persons, or says where the file lay.
_KEPT = frozenset("fileVersion workbookPr workbookProtection bookViews sheets definedNames calcPr".split())  # noqa: SIM905
_MACRO_NAME = ("function", "vbProcedure", "xlm")


def names_that_may_stay(session: Session, kept: list[int]) -> list[int]:
    """Return the indices of the defined names that are neither of macros nor of a sheet that goes.

    Args:
        session: The workbook.
        kept: Indices of the tabs that stay.
    """
    root = xml_spans.parse(session.parts.read(session.book.part))
    listing = root.child("definedNames")
    nodes = [node for node in listing.children if node.name == "definedName"] if listing else []
    return [
        at
        for at, (node, name) in enumerate(zip(nodes, session.book.names, strict=True))
        if (name.scope is None or name.scope in kept)
        and not any(node.attributes.get(each, "0") in ("1", "true") for each in _MACRO_NAME)
    ]


def rewrite(
    session: Session, kept: list[int], stays: list[int], added: Iterable[DefinedName], *, formulas: bool
) -> None:
    """Write the part anew.

    Args:
        session: The workbook.
        kept: Indices of the tabs that stay.
        stays: Indices of the defined names that stay.
        added: Defined names to make.
        formulas: Whether there is anything that Excel may have to calculate.
    """
    parts, part = session.parts, session.book.part
    data = parts.read(part)
    root = xml_spans.parse(data)
    edits = [(node.start, node.end, b"") for node in root.children if node.name not in _KEPT]
    sheets, listing, views = root.child("sheets"), root.child("definedNames"), root.child("bookViews")
    for at, node in enumerate(sheets.children if sheets else []):
        if at not in kept:
            edits.append((node.start, node.end, b""))
    prefix = xml_spans.prefix(data, root)
    lines = [workbook_part.line(prefix, each) for each in added]
    if listing and listing.inner != listing.end:
        edits += _names(data, listing, kept, set(stays))
        edits.append((listing.inner_end, listing.inner_end, b"".join(lines)))
    elif sheets:
        whole = b"<%bdefinedNames>%b</%bdefinedNames>" % (prefix, b"".join(lines), prefix)
        at = listing.start if listing else sheets.end
        edits.append((at, listing.end if listing else at, whole))
    calculation = root.child("calcPr")
    if calculation and not formulas:
        tag = xml_spans.with_attribute(data[calculation.start : calculation.inner], "fullCalcOnLoad", None)
        edits.append((calculation.start, calculation.inner, tag))
    for view in views.children if views else []:
        tag = data[view.start : view.inner]
        was = int(view.attributes.get("activeTab", "0"))
        active = kept.index(was) if was in kept else 0
        tag = xml_spans.with_attribute(tag, "activeTab", str(active) if active else None)
        edits.append((view.start, view.inner, xml_spans.with_attribute(tag, "firstSheet", None)))
    parts.write(part, xml_spans.splice(data, edits))


def _names(data: bytes, listing: Node, kept: list[int], stays: set[int]) -> list[tuple[int, int, bytes]]:
    edits = []
    nodes = [node for node in listing.children if node.name == "definedName"]
    for at, node in enumerate(nodes):
        scope = node.attributes.get("localSheetId")
        if at not in stays:
            edits.append((node.start, node.end, b""))
        elif scope is not None:
            tag = xml_spans.with_attribute(
                data[node.start : node.inner], "localSheetId", str(kept.index(int(scope)))
            )
            edits.append((node.start, node.inner, tag))
    return edits


def stale(session: Session) -> bool:
    """Whether Excel is asked to calculate the workbook anew: values beside the user's formulas may be old."""
    node = xml_spans.parse(session.parts.read(session.book.part)).child("calcPr")
    return node is not None and node.attributes.get("fullCalcOnLoad") in ("1", "true")


def selected(frame: bytes, *, active: bool) -> bytes:
    """Return a sheet's frame that says of every view whether the tab is selected: only one may be."""
    edits = []
    for node in xml_spans.parse(frame).find("sheetView"):
        tag = frame[node.start : node.inner]
        edits.append(
            (node.start, node.inner, xml_spans.with_attribute(tag, "tabSelected", "1" if active else None))
        )
    return xml_spans.splice(frame, edits)
