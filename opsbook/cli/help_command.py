"""The command that shows the help pages: help."""

from __future__ import annotations

import click

from opsbook.cli.command_group import Helped
from opsbook.cli.console import emit, user_language
from opsbook.domain.errors import OpsbookError
from opsbook.domain.language import LANGUAGES, Language, Text
from opsbook.help import TOPICS, page


@click.command("help", cls=Helped)
@click.argument("topic", required=False)
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of the page.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def help_pages(topic: str | None, lang: Language | None, *, as_json: bool) -> None:
    """Show a help page, or the list of them.

    TOPIC is a name of the list; the pages are Markdown.
    """
    language = lang or user_language()
    if topic is None:
        if as_json:
            emit({name: text[language] for name, text in TOPICS.items()})
            return
        width = max(map(len, TOPICS))
        for name, text in TOPICS.items():
            click.echo(f"opsbook help {name.ljust(width)}  {text[language]}")
        return
    if topic not in TOPICS:
        names = ", ".join(TOPICS)
        raise OpsbookError(
            Text(
                f"没有「{topic}」这一页。可选：{names}",
                f"There is no help page “{topic}”. The pages: {names}",
            )
        )
    markdown = page(topic, language)
    if as_json:
        emit({"topic": topic, "language": language, "markdown": markdown})
    else:
        click.echo(markdown)
