"""Our sheets behind those of a workbook that a user has already: a new file, in which nothing of theirs is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opsbook.hosts.joined import carrying, clashes, styles, tabs
from opsbook.hosts.package import markup, refusals
from opsbook.hosts.package.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


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
        clashes.check_own(own.name, session)
        added = Session(ours())
        clashes.check(own.name, session, added)
        with markup.understood("workbook"):
            _add(session, added)
        return session.parts.container.rebuilt(session.finish(), session.parts.dropped)
    except markup.DamagedError as error:
        raise markup.DamagedError(error.detail, own.name) from error


def _add(session: Session, added: Session) -> None:
    parts, book = session.parts, session.book.part
    numbers = styles.add(parts, book, added)
    text = carrying.texts(session, added)
    found = {
        entry.title: carrying.carry(
            added.parts,
            parts,
            entry.part,
            carrying.renumbered(added.parts.read(entry.part), numbers, text, session),
        )
        for entry in added.book.sheets
    }
    tabs.add(session, found)
    tabs.define(session, added.book.names, tabs.count(session) - len(found))
    for chain in parts.related(book, "calcChain"):
        parts.drop(chain, book)
