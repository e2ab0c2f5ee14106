"""The sections of the workbook, declared in sections.toml: which block answers which requirements."""

from __future__ import annotations

from dataclasses import dataclass

from opsbook.domain.declarations import load
from opsbook.domain.language import Text


@dataclass(frozen=True)
class Section:
    """A block of the workbook and why it is there.

    Attributes:
        sheet: Id of the sheet.
        block: Its name inside the sheet; the defined name is ``ops.<sheet>.<block>``.
        title: Heading.
        requirements: IDs that it answers.
        input: People type it; a refresh never writes there.
    """

    sheet: str
    block: str
    title: Text
    requirements: tuple[str, ...]
    input: bool = False

    @property
    def name(self) -> str:
        """``<sheet>.<block>``, the block's name in a plan."""
        return f"{self.sheet}.{self.block}"


def _load() -> tuple[Section, ...]:
    raw = load("opsbook.review", "sections.toml")
    return tuple(
        Section(
            sheet,
            block,
            Text(**entry["title"]),
            tuple(entry["requirements"]),
            entry.get("input", False),
        )
        for sheet, blocks in raw.items()
        for block, entry in blocks.items()
    )


SECTIONS: tuple[Section, ...] = _load()
