"""Builds the templates: ``python -m opsbook.integrations.vba.build_templates [FOLDER]``. The same sources give the same bytes."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from opsbook.domain.language import Language
from opsbook.integrations.vba.macro_package import with_macros

if TYPE_CHECKING:
    from opsbook.book.calculation import Calculation
    from opsbook.book.model import BookPlan

FOLDER = "xlsx_templates"


def workbook(plan: BookPlan, functions: Calculation = "inline") -> bytes:
    """Return a new .xlsm: the workbook of the plan, with buttons, and functions in Python for people's own cells.

    Args:
        plan: What it holds.
        functions: How its own cells calculate; ``inline`` does so where macros are off, too.
    """
    from dataclasses import replace

    from opsbook.backends.xlsxwriter.new_workbook import build
    from opsbook.book.calculation import MACROS, calculated

    plan = replace(plan, names={**plan.names, MACROS: "TRUE"})
    return with_macros(build(calculated(plan, functions), buttons=True), "book", plan.language)


def addin(language: Language) -> bytes:
    """Return the .xlam: the functions for every open workbook."""
    import xlsxwriter

    from opsbook.backends.xlsxwriter.new_workbook import CREATED
    from opsbook.backends.xlsxwriter.package_additions import finish

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": CREATED.replace(tzinfo=None), "author": "OpsBook", "title": "OpsBook"})
    book.add_worksheet("OpsBook")  # an add-in too needs a sheet; nobody sees it
    book.close()
    return with_macros(finish(stream.getvalue(), language, quiet={}, comments={}), "addin", language)


def templates(language: Language = "zh") -> dict[str, bytes]:
    """Return every template by its file name."""
    from opsbook.backends.xlsxwriter.new_workbook import build
    from opsbook.book.calculation import calculated
    from opsbook.book.compose import compose
    from opsbook.metrics.review import Review
    from opsbook.params import Settings

    plan = compose(Review(year=0, as_of=None), Settings(language=language))
    plain = build(calculated(plan, "inline"))
    return {"opsbook.xlsx": plain, "opsbook.xlsm": workbook(plan), "opsbook.xlam": addin(language)}


def main(folder: Path) -> None:
    """Write the templates into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in templates().items():
        (folder / name).write_bytes(content)
        print(folder / name, len(content))  # noqa: T201 - a command line


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else FOLDER))
