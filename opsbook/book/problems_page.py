"""The sheet of problems: what the rules found, with evidence, money, and a cell for the strategy that answers it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from opsbook.book.formats import NUMBERS, number_of
from opsbook.book.keyed import arrange
from opsbook.book.layout_annual import PROBLEM_PARTS
from opsbook.book.words import verdict, word
from opsbook.book.work_page import head
from opsbook.metrics.catalogue import metrics
from opsbook.review.indicators import basis_text
from opsbook.review.problems import Problem, declared, find, rules, slots

if TYPE_CHECKING:
    from opsbook.book.cells import Grid
    from opsbook.book.keyed import KeptLines
    from opsbook.book.page import Page
    from opsbook.params import Settings

NUMBER, SENTENCE, NOW, REFERENCE, GAP, MONEY, STATE, NOTE, KEY = range(9)
WIDTH = KEY + 1


def problems(page: Page, settings: Settings, kept: KeptLines, *, demo: bool) -> None:
    """Write every part."""
    head(page, "problems", settings, demo=demo, width=WIDTH + 1)
    for number, part in enumerate(PROBLEM_PARTS, start=1):
        _part(page, part, number, kept)


def _part(page: Page, part: str, number: int, kept: KeptLines) -> None:
    language = page.language
    name = f"problems.{part}"
    lines = [rule for rule in rules(part) for _ in range(slots(rule))]
    grid = page.sheets.grid(name, 1 + len(lines), WIDTH)
    heads = ("no", "problem", "now", "reference", "gap", "money", "judgement", "note", "")
    for column, key in enumerate(heads):
        look = "headnum" if NOW <= column <= MONEY else "headnote" if column in (STATE, NOTE) else "head"
        grid.put(0, column, word(key, language) if key else None, look)
    present = list(kept.get(name, ()))[1:]
    row = 1
    for rule in rules(part):
        count = slots(rule)
        found = {each.id: each for each in find(rule, page.review)} if page.review.figures else {}
        places = arrange(present[row - 1 : row - 1 + count], list(found), count)
        formats = _formats(rule)
        for at, key in enumerate(places):
            grid.put(row, NUMBER, f"{number}.{row}", "quiet")
            _line(page, grid, row, (found.get(key), key), formats[at if len(formats) > 1 else 0])
            row += 1


def _formats(rule: str) -> list[tuple[str, ...]]:
    """Return the number formats of now, reference and gap: of the rule, or line by line of its metrics."""
    entry = declared()[rule]
    formats = tuple(entry["formats"])
    if formats[0]:
        return [formats]
    return [
        (number_of(metrics()[key]) if key in metrics() else "int",) * 2 + formats[2:]
        for key in entry["metrics"]
    ]


def _line(
    page: Page, grid: Grid, row: int, told: tuple[Problem | None, str], formats: tuple[str, ...]
) -> None:
    problem, key = told
    language = page.language
    values: tuple[float | None, ...] = (None,) * 4
    text = state = note = None
    if problem:
        values = tuple(
            None if problem.state == "unknown" or (math.isnan(value) and column == 3) else value
            for column, value in enumerate((problem.now, problem.reference, problem.gap, problem.money))
        )
        text = _sentence(page, problem, formats)
        state = verdict(problem.state, language)
        note = basis_text(problem.basis, language)
    elif key:
        text, state = word("case_gone", language), verdict("gone", language)
    grid.put(row, SENTENCE, text, "sentence")
    now = grid.put(row, NOW, values[0], f"strong.{formats[0]}")
    reference = grid.put(row, REFERENCE, values[1], f"prior.{formats[1]}")
    if values[2] is None:
        grid.put(row, GAP, None, f"value.{formats[2]}")
    else:
        ways = (("{0}-{1}", (now, reference)), ("YOY_GROWTH({0},{1})", (now, reference)))
        grid.derive(row, GAP, values[2], f"value.{formats[2]}", page.sheets, *ways)
    grid.put(row, MONEY, values[3], "strong.money")
    grid.put(row, STATE, state, "verdict")
    grid.put(row, NOTE, note, "smallwrap")
    grid.put(row, KEY, key or None, "under.hidden")


def _sentence(page: Page, problem: Problem, formats: tuple[str, ...]) -> str:
    language = page.language
    texts = declared()[problem.rule]
    facts = {
        key: spell(value, number)
        for key, value, number in zip(
            ("now", "reference", "gap"), (problem.now, problem.reference, problem.gap), formats, strict=True
        )
    }
    facts["limit"] = spell(texts.get("limit", math.nan), formats[0])
    text = texts.get(problem.state, texts["unknown"])[language]
    return str(text).format(name=problem.name[language], more=problem.more[language], **facts)


def spell(value: float, number: str) -> str:
    """Return a figure as its cell shows it, for a sentence."""
    if math.isnan(value):
        return "–"
    if number in ("growth", "pct1", "pct2", "pp"):
        digits = 2 if number in ("pct2", "pp") else 1
        sign = "+" if number in ("growth", "pp") else ""
        return f"{value * 100:{sign},.{digits}f}%"
    digits = {"int": 0, "money": 0, "signed": 0, "mean": 1}.get(number, 2)
    sign = "+" if NUMBERS[number].startswith("+") else ""
    return f"{value:{sign},.{digits}f}"
