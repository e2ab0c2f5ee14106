"""Tabs and defined names of ours in the user's ``workbook.xml``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from opsbook.backends.ooxml import xml_spans
from opsbook.backends.ooxml.package_session import Session
from opsbook.backends.ooxml.workbook_part import DefinedName
from opsbook.backends.ooxml.xml_spans import Node

_RELATIONS = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORKSHEET = f"{_RELATIONS.decode()}/worksheet"
_DECLARED = re.compile(rb"xmlns:([\w.-]+)\s*=\s*[\"']" + re.escape(_RELATIONS) + rb"[\"']")


def count(session: Session) -> int:
    """Return how many tabs the workbook has, of whatever kind: by these numbers defined names tell their tab."""
    return len(_listing(session)[2].children)


def _listing(session: Session) -> tuple[bytes, Node, Node]:
    data = session.parts.read(session.book.part)
    root = xml_spans.parse(data)
    if (listing := root.child("sheets")) is None or listing.inner == listing.end:
        raise xml_spans.damaged("sheets")
    return data, root, listing


def add(session: Session, found: Mapping[str, str]) -> None:
    """Add tabs behind the others; which one is open stays.

    Only one tab may be selected, and which one is said in the user's own sheets.

    Args:
        session: The user's workbook.
        found: Part of each tab, by its title.
    """
    data, root, listing = _listing(session)
    prefix = xml_spans.prefix(data, listing)
    said = _DECLARED.search(data[root.start : root.inner])
    spelling, declared = (said[1], b"") if said else (b"r", b' xmlns:r="%b"' % _RELATIONS)
    last = max(int(node.attributes["sheetId"]) for node in listing.children)
    lines = [
        b'<%bsheet%b name="%b" sheetId="%d" %b:id="%b"/>'
        % (
            prefix,
            declared,
            xml_spans.escape_attribute(title),
            number,
            spelling,
            session.parts.relate(session.book.part, _WORKSHEET, part).encode(),
        )
        for number, (title, part) in enumerate(found.items(), start=last + 1)
    ]
    edit = (listing.inner_end, listing.inner_end, b"".join(lines))
    session.parts.write(session.book.part, xml_spans.splice(data, [edit]))


def insert(session: Session, title: str, part: str, before: str | None) -> int:
    """Add one tab, and return its number; which one is open stays.

    Args:
        session: The user's workbook.
        title: Of the tab.
        part: Its part.
        before: Title of the tab that it comes before; None for the end.
    """
    number = next(
        (at for at, entry in enumerate(session.book.sheets) if before and entry.title == before),
        count(session),
    )
    add(session, {title: part})
    data, root, listing = _listing(session)
    if number >= len(listing.children) - 1:
        return number
    last = listing.children[-1]
    line, at = data[last.start : last.end], listing.children[number].start
    edits = [(at, at, line), (last.start, last.end, b"")]
    for view in root.find("workbookView"):
        tag = data[view.start : view.inner]
        for name in ("activeTab", "firstSheet"):
            if int(view.attributes.get(name, "0")) >= number:
                tag = xml_spans.with_attribute(tag, name, str(int(view.attributes.get(name, "0")) + 1))
        edits.append((view.start, view.inner, tag))
    session.parts.write(session.book.part, xml_spans.splice(data, edits))
    for each in session.book.names:
        if each.scope is not None and each.scope >= number:
            each.scope += 1
    return number


def define(session: Session, names: Iterable[DefinedName], first: int) -> None:
    """Add our defined names, save those that the user's workbook has with the same text.

    Args:
        session: The user's workbook.
        names: Of our workbook.
        first: Number of our first tab.
    """
    for each in names:
        if each.scope is not None:
            session.book.names.append(replace(each, scope=each.scope + first))
        elif session.book.name(each.name) is None:
            session.book.names.append(each)
