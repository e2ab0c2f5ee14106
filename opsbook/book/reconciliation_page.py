"""The reconciliation: every place where a headline figure can be had, how the values should stand, and why they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opsbook.book.model import Scalar
from opsbook.book.section_table import write_list
from opsbook.book.sheet_head import sheet_head
from opsbook.book.words import verdict, word
from opsbook.metrics.catalogue import metrics
from opsbook.metrics.reconciliation import Reconciled, texts
from opsbook.params import Settings
from opsbook.review.basis_text import basis_text
from opsbook.review.indicators import label
from opsbook.sheets.reconciliation_sheet import LINES, MOST

if TYPE_CHECKING:
    from opsbook.book.page import ReportPage

CLOCKS = ("America/Los_Angeles", "Asia/Shanghai")


def reconciliation(page: ReportPage, settings: Settings, *, demo: bool) -> None:
    """Write the lines of the year, then the months in which something does not agree."""
    language = page.language
    heading = sheet_head(page, "reconciliation", settings, page.review.year, demo=demo)
    every = page.review.reconciliation
    of_year = [line for line in every if line.period == page.this]
    odd = [line for line in every if line.period != page.this and line.holds is False]
    shown = (of_year + odd)[:MOST]
    if every:
        wrong = sum(line.holds is False for line in of_year)
        checked = sum(line.holds is not None for line in of_year)
        text = word("reconciliation_told", language, checked=checked, wrong=wrong, months=len(odd))
        heading.put(2, "title", text, "pagenote")
    rows = [_row(page, line) for line in shown]
    write_list(page.sheets, LINES, rows, language, empty="metric")


def _row(page: ReportPage, line: Reconciled) -> dict[str, Scalar]:
    language = page.language
    told = texts()
    same = line.relation == "reference"
    state = {True: "agree", False: "differ", None: "used" if same else "incomparable"}[line.holds]
    return {
        "metric": label(metrics()[line.metric], language),
        "period": line.period,
        "place": told["place"][line.place][language],
        "value": line.value,
        "basis": basis_text(line.basis, language),
        "clock": word(f"clock_{line.clock}", language) if line.clock in CLOCKS else line.clock or None,
        "relation": told["relation"][line.relation][language],
        "reference": None if same else line.reference,
        "difference": None if same else line.difference,
        "verdict": verdict(state, language),
        "reason": None if same else told["reason"][line.reason][language],
    }
