"""The reconciliation: every place where a headline figure can be had, how the values should stand, and why they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opsbook.book.layout_annual import MOST_RECONCILED
from opsbook.book.words import verdict, word, words
from opsbook.book.work_page import head
from opsbook.metrics.catalogue import metrics
from opsbook.metrics.reconciliation import texts
from opsbook.review.basis_text import basis_text
from opsbook.review.indicators import label

if TYPE_CHECKING:
    from opsbook.book.model import Scalar
    from opsbook.book.page import Page
    from opsbook.metrics.reconciliation import Reconciled
    from opsbook.params import Settings

CLOCKS = ("America/Los_Angeles", "Asia/Shanghai")
LOOKS = (
    "name", "text", "wrap", "strong.exact", "smallwrap", "text", "wrap", "prior.exact", "value.exactsigned",
    "verdict", "smallwrap",
)  # fmt: skip


def reconciliation(page: Page, settings: Settings, *, demo: bool) -> None:
    """Write the lines of the year, then the months in which something does not agree."""
    language = page.language
    head(page, "reconciliation", settings, demo=demo, width=len(LOOKS))
    every = page.review.reconciliation
    of_year = [line for line in every if line.period == page.this]
    odd = [line for line in every if line.period != page.this and line.holds is False]
    shown = (of_year + odd)[:MOST_RECONCILED]
    note = page.sheets.grids["reconciliation.head"]
    if every:
        wrong = sum(line.holds is False for line in of_year)
        checked = sum(line.holds is not None for line in of_year)
        text = word("reconciliation_told", language, checked=checked, wrong=wrong, months=len(odd))
        note.put(1, 0, text, "pagenote")
    grid = page.sheets.grid("reconciliation.lines", 1 + max(1, len(shown)), len(LOOKS), grows=True)
    for column, text in enumerate(words("columns", "reconciliation", language)):
        look = LOOKS[column]
        numeric = "exact" in look
        indented = look in ("smallwrap", "verdict")
        grid.put(0, column, text, "headnum" if numeric else "headnote" if indented else "head")
    rows: list[list[Scalar]] = [_row(page, line) for line in shown]
    if not rows:
        empty: list[Scalar] = [None] * len(LOOKS)
        empty[0] = word("none_yet", language)
        rows = [empty]
    for at, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            grid.put(at, column, value, LOOKS[column])


def _row(page: Page, line: Reconciled) -> list[Scalar]:
    language = page.language
    told = texts()
    same = line.relation == "reference"
    state = {True: "agree", False: "differ", None: "used" if same else "incomparable"}[line.holds]
    return [
        label(metrics()[line.metric], language),
        line.period,
        told["place"][line.place][language],
        line.value,
        basis_text(line.basis, language),
        word(f"clock_{line.clock}", language) if line.clock in CLOCKS else line.clock or None,
        told["relation"][line.relation][language],
        None if same else line.reference,
        None if same else line.difference,
        verdict(state, language),
        None if same else told["reason"][line.reason][language],
    ]
