"""The copy to hand on: reports without macros, pasted data or anything that leads back to them."""

from __future__ import annotations

from pathlib import Path

from opsbook.domain.language import Language


def freeze(book_path: Path, out_path: Path | None, language: Language) -> list[str]:
    """Write the copy of a workbook with values in place of OpsBook's formulas, and tell what became of what.

    Args:
        book_path: The workbook; it is read only.
        out_path: The .xlsx to write; None for the usual name beside the workbook.
        language: Of the lines.

    Returns:
        What a person wants to know, the path of the copy first.

    Raises:
        BookError: With a sentence for people; nothing was written. A file that is there is not replaced.
    """
    from opsbook.share.freeze import copy_report, freeze_copy  # heavy: bodies of all functions

    target = out_path or freeze_copy.default_path(book_path, language)
    made = freeze_copy.freeze(book_path, target)
    return [str(target), *copy_report.lines(made, language)]
