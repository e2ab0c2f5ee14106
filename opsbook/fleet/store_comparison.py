"""The stores side by side: on a terminal, as one JSON document, and as a workbook."""

from __future__ import annotations

import io
import sys
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opsbook.book.address import LAST_ROW, Place, spell
from opsbook.book.formats import FONT, Ink, growth_of, number_of, style
from opsbook.cli.console import shown
from opsbook.commands import refresh_report
from opsbook.domain.basis import Basis
from opsbook.domain.errors import OpsbookError, check_folder
from opsbook.domain.language import Language, Text
from opsbook.fleet.store_task import StoreOutcome, StoreState
from opsbook.metrics.catalogue import metrics
from opsbook.review.basis_text import basis_text, plain
from opsbook.review.indicators import CARDS, label, unit_text
from opsbook.support import atomic_files

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

MARK = "ops.fleet.table"  # defined name by which a summary is known again
_STATES = {
    StoreState.DONE: Text("已刷新", "refreshed"),
    StoreState.UNCHANGED: Text("无新数据", "nothing new"),
    StoreState.ISSUES: Text("有数据问题", "data issues"),
    StoreState.FAILED: Text("失败", "failed"),
}
_STORE, _STATE = Text("门店", "Store"), Text("状态", "State")
_YEAR, _UNTIL = Text("年度", "Year"), Text("数据截至", "Data to")
_YOY, _WORD, _BOOK = Text("同比", "YoY"), Text("说明", "Message"), Text("工作簿", "Workbook")
_FACTS = (_STORE, _STATE, _YEAR, _UNTIL)
_ON_TERMINAL = ("visitors", "inquiries", "ta_orders", "ta_amount")  # what fits


def as_document(outcomes: Sequence[StoreOutcome]) -> dict[str, Any]:
    """Return the fleet for JSON: how many stores ended how, and each store with its headline."""
    return {
        "states": {state.value: sum(each.state is state for each in outcomes) for state in StoreState},
        "stores": [
            {
                "name": each.store.name,
                "book": each.store.book,
                "archive": each.store.archive_file,
                "state": each.state.value,
                "seconds": round(each.seconds, 2),
                "error": {"zh": each.error.zh, "en": each.error.en} if each.error else None,
                "issues": each.issues,
                "year": each.year,
                "as_of": each.as_of or None,
                "headline": [
                    {key: plain(cell) if isinstance(cell, Basis) else cell for key, cell in row.items()}
                    for row in each.headline
                ],
            }
            for each in outcomes
        ],
    }


