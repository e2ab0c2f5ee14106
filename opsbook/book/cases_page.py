"""The sheet of cases: what carried the growth, a sentence that quotes its figures, and room for the team's own words."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from opsbook.book.keyed import Kept, arrange
from opsbook.book.layout_annual import CASE_LINES
from opsbook.book.page import shorten
from opsbook.book.words import verdict, word
from opsbook.book.work_page import head
from opsbook.review.cases import Case, declared, find

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opsbook.book.cells import Grid
    from opsbook.book.keyed import KeptLines
    from opsbook.book.page import Page
    from opsbook.params import Settings

LIST = "cases.list"
NUMBER, KIND, PERIOD, NAME, NOW, BASE, POINTS, GROWTH, SENTENCE, STATE, MARK, KEY = range(12)
WIDTH = KEY + 1
_HEADS = (
    "no",
    "case_kind",
    "period",
    "case_name",
    "now",
    "before_short",
    "points",
    "whole_growth",
    "sentence",
    "words_state",
    "",
    "",
)


def cases(page: Page, settings: Settings, kept: KeptLines, *, demo: bool) -> None:
    """Write every case on its line; a line with words of the team is never given to another case."""
    language = page.language
    head(page, "cases", settings, demo=demo, width=WIDTH - 1)
    found = {each.key: each for each in find(page.review)} if page.review.figures else {}
    if not found:
        page.sheets.grids["cases.head"].put(1, 0, word("cases_none", language), "pagenote")
    grid = page.sheets.grid(LIST, 1 + CASE_LINES, WIDTH)
    for column, key in enumerate(_HEADS):
        look = "headnum" if NOW <= column <= GROWTH else "headnote" if column in (SENTENCE, STATE) else "head"
        grid.put(0, column, word(key, language) if key else None, look)
    present = list(kept.get(LIST, ()))[1:]
    places = arrange(present, list(found), CASE_LINES)
    for at, key in enumerate(places):
        line = present[at] if at < len(present) else Kept((), "")
        _line(page, grid, 1 + at, (found.get(key), key, line))


def _line(page: Page, grid: Grid, row: int, line: tuple[Case | None, str, Kept]) -> None:
    case, key, kept = line
    language = page.language
    grid.put(row, NUMBER, row, "quiet")
    texts: tuple[str | None, ...] = (None,) * 4
    numbers: tuple[float | None, ...] = (None,) * 4
    if case:
        kind = declared()[case.kind]["title"][language]
        name = shorten(case.name[language], 64)
        texts = (kind, case.period[language], name, case.sentence[language])
        numbers = (case.now, case.base, case.points, case.growth)
    elif key:
        texts = (None, key.partition("/")[0], key.rpartition("/")[2], word("case_gone", language))
    for column, text, look in zip(
        (KIND, PERIOD, NAME, SENTENCE), texts, ("text", "text", "sentence", "sentence.indent"), strict=True
    ):
        grid.put(row, column, text, look)
    looks = ("strong.int", "prior.int", "growth.pp.higher", "value.growth")
    for column, number, look in zip((NOW, BASE, POINTS, GROWTH), numbers, looks, strict=True):
        grid.put(row, column, number, look)
    mark, state = _state(case, kept)
    grid.put(row, STATE, verdict(state, language) if state else None, "verdict")
    grid.put(row, MARK, mark or None, "under.hidden")
    grid.put(row, KEY, key or None, "under.hidden")


def _state(case: Case | None, kept: Kept) -> tuple[str, str]:
    """Return the mark of the words with the figures they were written for, and what to say of them now.

    The mark tells by digests which words were first seen beside which figures. As long as the words are the same,
    changed figures make them stale; new words are taken to be of the figures that stood there.
    """
    if not kept.words:
        return "", ""
    of_words = _digest(kept.words)
    before = str(kept.cells[MARK] or "") if len(kept.cells) > MARK else ""
    seen = _figures(kept.cells[NOW : GROWTH + 1])
    mark = before if before.startswith(f"{of_words}:") else f"{of_words}:{seen}"
    if case is None:
        return mark, "gone"
    now = _figures((case.now, case.base, case.points, case.growth))
    return mark, "kept" if mark.endswith(f":{now}") else "stale"


def _figures(values: Sequence[object]) -> str:
    """Return a digest of a case's figures as a cell keeps them; undefined ones count as nothing."""
    return _digest(" ".join(f"{v:.4f}" if isinstance(v, int | float) and v == v else "-" for v in values))  # noqa: PLR0124


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
