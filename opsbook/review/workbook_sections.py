"""The sections of the workbook, declared in sections.toml: which block answers which requirements."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files

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
    raw = tomllib.loads(
        files(__name__.rpartition(".")[0]).joinpath("sections.toml").read_text(encoding="utf-8")
    )
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
