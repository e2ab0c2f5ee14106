"""The blocks that say what was taken in and what was wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opsbook.book.layout import MOST_ISSUES, MOST_RECEIPTS
from opsbook.book.words import word, words
from opsbook.domain.issues import Severity
from opsbook.domain.language import told
from opsbook.review.indicators import severity_text
from opsbook.schemas import schemas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opsbook.archive.receipts import Receipt
    from opsbook.book.cells import Sheets
    from opsbook.book.model import Scalar
    from opsbook.domain.issues import Issue
    from opsbook.domain.language import Language

_RECEIPT_LOOKS = (
    "value.int",
    "text.time.left.indent",
    "text",
    "text",
    "text",
    "text",
    *("value.int",) * 6,
    "quietnote",
)
_ISSUE_LOOKS = ("severity", "wrap", "wrap", "wrap", "wrap", "value.int", "wrap.indent", "wrap", "value.int")
_GRAVITY = {severity: rank for rank, severity in enumerate(Severity)}


def receipts(sheets: Sheets, given: Sequence[Receipt], language: Language) -> None:
    """Write what was taken in, newest first."""
    newest = sorted(given, key=lambda each: -each.id)
    shown = newest[:MOST_RECEIPTS]
    rows: list[list[Scalar]] = [
        [
            each.id,
            each.taken_at,
            each.file,
            each.sheet,
            schemas()[each.kind].title[language] if each.kind in schemas() else each.kind,
            each.period,
            each.rows_in,
            each.added,
            each.replaced,
            each.unchanged,
            each.dropped,
            each.set_aside,
            each.digest[:12],
        ]
        for each in shown
    ]
    _table(sheets, "receipts", "log", rows, looks=_RECEIPT_LOOKS, language=language, empty=2)
    _more(sheets, "receipts", len(shown), len(newest) - len(shown), language)


def issues(sheets: Sheets, given: Sequence[Issue], language: Language) -> None:
    """Write what is wrong with the data, gravest first."""
    gravest = sorted(given, key=lambda each: _GRAVITY[each.severity])
    shown = gravest[:MOST_ISSUES]
    rows: list[list[Scalar]] = [
        [
            severity_text(each.severity, language),
            each.message(language),
            each.todo(language),
            each.file,
            each.sheet,
            each.row or None,
            each.column,
            told(each.value, language),
            each.times,
        ]
        for each in shown
    ]
    _table(sheets, "issues", "list", rows, looks=_ISSUE_LOOKS, language=language, empty=1)
    _more(sheets, "issues", len(shown), len(gravest) - len(shown), language)


def _table(
    sheets: Sheets,
    sheet: str,
    block: str,
    rows: list[list[Scalar]],
    *,
    looks: tuple[str, ...],
    language: Language,
    empty: int,
) -> None:
    """Write headings and rows; a table without rows says so in column ``empty``."""
    grid = sheets.grid(f"{sheet}.{block}", 1 + max(len(rows), 1), len(looks), grows=True)
    for column, text in enumerate(words("columns", sheet, language)):
        look = "headnote" if "indent" in looks[column] or looks[column] == "quietnote" else "head"
        grid.put(0, column, text, "headnum" if looks[column].startswith("value") else look)
    if not rows:
        rows = [[word("none_yet", language) if column == empty else None for column in range(len(looks))]]
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            grid.put(number, column, value, looks[column])


def _more(sheets: Sheets, sheet: str, shown: int, more: int, language: Language) -> None:
    key = f"more_{sheet}" if more else f"all_{sheet}"
    grid = sheets.grid(f"{sheet}.more", 1, 1)
    grid.put(0, 0, word(key, language, shown=shown, more=more), "pagenote")
