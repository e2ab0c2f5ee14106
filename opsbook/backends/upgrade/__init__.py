"""A workbook that an earlier version made, brought to the layout of this one in place.

The template of this version is built in memory in the workbook's language and way of calculating. Both are compared by
the defined names of their blocks, and the workbook gets what it lacks: rows and columns of blocks, blocks, cells for
people, sheets, charts, labels. Everything of the user's stays and follows. Each step is done to the package, and kept, so
that it can be done to a workbook that is open in Excel as well.
"""

from __future__ import annotations

from opsbook.backends.ooxml import drawings
from opsbook.backends.ooxml.package_session import Session
from opsbook.backends.upgrade import blocks, colours, labels, placement
from opsbook.backends.upgrade.editor import Editor
from opsbook.backends.upgrade.outcome import UpgradeOutcome
from opsbook.backends.upgrade.pointing import is_ours
from opsbook.backends.upgrade.template import Template, is_place
from opsbook.backends.upgrade.upgrading import Upgrade
from opsbook.book import layout, versions
from opsbook.book.calculation import calculated, calculation
from opsbook.book.model import LAYOUT_NAME
from opsbook.domain.issues import Issue
from opsbook.domain.language import Language, as_language


def needed(session: Session) -> bool:
    """Whether a workbook has another layout than this version makes."""
    return versions.is_older({LAYOUT_NAME: session.constant(LAYOUT_NAME)}, _language(session))


def upgrade(session: Session, file: str) -> UpgradeOutcome | None:
    """Bring a workbook to the layout of this version; None when it has that already.

    Args:
        session: The workbook; nothing is written to its file.
        file: Its name, for messages.
    """
    if not needed(session):
        return None
    language = _language(session)
    names = {each.name: each.text for each in session.book.names if each.scope is None}
    comments = {each.name: each.comment for each in session.book.names if each.scope is None and each.comment}
    before, now = versions.read(names, comments, language), versions.current(language)
    plan = calculated(versions.empty(language), calculation(names))
    content = _built(plan)
    template = Template(content, session)
    work = Upgrade(
        file=file,
        editor=Editor(session, template),
        before=before,
        layout=now,
        people=frozenset(f"ops.{name}" for name in layout.INPUTS),
        prepared={f"ops.{name}": spot.rows for name, spot in layout.SPOTS.items() if spot.rows},
    )
    _sheets(work)
    shapes = {f"ops.{block.name}": block for block in plan.blocks}
    for name in template.names:
        block = shapes.get(name)
        if block and name in before.shapes and str(before.shapes[name]) == str(now.shapes[name]):
            blocks.restyle(work, name, block)
        blocks.reshape(work, name, block)
    for name in [each.name for each in session.book.names if each.scope is None and is_place(each.name)]:
        if name in before.shapes and name not in template.names:
            blocks.remove(work, name)
    _broken_charts(work)
    for title in [title for title in template.titles if title not in work.added]:
        placement.place_new(work, title)
        labels.write(work, title)
        work.count("colours_added", colours.complete(template, title))
    _charts(work)
    _remember(work)
    return UpgradeOutcome(
        before.mark or versions.FIRST_FORMAT,
        now.mark,
        work.done,
        work.issues,
        frozenset(work.failed),
        work.editor.steps,
        content,
    )


def _language(session: Session) -> Language:
    return as_language(session.constant("ops.language"))


def _built(plan: object) -> bytes:
    from opsbook.backends.xlsxwriter.new_workbook import build  # XlsxWriter

    return build(plan)  # type: ignore[arg-type]


def _sheets(work: Upgrade) -> None:
    """Bring the sheets that the workbook never had, each before the next one that it has."""
    template, session = work.template, work.session
    titles = [entry.title for entry in template.session.book.sheets]
    for number, title in enumerate(titles):
        names = template.names_on(title)
        known = any(template.has(name) or name in work.before.shapes for name in names)
        if title in template.titles or not names or known:
            continue
        if any(entry.title.casefold() == title.casefold() for entry in session.book.sheets):
            work.issues.append(Issue("book.upgrade_title", file=work.file, sheet=title, value=title))
            work.failed |= set(names)
            continue
        following = (template.titles.get(other) for other in titles[number + 1 :])
        work.editor.add_sheet(title, next((other for other in following if other), None))
        work.added.append(title)
        for name in names:
            work.editor.define(name, template.names[name], str(work.layout.shapes[name]))
        work.count("sheets_added", 1)


def _broken_charts(work: Upgrade) -> None:
    """Remove the charts of OpsBook whose cells are all gone."""
    wanted = {
        frame.name
        for entry in work.template.session.book.sheets
        for frame in drawings.frames(work.template.session, entry.title)
    }
    for entry in work.session.book.sheets if work.done["blocks_removed"] else ():
        if not entry.worksheet:
            continue
        for frame in drawings.frames(work.session, entry.title):
            ours = is_ours(frame.name) and frame.name not in wanted
            if ours and versions.chart_mark(frame.name) in work.before.charts:
                work.editor.drop_chart(frame, entry.title)
                work.count("charts_removed", 1)


def _charts(work: Upgrade) -> None:
    """Lay the new charts over their sheets, now that all cells are there that they show."""
    for frame, source, title, down, right in work.charts:
        work.editor.add_chart(frame, source, title, down, right)
        work.count("charts_added", 1)
    for title in work.added:
        work.editor.connect(title)
        work.count("charts_added", len(drawings.frames(work.session, title)))


def _remember(work: Upgrade) -> None:
    """Write down which layout the workbook has now; one that is not complete is tried again."""
    for name, shape in work.layout.shapes.items():
        if name not in work.failed:
            work.editor.comment(name, str(shape))
    mark = work.layout.mark if not work.failed else ""
    work.editor.remember(mark, work.layout.charts)
