"""What people see of a workbook, and what of two workbooks differs."""

from __future__ import annotations

import openpyxl
from openpyxl.formula.translate import Translator

from opsbook.book.address import parse


def picture(path):
    """Return everything of a workbook that people see, by sheet."""
    book = openpyxl.load_workbook(path)
    found = {}
    for sheet in book.worksheets:
        cells = {
            cell.coordinate: (
                getattr(cell.value, "text", cell.value),
                cell.number_format,
                cell.font.b,
                cell.font.color and cell.font.color.rgb,
                cell.fill.fgColor.rgb,
                cell.border.bottom.style,
                cell.protection.locked,
            )
            for line in sheet.iter_rows()
            for cell in line
            if cell.value is not None or cell.has_style
        }
        heights = {row: size.height for row, size in sheet.row_dimensions.items() if size.height is not None}
        merged = sorted(map(str, sheet.merged_cells.ranges))
        charts = sorted(
            (chart.anchor._from.row, chart.anchor._from.col, *_series(chart)) for chart in sheet._charts
        )
        found[sheet.title] = cells, heights, merged, charts, coloured(sheet), validated(sheet)
    names = {name: parse(entry.attr_text) or entry.attr_text for name, entry in book.defined_names.items()}
    return found, names


def _series(chart):
    return [(each.val.numRef.f, each.cat and (each.cat.strRef or each.cat.numRef).f) for each in chart.series]


def coloured(sheet):
    """Return the conditional formats of every cell, their formulas as of that cell."""
    found = {}
    for area in sheet.conditional_formatting:
        first = str(area.sqref).split()[0].partition(":")[0]
        for part in area.sqref.ranges:
            for row, column in part.cells:
                cell = sheet.cell(row, column).coordinate
                for rule in area.rules:
                    moved = [
                        Translator(f"={text}", origin=first).translate_formula(cell) for text in rule.formula
                    ]
                    found.setdefault(cell, set()).add((rule.type, rule.operator, *moved))
    return found


def validated(sheet):
    """Return the validations of every cell."""
    return {
        sheet.cell(row, column).coordinate: (rule.type, rule.formula1)
        for rule in sheet.data_validations.dataValidation
        for part in rule.sqref.ranges
        for row, column in part.cells
    }


def differences(path, other):
    """Return what of two workbooks is not the same."""
    (one, names), (two, others) = picture(path), picture(other)
    found = [
        ("names", name, names.get(name), others.get(name))
        for name in sorted({*names, *others})
        if names.get(name) != others.get(name)
    ]
    for title in {*one, *two}:
        if title not in one or title not in two:
            found.append((title, "sheet", title in one, title in two))
            continue
        kinds = ("cell", "height", "merged", "charts", "format", "validation")
        for kind, mine, theirs in zip(kinds, one[title], two[title], strict=True):
            if isinstance(mine, dict):
                found += [
                    (title, kind, at, mine.get(at), theirs.get(at))
                    for at in {*mine, *theirs}
                    if mine.get(at) != theirs.get(at)
                ]
            elif mine != theirs:
                found.append((title, kind, mine, theirs))
    return found
