"""From a workbook to its deck. The workbook and its archive are read, never written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from opsbook.book.cells import Sheets
from opsbook.book.compose import compose
from opsbook.book.page import ReportPage
from opsbook.domain.errors import BookError, OpsbookError
from opsbook.domain.language import Language, Text
from opsbook.params import Settings
from opsbook.plan.annual_plan import Plan
from opsbook.plan.row_merge import Standing
from opsbook.share.deck.slide_model import Deck
from opsbook.share.deck.slides import deck
from opsbook.share.deck.workbook_cells import WorkbookCells
from opsbook.support import atomic_files as files

if TYPE_CHECKING:
    from opsbook.backends.protocol import Book
    from opsbook.metrics.review import Review
    from opsbook.share.deck.pptx_master import Master


@dataclass(frozen=True)
class DeckSource:
    """What a deck is made from.

    Attributes:
        review: The figures.
        plan: Of the same figures.
        settings: Values in force; their language is the deck's.
        standing: What people wrote, by block.
        demo: Whether the store is made up.
        workbook: Open; it knows where its blocks are.
    """

    review: Review
    plan: Plan
    settings: Settings
    standing: Mapping[str, Standing]
    demo: bool
    workbook: Book


def default_path(book: Path, language: Language) -> Path:
    """Return where the deck of a workbook stands when nothing else is said: beside it."""
    return book.with_name(book.stem + Text("-汇报", "-deck")[language] + ".pptx")


def slides_of(source: DeckSource) -> Deck:
    """Return the slides that the data carry; the deck has none where the workbook has no data."""
    book = compose(
        source.review,
        source.settings,
        demo=source.demo,
        standing=source.standing,
        plan=source.plan,
    )
    places = {
        block.name: place
        for block in book.blocks
        if (place := source.workbook.place(f"ops.{block.name}")) is not None
    }
    page = ReportPage(source.review, source.settings.language, Sheets(), source.plan, source.standing)
    return deck(page, source.settings, WorkbookCells(book, places), demo=source.demo)


def master_of(template: Path | None) -> Master:
    """Return the master that a deck is made on.

    Args:
        template: The company's own .pptx or .potx, whose master and layouts are used; None for ours.

    Raises:
        OpsbookError: The template cannot be used.
    """
    from opsbook.share.deck import pptx_master  # heavy, and needs python-pptx

    return pptx_master.own(template) if template else pptx_master.plain()


def write(source: DeckSource, target: Path, master: Master, *, overwrite: bool = False) -> Deck:
    """Write the deck, whole or not at all.

    Args:
        source: What it is made from.
        target: The .pptx, as `check_target` passed it.
        master: An empty presentation; it is used up.
        overwrite: Whether a file that is there may be replaced.

    Raises:
        OpsbookError: With a sentence for people; nothing was written.
    """
    from opsbook.share.deck import pptx_file  # heavy, and needs python-pptx

    made = slides_of(source)
    if not made.slides:
        name = source.workbook.path.name
        raise OpsbookError(
            Text(
                f"工作簿 {name} 里没有数据，做不出汇报：请先放入导出文件并刷新（opsbook refresh）。",
                f"The workbook {name} has no data to make a deck from: add exports and refresh it first (opsbook refresh).",
            )
        )
    _put(target, pptx_file.build(made, master, source.review.until), overwrite=overwrite)
    return made


def check_target(target: Path, template: Path | None, *, overwrite: bool) -> None:
    """Make sure that a deck may be written.

    Raises:
        OpsbookError: Its name does not end in .pptx, it exists and may not be replaced, or it is the template.
    """
    if target.suffix.lower() != ".pptx":
        raise OpsbookError(
            Text(
                f"{target.name}：汇报只能存为 .pptx，请把文件名改为以 .pptx 结尾。",
                f"{target.name}: the deck is a .pptx; give a name that ends in it.",
            )
        )
    same = template is not None and target.exists() and target.samefile(template)
    if target.exists() and (same or not overwrite):
        raise OpsbookError(
            Text(
                f"{target} 已存在，不会覆盖：请换一个名字，或加 --overwrite（模板本身始终不会被覆盖）。",
                f"{target} exists and is not overwritten: choose another name, or say --overwrite (never over the template itself).",
            )
        )


def _put(target: Path, content: bytes, *, overwrite: bool) -> None:
    try:
        files.write(target, content, overwrite=overwrite)
    except OSError as error:
        raise BookError(
            Text(
                f"汇报 {target} 无法保存（{error.strerror or error}）：请检查文件夹是否存在、可写，文件是否正在 PowerPoint 中打开。",
                f"The deck {target} cannot be saved ({error.strerror or error}): check that the folder exists and can be written, and that the file is not open in PowerPoint.",
            ),
            "computer",
        ) from None


def in_language(settings: Settings, language: Language | None) -> Settings:
    """Return the settings with the language of the deck; None keeps the workbook's."""
    return replace(settings, language=language) if language else settings
