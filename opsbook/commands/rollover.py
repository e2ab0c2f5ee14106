"""Next year's workbook out of this year's: settings, the team's tables, the structure of the plan, and the archive.

It reviews the year that this one plans, once most of that year is in the data. Before that, in January say, the plan
is the one that people work by: the new workbook reviews the same year and takes the whole plan along.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from opsbook.domain.errors import ArchiveError, BookError
from opsbook.domain.language import Text
from opsbook.support import atomic_files

if TYPE_CHECKING:
    from opsbook.book.calculation import Calculation
    from opsbook.book.model import BookPlan, Scalar
    from opsbook.commands.workbook_inputs import Inputs
    from opsbook.params import Settings
    from opsbook.plan.row_merge import Standing

TEAM, RULES = "team.", "headermap.rules"


@dataclass(frozen=True)
class Heritage:
    """What a workbook hands on.

    Attributes:
        settings: With the year that the new workbook reviews.
        standing: Shared tables, as far as they are handed on.
        rows: Content of tables for people, by name.
        archive: Its archive.
        bound: Name by which a workbook knows its archive; empty where it was never refreshed.
        functions: How its cells calculate the functions.
    """

    settings: Settings
    standing: Mapping[str, Standing]
    rows: Mapping[str, Sequence[Sequence[Scalar]]]
    archive: Path
    bound: str
    functions: Calculation

    def functions_for(self, *, macros: bool) -> Calculation:
        """Return how a new workbook calculates: as this one, where its kind of file can.

        Args:
            macros: Whether the new workbook has the macros of OpsBook.
        """
        return "inline" if self.functions == ("lambda" if macros else "python") else self.functions

    def told(self, book: str) -> Text:
        """Return in one line what was handed on.

        Args:
            book: Name of this year's workbook.
        """
        lists = sum(
            any(cell not in (None, "") for cell in row) for rows in self.rows.values() for row in rows
        )
        lines = sum(any(line.cells.values()) for each in self.standing.values() for line in each.lines)
        archive = Text("、归档", ", the archive") if self.bound else Text("", "")
        year = self.settings.year or 0
        return Text(
            f"{book} 带到新工作簿（复盘 {year} 年，规划 {year + 1} 年）的：设置、基础资料与列映射 {lists} 行、规划 {lines} 行{archive.zh}。",
            f"Handed on from {book} to the new workbook (review of {year}, plan of {year + 1}): the settings, {lists} rows of the lists, {lines} lines of the plan{archive.en}.",
        )


def heritage(book: Path, archive: Path | None = None, year: int | None = None) -> Heritage:
    """Return what a workbook hands on.

    Args:
        book: This year's.
        archive: Where it is not beside the workbook under its name.
        year: That the new workbook is to review; None lets the data decide.

    Raises:
        BookError: It cannot be read, or it holds no plan yet.
    """
    from opsbook.backends.ooxml.file_workbook import Workbook
    from opsbook.book.calculation import calculation
    from opsbook.commands.refresh import BOUND, default_archive
    from opsbook.commands.workbook_inputs import read_inputs
    from opsbook.plan.row_merge import handed_on
    from opsbook.plan.shared_tables import declared
    from opsbook.plan.table_declarations import tables
    from opsbook.plan.target_setting import LAST

    with Workbook.open(book, for_writing=False) as workbook:
        inputs = read_inputs(workbook, None)
        planned = inputs.settings.plan_year or inputs.plan_year
        if planned is None:
            raise BookError(
                Text(
                    f"{book.name} 还没有年度规划（从未用数据刷新过），没有可以带到下一年的内容：请先刷新它。",
                    f"{book.name} holds no plan yet (it was never refreshed with data): nothing to hand on. Refresh it first.",
                )
            )
        rules = declared("succession")
        names = [f"{TEAM}{kind}" for kind in rules["team"]["kinds"]] + [RULES]
        places = {name: workbook.place(f"ops.{name}") for name in names}
        rows = {name: workbook.read(place) for name, place in places.items() if place}
        present = workbook.names()
    archive = archive or default_archive(book)
    if year is None:
        year = planned if _mostly_known(archive, planned) else planned - 1
    goes_on = year + 1 == planned
    columns = {block: ["*"] for block in inputs.standing} if goes_on else rules["columns"]
    standing = {
        block: handed_on(tables()[block], inputs.standing[block], kept)
        for block, kept in columns.items()
        if block in inputs.standing
    }
    if archive.exists() and not goes_on:
        standing[LAST] = _last_targets(inputs, archive)
    settings = replace(inputs.settings, year=year, plan_year=None, as_of=None)
    return Heritage(settings, standing, rows, archive, present.get(BOUND, ""), calculation(present))


def _mostly_known(archive: Path, year: int) -> bool:
    """Return whether the data cover more than half of a year, so that it can be reviewed."""
    from opsbook.archive.archive_file import Archive

    with Archive.open(archive, for_writing=False) as opened:
        last = opened.last_day()
    return last is not None and last >= date(year, 7, 1)


def _last_targets(inputs: Inputs, archive: Path) -> Standing:
    """Return this year's targets as next year's table of last year's targets.

    They are worked out anew: the cells may have been saved by a program that keeps no values beside formulas.
    """
    from opsbook.archive.archive_file import Archive
    from opsbook.metrics.compute_review import review
    from opsbook.plan.annual_plan import plan
    from opsbook.plan.row_merge import Line, Standing
    from opsbook.plan.shared_tables import title_of
    from opsbook.plan.table_declarations import tables
    from opsbook.plan.target_setting import LAST

    with Archive.open(archive, for_writing=False) as opened:
        found = review(opened, inputs.settings)
    targets = plan(found, inputs.settings, inputs.standing, inputs.plan_year).targets.lines
    lines = [
        Line("", {"metric": title_of(each.metric, inputs.language), "target": each.year.target})
        for each in targets
        if each.metric and not math.isnan(each.year.target)
    ]
    return Standing((*lines, *[Line("", {})] * (tables()[LAST].rows - len(lines))))


def plan_of(found: Heritage) -> BookPlan:
    """Return what next year's workbook holds before its first refresh."""
    from opsbook.book.compose import compose
    from opsbook.commands.refresh import BOUND
    from opsbook.metrics.review import Review

    empty = Review(year=found.settings.year or 0, as_of=None)
    plan = compose(empty, found.settings, standing=found.standing)
    names = {BOUND: found.bound} if found.bound else {}
    return replace(plan, input_rows=found.rows, names={**plan.names, **names})


def hand_on_archive(found: Heritage, book: Path) -> None:
    """Copy the archive to stand beside the new workbook; one that is there already is not touched.

    Raises:
        ArchiveError: There is none to copy, or the place is taken.
    """
    from opsbook.commands.refresh import default_archive

    if not found.bound:
        return
    target = default_archive(book)
    if target.exists():
        raise ArchiveError(
            Text(
                f"{target} 已存在，不会覆盖：请把新工作簿建在别的文件夹，或换一个名字。",
                f"{target} exists and is not overwritten: choose another folder or name for the new workbook.",
            )
        )
    if not found.archive.exists():
        raise ArchiveError(
            Text(
                f"找不到归档 {found.archive}，新工作簿没有往年数据：请把归档放回原处再试。",
                f"The archive {found.archive} is missing, and with it all data so far: put it back and try again.",
            )
        )
    made = atomic_files.beside(target)
    shutil.copyfile(found.archive, made)
    atomic_files.put_new(made, target)
