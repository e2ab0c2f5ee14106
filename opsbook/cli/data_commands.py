"""The commands that take data in, or back: refresh and forget."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from opsbook.cli.command_group import Helped
from opsbook.cli.console import emit, open_file, progress_bar, say, user_language, verbose
from opsbook.commands import stamp
from opsbook.domain.language import Text

if TYPE_CHECKING:
    from opsbook.archive.receipts import Receipt
    from opsbook.book.calculation import Calculation
    from opsbook.commands.refresh import RefreshResult

DONE, DATA_ISSUES = 0, 1
BOOK = click.Path(exists=True, dir_okay=False, path_type=Path)
SHOWN_ISSUES = 20

_EXPORTS = click.option(
    "--exports",
    type=click.Path(path_type=Path),
    help="Folder of export files. [default: exports, beside BOOK]",
)
_ARCHIVE = click.option(
    "--archive",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Archive file. [default: BOOK with .duckdb]",
)
OPEN = click.option("--open", "open_it", is_flag=True, help="Open the workbook afterwards.")
JSON = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")


@click.command(cls=Helped)
@click.argument("book", type=BOOK, required=False)
@_EXPORTS
@_ARCHIVE
@click.option(
    "--functions",
    type=click.Choice(("inline", "lambda")),
    help="From now on write formulas out in the cells (every program), or call LAMBDA names (Excel 365, 2024).",
)
@click.option(
    "--verify", is_flag=True, help="Read every file again, also where size and times are as they were."
)
@OPEN
@JSON
def refresh(  # noqa: PLR0917 - options of the command
    book: Path | None,
    exports: Path | None,
    archive: Path | None,
    functions: Calculation | None,
    verify: bool,
    open_it: bool,
    as_json: bool,
) -> None:
    """Take in new exports, compute every figure and write it into BOOK. What people typed stays.

    Without BOOK it is the only workbook of OpsBook in this folder.

    Exit status: 0 done, 1 data issues that stopped a figure, 3 busy: try again.
    """
    if book is None:
        from opsbook.commands.find_workbook import only_workbook

        book = only_workbook(Path.cwd())
    if not (verify or functions or verbose()):  # nothing heavy is loaded where nothing can be new
        looks = stamp.look(book, exports, archive)
        if known := stamp.recall(book, looks) if looks else None:
            _end(book, known, as_json=as_json, open_it=open_it)
    from opsbook.commands import refresh as journey

    with progress_bar() as report:
        result = journey.refresh(book, exports=exports, archive=archive, progress=report, functions=functions)
    try:
        tell(result, as_json=as_json, open_it=open_it)
    finally:
        if again := _unchanged(result):
            stamp.keep(book, exports, archive, again)


@click.command(cls=Helped)
@click.argument("book", type=BOOK)
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@_EXPORTS
@_ARCHIVE
@JSON
def forget(
    book: Path, names: tuple[str, ...], exports: Path | None, archive: Path | None, as_json: bool
) -> None:
    """Take back what was taken in by mistake, and refresh BOOK.

    NAME is a file or paste sheet, as the sheet of receipts names it, or the number in its first column. Move the
    file away, or clear the paste sheet, first. The archive as it was is kept beside it, as .backup.duckdb.
    """
    from opsbook.commands import forget
    from opsbook.commands import refresh as journey

    with progress_bar() as report:
        forgotten = forget.forget(book, names, exports=exports, archive=archive)
        result = journey.refresh(book, exports=exports, archive=archive, progress=report)
    if not as_json:
        for line in forgotten.lines(result.language):
            say(line)
    tell(result, as_json=as_json, more={"forgotten": forgotten.as_document()})


def _told(receipt: Receipt) -> Text:
    from opsbook.schemas import schemas

    where = f"{receipt.file} {receipt.sheet}".strip()
    kind = schemas()[receipt.kind].title
    return Text(
        f"  {where}：{kind.zh}，{receipt.period}，新增 {receipt.added:,} 行，更正 {receipt.replaced:,} 行，"
        f"未变 {receipt.unchanged:,} 行，未用 {receipt.set_aside:,} 行",
        f"  {where}: {kind.en}, {receipt.period}, {receipt.added:,} rows new, {receipt.replaced:,} corrected, "
        f"{receipt.unchanged:,} unchanged, {receipt.set_aside:,} set aside",
    )


def _unchanged(result: RefreshResult) -> stamp.Stamp | None:
    """Return what the next refresh reports if no file changes; None where that is not certain."""
    from opsbook.commands import refresh_report

    if result.changed and (result.review is None or result.review.until is None):
        return None
    same = replace(result, changed=False, receipts=(), review=None)
    return stamp.Stamp(
        list(refresh_report.lines(same, SHOWN_ISSUES)),
        refresh_report.as_document(same),
        DATA_ISSUES if same.stopped else DONE,
    )


def _end(book: Path, known: stamp.Stamp, *, as_json: bool, open_it: bool) -> NoReturn:
    """Report a refresh that found every file as it was, and end with its status."""
    if as_json:
        emit(known.document)
    else:
        for line in known.lines:
            say(line)
        say(str(book), error=False)
    if open_it:
        open_file(book)
    sys.exit(known.status)


def tell(
    result: RefreshResult, *, as_json: bool, more: Mapping[str, Any] | None = None, open_it: bool = False
) -> NoReturn:
    """Say what a refresh did, and end with its status.

    Args:
        result: What it did.
        as_json: As a document for programs.
        more: What else stands in that document.
        open_it: Open the workbook.
    """
    from opsbook.commands import refresh_report

    if as_json:
        emit({**refresh_report.as_document(result), **(more or {})})
    else:
        if verbose():
            for receipt in result.receipts:
                say(_told(receipt)[user_language()])
        for line in refresh_report.lines(result, len(result.issues) if verbose() else SHOWN_ISSUES):
            say(line)
        say(str(result.book), error=False)
    if open_it:
        open_file(result.book)
    sys.exit(DATA_ISSUES if result.stopped else DONE)
