"""Parts of ours carried into the user's package under free names, their styles and texts numbered as theirs."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from opsbook.backends.ooxml import xml_spans
from opsbook.backends.ooxml.format_numbers import FormatNumbers
from opsbook.backends.ooxml.package_parts import Parts, relations_of
from opsbook.backends.ooxml.package_session import Session

# Our worksheets are as XlsxWriter writes them: no prefixes, attributes in one order.
_UNSTYLED = re.compile(rb'(<c r="[A-Z]+[0-9]+")(?! s=)')
_STYLE = re.compile(rb'(<(?:c|row) [^<>]*?\bs="|<col [^<>]*?\bstyle=")([0-9]+)')
_TEXT = re.compile(rb'(\bt="s"><v>)([0-9]+)')
_RULE = re.compile(rb'(<cfRule [^<>]*?\bdxfId=")([0-9]+)')
_DYNAMIC = re.compile(rb'(<c [^<>]*?\bcm=")1(?=")')
_SELECTED = b' tabSelected="1"'


def texts(session: Session, added: Session) -> Callable[[int], int]:
    """Return what numbers our shared texts anew; they are added to the user's, or carried along where there are none.

    Args:
        session: The user's workbook.
        added: Ours.
    """
    theirs, ours = session.strings, added.strings
    if theirs is None:
        attach(session.parts, session.book.part, added, "sharedStrings")
        return lambda index: index
    if ours is None:  # a workbook of ours is full of texts
        raise ValueError("our workbook has no shared texts")
    return lambda index: theirs.index(ours[index])


def attach(parts: Parts, book: str, added: Session, kind: str) -> None:
    """Carry the one part that our workbook has of a kind, and tie it to the user's workbook."""
    (relation,) = (
        each for each in added.parts.relationships(added.book.part) if each.kind.endswith(f"/{kind}")
    )
    parts.relate(book, relation.kind, carry(added.parts, parts, relation.target))


def renumbered(sheet: bytes, numbers: FormatNumbers, text: Callable[[int], int], session: Session) -> bytes:
    """Return a worksheet of ours that speaks of the user's styles, texts and metadata; its tab is not the selected one."""
    sheet = _UNSTYLED.sub(rb'\1 s="0"', sheet)
    sheet = _STYLE.sub(lambda match: b"%b%d" % (match[1], numbers.cells[int(match[2])]), sheet)
    sheet = _TEXT.sub(lambda match: b"%b%d" % (match[1], text(int(match[2]))), sheet)
    sheet = _RULE.sub(lambda match: b"%b%d" % (match[1], numbers.rule(int(match[2]))), sheet)
    if _DYNAMIC.search(sheet):
        sheet = _DYNAMIC.sub(lambda match: match[1] + session.dynamic.encode(), sheet)
    return sheet.replace(_SELECTED, b"")


def carry(ours: Parts, parts: Parts, part: str, data: bytes | None = None) -> str:
    """Copy a part and all that it leads to, and return the name that it has now.

    Args:
        ours: Our package.
        parts: The user's.
        part: Of ours; each is led to by one other part alone.
        data: What the copy holds; None for the same.
    """
    name, types = parts.free(part), ours.content_types()
    parts.add(name, ours.read(part) if data is None else data, types[part])
    source = ours.find(relations_of(part))
    if source is None:
        return name
    lines, moved = ours.read(source), {each.id: each.target for each in ours.relationships(part)}
    edits = []
    for node in xml_spans.parse(lines).children:
        target = carry(ours, parts, moved[node.attributes["Id"]])
        path = posixpath.relpath(target, posixpath.dirname(name))
        tag = xml_spans.with_attribute(lines[node.start : node.inner], "Target", path)
        edits.append((node.start, node.inner, tag))
    parts.add(relations_of(name), xml_spans.splice(lines, edits), types[source])
    return name
