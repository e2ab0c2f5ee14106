"""The checklist for a person with Excel, and the one file with all answers: computer, saved workbook, checklist."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from opsbook.backends.ooxml import cell_formulas, refusals
from opsbook.backends.ooxml.package_session import Session
from opsbook.domain.language import Language, Text

if TYPE_CHECKING:
    from opsbook.deploy.windows.doctor import Diagnosis

_XLSXWRITER = (
    "Microsoft Excel 12.0000"  # what new workbooks of ours say until Excel (16 and later) saves them
)
_ERROR_CELL = re.compile(rb"<(?:\w+:)?c\s[^<>]*\bt=\"e\"")
_CALL_CELL = re.compile(rb"<(?:\w+:)?c\s[^<>]*\bcm=\"")


def checklist(language: Language) -> str:
    """Return the checklist as people read it."""
    return files("opsbook.deploy.windows").joinpath(f"checklist.{language}.md").read_text(encoding="utf-8")


def report(diagnosis: Diagnosis, language: Language) -> str:
    """Return what the doctor found, what the workbook that Excel saved looks like inside, and the checklist."""
    said = [Text("# 这台电脑", "# This computer")[language], "", "```", *diagnosis.lines(language), "```", ""]
    if diagnosis.case.book:
        said += [Text("# 这个工作簿", "# This workbook")[language], ""]
        said += [f"- {line[language]}" for line in saved(diagnosis.case.book)] + [""]
    return "\n".join(said) + "\n" + checklist(language)


def saved(book: Path) -> list[Text]:
    """Return what a workbook tells of the program that saved it, and how its formulas are stored.

    Raises:
        BookError: It cannot be read.
    """
    content = refusals.check_readable(book)
    refusals.check_package(book.name, content, for_writing=False)
    session = Session(content)
    plain = arrays = errors = 0
    for entry in session.book.sheets:
        if not entry.worksheet:
            continue
        data, sheet = session.parts.read(entry.part), session.sheet(entry.title)
        arrays += len(_CALL_CELL.findall(data))
        errors += len(_ERROR_CELL.findall(data))
        plain += sum(
            cell_formulas.plain_call(sheet, number, column)
            for number, row in sheet.rows_with(b"<" + sheet.speech.prefix + b"f")
            for column in row.cells
        )
    program = _program(session)
    return [
        Text(
            f"最后保存它的程序：{program or '不详'}",
            f"The program that saved it last: {program or 'unknown'}",
        ),
        Text(
            f"函数公式：{arrays} 个动态数组，{plain} 个会显示 @",
            f"Formulas with functions: {arrays} dynamic arrays, {plain} that are shown with @",
        ),
        Text(f"错误值单元格：{errors} 个", f"Cells with an error value: {errors}"),
    ]


def _program(session: Session) -> str:
    """Return name and version, as Excel and WPS write them into each file that they save."""
    for part in session.parts.related("", "extended-properties"):
        data = session.parts.read(part).decode()
        found = [re.search(rf"<(?:\w+:)?{name}>([^<]*)<", data) for name in ("Application", "AppVersion")]
        told = " ".join(match[1] for match in found if match)
        return "OpsBook" if told == _XLSXWRITER else told
    return ""
