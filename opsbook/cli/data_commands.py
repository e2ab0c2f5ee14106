"""The commands that take data in, or back: refresh and forget."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from opsbook.cli.console import emit, progress_bar, say

if TYPE_CHECKING:
    from opsbook.commands.refresh import Result

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
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")


@click.command()
@click.argument("book", type=BOOK)
@_EXPORTS
@_ARCHIVE
@_JSON
def refresh(book: Path, exports: Path | None, archive: Path | None, as_json: bool) -> None:
    """Take in new exports, compute every figure and write it into BOOK. What people typed stays.

    Exit status: 0 done, 1 data issues that stopped a figure, 2 wrong call.
    """
    from opsbook.commands import refresh as journey  # noqa: PLC0415

    with progress_bar() as report:
        result = journey.refresh(book, exports=exports, archive=archive, progress=report)
    tell(result, as_json=as_json)


@click.command()
@click.argument("book", type=BOOK)
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@_EXPORTS
@_ARCHIVE
@_JSON
def forget(
    book: Path, names: tuple[str, ...], exports: Path | None, archive: Path | None, as_json: bool
) -> None:
    """Take back what was taken in by mistake, and refresh BOOK.

    NAME is a file or paste sheet, as the sheet of receipts names it, or the number in its first column. Move the
    file away, or clear the paste sheet, first. The archive as it was is kept beside it, as .backup.duckdb.
    """
    from opsbook.commands import forget  # noqa: PLC0415
    from opsbook.commands import refresh as journey  # noqa: PLC0415

    with progress_bar() as report:
        forgotten = forget.forget(book, names, exports=exports, archive=archive)
        result = journey.refresh(book, exports=exports, archive=archive, progress=report)
    if not as_json:
        for line in forgotten.lines(result.language):
            say(line)
    tell(result, as_json=as_json, more={"forgotten": forgotten.as_document()})


def tell(result: Result, *, as_json: bool, more: Mapping[str, Any] | None = None) -> NoReturn:
    """Say what a refresh did, and end with its status.

    Args:
        result: What it did.
        as_json: As a document for programs.
        more: What else stands in that document.
    """
    from opsbook.commands import refresh_report  # noqa: PLC0415

    if as_json:
        emit({**refresh_report.as_document(result), **(more or {})})
    else:
        for line in refresh_report.lines(result, SHOWN_ISSUES):
            say(line)
        say(str(result.book), error=False)
    sys.exit(DATA_ISSUES if result.stopped else DONE)
