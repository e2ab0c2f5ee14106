"""A workbook that is open in Excel: read from a copy of its present state, changed in Excel at `save`.

Excel's own SaveCopyAs gives the state of this moment, typing that was never saved included, in one call. Read with
the file host's reader it costs no call per cell, and one definition tells names, styles, arrays, tables and paste
sheets in both hosts. Every change is first made to that copy in memory, where all checks of the file host hold; what
differs in the end is written into Excel in rectangles. The copy becomes the backup.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

from opsbook.backends.excel_live import cell_writer, excel_errors, reference_updates, restructuring
from opsbook.backends.excel_live.reference_updates import Undo
from opsbook.backends.ooxml.cell_element import plain
from opsbook.backends.ooxml.file_workbook import Workbook
from opsbook.backends.ooxml.range_shifts import BlockGrowth
from opsbook.backends.ooxml.safe_save import backup_path
from opsbook.backends.upgrade.outcome import UpgradeOutcome
from opsbook.backends.upgrade.steps import AddSheet, Define, Step
from opsbook.book import address
from opsbook.book.address import Place
from opsbook.book.model import Cell, Error, Scalar
from opsbook.domain.errors import BookError
from opsbook.domain.language import Text
from opsbook.support import atomic_files

At = tuple[int, int]
_BUILT_IN = "_xlnm."  # names that Excel spells otherwise in its object model
_FILTER = "_FilterDatabase"  # kept by Excel itself


class LiveWorkbook:
    """A workbook of OpsBook that is open in Excel, with the methods of `opsbook.backends.ooxml.file_workbook.Workbook`.

    Attributes:
        path: Its file on this computer, whatever address Excel tells.
        readable: The copy of its present state.
        digest: Never that of another moment: what is open may be closed without being saved, so no later refresh
            may conclude from it that there is nothing to do.
    """

    def __init__(self, book: Any, path: Path, folder: str) -> None:
        self.path = path
        self.readable = Path(folder, path.name)
        self.digest = f"open in Excel, {uuid4().hex}"
        self._book = book
        self._folder = folder
        self._copy = Workbook.open(self.readable, for_writing=False)
        self._written: list[tuple[str, frozenset[At]]] = []
        self._growths: list[tuple[BlockGrowth, Collection[int]]] = []
        self._outcome: UpgradeOutcome | None = None
        self._upgraded = b""  # the copy once it had the layout of this version

    @classmethod
    def open(cls, book: Any, path: Path) -> Self:
        """Return the workbook as it stands now.

        Args:
            book: Excel's Workbook.
            path: As `opsbook.backends.excel_live.workbook_location.local_path` gives it.

        Raises:
            BookError: Excel is busy, or the workbook is read-only, protected by a password, not ours or too new.
        """
        excel_errors.insist(lambda: excel_errors.check_writable(book))
        folder = tempfile.mkdtemp(prefix="opsbook-")
        try:
            excel_errors.insist(lambda: book.SaveCopyAs(str(Path(folder, path.name))))
            return cls(book, path, folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    # --- what it holds -------------------------------------------------------------------------

    @property
    def date1904(self) -> bool:
        """Whether its dates count from 1904."""
        return self._copy.date1904

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """Titles of the tabs in order."""
        return self._copy.sheet_names

    def names(self) -> dict[str, str]:
        """Return every workbook-scoped defined name and its text, without ``=``."""
        return self._copy.names()

    def place(self, name: str) -> Place | None:
        """Return where a defined name is, or None unless it is one plain rectangle of a worksheet."""
        return self._copy.place(name)

    def read(self, place: Place) -> list[list[Scalar]]:
        """Return the values of a rectangle, rows by columns."""
        return self._copy.read(place)

    def protected(self, sheet: str, row: int, column: int) -> bool:
        """Whether the cell is for people."""
        return self._copy.protected(sheet, row, column)

    def obstacle(self, title: str, cells: Mapping[At, Scalar]) -> Place | None:
        """Return what of the user's would break if these cells were written, or None."""
        return self._copy.obstacle(title, cells)

    def resize_obstacle(self, name: str, rows: int) -> Place | None:
        """Return what of the user's stands in the way of `resize`, or None."""
        return self._copy.resize_obstacle(name, rows)

    # --- changes, kept until they are saved ----------------------------------------------------

    def write_cells(self, title: str, cells: Mapping[At, Cell]) -> None:
        """Write cells of one sheet by row and column; cells for people are left alone."""
        self._copy.write_cells(title, cells)
        self._written.append((title, frozenset(at for at in cells if not self.protected(title, *at))))

    def define(self, name: str, text: str, comment: str = "") -> None:
        """Set or make a workbook-scoped defined name that is no range; Excel itself gets no comment."""
        self._copy.define(name, text, comment)

    def resize(self, name: str, rows: int, columns: Collection[int] | None = None) -> None:
        """Make a growing block longer or shorter, with everything that refers to its data."""
        block = self.place(name)
        self._copy.resize(name, rows, columns)
        if block and rows != block.rows:
            own = range(block.column, block.last_column + 1) if columns is None else columns
            self._growths.append((BlockGrowth(block, rows), own))

    def upgrade(self) -> UpgradeOutcome | None:
        """Bring a workbook that an earlier version made to the layout of this one; None when it has that."""
        outcome = self._copy.upgrade()
        if outcome:
            self._upgraded = self._copy.content_now()
            self._copy = Workbook(self.readable, self._upgraded)
            self._outcome = outcome
        return outcome

    # --- into Excel ----------------------------------------------------------------------------

    def save(self) -> None:
        """Put every change into the open workbook; saving the file stays with its user.

        Raises:
            BookError: A sheet is protected, the backup cannot be written: nothing was changed. Or Excel failed on
                the way: what was changed is put back, or the message says that it was not and where the backup is.
        """
        before = Workbook.open(self.readable, for_writing=False)
        changes = list(self._outcome.steps) if self._outcome else []
        if self._outcome:
            before = Workbook(self.readable, self._upgraded)
        batches = self._batches(before)
        names = self._names(before)
        if not (batches or names or self._growths or changes):
            return
        restructuring.check(self._book, changes)
        added = {step.title for step in changes if isinstance(step, AddSheet)}
        written = [*batches, *(growth.block.sheet for growth, _ in self._growths)]
        for title in dict.fromkeys([*restructuring.titles(changes), *written]):
            if title not in added:
                excel_errors.insist(partial(self._check_unprotected, title))
        backup = self._keep_backup()
        steps: list[Callable[[], object]] = []
        try:
            if self._outcome:
                self._restructure(self._outcome, before, steps.append)
            self._put(before, batches, names, steps.append)
        except BaseException as error:
            raise _broken_off(error, backup, whole=_put_back(steps)) from error
        self._written, self._growths, self._outcome = [], [], None

    def _restructure(self, outcome: UpgradeOutcome, upgraded: Workbook, undo: Undo) -> None:
        """Do in Excel what the upgrade did to the copy."""
        source = Workbook(Path(self._folder, "template.xlsx"), outcome.template)
        source.path.write_bytes(restructuring.without_formulas(outcome.template))
        steps: list[Step] = [step for step in outcome.steps if not isinstance(step, Define)]
        if steps:
            with restructuring.opened(self._book, source.path) as template:
                restructuring.apply(self._book, template, steps, source, undo)
        restructuring.name(self._book, upgraded, undo)

    def _batches(self, before: Workbook) -> dict[str, list[frozenset[At]]]:
        """Return the cells to write by sheet: whole blocks of which a cell differs, and cells of rows that go."""
        changed = {}
        for title, cells in self._copy.changed().items():
            old, new = before.content(title, cells), self._copy.content(title, cells)
            changed[title] = frozenset(at for at in cells if not _stands(old[at], new[at]))
            plain = before.plain_calls(title, cells)
            if plain and cell_writer.knows_arrays(self._book.Worksheets.Item(title)):
                changed[title] |= plain
        batches: dict[str, list[frozenset[At]]] = {}
        for title, cells in self._written:
            if cells & changed.get(title, frozenset()):
                batches.setdefault(title, []).append(cells)
        for title, cells in changed.items():
            rest = cells.difference(*batches.get(title, []))
            if rest:
                batches.setdefault(title, []).append(frozenset(rest))
        return batches

    def _names(self, before: Workbook) -> list[tuple[str, str, str, str | None]]:
        """Return sheet or empty, name, text and former text of each defined name that differs."""
        old = {(sheet, name.casefold()): text for sheet, name, text in before.defined()}
        found = []
        for sheet, name, text in self._copy.defined():
            former = old.get((sheet, name.casefold()))
            if former != text and not name.endswith(_FILTER):
                found.append((sheet, name.removeprefix(_BUILT_IN), text, former))
        return found

    def _put(
        self,
        before: Workbook,
        batches: Mapping[str, list[frozenset[At]]],
        names: list[tuple[str, str, str, str | None]],
        undo: Undo,
    ) -> None:
        for name in names:
            self._name(*name, undo)
        if self._growths:
            reference_updates.stretch(self._book, self._growths, undo)
        for title, sets in batches.items():
            sheet = self._book.Worksheets.Item(title)
            for cells in sets:
                undo(partial(cell_writer.put, sheet, self._content(before, title, cells)))
                cell_writer.put(sheet, self._content(self._copy, title, cells))

    def _content(self, book: Workbook, title: str, cells: frozenset[At]) -> dict[At, Cell]:
        """Return cells with their values as Excel counts, dates by their serial numbers."""
        return {
            at: replace(each, value=plain(each.value, date1904=self.date1904))
            for at, each in book.content(title, cells).items()
        }

    def _name(self, sheet: str, name: str, text: str, former: str | None, undo: Undo) -> None:
        names = (self._book.Worksheets.Item(sheet) if sheet else self._book).Names
        try:
            if former is None:
                excel_errors.insist(partial(names.Add, name, cell_writer.formula(text)))
                undo(lambda: _entry(names, name, own=bool(sheet)).Delete())
            else:
                entry = _entry(names, name, own=bool(sheet))
                undo(partial(setattr, entry, "RefersTo", cell_writer.formula(former)))
                excel_errors.insist(partial(setattr, entry, "RefersTo", cell_writer.formula(text)))
        except Exception as error:
            # An Excel that does not know LAMBDA keeps the function it has; the values beside the formulas are right.
            if "LAMBDA(" not in text or not excel_errors.is_refusal(error):
                raise
            logging.getLogger(__name__).warning("Excel did not take the name %s", name)

    def _check_unprotected(self, title: str) -> None:
        excel_errors.check_unprotected(self._book.Worksheets.Item(title))

    def _keep_backup(self) -> Path:
        """Keep the state before the first change beside the workbook; return where."""
        backup = backup_path(self.path)
        try:
            made = atomic_files.beside(backup, self.readable.read_bytes())
            try:
                atomic_files.put(made, backup)
            finally:
                made.unlink(missing_ok=True)
        except OSError as error:
            raise BookError(
                Text(
                    f"备份 {backup} 无法写入（{error.strerror}），未写入工作簿：请关闭打开的备份文件，检查文件夹权限和磁盘空间。",
                    f"The backup {backup} cannot be written ({error.strerror}), so the workbook was not changed: close the "
                    "backup if it is open, check the folder's permissions and the disk space.",
                )
            ) from error
        return backup


