"""How the command line speaks: the user's language, lines for people, one document for programs, a progress bar."""

from __future__ import annotations

import json
import locale
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

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


def say(line: str, *, error: bool = True) -> None:
    """Print a line for people: to stderr, unless it is the command's answer."""
    click.echo(line, err=error)


def emit(document: object) -> None:
    """Print one JSON document on stdout."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=1, default=_plain))


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
