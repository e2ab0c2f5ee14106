"""The weekly board: four modules, this week beside the last and the same week last year, twelve weeks as a line."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from opsbook.book.formats import growth_of, number_of
from opsbook.book.model import Sparkline
from opsbook.book.section_table import SectionTable, cells
from opsbook.book.sheet_head import sheet_head
from opsbook.book.words import verdict, word
from opsbook.domain.language import Language
from opsbook.metrics import weekly_board
from opsbook.metrics.catalogue import metrics
from opsbook.metrics.weekly_board import OWN, WEEKS, BoardRow
from opsbook.params import Settings
from opsbook.review.indicators import label, unit_text
from opsbook.sheets.weekly_sheet import BOARD, LINES

if TYPE_CHECKING:
    from opsbook.book.page import ReportPage

_STATES = {
    weekly_board.ALERT: "alert",
    weekly_board.TOO_FEW: "few",
    weekly_board.UNJUDGED: "unjudged",
    "": "calm",
}


def weekly(page: ReportPage, settings: Settings, *, demo: bool) -> None:
    """Write the board; without a whole week of data its figures are blank."""
    language = page.language
    board = page.review.week
    heading = sheet_head(page, "weekly", settings, page.review.year, demo=demo)
    if board:
        text = word("weekly_week", language, start=board.week.start, end=board.week.end)
        heading.put(2, "title", text, "pagenote")
    table = SectionTable(page.sheets, BOARD, language)
    rows = {(row.module, row.metric): row for row in board.rows} if board else {}
    before = ""
    for at, (module, metric) in enumerate(LINES, start=1):
        _line(table, at, (metric, rows.get((module, metric))), language)
        table.put(at, "module", word(f"module_{module}", language) if module != before else None)
        before = module


def _looks(metric: str) -> tuple[str, str]:
    """Return number format and polarity of a line."""
    if metric in metrics():
        return number_of(metrics()[metric]), growth_of(metrics()[metric]).partition(".")[2]
    return "int", OWN[metric][2]


def title(metric: str, language: Language) -> str:
    """Return what a line is called, with its unit."""
    if metric in metrics():
        points = word("in_points", language) if metrics()[metric].unit == "ratio" else ""
        return label(metrics()[metric], language) + points
    text, unit = OWN[metric][0][language], unit_text(OWN[metric][1], language)
    return f"{text}（{unit}）" if unit and language == "zh" else f"{text} ({unit})" if unit else text


def _line(table: SectionTable, row: int, shown: tuple[str, BoardRow | None], language: Language) -> None:
    metric, line = shown
    number, better = _looks(metric)
    way, function = ("pp", "PP_CHANGE") if number.startswith("pct") else ("growth", "YOY_GROWTH")
    table.format(row, number=number, growth=f"{way}.{better}")
    table.put(row, "indicator", title(metric, language))
    if line is None:
        return
    weeks = [table.put(row, f"week{week}", value) for week, value in enumerate(line.series, start=1)]
    this = table.derive(row, "this", line.this, ("{0}", (weeks[-1],)))
    last = table.derive(row, "last", line.last, ("{0}", (weeks[-2],)))
    ago = table.put(row, "ago", line.year_ago)
    table.derive(row, "change", line.change, (f"{function}({{0}},{{1}})", (this, last)))
    table.derive(row, "yearly", line.yearly, (f"{function}({{0}},{{1}})", (this, ago)))
    state = "unknown" if math.isnan(line.this) else _STATES[line.alert]
    table.put(row, "alert", verdict(state, language))


def sparklines() -> tuple[Sparkline, ...]:
    """Return the lines of the trend column."""
    return tuple(
        Sparkline(cells(BOARD, row, "trend"), cells(BOARD, row, "week1", columns=WEEKS))
        for row in range(1, BOARD.rows)
    )
