"""The blocks that say what was taken in and what was wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from opsbook.book.model import Scalar
from opsbook.book.section_table import write_list
from opsbook.book.words import word
from opsbook.domain.issues import Issue, Severity
from opsbook.domain.language import Language, told
from opsbook.review.indicators import severity_text
from opsbook.schemas import schemas
from opsbook.sheets.log_sheets import ISSUES, LOG, MOST_ISSUES, MOST_RECEIPTS

if TYPE_CHECKING:
    from opsbook.archive.receipts import Receipt
    from opsbook.book.cells import Sheets

_GRAVITY = {severity: rank for rank, severity in enumerate(Severity)}


def receipts(sheets: Sheets, given: Sequence[Receipt], language: Language) -> None:
    """Write what was taken in, newest first."""
    newest = sorted(given, key=lambda each: -each.id)
    shown = newest[:MOST_RECEIPTS]
    rows: list[dict[str, Scalar]] = [
        {
            "number": each.id,
            "time": each.taken_at,
            "file": each.file,
            "sheet": each.sheet,
            "kind": schemas()[each.kind].title[language] if each.kind in schemas() else each.kind,
            "period": each.period,
            "rows_in": each.rows_in,
            "added": each.added,
            "replaced": each.replaced,
            "unchanged": each.unchanged,
            "dropped": each.dropped,
            "set_aside": each.set_aside,
            "digest": each.digest[:12],
        }
        for each in shown
    ]
    write_list(sheets, LOG, rows, language, empty="file")
    _more(sheets, "receipts", len(shown), len(newest) - len(shown), language)


def issues(sheets: Sheets, given: Sequence[Issue], language: Language) -> None:
    """Write what is wrong with the data, gravest first."""
    gravest = sorted(given, key=lambda each: _GRAVITY[each.severity])
    shown = gravest[:MOST_ISSUES]
    rows: list[dict[str, Scalar]] = [
        {
            "severity": severity_text(each.severity, language),
            "message": each.message(language),
            "todo": each.todo(language),
            "file": each.file,
            "sheet": each.sheet,
            "row": each.row or None,
            "column": each.column,
            "value": told(each.value, language),
            "times": each.times,
        }
        for each in shown
    ]
    write_list(sheets, ISSUES, rows, language, empty="message")
    _more(sheets, "issues", len(shown), len(gravest) - len(shown), language)


def _more(sheets: Sheets, sheet: str, shown: int, more: int, language: Language) -> None:
    key = f"more_{sheet}" if more else f"all_{sheet}"
    grid = sheets.grid(f"{sheet}.more", 1, 1)
    grid.put(0, 0, word(key, language, shown=shown, more=more), "pagenote")
