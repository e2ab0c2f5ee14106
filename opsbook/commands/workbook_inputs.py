"""What a workbook says of itself: language, settings, paste sheets, and what people wrote beside our figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from opsbook import params
from opsbook.domain.issues import Issue
from opsbook.domain.language import LANGUAGES, Language, as_language
from opsbook.intake.clean_tables import Source
from opsbook.params import Settings

if TYPE_CHECKING:
    from opsbook.backends.protocol import Book
    from opsbook.book.address import Place
    from opsbook.intake.header_map import HeaderMap
    from opsbook.plan.row_merge import Standing

PASTE_SHEETS = ("粘贴", "Paste")
TEAM = "ops.team."
_PRIOR = re.compile(r"与 (\d{4}) 年同期|same period of (\d{4})")
HINT_ROWS, HINT_CELLS = 3, 4  # what the template itself writes at the top of a paste sheet


@dataclass(frozen=True)
class Inputs:
    """What a workbook says of itself."""

    language: Language
    settings: Settings
    demo: bool
    pasted: tuple[Source, ...]
    maps: HeaderMap
    issues: tuple[Issue, ...]
    plan_year: int | None  # of the plan that was begun
    workbook: Book

    @cached_property
    def standing(self) -> Mapping[str, Standing]:
        """The tables that people and Refresh write together, as they stand; a refresh with nothing new never asks."""
        return _standing(self.workbook)


def read_inputs(workbook: Book, folder: Path | None) -> Inputs:
    """Return language, settings, paste sheets and header map of a workbook."""
    from opsbook.book.model import PLAN_YEAR
    from opsbook.intake.header_map import HeaderMap, from_rows, load_toml

    names = workbook.names()
    language = as_language(names.get("ops.language", "").strip('"'))
    cells: dict[str, object] = {}
    for key in params.declared():
        if place := workbook.place(f"ops.settings.{key}"):
            cells[key] = workbook.read(place)[0][0]
    settings, issues = params.read(cells, language)
    maps = HeaderMap()
    if folder and (toml := folder / "opsbook.toml").exists():
        maps, found = load_toml(toml)
        issues += found
    if place := workbook.place("ops.headermap.rules"):
        from_sheet, found = from_rows(workbook.read(place), sheet=place.sheet, first_row=place.row + 1)
        maps, issues = maps.merged(from_sheet), issues + found
    return Inputs(
        language=language,
        settings=replace(
            settings, meanings=maps.meanings, year=settings.year or _year_under_review(workbook, names)
        ),
        demo=names.get("ops.demo", "").upper() == "TRUE",
        pasted=(*_pasted(workbook), *_team_tables(workbook)),
        maps=maps,
        issues=tuple(issues),
        plan_year=int(begun) if (begun := names.get(PLAN_YEAR, "")).isdigit() else None,
        workbook=workbook,
    )


def _year_under_review(workbook: Book, names: Mapping[str, str]) -> int | None:
    """Return the year that a filled workbook reviews; it stays until a person sets another one.

    Version 0.1.0 did not remember it: there it is read from the line under the title, which names the year before.
    """
    from opsbook.book.model import PLAN_YEAR, REVIEW_YEAR

    if (pinned := names.get(REVIEW_YEAR, "")).isdigit():
        return int(pinned)
    if PLAN_YEAR not in names or (place := workbook.place("ops.overview.head")) is None:
        return None
    texts = (str(cell) for row in workbook.read(place) for cell in row if cell is not None)
    found = next(filter(None, map(_PRIOR.search, texts)), None)
    return int(found[1] or found[2]) + 1 if found else None


def _pasted(workbook: Book) -> Iterable[Source]:
    periods: dict[str, str] = {}
    covered: set[str] = set()
    for name in workbook.names():
        if name.startswith("ops.paste") and name.endswith(".period") and (place := workbook.place(name)):
            value = workbook.read(place)[0][0]
            if _covered(workbook, place):
                covered.add(place.sheet)
            elif value is not None:
                periods[place.sheet] = str(value)
    for title in workbook.sheet_names:
        if title.startswith(PASTE_SHEETS) and not _untouched(workbook, title):
            yield Source(
                workbook.readable,
                workbook.path.name,
                sheet=title,
                period=periods.get(title, ""),
                covered=title in covered,
            )


def _covered(workbook: Book, period: Place) -> bool:
    """Whether something else stands where the template labels the period cell: its content is part of a table."""
    from opsbook.book.address import Place
    from opsbook.book.furniture import template_text

    if period.column == 0:
        return False
    beside = Place(period.sheet, period.row, period.column - 1, 1, 1)
    label, first = workbook.read(beside)[0][0], workbook.read(Place(period.sheet, 0, 0, 1, 1))[0][0]
    ours = {template_text(key, language) for key in ("paste_period", "paste_hint") for language in LANGUAGES}
    return label not in ours if label is not None else first is not None and first not in ours


def _team_tables(workbook: Book) -> Iterable[Source]:
    """Yield the tables that the team keeps in the workbook, each with its headers, where something is written."""
    for name in sorted(workbook.names()):
        if not name.startswith(TEAM) or (place := workbook.place(name)) is None or place.row == 0:
            continue
        if any(cell is not None for row in workbook.read(place) for cell in row):
            cells = (place.row - 1, place.column, place.last_row, place.last_column)
            yield Source(workbook.readable, workbook.path.name, sheet=place.sheet, cells=cells)


def _standing(workbook: Book) -> dict[str, Standing]:
    """Return the tables that people and Refresh write together, as they stand."""
    from opsbook.book.shared import standing
    from opsbook.plan.table_declarations import tables

    places = {block: workbook.place(f"ops.{block}") for block in tables()}
    return {
        block: standing(tables()[block], workbook.read(place)) for block, place in places.items() if place
    }


def _untouched(workbook: Book, title: str) -> bool:
    """Whether a paste sheet holds no more than the template's own lines."""
    from opsbook.book.address import Place

    rows = workbook.read(Place(title, 0, 0, 30, 40))
    filled = [sum(cell is not None for cell in row) for row in rows]
    if any(filled[HINT_ROWS:]) or max(filled) > HINT_CELLS:
        return False
    return not any(_is_header(row) for row in rows[:HINT_ROWS])


def _is_header(row: Sequence[object]) -> bool:
    """Whether a small table may have been pasted over the template's lines: two of its words are headers of exports."""
    from opsbook.schemas import known_headers, normalise_header

    words = [cell for cell in row if isinstance(cell, str)]
    return len(words) > 1 and sum(normalise_header(word) in known_headers() for word in words) > 1
