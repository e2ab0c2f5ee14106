"""The commands about the functions: their catalogue, and the extension that brings them to LibreOffice Calc."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from opsbook.cli.console import emit, say, user_language
from opsbook.domain.errors import OpsbookError
from opsbook.domain.language import Text
from opsbook.support import atomic_files

if TYPE_CHECKING:
    from opsbook.functions import Function


@click.command()
@click.argument("names", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def functions(names: tuple[str, ...], as_json: bool) -> None:
    """List the functions for cells: names, arguments, what they say. With NAMES, all there is to know of these."""
    from opsbook.functions import FUNCTIONS  # noqa: PLC0415

    if strange := [name for name in names if name.upper() not in FUNCTIONS]:
        raise OpsbookError(
            Text(
                f"没有函数 {strange[0]}：用 opsbook functions 列出全部函数。",
                f"There is no function {strange[0]}: opsbook functions lists them all.",
            )
        )
    chosen = [FUNCTIONS[name.upper()] for name in names] or list(FUNCTIONS.values())
    if as_json:
        emit([_document(function) for function in chosen])
        return
    language = user_language()
    category = ""
    for function in chosen:
        if function.category != category and not names:
            category = function.category
            say(f"\n{category}", error=False)
        say(f"  {function.signature()}  {function.title[language]}", error=False)
        for line in _details(function) if names else ():
            say(f"      {line[language]}", error=False)


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


@click.group()
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
def build(out: Path, overwrite: bool, basic: Path | None) -> None:
    """Write the extension OUT (.oxt) with every function; a double click installs it."""
    from opsbook.integrations.libreoffice.build_extension import basic as basic_module  # noqa: PLC0415
    from opsbook.integrations.libreoffice.build_extension import extension  # noqa: PLC0415

    _write(out, extension(), overwrite=overwrite)
    if basic:
        _write(basic, basic_module().encode(), overwrite=overwrite)
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
