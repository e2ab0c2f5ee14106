"""Our sheets behind those of a workbook that a user has already: a new file, in which nothing of theirs is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from opsbook.backends.ooxml import part_transfer, refusals, style_transfer, tab_transfer, xml_spans
from opsbook.backends.ooxml.package_session import Session
from opsbook.embed import conflicts


def join(own: Path, ours: Callable[[], bytes]) -> bytes:
    """Return a workbook with everything of the user's and, behind it, our sheets.

    Both share the lists of tabs, names, parts and content types, the styles and the texts; to these is added.
    The calculation chain goes, for Excel makes it anew. Every other part of the user's stays byte for byte.

    Args:
        own: The user's workbook; it is read only.
        ours: Makes a new workbook of ours without macros; called when the user's can be joined at all.

    Raises:
        BookError: With a sentence for people: it cannot be read, or something in it stands in the way.
    """
    content = refusals.check_readable(own)
    try:
        refusals.check_package(own.name, content, for_writing=True)
        session = Session(content)
        conflicts.check_own(own.name, session)
        added = Session(ours())
        conflicts.check(own.name, session, added)
        with xml_spans.understood("workbook"):
            _add(session, added)
        return session.parts.container.rebuilt(session.finish(), session.parts.dropped)
    except xml_spans.DamagedError as error:
        raise xml_spans.DamagedError(error.detail, own.name) from error


def _add(session: Session, added: Session) -> None:
    parts, book = session.parts, session.book.part
    numbers = style_transfer.add(parts, book, added)
    text = part_transfer.texts(session, added)
    found = {
        entry.title: part_transfer.carry(
            added.parts,
            parts,
            entry.part,
            part_transfer.renumbered(added.parts.read(entry.part), numbers, text, session),
        )
        for entry in added.book.sheets
    }
    tab_transfer.add(session, found)
    tab_transfer.define(session, added.book.names, tab_transfer.count(session) - len(found))
    for chain in parts.related(book, "calcChain"):
        parts.drop(chain, book)
