"""The commands about the functions: their catalogue, and the extension that brings them to LibreOffice Calc."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from opsbook.cli.command_group import Commands
from opsbook.cli.console import emit, say, user_language
from opsbook.cli.data_commands import BOOK, JSON
from opsbook.domain.errors import OpsbookError
from opsbook.domain.language import LANGUAGES, Language, Text
from opsbook.support import atomic_files

if TYPE_CHECKING:
    from opsbook.embed.own_functions import Added
    from opsbook.functions import Function


class _Functions(Commands):
    """The group whose words that are no commands are names of functions, or texts to search for."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command for looking up before everything else."""
        words = [each for each in args if not each.startswith("-")]
        is_help = any(each in ("-h", "--help") for each in args)
        if not (words and words[0] in self.commands) and not is_help:
            args = [_LOOK_UP, *args]
        return super().parse_args(ctx, args)


_LOOK_UP = "show"


@click.group(cls=_Functions)
def functions() -> None:
    """List the functions for cells; with names, all there is to know of these; with other words, search the texts.

    `opsbook functions add` puts them into a workbook of your own.
    """


@functions.command(_LOOK_UP, hidden=True)
@click.argument("words", nargs=-1)
@JSON
def show(words: tuple[str, ...], as_json: bool) -> None:
    """List functions: all, those named, or those whose texts have the words."""
    from opsbook.functions import FUNCTIONS

    named = [FUNCTIONS[word.upper()] for word in words if word.upper() in FUNCTIONS]
    chosen = named if len(named) == len(words) else _found(words)
    if not words:
        chosen = list(FUNCTIONS.values())
    if as_json:
        emit([_document(function) for function in chosen])
        return
    language = user_language()
    category = ""
    for function in chosen:
        if function.category != category and not named:
            category = function.category
            say(f"\n{category}", error=False)
        say(f"  {function.signature()}  {function.title[language]}", error=False)
        for line in _details(function) if named and len(named) == len(words) else ():
            say(f"      {line[language]}", error=False)


def _found(words: tuple[str, ...]) -> list[Function]:
    """Return the functions whose names or texts, in either language, have every word.

    Raises:
        OpsbookError: There is none.
    """
    from opsbook.functions import FUNCTIONS

    found = [
        function
        for function in FUNCTIONS.values()
        if all(word.casefold() in _texts(function).casefold() for word in words)
    ]
    if not found:
        shown = " ".join(words)
        raise OpsbookError(
            Text(
                f"没有名称或说明里有“{shown}”的函数：用 opsbook functions 列出全部函数。",
                f"No function has {shown} in its name or help: opsbook functions lists them all.",
            )
        )
    return found


def _texts(function: Function) -> str:
    texts = [function.title, function.help, *(each.help for each in function.arguments)]
    return "\n".join([function.name, *(words for text in texts for words in (text.zh, text.en))])


@functions.command("add")
@click.argument("book", type=BOOK)
@click.argument("names", nargs=-1)
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    help="Language of comments and of words in results. [default: yours]",
)
@JSON
def add(book: Path, names: tuple[str, ...], lang: Language | None, as_json: bool) -> None:
    """Put the functions, or those in NAMES, into BOOK as LAMBDA names with comments; nothing else of it changes.

    Formulas that call them already come alive. Excel 365 or 2024 calculates them. The file as it was is kept beside it
    as .backup.
    """
    from opsbook.embed import own_functions
    from opsbook.functions import FUNCTIONS

    wanted = [name.upper() for name in names]
    if strange := [name for name in wanted if name not in FUNCTIONS or not FUNCTIONS[name].excel]:
        raise OpsbookError(
            Text(
                f"没有可以加进工作簿的函数 {strange[0]}：用 opsbook functions 查看。",
                f"There is no function {strange[0]} to put into a workbook: see opsbook functions.",
            )
        )
    added = own_functions.add(book, wanted, lang or user_language())
    if as_json:
        emit(
            {
                "book": str(book),
                "new": added.new,
                "renewed": added.renewed,
                "called": added.alive,
                "backup": str(added.backup) if added.backup else None,
            }
        )
        return
    for line in _told(added):
        say(line[user_language()])
    say(str(book), error=False)


def _told(added: Added) -> list[Text]:
    """Return what was done, in sentences."""
    if added.backup is None:
        return [
            Text(
                "工作簿里已有这些函数，没有改动。",
                "The workbook has these functions already: nothing changed.",
            )
        ]
    new, renewed = len(added.new), len(added.renewed)
    lines = [
        Text(
            f"已加入 {new} 个函数，更新 {renewed} 个；原文件保存为 {added.backup.name}。在 Excel 365 或 2024 中打开即可使用。",
            f"{new} functions added, {renewed} renewed; the file as it was is {added.backup.name}. Excel 365 or 2024 "
            "calculates them.",
        )
    ]
    if added.alive:
        names = ", ".join(added.alive)
        lines.append(
            Text(
                f"已有公式会随之计算：{names}。", f"Formulas that are there already will calculate: {names}."
            )
        )
    return lines


def _details(function: Function) -> list[Text]:
    """Return what a person wants to know before using a function."""
    found = [function.help]
    found += [
        Text(f"{each.name}：{each.help.zh}", f"{each.name}: {each.help.en}") for each in function.arguments
    ]
    return [*dict.fromkeys((*found, function.zero, function.negative, function.missing))]


def _document(function: Function) -> dict[str, Any]:
    def both(text: Text) -> dict[str, str]:
        return {"zh": text.zh, "en": text.en}

    return {
        "name": function.name,
        "category": function.category,
        "signature": function.signature(),
        "title": both(function.title),
        "help": both(function.help),
        "arguments": [
            {
                "name": each.name,
                "help": both(each.help),
                "type": each.type,
                "shape": each.shape,
                "optional": each.optional,
                "default": each.default,
            }
            for each in function.arguments
        ],
        "result": function.result,
        "zero": both(function.zero),
        "negative": both(function.negative),
        "missing": both(function.missing),
        "reference": function.reference,
        "native": bool(function.excel),
    }


@click.group(cls=Commands)
def calc() -> None:
    """The functions in LibreOffice Calc."""


@calc.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path), default="opsbook.oxt")
@click.option("--overwrite", is_flag=True, help="Replace OUT if it is there.")
@click.option(
    "--basic",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write the functions as a Basic module, which LibreOffice 7 needs for names in an .xlsx.",
)
@JSON
def build(out: Path, overwrite: bool, basic: Path | None, as_json: bool) -> None:
    """Write the extension OUT (.oxt) with every function; a double click installs it."""
    from opsbook.integrations.libreoffice.build_extension import basic as basic_module
    from opsbook.integrations.libreoffice.build_extension import extension

    _write(out, extension(), overwrite=overwrite)
    if basic:
        _write(basic, basic_module().encode(), overwrite=overwrite)
    if as_json:
        emit({"extension": str(out), "basic": str(basic) if basic else None})
    else:
        say(str(out), error=False)


def _write(path: Path, content: bytes, *, overwrite: bool) -> None:
    if overwrite:
        path.unlink(missing_ok=True)
    try:
        atomic_files.create(path, content)
    except FileExistsError:
        raise OpsbookError(
            Text(
                f"{path} 已存在，不会覆盖：请换一个名字，或加 --overwrite。",
                f"{path} exists and is not overwritten: choose another name, or say --overwrite.",
            )
        ) from None
