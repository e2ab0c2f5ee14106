"""The weekly board: four modules, this week beside the last and the same week last year, twelve weeks as a line."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from opsbook.book.formats import growth_of, number_of
from opsbook.book.model import Ref, Sparkline
from opsbook.book.words import verdict, word
from opsbook.book.work_page import head
from opsbook.metrics import weekly_board
from opsbook.metrics.catalogue import metrics
from opsbook.metrics.weekly_board import MODULES, OWN, WEEKS
from opsbook.review.indicators import label, unit_text

if TYPE_CHECKING:
    from opsbook.book.cells import Grid
    from opsbook.book.page import Page
    from opsbook.domain.language import Language
    from opsbook.metrics.weekly_board import BoardRow
    from opsbook.params import Settings

BOARD = "weekly.board"
MODULE, INDICATOR, THIS, LAST, CHANGE, AGO, YEARLY, TREND, ALERT, FIRST = 0, 1, 2, 3, 4, 5, 6, 7, 8, 10
WIDTH = FIRST + WEEKS
_STATES = {
    weekly_board.ALERT: "alert",
    weekly_board.TOO_FEW: "few",
    weekly_board.UNJUDGED: "unjudged",
    "": "calm",
}
LINES = tuple((module, metric) for module, listed in MODULES.items() for metric in listed)


def weekly(page: Page, settings: Settings, *, demo: bool) -> None:
    """Write the board; without a whole week of data its figures are blank."""
    language = page.language
    board = page.review.week
    head(page, "weekly", settings, demo=demo, width=ALERT + 1)
    note = page.sheets.grids["weekly.head"]
    if board:
        note.put(1, 0, word("weekly_week", language, start=board.week.start, end=board.week.end), "pagenote")
    grid = page.sheets.grid(BOARD, 1 + len(LINES), WIDTH, style="blank")
    heads = (
        "module",
        "indicator",
        "this_week",
        "last_week",
        "week_change",
        "week_ago",
        "yoy",
        "trend",
        "alert",
    )
    for column, key in enumerate(heads):
        look = "head" if column < THIS else "headnote" if column >= TREND else "headnum"
        grid.put(0, column, word(key, language), look)
    for week in range(WEEKS):
        text = (
            word("weeks_back", language, number=WEEKS - 1 - week)
            if week < WEEKS - 1
            else word("this_week", language)
        )
        grid.put(0, FIRST + week, text, "headnum")
    rows = {(row.module, row.metric): row for row in board.rows} if board else {}
    before = ""
    for at, (module, metric) in enumerate(LINES, start=1):
        grid.put(at, MODULE, word(f"module_{module}", language) if module != before else None, "name")
        before = module
        _line(page, grid, at, metric, rows.get((module, metric)))


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


def _line(page: Page, grid: Grid, row: int, metric: str, line: BoardRow | None) -> None:
    language = page.language
    number, better = _looks(metric)
    grid.put(row, INDICATOR, title(metric, language), "text")
    values = line.series if line else (None,) * WEEKS
    for week, value in enumerate(values):
        grid.put(row, FIRST + week, value, f"prior.{number}")
    looks = {THIS: f"strong.{number}", LAST: f"prior.{number}", AGO: f"prior.{number}"}
    way, function = ("pp", "PP_CHANGE") if number.startswith("pct") else ("growth", "YOY_GROWTH")
    looks |= {CHANGE: f"growth.{way}.{better}", YEARLY: f"growth.{way}.{better}.indent"}
    for column, look in looks.items():
        grid.put(row, column, None, look)
    grid.put(row, TREND, None, "text")
    grid.put(row, ALERT, None, "verdict")
    if line is None:
        return
    weeks = (grid.ref(row, FIRST + WEEKS - 1), grid.ref(row, FIRST + WEEKS - 2))
    this = grid.derive(row, THIS, line.this, looks[THIS], page.sheets, ("{0}", (weeks[0],)))
    last = grid.derive(row, LAST, line.last, looks[LAST], page.sheets, ("{0}", (weeks[1],)))
    ago = grid.put(row, AGO, line.year_ago, looks[AGO])
    grid.derive(
        row, CHANGE, line.change, looks[CHANGE], page.sheets, (f"{function}({{0}},{{1}})", (this, last))
    )
    grid.derive(
        row, YEARLY, line.yearly, looks[YEARLY], page.sheets, (f"{function}({{0}},{{1}})", (this, ago))
    )
    state = "unknown" if math.isnan(line.this) else _STATES[line.alert]
    grid.put(row, ALERT, verdict(state, language), "verdict")


def sparklines() -> tuple[Sparkline, ...]:
    """Return the lines of the trend column."""
    return tuple(
        Sparkline(Ref(BOARD, row, TREND), Ref(BOARD, row, FIRST, 1, WEEKS))
        for row in range(1, 1 + len(LINES))
    )
