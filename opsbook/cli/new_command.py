"""The command that makes workbooks: new."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from opsbook.cli.command_group import Helped
from opsbook.cli.console import emit, open_file, say, user_language
from opsbook.cli.data_commands import BOOK, JSON, OPEN
from opsbook.domain.errors import OpsbookError, check_folder
from opsbook.domain.language import LANGUAGES, Language, Text
from opsbook.support import atomic_files

if TYPE_CHECKING:
    from opsbook.book.calculation import Calculation
    from opsbook.book.model import BookPlan

KINDS = (".xlsx", ".xlsm")


@click.command(cls=Helped)
@click.argument("book", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--year", type=click.IntRange(2000, 2100), help="Year under review; by default the latest with data."
)
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of the workbook. [default: zh]")
@click.option("--store", default="", help="Name of the store, for the titles.")
@click.option(
    "--from",
    "this",
    type=BOOK,
    help="This year's workbook: BOOK is next year's, with its settings, lists, budget structure and archive.",
)
@click.option(
    "--with",
    "own",
    type=BOOK,
    help="A workbook that you have already: BOOK is all of it, and behind its sheets those of OpsBook.",
)
@click.option(
    "--functions",
    type=click.Choice(("inline", "lambda")),
    help="Formulas written out in the cells (every program), or LAMBDA names (Excel 365, 2024). "
    "[default: inline; with --from, as that workbook]",
)
@OPEN
@JSON
def new(  # noqa: PLR0917 - options of the command
    book: Path,
    year: int | None,
    lang: Language | None,
    store: str,
    this: Path | None,
    own: Path | None,
    functions: Calculation | None,
    open_it: bool,
    as_json: bool,
) -> None:
    """Make a fresh workbook at BOOK.

    An .xlsx has no macros. An .xlsm has them: buttons, and the functions in Python for your own cells, in Excel on
    Windows. With a workbook of your own (--with) BOOK has the macros of that one, if any.
    """
    _check(book, own, functions)
    if this is None:
        create(book, plan_of(year, lang or "zh", store), functions or "inline", own)
    else:
        _next(book, this, year, lang, store, functions, own)
    if own and own.with_name(f"~${own.name}").exists():
        say(
            Text(
                f"{own.name} 正在 Excel 中打开：新工作簿里是它上次保存的内容。",
                f"{own.name} is open in Excel: the new workbook has what was saved last.",
            )[user_language()]
        )
    if as_json:
        emit({"book": str(book)})
    else:
        say(str(book), error=False)
    if open_it:
        open_file(book)


def _check(book: Path, own: Path | None, functions: Calculation | None) -> None:
    if book.suffix.lower() not in KINDS:
        raise OpsbookError(
            Text(
                f"{book.name}：只能新建 .xlsx 或 .xlsm 工作簿，请把文件名改为以 .xlsx 或 .xlsm 结尾。",
                f"{book.name}: only .xlsx and .xlsm workbooks can be made; give a name that ends in one of these.",
            )
        )
    if own and book.exists() and book.samefile(own):
        raise OpsbookError(
            Text(
                f"{own.name} 只被读取，不会改动：请给新工作簿另取一个名字。",
                f"{own.name} is only read and stays as it is: give the new workbook another name.",
            )
        )
    if own and own.suffix.lower() not in KINDS:
        raise OpsbookError(
            Text(
                f"{own.name}：只能加到 .xlsx 或 .xlsm 工作簿里，请先在 Excel 中把它另存为其中一种。",
                f"{own.name}: only to an .xlsx or .xlsm can sheets be added; save it as one of these in Excel first.",
            )
        )
    if own and book.suffix.lower() != own.suffix.lower():
        raise OpsbookError(
            Text(
                f"{book.name} 要与 {own.name} 是同一种文件：请把文件名改为以 {own.suffix} 结尾。",
                f"{book.name} must be a file of the same kind as {own.name}: give a name that ends in {own.suffix}.",
            )
        )
    if functions == "lambda" and book.suffix.lower() == ".xlsm" and own is None:
        raise OpsbookError(
            Text(
                "--functions lambda 只用于 .xlsx：.xlsm 的宏已带有同名函数。",
                "--functions lambda is for an .xlsx: the macros of an .xlsm bring functions of the same names.",
            )
        )
    if book.exists():
        raise OpsbookError(
            Text(
                f"{book} 已存在，不会覆盖；请换一个名字，或用 opsbook refresh 刷新它。",
                f"{book} exists and is not overwritten; choose another name, or refresh it with opsbook refresh.",
            )
        )
    check_folder(book)


def _next(  # noqa: PLR0917 - only called above
    book: Path,
    this: Path,
    year: int | None,
    lang: Language | None,
    store: str,
    functions: Calculation | None,
    own: Path | None,
) -> None:
    from dataclasses import replace

    from opsbook.commands import rollover

    found = rollover.heritage(this, year=year)
    settings = replace(
        found.settings,
        language=lang or found.settings.language,
        store=store or found.settings.store,
    )
    found = replace(found, settings=settings)
    macros = book.suffix.lower() == ".xlsm" and own is None
    how = functions or found.functions_for(macros=macros)
    content = _made(book, rollover.plan_of(found), how, own)
    rollover.hand_on_archive(found, book)
    atomic_files.create(book, content)
    say(found.told(this.name)[user_language()])


def plan_of(year: int | None, language: Language, store: str, *, demo: bool = False) -> BookPlan:
    """Return what a new workbook holds; with ``demo`` it says that its store is made up."""
    from opsbook.book.compose import compose
    from opsbook.metrics.review import Review
    from opsbook.params import Settings

    settings = Settings(language=language, store=store, year=year, gross_margin=0.3 if demo else None)
    empty = Review(year=year or 0, as_of=None)
    return compose(empty, settings, receipts=(), issues=(), demo=demo)


def create(book: Path, plan: BookPlan, functions: Calculation = "inline", own: Path | None = None) -> None:
    """Write a new workbook.

    Args:
        book: An .xlsx or .xlsm that is not there yet.
        plan: What it holds.
        functions: How its cells calculate them.
        own: A workbook of the user's whose sheets come first.
    """
    atomic_files.create(book, _made(book, plan, functions, own))


def _made(book: Path, plan: BookPlan, functions: Calculation, own: Path | None) -> bytes:
    from opsbook.backends.xlsxwriter.new_workbook import build
    from opsbook.book.calculation import calculated

    if own:
        from opsbook.embed import join

        return join(own, lambda: build(calculated(plan, functions)))
    if book.suffix.lower() == ".xlsm":
        from opsbook.integrations.vba.build_templates import workbook

        return workbook(plan, functions)
    return build(calculated(plan, functions))
