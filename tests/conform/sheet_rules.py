"""What is wrong with a worksheet: its cells, rules, tables, and what of it is only seen on the screen."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from conform.formulas import functions_of
from conform.model import XM, Book, M, R
from lxml import etree

from opsbook.book import address

if TYPE_CHECKING:
    from collections.abc import Iterator

# The children of a worksheet in the order that Excel demands.
SHEET_ORDER = tuple(
    """sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges
    scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr
    conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter
    rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags drawing legacyDrawing
    legacyDrawingHF drawingHF picture oleObjects controls webPublishItems tableParts extLst""".split()  # noqa: SIM905
)
ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!"}
A_NUMBER = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?%?\s*", re.IGNORECASE)


def look_at_sheet(book: Book, part: str, title: str) -> int:
    """Look at a worksheet; return how many formulas it has."""
    root, say = book.package.trees[part], book.package.say
    order = [SHEET_ORDER.index(name) for node in root if (name := etree.QName(node).localname) in SHEET_ORDER]
    if order != sorted(order):
        say("order", title)
    ignored = list(_ignored(book, root, title))
    formulas, row_before, groups = 0, 0, set()
    texts: dict[tuple[int, int], str] = {}
    for row in root.iterfind(f"{M}sheetData/{M}row"):
        number, column_before = int(row.get("r", row_before + 1)), -1
        if number <= row_before:
            say("row-order", f"{title}: {number}")
        row_before = number
        for cell in row.iterfind(f"{M}c"):
            at = address.corner(cell.get("r", "A0"))
            if at[0] != number - 1 or at[1] <= column_before:
                say("cell-order", f"{title}: {cell.get('r')}")
            column_before = at[1]
            texts[at] = _cell(book, title, cell, at, ignored)
            formula = cell.find(f"{M}f")
            if formula is not None:
                formulas += 1
                if formula.get("t") == "shared" and (formula.text or formula.get("si") not in groups):
                    if not formula.text:
                        say("shared-formula", f"{title}: {cell.get('r')}")
                    groups.add(formula.get("si"))
    _ranges(book, root, title)
    _tables(book, part, root, title, texts)
    return formulas


def _cell(
    book: Book,
    title: str,
    cell: etree._Element,
    at: tuple[int, int],
    ignored: list[tuple[etree._Element, address.Place]],
) -> str:
    """Look at a cell; return its text, empty for what is no text."""
    say, where = book.package.say, f"{title}: {cell.get('r')}"
    if int(cell.get("s", "0")) >= max(1, len(book.formats)):
        say("style-index", where)
    kind, formula = cell.get("t", "n"), cell.find(f"{M}f")
    value = cell.findtext(f"{M}v")
    marked = int(cell.get("cm", "0"))
    if marked > len(book.dynamic):
        say("metadata", where)
    if formula is not None and formula.text:
        spills = formula.get("t") == "array" and 0 < marked <= len(book.dynamic) and book.dynamic[marked - 1]
        if not spills and functions_of(formula.text) & book.called:
            say("at", f"{where} ={formula.text[:60]}")
        book.formula(formula.text, where)
    if kind == "e":
        if value not in ERRORS:
            say("value", where)
        if not _is_ignored("evalError", at, ignored):
            say("corner-error", where)
    elif kind == "b" and value not in {"0", "1"}:
        say("value", where)
    elif kind == "n" and value:
        try:
            float(value)
        except ValueError:
            say("value", where)
    if kind == "s":
        if not (value or "").isdigit() or int(value or 0) >= len(book.strings):
            say("string-index", where)
            return ""
        text = book.strings[int(value or 0)]
    else:
        text = "".join(node.text or "" for node in cell.iter(f"{M}t")) if kind == "inlineStr" else ""
        text = value or "" if kind == "str" else text
    if A_NUMBER.fullmatch(text) and formula is None and not _is_ignored("numberStoredAsText", at, ignored):
        say("corner-text", f"{where} {text}")
    return text


def _ignored(book: Book, root: etree._Element, title: str) -> Iterator[tuple[etree._Element, address.Place]]:
    for node in root.iterfind(f"{M}ignoredErrors/{M}ignoredError"):
        for piece in node.get("sqref", "").split():
            if place := address.parse(piece):
                yield node, place
            else:
                book.package.say("range", f"{title}: {piece}")


def _is_ignored(flag: str, at: tuple[int, int], ignored: list[tuple[etree._Element, address.Place]]) -> bool:
    return any(place.holds(*at) and node.get(flag) in {"1", "true"} for node, place in ignored)


def _ranges(book: Book, root: etree._Element, title: str) -> None:
    say = book.package.say
    places = []
    for node in root.iter(f"{M}mergeCell", f"{M}autoFilter", f"{M}hyperlink", f"{M}dimension"):
        place = address.parse(node.get("ref", ""))
        if place is None:
            say("range", f"{title}: {node.get('ref')}")
        elif node.tag == f"{M}mergeCell":
            places.append(place)
    if any(one.meets(other) for one, other in combinations(places, 2)):
        say("merge", title)
    for node in root.iter(f"{M}mergeCells", f"{M}dataValidations", f"{M}hyperlinks", f"{M}tableParts"):
        if int(node.get("count", len(node))) != len(node):
            say("count", f"{title}: {etree.QName(node).localname}")
    columns = [(int(node.get("min", "0")), int(node.get("max", "0"))) for node in root.iter(f"{M}col")]
    if any(low <= high_before for (_, high_before), (low, _) in pairwise(columns)):
        say("columns", title)
    for rule in root.iter(f"{M}cfRule"):
        if int(rule.get("dxfId", "0")) >= max(1, book.rules):
            say("rule-format", title)
        if rule.get("type") in {"expression", "cellIs"} and rule.find(f"{M}formula") is None:
            say("rule", title)
    for node in root.iter(f"{M}formula", f"{M}formula1", f"{M}formula2", f"{XM}f"):
        book.formula(node.text or "", f"{title}: rule")
        if node.tag == f"{M}formula1" and (node.text or "").startswith('"') and len(node.text or "") > 257:
            say("list-long", title)
    for node in root.iter(f"{M}hyperlink"):
        if (place := node.get("location")) and not node.get(f"{R}id"):
            book.formula(place, f"{title}: link")


def _tables(
    book: Book, part: str, root: etree._Element, title: str, texts: dict[tuple[int, int], str]
) -> None:
    found = []
    for node in root.iterfind(f"{M}tableParts/{M}tablePart"):
        table = book.package.trees[book.package.links[part][node.get(f"{R}id", "")][1]]
        place = address.parse(table.get("ref", ""))
        columns = [each.get("name", "") for each in table.iterfind(f"{M}tableColumns/{M}tableColumn")]
        if place is None or len(columns) != place.columns:
            book.package.say("table", f"{title}: {table.get('ref')}")
            continue
        found.append(place)
        if table.get("headerRowCount", "1") == "1":
            shown = [texts.get((place.row, place.column + at), "") for at in range(place.columns)]
            if [name.replace("_x000a_", "\n") for name in columns] != shown:
                book.package.say("table-header", f"{title}: {table.get('displayName')}")
    if any(one.meets(other) for one, other in combinations(found, 2)):
        book.package.say("table", f"{title}: two in one place")
