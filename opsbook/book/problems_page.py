"""The sheet of problems: what the rules found, with evidence, money, and the strategy that answers it."""

from __future__ import annotations

import math

from opsbook.book import evidence_page
from opsbook.book.cells import BlockGrid
from opsbook.book.formats import number_of, spell
from opsbook.book.model import Scalar
from opsbook.book.page import ReportPage
from opsbook.book.shared import table_state, write
from opsbook.book.sheet_head import sheet_head
from opsbook.book.words import word
from opsbook.metrics.catalogue import metrics
from opsbook.params import Settings
from opsbook.plan.row_merge import Standing, Wanted, settle
from opsbook.plan.table_declarations import tables
from opsbook.review.basis_text import basis_text
from opsbook.review.indicators import unit_text
from opsbook.review.problems import PARTS, Finding, Problem, declared, find, limits, rules

LIST = "problems.list"


def problems(page: ReportPage, settings: Settings, *, demo: bool) -> None:
    """Write every problem on its line, in the order of the rules as long as nobody sorted them otherwise."""
    language = page.language
    table = tables()[LIST]
    sheet_head(page, "problems", settings, page.review.year, demo=demo)
    found = {
        each.id: each
        for part in PARTS
        for rule in rules(part)
        for each in (find(rule, page.review, settings) if page.review.figures else ())
    }
    wanted = [
        Wanted(key, {"sentence": sentence(each, settings), "strategy": each.strategy or None})
        for key, each in found.items()
    ]
    agreed = settle(table, page.standing.get(LIST, Standing()), wanted, keep_gone=False)
    live: dict[str, dict[str, Scalar]] = {}
    for number, line in enumerate(agreed.lines, start=1):
        problem = found.get(line.key)
        state = table_state(line)
        live[line.key] = {
            "no": number,
            "state": state or None,
            **(_evidence(page, problem) if problem else {}),
        }
    grid = write(page.sheets, table, agreed, language, live)
    for row, line in enumerate(agreed.lines, start=1):
        if problem := found.get(line.key):
            _link(page, grid, row, problem)
            _gap(page, grid, row, problem)


def _link(page: ReportPage, grid: BlockGrid, row: int, problem: Problem) -> None:
    """Make the figures of a line formulas to the cells of the sheet of evidence that they stand in.

    The sentence stays plain words, so that people can rewrite it; its numbers are those of the line.
    """
    table = tables()[LIST]
    for column, way in evidence_page.ways(page, problem).items():
        at = table.at(column)
        shown = grid.cells[row][at]
        if isinstance(shown.value, float | int):
            grid.derive(row, at, float(shown.value), shown.style, page.sheets, way)


def _evidence(page: ReportPage, problem: Problem) -> dict[str, Scalar]:
    known = problem.state is not Finding.UNKNOWN
    return {
        "part": word(f"problem_{declared()[problem.rule]['part']}", page.language),
        "now": problem.now if known else None,
        "reference": problem.reference if known else None,
        "gap": problem.gap if known else None,
        "unit": unit(problem, page.language) if known else None,
        "money": problem.money if known else None,
        "verdict": problem.state,
        "note": basis_text(problem.basis, page.language),
    }


def _gap(page: ReportPage, grid: BlockGrid, row: int, problem: Problem) -> None:
    """Make the gap a formula of the two figures beside it, where it is one."""
    table = tables()[LIST]
    at = table.at("gap")
    if problem.state is Finding.UNKNOWN or math.isnan(problem.gap):
        return
    now, reference = (grid.ref(row, table.at(column)) for column in ("now", "reference"))
    ways = (("{0}-{1}", (now, reference)), ("YOY_GROWTH({0},{1})", (now, reference)))
    grid.derive(row, at, problem.gap, grid.cells[row][at].style, page.sheets, *ways)


def unit(problem: Problem, language: str) -> str:
    """Return the unit of now and reference: ``%`` for fractions."""
    entry = declared()[problem.rule]
    key = problem.id.rpartition("/")[2]
    found = entry["unit"] or (metrics()[key].unit if key in metrics() else declared()["units"].get(key, ""))
    return "%" if found in ("%", "ratio") else unit_text(found, "zh" if language == "zh" else "en")


def _formats(problem: Problem) -> tuple[str, ...]:
    """Return the number formats of now, reference and gap in the sentence: of the rule, or of its metric."""
    formats = tuple(declared()[problem.rule]["formats"])
    if formats[0]:
        return formats
    key = problem.id.rpartition("/")[2]
    return (number_of(metrics()[key]) if key in metrics() else "int",) * 2 + formats[2:]


def sentence(problem: Problem, settings: Settings) -> str:
    """Return what is to be said, with the figures that stand on the line."""
    language = settings.language
    texts = declared()[problem.rule]
    formats = _formats(problem)
    facts = {
        key: spell(value, number)
        for key, value, number in zip(
            ("now", "reference", "gap"), (problem.now, problem.reference, problem.gap), formats, strict=True
        )
    }
    facts["limit"] = spell(limits(problem.rule, settings).get("limit", math.nan), formats[0])
    text = texts.get(problem.state, texts[Finding.UNKNOWN])[language]
    return str(text).format(name=problem.name[language], more=problem.more[language], **facts)
