"""The command group: help in the user's language, failures as one sentence or one JSON document, exit statuses."""

from __future__ import annotations

import glob
import io
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from click.exceptions import NoArgsIsHelpError

from opsbook import __version__
from opsbook.cli import console
from opsbook.cli.console import emit, say, unknown_language, user_language, wrong_call
from opsbook.domain.declarations import load
from opsbook.domain.errors import STATUS, Kind, OpsbookError, as_document, own_fault, system_fault, wordless
from opsbook.domain.language import Language, Text

INTERRUPTED = Text(
    "已中断，没有写到一半的内容，可以重新刷新。",
    "Interrupted; nothing is half done. Refresh again when you like.",
)
QUIET, VERBOSE, JSON = "--quiet", "--verbose", "--json"


class Helped(click.Command):
    """A command whose help is in the user's language; what is declared nowhere keeps click's."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the line of the usage."""
        formatter.write_usage(ctx.command_path, _usage(self, ctx), prefix=word("usage"))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        if text := _help_text(ctx):
            _write_paragraphs(text, formatter)
        else:
            super().format_help_text(ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, each in the user's language."""
        _write_options(self, ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        _write_examples(ctx, formatter)


class Commands(click.Group):
    """Commands whose failures are one sentence in the user's language, never a traceback."""

    command_class = Helped

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> Any:
        """Run the program. On Windows ``*`` and ``?`` stand for files, as on other systems.

        click itself would also put variables into names, such as that of the file ``%PATH%.xlsx``.
        """
        if args is None and os.name == "nt":
            args = [each for word in sys.argv[1:] for each in matching(word)]
        return super().main(args, *rest, **extra)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take out what every command understands, wherever it is written."""
        if ctx.parent is not None:
            return super().parse_args(ctx, args)
        words = args[: args.index("--")] if "--" in args else args
        ctx.meta["opsbook.json"] = JSON in words
        console.set_loudness(quiet=QUIET in words, verbose=VERBOSE in words)
        given = [each for each in words if each not in (QUIET, VERBOSE)]
        return super().parse_args(ctx, [*given, *args[len(words) :]])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn what stopped it into a message and an exit status."""
        for stream in (sys.stdout, sys.stderr):  # a character that the console does not know stops nothing
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        if told := unknown_language():
            say(told)
        try:
            return super().invoke(ctx)
        except OpsbookError as error:
            return _end(ctx, error.text, error.kind)
        except click.UsageError as error:
            if isinstance(error, NoArgsIsHelpError) or (
                user_language() == "en" and not ctx.meta["opsbook.json"]
            ):
                raise
            if not ctx.meta["opsbook.json"]:
                return _end(ctx, Text(wrong_call(error), ""), "wrong_call")
            said = wrong_call(error) if user_language() == "zh" else error.format_message()
            path = error.ctx.command_path if error.ctx else ctx.command_path
            emit({"error": {"code": "wrong_call", "message": said.splitlines()[0], "todo": f"{path} --help"}})
            return ctx.exit(STATUS["wrong_call"])
        except (click.ClickException, click.exceptions.Exit):
            raise
        except (KeyboardInterrupt, click.Abort):
            return _end(ctx, INTERRUPTED, "busy")
        except BrokenPipeError:  # `opsbook values … | head`: nobody reads any more
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return ctx.exit(1)
        except OSError as error:
            return _end(ctx, system_fault(error), "computer")
        except Exception as error:  # noqa: BLE001 - a fault of ours: the details go to a file, not to the user
            if "interrupted" in str(error).lower():  # what DuckDB makes of Ctrl-C
                return _end(ctx, INTERRUPTED, "busy")
            return _end(ctx, _log_fault(), "internal")

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the line of the usage."""
        formatter.write_usage(ctx.command_path, _usage(self, ctx), prefix=word("usage"))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the program, or the group, is for."""
        if text := _help_text(ctx):
            _write_paragraphs(text, formatter)
        else:
            super().format_help_text(ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by group, then the options."""
        commands = {name: self.commands[name] for name in self.list_commands(ctx)}
        titles = texts()["groups"] if ctx.parent is None else {"advanced": texts()["words"]["commands"]}
        groups: dict[str, list[tuple[str, str]]] = {name: [] for name in titles}
        for name, command in commands.items():
            if command.hidden:
                continue
            entry = texts()["commands"].get(_path(ctx, name), {})
            short = entry["short"][user_language()] if entry else command.get_short_help_str(limit=60)
            groups[entry.get("group", "advanced")].append((name, short))
        for name, rows in groups.items():
            if rows:
                with formatter.section(titles[name][user_language()]):
                    formatter.write_dl(rows)
        _write_options(self, ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, or what holds for every command."""
        _write_examples(ctx, formatter)
        if ctx.parent is None:
            formatter.write_paragraph()
            formatter.write_text(f"\b\n{texts()['everywhere'][user_language()].strip()}")


Commands.group_class = Commands


def texts() -> dict[str, Any]:
    """Return the declared help."""
    return load("opsbook.cli", "command_help.toml")


def word(key: str) -> str:
    """Return a heading of the help in the user's language."""
    found: str = texts()["words"][key][user_language()]
    return found


def matching(word: str) -> list[str]:
    """Return the files that a word with ``*`` or ``?`` stands for; any other word, or one without a file, itself."""
    if not any(mark in word for mark in "*?"):
        return [word]
    return sorted(glob.glob(word)) or [word]  # noqa: PTH207 - keeps the form in which the folder is written


def _path(ctx: click.Context, name: str = "") -> str:
    """Return the words of a command without the program's name, such as ``calc build``."""
    names = [ctx.info_name or ""] if ctx.parent else []
    parent = ctx.parent
    while parent is not None and parent.parent is not None:
        names.insert(0, parent.info_name or "")
        parent = parent.parent
    return " ".join([*names, *([name] if name else [])])


def _declared(ctx: click.Context) -> dict[str, Any]:
    path = _path(ctx)
    found: dict[str, Any] = texts()["commands"].get(path, {}) if path else texts()["program"]
    return found


def _write_examples(ctx: click.Context, formatter: click.HelpFormatter) -> None:
    if examples := _declared(ctx).get("examples"):
        with formatter.section(word("examples")):
            for example in examples[user_language()]:
                formatter.write_text(f"\b\n{example}")


def _usage(command: click.Command, ctx: click.Context) -> str:
    pieces = " ".join(command.collect_usage_pieces(ctx))
    return _in_chinese(pieces) if user_language() == "zh" else pieces


def _in_chinese(text: str) -> str:
    """Return click's words for values, as in ``--year INTEGER``, in Chinese."""
    for english, chinese in texts()["values"].items():
        text = text.replace(english, chinese)
    return text


def _help_text(ctx: click.Context) -> str:
    """Return the Chinese help; empty in English, which stands in the command's docstring."""
    found: str = _declared(ctx).get("help", "") if user_language() == "zh" else ""
    return found.strip()


def _write_paragraphs(text: str, formatter: click.HelpFormatter) -> None:
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(text)


def _write_options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    language = user_language()
    declared = _declared(ctx).get("options", {})
    rows = []
    for parameter in command.get_params(ctx):
        record = parameter.get_help_record(ctx)
        if record is None or not isinstance(parameter, click.Option):
            continue
        names, text = record
        if language == "zh":
            key = "help" if "--help" in parameter.opts else parameter.name
            own = declared.get(key) or texts()["options"].get(key)
            names, text = _in_chinese(names), own["zh"] if own else text
        rows.append((names, text))
    if rows:
        with formatter.section(word("options")):
            formatter.write_dl(rows)


def _end(ctx: click.Context, text: Text, kind: Kind) -> None:
    """Say what stopped the command, to people or to the program that asked, and end with its status."""
    language: Language = user_language()
    if ctx.meta["opsbook.json"]:
        emit(as_document(text, kind, language))
    else:
        say(text[language], always=True)
    ctx.exit(STATUS[kind])


def _log_fault() -> Text:
    lines = [f"opsbook {__version__}, Python {sys.version}", *wordless(sys.exc_info()[1])]
    log = Path(tempfile.gettempdir()) / f"opsbook-error-{os.getpid()}.log"
    try:
        log.write_text("\n".join(lines), encoding="utf-8")
    except OSError:
        what = f"{lines[1]}: {lines[-1].strip()}"
        return Text(
            f"OpsBook 内部出错，工作簿未改动：{what}", f"OpsBook failed; the workbook was not changed: {what}"
        )
    return own_fault(log)