def _stands(old: Cell, new: Cell) -> bool:
    """Whether a cell needs no writing: Excel calculates the formula that it has, its last digits are its own.

    One that shows an error where there is a figure, or a figure where there is none, is entered again.
    """
    if not new.formula or not address.same_formula(old.formula, new.formula):
        return False
    return isinstance(old.value, Error) == isinstance(new.value, Error)


def _entry(names: Any, name: str, *, own: bool) -> Any:
    """Return a defined name of the workbook, or (``own``) of the sheet whose names these are.

    A sheet that was copied brings names of its own, and where it is in front Excel gives those first.
    """
    found = names.Item(name)
    if own or "!" not in str(found.Name):
        return found
    every = (names.Item(number) for number in range(1, int(names.Count) + 1))
    return next(each for each in every if str(each.Name).casefold() == name.casefold())


def _put_back(steps: list[Callable[[], object]]) -> bool:
    """Undo the steps, last first; return whether all of them could be."""
    whole = True
    for step in reversed(steps):
        try:
            step()
        except Exception:  # noqa: BLE001 - the steps before it must be undone all the same
            whole = False
    return whole


def _broken_off(error: BaseException, backup: Path, *, whole: bool) -> BookError:
    """Return what people are told of a write that did not come to its end."""
    if excel_errors.is_gone(error):
        return excel_errors.gone()
    why = _why(error)
    if whole:
        return BookError(
            Text(
                f"写入 Excel 时出错，已恢复为刷新前的内容。{why.zh}",
                f"Writing into Excel failed; what stood there before the refresh was put back. {why.en}",
            )
        )
    return BookError(
        Text(
            f"写入 Excel 时出错，且未能全部恢复：请不要保存，关闭工作簿，然后打开备份 {backup}，另存为原来的文件名。{why.zh}",
            f"Writing into Excel failed and not everything could be put back: close the workbook without saving, open "
            f"the backup {backup} and save it under the workbook's name. {why.en}",
        )
    )


def _why(error: BaseException) -> Text:
    """Return what is known of the cause: our own sentence, the cell that was not taken, or Excel's words."""
    if isinstance(error, BookError):
        return error.text
    inside: tuple[object, ...] = getattr(error, "excepinfo", None) or ()
    words = (
        inside[2] if len(inside) > 2 else str(error) if isinstance(error, cell_writer.NotTakenError) else ""
    )
    return Text(f"（{words}）", f"({words})") if words else Text("", "")
