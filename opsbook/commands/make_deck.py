"""The deck of a workbook: its figures and what people wrote are read, the slides are made, and a person is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from opsbook.domain.language import Language, Text

if TYPE_CHECKING:
    from opsbook.share.deck.make import DeckSource
    from opsbook.share.deck.slide_model import Deck


def source(
    book: Path, archive: Path | None = None, language: Language | None = None, *, exports: Path | None = None
) -> DeckSource:
    """Return what a deck is made from; the review is empty where nothing was taken in.

    Args:
        book: The workbook, or a copy of it.
        archive: Its archive; None for the one beside it.
        language: Of the deck; None for the workbook's.
        exports: The folder with the team's header map; None for the one beside the workbook.

    Raises:
        BookError: The workbook cannot be read.
        ArchiveError: The archive cannot be read.
    """
    from opsbook.commands.refresh_report import reviewed
    from opsbook.metrics.review import Review
    from opsbook.plan.annual_plan import plan
    from opsbook.share.deck.make import DeckSource, in_language

    found, inputs = reviewed(book, archive, exports)
    review = found or Review(year=inputs.settings.year or 0, as_of=None)
    settings = in_language(inputs.settings, language)
    planned = plan(review, settings, inputs.standing, inputs.plan_year)
    return DeckSource(review, planned, settings, inputs.standing, inputs.demo, inputs.workbook)


def lines(made: Deck, language: Language) -> Iterator[str]:
    """Yield what a person wants to know of a deck."""
    yield Text(f"汇报共 {len(made.slides)} 页：", f"The deck has {len(made.slides)} slides:")[language]
    for number, slide in enumerate(made.slides, start=1):
        yield f"{number:>3}  {slide.title}"
    yield Text(
        "每个数字的出处在备注里。您改写过的句子原样使用，发出前请确认其中没有客户信息。",
        "Where each figure comes from is in the notes. Sentences that you rewrote are used as they are: make sure that they hold nothing private.",
    )[language]
