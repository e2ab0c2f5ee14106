"""The command that makes the deck for management."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from opsbook.cli.command_group import Helped
from opsbook.cli.console import emit, progress_bar, say, user_language
from opsbook.cli.data_commands import BOOK, JSON
from opsbook.domain.language import LANGUAGES, Language, Text

if TYPE_CHECKING:
    from opsbook.share.deck.slide_model import Deck

_FILE = click.Path(dir_okay=False, path_type=Path)
_READING, _MAKING = Text("读取", "Reading"), Text("生成汇报", "Making the deck")


@click.command(cls=Helped)
@click.argument("book", type=BOOK)
@click.argument("out", type=_FILE, required=False)
@click.option(
    "--template",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Your company's .pptx or .potx: its master and layouts are used.",
)
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of the deck. [default: the workbook's]")
@click.option("--archive", type=_FILE, help="Archive file. [default: BOOK with .duckdb]")
@click.option("--overwrite", is_flag=True, help="Replace OUT if it is there.")
@JSON
def deck(  # noqa: PLR0917 - click passes them by name
    book: Path,
    out: Path | None,
    template: Path | None,
    lang: Language | None,
    archive: Path | None,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Make the PowerPoint for management from BOOK: conclusions, charts and tables that can be edited.

    OUT is BOOK's name with -deck (Chinese: -汇报) unless given. What the data do not carry is left out. Sentences that
    were rewritten in the workbook are used as they are. BOOK itself is not touched.
    """
    from opsbook.commands import make_deck
    from opsbook.share.deck import make

    language = user_language()
    target = out or make.default_path(book, language)
    make.check_target(target, template, overwrite=overwrite)
    master = make.master_of(template)
    with progress_bar() as progress:
        step = progress or (lambda _done, _total, _what: None)
        step(0, 2, _READING[language])
        source = make_deck.source(book, archive, lang)
        step(1, 2, _MAKING[language])
        made = make.write(source, target, master, overwrite=overwrite)
    if as_json:
        emit(_document(target, made))
        return
    for line in make_deck.lines(made, language):
        say(line)
    say(str(target), error=False)


def _document(target: Path, made: Deck) -> dict[str, object]:
    return {
        "deck": target,
        "language": made.language,
        "slides": [{"id": slide.id, "title": slide.title} for slide in made.slides],
    }
