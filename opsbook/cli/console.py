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
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from opsbook.domain.language import Language, Text

if TYPE_CHECKING:
    from opsbook.commands.refresh import Progress


VARIABLE = "OPSBOOK_LANG"


def user_language() -> Language:
    """Return the language of messages: ``OPSBOOK_LANG`` if it is a known one, else Chinese where the system is Chinese."""
    if asked := _language(os.environ.get(VARIABLE, "")):
        return asked
    variables = ("LC_ALL", "LC_MESSAGES", "LANG")
    named = next((value for name in variables if (value := os.environ.get(name))), "")
    return _language(named or locale.getlocale()[0] or "") or "en"


def unknown_language() -> str:
    """Return what to tell of an ``OPSBOOK_LANG`` that is no language of ours; empty where there is nothing to tell."""
    asked = os.environ.get(VARIABLE, "")
    if not asked or _language(asked):
        return ""
    return Text(
        f"{VARIABLE}={asked} 不是可用的语言，请设为 zh 或 en；本次显示中文。",
        f"{VARIABLE}={asked} is no language of OpsBook: set it to zh or en. This time it is English.",
    )[user_language()]


def _language(named: str) -> Language | None:
    """Return the language of a name such as ``zh_CN.UTF-8``, ``Chinese (Simplified)_China`` or ``en``."""
    first = named.lower()
    return "zh" if first.startswith(("zh", "chinese")) else "en" if first.startswith("en") else None


# What a file name or a cell must not do to a terminal: move the cursor, change colours, turn the reading direction.
_UNSEEN = dict.fromkeys(
    (*range(10), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd"
)


def shown(text: str) -> str:
    """Return a text as a terminal may print it: what would move its cursor or change its colours is made visible."""
    return text.translate(_UNSEEN)


@dataclass
class _Loudness:
    quiet: bool = False
    verbose: bool = False


_loudness = _Loudness()


def set_loudness(*, quiet: bool, verbose: bool) -> None:
    """Decide what this run of the program says beside its answer.

    Args:
        quiet: Failures only, and no progress bar.
        verbose: Everything there is to say.
    """
    _loudness.quiet, _loudness.verbose = quiet, verbose and not quiet


def verbose() -> bool:
    """Return whether everything is to be said."""
    return _loudness.verbose


def say(line: str, *, error: bool = True, always: bool = False) -> None:
    """Print a line for people.

    Args:
        line: The line.
        error: To stderr; False for the command's answer, which goes to stdout.
        always: Print it with ``--quiet`` too: it says why the command failed.
    """
    if _loudness.quiet and error and not always:
        return
    encoding = _encoding(sys.stderr if error else sys.stdout)
    click.echo(shown(line).encode(encoding, "replace").decode(encoding), err=error)


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


def open_file(path: Path) -> None:
    """Open a file in the program that the user has for it; where there is none, say so and go on."""
    import subprocess  # seldom

    program = {"darwin": "open"}.get(sys.platform, "xdg-open")
    try:
        if sys.platform == "win32":
            os.startfile(path)  # noqa: S606 - what a double click does
        else:
            subprocess.run([program, str(path)], check=True, capture_output=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        say(
            Text(
                f"没有程序能打开 {path.name}：请自己打开它。",
                f"No program here opens {path.name}: open it yourself.",
            )[user_language()]
        )


@contextmanager
def progress_bar() -> Iterator[Progress | None]:
    """Give a callback that draws a progress bar on a terminal; None in a pipe."""
    if _loudness.quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def report(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total, description=escape(shown(what[:60])))

        yield report


# What click says in English, and what a Chinese user reads instead.
_SENTENCES = {
    r".* '(.*)' does not exist\.": "找不到“{}”：请检查文件名和所在的文件夹（名字里有空格时要加引号）。",
    r".* '(.*)' is a directory\.": "“{}”是文件夹，这里要写文件。",
    r".* '(.*)' is a file\.": "“{}”是文件，这里要写文件夹。",
    r".* '(.*)' is not (?:read|writ|execut)able\.": "没有权限使用“{}”。",
    r"Got unexpected extra arguments? \((.*)\)": "多写了 {}。",
    r"Option '(.*)' requires .*\.": "{} 后面要写一个值。",
    r"Option '(.*)' does not take a value\.": "{} 后面不能写值。",
    r"No such command '(.*)'\.": "没有 {} 这个命令。",
}


def wrong_call(error: click.UsageError) -> str:
    """Return in Chinese what click says in English of a call that cannot be."""
    command = error.ctx.command_path if error.ctx else "opsbook"
    return f"{_fault(error)}{_near(error)}\n用法见：{command} --help"


def _fault(error: click.UsageError) -> str:
    if isinstance(error, click.MissingParameter):
        name = error.param.make_metavar(error.ctx) if error.param and error.ctx else ""
        return f"缺少{_MEANINGS.get(name.rstrip('.'), '')} {name}。"
    if isinstance(error, click.NoSuchOption):
        return f"没有 {error.option_name} 这个选项。"
    said = error.message.splitlines()[0] if error.message else ""
    for pattern, sentence in _SENTENCES.items():
        if match := re.fullmatch(f"{pattern}.*", said):
            return sentence.format(match[1])
    if not isinstance(error, click.BadParameter):
        return f"命令的写法不对：{said}"
    kind, given = error.param.type if error.param else None, re.match(r"'?(.*?)'? is not ", said)
    what = f"{_named(error)} 不能是“{given[1]}”" if given else f"{_named(error)} 的值不对"
    if isinstance(kind, click.Choice):
        return f"{what}，只能是：{'、'.join(map(str, kind.choices))}。"
    if isinstance(kind, click.IntRange):
        return f"{what}，只能是 {kind.min} 到 {kind.max} 的整数。"
    return f"{what}：{said}"


_MEANINGS = {
    "BOOK": "工作簿",
    "PATHS": "要检查的文件或文件夹",
    "NAME": "要撤回的名字或编号",
    "STORES": "店铺列表文件",
}


def _named(error: click.BadParameter) -> str:
    return "/".join(error.param.opts) if error.param else ""


def _near(error: click.UsageError) -> str:
    """Ask for what click takes to be meant; older ones give no suggestions for commands."""
    meant = getattr(error, "possibilities", None)
    return f"您是不是想用 {'、'.join(meant)}？" if meant else ""
