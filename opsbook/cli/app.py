"""The command line. Nothing heavy is imported before a command needs it: `opsbook --help` answers at once."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from opsbook import __version__
from opsbook.cli.command_group import Commands
from opsbook.cli.console import emit, progress_bar, say, user_language
from opsbook.cli.data_commands import BOOK, DATA_ISSUES, DONE, JSON, OPEN, forget, refresh, tell
from opsbook.cli.deck_command import deck
from opsbook.cli.excel_commands import bundle, doctor, install, uninstall
from opsbook.cli.fleet_commands import fleet
from opsbook.cli.functions_commands import calc, functions
from opsbook.cli.help_command import help_pages
from opsbook.cli.new_command import create, new, plan_of
from opsbook.domain.language import LANGUAGES, Language, Text

if TYPE_CHECKING:
    from opsbook.book.calculation import Calculation
    from opsbook.share.freeze.copied_cells import Functions

ANY_PATH = click.Path(exists=True, path_type=Path)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="opsbook")
def main() -> None:
    """The annual review of an Alibaba.com International store, in one Excel workbook.

    Put the platform's exports into the folder `exports` beside the workbook (or paste them into its paste sheets),
    then run `opsbook refresh BOOK`. `opsbook demo` shows it with a made-up store.
    """
    gc.set_threshold(50_000)  # rows and figures are no cycles: the collector would walk over them in vain


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default="opsbook-demo")
@click.option("--lang", type=click.Choice(LANGUAGES), default="zh", help="Language of the workbook.")
@click.option(
    "--functions",
    type=click.Choice(("inline", "lambda")),
    default="inline",
    help="Formulas written out in the cells, or LAMBDA names. [default: inline]",
)
@OPEN
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def demo(folder: Path, lang: Language, functions: Calculation, open_it: bool, as_json: bool) -> None:
    """Make a demonstration store in FOLDER: sample exports, and a workbook from them."""
    from opsbook.commands.refresh import refresh
    from opsbook.demo import write_exports

    book = folder / Text("演示店铺年度复盘.xlsx", "demo-store-review.xlsx")[lang]
    with progress_bar() as report:
        write_exports(folder / "exports", progress=report)
        if not book.exists():
            create(book, plan_of(None, lang, Text("演示店铺", "Demo store")[lang], demo=True), functions)
        result = refresh(book, progress=report)
    tell(result, as_json=as_json, open_it=open_it)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=ANY_PATH)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def check(paths: tuple[Path, ...], as_json: bool) -> None:
    """Dry run: show which export each file or sheet of PATHS is, its period, rows and issues. Writes nothing."""
    from opsbook.commands import check

    with progress_bar() as report:
        outcome = check.check(paths, progress=report)
    if as_json:
        emit(outcome.as_document())
    else:
        for line in outcome.lines(user_language()):
            say(line, error=False)
    sys.exit(DATA_ISSUES if any(issue.stops for issue in outcome.issues) else DONE)


@main.command()
@click.argument("book", type=BOOK)
@click.option(
    "--archive",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Archive file. [default: BOOK with .duckdb]",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def values(book: Path, archive: Path | None, as_json: bool) -> None:
    """Print every computed figure: metric,period,dimension,value,unit,basis."""
    from opsbook.commands import refresh_report

    found = refresh_report.values(book, archive)
    if as_json:
        emit(found)
        return
    import csv

    writer = csv.DictWriter(sys.stdout, refresh_report.VALUE_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, "value": "" if row["value"] is None else repr(row["value"])} for row in found)


@main.command()
@click.argument("book", type=BOOK)
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option(
    "--functions",
    type=click.Choice(("values", "lambda", "inline")),
    default="values",
    show_default=True,
    help="OpsBook's formulas as values, as LAMBDA names (Excel 365), or written out.",
)
@click.option("--without", multiple=True, metavar="SHEET", help="Leave this sheet out too; may be repeated.")
@click.option("--overwrite", is_flag=True, help="Replace OUT if it is there.")
@click.option(
    "--pdf", "as_pdf", is_flag=True, help="Print the copy into a PDF too (needs Excel or LibreOffice)."
)
@JSON
def freeze(  # noqa: PLR0917 - options of the command
    book: Path,
    out: Path | None,
    functions: Functions,
    without: tuple[str, ...],
    overwrite: bool,
    as_pdf: bool,
    as_json: bool,
) -> None:
    """Make the copy of BOOK to hand on: reports and your own sheets, no macros, no pasted data, no archive.

    OUT is BOOK's name with -report (Chinese: -汇报版) unless given. BOOK itself is not touched.
    """
    from opsbook.share import pdf
    from opsbook.share.freeze import copy_report, freeze_copy

    language = user_language()
    target = out or freeze_copy.default_path(book, language)
    printed, printer = target.with_suffix(".pdf"), pdf.printer() if as_pdf else None
    if printer:
        pdf.check_target(printed, overwrite=overwrite)
    made = freeze_copy.freeze(book, target, functions=functions, without=without, overwrite=overwrite)
    for line in copy_report.lines(made, language):
        say(line)
    if printer:
        pdf.write(target, printed, printer, overwrite=overwrite)
    made_files = {"copy": str(target), **({"pdf": str(printed)} if printer else {})}
    if as_json:
        emit(made_files)
    else:
        for file in made_files.values():
            say(file, error=False)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def sections(as_json: bool) -> None:
    """List every sheet and block with the requirement IDs it answers."""
    from opsbook.sheets.sheet_list import SECTIONS

    rows = [
        {
            "sheet": section.sheet,
            "block": section.block,
            "title": {"zh": section.title.zh, "en": section.title.en},
            "requirements": list(section.requirements),
        }
        for section in SECTIONS
    ]
    if as_json:
        emit(rows)
        return
    for row, section in zip(rows, SECTIONS, strict=True):
        title = section.title[user_language()]
        say(
            f"{row['sheet']:<10} {row['block']:<22} {', '.join(section.requirements):<32} {title}",
            error=False,
        )


main.add_command(help_pages)
main.add_command(new)
main.add_command(refresh)
main.add_command(deck)
main.add_command(forget)
main.add_command(functions)
main.add_command(calc)
main.add_command(fleet)
main.add_command(bundle)
main.add_command(doctor)
main.add_command(install)
main.add_command(uninstall)

if __name__ == "__main__":
    main()
