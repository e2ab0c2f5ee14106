"""How the command line speaks: the user's language, lines for people, one document for programs, a progress bar."""

from __future__ import annotations

import codecs
import json
import locale
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from opsbook.language import Language

if TYPE_CHECKING:
    from opsbook.refresh import Progress


def user_language() -> Language:
    """Return the language of messages: ``OPSBOOK_LANG`` if set, else Chinese where the system is Chinese."""
    variables = ("OPSBOOK_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    named = (
        next((value for name in variables if (value := os.environ.get(name))), "")
        or locale.getlocale()[0]
        or ""
    )
    return "zh" if named.lower().startswith(("zh", "chinese")) else "en"


# What a file name or a cell must not do to a terminal: move the cursor, change colours, turn the reading direction.
_UNSEEN = dict.fromkeys(
    (*range(10), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd"
)


def say(line: str, *, error: bool = True) -> None:
    """Print a line for people: to stderr, unless it is the command's answer."""
    encoding = _encoding(sys.stderr if error else sys.stdout)
    click.echo(line.translate(_UNSEEN).encode(encoding, "replace").decode(encoding), err=error)


def emit(document: object) -> None:
    """Print one JSON document on stdout; where that cannot take every letter, letters beyond ASCII are written as codes."""
    whole = codecs.lookup(_encoding(sys.stdout)).name == "utf-8"
    click.echo(json.dumps(document, ensure_ascii=not whole, indent=1, default=_plain))


def _encoding(stream: TextIO) -> str:
    """Return what a stream can take: of a Windows console everything, of a pipe there its code page."""
    return "utf-8" if stream.isatty() else stream.encoding or "utf-8"


def _plain(value: object) -> object:
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    raise TypeError(f"{type(value).__name__} has no JSON form")


@contextmanager
def progress_bar() -> Iterator[Progress | None]:
    """Give a callback that draws a progress bar on a terminal; None in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def report(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total, description=what[:60])

        yield report


def wrong_call(error: click.UsageError) -> str:
    """Return in Chinese what click says in English of a call that cannot be."""
    command = error.ctx.command_path if error.ctx else "opsbook"
    hint = f"\n用法见：{command} --help"
    if isinstance(error, click.MissingParameter):
        name = error.param.make_metavar(error.ctx) if error.param and error.ctx else ""
        return f"缺少 {name}。{hint}"
    if isinstance(error, click.NoSuchOption):
        return f"没有 {error.option_name} 这个选项。{_near(error)}{hint}"
    if isinstance(error, click.BadParameter):
        given = re.search(r"'(.*)' (?:does not exist|is a directory|is a file|is not)", error.message)
        what = f"“{given[1]}”" if given else ""
        if error.message.endswith("does not exist."):
            return f"找不到{what}：请检查文件名和所在的文件夹（名字里有空格时要加引号）。"
        kind = error.param.type if error.param else None
        if isinstance(kind, click.Choice):
            return f"{_named(error)} 不能是{what}，只能是：{'、'.join(map(str, kind.choices))}。{hint}"
        return f"{_named(error)} 的值{what}不对：{error.message}{hint}"
    if match := re.match(r"No such command '([^']*)'", error.message):
        return f"没有 {match[1]} 这个命令。{_near(error)}{hint}"
    return f"命令的写法不对：{error.message}{hint}"


def _named(error: click.BadParameter) -> str:
    return "/".join(error.param.opts) if error.param else ""


def _near(error: click.UsageError) -> str:
    """Ask for what click takes to be meant; older ones give no suggestions for commands."""
    meant = getattr(error, "possibilities", None)
    return f"您是不是想用 {'、'.join(meant)}？" if meant else ""
