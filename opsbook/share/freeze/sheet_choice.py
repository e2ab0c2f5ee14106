"""Which sheets the copy has: the reports and plans, and the sheets of the user's own that can be seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from opsbook.backends.ooxml import xml_spans
from opsbook.backends.ooxml.package_session import OURS, Session
from opsbook.backends.ooxml.workbook_part import SheetEntry
from opsbook.book import address, layout
from opsbook.domain.language import as_language

PASTE = ("粘贴", "Paste")
HANDED_ON = "report"  # the other pages are for typing, pasting and looking things up
_SHEETS = (".worksheet+xml", ".chartsheet+xml")


@dataclass(frozen=True)
class Choice:
    """The tabs by what becomes of them, each in the order of the workbook.

    Attributes:
        reports: Pages of ours that stay.
        own: Sheets of the user's own that stay.
        dropped: Pages of ours that go, paste sheets among them.
        hidden: Sheets that go because nobody sees them.
        unwanted: Sheets that go because the user said so.
    """

    reports: tuple[SheetEntry, ...]
    own: tuple[SheetEntry, ...]
    dropped: tuple[SheetEntry, ...]
    hidden: tuple[SheetEntry, ...]
    unwanted: tuple[SheetEntry, ...]

    @property
    def kept(self) -> tuple[SheetEntry, ...]:
        """Every tab of the copy."""
        return (*self.reports, *self.own)

    @property
    def gone(self) -> tuple[SheetEntry, ...]:
        """Every tab that the copy lacks."""
        return (*self.dropped, *self.hidden, *self.unwanted)


def choose(session: Session, without: Collection[str]) -> Choice:
    """Return what becomes of every tab.

    Args:
        session: The workbook.
        without: Titles that the user does not want in the copy.
    """
    pages, hidden, types = _pages(session), _hidden(session), session.parts.content_types()
    unwanted = {title.casefold() for title in without}
    found: dict[str, list[SheetEntry]] = {}
    for entry in session.book.sheets:
        title = entry.title.casefold()
        page = pages.get(title)
        if title in unwanted:
            fate = "unwanted"
        elif (
            title.startswith(tuple(each.casefold() for each in PASTE))
            or (page is not None and layout.pages()[page].tab != HANDED_ON)
            or not types[entry.part].endswith(_SHEETS)
        ):
            fate = "dropped"
        elif title in hidden:
            fate = "hidden"
        else:
            fate = "own" if page is None else "reports"
        found.setdefault(fate, []).append(entry)
    fates = ("reports", "own", "dropped", "hidden", "unwanted")
    return Choice(*(tuple(found.get(fate, ())) for fate in fates))


def _pages(session: Session) -> dict[str, str]:
    """Return the page of ours that a tab is, by its folded title: whose blocks it has most of, else by its title."""
    votes: dict[str, Counter[str]] = {}
    for name in session.book.names:
        page = name.name.casefold().removeprefix(OURS).partition(".")[0]
        place = address.parse(name.text) if name.name.casefold().startswith(OURS) else None
        if place and page in layout.pages():
            votes.setdefault(place.sheet.casefold(), Counter())[page] += 1
    found = {title: count.most_common(1)[0][0] for title, count in votes.items()}
    placed = set(found.values())
    language = as_language(session.constant("ops.language"))
    return found | {
        each.title[language].casefold(): each.id
        for each in layout.SHEETS
        if each.id not in placed and each.title[language].casefold() not in found
    }


def _hidden(session: Session) -> set[str]:
    root = xml_spans.parse(session.parts.read(session.book.part))
    return {
        node.attributes["name"].casefold()
        for node in root.find("sheet")
        if node.attributes.get("state", "visible") != "visible"
    }