def show(outcomes: Sequence[StoreOutcome], language: Language) -> None:
    """Print the table for people on stdout."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for word in _FACTS:
        table.add_column(word[language], no_wrap=word is not _STORE)
    for metric in _ON_TERMINAL:
        table.add_column(label(metrics()[metric], language), justify="right")
        table.add_column(_YOY[language], justify="right")
    for each in outcomes:
        rows = {row["metric"]: row for row in each.headline}
        told = [refresh_report.told(rows.get(metric)) for metric in _ON_TERMINAL]
        facts = [each.store.name, _STATES[each.state][language], str(each.year or ""), each.as_of]
        table.add_row(*map(_literal, facts), *(cell for pair in told for cell in pair))
    width = None if sys.stdout.isatty() else 200
    Console(width=width, highlight=False).print(table)
    counted = Counter(each.state for each in outcomes)
    words = [f"{_STATES[state][language]} {counted[state]}" for state in StoreState if counted[state]]
    Console(width=width, highlight=False).print(("，" if language == "zh" else ", ").join(words))


def _literal(text: str) -> str:
    from rich.markup import escape

    return escape(shown(text.replace("\n", " ")))


def check_place(path: Path, books: Sequence[Path]) -> None:
    """Make sure that the summary replaces nothing but an earlier summary.

    Raises:
        OpsbookError: It would, or cannot be written there.
    """
    if path.suffix.lower() != ".xlsx" or path.resolve() in {book.resolve() for book in books}:
        raise OpsbookError(
            Text(
                f"{path.name}：汇总须为单独的 .xlsx 文件，不能是门店的工作簿。",
                f"{path.name}: the summary is an .xlsx file of its own, not a store's workbook.",
            )
        )
    check_folder(path)
    if path.exists() and not _is_ours(path):
        raise OpsbookError(
            Text(
                f"{path} 已存在，且不是以前的汇总，不会覆盖；请换一个名字。",
                f"{path} exists and is no earlier summary; it is not overwritten: choose another name.",
            )
        )


def _is_ours(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as package:
            return MARK.encode() in package.read("xl/workbook.xml")
    except (OSError, KeyError, zipfile.BadZipFile):
        return False


def write(path: Path, outcomes: Sequence[StoreOutcome], language: Language) -> None:
    """Write the workbook that compares the stores; whole or not at all."""
    import io

    from opsbook.backends.xlsxwriter.package_additions import finish

    buffer = io.BytesIO()
    _fill(buffer, outcomes, language)
    # Years and periods are texts on purpose: Excel need not point at them.
    quiet = {number: [Place("", 0, 0, LAST_ROW + 1, 8)] for number in (1, 2)}
    content = finish(buffer.getvalue(), language, quiet=quiet, comments={})
    atomic_files.write(path, content, overwrite=True)


def _fill(buffer: io.BytesIO, outcomes: Sequence[StoreOutcome], language: Language) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.calc_on_load = False  # it has no formula; Excel would ask at every close whether to save
        book.formats[0].set_font_name(FONT[language])
        book.formats[0].set_font_size(10)
        sheet = book.add_worksheet(Text("门店对比", "Stores")[language])
        _compare(book, sheet, outcomes, language)
        rest = book.add_worksheet(Text("数据", "Figures")[language])
        _list(book, rest, outcomes, language)


def _header(book: Workbook, sheet: Worksheet, words: Sequence[str], numbers: range | tuple[int, ...]) -> None:
    look = {
        "bold": True,
        "bottom": 1,
        "bottom_color": Ink.RULE,
        "text_wrap": True,
        "valign": "vcenter",
        "bg_color": Ink.PANEL,
    }
    plain, over_numbers = book.add_format(look), book.add_format({**look, "align": "right"})
    for column, word in enumerate(words):
        sheet.write_string(0, column, word, over_numbers if column in numbers else plain)
    sheet.set_row(0, 44)


def _compare(book: Workbook, sheet: Worksheet, outcomes: Sequence[StoreOutcome], language: Language) -> None:
    """One line a store; an undefined figure is an empty cell, and the other sheet says why."""
    titles = [text for key in CARDS for text in (label(metrics()[key], language), _YOY[language])]
    words = [*(word[language] for word in _FACTS), *titles, _WORD[language], _BOOK[language]]
    _header(book, sheet, words, range(len(_FACTS), len(words) - 2))
    last = len(outcomes)
    wrapped = book.add_format({"text_wrap": True, "font_size": 9})
    for row, each in enumerate(outcomes, start=1):
        if each.error:
            sheet.set_row(row, 36)  # of three lines
        facts = (each.store.name, _STATES[each.state][language], str(each.year or ""), each.as_of)
        for column, fact in enumerate(facts):
            sheet.write_string(row, column, fact)
        sheet.write_string(row, len(words) - 2, each.error[language] if each.error else "", wrapped)
        sheet.write_string(row, len(words) - 1, str(each.store.book))
    good, bad = book.add_format({"font_color": Ink.GOOD}), book.add_format({"font_color": Ink.BAD})
    for place, key in enumerate(CARDS):
        metric, column = metrics()[key], len(_FACTS) + 2 * place
        numbers = [
            style(f"body.{name}", language).number
            for name in (number_of(metric), growth_of(metric, arrow=True))
        ]
        looks = [book.add_format({"num_format": number}) for number in numbers]
        for row, each in enumerate(outcomes, start=1):
            found = next((line for line in each.headline if line["metric"] == key), {})
            for offset, name in enumerate(("value", "yoy")):
                if found.get(name) is not None:
                    sheet.write_number(row, column + offset, found[name], looks[offset])
        better, worse = (good, bad) if metric.better == "higher" else (bad, good)
        for criteria, colour in ((">", better), ("<", worse)):
            sheet.conditional_format(
                1, column + 1, last, column + 1,
                {"type": "cell", "criteria": criteria, "value": 0, "format": colour},
            )  # fmt: skip
        if key == "ta_amount":
            sheet.conditional_format(
                1, column, last, column,
                {"type": "data_bar", "bar_solid": True, "bar_color": Ink.BAR, "min_type": "num", "min_value": 0},
            )  # fmt: skip
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, len(_FACTS) - 1, 10.5)
    sheet.set_column(len(_FACTS), len(_FACTS) + 2 * len(CARDS) - 1, 12)
    sheet.set_column(len(words) - 2, len(words) - 1, 44)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, last, len(words) - 1)
    sheet.hide_gridlines(2)
    sheet.print_area(0, 0, last, len(words) - 2)  # a path is of no use on paper
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(0.4, 0.4, 0.5, 0.5)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    whole = Place(sheet.get_name(), 0, 0, last + 1, len(words))
    book.define_name(MARK, f"={spell(whole, absolute=True)}")


def _list(book: Workbook, sheet: Worksheet, outcomes: Sequence[StoreOutcome], language: Language) -> None:
    """One line a figure: for a pivot table, and with the reason of every empty cell."""
    facts = (
        _STORE,
        Text("指标", "Metric"),
        Text("期间", "Period"),
        Text("数值", "Value"),
        Text("单位", "Unit"),
    )
    basis = Text("口径", "Basis")[language]
    _header(book, sheet, [*(word[language] for word in facts), basis, _YOY[language], basis], (3, 6))
    row = 0
    for each in outcomes:
        for line in each.headline:
            row += 1
            texts = {
                0: each.store.name,
                1: metrics()[line["metric"]].title[language],
                2: line["period"],
                4: unit_text(line["unit"], language),
                5: basis_text(line["basis"], language),
                7: basis_text(line["yoy_basis"], language),
            }
            for column, text in texts.items():
                sheet.write_string(row, column, text)
            for column, number in ((3, line["value"]), (6, line["yoy"])):
                if number is not None:
                    sheet.write_number(row, column, number)
    sheet.set_column(0, 1, 24)
    sheet.set_column(2, 7, 14)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, row, 7)
