"""Conditional formats: colours of better and worse, bars in cells, undefined figures out of sight."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from opsbook.book import layout
from opsbook.book.address import Place, a1, letters, spell
from opsbook.book.formats import NUMBERS, Ink, Style, style
from opsbook.book.model import Block, BookPlan
from opsbook.book.overview_page import CARDS_BLOCK as CARDS
from opsbook.book.overview_page import unproven_words
from opsbook.book.shared import style_of
from opsbook.book.spots import Spot
from opsbook.book.words import verdict_words
from opsbook.domain.issues import Severity
from opsbook.domain.language import Language
from opsbook.plan.table_declarations import tables
from opsbook.review.indicators import severity_text

_NOTABLE = 0.00005  # what shows as 0.00 % is neither better nor worse
# Cents are shown only where there are any: one column holds money and counts.
_TRIMMED = {NUMBERS["exact"]: "#,##0", NUMBERS["exactsigned"]: "+#,##0;-#,##0;0"}
_SEVERITY_INK = {
    Severity.ERROR: Ink.BAD,
    Severity.QUESTION: Ink.DEMO,
    Severity.WARNING: "#8A6D1F",
    Severity.NOTE: Ink.QUIET,
}


def add(book: Any, sheets: Mapping[str, Any], plan: BookPlan) -> None:
    """Write every conditional format of the book.

    Args:
        book: XlsxWriter's workbook.
        sheets: XlsxWriter's worksheets by id.
        plan: Styles of its cells decide what is coloured.
    """
    for block in plan.blocks:
        if block.grows:
            _growing(book, sheets, block, plan.language)
            continue
        if block.shared:
            _shared(book, sheets, block, plan.language)
            continue
        sheet = sheets[layout.SPOTS[block.name].sheet]
        _verdicts(book, sheet, block, plan.language)
        groups: dict[tuple[str, str, str], list[Place]] = defaultdict(list)
        for place, look in _looks(block, plan.language):
            if look.number or look.bar:
                groups[look.fill, look.polarity, look.bar].append(place)
        for (fill, polarity, bar), places in groups.items():
            _hide_undefined(book, sheet, places, fill or Ink.PAPER)
            _fade_errors(book, sheet, places)
            if polarity and block.name == CARDS:
                _quiet_unproven(book, sheet, places, plan.language)
            if polarity:
                _polarity(book, sheet, places, polarity)
            if bar:
                _bar(sheet, places, bar)


def _looks(block: Block, language: Language) -> Iterator[tuple[Place, Style]]:
    """Yield runs of cells beside each other with one look."""
    at = layout.place(block)
    for row, cells in enumerate(block.cells, start=at.row):
        start = 0
        for column in range(1, len(cells) + 1):
            if column == len(cells) or cells[column].style != cells[start].style:
                yield (
                    Place("", row, at.column + start, 1, column - start),
                    style(cells[start].style, language),
                )
                start = column


def _verdicts(book: Any, sheet: Any, block: Block, language: Language) -> None:
    """Colour words of judgement: what is wrong red, what is well green, what cannot be told grey."""
    places = [place for place, look in _looks(block, language) if look.verdict]
    if places:
        _words(book, sheet, places, language)


def _words(book: Any, sheet: Any, places: list[Place], language: Language) -> None:
    for group, colour in (("bad", Ink.BAD), ("good", Ink.GOOD), ("open", Ink.DEMO), ("unknown", Ink.QUIET)):
        for text in verdict_words(group, language):
            rule = {"type": "cell", "criteria": "==", "value": f'"{text}"'}
            _apply(sheet, places, rule | {"format": book.add_format({"font_color": colour})})


def _apply(sheet: Any, places: list[Place], rule: dict[str, Any]) -> None:
    first = places[0]
    if len(places) > 1:
        rule = rule | {"multi_range": " ".join(spell(place) for place in places)}
    sheet.conditional_format(first.row, first.column, first.last_row, first.last_column, rule)


def _hide_undefined(book: Any, sheet: Any, places: list[Place], paper: str) -> None:
    _apply(
        sheet,
        places,
        {
            "type": "formula",
            "criteria": f"=ISNA({a1(places[0].row, places[0].column)})",
            "format": book.add_format({"font_color": paper}),
            "stop_if_true": True,
        },
    )


def _fade_errors(book: Any, sheet: Any, places: list[Place]) -> None:
    """Keep errors of programs that lack a function in sight, but quiet."""
    _apply(
        sheet,
        places,
        {
            "type": "formula",
            "criteria": f"=ISERROR({a1(places[0].row, places[0].column)})",
            "format": book.add_format({"font_color": Ink.FAINT}),
            "stop_if_true": True,
        },
    )


def _quiet_unproven(book: Any, sheet: Any, places: list[Place], language: Language) -> None:
    """Give a change no colour of good or bad where the word beside it says that it is not proven."""
    beside = a1(places[0].row, places[0].column - 1)
    said = ",".join(f'{beside}="{text}"' for text in unproven_words(language))
    look = {"format": book.add_format({"font_color": Ink.QUIET}), "stop_if_true": True}
    _apply(sheet, places, {"type": "formula", "criteria": f"=OR({said})", **look})


def _polarity(book: Any, sheet: Any, places: list[Place], polarity: str) -> None:
    above, below = (Ink.GOOD, Ink.BAD) if polarity == "higher" else (Ink.BAD, Ink.GOOD)
    for criteria, limit, colour in ((">", _NOTABLE, above), ("<", -_NOTABLE, below)):
        _apply(
            sheet,
            places,
            {
                "type": "cell",
                "criteria": criteria,
                "value": limit,
                "format": book.add_format({"font_color": colour}),
            },
        )


def _bar(sheet: Any, places: list[Place], bar: str) -> None:
    _apply(
        sheet,
        _joined(places),
        {
            "type": "data_bar",
            "data_bar_2010": True,
            "bar_solid": True,
            "bar_only": bar == "log",
            "bar_color": Ink.LOG_BAR if bar == "log" else Ink.BAR,
            "bar_no_border": True,
            "min_type": "num",
            "min_value": 0,
            "max_type": "max",
        },
    )


def _joined(places: list[Place]) -> list[Place]:
    """Return one place for cells under each other: bars compare only inside one range."""
    first, last = places[0], places[-1]
    return [Place("", first.row, first.column, last.last_row - first.row + 1, first.columns)]


def _shared(book: Any, sheets: Mapping[str, Any], block: Block, language: Language) -> None:
    """Dress whole columns, so that a rule does not move when people sort the lines; let them sort and filter."""
    table, at = tables()[block.name], layout.place(block)
    sheet = sheets[layout.SPOTS[block.name].sheet]
    for place, column in enumerate(table.columns, start=at.column):
        cells = [Place("", at.row + 1, place, at.rows - 1, 1)]
        look = style(style_of(column), language)
        if look.verdict:
            _words(book, sheet, cells, language)
        if look.polarity:
            _polarity(book, sheet, cells, look.polarity)
        if look.unit:
            units = f"${letters(at.column + table.at('unit'))}{at.row + 2}"
            _by_unit(book, sheet, cells, look.unit, units)
    if sum(spot.sheet == layout.SPOTS[block.name].sheet for spot in _lists()) == 1:
        sheet.autofilter(at.row, at.column, at.last_row, at.last_column)


def _lists() -> Iterator[Spot]:
    return (spot for name, spot in layout.SPOTS.items() if name in tables())


def _by_unit(book: Any, sheet: Any, cells: list[Place], kind: str, unit: str) -> None:
    """Let a number's format follow the unit on its line: shares in per cent, large and whole numbers without decimals."""
    here = a1(cells[0].row, cells[0].column)
    formats = {
        "value": (
            (f'AND({unit}="%",ABS({here})<0.1)', "pct2"),
            (f'{unit}="%"', "pct1"),
            (f"OR(ABS({here})>=1000,{here}=INT({here}))", "int"),
        ),
        "gap": (
            (f'{unit}="%"', "pp"),
            (f'OR({unit}="天",{unit}="days")', "signed1"),
            (f'OR({unit}="净增",{unit}="net")', "signed"),
        ),
    }
    for criteria, number in formats[kind]:
        made = book.add_format({"num_format": NUMBERS[number]})
        rule = {"type": "formula", "criteria": f"={criteria}", "format": made, "stop_if_true": True}
        _apply(sheet, cells, rule)


def _growing(book: Any, sheets: Mapping[str, Any], block: Block, language: Language) -> None:
    """Colour words and trim numbers in every row the block may come to use."""
    spot = layout.SPOTS[block.name]
    for column, cell in enumerate(block.cells[-1], start=spot.column):
        cells = Place("", spot.row + 1, column, spot.rows - 1, 1)
        look = style(cell.style, language)
        if look.verdict:
            _words(book, sheets[spot.sheet], [cells], language)
        if look.number in _TRIMMED:
            rule = {"type": "formula", "criteria": f"={a1(cells.row, column)}=INT({a1(cells.row, column)})"}
            rule["format"] = book.add_format({"num_format": _TRIMMED[look.number]})
            _apply(sheets[spot.sheet], [cells], rule)
    if block.name != "issues.list":
        return
    cells = Place("", spot.row + 1, spot.column, spot.rows - 1, 1)
    for severity, colour in _SEVERITY_INK.items():
        _apply(
            sheets[spot.sheet],
            [cells],
            {
                "type": "cell",
                "criteria": "==",
                "value": f'"{severity_text(severity, language)}"',
                "format": book.add_format({"font_color": colour}),
            },
        )
